"""What must be loaded with each kind of record before its document can be made.

Relationships never load by themselves, so what is missing here fails loudly.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.models import (
    RECORDS,
    Assessment,
    Citation,
    Claim,
    Commitment,
    CommitmentActor,
    CommitmentEvent,
    CommitmentTopic,
    CommitmentWording,
    Lineage,
    Meeting,
    MeetingTopic,
    Official,
    Participation,
    Party,
    Position,
    Source,
    Statement,
    StatementTopic,
    Stop,
    Succession,
    Topic,
    Traveller,
    Visit,
    VisitParty,
)
from app.models.statements import Addressee, CoSpeaker
from app.vocabulary import RecordKind

CHUNK = 500
T = TypeVar("T")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def cited(model: Any) -> ORMOption:
    return selectinload(model.citations).joinedload(Citation.source)


def claimed(model: Any) -> ORMOption:
    return selectinload(model.claims).joinedload(Claim.source)


def person(relation: Any, official: Any) -> list[ORMOption]:
    """Someone at an event, with every name and position that the person has."""
    reached = selectinload(relation).selectinload(official)
    return [
        reached.selectinload(Official.positions),
        reached.selectinload(Official.names),
    ]


PLANS: dict[RecordKind, Sequence[ORMOption]] = {
    RecordKind.PARTY: (
        selectinload(Party.names),
        selectinload(Party.successions).joinedload(Succession.successor),
        selectinload(Party.preceded_by).joinedload(Succession.predecessor),
        selectinload(Party.identifiers),
    ),
    RecordKind.TOPIC: (selectinload(Topic.parent), selectinload(Topic.children)),
    RecordKind.SOURCE: (selectinload(Source.known_through), selectinload(Source.identifiers)),
    RecordKind.OFFICIAL: (
        selectinload(Official.names),
        selectinload(Official.identifiers),
        selectinload(Official.positions).selectinload(Position.party),
        cited(Official),
    ),
    RecordKind.POSITION: (
        selectinload(Position.official).selectinload(Official.names),
        selectinload(Position.party),
        selectinload(Position.identifiers),
        cited(Position),
        claimed(Position),
    ),
    RecordKind.VISIT: (
        selectinload(Visit.parties).joinedload(VisitParty.party),
        selectinload(Visit.travellers).joinedload(Traveller.party),
        *person(Visit.travellers, Traveller.official),
        selectinload(Visit.stops).joinedload(Stop.country),
        selectinload(Visit.stops).selectinload(Stop.localities),
        selectinload(Visit.identifiers),
        cited(Visit),
        claimed(Visit),
    ),
    RecordKind.MEETING: (
        joinedload(Meeting.country),
        selectinload(Meeting.visit),
        selectinload(Meeting.part_of),
        selectinload(Meeting.local_dates),
        selectinload(Meeting.participations).joinedload(Participation.party),
        *person(Meeting.participations, Participation.official),
        selectinload(Meeting.topic_links).joinedload(MeetingTopic.topic),
        selectinload(Meeting.identifiers),
        cited(Meeting),
        claimed(Meeting),
    ),
    RecordKind.STATEMENT: (
        selectinload(Statement.speaker).selectinload(Official.names),
        joinedload(Statement.party),
        selectinload(Statement.on_behalf_of_official).selectinload(Official.names),
        joinedload(Statement.on_behalf_of_party),
        selectinload(Statement.meeting),
        selectinload(Statement.visit),
        selectinload(Statement.utterance),
        selectinload(Statement.addressees).selectinload(Addressee.official),
        selectinload(Statement.addressees)
        .selectinload(Addressee.official)
        .selectinload(Official.names),
        selectinload(Statement.addressees).joinedload(Addressee.party),
        selectinload(Statement.co_speakers)
        .selectinload(CoSpeaker.official)
        .selectinload(Official.names),
        selectinload(Statement.co_speakers).joinedload(CoSpeaker.party),
        selectinload(Statement.topic_links).joinedload(StatementTopic.topic),
        selectinload(Statement.identifiers),
        cited(Statement),
    ),
    RecordKind.COMMITMENT: (
        selectinload(Commitment.actors).joinedload(CommitmentActor.party),
        selectinload(Commitment.actors)
        .selectinload(CommitmentActor.official)
        .selectinload(Official.names),
        selectinload(Commitment.wordings).joinedload(CommitmentWording.party),
        selectinload(Commitment.wordings).joinedload(CommitmentWording.source),
        selectinload(Commitment.lineage).joinedload(Lineage.earlier),
        selectinload(Commitment.lineage).joinedload(Lineage.source),
        selectinload(Commitment.taken_up_by).joinedload(Lineage.commitment),
        selectinload(Commitment.taken_up_by).joinedload(Lineage.source),
        selectinload(Commitment.events).selectinload(CommitmentEvent.meeting),
        selectinload(Commitment.events).joinedload(CommitmentEvent.actor),
        selectinload(Commitment.events).joinedload(CommitmentEvent.actor_party),
        selectinload(Commitment.events)
        .selectinload(CommitmentEvent.citations)
        .joinedload(Citation.source),
        selectinload(Commitment.assessments)
        .selectinload(Assessment.citations)
        .joinedload(Citation.source),
        selectinload(Commitment.topic_links).joinedload(CommitmentTopic.topic),
        selectinload(Commitment.identifiers),
        cited(Commitment),
        claimed(Commitment),
    ),
}


def load(session: Session, kind: RecordKind, ids: Collection[str]) -> Iterator[Any]:
    """The records with everything that their documents read, in batches, ordered by id."""
    model: Any = RECORDS[kind]
    for chunk in chunks(sorted(ids)):
        statement = (
            select(model).where(model.id.in_(chunk)).order_by(model.id).options(*PLANS[kind])
        )
        yield from session.scalars(statement).unique()
