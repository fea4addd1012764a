"""What can be included in what: for each relation, the way from the included to the parent."""

from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import aliased

from app.models import (
    Addressee,
    Assessment,
    Citation,
    Claim,
    Commitment,
    CommitmentActor,
    CommitmentEvent,
    CoSpeaker,
    Lineage,
    Meeting,
    Official,
    Participation,
    Position,
    Source,
    Statement,
    Traveller,
)
from app.queries.base import Relation
from app.vocabulary import RecordKind

BY_DATE: dict[Any, tuple[Any, ...]] = {
    model: (model.date_ascends, model.id) for model in (Meeting, Statement, Commitment, Source)
}


def direct(kind: RecordKind, model: Any, parent: Any, *order: Any) -> Relation:
    """The included record itself refers to its parent."""
    return Relation(kind, parent, lambda statement: statement, order or BY_DATE[model])


def through(kind: RecordKind, model: Any, pairs: Any, *order: Any) -> Relation:
    """Pairs of ids, `parent` and `child`, say what belongs to what; each pair counts once."""
    found = pairs.subquery()

    def joins(statement: Select[Any]) -> Select[Any]:
        return statement.join(found, found.c.child == model.id)

    return Relation(kind, found.c.parent, joins, order or BY_DATE[model])


def pair(parent: Any, child: Any) -> Select[Any]:
    return select(parent.label("parent"), child.label("child")).where(
        parent.is_not(None), child.is_not(None)
    )


def sources_of(column: str) -> Relation:
    """The sources that attest the record; claiming a field of it implies attesting it."""
    return through(
        RecordKind.SOURCE, Source, pair(getattr(Citation, column), Citation.source_id).distinct()
    )


def officials_of(*pairs: Select[Any]) -> Relation:
    found = union(*pairs) if len(pairs) > 1 else pairs[0].distinct()
    return through(RecordKind.OFFICIAL, Official, found, Official.sort_name, Official.id)


OFFICIALS_OF_POSITION = officials_of(pair(Position.id, Position.official_id))
MEETINGS_OF_VISIT = direct(
    RecordKind.MEETING,
    Meeting,
    Meeting.visit_id,
    Meeting.sequence.is_(None),
    Meeting.sequence,
    *BY_DATE[Meeting],
)
STATEMENTS_OF_VISIT = through(
    RecordKind.STATEMENT,
    Statement,
    union(
        pair(Statement.visit_id, Statement.id),
        pair(Meeting.visit_id, Statement.id).join(Meeting, Meeting.id == Statement.meeting_id),
    ),
)
OFFICIALS_OF_VISIT = officials_of(pair(Traveller.visit_id, Traveller.official_id))
STATEMENTS_OF_MEETING = direct(RecordKind.STATEMENT, Statement, Statement.meeting_id)
COMMITMENTS_OF_MEETING = through(
    RecordKind.COMMITMENT,
    Commitment,
    pair(CommitmentEvent.meeting_id, CommitmentEvent.commitment_id).distinct(),
)
OFFICIALS_OF_MEETING = officials_of(pair(Participation.meeting_id, Participation.official_id))
OFFICIALS_OF_STATEMENT = officials_of(
    pair(Statement.id, Statement.speaker_id),
    pair(Statement.id, Statement.on_behalf_of_official_id),
    pair(CoSpeaker.statement_id, CoSpeaker.official_id),
    pair(Addressee.statement_id, Addressee.official_id),
)
MEETINGS_OF_COMMITMENT = through(
    RecordKind.MEETING,
    Meeting,
    pair(CommitmentEvent.commitment_id, CommitmentEvent.meeting_id).distinct(),
)
OFFICIALS_OF_COMMITMENT = officials_of(
    pair(CommitmentActor.commitment_id, CommitmentActor.official_id),
    pair(CommitmentEvent.commitment_id, CommitmentEvent.actor_id),
)
SOURCES_OF_COMMITMENT = through(
    RecordKind.SOURCE,
    Source,
    union(
        pair(Citation.commitment_id, Citation.source_id),
        pair(CommitmentEvent.commitment_id, Citation.source_id).join(
            CommitmentEvent, CommitmentEvent.id == Citation.commitment_event_id
        ),
        pair(Assessment.commitment_id, Citation.source_id).join(
            Assessment, Assessment.id == Citation.assessment_id
        ),
        pair(Claim.commitment_id, Claim.source_id),
    ),
)


LINEAGE_OF_COMMITMENT = through(
    RecordKind.COMMITMENT,
    Commitment,
    union(
        pair(Lineage.commitment_id, Lineage.earlier_id),
        pair(Lineage.earlier_id, Lineage.commitment_id),
    ),
)


def renderings() -> Relation:
    """The other statements that render the same utterance."""
    other = aliased(Statement)
    found = (
        select(other.id.label("parent"), Statement.id.label("child"))
        .join_from(Statement, other, other.utterance_id == Statement.utterance_id)
        .where(other.id != Statement.id)
    )
    return through(RecordKind.STATEMENT, Statement, found)


RENDERINGS_OF_STATEMENT = renderings()
