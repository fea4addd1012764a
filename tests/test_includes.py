"""What is shown around and instead of a record's own words: include, fields, lang, as_of."""

from collections.abc import Callable
from typing import Any

import pytest

from app.queries.resources import BY_KIND, RESOURCES
from app.schemas.parsing import allowed_values
from tests.support.api import NOUNS, Api, name_of

Json = Any
Belongs = Callable[[Api, Json, Json], bool]
"""Whether a record belongs to the one that it is to be included in."""


def holds(*path: str) -> Belongs:
    """The parent names the child, somewhere below its lists and objects of these names."""

    def belongs(_: Api, parent: Json, child: Json) -> bool:
        found = [parent]
        for name in path:
            found = [each[name] for each in found if each and each[name] is not None]
            found = [one for each in found for one in (each if isinstance(each, list) else [each])]
        return child["id"] in [each["id"] for each in found]

    return belongs


def any_of(*ways: Belongs) -> Belongs:
    return lambda api, parent, child: any(way(api, parent, child) for way in ways)


def turned(belongs: Belongs) -> Belongs:
    """The child names the parent."""
    return lambda api, parent, child: belongs(api, child, parent)


def at_a_meeting_of_it(api: Api, visit: Json, statement: Json) -> bool:
    meeting = statement["meeting"] and api.one("meetings", statement["meeting"]["id"])
    return bool(meeting and meeting["visit"] and meeting["visit"]["id"] == visit["id"])


def same_utterance(_: Api, one: Json, other: Json) -> bool:
    return bool(
        one["utterance"] and one["utterance"] == other["utterance"] and one["id"] != other["id"]
    )


CITED = holds("citations", "source")
BELONGS: dict[str, dict[str, Belongs]] = {
    "meetings": {
        "statements": turned(holds("meeting")),
        "commitments": turned(holds("events", "meeting")),
        "sources": CITED,
        "officials": holds("participants", "official"),
    },
    "visits": {
        "meetings": turned(holds("visit")),
        "statements": any_of(turned(holds("visit")), at_a_meeting_of_it),
        "sources": CITED,
        "officials": holds("travellers", "official"),
    },
    "officials": {"sources": CITED},
    "positions": {"officials": holds("official"), "sources": CITED},
    "statements": {
        "sources": CITED,
        "officials": any_of(
            holds("speaker", "official"),
            holds("joint_with", "official"),
            holds("on_behalf_of", "official"),
            holds("addressees", "official"),
        ),
        "renderings": same_utterance,
    },
    "commitments": {
        "meetings": holds("events", "meeting"),
        "sources": any_of(
            CITED,
            holds("events", "citations", "source"),
            holds("assessments", "citations", "source"),
        ),
        "officials": any_of(
            holds("by", "official"), holds("to", "official"), holds("events", "actor", "official")
        ),
        "lineage": any_of(
            holds("predecessors", "commitment"), turned(holds("predecessors", "commitment"))
        ),
    },
    "sources": {},
    "parties": {},
    "topics": {},
}
PATHS = {noun: allowed_values(RESOURCES[noun].filters, "include") for noun in NOUNS}
INCLUDES = [(noun, path) for noun in NOUNS for path in PATHS[noun]]


def expected(api: Api, noun: str, document: Json, path: str) -> Json:
    """The document with a path of relations in it, put together by looking at all documents."""
    name, _, rest = path.partition(".")
    target = BY_KIND[RESOURCES[noun].relations[name].kind].path
    children = [each for each in api.documents[target] if BELONGS[noun][name](api, document, each)]
    if (noun, name) == ("visits", "meetings"):
        children.sort(key=lambda each: each["sequence"] or 10**6)
    if rest:
        children = [expected(api, target, each, rest) for each in children]
    return {**document, name: children}


def test_what_can_be_included_is_what_these_tests_know() -> None:
    for noun in NOUNS:
        assert {path.partition(".")[0] for path in PATHS[noun]} == set(BELONGS[noun])
        assert set(RESOURCES[noun].relations) == set(BELONGS[noun])


@pytest.mark.parametrize("noun", NOUNS)
def test_no_relation_has_the_name_of_a_field(noun: str) -> None:
    assert set(RESOURCES[noun].relations).isdisjoint(RESOURCES[noun].read.model_fields)


@pytest.mark.parametrize(("noun", "path"), INCLUDES)
def test_each_relation_brings_whole_records_in_their_order(
    crowd: Api, noun: str, path: str
) -> None:
    wanted = [expected(crowd, noun, each, path) for each in crowd.documents[noun]]
    assert crowd.items(f"/v1/{noun}", include=path) == wanted
    assert any(each[path.partition(".")[0]] for each in wanted)
    assert crowd.walk(f"/v1/{noun}", include=path, limit=9) == wanted
    last = wanted[-1]
    assert crowd.read(f"/v1/{noun}/{last['id']}", include=path) == last


