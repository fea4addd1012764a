"""`/v1/relations`: what lies between two parties, in one timeline."""

import shutil
from datetime import date, timedelta
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from app.database.engines import make_engine
from app.models import Meeting, Party, Revision, TimelineEntry, Visit
from app.queries.timeline import TIMELINE
from app.schemas.filters import IdRef
from app.schemas.parsing import parse_query
from app.schemas.relations import RelationsFilters, Timeline
from benchmarks.pairs import DAYS, FIRST_DAY, ONE, OTHER, PARTY_IDS
from tests.conftest import serving
from tests.support.api import COMPANY, Api, accompany, asking
from tests.support.oracle import first_day, in_order, may_fall
from tests.support.plans import of_table, postgres_plan, rows_read, scans, sqlite_plan

Json = Any
KINDS = ("visit", "meeting", "commitment", "commitment_event")
PARTIES, PAGE, COUNT = 2, 1, 1

QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"type": "meeting"},
    {"type": "visit,commitment"},
    {"type": "commitment_event"},
    *(
        bounds | more
        for more in ({}, {"type": "meeting,commitment_event"}, {"type": "visit"})
        for bounds in (
            {"date_from": "2001-03"},
            {"date_from": "2001-03-06", "date_to": "2001-03-06"},
            {"date_to": "2001-03-04"},
            {"date_from": "1999", "date_to": "2000"},
            {"date_from": "1991-01-02", "date_to": "1992"},
            {"date_from": "1991-01-03"},
            {"date_from": "1991-01-04"},
            {"date_from": "2023-06-19"},
            {"date_from": "2005", "date_to": "2005"},
            {"date_from": "0001-01-01", "date_to": "9999"},
            {"date_from": "9999-12-31"},
            {"date_to": "0001"},
        )
    ),
)


def entries(api: Api, one: str, other: str) -> list[Json]:
    """Every entry of a pair, from the documents alone."""
    found = []
    pair = {one, other}

    def item(kind: str, record: Json, /, **more: Any) -> Json:
        card = {name: record[name] for name in ("id", "slug", "title")}
        nothing = dict.fromkeys(("status", "format", "kind", "event"))
        shown = {"type": kind, "id": record["id"], "date": record["date"], "record": card}
        return {**shown, **nothing, **more}

    for each in api.documents["visits"]:
        sides = product(each["visitor_parties"], each["host_parties"])
        if any(set(side) == pair for side in sides):
            found.append(item("visit", each, status=each["status"], kind=each["kind"]))
    found += [
        item("meeting", each, status=each["status"], format=each["format"])
        for each in api.documents["meetings"]
        if pair <= {person["party"] for person in each["participants"]}
    ]
    for each in api.documents["commitments"]:
        sides = product(*([actor["party"] for actor in each[side]] for side in ("by", "to")))
        if not any(set(side) == pair for side in sides):
            continue
        made = [event["date"] for event in each["events"] if event["event"] == "made"]
        date = each["date"] or min(made, key=lambda day: first_day(day) or "9999")
        found.append(item("commitment", each, kind=each["kind"], date=date))
        for event in each["events"]:
            if event["event"] != "made":
                happened = {
                    "kind": event["event"],
                    "actor": event["actor"],
                    "meeting": event["meeting"],
                    "note": event["note"],
                }
                found.append(
                    item(
                        "commitment_event",
                        each,
                        id=event["id"],
                        date=event["date"],
                        event=happened,
                    )
                )
    return found


def expected(api: Api, one: str, other: str, sort: str = "date", **query: str) -> list[Json]:
    kinds = query.get("type", ",".join(KINDS)).split(",")
    days = {name: text for name, text in query.items() if name.startswith("date_")}
    chosen = [
        each
        for each in entries(api, one, other)
        if each["type"] in kinds and may_fall(each["date"], **days)
    ]
    return in_order(
        chosen,
        lambda each: first_day(each["date"]),
        lambda each: str(each["id"]),
        descending=sort == "-date",
    )


