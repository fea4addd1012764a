"""Filters: each selects exactly what a plain look at every document selects."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from typing import Any

import pytest

from app.queries.resources import RESOURCES
from app.schemas.filters import ListFilters
from app.schemas.parsing import allowed_values, repeatable
from tests.support.api import NOUNS, Api, name_of

Json = Any
Test = Callable[[Json, str, Api], bool]
"""Whether a document fits one value of a filter."""

DOCUMENTED = """
parties: kind existing_on as_of
officials: party level in_office_on identifier as_of
positions: official party level title as_of
visits: visitor visitor_party visitor_level host kind status place dataset
meetings: participant party country city format status topic visit part_of source has_conflicts
    dataset
statements: speaker addressee on_behalf_of party topic meeting visit wording speech_act language
    source perspective utterance
commitments: by to topic kind latest_event made_in event event_in event_from event_to verdict
    assessor source perspective
sources: kind perspective publisher language
topics:
"""
"""Each list's filters, as the contract has them; the common ones are not in it."""

DATED = {"visits", "meetings", "statements", "commitments", "sources"}
NOBODY = "01a30000-0000-7000-8000-00000000ffff"


def documented() -> dict[str, set[str]]:
    lines = DOCUMENTED.replace("\n    ", " ").strip().splitlines()
    return {noun: set(names.split()) for noun, _, names in (line.partition(":") for line in lines)}


# ------------------------------------------------------------------- how documents are looked at


def folded(text: str | None) -> str | None:
    if text is None:
        return None
    bare = [each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)]
    return "".join(bare).casefold()


def is_card(card: Json, value: str) -> bool:
    return card is not None and value in (card["id"], card["slug"])


def is_party(code: str | None, value: str, api: Api) -> bool:
    return code is not None and value in (code, api.one("parties", code)["id"])


def is_topic(codes: list[str], value: str, api: Api) -> bool:
    return any(value in (code, api.one("topics", code)["id"]) for code in codes)


def is_either(who: Json, value: str, api: Api) -> bool:
    return who is not None and (
        is_card(who["official"], value) or is_party(who["party"], value, api)
    )


def is_voice(who: Json, value: str, api: Api) -> bool:
    """An official, or a party as such."""
    if who["official"] is not None:
        return is_card(who["official"], value)
    return is_party(who["party"], value, api)


def voices(statement: Json) -> list[Json]:
    return [statement["speaker"], *statement["joint_with"]]


def may_last_on(start: Json, end: Json, day: str) -> bool:
    begins, ends = start and start["earliest"], end and end["latest"]
    return (begins is None or begins <= day) and (ends is None or day <= ends)


def may_be_from(date: Json, text: str) -> bool:
    return date is not None and (date["latest"] is None or date["latest"] >= (text + "-01-01")[:10])


def may_be_to(date: Json, text: str) -> bool:
    return date is not None and (date["earliest"] is None or date["earliest"][: len(text)] <= text)


def citations(document: Json) -> Iterator[Json]:
    """Those of the record itself, of its events and of its assessments."""
    yield from document["citations"]
    for part in (*document.get("events", ()), *document.get("assessments", ())):
        yield from part["citations"]


def cites(document: Json, value: str, _: Api) -> bool:
    return any(is_card(each["source"], value) for each in citations(document))


def speaks_for(document: Json, value: str, _: Api) -> bool:
    return any(each["source"]["perspective"] == value for each in citations(document))


def on_the_visit(document: Json, value: str, api: Api) -> bool:
    """Said on it, or at one of its meetings."""
    meeting = document["meeting"] and api.one("meetings", document["meeting"]["id"])
    return is_card(document["visit"], value) or bool(meeting and is_card(meeting["visit"], value))


