"""The whole record as its tables have it now, for tests that hold the log against it.

A second way to the rows, apart from the program's plans of what a document needs and from its
plain rows: every table is read once, every relationship that the models have is filled, and
nothing is left out that might be shown. It is also quicker than those plans are for everything.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import RelationshipDirection

from app.models import RECORDS, Utterance
from app.vocabulary import RecordKind

ROOTS: tuple[Any, ...] = (*RECORDS.values(), Utterance)
"""What stands for itself; all else belongs to one of these, and is found by it."""


@cache
def collections_of(model: Any) -> tuple[tuple[str, Any, Any], ...]:
    """A model's lists: the name, the model of what is in it, and a statement that gives each of
    these beside the id of its owner, in order.
    """
    owner = aliased(model)
    return tuple(
        (
            each.key,
            each.mapper.class_,
            select(owner.id, each.mapper.class_)
            .join(each.mapper.class_, getattr(owner, each.key))
            .order_by(*(each.order_by or ())),
        )
        for each in inspect(model).relationships
        if each.direction is RelationshipDirection.ONETOMANY
    )


@cache
def references_of(model: Any) -> tuple[tuple[str, str, Any], ...]:
    """A model's ties to one row each: the name, the column with that one's id, and its model."""
    return tuple(
        (each.key, next(iter(each.local_columns)).key, each.mapper.class_)
        for each in inspect(model).relationships
        if each.direction is RelationshipDirection.MANYTOONE
    )


def whole_record(session: Session) -> Mapping[RecordKind, list[Any]]:
    """Every record, deleted or not, with all that belongs to it or stands beside it."""
    session.expire_all()
    found = {model: {row.id: row for row in session.scalars(select(model))} for model in ROOTS}
    parts: dict[Any, list[Any]] = {}
    for model in ROOTS:
        fill(session, model, found[model], parts)
    for model, rows in (*((model, found[model].values()) for model in ROOTS), *parts.items()):
        for name, column, other in references_of(model):
            those = found[other]
            for row in rows:
                set_committed_value(row, name, those.get(getattr(row, column)))
    return {kind: list(found[model].values()) for kind, model in RECORDS.items()}


def fill(
    session: Session, model: Any, owners: Mapping[str, Any], parts: dict[Any, list[Any]]
) -> None:
    """Give rows their lists, and what is in these theirs; `parts` learns of those."""
    for name, inside, statement in collections_of(model):
        lists: dict[str, list[Any]] = {record_id: [] for record_id in owners}
        for owner_id, row in session.execute(statement):
            lists[owner_id].append(row)
        for record_id, rows in lists.items():
            set_committed_value(owners[record_id], name, rows)
        if inside not in ROOTS:
            new = [row for rows in lists.values() for row in rows]
            parts.setdefault(inside, []).extend(new)
            if collections_of(inside):
                fill(session, inside, {row.id: row for row in new}, parts)


def whole_rows(session: Session) -> Iterator[tuple[RecordKind, Any]]:
    for kind, rows in whole_record(session).items():
        for row in rows:
            yield kind, row
