"""Which documents show something of which neighbours, and how to find them.

When a record changes, every document that shows its card, or something derived from it, is
published anew. Cards do not cascade: a republished document shows no more of itself to others
than it did before. Slugs and codes never change, so what shows only a code depends on nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import (
    Assessment,
    Citation,
    Claim,
    CommitmentActor,
    CommitmentEvent,
    CommitmentTopic,
    CommitmentWording,
    Lineage,
    Meeting,
    MeetingTopic,
    Participation,
    Position,
    Source,
    Statement,
    StatementTopic,
    Succession,
    Topic,
    Traveller,
)
from app.models.claims import CITED, CLAIMED
from app.models.statements import Addressee, CoSpeaker
from app.record.loading import chunks
from app.vocabulary import RecordKind

Finder = tuple[Any, tuple[Any, ...]]
"""The column that holds a dependent's id, and the columns that may hold the neighbour's."""

Json = Mapping[str, Any]
K = RecordKind

KIND_OF_SUBJECT = {
    "official_id": K.OFFICIAL,
    "position_id": K.POSITION,
    "visit_id": K.VISIT,
    "meeting_id": K.MEETING,
    "statement_id": K.STATEMENT,
    "commitment_id": K.COMMITMENT,
}

DEPENDS_ON: dict[tuple[RecordKind, RecordKind], tuple[Finder, ...]] = {
    (K.PARTY, K.PARTY): (
        (Succession.successor_id, (Succession.predecessor_id,)),
        (Succession.predecessor_id, (Succession.successor_id,)),
    ),
    (K.TOPIC, K.TOPIC): (
        (Topic.parent_id, (Topic.id,)),
        (Topic.id, (Topic.parent_id,)),
    ),
    (K.SOURCE, K.SOURCE): ((Source.id, (Source.known_through_id,)),),
    (K.OFFICIAL, K.POSITION): ((Position.official_id, (Position.id,)),),
    (K.POSITION, K.OFFICIAL): ((Position.id, (Position.official_id,)),),
    (K.VISIT, K.OFFICIAL): ((Traveller.visit_id, (Traveller.official_id,)),),
    (K.MEETING, K.OFFICIAL): ((Participation.meeting_id, (Participation.official_id,)),),
    (K.MEETING, K.VISIT): ((Meeting.id, (Meeting.visit_id,)),),
    (K.MEETING, K.MEETING): ((Meeting.id, (Meeting.part_of_id,)),),
    (K.STATEMENT, K.OFFICIAL): (
        (Statement.id, (Statement.speaker_id, Statement.on_behalf_of_official_id)),
        (Addressee.statement_id, (Addressee.official_id,)),
        (CoSpeaker.statement_id, (CoSpeaker.official_id,)),
    ),
    (K.STATEMENT, K.VISIT): ((Statement.id, (Statement.visit_id,)),),
    (K.STATEMENT, K.MEETING): ((Statement.id, (Statement.meeting_id,)),),
    (K.COMMITMENT, K.OFFICIAL): (
        (CommitmentActor.commitment_id, (CommitmentActor.official_id,)),
        (CommitmentEvent.commitment_id, (CommitmentEvent.actor_id,)),
    ),
    (K.COMMITMENT, K.MEETING): ((CommitmentEvent.commitment_id, (CommitmentEvent.meeting_id,)),),
    (K.COMMITMENT, K.COMMITMENT): (
        (Lineage.commitment_id, (Lineage.earlier_id,)),
        (Lineage.earlier_id, (Lineage.commitment_id,)),
    ),
    (K.COMMITMENT, K.SOURCE): (
        (CommitmentWording.commitment_id, (CommitmentWording.source_id,)),
        (Lineage.commitment_id, (Lineage.source_id,)),
        (Lineage.earlier_id, (Lineage.source_id,)),
    ),
}
"""(dependent, neighbour) → how to find the dependents. Evidence is added below."""

for _column, _kind in KIND_OF_SUBJECT.items():
    _finders: list[Finder] = []
    if _column in CITED:
        _finders.append((getattr(Citation, _column), (Citation.source_id,)))
    if _column in CLAIMED:
        _finders.append((getattr(Claim, _column), (Claim.source_id,)))
    DEPENDS_ON[_kind, K.SOURCE] = (*DEPENDS_ON.get((_kind, K.SOURCE), ()), *_finders)


FOUND_BY: dict[tuple[RecordKind, RecordKind], tuple[Finder, ...]] = {
    (K.MEETING, K.TOPIC): ((MeetingTopic.meeting_id, (MeetingTopic.topic_id,)),),
    (K.STATEMENT, K.TOPIC): ((StatementTopic.statement_id, (StatementTopic.topic_id,)),),
    (K.COMMITMENT, K.TOPIC): ((CommitmentTopic.commitment_id, (CommitmentTopic.topic_id,)),),
}
"""The same for what no document shows but the search text holds: labels of topics."""

SHOWN_ELSEWHERE: dict[RecordKind, frozenset[str]] = {
    K.PARTY: frozenset({"successors"}),
    K.TOPIC: frozenset({"label", "parent"}),
    K.SOURCE: frozenset({"title", "publisher", "kind", "perspective", "url"}),
    K.OFFICIAL: frozenset({"name", "names"}),
    K.POSITION: frozenset(
        {
            *("official", "title", "level", "party", "body", "start", "end", "end_status"),
            *("attested_until", "acting"),
        }
    ),
    K.VISIT: frozenset({"title"}),
    K.MEETING: frozenset({"title"}),
    K.STATEMENT: frozenset(),
    K.COMMITMENT: frozenset({"title", "predecessors"}),
}
"""Of each kind, what other documents show, or are found by; the rest may change unnoticed."""

SHOWN_WHEN_MADE = frozenset({K.PARTY, K.TOPIC, K.POSITION, K.COMMITMENT})
"""Kinds of which a new record may change what others show: it points at them itself. Whatever
points at a new record of another kind is new as well."""


def concerns_others(kind: RecordKind, before: Json | None, after: Json) -> bool:
    """Whether a change from one document to the next, or a new one, may show elsewhere."""
    if before is None:
        return kind in SHOWN_WHEN_MADE
    return any(before.get(name) != after.get(name) for name in SHOWN_ELSEWHERE[kind])


AT_EVENTS = (
    (K.MEETING, Participation.meeting_id, Participation.official_id),
    (K.VISIT, Traveller.visit_id, Traveller.official_id),
)
"""The events that show which position their people held, or no longer hold."""


def evidence_inside_commitments(ids: Collection[str]) -> list[Select[str]]:
    """Commitments whose events or assessments cite one of these sources."""
    return [
        select(CommitmentEvent.commitment_id)
        .join(Citation, Citation.commitment_event_id == CommitmentEvent.id)
        .where(Citation.source_id.in_(ids)),
        select(Assessment.commitment_id)
        .join(Citation, Citation.assessment_id == Assessment.id)
        .where(Citation.source_id.in_(ids)),
    ]


def any_of(columns: Iterable[InstrumentedAttribute[Any]], ids: Collection[str]) -> Any:
    return or_(*(column.in_(ids) for column in columns))


def dependents(
    session: Session,
    changed: Mapping[RecordKind, Collection[str]],
    former_parents: Mapping[RecordKind, Collection[str]],
) -> dict[RecordKind, set[str]]:
    """The records whose documents show something of the changed ones.

    `former_parents` are the records that a changed one hung on before: they may have to show
    that it is gone.
    """
    found: dict[RecordKind, set[str]] = {kind: set() for kind in RecordKind}
    for (dependent, neighbour), finders in (*DEPENDS_ON.items(), *FOUND_BY.items()):
        for ids in chunks(changed.get(neighbour, ())):
            for wanted, columns in finders:
                statement = select(wanted).where(any_of(columns, ids), wanted.is_not(None))
                found[dependent].update(session.scalars(statement))
    for ids in chunks(changed.get(K.SOURCE, ())):
        for statement in evidence_inside_commitments(ids):
            found[K.COMMITMENT].update(session.scalars(statement))
    for kind, event, official in AT_EVENTS:
        for ids in chunks(changed.get(K.POSITION, ())):
            holders = select(Position.official_id).where(Position.id.in_(ids))
            found[kind].update(session.scalars(select(event).where(official.in_(holders))))
        for ids in chunks(former_parents.get(K.OFFICIAL, ())):
            found[kind].update(session.scalars(select(event).where(official.in_(ids))))
    for kind, former in former_parents.items():
        found[kind].update(former)
    return found


def parents(kind: RecordKind, row: Any) -> list[tuple[RecordKind, str]]:
    """The records that a record hangs on; stored with each revision of it."""
    match kind:
        case K.POSITION:
            found = [(K.OFFICIAL, row.official_id)]
        case K.MEETING:
            found = [(K.VISIT, row.visit_id), (K.MEETING, row.part_of_id)]
        case K.STATEMENT:
            found = [(K.MEETING, row.meeting_id), (K.VISIT, row.visit_id)]
        case K.COMMITMENT:
            found = [(K.MEETING, each.meeting_id) for each in row.events]
            found += [(K.COMMITMENT, each.earlier_id) for each in row.lineage]
        case K.TOPIC:
            found = [(K.TOPIC, row.parent_id)]
        case K.PARTY:
            found = [(K.PARTY, each.successor_id) for each in row.successions]
        case K.OFFICIAL:
            found = [(K.OFFICIAL, row.merged_into_id)]
        case _:
            found = []
    return [(each, found_id) for each, found_id in dict.fromkeys(found) if found_id is not None]


def hangs_on(row: Any, said: Mapping[str, Any]) -> list[str]:
    """The ids under which a revision is found from the other end, given what it says: those of
    its parents and, where it publishes a statement, that of the utterance.
    """
    found = [str(parent_id) for _, parent_id in said["parents"]]
    utterance_id = getattr(row, "utterance_id", None)
    if utterance_id is not None and said["body_hash"] is not None:
        found.append(utterance_id)
    return list(dict.fromkeys(found))