def stops_at(document: Json, value: str, api: Api) -> bool:
    """At a city, place or country, or at one of several localities."""
    stops = document["stops"]
    named = [place for stop in stops for place in (stop["place"], *stop["localities"])]
    return any(stop["place"]["country"] == value for stop in stops) or any(
        folded(value) in (folded(place["name"]), folded(place["city"])) for place in named
    )


def travels_as(document: Json, value: str, api: Api) -> bool:
    return any(held["level"] == value for held in offices_of_travellers(document, api))


def offices_of_travellers(document: Json, api: Api, slug: str | None = None) -> Iterator[Json]:
    """What travellers, or the one of that slug, may have been on some day of a visit."""
    known = [each["official"]["slug"] for each in document["travellers"] if each["official"]]
    for each in known:
        if document["date"] is not None and slug in (None, each):
            for held in api.one("officials", each)["positions"]:
                if may_overlap(held, document["date"]):
                    yield held


def may_overlap(held: Json, date: Json) -> bool:
    begins, ends = (
        held["start"] and held["start"]["earliest"],
        held["end"] and held["end"]["latest"],
    )
    first, last = date["earliest"] or "0001-01-01", date["latest"] or "9999-12-31"
    return (begins or "0001-01-01") <= last and first <= (ends or "9999-12-31")


def equals(field: str) -> Test:
    return lambda document, value, _: str(document[field]) == value


def card(field: str) -> Test:
    return lambda document, value, _: is_card(document[field], value)


def any_person(field: str) -> Test:
    return lambda document, value, _: any(
        is_card(each["official"], value) for each in document[field]
    )


def topic(document: Json, value: str, api: Api) -> bool:
    return is_topic(document["topics"], value, api)


def actor(side: str) -> Test:
    return lambda document, value, api: any(is_either(each, value, api) for each in document[side])


def event(test: Callable[[Json, str], bool]) -> Test:
    return lambda document, value, _: any(test(each, value) for each in document["events"])


def assessment(field: str) -> Test:
    return lambda document, value, _: any(
        folded(each[field]) == folded(value) for each in document["assessments"]
    )


