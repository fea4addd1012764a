"""Counts: each is what a plain look at every document counts, as JSON and as CSV."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app.database.engines import make_engine
from app.exports import tables
from app.importers.loader import load_batch
from app.importers.seed import read
from app.queries.base import PRESENTATION
from app.queries.resources import RESOURCES
from app.queries.stats import GROUPINGS
from app.record.recorder import Change
from tests.conftest import serving
from tests.support.api import Api, asking
from tests.support.loading import copied_seed, load_seed
from tests.test_filters import FILTERS, values_of
from tests.test_openapi import answer_schema, described, flaws

Json = Any

DOCUMENTED = {
    "meetings": "year decade party country format status topic",
    "visits": "year decade party country kind status",
    "statements": "year decade party wording speech_act topic",
    "commitments": "year decade party kind topic",
}
ALL = [(noun, by) for noun, names in DOCUMENTED.items() for by in names.split()]

# ------------------------------------------------------------------- how documents are looked at


def parties_of(noun: str, document: Json) -> set[str | None]:
    match noun:
        case "meetings":
            return {each["party"] for each in document["participants"]}
        case "visits":
            return {*document["visitor_parties"], *document["host_parties"]}
        case "statements":
            return {each["party"] for each in (document["speaker"], *document["joint_with"])}
    return {each["party"] for each in (*document["by"], *document["to"])}


def countries_of(noun: str, document: Json) -> set[str | None]:
    if noun == "visits":
        return {stop["place"]["country"] for stop in document["stops"]}
    return {document["place"]["country"]}


def values(noun: str, by: str, document: Json) -> set[str]:
    """What a record counts under."""
    found: set[str | None]
    match by:
        case "year":
            return {f"{each:04}" for each in years(document["date"])}
        case "decade":
            return {f"{each // 10:03}X" for each in years(document["date"])}
        case "party":
            found = parties_of(noun, document)
        case "country":
            found = countries_of(noun, document)
        case "topic":
            found = set(document["topics"])
        case _:
            found = {document[by]}
    return found - {None}  # type: ignore[return-value]


def years(date: Json) -> range:
    """Those that a date may fall in; with one end only, the year of that end."""
    if date is None:
        return range(0)
    ends = [int(day[:4]) for day in (date["earliest"], date["latest"]) if day is not None]
    return range(min(ends), max(ends) + 1)


def is_open(document: Json) -> bool:
    date = document["date"]
    return date is not None and None in (date["earliest"], date["latest"])


def label(api: Api, by: str, value: str) -> str | None:
    match by:
        case "party" | "country":
            return str(api.one("parties", value)["name"])
        case "topic":
            return str(api.one("topics", value)["label"])
        case "decade":
            return f"{int(value[:3])}0s"
    return None


def counted(api: Api, noun: str, by: str, documents: list[Json]) -> Json:
    """The whole answer, by looking at one document after the other."""
    timed = by in ("year", "decade")
    counts: Counter[str] = Counter()
    uncertain: Counter[str] = Counter()
    for each in documents:
        found = values(noun, by, each)
        counts.update(found)
        if timed and (len(found) > 1 or is_open(each)):
            uncertain.update(found)
    order = sorted(counts) if timed else sorted(counts, key=lambda value: (-counts[value], value))
    nowhere = sum(not values(noun, by, each) for each in documents)
    return {
        "of": noun,
        "by": by,
        "total": len(documents),
        "items": [
            {
                "value": value,
                "label": label(api, by, value),
                "count": counts[value],
                "uncertain": uncertain[value],
            }
            for value in order
        ],
        "undated": nowhere if timed else 0,
        "open_ended": sum(map(is_open, documents)) if timed else 0,
        "without": 0 if timed else nowhere,
    }


# --------------------------------------------------------------------------- against every document

QUERIES: dict[str, tuple[dict[str, Any], ...]] = {
    "meetings": (
        {"q": "gathering"},
        {"party": ["CN", "US"]},
        {"participant": "ana-nunez", "status": "held,reported_unconfirmed"},
        {"date_from": "1971-07", "date_to": "1972"},
        {"topic": "taiwan,crowd", "has_conflicts": "true"},
        {"country": "CN", "city": "Beijing", "updated_since": "2000-01-01T00:00:00Z"},
        {"updated_since": "2999-01-01T00:00:00Z"},
        {"id": "01a30000-0000-7000-8000-000000000701,01a30000-0000-7000-8000-000000000707"},
    ),
    "visits": (
        {"visitor_party": "US", "place": "CN"},
        {"visitor_level": "foreign_minister,envoy"},
        {"visitor": "antony-blinken", "visitor_level": "foreign_minister"},
        {"date_from": "1971", "date_to": "1971", "q": "trip"},
    ),
    "statements": (
        {"party": "SU,RU"},
        {"speaker": "ana-nunez", "visit": "round-trip"},
        {"topic": "taiwan", "date_from": "2023-06-18", "date_to": "2023-06-19"},
        {"meeting": "century", "wording": "paraphrase"},
        {"perspective": "CN", "q": "china"},
    ),
    "commitments": (
        {"by": "CN"},
        {"by": "US", "to": "CN"},
        {"to": "ana-nunez", "topic": "crowd"},
        {"event": "made", "event_in": "biden-xi-bali-2022-11-14"},
        {"date_from": "1980"},
    ),
}


def renamed(noun: str, query: dict[str, Any]) -> dict[str, Any]:
    """A list's filters as its counts call them."""
    names = {"by": "given_by"} if noun == "commitments" else {}
    return {names.get(name, name): value for name, value in query.items()}