def test_several_relations_come_at_once(crowd: Api) -> None:
    paths = ("statements.sources", "commitments", "sources", "officials")
    (found,) = crowd.items(
        "/v1/meetings", id=crowd.one("meetings", "gathering")["id"], include=",".join(paths)
    )
    wanted = crowd.one("meetings", "gathering")
    for path in paths:
        wanted = expected(crowd, "meetings", wanted, path)
    assert found == wanted
    assert list(found)[: len(found) - 4] == list(crowd.one("meetings", "gathering"))
    doubled = "statements,statements.sources,statements"
    one = crowd.read("/v1/meetings/gathering", include=doubled)
    assert one == crowd.read("/v1/meetings/gathering", include="statements.sources")


def test_below_an_official_the_lists_include_what_they_include_elsewhere(crowd: Api) -> None:
    for name in ("positions", "meetings", "statements"):
        found = crowd.items(f"/v1/officials/ana-nunez/{name}", include="sources")
        assert (
            found
            == [
                expected(crowd, name, each, "sources")
                for each in crowd.items(f"/v1/officials/ana-nunez/{name}")
            ]
            != []
        )


@pytest.mark.parametrize("noun", NOUNS)
def test_unknown_and_deeper_relations_are_refused_with_those_that_there_are(
    crowd: Api, noun: str
) -> None:
    for path in (
        "nothing",
        "sources.meetings",
        "statements.sources.statements",
        "claims",
        "Sources",
    ):
        for address in (f"/v1/{noun}", f"/v1/{noun}/{name_of(crowd.documents[noun][0])}"):
            answer = crowd.get(address, include=path)
            assert answer.status_code == 422, (address, path)
            (flaw,) = answer.json()["errors"]
            assert flaw["parameter"] == "include"
            if PATHS[noun]:
                assert flaw["allowed"] == list(PATHS[noun])


class TestFields:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_only_the_fields_asked_for_are_shown(self, crowd: Api, noun: str) -> None:
        names = list(RESOURCES[noun].read.model_fields)
        for fields in (names[:1], names[3:6], names[::-1]):
            wanted = [{name: each[name] for name in fields} for each in crowd.documents[noun]]
            assert crowd.items(f"/v1/{noun}", fields=",".join(fields)) == wanted
            last = crowd.documents[noun][-1]["id"]
            assert crowd.read(f"/v1/{noun}/{last}", fields=",".join(fields)) == wanted[-1]

    @pytest.mark.parametrize("noun", NOUNS)
    def test_unknown_fields_are_refused_with_those_that_there_are(
        self, crowd: Api, noun: str
    ) -> None:
        for fields in ("nothing", "id,Id", "id,date.edtf", "id,,rev", "id,"):
            answer = crowd.get(f"/v1/{noun}", fields=fields)
            assert answer.status_code == 422, fields
            (flaw,) = answer.json()["errors"]
            assert flaw["parameter"] == "fields"
            if ",," not in fields and not fields.endswith(","):
                assert set(flaw["allowed"]) == set(RESOURCES[noun].read.model_fields)

    def test_what_is_included_stays(self, crowd: Api) -> None:
        found = crowd.items("/v1/visits", fields="slug", include="officials")
        assert {frozenset(each) for each in found} == {frozenset({"slug", "officials"})}
        whole = crowd.items("/v1/visits", include="officials")
        assert [each["officials"] for each in found] == [each["officials"] for each in whole]