TESTS: dict[str, dict[str, Test]] = {
    "parties": {
        "kind": equals("kind"),
        "existing_on": lambda d, v, _: may_last_on(d["existed_from"], d["existed_until"], v),
        "as_of": lambda d, v, _: may_last_on(d["existed_from"], d["existed_until"], v),
    },
    "officials": {
        "party": lambda d, v, api: any(is_party(p["party"], v, api) for p in d["positions"]),
        "level": lambda d, v, _: any(p["level"] == v for p in d["positions"]),
        "in_office_on": lambda d, v, _: any(
            may_last_on(p["start"], p["end"], v) for p in d["positions"]
        ),
        "identifier": lambda d, v, _: any(
            f"{each['scheme']}:{each['value']}" == v for each in d["identifiers"]
        ),
        "as_of": lambda *_: True,
    },
    "positions": {
        "official": card("official"),
        "party": lambda d, v, api: is_party(d["party"], v, api),
        "level": equals("level"),
        "title": lambda d, v, _: folded(d["title"]) == folded(v),
        "as_of": lambda d, v, _: may_last_on(d["start"], d["end"], v),
    },
    "visits": {
        "visitor": any_person("travellers"),
        "visitor_party": lambda d, v, api: any(is_party(c, v, api) for c in d["visitor_parties"]),
        "visitor_level": travels_as,
        "host": lambda d, v, api: any(is_party(code, v, api) for code in d["host_parties"]),
        "kind": equals("kind"),
        "status": equals("status"),
        "place": stops_at,
        "dataset": equals("dataset"),
    },
    "meetings": {
        "participant": any_person("participants"),
        "party": lambda d, v, api: any(is_party(p["party"], v, api) for p in d["participants"]),
        "country": lambda d, v, api: is_party(d["place"]["country"], v, api),
        "city": lambda d, v, _: folded(d["place"]["city"]) == folded(v),
        "format": equals("format"),
        "status": equals("status"),
        "topic": topic,
        "visit": card("visit"),
        "part_of": card("part_of"),
        "source": cites,
        "has_conflicts": lambda d, v, _: bool(d["conflicts"]) == (v == "true"),
        "dataset": equals("dataset"),
    },
    "statements": {
        "speaker": lambda d, v, api: any(is_voice(who, v, api) for who in voices(d)),
        "addressee": lambda d, v, api: any(is_voice(who, v, api) for who in d["addressees"]),
        "on_behalf_of": lambda d, v, api: is_either(d["on_behalf_of"], v, api),
        "party": lambda d, v, api: any(is_party(who["party"], v, api) for who in voices(d)),
        "topic": topic,
        "meeting": card("meeting"),
        "visit": on_the_visit,
        "wording": equals("wording"),
        "speech_act": equals("speech_act"),
        "language": equals("language"),
        "source": cites,
        "perspective": speaks_for,
        "utterance": lambda d, v, _: d["utterance"] is not None and d["utterance"]["id"] == v,
    },
    "commitments": {
        "by": actor("by"),
        "to": actor("to"),
        "topic": topic,
        "kind": equals("kind"),
        "latest_event": lambda d, v, _: d["latest_event"]["event"] == v,
        "made_in": event(lambda e, v: e["event"] == "made" and is_card(e["meeting"], v)),
        "event": event(lambda e, v: e["event"] == v),
        "event_in": event(lambda e, v: is_card(e["meeting"], v)),
        "event_from": event(lambda e, v: may_be_from(e["date"], v)),
        "event_to": event(lambda e, v: may_be_to(e["date"], v)),
        "verdict": assessment("verdict"),
        "assessor": assessment("assessor"),
        "source": cites,
        "perspective": speaks_for,
    },
    "sources": {
        "kind": equals("kind"),
        "perspective": equals("perspective"),
        "publisher": lambda d, v, _: folded(d["publisher"]) == folded(v),
        "language": equals("language"),
    },
    "topics": {},
}
DATES: dict[str, Test] = {
    "date_from": lambda d, v, _: may_be_from(d["date"], v),
    "date_to": lambda d, v, _: may_be_to(d["date"], v),
}
OF_NOUN = {noun: TESTS[noun] | (DATES if noun in DATED else {}) for noun in NOUNS}
FILTERS = [(noun, name) for noun in NOUNS for name in OF_NOUN[noun]]

# ----------------------------------------------------------------------- what the filters are given

REFERS_TO = {
    **dict.fromkeys(("official", "visitor", "participant"), ("officials",)),
    **dict.fromkeys(("speaker", "addressee", "by", "to", "on_behalf_of"), ("parties", "officials")),
    **dict.fromkeys(("party", "visitor_party", "host", "country"), ("parties",)),
    **dict.fromkeys(("part_of", "meeting", "made_in", "event_in"), ("meetings",)),
    "visit": ("visits",),
    "topic": ("topics",),
    "source": ("sources",),
}
PARTIAL = ("1972", "1990-12", "2022-11-14", "2023", "2023-06-18", "2023-06", "2023-06-20", "9999")
DAYS = ("0001-01-01", "1971-04-30", "1989-06-18", "1991-12-26", "2023-03-31", "2023-06-18")
LOCALITIES = ("guangzhou", "CANTON", "Canton, Zürich")
VALUES = {
    **dict.fromkeys(("date_from", "date_to", "event_from", "event_to"), PARTIAL),
    **dict.fromkeys(("existing_on", "as_of", "in_office_on"), (*DAYS, "9999-12-31")),
    "identifier": ("pocom:blinken-antony-j", "wikidata:Q42", "wikidata:Q43", "viaf:a:b", "viaf:a"),
    "title": ("foreign minister", "COMMISSAIRE à l'etranger", "ＰＲＥＳＩＤＥＮＴ", "President of"),
    "place": ("Beijing", "ZÜRICH", "zurich", "villa echo", "CN", "HK", "cn", "Bei", *LOCALITIES),
    "city": ("beijing", "Ｂａｌｉ", "Zürich", "ZURICH", "Bei"),
    "dataset": ("seed", "crowd", "Seed"),
    "language": ("en", "fr", "zh", "zh-Hant", "de"),
    "perspective": ("US", "CN", "SU", "press", "third_party", "RU", "nobody"),
    "publisher": ("agence etoile", "AGENCE ÉTOILE", "xinhua", "Xin"),
    "assessor": ("executive intelligence review", "observatorio da paz", "eir"),
}