def pairs_of(api: Api) -> list[tuple[str, str]]:
    return list(permutations([each["code"] for each in api.documents["parties"]], 2))


class TestTheSeed:
    """Written out from the research notes."""

    def test_the_united_states_and_china_met_in_bali_by_telephone_and_three_times_in_beijing(
        self, api: Api
    ) -> None:
        met = api.items("/v1/relations/US/CN", type="meeting,visit")
        assert [
            (each["date"]["edtf"], each["type"], each["format"], each["status"]) for each in met
        ] == [
            ("2022-11-14", "meeting", "bilateral", "held"),
            ("2023-06-13/2023-06-14", "meeting", "phone_call", "held"),
            ("2023-06-18/2023-06-19", "visit", None, "held"),
            ("2023-06-18", "meeting", "bilateral", "held"),
            ("2023-06-19", "meeting", "bilateral", "held"),
            ("2023-06-19", "meeting", "courtesy_call", "held"),
        ]
        assert [each["record"]["slug"] for each in met if each["type"] == "meeting"] == [
            "biden-xi-bali-2022-11-14",
            "qin-blinken-call-2023-06",
            "blinken-qin-beijing-2023-06-18",
            "blinken-wang-beijing-2023-06-19",
            "blinken-xi-beijing-2023-06-19",
        ]

    def test_what_was_promised_in_bali_is_there_when_it_was_made_and_again_when_reaffirmed(
        self, api: Api
    ) -> None:
        found = [
            each
            for each in api.items("/v1/relations/US/CN", type="commitment,commitment_event")
            if each["record"]["slug"] == "us-no-new-cold-war"
        ]
        assert [(each["type"], each["date"]["edtf"], each["kind"]) for each in found] == [
            ("commitment", "2022-11-14", "restraint"),
            ("commitment_event", "2023-06-19", None),
            ("commitment_event", "2023-06-19", None),
        ]
        assert found[0]["event"] is None
        assert {each["event"]["kind"] for each in found[1:]} == {"reaffirmed"}
        assert {each["event"]["meeting"]["slug"] for each in found[1:]} == {
            "blinken-wang-beijing-2023-06-19",
            "blinken-xi-beijing-2023-06-19",
        }
        assert {each["event"]["actor"]["official"]["slug"] for each in found[1:]} == {
            "antony-blinken"
        }
        assert {each["event"]["actor"]["party"] for each in found[1:]} == {"US"}

    def test_the_telephone_call_is_found_by_both_of_its_dates_once(self, api: Api) -> None:
        for day in ("2023-06-13", "2023-06-14"):
            query = {"date_from": day, "date_to": day, "type": "meeting"}
            (call,) = api.items("/v1/relations/US/CN", **query)
            assert call["record"]["slug"] == "qin-blinken-call-2023-06"

    def test_both_parties_are_introduced_in_the_order_of_the_address(self, api: Api) -> None:
        names = {"US": "United States", "CN": "China"}
        for one, other in (("US", "CN"), ("CN", "US")):
            shown = api.read(f"/v1/relations/{one}/{other}")["parties"]
            assert [(each["code"], each["name"]) for each in shown] == [
                (one, names[one]),
                (other, names[other]),
            ]
            assert all(set(each) == {"id", "code", "name"} for each in shown)


