"""Merging one official into another, and undoing it.

Every reference to the one that goes is put to the one that stays, and remembered, so that
lists, filters and what is derived follow without knowing of mergers, and undoing is exact.
"""

from typing import Any

from sqlalchemy import Table, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Session

from app.database.locks import lock_log
from app.editing.edits import Precondition, Written, living, standing, state, written
from app.editing.references import survivor_of
from app.errors import Conflict, Flaw, InvalidInput, RecordNotFound, Referrer
from app.models import Base, MergedReference, Official
from app.record.recorder import Change, Recorder
from app.record.referrers import MOST_NAMED, Pointer, pointers, referring
from app.vocabulary import Operation, RecordKind

K = RecordKind


def merge(
    session: Session, reference: str, into: str, change: Change, precondition: Precondition
) -> Written:
    """The survivor, after an official was merged into it.

    Raises `InvalidInput` where there is no such survivor or it is the same official, and
    `Conflict` where both are in one place that holds an official once.
    """
    lock_log(session)
    gone = living(session, K.OFFICIAL, reference)
    precondition(state(session, gone))
    stays = survivor(session, into)
    if stays == gone.id:
        raise InvalidInput([Flaw("/into", "is the official itself")])
    refuse_both(session, gone.id, stays)
    for table, column in pointers(K.OFFICIAL):
        moved = list(session.scalars(select(table.c.id).where(column == gone.id)))
        if moved:
            session.execute(
                insert(MergedReference),
                [
                    {
                        "merged_id": gone.id,
                        "table_name": table.name,
                        "column_name": column.name,
                        "referring_row": row_id,
                    }
                    for row_id in moved
                ],
            )
            session.execute(update(table).where(column == gone.id).values({column.name: stays}))
    session.get_one(Official, gone.id).merged_into_id = stays
    Recorder(session, change).publish(
        {},
        withdrawn={K.OFFICIAL: [gone.id]},
        operation=Operation.MERGE,
        stirred={K.OFFICIAL: [stays]},
    )
    return written(session, K.OFFICIAL, stays)


def survivor(session: Session, reference: str) -> str:
    """The id of the official that is to stay; one that was merged away stands for its own."""
    try:
        found = standing(session, K.OFFICIAL, reference)
    except RecordNotFound:
        raise InvalidInput([Flaw("/into", "names no official that exists")]) from None
    if found.merged_into_id is not None:
        return survivor_of(session, found.merged_into_id).id
    if found.deleted_seq is not None:
        raise InvalidInput([Flaw("/into", "names an official that was deleted")])
    return found.id


def refuse_both(session: Session, gone: str, stays: str) -> None:
    """What holds an official once cannot hold both: somebody has to say which one it was."""
    found, deleted = {}, False
    for pointer in pointers(K.OFFICIAL):
        for others in distinct_with(pointer):
            table, column = pointer
            twin = table.alias()
            same = [table.c[name] == twin.c[name] for name in others]
            rows = select(table.c.id).where(
                column == gone,
                select(twin.c.id).where(twin.c[column.name] == stays, *same).exists(),
            )
            ids = list(session.scalars(rows))
            for gone_too in (False, True) if ids else ():
                for kind, statement in referring(pointer, gone, deleted=gone_too):
                    for record_id, key in session.execute(statement.where(table.c.id.in_(ids))):
                        found[str(record_id)] = Referrer(str(kind), str(record_id), str(key))
                        deleted |= gone_too
    if found:
        named = ", ".join(f"{each.type} {each.slug}" for each in list(found.values())[:3])
        message = (
            f"Both officials are in {named}, which can name the survivor only once. Take one of "
            f"them out there first{', where it was deleted after restoring it' * deleted}."
        )
        raise Conflict(message, list(found.values())[:MOST_NAMED])


def distinct_with(pointer: Pointer) -> list[list[str]]:
    """The other columns of each constraint by which a reference may not stand twice."""
    table, column = pointer
    return [
        [each.name for each in constraint.columns if each.name != column.name]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        and column.name in {each.name for each in constraint.columns}
    ]


def unmerge(
    session: Session, reference: str, change: Change, precondition: Precondition
) -> Written:
    """The official as it was before it was merged away, with every reference that it had then
    and that nobody has changed since. Raises `Conflict` where it was not merged away.
    """
    lock_log(session)
    now = standing(session, K.OFFICIAL, reference)
    precondition(state(session, now))
    if now.merged_into_id is None:
        message = f"The official {reference!r} was not merged into another."
        raise Conflict(message)
    *between, stays = way_to_survivor(session, now.merged_into_id)
    tables: dict[str, Table] = dict(Base.metadata.tables)
    remembered = session.scalars(
        select(MergedReference).where(MergedReference.merged_id == now.id)
    ).all()
    for each in remembered:
        column: Any = tables[each.table_name].c[each.column_name]
        row_id = tables[each.table_name].c.id
        session.execute(
            update(column.table)
            .where(row_id == each.referring_row, column == stays)
            .values({each.column_name: now.id})
        )
        forget_later_mergers(session, each, between)
    session.execute(delete(MergedReference).where(MergedReference.merged_id == now.id))
    row = session.get_one(Official, now.id)
    row.merged_into_id = row.deleted_seq = None
    Recorder(session, change).publish(
        {K.OFFICIAL: [now.id]}, operation=Operation.UNMERGE, stirred={K.OFFICIAL: [stays]}
    )
    return written(session, K.OFFICIAL, now.id)


def way_to_survivor(session: Session, official_id: str) -> list[str]:
    """From one official to the next that each was merged into; the survivor comes last."""
    way = [official_id]
    while True:
        following = session.scalar(select(Official.merged_into_id).where(Official.id == way[-1]))
        if following is None:
            return way
        way.append(following)


def forget_later_mergers(session: Session, given: MergedReference, later: list[str]) -> None:
    """A reference that went on from one survivor to the next is not theirs to get back."""
    session.execute(
        delete(MergedReference).where(
            MergedReference.table_name == given.table_name,
            MergedReference.column_name == given.column_name,
            MergedReference.referring_row == given.referring_row,
            MergedReference.merged_id.in_(later),
        )
    )
