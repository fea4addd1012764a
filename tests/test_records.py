"""Single records: how they are addressed, what shape they have, and what becomes of them."""

import re
from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlsplit

import orjson
import pytest
from pydantic import BaseModel

from app.queries.parameters import SUBLISTS
from app.queries.resources import RESOURCES
from app.schemas.common import Shown
from tests.conftest import serving
from tests.support.api import DELETED, MERGED, NOUNS, SURVIVOR, Api, asking, name_of

Json = Any
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field may hold, whatever it is wrapped in."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def shapes(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from shapes(inner)


def objects(value: Json) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from objects(inner)


@pytest.mark.parametrize("noun", NOUNS)
class TestShape:
    def test_every_key_is_documented_and_none_may_be_missing(self, noun: str) -> None:
        for shape in shapes(RESOURCES[noun].read):
            assert issubclass(shape, Shown)
            assert shape.model_config.get("extra") == "forbid"
            assert all(field.is_required() for field in shape.model_fields.values()), shape

    def test_every_document_has_that_shape_to_the_letter(self, crowd: Api, noun: str) -> None:
        for document in crowd.documents[noun]:
            read = RESOURCES[noun].read.model_validate_json(orjson.dumps(document), strict=True)
            assert read.model_dump(mode="json") == document

    def test_a_list_item_is_the_record(self, crowd: Api, noun: str) -> None:
        for document in crowd.documents[noun]:
            answer = crowd.get(f"/v1/{noun}/{name_of(document)}")
            assert answer.json() == document
            assert list(answer.json()) == list(document)

    def test_an_id_or_the_name_leads_to_it(self, crowd: Api, noun: str) -> None:
        for document in crowd.documents[noun][:5]:
            for text in (document["id"], document["id"].upper(), name_of(document)):
                assert crowd.read(f"/v1/{noun}/{text}") == document

    def test_ids_instants_and_dates_are_what_they_should_be(self, crowd: Api, noun: str) -> None:
        for document in crowd.documents[noun]:
            assert INSTANT.fullmatch(document["created_at"])
            assert INSTANT.fullmatch(document["updated_at"])
            for each in objects(document):
                assert UUID7.fullmatch(each.get("id") or document["id"])
                if "edtf" in each:
                    assert list(each) == ["edtf", "earliest", "latest", "precision"]
                    assert (each["earliest"] or "") <= (each["latest"] or "9999")


def test_an_instant_is_told_in_utc_beside_its_zone(crowd: Api) -> None:
    xi = crowd.one("meetings", "blinken-xi-beijing-2023-06-19")
    assert (xi["starts_at"], xi["time_zone"]) == ("2023-06-19T08:30:00Z", "Asia/Shanghai")
    # In UTC it was the next day; the date is the one where it took place.
    late = crowd.one("meetings", "gathering")
    assert (late["starts_at"], late["date"]["edtf"]) == ("1971-07-10T03:30:00Z", "1971-07-09")


class TestAddresses:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_what_names_no_record_is_not_found(self, crowd: Api, noun: str) -> None:
        other = "topics" if noun != "topics" else "parties"
        for text in (
            "01a30000-0000-7000-8000-00000000ffff",
            crowd.documents[other][0]["id"],
            "nobody-at-all",
            "ZZ9",
            "cn",
            "TAIWAN",
            "Xi-Jinping",
            "xi_jinping",
            "习近平",
            "xi-jinping.",
            "a" * 129,
            "a" * 4000,
        ):
            answer = crowd.get(f"/v1/{noun}/{text}")
            assert answer.status_code == 404, text
            said = answer.json()
            assert said["type"] == "/problems/not-found"
            assert said["request_id"] == answer.headers["x-request-id"]

    def test_statements_and_positions_have_an_id_only(self, crowd: Api) -> None:
        for noun in ("statements", "positions"):
            assert crowd.get(f"/v1/{noun}/xi-jinping").status_code == 404

    def test_there_is_nothing_beyond_the_documented_addresses(self, crowd: Api) -> None:
        for path in (
            "/v1",
            "/v1/nothing",
            "/v1/meetings/",
            "/v1/officials/",
            "/v1/officials/xi-jinping/",
            "/v1/officials/xi-jinping/meetings/",
            "/v1/officials/xi-jinping/visits",
            "/v1/officials//meetings",
            "/v1//meetings",
            "/v1/Meetings",
            "/v1/meetings/blinken-xi-beijing-2023-06-19/statements",
            "/v1/officials/nobody-at-all/meetings",
        ):
            answer = crowd.get(path)
            assert answer.status_code == 404, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert "location" not in answer.headers