class TestAgainstTheDocuments:
    def test_every_pair_has_what_the_documents_say_in_either_order(self, crowd: Api) -> None:
        seen = set()
        for one, other in pairs_of(crowd):
            whole = crowd.items(f"/v1/relations/{one}/{other}")
            assert whole == expected(crowd, one, other), (one, other)
            seen |= {each["type"] for each in whole}
        assert seen == set(KINDS)

    def test_so_has_every_pair_of_the_company(self, company: Api) -> None:
        for one, other in pairs_of(company):
            assert company.items(f"/v1/relations/{one}/{other}") == expected(company, one, other)
        assert company.items("/v1/relations/NORTH/ALONE") == []
        assert len(company.items("/v1/relations/NORTH/SOUTH")) > 20

    @pytest.mark.parametrize("sort", ["date", "-date"])
    def test_filters_and_orders_together(self, company: Api, crowd: Api, sort: str) -> None:
        for api, pair in (
            (company, ("NORTH", "SOUTH")),
            (company, ("WEST", "NORTH")),
            (crowd, ("CN", "US")),
            (crowd, ("SU", "CN")),
        ):
            path = "/v1/relations/{}/{}".format(*pair)
            for query in QUERIES:
                wanted = expected(api, *pair, sort=sort, **query)
                page = api.read(path, **query, sort=sort, limit=200, count="exact")
                assert page["items"] == wanted, (pair, query)
                assert page["total"] == len(wanted), (pair, query)

    def test_the_company_tries_what_the_filters_are_for(self, company: Api) -> None:
        sizes = {
            len(expected(company, "NORTH", "SOUTH", **query)) for query in QUERIES if len(query) > 1
        }
        assert {0, 1} < sizes
        dates = [each["date"] for each in entries(company, "NORTH", "SOUTH")]
        assert None in dates
        assert any(each and each["earliest"] is None for each in dates)
        assert any(each and each["latest"] is None for each in dates)

    def test_a_party_goes_by_its_code_or_its_id(self, crowd: Api) -> None:
        one, other = (crowd.one("parties", code)["id"] for code in ("US", "CN"))
        whole = crowd.read("/v1/relations/US/CN", limit=7)
        for path in (f"{one}/CN", f"US/{other}", f"{one.upper()}/{other}"):
            assert crowd.read(f"/v1/relations/{path}", limit=7) == whole

    def test_what_did_not_take_place_is_there_and_says_so(self, company: Api) -> None:
        found = {
            each["record"]["slug"]: each["status"]
            for each in company.items("/v1/relations/NORTH/SOUTH", type="visit,meeting")
        }
        assert {found[slug] for slug in ("called-off", "denied", "never-came", "a-year-away")} == {
            "cancelled",
            "denied",
            "announced",
        }
        assert "side-by-side" not in found


class TestWalking:
    @pytest.mark.parametrize("limit", [1, 2, 7, 200])
    def test_any_page_size_visits_each_entry_once_in_order(self, company: Api, limit: int) -> None:
        for sort in ("date", "-date"):
            whole = expected(company, "NORTH", "SOUTH", sort=sort)
            query: dict[str, Any] = {"sort": sort, "limit": limit}
            assert company.walk("/v1/relations/NORTH/SOUTH", **query) == whole

    def test_so_it_does_under_filters(self, company: Api) -> None:
        for query in QUERIES:
            for sort in ("date", "-date"):
                whole = expected(company, "SOUTH", "NORTH", sort=sort, **query)
                found = company.walk("/v1/relations/SOUTH/NORTH", **query, sort=sort, limit=2)
                assert found == whole, (query, sort)

    def test_twenty_are_on_a_page_and_the_total_is_counted_on_request(self, company: Api) -> None:
        whole = expected(company, "NORTH", "SOUTH")
        page = company.read("/v1/relations/NORTH/SOUTH")
        assert (page["items"], page["total"]) == (whole[:20], None)
        query = {"cursor": page["next_cursor"], "count": "exact"}
        further = company.read("/v1/relations/NORTH/SOUTH", **query)
        assert (further["items"], further["total"]) == (whole[20:40], len(whole))

    def test_a_cursor_belongs_to_the_pair_the_filters_and_the_order(self, company: Api) -> None:
        path = "/v1/relations/NORTH/SOUTH"
        cursor = company.read(path, limit=3, date_from="1990")["next_cursor"]
        right = {"cursor": cursor, "date_from": "1990"}
        wanted = expected(company, "NORTH", "SOUTH", date_from="1990")
        for same in (path, "/v1/relations/SOUTH/NORTH"):
            assert company.items(same, **right) == wanted[3:]
        for other, query in (
            (path, {"cursor": cursor}),
            (path, {**right, "sort": "-date"}),
            (path, {**right, "type": "visit"}),
            (path, {**right, "date_from": "1991"}),
            (path, {**right, "cursor": cursor[:-1]}),
            (path, {**right, "cursor": cursor.swapcase()}),
            ("/v1/relations/NORTH/WEST", right),
            ("/v1/officials/nora/counterparts", {"cursor": cursor}),
        ):
            answer = company.get(other, **query)
            assert answer.status_code == 422, (other, query)
            assert [each["parameter"] for each in answer.json()["errors"]] == ["cursor"]