def selected(api: Api, noun: str, query: dict[str, Any]) -> list[Json]:
    ids = set(api.ids(f"/v1/{noun}", **query))
    return [each for each in api.documents[noun] if each["id"] in ids]


def test_lists_are_counted_by_what_is_documented() -> None:
    assert {noun: " ".join(found) for noun, found in GROUPINGS.items()} == DOCUMENTED


@pytest.mark.parametrize(("noun", "by"), ALL)
def test_counts_are_what_a_look_at_every_document_counts(crowd: Api, noun: str, by: str) -> None:
    found = crowd.read(f"/v1/stats/{noun}", by=by)
    assert found == counted(crowd, noun, by, crowd.documents[noun])
    assert found["items"]


@pytest.mark.parametrize(("noun", "by"), ALL)
def test_so_they_are_under_filters(crowd: Api, noun: str, by: str) -> None:
    for query in QUERIES[noun]:
        wanted = counted(crowd, noun, by, selected(crowd, noun, query))
        assert crowd.read(f"/v1/stats/{noun}", by=by, **renamed(noun, query)) == wanted, query


@pytest.mark.parametrize(("noun", "name"), [each for each in FILTERS if each[0] in DOCUMENTED])
def test_every_filter_of_the_list_selects_what_is_counted(crowd: Api, noun: str, name: str) -> None:
    known = values_of(crowd, noun, name)
    for value in (*known[:3], *known[-3:]):
        number = len(crowd.ids(f"/v1/{noun}", **{name: value}))
        for by in ("year", "party"):
            found = crowd.read(f"/v1/stats/{noun}", by=by, **renamed(noun, {name: value}))
            assert found["total"] == number, (by, value)


# --------------------------------------------------------------------------------- dates and seeds

MORE = """
sources:
  - id: 01a50000-0000-7000-8000-000000000001
    slug: chronicle
    title: A chronicle
    kind: archive
    publisher: Nobody
    perspective: third_party
parties:
  - { id: 01a50000-0000-7000-8000-000000000002, code: ZZ7, kind: territory, name: '=cmd|"/c"!A1' }
meetings:
"""


def meeting(number: int, date: str) -> str:
    return f"""
  - id: 01a50000-0000-7000-8000-0000000001{number:02}
    slug: chronicle-{number}
    title: A meeting
    format: bilateral
    status: held
    date: "{date}"
    participants:
      - {{ name_as_given: One, role: principal, party: ZZ7 }}
      - {{ name_as_given: Two, role: principal, party: ZZ7 }}
    citations: [chronicle]
"""


