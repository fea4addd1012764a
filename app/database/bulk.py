"""Many new rows at once, past the unit of work: straight to the driver, in the form it stores.

SQLite takes them by one prepared statement, PostgreSQL by COPY. Constraints, triggers and indexes
hold as ever; what a column's type would refuse has to have been refused before.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Dialect,
    Enum,
    Table,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class RawJson:
    """JSON that is a text already."""

    text: str


@contextmanager
def undisturbed() -> Iterator[None]:
    """No look for garbage while many rows are made, which are let go of as they are written.

    Each look went through everything that the program has loaded, and nobody was answered
    meanwhile, for a third of a second.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


def json_text(value: Any) -> str:
    """How a JSON column stores a value."""
    return value.text if isinstance(value, RawJson) else orjson.dumps(value).decode()


def day_text(value: date) -> str:
    return value.isoformat()


def sqlite_instant(value: datetime) -> str:
    """As SQLAlchemy has SQLite store it: in UTC, without saying so."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def term_text(value: Any) -> str:
    """A member of a vocabulary without being one, which drivers take more quickly."""
    return str(value)


def conversion(kind: TypeEngine[Any], *, sqlite: bool) -> Convert | None:
    """What makes a Python value of a column one that the driver stores; None where it is one."""
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    match kind:
        case Enum():
            return term_text
        case JSON():
            return json_text
        case DateTime():
            return sqlite_instant if sqlite else None
        case Date():
            return day_text
        case Boolean():
            return int if sqlite else None
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Way:
    """How rows get into one table."""

    statement: str
    names: tuple[str, ...]
    conversions: tuple[tuple[int, Convert], ...]

    def values(self, rows: Iterable[Any], read: Callable[[Any], Any]) -> Iterable[Sequence[Any]]:
        for row in rows:
            found = list(read(row))
            for place, convert in self.conversions:
                if found[place] is not None:
                    found[place] = convert(found[place])
            yield found


@cache
def way_into(table: Table, dialect: Dialect) -> Way:
    """Numbers that the database gives are left to it."""
    sqlite = dialect.name == "sqlite"
    columns = [each for each in table.columns if each is not table.autoincrement_column]
    names = tuple(each.name for each in columns)
    quoted = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
    said = (
        f"INSERT INTO {table.name} ({quoted}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
        if sqlite
        else f"COPY {table.name} ({quoted}) FROM STDIN"
    )
    kinds = (conversion(each.type.dialect_impl(dialect), sqlite=sqlite) for each in columns)
    conversions = tuple((place, kind) for place, kind in enumerate(kinds) if kind is not None)
    return Way(said, names, conversions)


def put_rows(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """Insert rows that have an attribute for each column."""
    if rows:
        way = way_into(table, connection.dialect)
        send(connection, way, way.values(rows, attrgetter(*way.names)))


def put_mappings(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that have an item for each column."""
    if rows:
        way = way_into(table, connection.dialect)
        send(connection, way, way.values(rows, itemgetter(*way.names)))


def set_values(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Set some columns of rows that have their primary key beside them, all of them the same."""
    if not rows:
        return
    (key,) = table.primary_key
    names = [name for name in rows[0] if name != key.name]
    statement = (
        table.update()
        .where(key == bindparam("key"))
        .values({name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names})
    )
    given = [{"key": row[key.name], **{f"to_{name}": row[name] for name in names}} for row in rows]
    connection.execute(statement, given)


def send(connection: Connection, way: Way, values: Iterable[Sequence[Any]]) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(way.statement, [tuple(each) for each in values])
        return
    driver: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(way.statement) as copy:
            for row in values:
                copy.write_row(row)
    except errors as error:
        said = DBAPIError.instance(
            way.statement, None, error, errors, dialect=connection.dialect, ismulti=True
        )
        raise said from error
