"""Pieces of statements that the two databases write differently."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, UUID, distinct_on
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

ENTRIES = table(
    "search_entries", column("number"), column("kind"), column("record_id"), column("tokens")
)
FULL_TEXT = table("search_index", column("rowid"), column("tokens"))


def among(
    dialect: Dialect, subject: ColumnElement[Any], name: str, type_: Any = None
) -> ColumnElement[bool]:
    """`subject` is one of the ids, or values of another type, of a list-valued parameter."""
    if dialect.name == "postgresql":
        item = UUID(as_uuid=False) if type_ is None else type_
        array: BindParameter[Any] = bindparam(name, type_=ARRAY(item))
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


def one_of_pairs(
    dialect: Dialect, subjects: tuple[Any, Any], pairs: Sequence[tuple[str, str]]
) -> Any:
    """Two columns are one of some pairs of texts, as a join.

    PostgreSQL takes a table that has grown within the transaction for small, and would hold each
    row with the first text against every second one.
    """
    if dialect.name == "postgresql":
        texts = zip(*pairs, strict=True) if pairs else ((), ())
        arrays = [bindparam(None, list(each), type_=ARRAY(Text())) for each in texts]
        return tuple_(*subjects).in_(select(*map(func.unnest, arrays)))
    listed = func.json_each(bindparam(None, json.dumps(pairs), type_=Text()))
    pair = listed.table_valued("value").c.value
    first, second = (func.json_extract(pair, f"$[{place}]") for place in (0, 1))
    return tuple_(*subjects).in_(select(first, second))


def holds_all(record_id: ColumnElement[Any], kind: str, name: str) -> ColumnElement[bool]:
    """A record's search text holds every token of the parameter: a PostgreSQL `token_query`."""
    entries = select(ENTRIES.c.record_id).where(ENTRIES.c.kind == literal_column(f"'{kind}'"))
    asked = bindparam(name, type_=TSQUERY())
    return record_id.in_(entries.where(ENTRIES.c.tokens.bool_op("@@")(asked)))


class Held(NamedTuple):
    """The records of which SQLite's full text holds every token of a parameter: their numbers
    there, their ids, and the condition to ask of a record at hand.
    """

    numbers: Select[Any]
    ids: Select[Any]
    asked: ColumnElement[bool]


def held(record_id: ColumnElement[Any], name: str) -> Held:
    """By a `token_query` of SQLite's, which has the mark of a kind, so that it finds no others."""
    found = literal_column("search_index").bool_op("MATCH")(bindparam(name, type_=Text()))
    joined = ENTRIES.join(FULL_TEXT, FULL_TEXT.c.rowid == ENTRIES.c.number)
    entries = select(ENTRIES.c.record_id).select_from(joined).where(found)
    return Held(
        select(FULL_TEXT.c.rowid).where(found),
        entries,
        exists(entries.where(ENTRIES.c.record_id == record_id).correlate(record_id.table)),
    )


BLOCK_BITS = {"a": 12, "b": 15, "c": 18}
"""On PostgreSQL every entry has a token for each of the blocks of numbers that it lies in: the
letter, and the number without so many bits. A trigger adds them.
"""


class Blocks(NamedTuple):
    """Blocks of entries as queries, the newest first: small ones, and larger ones for what is
    older than these, with a number below `older_than`.
    """

    small: list[str]
    large: list[str]
    older_than: int


def blocks(newest: int) -> Blocks:
    """The blocks of all entries up to a number."""
    found: dict[str, list[str]] = {letter: [] for letter in BLOCK_BITS}
    starts = []
    end = newest + 1  # all from here on have been named
    for (letter, bits), larger in zip(
        BLOCK_BITS.items(), [*BLOCK_BITS.values(), None][1:], strict=True
    ):
        # At least one larger block's worth of smaller ones.
        start = 0 if larger is None else max(0, (end >> larger) - 1) << larger
        last = (end - 1) >> bits if end else -1
        found[letter] = [f"'§{letter}{at}'" for at in range(last, (start >> bits) - 1, -1)]
        starts.append(start)
        end = start
    return Blocks(found["a"], found["b"] + found["c"], starts[0])