class TestRefusals:
    def test_unknown_parties_are_not_found(self, api: Api) -> None:
        for path in ("US/XX", "XX/US", "US/us", "US/antony-blinken", "XX/XX", "US/a_b"):
            answer = api.get(f"/v1/relations/{path}")
            assert answer.status_code == 404, path
            assert "party" in answer.json()["detail"]
        for path in ("/v1/relations", "/v1/relations/US", "/v1/relations/US/CN/FR"):
            assert api.get(path).status_code == 404

    def test_a_party_has_no_relations_with_itself(self, api: Api) -> None:
        (us,) = (each["id"] for each in api.documents["parties"] if each["code"] == "US")
        for path in ("US/US", f"US/{us}", f"{us}/US"):
            answer = api.get(f"/v1/relations/{path}")
            assert answer.status_code == 422, path
            assert [each["parameter"] for each in answer.json()["errors"]] == ["other"]

    def test_what_is_not_documented_is_refused_without_asking_the_database(self, api: Api) -> None:
        api.server.statements.clear()
        for query, parameter in (
            ({"limit": "0"}, "limit"),
            ({"limit": "201"}, "limit"),
            ({"sort": "title"}, "sort"),
            ({"type": "statement"}, "type"),
            ({"type": "visit,"}, "type"),
            ({"date_from": "2023-02-30"}, "date_from"),
            ({"date_from": "2024", "date_to": "2023"}, "date_from"),
            ({"count": "all"}, "count"),
            ({"lang": "zh"}, "lang"),
            ({"type": ["visit", "meeting"]}, "type"),
        ):
            answer = api.get("/v1/relations/US/CN", **query)
            assert answer.status_code == 422, query
            assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]
        assert api.server.statements == []


class TestHttp:
    def test_it_has_a_tag_a_head_and_links(self, api: Api) -> None:
        path = "/v1/relations/US/CN?limit=2&type=meeting"
        answer = api.http.get(path)
        held = api.http.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (held.status_code, held.content) == (304, b"")
        head = api.http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "link", "content-length"):
            assert head.headers[name] == answer.headers[name]
        assert answer.links["first"] == path
        assert answer.links["next"].startswith(f"{path}&cursor=")
        assert api.http.get("/v1/relations/CN/US?limit=2").headers["etag"] != answer.headers["etag"]

    def test_behind_a_prefix_the_links_lead_through_it(self, api: Api) -> None:
        with (
            serving(api.server.database_url, root_path="/chancery") as server,
            asking(server) as prefixed,
        ):
            answer = prefixed.get("/v1/relations/US/CN", limit=1)
            assert answer.links["first"] == "/chancery/v1/relations/US/CN?limit=1"
            assert answer.links["next"].startswith("/chancery/v1/relations/US/CN?limit=1&cursor=")


