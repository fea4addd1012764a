"""How accounts are asked for, and what holds for those of every meeting and visit."""

from typing import Any

import pytest

from tests.support.accounts import accounts, field, slugs, topic
from tests.support.api import Api
from tests.test_openapi import answer_schema, flaws

VISIT = "blinken-beijing-2023-06"
QIN = "blinken-qin-beijing-2023-06-18"
CALL = "qin-blinken-call-2023-06"
STATEMENTS = 4
"""The record, what was said, its other renderings, and commitments or meetings."""

Json = Any


class TestNarrowing:
    def test_by_slug_or_id_and_to_what_is_left(self, api: Api) -> None:
        (gt,) = [each["id"] for each in api.documents["sources"] if each["slug"] == "gt"]
        answer = accounts(api, QIN, sources=f"eir,{gt}")
        assert answer == accounts(api, QIN, sources="gt,eir")
        assert slugs(answer) == ["eir", "gt"]
        assert field(answer, "duration_minutes") == (
            "conflict",
            {"eir": (420, "exact"), "gt": (360, "under")},
        )
        assert field(answer, "characterisation")[0] == "single"
        assert topic(answer, "flights")["not_examined"] == ["gt"]
        assert topic(answer, "flights")["statements"] == []
        assert answer["commitments"] == []

    def test_both_must_hold(self, api: Api) -> None:
        answer = accounts(api, QIN, sources="eir,us-qin,prc-qin", perspective="US,third_party")
        assert slugs(answer) == ["eir", "us-qin"]
        assert slugs(accounts(api, QIN, sources="eir", perspective="CN")) == []

    def test_a_side_without_an_account_has_none(self, api: Api) -> None:
        answer = accounts(api, QIN, perspective="FR")
        lists = {name: value for name, value in answer.items() if isinstance(value, list)}
        assert len(lists) == 6
        assert not any(lists.values())

    @pytest.mark.parametrize("unknown", ["politico", "nobody", "EIR", "x,eir"])
    def test_a_source_without_an_account_is_refused_and_the_others_named(
        self, api: Api, unknown: str
    ) -> None:
        answer = api.get(f"/v1/meetings/{CALL}/accounts", sources=unknown)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        (flaw,) = answer.json()["errors"]
        assert (flaw["parameter"], flaw["allowed"]) == ("sources", ["ap-call", "reuters-call"])

    @pytest.mark.parametrize(
        "query",
        [
            *("perspective=us", "perspective=", "sources=a,,b", "sources=a_b", "lang=zh"),
            *("sources=eir&sources=gt", "fields=date", "perspective=US,%00", "source=eir"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_unread(self, api: Api, query: str) -> None:
        api.server.statements.clear()
        for path in (f"/v1/meetings/{QIN}", f"/v1/visits/{VISIT}"):
            assert api.http.get(f"{path}/accounts?{query}").status_code == 422
        assert api.server.statements == []


def addresses(api: Api) -> list[str]:
    return [
        f"/v1/{noun}/{each['slug']}/accounts"
        for noun in ("meetings", "visits")
        for each in api.documents[noun]
    ]


class TestEveryMeetingAndVisit:
    def test_a_conflict_is_found_exactly_where_the_record_has_one(self, crowd: Api) -> None:
        for noun in ("meetings", "visits"):
            for record in crowd.documents[noun]:
                answer = crowd.read(f"/v1/{noun}/{record['slug']}/accounts")
                found = [
                    (each["field"], each["participant"] and each["participant"]["official"])
                    for each in answer["fields"]
                    if each["agreement"] == "conflict"
                ]
                expected = [
                    (each["field"], each["participant"])
                    for each in record["conflicts"]
                    if each["field"] != "topics"
                ]
                assert sorted(found, key=str) == sorted(expected, key=str)

    def test_every_slug_is_that_of_a_source_of_the_answer(self, crowd: Api) -> None:
        for address in addresses(crowd):
            answer = crowd.read(address)
            known = set(slugs(answer))
            for each in answer["topics"]:
                treated = {one["source"] for one in each["attestations"]}
                assert treated | set(each["not_examined"]) == known
                assert treated.isdisjoint(each["not_examined"])
            assert set(named(answer)) <= known

    def test_answers_are_as_documented(self, crowd: Api) -> None:
        for address in addresses(crowd):
            path = f"/v1/{address.split('/')[2]}/{{reference}}/accounts"
            for query in ({}, {"perspective": "US"}):
                assert flaws(answer_schema(path, 200), crowd.read(address, **query)) == []

    def test_the_number_of_statements_is_always_the_same(self, crowd: Api) -> None:
        for address in addresses(crowd):
            for query in ({}, {"perspective": "US"}, {"perspective": "ZZ"}):
                crowd.server.statements.clear()
                crowd.read(address, **query)
                assert len(crowd.server.statements) == STATEMENTS, (address, query)

    def test_what_was_deleted_is_in_none(self, crowd: Api) -> None:
        for address in addresses(crowd):
            text = crowd.get(address).text
            assert "deleted-meeting" not in text
            assert "A deleted statement." not in text


def named(value: Json) -> list[str]:
    """Every slug of a source that stands anywhere but in the list of sources."""
    if isinstance(value, list):
        return [slug for each in value for slug in named(each)]
    if not isinstance(value, dict):
        return []
    found = [value["source"]] if "source" in value else []
    for name in ("not_examined", "attested_by", "not_attested_by"):
        found += value.get(name, [])
    if "sources" in value and all(isinstance(each, str) for each in value["sources"]):
        found += value["sources"]
    return found + [slug for each in value.values() for slug in named(each)]


class TestAddresses:
    def test_an_id_or_the_slug_leads_there(self, api: Api) -> None:
        for noun, slug in (("meetings", QIN), ("visits", VISIT)):
            found = api.one(noun, slug)["id"]
            by_slug = api.get(f"/v1/{noun}/{slug}/accounts")
            assert api.get(f"/v1/{noun}/{found.upper()}/accounts").text == by_slug.text

    def test_no_record_and_a_deleted_one(self, crowd: Api) -> None:
        for path, status in (
            ("/v1/meetings/nobody/accounts", 404),
            ("/v1/visits/no_name/accounts", 404),
            (f"/v1/visits/{QIN}/accounts", 404),
            (f"/v1/meetings/{QIN}/accounts/", 404),
            ("/v1/statements/x/accounts", 404),
            ("/v1/meetings/deleted-meeting/accounts", 410),
            ("/v1/visits/deleted-visit/accounts", 410),
        ):
            answer = crowd.get(path)
            assert answer.status_code == status, path
            assert answer.headers["content-type"] == "application/problem+json"

    def test_who_holds_it_is_told_so(self, api: Api) -> None:
        path = f"/v1/meetings/{QIN}/accounts"
        tag = api.get(path).headers["etag"]
        assert tag.startswith('"')
        assert api.http.get(path, headers={"if-none-match": tag}).status_code == 304
        narrowed = api.get(path, sources="eir").headers["etag"]
        assert api.http.get(path, headers={"if-none-match": narrowed}).status_code == 200

    def test_head_and_options(self, api: Api) -> None:
        with api.server.client() as client:
            for path in (f"/v1/meetings/{QIN}/accounts", f"/v1/visits/{VISIT}/accounts"):
                read, head = client.get(path), client.head(path)
                assert (head.status_code, head.content) == (200, b"")
                for name in ("etag", "content-length", "content-type", "cache-control"):
                    assert head.headers[name] == read.headers[name]
                options = client.options(path)
                assert (options.status_code, options.headers["allow"]) == (
                    204,
                    "GET, HEAD, OPTIONS",
                )
                assert client.post(path).status_code == 405