@contextmanager
def chronicle(database_url: str, folder: Path, *dates: str) -> Iterator[Api]:
    """The seed with meetings of these dates beside it, as the data set `chronicle`."""
    text = MORE + "".join(meeting(number, date) for number, date in enumerate(dates))
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    engine = make_engine(database_url)
    load_batch(engine, read(folder), dataset="chronicle", change=Change(actor="tests"))
    engine.dispose()
    with serving(database_url) as server, asking(server) as api:
        yield api


class TestUncertainDates:
    def test_a_record_counts_wherever_it_may_fall(self, own_database: str, tmp_path: Path) -> None:
        dates = ("1957-06", "195X", "1959-12-31/1960-01-01", "1957~", "1961/..", "/1961-02")
        with chronicle(own_database, tmp_path, *dates) as api:
            found = api.read("/v1/stats/meetings", by="year", dataset="chronicle")
            rows = {each["value"]: (each["count"], each["uncertain"]) for each in found["items"]}
            assert rows == {
                **{str(year): (1, 1) for year in range(1950, 1959)},
                "1957": (3, 1),
                "1959": (2, 2),
                "1960": (1, 1),
                "1961": (2, 2),
            }
            assert list(rows) == sorted(rows)
            assert (found["total"], found["undated"], found["open_ended"]) == (6, 0, 2)
            found = api.read("/v1/stats/meetings", by="decade", dataset="chronicle")
            # Within one decade nothing is uncertain that was not between decades.
            assert found["items"] == [
                {"value": "195X", "label": "1950s", "count": 4, "uncertain": 1},
                {"value": "196X", "label": "1960s", "count": 3, "uncertain": 3},
            ]

    def test_filters_select_records_and_do_not_cut_rows(
        self, own_database: str, tmp_path: Path
    ) -> None:
        with chronicle(own_database, tmp_path, "195X", "1940") as api:
            query = {"dataset": "chronicle", "date_from": "1955", "date_to": "1956"}
            found = api.read("/v1/stats/meetings", by="year", **query)
            assert [each["value"] for each in found["items"]] == [
                str(year) for year in range(1950, 1960)
            ]
            assert found["total"] == 1

    def test_the_widest_of_dates_has_a_row_for_every_year(
        self, own_database: str, tmp_path: Path
    ) -> None:
        with chronicle(own_database, tmp_path, "0001/9999") as api:
            found = api.read("/v1/stats/meetings", by="year", dataset="chronicle")["items"]
            assert [each["value"] for each in found] == [f"{year:04}" for year in range(1, 10_000)]
            assert {each["count"] for each in found} == {each["uncertain"] for each in found} == {1}
            found = api.read("/v1/stats/meetings", by="decade", dataset="chronicle")["items"]
            assert (found[0]["value"], found[-1]["value"], len(found)) == ("000X", "999X", 1000)


def test_another_account_changes_no_count_but_what_conflicts(
    own_database: str, tmp_path: Path
) -> None:
    call = "    citations: [ap-call, reuters-call]\n"
    talks = "      - { field: duration_minutes, value: 360, qualifier: under, source: gt }\n"
    claims = (
        "    claims:\n"
        "      - { field: format, value: phone_call, source: ap-call, rank: preferred }\n"
        "      - { field: format, value: video_call, source: reuters-call }\n"
    )
    third = "      - { field: duration_minutes, value: 390, qualifier: about, source: us-qin }\n"
    with serving(own_database) as server, asking(server) as api:

        def counts(**query: Any) -> Json:
            return api.read("/v1/stats/meetings", **query)

        before = {by: counts(by=by) for by in GROUPINGS["meetings"]}
        assert counts(by="format", has_conflicts="true")["total"] == 4
        engine = make_engine(own_database)
        load_seed(engine, copied_seed(tmp_path / "one", meetings=(talks, talks + third)))
        assert {by: counts(by=by) for by in GROUPINGS["meetings"]} == before
        assert counts(by="format", has_conflicts="true")["total"] == 4
        load_seed(engine, copied_seed(tmp_path / "two", meetings=(call, call + claims)))
        engine.dispose()
        assert {by: counts(by=by) for by in GROUPINGS["meetings"]} == before
        assert counts(by="format", has_conflicts="false")["items"] == []
        assert counts(by="format", has_conflicts="true")["total"] == 5


