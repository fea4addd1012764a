"""The real data, where they are at hand: counts made here by XPath, and questions.

What is counted here is counted straight from the XML, without the reader that is under test.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
from defusedxml.ElementTree import parse
from sqlalchemy import Engine

from app.database.engines import make_engine
from app.importers.historian.reading import Historian
from app.importers.neutral import Meeting, Visit
from tests.conftest import serving
from tests.support.historian_files import load, positions, read, real_data, sources, visits


@pytest.fixture(scope="module")
def folder() -> Path:
    return real_data()


@pytest.fixture(scope="module")
def found(folder: Path) -> Historian:
    return read(folder)


@cache
def elements(folder: Path, pattern: str, path: str) -> list[Any]:
    return [each for file in sorted(folder.glob(pattern)) for each in parse(file).findall(path)]


def said(element: Any, path: str) -> str:
    return " ".join("".join(element.find(path).itertext()).split())


def trips(folder: Path) -> list[Any]:
    """Every trip whose content was not there before; stamps and ids do not count."""
    seen: dict[tuple[str, ...], Any] = {}
    for each in elements(folder, "travels/*-travels/*.xml", "./trip"):
        names = ("role", "name", "start-date", "end-date", "country", "locale", "remarks")
        country = each.find("country").get("id")
        mark = (each.get("who"), country, *(said(each, name) for name in names))
        seen.setdefault(mark, each)
    return list(seen.values())


def journeys(found: Historian) -> list[Visit]:
    return list(visits(found, "historian-travels").values())


def test_stops_by_decade_country_and_person_are_those_of_the_files(
    found: Historian, folder: Path
) -> None:
    given = trips(folder)
    made = [(journey, stop) for journey in journeys(found) for stop in journey.stops]
    assert len(made) == len(given)
    assert Counter(str(stop.date)[:3] for _, stop in made) == Counter(
        said(each, "start-date")[:3] for each in given
    )
    assert Counter(journey.travellers[0].name_as_given for journey, _ in made) == Counter(
        said(each, "name") for each in given
    )
    for code, country_id in (("FR", "france"), ("JP", "japan"), ("EG", "egypt"), ("IL", "israel")):
        expected = [each for each in given if each.find("country").get("id") == country_id]
        assert len([stop for _, stop in made if stop.place.country == code]) == len(expected)


def test_visits_by_decade_and_country_are_those_of_the_files(
    found: Historian, folder: Path
) -> None:
    given = elements(folder, "visits/data/*.xml", "./visit")
    made = list(visits(found, "historian-visits").values())
    copies = [flag for flag in found.flags if flag.oddity == "exact duplicate"]
    assert len(made) == len(given) - len([each for each in copies if "visits/" in each.file])
    if len(made) == len(given):
        assert Counter(str(visit.date)[:3] for visit in made) == Counter(
            said(each, "start-date")[:3] for each in given
        )
        for code, country_id in (("CA", "canada"), ("JP", "japan"), ("MX", "mexico")):
            expected = [each for each in given if each.find("from").get("id") == country_id]
            assert len([each for each in made if each.visitor_parties == (code,)]) == len(expected)


def test_tenures_are_those_who_served_with_a_day_of_service(found: Historian, folder: Path) -> None:
    lists = (
        ("positions-principals", "./principals/principal"),
        ("missions-countries", "./chiefs/chief"),
        ("missions-orgs", "./chiefs/chief"),
    )
    served = {
        said(each, "id")
        for subfolder, path in lists
        for each in elements(folder, f"pocom/{subfolder}/*.xml", path)
        if any(said(moment, ".") for moment in each.findall("./*/date") if moment is not None)
        and any(
            each.find(name) is not None and said(each, name)
            for name in ("started/date", "arrived/date", "ended/date")
        )
    }
    assert set(positions(found)) == served


def test_there_is_one_source_for_each_original(found: Historian, folder: Path) -> None:
    rule = 1
    assert len(sources(found, "historian-visits")) == len(visits(found, "historian-visits")) + rule
    presidents = elements(folder, "travels/presidents/presidents.xml", "./president")
    rules = 2
    assert len(sources(found, "historian-travels")) == len(trips(folder)) + len(presidents) + rules


def test_no_country_of_the_sample_is_unknown(found: Historian) -> None:
    assert [str(flag) for flag in found.flags if flag.oddity == "unknown country"] == []


@pytest.fixture
def loaded(own_database: str, folder: Path) -> Iterator[Engine]:
    engine = make_engine(own_database)
    load(engine, folder)
    yield engine
    engine.dispose()


def test_questions_about_the_sample_are_answered_and_a_second_run_writes_nothing(
    loaded: Engine, own_database: str, folder: Path
) -> None:
    again = load(loaded, folder)
    assert [entry for report in again for entry in report.changed] == []
    with serving(own_database) as server, server.client() as client:
        asked = {"host": "US", "date_from": "1943-06", "date_to": "1943-06", "limit": "200"}
        items = client.get("/v1/visits", params=asked).json()["items"]
        expected = [
            said(each, "visitor")
            for each in elements(folder, "visits/data/*.xml", "./visit")
            if said(each, "start-date") <= "1943-06-30" and said(each, "end-date") >= "1943-06-01"
        ]
        told = [
            " ".join(filter(None, (each["title_as_given"], each["name_as_given"])))
            for visit in items
            for each in visit["travellers"]
        ]
        assert expected
        assert sorted(told) == sorted(expected)
        for day, slugs in (
            ("1943-06-15", ["hull-cordell"]),
            ("1814-12-01", []),
            ("1975-01-01", ["kissinger-henry-a"]),
            ("2018-04-10", []),
            ("2023-06-18", ["antony-blinken"]),
        ):
            params = {"level": "foreign_minister", "party": "US", "as_of": day}
            held = client.get("/v1/positions", params=params).json()["items"]
            assert [each["official"]["slug"] for each in held] == slugs, day
        beijing = client.get(
            "/v1/visits", params={"visitor": "antony-blinken", "place": "CN", "date_to": "2023-12"}
        ).json()["items"]
        assert [each["slug"] for each in beijing] == ["blinken-beijing-2023-06"]
        ask_whom_was_met(client, folder)
        ask_where_and_at_what(client, folder)


def ask_whom_was_met(client: httpx2.Client, folder: Path) -> None:
    """Counterparts of a secretary, counted in the remarks of the stops of one year."""
    given = trips(folder)
    asked = {"date_from": "2023", "date_to": "2023", "limit": "200"}
    counterparts = client.get("/v1/officials/antony-blinken/counterparts", params=asked).json()
    met = {each["official"]["slug"]: each["meetings"] for each in counterparts["items"]}
    for slug, name in (
        ("benjamin-netanyahu-il", "Prime Minister Benjamin Netanyahu"),
        ("abdel-fattah-el-sisi-eg", "President Abdel Fattah El-Sisi"),
        ("mahmoud-abbas-ps", "Mahmoud Abbas"),
    ):
        stops = [
            each
            for each in given
            if each.get("who") == "blinken-antony-j"
            and said(each, "start-date").startswith("2023")
            and name in said(each, "remarks")
        ]
        assert stops, name
        assert met[slug] == len(stops), name
    assert {"xi-jinping", "qin-gang", "wang-yi"} <= set(met)
    asked = {"visit": "blinken-beijing-2023-06"}
    meetings = client.get("/v1/meetings", params=asked).json()["items"]
    assert {each["dataset"] for each in meetings} == {"seed"}


def ask_where_and_at_what(client: httpx2.Client, folder: Path) -> None:
    """Surnames identify nobody and are found as names; dates and places are the stops'."""
    stops = [
        each
        for each in trips(folder)
        if each.get("who") == "kissinger-henry-a" and "President Sadat" in said(each, "remarks")
    ]
    meetings = every(client, "/v1/meetings", {"participant": "kissinger-henry-a"})
    sadat = [
        (meeting["date"]["earliest"], meeting["date"]["latest"])
        for meeting in meetings
        for each in meeting["participants"]
        if each["name_as_given"] == "Sadat"
        and each["title_as_given"] == "President"
        and each["official"] is None
    ]
    assert sorted(sadat) == sorted(
        (said(each, "start-date"), said(each, "end-date")) for each in stops
    )
    for text, value in (("Peking", "Beijing"), ("Shanghai", "Shanghai")):
        expected = [each for each in trips(folder) if text in said(each, "locale")]
        asked = {"place": value, "dataset": "historian-travels", "limit": "200"}
        found = client.get("/v1/visits", params=asked).json()["items"]
        named = [
            stop
            for visit in found
            for stop in visit["stops"]
            if text in (stop["place"]["name"] or stop["place"]["city"] or "")
        ]
        assert expected
        assert len(named) == len(expected)


