"""Who met whom, and what lies between two parties, derived from records as they are published.

An encounter is two officials of different sides at a meeting that was held: aides of one side
did not meet each other there, and an interpreter, a notetaker or an observer meets nobody. A
timeline has the visits of one party to the other, the meetings at which both were represented,
whatever became of them, and the commitments between them with all that happened after their
making.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import permutations, product
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.database.bulk import put_mappings
from app.models import (
    Commitment,
    CommitmentEvent,
    Encounter,
    Meeting,
    Participation,
    TimelineEntry,
    Visit,
)
from app.models.base import table_of
from app.record.loading import chunks
from app.vocabulary import (
    CommitmentEventKind,
    EventStatus,
    ParticipantRole,
    RecordKind,
    TimelineKind,
)

SILENT_ROLES = {ParticipantRole.INTERPRETER, ParticipantRole.NOTETAKER, ParticipantRole.OBSERVER}
"""Who is in the room and meets nobody."""

Rows = Iterator[dict[str, Any]]
Pair = tuple[str, str]


def encounters(row: Meeting) -> Rows:
    if row.status is not EventStatus.HELD:
        return
    present = [
        each for each in row.participations if each.official_id and each.role not in SILENT_ROLES
    ]
    for one, other in permutations(present, 2):
        if faced(one, other):
            yield {
                "official_id": one.official_id,
                "counterpart_id": other.official_id,
                "meeting_id": row.id,
                "date_ascends": row.date_ascends,
                "date_descends": row.date_descends,
            }


def faced(one: Participation, other: Participation) -> bool:
    """Whether they sat on different sides; one whose side is not known faced everybody."""
    return one.party_id is None or one.party_id != other.party_id


def pairs(ones: Iterable[str | None], others: Iterable[str | None]) -> set[Pair]:
    """Each of the ones with each of the others, the lesser id first."""
    return {
        (min(one, other), max(one, other))
        for one, other in product(ones, others)
        if one is not None and other is not None and one != other
    }


def entries(kind: TimelineKind, entry: Any, record_id: str, dated: Any, between: set[Pair]) -> Rows:
    """One entry for each pair, on the day of what is `dated`."""
    for low, high in sorted(between):
        yield {
            "low_id": low,
            "high_id": high,
            "entry_id": entry.id,
            "record_id": record_id,
            "kind": kind,
            "date_earliest": dated.date_earliest,
            "date_latest": dated.date_latest,
            "date_ascends": dated.date_ascends,
            "date_descends": dated.date_descends,
        }


def entries_of_visit(row: Visit) -> Rows:
    between = pairs(*([p.party_id for p in row.parties if p.side == s] for s in SIDES_OF_VISIT))
    yield from entries(TimelineKind.VISIT, row, row.id, row, between)


def entries_of_meeting(row: Meeting) -> Rows:
    present = [each.party_id for each in row.participations]
    yield from entries(TimelineKind.MEETING, row, row.id, row, pairs(present, present))


def entries_of_commitment(row: Commitment) -> Rows:
    between = pairs(*([a.party_id for a in row.actors if a.side == s] for s in SIDES_OF_COMMITMENT))
    yield from entries(TimelineKind.COMMITMENT, row, row.id, making(row), between)
    for event in row.events:
        if event.event is not CommitmentEventKind.MADE:
            yield from entries(TimelineKind.COMMITMENT_EVENT, event, row.id, event, between)


def making(row: Commitment) -> Commitment | CommitmentEvent:
    """What dates a commitment: itself, or else the first of its events that has it made."""
    if row.date_edtf is not None:
        return row
    made = [each for each in row.events if each.event is CommitmentEventKind.MADE]
    return min(made, key=lambda each: (each.date_ascends, each.ordinal), default=row)


SIDES_OF_VISIT = ("visitor", "host")
SIDES_OF_COMMITMENT = ("by", "to")

ENTRIES: dict[RecordKind, Callable[[Any], Rows]] = {
    RecordKind.VISIT: entries_of_visit,
    RecordKind.MEETING: entries_of_meeting,
    RecordKind.COMMITMENT: entries_of_commitment,
}


def renew(session: Session, kind: RecordKind, rows: Sequence[Any]) -> None:
    """Make anew what is derived from these records, which are loaded and not deleted."""
    if kind not in ENTRIES or not rows:
        return
    forget(session, kind, [row.id for row in rows])
    add(session, kind, rows)


def add(session: Session, kind: RecordKind, rows: Sequence[Any]) -> None:
    """Derive from these records what was never derived from them yet."""
    if kind not in ENTRIES:
        return
    connection = session.connection()
    found = [entry for row in rows for entry in ENTRIES[kind](row)]
    put_mappings(connection, table_of(TimelineEntry), found)
    if kind is RecordKind.MEETING:
        met = [pair for row in rows for pair in encounters(row)]
        put_mappings(connection, table_of(Encounter), met)


def forget(session: Session, kind: RecordKind, ids: Collection[str]) -> None:
    """Take out what was derived from records that are gone."""
    for some in chunks(ids):
        session.execute(delete(TimelineEntry).where(TimelineEntry.record_id.in_(some)))
        if kind is RecordKind.MEETING:
            session.execute(delete(Encounter).where(Encounter.meeting_id.in_(some)))