def test_trips_of_secretaries_of_state_to_china_per_decade_are_one_request(api: Api) -> None:
    query = {"visitor_party": "US", "visitor_level": "foreign_minister", "place": "CN"}
    answer = api.get("/v1/stats/visits.csv", by="decade", **query)
    assert answer.status_code == 200
    assert answer.text == "value,label,count,uncertain\r\n202X,2020s,1,0\r\n"
    assert api.names("/v1/visits", **query) == ["blinken-beijing-2023-06"]


# ------------------------------------------------------------------------------------------- tables


def parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


class TestTables:
    @pytest.mark.parametrize(("noun", "by"), ALL)
    def test_a_table_has_the_rows_of_the_json(self, crowd: Api, noun: str, by: str) -> None:
        for query in ({}, *QUERIES[noun]):
            given = renamed(noun, query)
            answer = crowd.get(f"/v1/stats/{noun}.csv", by=by, **given)
            wanted = crowd.read(f"/v1/stats/{noun}", by=by, **given)["items"]
            rows = [
                {name: "" if cell is None else str(cell) for name, cell in row.items()}
                for row in wanted
            ]
            assert parsed(answer.text) == rows
            assert answer.text.count("\r\n") == answer.text.count("\n") == len(rows) + 1
            assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
            name = f"{noun}-by-{by.replace('_', '-')}.csv"
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'

    def test_a_name_that_looks_like_a_formula_is_text(
        self, own_database: str, tmp_path: Path
    ) -> None:
        with chronicle(own_database, tmp_path, "1957") as api:
            query = {"by": "party", "dataset": "chronicle"}
            (row,) = api.read("/v1/stats/meetings", **query)["items"]
            assert row["label"] == '=cmd|"/c"!A1'
            answer = api.get("/v1/stats/meetings.csv", **query)
            assert answer.text.splitlines()[1] == 'ZZ7,"\'=cmd|""/c""!A1",1,0'

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
    def test_no_text_begins_like_a_formula(self, sign: str) -> None:
        (_, line) = tables.lines(("cell",), [[f"{sign}1+1"]])
        ((cell,),) = csv.reader(StringIO(line.decode(), newline=""))
        assert cell == f"'{sign}1+1"

    def test_all_other_cells_come_back_as_they_went(self) -> None:
        cells = ("a,b", 'say "so"', "two\r\nlines", "习近平", " = ", "", "x\ty", "1-2")
        text = b"".join(tables.lines(("one", "two"), [(cell, "end") for cell in cells])).decode()
        assert [row["one"] for row in parsed(text)] == list(cells)
        assert text.startswith("one,two\r\n")
        numbers = b"".join(tables.lines(("n",) * 5, [(-1, 2.5, True, False, None)]))
        assert numbers == b"n,n,n,n,n\r\n-1,2.5,true,false,\r\n"


# ----------------------------------------------------------------------------------- the addresses

PARAMETERS = [
    (path, noun) for noun in DOCUMENTED for path in (f"/v1/stats/{noun}", f"/v1/stats/{noun}.csv")
]


