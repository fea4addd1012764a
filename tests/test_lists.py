"""Lists: their order, walking through them, counting them, and what leads from page to page."""

import json
from collections.abc import Callable
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import pytest
from anyascii import anyascii
from sqlalchemy import select

from app.database.engines import make_engine
from app.models import Document
from app.queries.parameters import SUBLISTS
from app.queries.resources import RESOURCES
from tests.conftest import serving
from tests.support.api import DELETED, MERGED, NOUNS, Api, asking, name_of
from tests.support.client import Answer

Json = Any
Key = Callable[[Json], Any]


def first_day(field: str) -> Key:
    """The first possible day, or the last where the start is open; None without a date."""

    def key(document: Json) -> Any:
        day = document[field]
        return day and (day["earliest"] or day["latest"])

    return key


def latin(field: str) -> Key:
    """A name in Latin letters, without case; the id decides between equal ones."""
    return lambda document: " ".join(anyascii(document[field]).casefold().split())


def plain(field: str) -> Key:
    return lambda document: document[field]


BY_UPDATE = {"updated_at": plain("updated_at")}
BY_DATE = {"date": first_day("date")} | BY_UPDATE
SORTS: dict[str, dict[str, Key]] = {
    "meetings": BY_DATE | {"sequence": plain("sequence"), "title": latin("title")},
    "visits": BY_DATE,
    "officials": {"name": latin("name")} | BY_UPDATE,
    "positions": {"start": first_day("start")} | BY_UPDATE,
    "statements": BY_DATE,
    "commitments": BY_DATE,
    "sources": BY_DATE,
    "parties": {"name": latin("name")} | BY_UPDATE,
    "topics": {"code": plain("code")} | BY_UPDATE,
}
"""What each list can be sorted by; the first key is the default."""


def in_order(documents: list[Json], key: Key, *, descending: bool = False) -> list[str]:
    """Ids by key, then by id; what has no key comes last whichever the direction."""
    known = [(key(each), each["id"]) for each in documents if key(each) is not None]
    unknown = [each["id"] for each in documents if key(each) is None]
    known.sort(reverse=descending)
    return [record_id for _, record_id in known] + sorted(unknown, reverse=descending)


@pytest.mark.parametrize("noun", NOUNS)
class TestOrder:
    def test_the_documented_keys_are_these(self, noun: str) -> None:
        documented = get_args(RESOURCES[noun].filters.model_fields["sort"].annotation)
        assert set(documented) == {sign + key for key in SORTS[noun] for sign in ("", "-")}

    def test_the_default_is_by_date_or_else_by_name_then_by_id(self, crowd: Api, noun: str) -> None:
        documents = crowd.documents[noun]
        default = next(iter(SORTS[noun].values()))
        assert [each["id"] for each in documents] == in_order(documents, default)

    def test_every_key_orders_both_ways_and_leaves_the_unknown_to_the_end(
        self, crowd: Api, noun: str
    ) -> None:
        for name, key in SORTS[noun].items():
            path, documents = f"/v1/{noun}", crowd.documents[noun]
            assert crowd.ids(path, sort=name) == in_order(documents, key), name
            assert crowd.ids(path, sort=f"-{name}") == in_order(documents, key, descending=True)

    def test_a_list_shows_the_stored_documents_and_all_of_them(self, crowd: Api, noun: str) -> None:
        model = RESOURCES[noun].model
        engine = make_engine(crowd.server.database_url)
        with engine.connect() as connection:
            stored = [
                json.loads(body)
                for (body,) in connection.execute(
                    select(Document.body)
                    .join(model, model.seq == Document.seq)
                    .where(model.deleted_seq.is_(None))
                )
            ]
        engine.dispose()
        assert sorted(stored, key=name_of) == sorted(crowd.documents[noun], key=name_of)

    def test_what_was_deleted_or_merged_is_in_no_list(self, crowd: Api, noun: str) -> None:
        gone = {MERGED} | {record_id for _, record_id in DELETED.values()}
        assert gone.isdisjoint(each["id"] for each in crowd.documents[noun])
        assert crowd.ids(f"/v1/{noun}", id=",".join(gone)) == []