def every(client: httpx2.Client, path: str, asked: dict[str, str]) -> list[Any]:
    """Every item of a list, page after page."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get(path, params={**asked, **cursor, "limit": "200"}).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def test_what_is_told_of_is_counted_as_the_texts_have_it(found: Historian, folder: Path) -> None:
    """Those met under titles that nobody but them has, by decade and country."""
    meetings = [
        each.record
        for each in found.batches["historian-travels"].records
        if isinstance(each.record, Meeting)
    ]
    for country, code, title in (
        ("holy-see", "VA", "Pope"),
        ("iran", "IR", "Shah"),
        ("israel", "IL", "Prime Minister"),
    ):
        named = re.compile(rf"\bwith\b[^.;]*\b{title} [A-Z]")
        expected = Counter(
            said(each, "start-date")[:3]
            for each in trips(folder)
            if each.find("country").get("id") == country and named.search(said(each, "remarks"))
        )
        told = Counter(
            str(meeting.date)[:3]
            for meeting in meetings
            if meeting.place.country == code
            and any((each.title_as_given or "").startswith(title) for each in meeting.participants)
        )
        assert expected
        assert told == expected, title


def test_every_meeting_has_the_days_of_its_stop_or_a_day_that_the_text_states(
    found: Historian, folder: Path
) -> None:
    texts = {said(each, "id"): each for each in trips(folder)}
    for each in found.batches["historian-travels"].records:
        if isinstance(each.record, Meeting):
            trip = texts[each.origin.name.removeprefix("trip ")]
            days = {said(trip, "start-date"), said(trip, "end-date")}
            if set(str(each.record.date).split("/")) != days:
                stated = int(str(each.record.date)[8:10])
                assert re.search(rf"\b{stated}\b", said(trip, "remarks")), each.record.slug