@pytest.mark.parametrize(("path", "noun"), PARAMETERS)
class TestAddresses:
    def test_what_cannot_be_counted_by_is_refused_with_what_can(
        self, api: Api, path: str, noun: str
    ) -> None:
        known = DOCUMENTED[noun].split()
        foreign = {by for _, by in ALL} - set(known)
        for query in ({}, {"by": ""}, {"by": "nonsense"}, *({"by": by} for by in foreign)):
            answer = api.get(path, **query)
            assert answer.status_code == 422, query
            (flaw,) = answer.json()["errors"]
            assert (flaw["parameter"], flaw["allowed"]) == ("by", known)

    def test_flaws_of_the_filters_are_refused_without_a_statement(
        self, api: Api, path: str, noun: str
    ) -> None:
        api.server.statements.clear()
        wrong: tuple[tuple[dict[str, Any], str], ...] = (
            *(({name: "1"}, name) for name in sorted(PRESENTATION)),
            ({"nonsense": "1"}, "nonsense"),
            ({"q": "?!"}, "q"),
            ({"id": "1"}, "id"),
            ({"date_from": "2023", "date_to": "2022"}, "date_from"),
            ({"by": ["year", "decade"]}, "by"),
            ({"updated_since": "yesterday"}, "updated_since"),
        )
        for query, name in wrong:
            answer = api.get(path, **{"by": "year", **query})
            assert answer.status_code == 422, query
            assert [each["parameter"] for each in answer.json()["errors"]] == [name]
        assert api.server.statements == []

    def test_the_parameters_are_those_of_the_list_but_for_its_pages(
        self, path: str, noun: str
    ) -> None:
        listed = renamed(noun, dict.fromkeys(RESOURCES[noun].filters.model_fields))
        found = {each["name"]: each for each in described()["paths"][path]["get"]["parameters"]}
        assert found.keys() == listed.keys() - PRESENTATION | {"by"}
        assert [name for name, each in found.items() if each["required"]] == ["by"]
        assert found["by"]["schema"]["enum"] == DOCUMENTED[noun].split()

    def test_a_known_answer_is_not_sent_again(self, api: Api, path: str, noun: str) -> None:
        target = f"{path}?by=year"
        answer = api.http.get(target)
        tag = answer.headers["etag"]
        assert tag.startswith('"')
        assert api.http.get(target, headers={"if-none-match": tag}).status_code == 304
        head = api.http.head(target)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
        assert api.http.request("OPTIONS", target).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(("noun", "by"), ALL)
def test_answers_are_as_documented(sqlite_crowd: Api, noun: str, by: str) -> None:
    found = sqlite_crowd.read(f"/v1/stats/{noun}", by=by)
    assert flaws(answer_schema(f"/v1/stats/{noun}", 200), found) == []
    text = sqlite_crowd.get(f"/v1/stats/{noun}.csv", by=by).text
    assert flaws(answer_schema(f"/v1/stats/{noun}.csv", 200, "text/csv"), text) == []


TWICE = {
    *((noun, "party") for noun in DOCUMENTED),
    *((noun, "topic") for noun in DOCUMENTED),
    ("visits", "country"),
}
"""What a record may have several of: their rows do not add up, and the total is asked for too."""


@pytest.mark.parametrize(("noun", "by"), ALL)
def test_counts_take_one_statement_or_two(crowd: Api, noun: str, by: str) -> None:
    nobody = {"id": "01a50000-0000-7000-8000-00000000ffff"}
    for query in ({}, *(renamed(noun, each) for each in QUERIES[noun]), nobody):
        for ending in ("", ".csv"):
            crowd.server.statements.clear()
            assert crowd.get(f"/v1/stats/{noun}{ending}", by=by, **query).status_code == 200
            assert len(crowd.server.statements) == (2 if (noun, by) in TWICE else 1)


def test_nothing_found_is_counted_as_nothing(crowd: Api) -> None:
    nobody = {"id": "01a50000-0000-7000-8000-00000000ffff"}
    for noun, by in ALL:
        found = crowd.read(f"/v1/stats/{noun}", by=by, **nobody)
        zeros = dict.fromkeys(("total", "undated", "open_ended", "without"), 0)
        assert found == {"of": noun, "by": by, "items": [], **zeros}
        assert crowd.get(f"/v1/stats/{noun}.csv", by=by, **nobody).text.count("\n") == 1
