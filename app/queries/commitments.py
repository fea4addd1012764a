"""Commitments as a list."""

from sqlalchemy import ColumnElement, or_, select

from app.folding import fold
from app.models import (
    Assessment,
    Citation,
    Commitment,
    CommitmentActor,
    CommitmentEvent,
    CommitmentTopic,
    Meeting,
    Source,
)
from app.queries import relations
from app.queries.base import (
    Bind,
    Conditions,
    Resource,
    alternatives,
    between_days,
    by_date,
    by_update,
    refers,
    refers_to_party_or_official,
    topics_of,
)
from app.schemas.commitments import CommitmentFilters, CommitmentRead
from app.vocabulary import CommitmentEventKind, RecordKind


def where(filters: CommitmentFilters, bind: Bind) -> Conditions:
    for side in ("by", "to"):
        named = list(
            refers_to_party_or_official(
                CommitmentActor.party_id, CommitmentActor.official_id, side, filters, bind
            )
        )
        if named:
            yield Commitment.id.in_(
                select(CommitmentActor.commitment_id).where(CommitmentActor.side == side, *named)
            )
    yield from topics_of(CommitmentTopic, CommitmentTopic.commitment_id, Commitment, filters, bind)
    yield from alternatives(Commitment.kind, "kind", filters, bind)
    yield from alternatives(Commitment.latest_event, "latest_event", filters, bind)
    if filters.made_in is not None:
        made = list(refers(CommitmentEvent.meeting_id, Meeting, "made_in", filters, bind))
        yield has_event(CommitmentEvent.event == CommitmentEventKind.MADE, *made)
    yield from one_event(filters, bind)
    yield from one_assessment(filters, bind)
    yield from attested_anywhere(filters, bind)
    yield from between_days(Commitment, filters, bind)


def has_event(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Commitment.id.in_(select(CommitmentEvent.commitment_id).where(*conditions))


def one_event(filters: CommitmentFilters, bind: Bind) -> Conditions:
    """`event`, `event_in`, `event_from` and `event_to` must hold for one and the same event."""
    conditions = [
        *alternatives(CommitmentEvent.event, "event", filters, bind),
        *refers(CommitmentEvent.meeting_id, Meeting, "event_in", filters, bind),
    ]
    dated = CommitmentEvent.date_edtf.is_not(None)
    if filters.event_from is not None:
        latest = CommitmentEvent.date_latest
        start = bind(lambda each: each.event_from.first)
        conditions.append(or_(latest >= start, latest.is_(None) & dated))
    if filters.event_to is not None:
        earliest = CommitmentEvent.date_earliest
        end = bind(lambda each: each.event_to.last)
        conditions.append(or_(earliest <= end, earliest.is_(None) & dated))
    if conditions:
        yield has_event(*conditions)


def one_assessment(filters: CommitmentFilters, bind: Bind) -> Conditions:
    """`verdict` and `assessor` must hold for one and the same assessment."""
    conditions = list(alternatives(Assessment.verdict, "verdict", filters, bind))
    if filters.assessor is not None:
        conditions.append(Assessment.assessor_folded == bind(lambda each: fold(each.assessor)))
    if conditions:
        yield Commitment.id.in_(select(Assessment.commitment_id).where(*conditions))


def attested_anywhere(filters: CommitmentFilters, bind: Bind) -> Conditions:
    """A source speaks of the commitment itself, of an event or of an assessment of it."""
    for field in ("source", "perspective"):
        speaking = [
            *(refers(Source.id, Source, "source", filters, bind) if field == "source" else ()),
            *(
                alternatives(Source.perspective, "perspective", filters, bind)
                if field == "perspective"
                else ()
            ),
        ]
        if speaking:
            wanted = select(Source.id).where(*speaking)
            cited = Citation.source_id.in_(wanted)
            yield or_(
                Commitment.id.in_(select(Citation.commitment_id).where(cited)),
                Commitment.id.in_(
                    select(CommitmentEvent.commitment_id)
                    .join(Citation, Citation.commitment_event_id == CommitmentEvent.id)
                    .where(cited)
                ),
                Commitment.id.in_(
                    select(Assessment.commitment_id)
                    .join(Citation, Citation.assessment_id == Assessment.id)
                    .where(cited)
                ),
            )


COMMITMENTS = Resource(
    kind=RecordKind.COMMITMENT,
    path="commitments",
    model=Commitment,
    read=CommitmentRead,
    filters=CommitmentFilters,
    where=where,
    sorts={"date": by_date(Commitment), "updated_at": by_update(Commitment)},
    key=Commitment.slug,
    relations={
        "meetings": relations.MEETINGS_OF_COMMITMENT,
        "sources": relations.SOURCES_OF_COMMITMENT,
        "officials": relations.OFFICIALS_OF_COMMITMENT,
        "lineage": relations.LINEAGE_OF_COMMITMENT,
    },
)