class TestDeleted:
    @pytest.mark.parametrize("noun", DELETED)
    def test_a_deleted_record_says_which_revision_deleted_it(self, crowd: Api, noun: str) -> None:
        for query in ({}, {"fields": "id"}, {"lang": "zh"}):
            answer = crowd.get(f"/v1/{noun}/{DELETED[noun][1]}", **query)
            assert answer.status_code == 410
            said = answer.json()
            assert said["type"] == "/problems/gone"
            assert isinstance(said["revision"], int)
            assert "etag" not in answer.headers

    def test_so_it_does_under_its_slug(self, crowd: Api) -> None:
        for path in ("/v1/meetings/deleted-meeting", "/v1/visits/deleted-visit"):
            assert crowd.get(path, include="statements").status_code == 410

    def test_so_do_the_lists_below_it(self, crowd: Api) -> None:
        for parent, name in SUBLISTS:
            assert crowd.get(f"/v1/{parent}/nobody/{name}").status_code == 410

    def test_no_search_filter_or_list_below_another_shows_it(self, crowd: Api) -> None:
        gone = {record_id for _, record_id in DELETED.values()}
        for path, query in (
            ("/v1/meetings", {"q": "deleted"}),
            ("/v1/meetings", {"visit": "blinken-beijing-2023-06"}),
            ("/v1/officials/xi-jinping/meetings", {}),
            ("/v1/officials/xi-jinping/statements", {"topic": "bali-understandings"}),
            ("/v1/officials/chen-da/positions", {}),
            ("/v1/commitments", {"made_in": "biden-xi-bali-2022-11-14"}),
            ("/v1/officials", {"q": "nobody"}),
        ):
            page = crowd.read(path, **query, count="exact", limit=200)
            assert gone.isdisjoint(each["id"] for each in page["items"]), path
            assert page["total"] == len(page["items"])


class TestMerged:
    def test_a_merged_official_leads_to_the_one_that_remains(self, crowd: Api) -> None:
        for text in (MERGED, "xi-jinping-twice"):
            answer = crowd.get(f"/v1/officials/{text}")
            assert answer.status_code == 308
            assert answer.headers["location"] == f"/v1/officials/{SURVIVOR}"
            remaining = crowd.http.get(answer.headers["location"])
            assert remaining.json()["slug"] == "xi-jinping"
            head = crowd.http.head(f"/v1/officials/{text}")
            assert (head.status_code, head.headers["location"]) == (308, answer.headers["location"])

    def test_what_was_asked_for_is_asked_of_the_one_that_remains(self, crowd: Api) -> None:
        for below in (
            "?lang=zh&fields=name,slug",
            *(f"/{name}?limit=2&sort=-updated_at" for _, name in SUBLISTS),
            "/statements?q=%E4%B9%A0%E8%BF%91%E5%B9%B3",
        ):
            answer = crowd.get(f"/v1/officials/xi-jinping-twice{below}")
            assert answer.headers["location"] == f"/v1/officials/{SURVIVOR}{below}"
            followed = crowd.http.get(answer.headers["location"])
            assert followed.json() == crowd.read(f"/v1/officials/xi-jinping{below}")

    def test_behind_a_prefix_it_leads_through_it(self, crowd: Api) -> None:
        with (
            serving(crowd.server.database_url, root_path="/chancery") as server,
            asking(server) as api,
        ):
            answer = api.get("/v1/officials/xi-jinping-twice")
            assert answer.headers["location"] == f"/chancery/v1/officials/{SURVIVOR}"


ADDRESSES = (
    *(f"/v1/{noun}" for noun in NOUNS),
    "/v1/meetings?limit=1&count=exact&include=statements",
    "/v1/officials?lang=zh",
    "/v1/meetings/blinken-xi-beijing-2023-06-19",
    "/v1/parties/CN?fields=name",
    "/v1/officials/xi-jinping/statements?limit=2",
    "/v1/meetings/nobody-at-all",
    "/v1/meetings/deleted-meeting",
    "/v1/meetings?limit=0",
)


def taken(address: str) -> str:
    """What a list takes, what a record does, and what is only read."""
    match urlsplit(address).path.split("/")[2:]:
        case [_]:
            return "GET, HEAD, OPTIONS, POST"
        case [_, _]:
            return "GET, HEAD, OPTIONS, PATCH, DELETE"
    return "GET, HEAD, OPTIONS"


class TestMethods:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_head_answers_as_get_without_a_body(self, crowd: Api, address: str) -> None:
        passing = {"date", "x-request-id", "content-length"}
        get, head = crowd.http.get(address), crowd.http.head(address)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert {name: value for name, value in head.headers.items() if name not in passing} == {
            name: value for name, value in get.headers.items() if name not in passing
        }
        # The body of a problem holds the request's id, which here differs in nothing but itself.
        assert head.headers["content-length"] == str(len(get.content))

    @pytest.mark.parametrize("address", ADDRESSES[9:-1])
    def test_options_says_what_the_address_takes(self, crowd: Api, address: str) -> None:
        answer = crowd.http.request("OPTIONS", address)
        assert answer.status_code == 204
        assert answer.headers["allow"] == taken(address)
        assert answer.content == b""

    @pytest.mark.parametrize("method", ["PUT", "TRACE", "PROPFIND"])
    def test_any_other_method_is_refused_with_those_that_are_taken(
        self, crowd: Api, method: str
    ) -> None:
        for address in ("/v1/meetings", "/v1/meetings/x", "/v1/officials/xi-jinping/positions"):
            answer = crowd.http.request(method, address)
            assert answer.status_code == 405
            assert answer.headers["allow"] == taken(address)
            assert answer.json()["type"] == "/problems/method-not-allowed"
        assert crowd.http.request(method, "/v1/meetings/").status_code == 404