class TestStatements:
    def test_a_page_takes_one_and_one_for_each_party_and_for_the_total(self, crowd: Api) -> None:
        for path in ("US/CN", "CN/US", "SU/MM"):
            cursor = crowd.read(f"/v1/relations/{path}", limit=1)["next_cursor"]
            ways: list[tuple[dict[str, Any], int]] = [
                ({}, PARTIES + PAGE),
                ({"limit": 200, "sort": "-date"}, PARTIES + PAGE),
                ({"type": "visit,commitment_event", "date_from": "1971"}, PARTIES + PAGE),
                ({"count": "exact"}, PARTIES + PAGE + COUNT),
            ]
            if cursor is not None:
                ways.append(({"limit": 1, "cursor": cursor}, PARTIES + PAGE))
            for query, number in ways:
                crowd.server.statements.clear()
                crowd.read(f"/v1/relations/{path}", **query)
                assert len(crowd.server.statements) == number, (path, query)


class TestChanges:
    """The timeline follows the records as they are published."""

    def test_it_follows_participants_dates_and_status(
        self, own_database: str, tmp_path: Path
    ) -> None:
        accompany(own_database)
        file = shutil.copytree(COMPANY, tmp_path / "edited") / "records.yaml"
        text = file.read_text(encoding="utf-8")
        talks, dinner = (f"01a50000-0000-7000-8000-0000000007{n}" for n in ("01", "02"))
        before, _, rest = text.partition(f"id: {talks}")
        first, _, second = rest.partition(f"id: {dinner}")
        first = first.replace('date: "2001-03-05"', 'date: "1980"').replace("held", "denied")
        second = second.replace("party: SOUTH", "party: WEST", 1)
        second = second.replace('{ event: expired, date: "2009"', '{ event: expired, date: "2010"')
        file.write_text(
            f"{before}id: {talks}{first}id: {dinner}{second}".replace(
                "to: [SOUTH, WEST]", "to: [ALONE]"
            ),
            encoding="utf-8",
        )
        accompany(own_database, file.parent)
        with serving(own_database) as server, asking(server) as api:
            for one, other in pairs_of(api):
                found = api.items(f"/v1/relations/{one}/{other}")
                assert found == expected(api, one, other), (one, other)
            south = {each["id"]: each for each in api.items("/v1/relations/NORTH/SOUTH")}
            assert (south[talks]["status"], south[talks]["date"]["edtf"]) == ("denied", "1980")
            assert dinner not in south
            assert dinner in {each["id"] for each in api.items("/v1/relations/NORTH/WEST")}
            assert api.items("/v1/relations/ALONE/NORTH", type="commitment")

    def test_a_deleted_record_is_not_shown_even_where_its_entries_are_left(
        self, own_database: str
    ) -> None:
        accompany(own_database)
        engine = make_engine(own_database)
        with engine.begin() as connection:
            head = connection.scalar(select(func.max(Revision.seq)))
            for model, slug in ((Visit, "south-in-north"), (Meeting, "talks")):
                connection.execute(update(model).where(model.slug == slug).values(deleted_seq=head))
            connection.execute(update(Party).where(Party.code == "ALONE").values(deleted_seq=head))
            assert connection.scalar(select(func.count()).select_from(TimelineEntry))
        engine.dispose()
        with serving(own_database) as server, asking(server) as api:
            page = api.read("/v1/relations/NORTH/SOUTH", limit=200, count="exact")
            assert page["items"] == expected(api, "NORTH", "SOUTH")
            assert page["total"] == len(page["items"])
            assert {"south-in-north", "talks"}.isdisjoint(
                each["record"]["slug"] for each in page["items"]
            )
            assert api.get("/v1/relations/NORTH/ALONE").status_code == 410
            assert api.get("/v1/relations/ALONE/NORTH").status_code == 410


def timeline(query: str, after: tuple[date, str] | None = None) -> Timeline:
    """Validated filters with the pair of the long history, and a place in it."""
    filters = parse_query(query.encode(), RelationsFilters)
    low, high = sorted(PARTY_IDS)
    more: dict[str, Any] = {"low": IdRef(low), "high": IdRef(high)}
    if after is not None:
        more["after"] = after
    return Timeline.model_construct(
        _fields_set={*filters.model_fields_set, *more}, **{**dict(filters), **more}
    )


