"""Pieces of statements that the two databases write differently."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, UUID

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