class TestLanguage:
    def names(self, api: Api, lang: str) -> tuple[dict[str, str], str | None]:
        answer = api.get("/v1/officials", limit=200, lang=lang)
        found = {each["slug"]: each["name"] for each in answer.json()["items"]}
        return found, answer.headers.get("content-language")

    def test_names_come_in_the_language_where_there_are_any(self, crowd: Api) -> None:
        shown = {each["slug"]: each["name"] for each in crowd.documents["officials"]}
        chinese = {
            "antony-blinken": "布林肯",
            "joe-biden": "拜登",
            "qin-gang": "秦刚",
            "wang-yi": "王毅",
            "xi-jinping": "习近平",
            "chen-da": "陈大",
            "zofie-oberg": "若菲",
        }
        assert self.names(crowd, "zh") == (shown | chinese, "zh")
        traditional = {"qin-gang": "秦剛", "xi-jinping": "習近平", "chen-da": "陳大"}
        assert self.names(crowd, "zh-Hant") == (shown | chinese | traditional, "zh-Hant")
        assert self.names(crowd, "ZH-hant")[0] == shown | chinese | traditional
        assert self.names(crowd, "ru") == (shown | {"zofie-oberg": "Жофие Оберг"}, "ru")
        assert self.names(crowd, "zh-SG")[0] == shown | chinese

    def test_without_a_name_in_it_nothing_claims_to_be_in_the_language(self, crowd: Api) -> None:
        shown = {each["slug"]: each["name"] for each in crowd.documents["officials"]}
        assert self.names(crowd, "de") == (shown, None)

    def test_the_names_that_the_record_lists_stay_as_they_are(self, crowd: Api) -> None:
        for noun in ("officials", "parties"):
            listed = [each["names"] for each in crowd.items(f"/v1/{noun}", lang="zh")]
            assert listed == [each["names"] for each in crowd.documents[noun]]
        assert crowd.read("/v1/parties/CN", lang="zh")["name"] == "中国"
        assert crowd.read("/v1/parties/US", lang="zh-Hant")["name"] == "美國"

    @pytest.mark.parametrize(
        "noun", ["meetings", "visits", "statements", "commitments", "positions"]
    )
    def test_cards_in_every_document_are_translated_and_nothing_else(
        self, crowd: Api, noun: str
    ) -> None:
        chinese, _ = self.names(crowd, "zh")

        def translated(value: Json) -> Json:
            if isinstance(value, list):
                return [translated(each) for each in value]
            if isinstance(value, dict):
                found = {name: translated(each) for name, each in value.items()}
                if set(value) == {"id", "slug", "name"}:
                    found["name"] = chinese[value["slug"]]
                return found
            return value

        assert crowd.items(f"/v1/{noun}", lang="zh") == translated(crowd.documents[noun])

    def test_what_is_included_is_translated_too(self, crowd: Api) -> None:
        (found,) = crowd.items(
            "/v1/positions", title="secretary of state", lang="zh", include="officials"
        )
        assert found["official"]["name"] == found["officials"][0]["name"] == "布林肯"

    def test_what_is_no_language_tag_is_refused(self, crowd: Api) -> None:
        for lang in ("z", "zh_Hant", "zh-", "中文", "zh\r\nx", "*", "a" * 40, "zh-" + "a" * 9):
            answer = crowd.get("/v1/officials", lang=lang)
            assert answer.status_code == 422, lang
            assert [each["parameter"] for each in answer.json()["errors"]] == ["lang"]
            assert "content-language" not in answer.headers


class TestDay:
    def test_an_official_has_the_name_and_the_offices_of_the_day(self, crowd: Api) -> None:
        path = "/v1/officials/ana-nunez"
        before, after = crowd.read(path, as_of="1971-04-30"), crowd.read(path, as_of="1980-01-01")
        assert (before["name"], [each["name"] for each in before["names"]]) == (
            "Ana Peña",
            ["Ana Peña"],
        )
        assert before["positions"] == []
        assert (after["name"], [each["name"] for each in after["names"]]) == (
            "Ana Núñez",
            ["Ana Núñez"],
        )
        assert [each["title"] for each in after["positions"]] == ["Commissaire à l'Étranger"]
        assert crowd.read(path)["name"] == "Ana Núñez"

    def test_the_list_shows_what_the_record_shows(self, crowd: Api) -> None:
        for noun in ("officials", "parties"):
            for day in ("1971-04-30", "1989-06-17", "2023-06-19"):
                for each in crowd.items(f"/v1/{noun}", as_of=day):
                    assert crowd.read(f"/v1/{noun}/{name_of(each)}", as_of=day) == each

    def test_a_party_is_listed_where_it_may_have_existed_under_the_name_of_the_day(
        self, crowd: Api
    ) -> None:
        assert crowd.read("/v1/parties/MM", as_of="1989-06-17")["name"] == "Burma"
        assert crowd.read("/v1/parties/MM", as_of="1989-06-18")["name"] == "Myanmar"
        listed = {each["code"] for each in crowd.items("/v1/parties", as_of="1991-12-26")}
        assert {"SU", "RU"} <= listed
        assert "SU" not in {each["code"] for each in crowd.items("/v1/parties", as_of="1991-12-27")}
        assert "RU" not in {each["code"] for each in crowd.items("/v1/parties", as_of="1991-11-30")}

    def test_only_lists_of_what_has_its_time_take_a_day(self, crowd: Api) -> None:
        for noun in ("meetings", "visits", "statements", "commitments", "sources", "topics"):
            assert crowd.get(f"/v1/{noun}", as_of="2023-06-19").status_code == 422

    def test_a_position_says_whether_it_was_held_on_the_day_for_certain(self, crowd: Api) -> None:
        (qin,) = crowd.items("/v1/positions", official="qin-gang", level="foreign_minister")
        assert qin["held"] is None
        path = f"/v1/positions/{qin['id']}"
        held = {day: crowd.read(path, as_of=day)["held"] for day in ("2023-06-18", "2023-07-26")}
        assert held == {"2023-06-18": "yes", "2023-07-26": "no"}
        # Wang's second time as minister is attested up to a day in October, and no further.
        query = {"official": "wang-yi", "level": "foreign_minister"}
        for day, certainty in (("2023-10-20", "yes"), ("2024-04-26", "maybe")):
            (wang,) = crowd.items("/v1/positions", **query, as_of=day)
            assert wang["held"] == certainty
            person = crowd.read("/v1/officials/wang-yi", as_of=day)
            (office,) = [each for each in person["positions"] if each["id"] == wang["id"]]
            assert (office["held"], office["attested_until"]) == (certainty, "2023-10-23")