def newest_holding(
    dialect: Dialect, statement: Select[Any], entry: Any, most: int, *, older: bool = False
) -> Select[Any]:
    """Narrow a statement over search entries to at most `most` that hold the parameter `query`,
    a `search_query`: the ones made last, and hardly any other is read.

    SQLite's index can be walked backwards. PostgreSQL's knows no order, and a walk through the
    table is only quick for words that are common and everywhere. So the index is asked block by
    block, those of the parameter `blocks`, until there are enough; or, for rare words, which are
    not worth it, once for all that is `older` than the number in the parameter `before`.
    """
    few: ColumnElement[Any] = literal_column(str(most))
    asked: ColumnElement[Any] = cast(bindparam("query", type_=Text()), TSQUERY())
    if dialect.name == "postgresql" and older:
        # An expression, lest the planner walks the table in the order of its key.
        number = entry.c.number + literal_column("0")
        return (
            statement.where(entry.c.tokens.bool_op("@@")(asked), number < bindparam("before"))
            .order_by(number.desc())
            .limit(few)
        )
    if dialect.name == "postgresql":
        given = cast(bindparam("blocks"), ARRAY(Text()))
        block = func.unnest(given).table_valued("block").render_derived()
        within = asked.bool_op("&&")(cast(block.c.block, TSQUERY()))
        found = (
            statement.where(entry.c.tokens.bool_op("@@")(within))
            .order_by(entry.c.number.desc())
            .lateral("found")
        )
        # Without an order of its own, which would have all blocks read before the first row.
        return select(*found.c).select_from(block).join(found, true()).limit(few)
    statement = statement.join_from(FULL_TEXT, entry, entry.c.number == FULL_TEXT.c.rowid)
    matched = literal_column("search_index").bool_op("MATCH")(bindparam("query", type_=Text()))
    return statement.where(matched).order_by(FULL_TEXT.c.rowid.desc()).limit(few)


def holds(dialect: Dialect, text: ColumnElement[Any], part: Any) -> ColumnElement[bool]:
    """A text has a part, sign for sign."""
    place = func.strpos if dialect.name == "postgresql" else func.instr
    found: ColumnElement[bool] = place(text, part) > literal_column("0")
    return found


def search_query(
    dialect: Dialect,
    tokens: Sequence[str],
    beginnings: Sequence[str],
    alternatives: Sequence[Sequence[str]],
) -> str:
    """The query of `newest_holding`: all tokens, of each of the beginnings a token that begins
    so, and one of each of the alternatives.
    """
    if dialect.name == "postgresql":
        parts = [f"'{token}'" for token in tokens] + [f"'{each}':*" for each in beginnings]
        parts += [f"({' | '.join(map(repr, each))})" for each in alternatives]
        return " & ".join(parts)
    parts = [f'"{token}"' for token in tokens] + [f'"{each}"*' for each in beginnings]
    parts += ["(" + " OR ".join(f'"{token}"' for token in each) + ")" for each in alternatives]
    return " AND ".join(parts)


def token_query(dialect: Dialect, tokens: Sequence[str], mark: str) -> str:
    """Tokens, which hold only letters and digits, as the query of `holds_all` or of `held`."""
    if dialect.name == "postgresql":
        return " & ".join(tokens)
    return " AND ".join(f'"{token}"' for token in (*tokens, mark))


def unled(dialect: Dialect, subject: ColumnElement[Any]) -> ColumnElement[Any]:
    """`subject` where no index of it is to lead the way.

    SQLite knows nothing of how often a value occurs, and might follow it; PostgreSQL does.
    """
    if dialect.name == "postgresql":
        return subject
    return UnaryExpression(subject, operator=custom_op("+"), type_=subject.type)


def each_once(dialect: Dialect, statement: Select[Any], *order: Any) -> Select[Any]:
    """Rows that are the same where they are sorted by the same, once each.

    PostgreSQL would sort them by all their columns to find that out.
    """
    if dialect.name == "postgresql":
        return statement.ext(distinct_on(*order))
    return statement.distinct()


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
