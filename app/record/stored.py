"""Stored records as plain rows, for documents that are made anew by the thousand.

The same rows as `app.record.loading` gives, with their neighbours beside them, at a tenth of the
cost; not for records that something else refers to from behind, and not to be changed.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.database.dialects import one_of
from app.models import RECORDS
from app.models.plain import keys_of, part_relations, plain
from app.record.fresh import Fresh, Neighbours
from app.vocabulary import RecordKind

LOADED_PLAINLY = frozenset(
    {
        RecordKind.SOURCE,
        RecordKind.POSITION,
        RecordKind.VISIT,
        RecordKind.MEETING,
        RecordKind.STATEMENT,
    }
)
"""Kinds whose documents show nothing of what refers to them."""


def load_plainly(
    session: Session, neighbours: Neighbours, kind: RecordKind, ids: Collection[str]
) -> list[Any]:
    """The records that are not deleted, ordered by id, with all that their documents read."""
    model: Any = RECORDS[kind]
    found = rows(session, model, model.id, ids, (model.id,))
    alive = [row for row in found if row.deleted_seq is None]
    complete(session, model, alive)
    Fresh(session, neighbours).wire(alive)
    return alive


def rows(
    session: Session, model: Any, column: Any, ids: Iterable[str], order: Iterable[Any]
) -> list[Any]:
    make = plain(model)
    names, _ = keys_of(model)
    statement = select(*(getattr(model, name) for name in names)).where(
        one_of(session.get_bind().dialect, column, ids)
    )
    return [
        make(**dict(zip(names, values, strict=True)))
        for values in session.execute(statement.order_by(*order))
    ]


def complete(session: Session, model: Any, owners: list[Any]) -> None:
    """Give rows their parts, and these theirs."""
    relations = part_relations(inspect(model))
    if not owners or not relations:
        return
    by_id = {row.id: row for row in owners}
    for relation in relations:
        part = relation.mapper.class_
        owner = next(iter(relation.remote_side)).key
        for row in owners:
            setattr(row, relation.key, [])
        found = rows(session, part, getattr(part, owner), by_id, relation.order_by)
        for row in found:
            getattr(by_id[getattr(row, owner)], relation.key).append(row)
        complete(session, part, found)