MIDDLE = (FIRST_DAY + timedelta(days=DAYS // 2), "00000000-0000-7000-8000-000000000000")
FORMS = [
    timeline("limit=20"),
    timeline("limit=20", MIDDLE),
    timeline("limit=20&sort=-date"),
    timeline("limit=20&sort=-date", MIDDLE),
    timeline("limit=20&type=visit"),
    timeline("limit=20&type=meeting,commitment&sort=-date", MIDDLE),
]
RANGES = [
    timeline("limit=20&date_from=1999-06"),
    timeline("limit=20&date_from=1999-06&date_to=1999-07"),
    timeline("limit=20&date_to=1999-06&sort=-date"),
    timeline("limit=20&date_from=1980-06", MIDDLE),
    timeline("limit=20&date_to=2010&sort=-date", MIDDLE),
    timeline("limit=20&date_from=1980-06&sort=-date&type=meeting,visit", MIDDLE),
]
INDEXES = (
    "ix_timeline_entries_by_date",
    "ix_timeline_entries_by_date_descending",
    "ix_timeline_entries_of_long_spans",
)
MOST_IN_A_YEAR = 150
"""More than the long history has in a year and the spans that lead into it."""


class TestPlans:
    """On a pair with a history that is long enough for a plan to matter."""

    def test_sqlite_searches_an_index_in_order_and_scans_nothing(
        self, sqlite_history: Engine
    ) -> None:
        for filters in (*FORMS, *RANGES):
            steps = sqlite_plan(sqlite_history, TIMELINE, filters)
            found = [step for step in steps if step.startswith("SEARCH timeline_entries")]
            assert len(found) == len(filters.type or KINDS) * (2 if filters in RANGES else 1)
            for step in found:
                assert "low_id=? AND high_id=? AND kind=?" in step
                if filters.after is not None and "long_spans" not in step:
                    assert ",entry_id)" in step, step
            for table in ("timeline_entries", "meetings", "visits", "commitments"):
                assert not scans(steps, table), steps
            long_ones = [step for step in found if "ix_timeline_entries_of_long_spans" in step]
            assert len(long_ones) == (len(found) // 2 if filters in RANGES else 0)
            counted = sqlite_plan(sqlite_history, TIMELINE, filters, "count")
            assert not scans(counted, "timeline_entries")

    @pytest.mark.postgres
    def test_postgresql_reads_no_more_entries_than_a_page_shows(
        self, postgres_history: Engine
    ) -> None:
        for filters in FORMS:
            plan = postgres_plan(postgres_history, TIMELINE, filters)
            found = of_table(plan, "timeline_entries")
            assert len(found) == len(filters.type or KINDS)
            for node in found:
                assert node["Index Name"] in INDEXES, node
                assert all(name in node["Index Cond"] for name in ("low_id", "high_id", "kind"))
                assert rows_read(node) <= filters.limit + 10, node

    @pytest.mark.postgres
    def test_postgresql_reads_little_before_a_range_of_days(self, postgres_history: Engine) -> None:
        for filters in RANGES:
            plan = postgres_plan(postgres_history, TIMELINE, filters)
            found = of_table(plan, "timeline_entries")
            assert len(found) == 2 * len(filters.type or KINDS)
            for node in found:
                assert "Scan" in node["Node Type"]
                assert node["Node Type"] != "Seq Scan", (node, filters)
                assert rows_read(node) <= MOST_IN_A_YEAR, node

    def test_the_history_is_that_of_the_pair(self, sqlite_history: Engine) -> None:
        assert (ONE, OTHER) == ("AA", "AB")
        with sqlite_history.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(TimelineEntry)) == 3_030
