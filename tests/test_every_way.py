"""By whichever of its filters a page is led, and however, it holds the same records.

What is asked for is what `benchmarks/filters.py` measures, of a record in which much is undated and
much spans several days.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from app.database.sqlite_reading import adapt
from app.lane.statements import Prepared
from app.queries.leading import GATHER, ORDER, PLAIN, RANGES, Lead
from app.queries.resources import RESOURCES
from app.schemas.parsing import parse_query
from benchmarks.filters import queries
from tests.conftest import scratch_postgres
from tests.support.filled import Asking, filled

PAGES = 3
"""So many are turned."""

SEVERAL = {
    number: {
        "topic": ",".join(f"topic-{each}" for each in range(number)),
        "party": ",".join(f"Q{each:03}" for each in range(number)),
    }
    for number in (9, 25)
}
"""More alternatives than have ranges of their own, and more than have parameters of their own."""

MANY = tuple(
    f"{query}{sort}"
    for some in SEVERAL.values()
    for query in (
        f"meetings?topic={some['topic']}",
        f"meetings?country={some['party']}",
        f"meetings?country={some['party']}&topic={some['topic']}",
        f"meetings?topic={some['topic']}&date_from=1990&date_to=1995",
        f"meetings?participant=person-0&topic={some['topic']}",
        f"statements?party={some['party']}&topic=topic-0",
        f"statements?perspective={some['party']}",
        f"commitments?topic={some['topic']}&event=withdrawn",
        f"commitments?perspective={some['party']}&source=source-0",
        f"visits?host={some['party']}&visitor_level=other",
    )
    for sort in ("", "&sort=-date")
)
QUERIES = (*queries(), *MANY)


def ways(found: list[Any], *, is_by_day: bool) -> Iterator[Lead]:
    yield Lead(ORDER)
    for each in found:
        yield Lead(GATHER, each.number)
        if is_by_day and each.is_ordered:
            yield Lead(RANGES, each.number)


class Turning:
    """Turns the pages of a list, as the API would, led as it is told."""

    def __init__(self, engine: Engine, query: str, limit: int = 7, pages: int = PAGES) -> None:
        self.engine, self.asking, self.most = engine, Asking(engine), pages
        path, _, asked = query.partition("?")
        self.resource = RESOURCES[path]
        filters: Any = parse_query(
            f"{asked}&limit={limit}".lstrip("&").encode(), self.resource.filters
        )
        self.filters = filters
        self.key_type = self.resource.sorts[filters.sort.removeprefix("-")].type
        self.choices = self.asking.statements.choices(self.resource, filters)

    def key(self, value: Any) -> Any:
        """A sort key as a cursor has it."""
        if isinstance(value, str) and issubclass(self.key_type, date):
            return self.key_type.fromisoformat(value)
        return value

    def pages(self, lead: Lead) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        position = None
        for number in range(self.most):
            rows, for_its_tag = (
                self.rows(
                    self.asking.statements.page(
                        *(self.resource, self.filters, lead),
                        further=number > 0,
                        bodies=False,
                        whole=whole,
                    ),
                    position,
                )
                for whole in (True, False)
            )
            assert [row[0] for row in for_its_tag] == [row[0] for row in rows], lead
            found += [(self.key(row[1]), str(row[2])) for row in rows[: self.filters.limit]]
            if len(rows) <= self.filters.limit:
                break
            _, key, last = rows[self.filters.limit - 1]
            position = self.key(key), str(last)
        return found

    def rows(self, prepared: Prepared, position: Any) -> list[Any]:
        values = prepared.values(self.filters, position)
        if self.asking.is_sqlite:
            values = [adapt(value) for value in values]
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(prepared.compiled.sql, tuple(values)).all())


def held_to(engine: Engine, query: str) -> None:
    turning = Turning(engine, query)
    expected = turning.pages(Lead(PLAIN))
    for lead in ways(turning.choices, is_by_day=turning.key_type is date):
        assert turning.pages(lead) == expected, (query, lead)


@pytest.mark.parametrize("query", QUERIES)
def test_sqlite_finds_the_same(sqlite_filled: Engine, query: str) -> None:
    held_to(sqlite_filled, query)


@pytest.mark.parametrize("query", QUERIES)
def test_postgres_finds_the_same(postgres_filled: Engine, query: str) -> None:
    held_to(postgres_filled, query)


LISTED = {
    "visits": ("visit_parties", "visit_travellers", "citations"),
    "meetings": ("participations", "meeting_topics", "citations"),
    "statements": (
        "statement_addressees",
        "statement_co_speakers",
        "statement_topics",
        "citations",
    ),
    "commitments": (
        *("commitment_actors", "commitment_topics", "citations"),
        *("commitment_events", "assessments"),
    ),
    "sources": (),
}
"""The parts that say on what day their record is listed."""

AT_THE_ENDS = (
    ("9999-12-31", "9999-12-31", "9999-12-31"),
    ("0001-01-01", "0001-01-01", "0001-01-01"),
    ("../9999-12-31", None, "9999-12-31"),
    ("9999-12-31/..", "9999-12-31", None),
    (None, None, None),
    ("9999-12-30/9999-12-31", "9999-12-30", "9999-12-31"),
    ("../0001-01-01", None, "0001-01-01"),
    ("0001-01-01/..", "0001-01-01", None),
    ("0001-01-01/9999-12-31", "0001-01-01", "9999-12-31"),
)
EVERY = 4
"""Of the records this many-th is dated so, in turn."""

LED_AT_THE_ENDS = tuple(
    f"{query}&{days}"
    for query in (
        "meetings?country=Q000,Q001",
        "meetings?country=Q000&format=bilateral",
        "meetings?topic=topic-0,topic-1&status=held",
        "meetings?participant=person-0",
        "meetings?party=Q000&party=Q001",
        f"meetings?topic={SEVERAL[25]['topic']}",
        "meetings?updated_since=2000-01-01T00:00:00Z",
        "statements?topic=topic-0,topic-1",
        f"statements?perspective={SEVERAL[25]['party']},press",
        "commitments?by=Q000&topic=topic-0,topic-1",
        "visits?visitor_party=Q000,Q001",
    )
    for days in (
        "date_to=1000",
        "date_from=9000",
        "date_from=9999-12-31",
        "date_from=9999-12-31&date_to=9999-12-31",
        "date_from=0001-01-01&date_to=9999-12-31",
    )
)


def date_at_the_ends(engine: Engine) -> None:
    """Have much of a record be of the first day that there is, much of the last, and as much be
    undated.
    """

    def quoted(value: str | None) -> str:
        return "NULL" if value is None else f"'{value}'"

    with engine.begin() as connection:
        send = connection.exec_driver_sql
        for table, parts in LISTED.items():
            ids = send(f"SELECT id FROM {table} ORDER BY id").scalars().all()[::EVERY]
            for number, (edtf, earliest, latest) in enumerate(AT_THE_ENDS):
                day = earliest or latest
                dated = {
                    "edtf": edtf,
                    "earliest": earliest,
                    "latest": latest,
                    "ascends": day or "9999-12-31",
                    "descends": day or "0001-01-01",
                }
                columns = ", ".join(f"date_{name} = {quoted(dated[name])}" for name in dated)
                chosen = ", ".join(f"'{each}'" for each in ids[number :: len(AT_THE_ENDS)])
                send(f"UPDATE {table} SET {columns} WHERE id IN ({chosen})")
            for part in parts:
                owner = f"{part}.{table.removesuffix('s')}_id"
                day = f"SELECT date_ascends FROM {table} WHERE {table}.id = {owner}"
                send(f"UPDATE {part} SET listed_on = ({day}) WHERE {owner} IS NOT NULL")


# Databases of their own: rows that are written leave something behind, which plans of others would
# show, and so does a transaction that stays open, by which PostgreSQL passes over new indexes.


@pytest.fixture(scope="module")
def sqlite_at_the_ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    for engine in filled(f"sqlite:///{tmp_path_factory.mktemp('ends') / 'chancery.db'}"):
        date_at_the_ends(engine)
        yield engine


@pytest.fixture(scope="module")
def postgres_at_the_ends(postgres_base_url: str) -> Iterator[Engine]:
    with scratch_postgres(postgres_base_url) as url:
        for engine in filled(url):
            date_at_the_ends(engine)
            yield engine


def held_at_the_ends(engine: Engine, query: str) -> None:
    """Whole lists, in either order."""
    for sort in ("", "&sort=-date"):
        turning = Turning(engine, query + sort, limit=60, pages=30)
        expected = turning.pages(Lead(PLAIN))
        assert len(set(expected)) == len(expected)
        for lead in ways(turning.choices, is_by_day=turning.key_type is date):
            assert turning.pages(lead) == expected, (query, sort, lead)


TO_THE_ENDS = tuple(
    query
    for query in (*queries(), *MANY, *LED_AT_THE_ENDS)
    if query.partition("?")[0] in LISTED and "sort=" not in query and "=" in query
)


@pytest.mark.parametrize("query", TO_THE_ENDS)
def test_sqlite_finds_records_of_the_first_day_and_of_the_last(
    sqlite_at_the_ends: Engine, query: str
) -> None:
    held_at_the_ends(sqlite_at_the_ends, query)


@pytest.mark.parametrize("query", TO_THE_ENDS)
def test_postgres_finds_records_of_the_first_day_and_of_the_last(
    postgres_at_the_ends: Engine, query: str
) -> None:
    held_at_the_ends(postgres_at_the_ends, query)
