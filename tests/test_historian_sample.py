"""The real data, where they are at hand: counts made here by XPath, and questions.

What is counted here is counted straight from the XML, without the reader that is under test.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import parse
from sqlalchemy import Engine

from app.database.engines import make_engine
from app.importers.historian.reading import Historian
from app.importers.neutral import Visit
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
