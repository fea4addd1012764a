"""A small record of everything, and how the databases find their way in its lists."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.database.postgres_reading import PostgresReader
from app.database.sqlite_reading import SqliteReader, adapt
from app.lane.leads import Choice
from app.lane.statements import Prepared, Statements
from app.queries.leading import GATHER, ORDER, RANGES, Lead
from app.queries.resources import RESOURCES
from app.schemas.parsing import parse_query
from benchmarks.spread import Sizes, fill
from tests.conftest import scratch_postgres
from tests.support.plans import nodes

MEETINGS, NEIGHBOURS = 1_500, Sizes(officials=500, sources=500)


@pytest.fixture(scope="session")
def sqlite_filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    yield from filled(f"sqlite:///{tmp_path_factory.mktemp('filled') / 'chancery.db'}")


@pytest.fixture(scope="session")
def postgres_filled(postgres_base_url: str) -> Iterator[Engine]:
    with scratch_postgres(postgres_base_url) as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    migrate(engine)
    fill(engine, MEETINGS, neighbours=NEIGHBOURS)
    yield engine
    engine.dispose()


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as the API sends it, and how the page was to be come by; None for a count."""

    lead: Lead | None
    sql: str
    values: tuple[Any, ...]


class Asking:
    """Makes the statements of lists for one database, without sending them."""

    def __init__(self, engine: Engine) -> None:
        self.is_sqlite = engine.dialect.name == "sqlite"
        reader = SqliteReader if self.is_sqlite else PostgresReader

        class Compiling:
            dialect = reader.dialect

            def compile(self, statement: Any) -> Any:
                return reader.compile(self, statement)  # type: ignore[arg-type]

        self.statements = Statements(Compiling())  # type: ignore[arg-type]

    def sent(self, query: str) -> Iterator[Sent]:
        """Everything that may be sent for a query, however rare what it asks for is."""
        path, _, asked = query.partition("?")
        resource = RESOURCES[path]
        filters: Any = parse_query(asked.encode(), resource.filters)
        found = self.statements.choices(resource, filters)
        for each in found:
            if each.size is None:
                yield self.ready(None, each.counting(), filters)
        for lead in leads(found, is_by_day=filters.sort.endswith(("date", "start"))):
            page = self.statements.page(resource, filters, lead, further=False, bodies=True)
            yield self.ready(lead, page, filters)

    def ready(self, lead: Lead | None, prepared: Prepared, filters: Any) -> Sent:
        values = prepared.values(filters)
        if self.is_sqlite:
            values = [adapt(value) for value in values]
        return Sent(lead, prepared.compiled.sql, tuple(values))


def leads(found: list[Choice], *, is_by_day: bool) -> Iterator[Lead]:
    ordered = is_by_day and any(each.is_ordered for each in found)
    if not ordered:
        yield Lead(ORDER)
    for each in found:
        yield Lead(RANGES if is_by_day and each.is_ordered else GATHER, each.number)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of SQLite's plan, and the step that it is a part of."""

    detail: str
    within: str


def sqlite_steps(engine: Engine, sent: Sent) -> list[Step]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent.sql}", sent.values).all()
    names = {row[0]: row[3] for row in rows}
    return [Step(row[3], names.get(row[1], "")) for row in rows]


AS_IF_ROWS_WERE_MANY = ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "hashagg", "sort")
"""What PostgreSQL does with few rows, and would not do with many, where it has another way."""


def postgres_nodes(engine: Engine, sent: Sent) -> list[dict[str, Any]]:
    """The nodes of PostgreSQL's plan, as if there were a thousand times as many rows."""
    with engine.connect() as connection:
        for each in AS_IF_ROWS_WERE_MANY:
            connection.exec_driver_sql(f"SET LOCAL enable_{each} = off")
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {sent.sql}"
        found = connection.exec_driver_sql(explained, sent.values).scalar()
    plan: Any = json.loads(found) if isinstance(found, str) else found
    return list(nodes(plan[0]["Plan"]))
