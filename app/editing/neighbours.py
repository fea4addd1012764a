"""What a record must be at one with: the stored records beside it, in neutral form.

The rules of `app.importers.checks` look at a batch. For a single edit the batch is the record
with those neighbours that a rule could hold it against.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.editing.converting import Converted, validated
from app.editing.drafts import form_of
from app.importers import neutral
from app.importers.batches import Origin, Sourced
from app.importers.neutral import AnyRecord
from app.importers.parts import Ids
from app.importers.standing import key_column
from app.models import RECORDS, Commitment, Document, Lineage, Meeting, Statement
from app.record.loading import chunks
from app.vocabulary import RecordKind

K = RecordKind


def stored(session: Session, kind: RecordKind, condition: Any) -> Iterator[Sourced]:
    """The records that fulfil a condition and are not deleted, as they were published last."""
    model: Any = RECORDS[kind]
    statement = (
        select(Document.body)
        .join(model, model.seq == Document.seq)
        .where(condition, model.deleted_seq.is_(None))
    )
    for body in session.scalars(statement):
        document = orjson.loads(body)
        draft = validated(kind, form_of(kind, document))
        record = Converted(kind, draft, document["id"]).record()
        yield Sourced(record, Origin(f"the {kind}", record.key, {}))


def by_keys(session: Session, kind: RecordKind, keys: Collection[str]) -> Iterator[Sourced]:
    for some in chunks(keys):
        yield from stored(session, kind, key_column(RECORDS[kind]).in_(some))


def upwards(
    session: Session, kind: RecordKind, start: AnyRecord, above: Callable[[Any], Iterable[str]]
) -> Iterator[Sourced]:
    """All that lies above a record, level by level, each once; it itself where a way leads back."""
    seen: set[str] = set()
    wanted = set(above(start))
    while wanted:
        seen |= wanted
        found = list(by_keys(session, kind, wanted))
        yield from (each for each in found if each.record.id != start.id)
        wanted = {key for each in found for key in above(each.record)} - seen


def only(field: str) -> Callable[[Any], Iterable[str]]:
    def above(record: Any) -> Iterable[str]:
        value = getattr(record, field)
        return () if value is None else (value,)

    return above


def lineage(record: neutral.Commitment) -> Iterable[str]:
    return [tie.commitment for tie in record.lineage]


def neighbours(session: Session, record: AnyRecord, ids: Ids) -> list[Sourced]:
    """The stored records that a rule may hold this one against. `ids` are of what it refers to."""
    match record:
        case neutral.Topic():
            found = upwards(session, K.TOPIC, record, only("parent"))
        case neutral.Source():
            found = upwards(session, K.SOURCE, record, only("known_through"))
        case neutral.Commitment():
            found = beside_commitment(session, record)
        case neutral.Statement() if record.meeting is not None:
            found = by_keys(session, K.MEETING, [record.meeting])
        case neutral.Meeting():
            found = beside_meeting(session, record, ids)
        case _:
            return []
    return list({each.record.id: each for each in found}.values())


def beside_commitment(session: Session, record: neutral.Commitment) -> Iterator[Sourced]:
    yield from upwards(session, K.COMMITMENT, record, lineage)
    later = select(Lineage.commitment_id).where(Lineage.earlier_id == record.id)
    yield from stored(session, K.COMMITMENT, Commitment.id.in_(later))


def beside_meeting(session: Session, record: neutral.Meeting, ids: Ids) -> Iterator[Sourced]:
    yield from upwards(session, K.MEETING, record, only("part_of"))
    yield from stored(session, K.STATEMENT, Statement.meeting_id == record.id)
    if record.visit is not None and record.sequence is not None:
        same = (Meeting.visit_id == ids[K.VISIT, record.visit]) & (
            Meeting.sequence == record.sequence
        )
        yield from stored(session, K.MEETING, same & (Meeting.id != record.id))