@pytest.mark.parametrize("noun", NOUNS)
class TestWalking:
    @pytest.mark.parametrize("limit", [1, 2, 7, 200])
    def test_any_page_size_gives_the_same_rows_in_the_same_order_each_once(
        self, crowd: Api, noun: str, limit: int
    ) -> None:
        assert crowd.walk(f"/v1/{noun}", limit=limit) == crowd.documents[noun]

    def test_so_does_every_order(self, crowd: Api, noun: str) -> None:
        for key in SORTS[noun]:
            for sort in (key, f"-{key}"):
                whole = crowd.items(f"/v1/{noun}", sort=sort)
                assert crowd.walk(f"/v1/{noun}", sort=sort, limit=5) == whole, sort

    def test_so_does_a_search_and_a_filter(self, crowd: Api, noun: str) -> None:
        since = min(each["updated_at"] for each in crowd.documents[noun])
        for query in ({"q": "a"}, {"q": "china"}, {"updated_since": since}):
            whole = crowd.items(f"/v1/{noun}", **query)
            assert crowd.walk(f"/v1/{noun}", limit=2, **query) == whole, query

    def test_twenty_are_on_a_page_unless_asked_otherwise(self, crowd: Api, noun: str) -> None:
        page = crowd.read(f"/v1/{noun}")
        assert page["items"] == crowd.documents[noun][:20]
        assert (page["next_cursor"] is None) == (len(crowd.documents[noun]) <= 20)

    def test_the_total_is_counted_on_request_wherever_the_walk_is(
        self, crowd: Api, noun: str
    ) -> None:
        page = crowd.read(f"/v1/{noun}", limit=1)
        counted = crowd.read(f"/v1/{noun}", limit=2, count="exact", cursor=page["next_cursor"])
        assert page["total"] is None
        assert counted["total"] == len(crowd.documents[noun])
        assert counted["items"] == crowd.documents[noun][1:3]
        assert crowd.read(f"/v1/{noun}", count="exact", q="nosuchword")["total"] == 0

    def test_ids_choose_records(self, crowd: Api, noun: str) -> None:
        ids = [each["id"] for each in crowd.documents[noun]]
        chosen = [ids[-1], ids[0], ids[-1].upper(), "01a30000-0000-7000-8000-00000000ffff"]
        assert crowd.ids(f"/v1/{noun}", id=",".join(chosen)) == [ids[0], ids[-1]]
        assert crowd.ids(f"/v1/{noun}", id=ids[0], q="nosuchword") == []

    def test_updated_since_is_an_instant_and_includes_it(self, crowd: Api, noun: str) -> None:
        documents = crowd.documents[noun]
        for since in {each["updated_at"] for each in documents}:
            wanted = {each["id"] for each in documents if each["updated_at"] >= since}
            assert set(crowd.ids(f"/v1/{noun}", updated_since=since)) == wanted
        last = max(each["updated_at"] for each in documents)
        assert crowd.ids(f"/v1/{noun}", updated_since=last.replace("Z", "999Z")) == []
        every = [each["id"] for each in documents]
        for long_ago in ("0001-01-01T00:00:00Z", "0999-12-31T23:59:59+14:00"):
            assert crowd.ids(f"/v1/{noun}", updated_since=long_ago) == every
        assert crowd.ids(f"/v1/{noun}", updated_since="9999-12-31T23:59:59Z") == []


def test_up_to_two_hundred_ids_are_taken(crowd: Api) -> None:
    ids = [f"01a30000-0000-7000-8000-{number:012x}" for number in range(0x700, 0x7C8)]
    answer = crowd.read("/v1/meetings", id=",".join(ids), count="exact")
    assert answer["total"] == len(answer["items"]) == 9
    refused = crowd.get("/v1/meetings", id=",".join([*ids, ids[0].replace("7000", "7001")]))
    assert refused.status_code == 422
    assert [each["parameter"] for each in refused.json()["errors"]] == ["id"]


