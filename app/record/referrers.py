"""Who refers to a record: found by the foreign keys of the tables, whatever they are.

What belongs to a record is reached from it by relationships that delete their orphans; so the
owner of a row, at whatever depth, is read from the models and stands nowhere else.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column, Select, Table, Text, cast, select
from sqlalchemy.orm import Session

from app.models import RECORDS, Base, Claim, Party
from app.vocabulary import RecordKind

MOST_NAMED = 10
PARTIES_CLAIMED = ("party", "place.country")
"""Fields of which a claim's value is a party's code, which no foreign key guards."""


class Owned(NamedTuple):
    """The tables from a part to its record, each with the column that points to the next."""

    steps: tuple[tuple[Table, Column[Any]], ...]
    kind: RecordKind


class Pointer(NamedTuple):
    """A column that may refer to a record of some kind."""

    table: Table
    column: Column[Any]


def table_of(model: Any) -> Table:
    return model.__table__  # type: ignore[no-any-return]


KINDS = {table_of(model): kind for kind, model in RECORDS.items()}


@cache
def owners() -> dict[Table, list[tuple[Table, Column[Any]]]]:
    """For each table of parts, the tables of what they belong to, and the columns that say so."""
    found: dict[Table, list[tuple[Table, Column[Any]]]] = {}
    for mapper in Base.registry.mappers:
        for relation in mapper.relationships:
            if relation.cascade.delete_orphan:
                ((_, remote),) = relation.local_remote_pairs
                column: Any = remote
                part = table_of(relation.mapper.class_)
                found.setdefault(part, []).append((table_of(mapper.class_), column))
    return found


def ways_up(table: Table) -> Iterator[Owned]:
    """From a table to the records that its rows are, or belong to."""
    if table in KINDS:
        yield Owned((), KINDS[table])
    for owner, column in owners().get(table, ()):
        for further in ways_up(owner):
            yield Owned(((owner, column), *further.steps), further.kind)


@cache
def pointers(kind: RecordKind) -> tuple[Pointer, ...]:
    """The columns that refer to records of a kind: not those of their own parts, of what is
    derived, or of a merged official to the one that survives.
    """
    target = table_of(RECORDS[kind])
    own = {column for ways in owners().values() for owner, column in ways if owner is target}
    return tuple(
        Pointer(table, key.parent)
        for table in Base.metadata.sorted_tables
        if table in KINDS or table in owners()
        for key in table.foreign_keys
        if key.column.table is target
        and key.parent not in own
        and key.parent.name != "merged_into_id"
    )


def referring(
    pointer: Pointer, record_id: str, *, deleted: bool = False
) -> Iterator[tuple[RecordKind, Select[Any]]]:
    """For each kind of record that may refer by this column: the ids and keys of those that do,
    whether they are there or `deleted`.
    """
    for way in ways_up(pointer.table):
        record = table_of(RECORDS[way.kind])
        key = record.c.get("slug", record.c.get("code", record.c.id))
        source = with_owners(pointer, way)
        statement = (
            select(record.c.id, key)
            .select_from(source)
            .where(
                pointer.column == record_id,
                record.c.id != record_id,
                record.c.deleted_seq.is_not(None) if deleted else record.c.deleted_seq.is_(None),
            )
        )
        yield way.kind, statement.distinct().order_by(record.c.id).limit(MOST_NAMED + 1)


def with_owners(pointer: Pointer, way: Owned) -> Any:
    """The pointer's table, joined with what its rows belong to up to their record."""
    source: Any = pointer.table
    below = pointer.table
    for owner, column in way.steps:
        source = source.join(owner, owner.c.id == below.c[column.name])
        below = owner
    return source


def referred_to(
    session: Session, kind: RecordKind, ids: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Each of some records with each living record that refers to it by a key."""
    for pointer in pointers(kind):
        for way in ways_up(pointer.table):
            record = table_of(RECORDS[way.kind])
            statement = (
                select(pointer.column, record.c.id)
                .select_from(with_owners(pointer, way))
                .where(
                    pointer.column.in_(ids),
                    record.c.id != pointer.column,
                    record.c.deleted_seq.is_(None),
                )
                .distinct()
            )
            for referred, referrer in session.execute(statement):
                yield str(referred), str(referrer)


def referrers(
    session: Session, kind: RecordKind, record_id: str
) -> list[tuple[RecordKind, str, str]]:
    """Kind, id and key of the records that refer to this one; a few more than are named."""
    found: dict[str, tuple[RecordKind, str, str]] = {}

    def look(statements: Iterator[tuple[RecordKind, Select[Any]]]) -> None:
        for owner_kind, statement in statements:
            for owner_id, key in session.execute(statement):
                found.setdefault(str(owner_id), (owner_kind, str(owner_id), str(key)))

    for pointer in pointers(kind):
        look(referring(pointer, record_id))
        if len(found) > MOST_NAMED:
            break
    else:
        if kind is RecordKind.PARTY:
            look(claiming(session.get_one(Party, record_id).code))
    return list(found.values())


def claiming(code: str) -> Iterator[tuple[RecordKind, Select[Any]]]:
    """For each kind of record: those of which a claim gives this party as a value."""
    claims = table_of(Claim)
    about = claims.c.field.in_(PARTIES_CLAIMED) & (cast(claims.c.value, Text) == f'"{code}"')
    for way in ways_up(claims):
        record = table_of(RECORDS[way.kind])
        ((_, column),) = way.steps
        key = record.c.get("slug", record.c.get("code", record.c.id))
        yield (
            way.kind,
            select(record.c.id, key)
            .join(claims, claims.c[column.name] == record.c.id)
            .where(about, record.c.deleted_seq.is_(None))
            .distinct()
            .order_by(record.c.id)
            .limit(MOST_NAMED + 1),
        )
