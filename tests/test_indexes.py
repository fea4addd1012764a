"""Indexes by columns that are empty in most rows: what asks for a value finds them still."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Index, select

from app.database.dialects import one_of
from app.database.postgres_reading import PostgresReader
from app.database.sqlite_reading import SqliteReader, adapt
from app.lane.statements import Statements
from app.models import Base, Citation, Claim, Identifier
from app.models.base import table_of
from app.models.claims import CITED, CLAIMED, LISTED_BY_SOURCE
from app.models.identifiers import IDENTIFIED
from app.queries.resources import RESOURCES
from tests.support.filled import AS_IF_ROWS_WERE_MANY
from tests.support.plans import nodes, scans

OWNED = ((Citation, CITED), (Claim, CLAIMED), (Identifier, IDENTIFIED))
"""Tables whose rows belong to one record each, and the columns that say to which."""


def of_what_is_filled() -> Iterator[Index]:
    """The indexes whose only condition is that their first column is filled."""
    for table in Base.metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            first = next(iter(index.columns)).name
            if str(index.dialect_options["sqlite"]["where"]) == f"{first} IS NOT NULL":
                yield index


def referred_to(index: Index) -> list[str]:
    """The tables that an index's first column refers to, alone or with another."""
    return sorted({key.column.table.name for key in next(iter(index.columns)).foreign_keys})


FILLED = {str(index.name): index for index in of_what_is_filled()}


def questions(index: Index, engine: Engine) -> Iterator[Any]:
    """One value, some, as many as one likes, a join: how the rows of an owner are asked for."""
    table: Any = index.table
    column = next(iter(index.columns))
    key = next(iter(table.primary_key))
    some = [f"00000000-0000-7000-8000-{number:012d}" for number in range(3)]
    yield select(key).where(column == some[0])
    yield select(key).where(column.in_(some))
    yield select(key).where(one_of(engine.dialect, column, some))
    for foreign in column.foreign_keys:
        owner = foreign.column.table
        way = owner.alias()
        yield (
            select(key).select_from(way).join(table, column == way.c.id).where(way.c.id == some[0])
        )
        yield select(way.c.id).where(
            way.c.id == some[0], select(key).where(column == way.c.id).exists()
        )


def test_no_row_is_in_the_index_of_an_owner_that_it_does_not_have() -> None:
    for model, columns in OWNED:
        indexes = {
            next(iter(index.columns)).name: index
            for index in table_of(model).indexes
            if next(iter(index.columns)).name in columns
        }
        assert set(indexes) == set(columns)
        assert all(index.name in FILLED for index in indexes.values()), model


@pytest.mark.parametrize("name", FILLED)
def test_sqlite_finds_rows_by_what_is_filled(sqlite_filled: Engine, name: str) -> None:
    index = FILLED[name]
    for question in questions(index, sqlite_filled):
        compiled = question.compile(sqlite_filled, compile_kwargs={"render_postcompile": True})
        values = tuple(compiled.params[each] for each in compiled.positiontup)
        with sqlite_filled.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
        steps = [row[3] for row in plan]
        assert any(name in step for step in steps), (str(compiled), steps)


@pytest.mark.parametrize("name", [name for name in FILLED if referred_to(FILLED[name])])
def test_sqlite_looks_by_them_for_what_refers_to_a_deleted_row(
    sqlite_filled: Engine, name: str
) -> None:
    with sqlite_filled.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND name = ?", (name,)
        )
        root = found.scalar_one()
        steps = [
            step
            for table in referred_to(FILLED[name])
            for step in connection.exec_driver_sql(f"EXPLAIN DELETE FROM {table}")
        ]
    # Opcode and second operand: which tree a cursor is opened on.
    assert ("OpenRead", root) in {(step[1], step[3]) for step in steps}


READ_WHOLE = [f"ix_citations_of_{column[:-3]}_by_source" for column in LISTED_BY_SOURCE]
"""Indexes that begin with the source. With as few rows as here one is as soon read from end to end
as another is looked into.
"""


@pytest.mark.parametrize("name", FILLED)
def test_postgres_finds_rows_by_what_is_filled(postgres_filled: Engine, name: str) -> None:
    index = FILLED[name]
    for question in questions(index, postgres_filled):
        with postgres_filled.connect() as connection:
            for each in AS_IF_ROWS_WERE_MANY:
                connection.exec_driver_sql(f"SET LOCAL enable_{each} = off")
            for rival in READ_WHOLE:  # comes back when the transaction is given up
                connection.exec_driver_sql(f"DROP INDEX {rival}")
            compiled = question.compile(
                postgres_filled, compile_kwargs={"render_postcompile": True}
            )
            found = connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params
            ).scalar()
        plan: Any = json.loads(found) if isinstance(found, str) else found
        used = {each.get("Index Name") for each in nodes(plan[0]["Plan"])}
        assert name in used, (str(compiled), used)


INCLUDED = [(path, name) for path, each in RESOURCES.items() for name in each.relations]


def included(engine: Engine, path: str, name: str) -> tuple[str, tuple[Any, ...]]:
    """The statement of what is included, as the API sends it, with the id of nobody."""
    is_sqlite = engine.dialect.name == "sqlite"
    reader = SqliteReader if is_sqlite else PostgresReader

    class Compiling:
        dialect = reader.dialect

        def compile(self, statement: Any) -> Any:
            return reader.compile(self, statement)  # type: ignore[arg-type]

    statements = Statements(Compiling())  # type: ignore[arg-type]
    compiled = statements.included(RESOURCES[path].relations[name])
    ids = [str(UUID(int=0))]
    return compiled.sql, tuple(adapt(ids) if is_sqlite else ids for _ in compiled.names)


@pytest.mark.parametrize(("path", "name"), INCLUDED)
def test_sqlite_looks_up_what_is_included(sqlite_filled: Engine, path: str, name: str) -> None:
    sql, values = included(sqlite_filled, path, name)
    with sqlite_filled.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    steps = [row[3] for row in plan]
    whole = [step for table in Base.metadata.tables for step in scans(steps, table)]
    assert whole == [], steps
    assert not any("AUTOMATIC" in step for step in steps), steps


@pytest.mark.parametrize(("path", "name"), INCLUDED)
def test_postgres_looks_up_what_is_included(postgres_filled: Engine, path: str, name: str) -> None:
    sql, values = included(postgres_filled, path, name)
    with postgres_filled.connect() as connection:
        for each in ("seqscan", "hashjoin", "mergejoin"):
            connection.exec_driver_sql(f"SET LOCAL enable_{each} = off")
        found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", values).scalar_one()
        read = [node for node in nodes(found[0]["Plan"]) if "Relation Name" in node]
        whole = [node for node in read if {"Index Cond", "Recheck Cond"}.isdisjoint(node)]
        indexes = connection.exec_driver_sql("SELECT relname, reltuples FROM pg_class").all()
    entries = dict(map(tuple, indexes))
    assert read
    # An index without an entry is as soon read as looked into.
    assert [node for node in whole if entries.get(node.get("Index Name")) != 0] == []
