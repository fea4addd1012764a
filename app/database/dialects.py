"""Pieces of statements that the two databases write differently."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Text,
    and_,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, UUID
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

ENTRIES = table(
    "search_entries", column("number"), column("kind"), column("record_id"), column("tokens")
)
FULL_TEXT = table("search_index", column("rowid"), column("tokens"))


def among(dialect: Dialect, subject: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`subject` is one of the ids of a single list-valued parameter."""
    if dialect.name == "postgresql":
        array: BindParameter[Any] = bindparam(name, type_=ARRAY(UUID(as_uuid=False)))
        return subject == any_(array)
    listed = func.json_each(bindparam(name, type_=Text())).table_valued("value")
    return subject.in_(select(listed.c.value))


def one_of(dialect: Dialect, subject: Any, values: Iterable[str]) -> Any:
    """`subject` is one of some texts or ids, however many: they travel as one parameter."""
    if dialect.name == "postgresql":
        array: BindParameter[Any] = bindparam(None, list(values), type_=ARRAY(subject.type))
        return subject == any_(array)
    listed = func.json_each(bindparam(None, json.dumps(list(values)), type_=Text()))
    return subject.in_(select(listed.table_valued("value").c.value))


def holds_all(
    dialect: Dialect, record_id: ColumnElement[Any], kind: str, name: str
) -> ColumnElement[bool]:
    """A record's search text holds every token of the parameter, a `token_query`."""
    entries = select(ENTRIES.c.record_id).where(ENTRIES.c.kind == literal_column(f"'{kind}'"))
    if dialect.name == "postgresql":
        asked = bindparam(name, type_=TSQUERY())
        return record_id.in_(entries.where(ENTRIES.c.tokens.bool_op("@@")(asked)))
    entries = entries.join(FULL_TEXT, FULL_TEXT.c.rowid == ENTRIES.c.number)
    matched = literal_column("search_index").bool_op("MATCH")(bindparam(name, type_=Text()))
    return record_id.in_(entries.where(matched))


def token_query(dialect: Dialect, tokens: Sequence[str]) -> str:
    """Tokens as the query of `holds_all`; they hold only letters and digits."""
    if dialect.name == "postgresql":
        return " & ".join(tokens)
    return " AND ".join(f'"{token}"' for token in tokens)


def unled(dialect: Dialect, subject: ColumnElement[Any]) -> ColumnElement[Any]:
    """`subject` where no index of it is to lead the way.

    SQLite knows nothing of how often a value occurs, and might follow it; PostgreSQL does.
    """
    if dialect.name == "postgresql":
        return subject
    return UnaryExpression(subject, operator=custom_op("+"), type_=subject.type)


DAYS_OF_A_LONG_SPAN = 366
"""Filters look no further back than this for spans that are not long."""

LONG_SPAN = {
    "sqlite": "(date_earliest IS NULL) <> (date_latest IS NULL)"
    f" OR julianday(date_latest) - julianday(date_earliest) > {DAYS_OF_A_LONG_SPAN}",
    "postgresql": "(date_earliest IS NULL) <> (date_latest IS NULL)"
    f" OR date_latest - date_earliest > {DAYS_OF_A_LONG_SPAN}",
}
"""The condition of an index that holds long spans only; `is_long` in the words of an index."""


SPAN = (
    "(date_earliest <> date_latest OR date_earliest IS NULL OR date_latest IS NULL)"
    " AND date_edtf IS NOT NULL"
)
"""The condition of an index that holds what may fall on several days."""


def is_span(edtf: Any, earliest: Any, latest: Any) -> ColumnElement[bool]:
    """A date may be one of several days, in the words of that index."""
    several: ColumnElement[bool] = or_(earliest != latest, earliest.is_(None), latest.is_(None))
    return and_(several, edtf.is_not(None))


def is_long(dialect: Dialect, earliest: Any, latest: Any) -> ColumnElement[bool]:
    """A span of days is longer than a year, or open at one end; an undated one is neither."""
    days = func.julianday(latest) - func.julianday(earliest)
    if dialect.name == "postgresql":
        days = latest - earliest
    # A literal, as databases compare the condition of an index word by word.
    longest: ColumnElement[Any] = literal_column(str(DAYS_OF_A_LONG_SPAN))
    return or_(earliest.is_(None) != latest.is_(None), days > longest)
