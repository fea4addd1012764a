"""A pair of parties with a long history, and how the databases find their way in it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.database.postgres_reading import PostgresReader
from app.database.sqlite_reading import SqliteReader, adapt
from app.lane.computed import prepare
from app.lane.statements import Statements
from app.queries.base import Computed
from benchmarks.pairs import fill
from tests.conftest import scratch_postgres

MEETINGS = 3_000
"""So many that no database reads all of them where it need not."""


@pytest.fixture(scope="session")
def sqlite_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("history") / "chancery.db"
    yield from filled(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def postgres_history(postgres_base_url: str) -> Iterator[Engine]:
    with scratch_postgres(postgres_base_url) as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    migrate(engine)
    fill(engine, MEETINGS)
    yield engine
    engine.dispose()


def sent(engine: Engine, listing: Computed, filters: Any, part: Any = "page") -> tuple[str, Any]:
    """The statement of a page or of a total, as the API sends it, with its values."""
    reader = SqliteReader if engine.dialect.name == "sqlite" else PostgresReader

    class Compiling:
        dialect = reader.dialect

        def compile(self, statement: Any) -> Any:
            return reader.compile(self, statement)  # type: ignore[arg-type]

    prepared = prepare(Statements(Compiling()), part, listing, filters)  # type: ignore[arg-type]
    values = prepared.values(filters)
    if engine.dialect.name == "sqlite":
        values = [adapt(value) for value in values]
    return prepared.compiled.sql, tuple(values)


def sqlite_plan(engine: Engine, listing: Computed, filters: Any, part: Any = "page") -> list[str]:
    """The steps of SQLite's plan."""
    sql, values = sent(engine, listing, filters, part)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        return [row[3] for row in rows]


def scans(steps: list[str], table: str) -> list[str]:
    """The steps that read a whole table or a whole index of it, under whichever alias."""
    return [step for step in steps if re.match(rf"SCAN {table}(_\d+)?\b", step)]


def postgres_plan(
    engine: Engine, listing: Computed, filters: Any, part: Any = "page"
) -> list[dict[str, Any]]:
    """The nodes of PostgreSQL's plan, with what they did when it was carried out."""
    sql, values = sent(engine, listing, filters, part)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).scalar()
    plan: Any = json.loads(found) if isinstance(found, str) else found
    return list(nodes(plan[0]["Plan"]))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def of_table(plan: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    return [node for node in plan if node.get("Relation Name") == table]


def rows_read(node: dict[str, Any]) -> float:
    """What a node took from its index, what it threw away included; of all its loops."""
    kept, dropped = node["Actual Rows"], node.get("Rows Removed by Filter", 0)
    return float((kept + dropped) * node["Actual Loops"])
