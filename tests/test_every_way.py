"""By whichever of its filters a page is led, and however, it holds the same records.

What is asked for is what `benchmarks/filters.py` measures, of a record in which much is undated and
much spans several days.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from app.database.sqlite_reading import adapt
from app.lane.statements import Prepared
from app.models.base import FIRST_DAY, LAST_DAY
from app.queries.pages import GATHER, ORDER, PLAIN, RANGES, Lead
from app.queries.resources import RESOURCES
from app.schemas.parsing import parse_query
from benchmarks.filters import queries
from tests.support.filled import Asking

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

    def __init__(self, engine: Engine, query: str) -> None:
        self.engine, self.asking = engine, Asking(engine)
        path, _, asked = query.partition("?")
        self.resource = RESOURCES[path]
        filters: Any = parse_query(f"{asked}&limit=7".lstrip("&").encode(), self.resource.filters)
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
        for number in range(PAGES):
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


OF_DAYS = ("edtf", "earliest", "latest", "ascends", "descends")
PARTS = {
    "meetings": ("participations", "meeting_topics", "citations"),
    "statements": ("statement_topics", "citations"),
}
FIRST_AND_LAST: tuple[tuple[str, date, dict[str, str]], ...] = (
    ("meetings", FIRST_DAY, {}),
    ("meetings", LAST_DAY, {}),
    ("statements", FIRST_DAY, {}),
    ("statements", LAST_DAY, {}),
    # On that day or on any before.
    ("meetings", LAST_DAY, {"edtf": "'../9999-12-31'", "earliest": "NULL"}),
)
OF_THE_LAST_DAY = ("from=9999-12-31", "from=9999-12-31&date_to=9999-12-31")
AT_THE_ENDS = tuple(
    f"{query}{days}{sort}"
    for query in (
        f"meetings?topic={SEVERAL[25]['topic']}",
        f"meetings?topic={SEVERAL[25]['topic']}&status=held",
        "meetings?updated_since=2000-01-01T00:00:00Z",
        f"statements?perspective={SEVERAL[25]['party']},press",
    )
    for days in ("", *(f"&date_{each}" for each in ("to=1000", "from=9000", *OF_THE_LAST_DAY)))
    for sort in ("", "&sort=-date")
)


@pytest.fixture
def at_the_ends(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A record of which some are of the first day that there is, and of the last."""
    engine: Engine = request.getfixturevalue(request.param)
    with engine.connect() as connection, connection.begin() as begun:
        for number, (table, day, but) in enumerate(FIRST_AND_LAST):
            found = f"SELECT id FROM {table} WHERE date_earliest = date_latest ORDER BY id"
            chosen = connection.exec_driver_sql(f"{found} LIMIT 1 OFFSET {number}").scalar_one()
            dated = dict.fromkeys(OF_DAYS, f"'{day}'") | but
            days = ", ".join(f"date_{name} = {value}" for name, value in dated.items())
            connection.exec_driver_sql(f"UPDATE {table} SET {days} WHERE id = '{chosen}'")
            for part in PARTS[table]:
                owner = f"{table.removesuffix('s')}_id"
                connection.exec_driver_sql(
                    f"UPDATE {part} SET listed_on = '{day}' WHERE {owner} = '{chosen}'"
                )
        yield Within(connection)  # type: ignore[misc]
        begun.rollback()


class Within:
    """Gives one connection for an engine, so that what is asked sees what is not committed."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.dialect = connection, connection.dialect

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        yield self.connection


@pytest.mark.parametrize("at_the_ends", ["sqlite_filled", "postgres_filled"], indirect=True)
@pytest.mark.parametrize("query", AT_THE_ENDS)
def test_records_of_the_first_day_and_of_the_last_are_found(
    at_the_ends: Engine, query: str
) -> None:
    turning = Turning(at_the_ends, query)
    expected = turning.pages(Lead(PLAIN))
    for lead in ways(turning.choices, is_by_day=turning.key_type is date):
        assert turning.pages(lead) == expected, lead
