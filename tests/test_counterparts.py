"""`/v1/officials/{id}/counterparts`: whom an official met, how often, first and last."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.database.engines import make_engine
from app.models import Encounter
from app.queries.counterparts import COUNTERPARTS
from app.schemas.counterparts import CounterpartFilters, CounterpartsOf
from app.schemas.filters import IdRef
from app.schemas.parsing import parse_query
from benchmarks.pairs import PEOPLE
from tests.conftest import serving
from tests.support.api import COMPANY, MERGED, SURVIVOR, Api, accompany, asking
from tests.support.oracle import first_day, in_order, may_fall
from tests.support.plans import of_table, postgres_plan, rows_read, scans, sqlite_plan

Json = Any
OFFICIAL, PAGE, COUNT = 1, 1, 1
SORTS = ("meetings", "-meetings", "first", "-first", "last", "-last")
SILENT = ("interpreter", "notetaker", "observer")
QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"party": "SOUTH"},
    {"party": "WEST,SU"},
    {"party": "CN"},
    {"party": "US,NORTH"},
    *(
        bounds | more
        for more in ({}, {"party": "SOUTH"}, {"party": "CN,WEST"})
        for bounds in (
            {"date_from": "2001-03"},
            {"date_from": "2001-03-06"},
            {"date_to": "2001-03-04"},
            {"date_from": "2001-03-05", "date_to": "2001-03-05"},
            {"date_from": "2023-06-14", "date_to": "2023-06-18"},
            {"date_from": "2004"},
            {"date_to": "0001"},
            {"date_from": "9999-12-31"},
        )
    ),
)


def expected(api: Api, slug: str, sort: str = "-meetings", **query: str) -> list[Json]:
    """Counted from the documents alone."""
    days = {name: text for name, text in query.items() if name.startswith("date_")}
    parties = query["party"].split(",") if "party" in query else None
    met: dict[str, list[Json]] = {}
    cards: dict[str, Json] = {}
    for meeting in api.documents["meetings"]:
        present = [
            each
            for each in meeting["participants"]
            if each["official"] and each["role"] not in SILENT
        ]
        mine = [each for each in present if each["official"]["slug"] == slug]
        if meeting["status"] != "held" or not mine or not may_fall(meeting["date"], **days):
            continue
        for other in present:
            aside = other["party"] is not None and other["party"] == mine[0]["party"]
            elsewhere = parties is not None and other["party"] not in parties
            if other is mine[0] or aside or elsewhere:
                continue
            met.setdefault(other["official"]["id"], []).append(meeting)
            cards[other["official"]["id"]] = other["official"]
    found = []
    for official_id, meetings in met.items():
        dated = [each for each in meetings if each["date"]]
        dated.sort(key=lambda each: (first_day(each["date"]), each["id"]))
        found.append(
            {
                "official": cards[official_id],
                "meetings": len(meetings),
                "first": encounter(dated[0]) if dated else None,
                "last": encounter(dated[-1]) if dated else None,
            }
        )
    name = sort.removeprefix("-")

    def key(item: Json) -> Any:
        if name == "meetings":
            return item["meetings"]
        return item[name] and first_day(item[name]["date"])

    return in_order(
        found, key, lambda each: str(each["official"]["id"]), descending=sort.startswith("-")
    )


def encounter(meeting: Json) -> Json:
    card = {name: meeting[name] for name in ("id", "slug", "title")}
    return {"meeting": card, "date": meeting["date"]}


def path_of(slug: str) -> str:
    return f"/v1/officials/{slug}/counterparts"


def told(items: list[Json]) -> list[tuple[str, int, str | None, str | None]]:
    """Who, how often, and at which meetings first and last."""
    return [
        (
            each["official"]["slug"],
            each["meetings"],
            each["first"] and each["first"]["meeting"]["slug"],
            each["last"] and each["last"]["meeting"]["slug"],
        )
        for each in items
    ]


class TestTheSeed:
    """Written out from the research notes."""

    def test_blinken_met_qin_twice_and_wang_and_xi_once(self, api: Api) -> None:
        call, qin = "qin-blinken-call-2023-06", "blinken-qin-beijing-2023-06-18"
        wang, xi = "blinken-wang-beijing-2023-06-19", "blinken-xi-beijing-2023-06-19"
        page = api.read(path_of("antony-blinken"), count="exact")
        assert told(page["items"]) == [
            ("qin-gang", 2, call, qin),
            ("wang-yi", 1, wang, wang),
            ("xi-jinping", 1, xi, xi),
        ]
        assert (page["total"], page["next_cursor"]) == (3, None)
        dates = page["items"][0]["first"]["date"], page["items"][0]["last"]["date"]
        assert [each["edtf"] for each in dates] == ["2023-06-13/2023-06-14", "2023-06-18"]

    def test_xi_met_biden_in_bali_and_blinken_in_beijing(self, api: Api) -> None:
        bali = ("biden-xi-bali-2022-11-14",) * 2
        beijing = ("blinken-xi-beijing-2023-06-19",) * 2
        assert told(api.items(path_of("joe-biden"))) == [("xi-jinping", 1, *bali)]
        assert told(api.items(path_of("xi-jinping"), sort="first")) == [
            ("joe-biden", 1, *bali),
            ("antony-blinken", 1, *beijing),
        ]
        assert told(api.items(path_of("xi-jinping"), date_from="2023")) == [
            ("antony-blinken", 1, *beijing)
        ]

    def test_by_telephone_counts_and_each_of_its_local_dates_finds_it(self, api: Api) -> None:
        for day in ("2023-06-13", "2023-06-14"):
            found = api.items(path_of("qin-gang"), date_from=day, date_to=day)
            assert told(found) == [("antony-blinken", 1, *("qin-blinken-call-2023-06",) * 2)]


class TestWhoIsACounterpart:
    def test_those_who_sat_opposite_and_spoke(self, company: Api) -> None:
        # With Sam also once on a day that nobody knows; "until then" is sorted by its end.
        assert told(company.items(path_of("nora"))) == [
            ("sam", 6, "at-length", "from-then-on"),
            ("wes", 2, "that-century", "at-length"),
            ("sue", 2, "in-march", "another-chair"),
            ("otto", 1, None, None),
        ]

    def test_not_the_aides_of_ones_own_side(self, company: Api) -> None:
        names = {each["official"]["slug"] for each in company.items(path_of("nora"))}
        assert names == {"sam", "sue", "wes", "otto"}
        assert told(company.items(path_of("nils"))) == [
            ("otto", 1, None, None),
            ("sam", 1, "talks", "talks"),
        ]

    def test_nor_interpreters_notetakers_and_observers(self, company: Api) -> None:
        assert company.items(path_of("iris")) == []
        assert told(company.items(path_of("sue"))) == [("nora", 2, "in-march", "another-chair")]

    def test_nor_anybody_where_nothing_was_held(self, company: Api) -> None:
        assert company.items(path_of("lone")) == []
        timeline = company.items("/v1/relations/NORTH/SOUTH", type="meeting")
        shown = {each["record"]["slug"]: each["status"] for each in timeline}
        assert (shown["called-off"], shown["denied"]) == ("cancelled", "denied")

    def test_whose_side_nobody_knows_sat_opposite_everybody(self, company: Api) -> None:
        assert told(company.items(path_of("otto"), sort="meetings")) == [
            ("nora", 1, None, None),
            ("nils", 1, None, None),
        ]

    def test_of_a_party_are_those_who_sat_for_it_then(self, company: Api) -> None:
        for party, meetings in (("SOUTH", "in-march"), ("WEST", "another-chair")):
            found = told(company.items(path_of("nora"), party=party))
            assert ("sue", 1, meetings, meetings) in found
        assert told(company.items(path_of("nora"), party="SOUTH,WEST"))[0][0] == "sam"
        assert company.items(path_of("nora"), party="NORTH") == []
        assert company.items(path_of("nora"), party="XX") == []


class TestAgainstTheDocuments:
    def test_everyone_has_the_counterparts_that_the_documents_give(
        self, crowd: Api, company: Api
    ) -> None:
        for api in (crowd, company):
            for each in api.documents["officials"]:
                assert api.items(path_of(each["slug"])) == expected(api, each["slug"])
        assert told(crowd.items(path_of("ana-nunez"))) == [
            ("antony-blinken", 1, "gathering", "gathering")
        ]

    @pytest.mark.parametrize("sort", SORTS)
    def test_filters_and_orders_together(self, company: Api, crowd: Api, sort: str) -> None:
        for api, slug in ((company, "nora"), (company, "sam"), (crowd, "antony-blinken")):
            for query in QUERIES:
                wanted = expected(api, slug, sort=sort, **query)
                page = api.read(path_of(slug), **query, sort=sort, count="exact")
                assert page["items"] == wanted, (slug, query)
                assert page["total"] == len(wanted), (slug, query)

    def test_a_slug_and_an_id_name_the_same_official(self, company: Api) -> None:
        nora = company.one("officials", "nora")["id"]
        assert company.items(path_of(nora.upper())) == expected(company, "nora")


class TestWalking:
    @pytest.mark.parametrize("limit", [1, 2, 3, 200])
    def test_any_page_size_visits_each_counterpart_once_in_order(
        self, company: Api, limit: int
    ) -> None:
        for sort in SORTS:
            for query in QUERIES:
                whole = expected(company, "nora", sort=sort, **query)
                found = company.walk(path_of("nora"), **query, sort=sort, limit=limit)
                assert found == whole, (sort, query)

    def test_the_total_is_counted_on_request_wherever_the_walk_is(self, company: Api) -> None:
        page = company.read(path_of("nora"), limit=1)
        assert page["total"] is None
        query = {"limit": 1, "cursor": page["next_cursor"], "count": "exact"}
        assert company.read(path_of("nora"), **query)["total"] == 4

    def test_a_cursor_belongs_to_the_official_the_filters_and_the_order(self, company: Api) -> None:
        cursor = company.read(path_of("nora"), limit=1)["next_cursor"]
        nora = company.one("officials", "nora")["id"]
        assert company.items(path_of(nora), cursor=cursor) == expected(company, "nora")[1:]
        for slug, query in (
            ("sam", {"cursor": cursor}),
            ("nora", {"cursor": cursor, "sort": "-last"}),
            ("nora", {"cursor": cursor, "sort": "meetings"}),
            ("nora", {"cursor": cursor, "party": "SOUTH"}),
            ("nora", {"cursor": cursor, "date_to": "2020"}),
            ("nora", {"cursor": cursor[1:]}),
        ):
            answer = company.get(path_of(slug), **query)
            assert answer.status_code == 422, query
            assert [each["parameter"] for each in answer.json()["errors"]] == ["cursor"]


class TestHttp:
    def test_there_is_none_of_nobody_of_the_deleted_and_of_the_merged(self, crowd: Api) -> None:
        assert crowd.get(path_of("no-such-person")).status_code == 404
        assert crowd.get(path_of("CN")).status_code == 404
        assert crowd.get(path_of("nobody")).status_code == 410
        for text in ("xi-jinping-twice", MERGED):
            moved = crowd.get(path_of(text), sort="last")
            assert moved.status_code == 308
            assert moved.headers["location"] == f"{path_of(SURVIVOR)}?sort=last"

    def test_what_is_not_documented_is_refused_without_asking_the_database(self, api: Api) -> None:
        api.server.statements.clear()
        for query, parameter in (
            ({"limit": "0"}, "limit"),
            ({"sort": "name"}, "sort"),
            ({"party": "cn"}, "party"),
            ({"date_from": "2024", "date_to": "2023"}, "date_from"),
            ({"q": "xi"}, "q"),
        ):
            answer = api.get(path_of("xi-jinping"), **query)
            assert answer.status_code == 422, query
            assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]
        assert api.server.statements == []

    def test_it_has_a_tag_a_head_and_links(self, api: Api) -> None:
        path = f"{path_of('antony-blinken')}?limit=1"
        answer = api.http.get(path)
        held = api.http.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (held.status_code, held.content) == (304, b"")
        head = api.http.head(path)
        assert (head.status_code, head.headers["etag"]) == (200, answer.headers["etag"])
        assert answer.links["first"] == path
        assert answer.links["next"].startswith(f"{path}&cursor=")

    def test_a_page_takes_one_statement_and_one_for_the_official_and_for_the_total(
        self, crowd: Api
    ) -> None:
        cursor = crowd.read(path_of("antony-blinken"), limit=1)["next_cursor"]
        for slug, query, number in (
            ("antony-blinken", {}, OFFICIAL + PAGE),
            ("chen-da", {}, OFFICIAL + PAGE),
            ("antony-blinken", {"limit": 1, "cursor": cursor}, OFFICIAL + PAGE),
            ("antony-blinken", {"party": "CN,SU", "date_from": "1971"}, OFFICIAL + PAGE),
            ("antony-blinken", {"sort": "-last", "count": "exact"}, OFFICIAL + PAGE + COUNT),
        ):
            crowd.server.statements.clear()
            crowd.read(path_of(slug), **query)
            assert len(crowd.server.statements) == number, (slug, query)


class TestChanges:
    """Who met whom follows the meetings as they are published."""

    EDITS = (
        (
            "wes, name_as_given: Wes, party: WEST, role: principal",
            "lone, name_as_given: Lone, role: chair",
        ),
        ("Sam, party: SOUTH, role: host", "Sam, party: NORTH, role: host"),
        ("role: observer", "role: delegate"),
        ('date: "2005"', 'date: "1960"'),
        ('date: "2003/.."\n', "\n"),
        ("status: cancelled\n    date", "status: held\n    date"),
        ("phone_call\n    status: held", "phone_call\n    status: reported_unconfirmed"),
    )

    def test_an_edited_meeting_is_counted_as_it_reads_now(
        self, own_database: str, tmp_path: Path
    ) -> None:
        accompany(own_database)
        file = shutil.copytree(COMPANY, tmp_path / "edited") / "records.yaml"
        text = file.read_text(encoding="utf-8")
        with serving(own_database) as server:
            for old, new in self.EDITS:
                with asking(server) as api:
                    before = {slug: api.items(path_of(slug)) for slug in ("nora", "sam", "sue")}
                assert text.count(old) == 1
                text = text.replace(old, new)
                file.write_text(text, encoding="utf-8")
                accompany(own_database, file.parent)
                with asking(server) as api:
                    after = {slug: api.items(path_of(slug)) for slug in before}
                    assert after != before, old
                    for each in api.documents["officials"]:
                        assert api.items(path_of(each["slug"])) == expected(api, each["slug"])


def test_of_a_deleted_meeting_no_encounter_is_left(crowd: Api) -> None:
    engine = make_engine(crowd.server.database_url)
    with engine.connect() as connection:
        kept = set(connection.scalars(select(Encounter.meeting_id)))
    engine.dispose()
    assert kept <= {each["id"] for each in crowd.documents["meetings"]}


def of(number: int, query: str, after: tuple[Any, str] | None = None) -> CounterpartsOf:
    filters = parse_query(query.encode(), CounterpartFilters)
    more: dict[str, Any] = {"official": IdRef(PEOPLE[number])}
    if after is not None:
        more["after"] = after
    return CounterpartsOf.model_construct(
        _fields_set={*filters.model_fields_set, *more}, **{**dict(filters), **more}
    )


SPANS = "meetings USING INDEX ix_meetings_of_spans"
FORMS = ("limit=20", "limit=20&sort=-last", "limit=20&party=AA", "limit=20&date_from=1999-06")


class TestPlans:
    """On an official with three thousand encounters, and one with ten of them."""

    def test_sqlite_searches_an_index_and_scans_nothing(self, sqlite_history: Engine) -> None:
        for query in FORMS:
            for filters in (of(0, query), of(1, query), of(0, query, (2, PEOPLE[9]))):
                for part in ("page", "count"):
                    steps = sqlite_plan(sqlite_history, COUNTERPARTS, filters, part)
                    found = [step for step in steps if step.startswith("SEARCH encounters")]
                    assert len(found) == (3 if part == "page" else 1)
                    for step in found:
                        assert "COVERING INDEX ix_encounters_by_pair (official_id=?" in step
                    for table in ("encounters", "meetings", "participations", "officials"):
                        # The few meetings that may be of several days have an index.
                        read = [each for each in scans(steps, table) if SPANS not in each]
                        assert not read, steps

    @pytest.mark.postgres
    def test_postgresql_reads_the_encounters_of_the_official_and_the_first_and_last_of_each(
        self, postgres_history: Engine
    ) -> None:
        with postgres_history.connect() as connection:
            number = connection.scalar(
                select(func.count()).where(Encounter.official_id == PEOPLE[1])
            )
        assert number is not None
        for query in FORMS:
            plan = postgres_plan(postgres_history, COUNTERPARTS, of(1, query))
            found = of_table(plan, "encounters")
            assert len(found) == 3
            for node in found:
                assert node["Node Type"] != "Seq Scan", (query, node)
                assert rows_read(node) <= number, (query, node)
        plan = postgres_plan(postgres_history, COUNTERPARTS, of(0, "limit=20"))
        lookups = [node for node in of_table(plan, "encounters") if node["Actual Loops"] > 1]
        assert len(lookups) == 2
        for node in lookups:
            assert node["Index Name"] == "ix_encounters_by_pair"
            assert rows_read(node) <= 21