def values_of(api: Api, noun: str, name: str) -> list[str]:
    """Every value that a filter may be tried with: all members of a list, all records."""
    given = [*VALUES.get(name, ()), *allowed_values(RESOURCES[noun].filters, name)]
    for target in REFERS_TO.get(name, ()):
        documents = api.documents[target]
        given += [name_of(each) for each in documents] + [documents[-1]["id"], NOBODY]
        given.append("ZZ9" if target == "parties" else "nobody-at-all")
    if name == "utterance":
        given += sorted({each["utterance"]["id"] for each in api.documents[noun] if each[name]})
    return given


def test_the_filters_are_those_of_the_contract() -> None:
    common = set(ListFilters.model_fields) | {"sort", "include", "date_from", "date_to"}
    for noun, names in documented().items():
        assert set(RESOURCES[noun].filters.model_fields) - common == names == set(TESTS[noun])
        dated = {"date_from", "date_to"} <= set(RESOURCES[noun].filters.model_fields)
        assert dated == (noun in DATED)


@pytest.mark.parametrize(("noun", "name"), FILTERS)
def test_each_value_selects_what_a_look_at_every_document_selects(
    crowd: Api, noun: str, name: str
) -> None:
    documents, test = crowd.documents[noun], OF_NOUN[noun][name]
    telling = False
    for value in values_of(crowd, noun, name):
        wanted = [each["id"] for each in documents if test(each, value, crowd)]
        assert crowd.ids(f"/v1/{noun}", **{name: value}) == wanted, value
        telling = telling or 0 < len(wanted) < len(documents)
    assert telling or (noun, name) == ("officials", "as_of"), "no value tells the records apart"


def takes_alternatives(noun: str, name: str) -> bool:
    model = RESOURCES[noun].filters
    return name not in repeatable(model) and "tuple" in str(model.model_fields[name].annotation)


def test_the_filters_that_take_alternatives_are_these() -> None:
    assert {(noun, name) for noun, name in FILTERS if takes_alternatives(noun, name)} == {
        *product(("parties", "visits", "commitments", "sources"), ("kind",)),
        *product(("officials", "positions"), ("party", "level")),
        *product(("visits",), ("visitor_party", "visitor_level", "host", "status")),
        *product(("meetings",), ("country", "format", "status", "topic")),
        *product(("statements",), ("party", "topic", "wording", "speech_act", "language")),
        *product(("commitments",), ("topic", "latest_event", "event", "verdict")),
        *product(("statements", "commitments", "sources"), ("perspective",)),
        ("sources", "language"),
    }


@pytest.mark.parametrize(("noun", "name"), [each for each in FILTERS if takes_alternatives(*each)])
def test_a_filter_selects_what_any_of_its_alternatives_selects(
    crowd: Api, noun: str, name: str
) -> None:
    # The last ten: records of the crowd, what is unknown, and members of closed lists.
    for pair in pairwise(values_of(crowd, noun, name)[-10:]):
        wanted = [
            each["id"]
            for each in crowd.documents[noun]
            if any(OF_NOUN[noun][name](each, value, crowd) for value in pair)
        ]
        assert crowd.ids(f"/v1/{noun}", **{name: ",".join(pair)}) == wanted, pair