class TestCursors:
    def refused(self, answer: Answer) -> bool:
        said = answer.json()
        return (answer.status_code, [each["parameter"] for each in said.get("errors", [])]) == (
            422,
            ["cursor"],
        )

    def test_a_cursor_belongs_to_its_list_its_filters_and_its_order(self, crowd: Api) -> None:
        cursor = crowd.read("/v1/meetings", limit=1, party="CN")["next_cursor"]
        assert crowd.get("/v1/meetings", limit=1, party="CN", cursor=cursor).is_success
        for query in (
            {},
            {"party": "US"},
            {"party": ["CN", "US"]},
            {"party": "CN", "sort": "-date"},
            {"party": "CN", "sort": "sequence"},
            {"party": "CN", "q": "xi"},
            {"party": "CN", "city": "beijing"},
        ):
            assert self.refused(crowd.get("/v1/meetings", cursor=cursor, **query)), query
        assert self.refused(crowd.get("/v1/officials/xi-jinping/meetings", cursor=cursor))
        assert self.refused(crowd.get("/v1/visits", cursor=cursor))

    def test_a_cursor_below_one_official_is_not_one_below_another(self, crowd: Api) -> None:
        cursor = crowd.read("/v1/officials/wang-yi/positions", limit=1)["next_cursor"]
        path = "/v1/officials/{}/positions"
        assert crowd.get(path.format("wang-yi"), cursor=cursor).is_success
        assert self.refused(crowd.get(path.format("qin-gang"), cursor=cursor))

    def test_only_what_selects_and_orders_binds_a_cursor(self, crowd: Api) -> None:
        rest = crowd.items("/v1/meetings")[1:]
        cursor = crowd.read("/v1/meetings", limit=1, sort="date")["next_cursor"]
        for query in ({}, {"count": "exact"}, {"fields": "id"}, {"include": "sources"}):
            found = crowd.ids("/v1/meetings", cursor=cursor, **query)
            assert found == [each["id"] for each in rest], query
        assert crowd.ids("/v1/meetings", cursor=cursor, lang="zh") == [each["id"] for each in rest]

    def test_an_altered_cursor_is_refused(self, crowd: Api) -> None:
        cursor = crowd.read("/v1/meetings", limit=1)["next_cursor"]
        other = "A" if cursor[9] != "A" else "B"
        for altered in (cursor[:9] + other + cursor[10:], cursor[:-1], cursor + "=", "x", "é", "0"):
            assert self.refused(crowd.get("/v1/meetings", cursor=altered)), altered


class TestLinks:
    def test_every_page_links_to_the_first_and_all_but_the_last_to_the_next(
        self, crowd: Api
    ) -> None:
        query = {"limit": 1, "sort": "-date", "q": "习近平", "party": ["CN", "US"]}
        first = crowd.get("/v1/meetings", **query)
        second = crowd.http.get(first.links["next"])
        again = crowd.http.get(second.links["first"])
        assert again.json() == first.json()
        assert second.links["first"] == first.links["first"]
        asked = [(name, str(value)) for name, value in parse_qsl(urlsplit(first.target).query)]
        for links, name in ((first.links, "first"), (second.links, "first")):
            assert parse_qsl(urlsplit(links[name]).query) == asked
        following = parse_qsl(urlsplit(first.links["next"]).query)
        assert following == [*asked, ("cursor", first.json()["next_cursor"])]
        assert "next" not in crowd.get("/v1/meetings", limit=200).links

    def test_a_link_holds_no_sign_that_could_end_it(self, crowd: Api) -> None:
        for raw in ("q=xi%20%3E%3B%22%2C", "q=xi>;\"'", "city=Z%c3%bcrich&limit=1", "&&q=a&"):
            answer = crowd.http.get(f"/v1/meetings?{raw}")
            assert answer.status_code == 200, raw
            url = answer.links["first"]
            assert url.isascii()
            assert not set(url) & set('<>"\\ ')
            assert crowd.http.get(url).json() == answer.json()

    def test_behind_a_prefix_the_links_lead_through_it(self, crowd: Api) -> None:
        with (
            serving(crowd.server.database_url, root_path="/chancery") as server,
            asking(server) as api,
        ):
            for path in ("/v1/meetings", "/v1/officials/xi-jinping/statements"):
                found, answer = [], api.get(path, limit=3)
                while True:
                    found += answer.json()["items"]
                    assert answer.links["first"] == f"/chancery{path}?limit=3"
                    if "next" not in answer.links:
                        break
                    url = answer.links["next"]
                    assert url.startswith(f"/chancery{path}?limit=3&cursor=")
                    # A proxy takes the prefix away again.
                    answer = api.get(url.removeprefix("/chancery"))
                assert found == crowd.items(path)


@pytest.mark.parametrize(("parent", "name"), SUBLISTS)
def test_a_list_below_a_record_is_the_list_with_that_filter(
    crowd: Api, parent: str, name: str
) -> None:
    noun, field = SUBLISTS[parent, name]
    for each in crowd.documents[parent]:
        whole = crowd.items(f"/v1/{noun}", **{field: each["slug"]})
        for text in (each["id"], each["slug"], each["id"].upper()):
            assert crowd.items(f"/v1/{parent}/{text}/{name}") == whole
        assert crowd.walk(f"/v1/{parent}/{each['slug']}/{name}", limit=3) == whole
    path = f"/v1/{parent}/antony-blinken/{name}"
    default, *_ = SORTS[noun]
    backwards = crowd.ids(path, sort=f"-{default}")
    assert sorted(backwards) == sorted(crowd.ids(path))
    assert crowd.read(path, count="exact", limit=1)["total"] == len(backwards)
    refused = crowd.get(path, **{field: "xi-jinping"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, field)
