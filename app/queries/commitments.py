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
    Parts,
    Resource,
    alternatives,
    by_date,
    by_update,
    holds,
    on_days,
    parties_or_officials,
    refers,
    topics_of,
)
from app.queries.selections import Range, Selection, hanging
from app.schemas.commitments import CommitmentFilters, CommitmentRead
from app.vocabulary import CommitmentEventKind, RecordKind

ACTOR = (CommitmentActor.party_id, CommitmentActor.official_id)


def where(filters: CommitmentFilters, bind: Bind) -> Parts:
    for side in ("by", "to"):
        named = parties_or_officials(*ACTOR, side, filters, bind)
        if named:
            owner, day = CommitmentActor.commitment_id, CommitmentActor.listed_on
            ranges = [Range(owner, (CommitmentActor.side == side, *each), day) for each in named]
            yield hanging(Commitment, (side,), ranges)
    yield from topics_of(CommitmentTopic.commitment_id, Commitment, filters, bind)
    yield from holds(Commitment.kind, "kind", filters, bind)
    yield from holds(Commitment.latest_event, "latest_event", filters, bind)
    if filters.made_in is not None:
        made = list(refers(CommitmentEvent.meeting_id, Meeting, "made_in", filters, bind))
        yield has_event(("made_in",), CommitmentEvent.event == CommitmentEventKind.MADE, *made)
    yield from one_event(filters, bind)
    yield from one_assessment(filters, bind)
    yield from attested_anywhere(filters, bind)
    yield from on_days(Commitment, filters, bind)


def has_event(fields: tuple[str, ...], *wanted: ColumnElement[bool]) -> Selection:
    return hanging(Commitment, fields, [Range(CommitmentEvent.commitment_id, wanted)])


OF_EVENTS = ("event", "event_in", "event_from", "event_to")
OF_ASSESSMENTS = ("verdict", "assessor")


def one_event(filters: CommitmentFilters, bind: Bind) -> Parts:
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
        yield has_event(OF_EVENTS, *conditions)


def one_assessment(filters: CommitmentFilters, bind: Bind) -> Parts:
    """`verdict` and `assessor` must hold for one and the same assessment."""
    conditions = list(alternatives(Assessment.verdict, "verdict", filters, bind))
    if filters.assessor is not None:
        conditions.append(Assessment.assessor_folded == bind(lambda each: fold(each.assessor)))
    if conditions:
        yield hanging(Commitment, OF_ASSESSMENTS, [Range(Assessment.commitment_id, conditions)])


def attested_anywhere(filters: CommitmentFilters, bind: Bind) -> Parts:
    """A source speaks of the commitment itself, of an event or of an assessment of it."""
    cited = list(refers(Citation.source_id, Source, "source", filters, bind))
    if cited:
        yield hanging(Commitment, ("source",), citations(cited))
    speaking = list(alternatives(Source.perspective, "perspective", filters, bind))
    if speaking:
        of_one = Citation.source_id.in_(select(Source.id).where(*speaking))
        yield hanging(Commitment, ("perspective",), citations([of_one]))


def citations(cited: list[ColumnElement[bool]]) -> list[Range]:
    """Certain citations of a commitment itself, of its events and of its assessments."""
    return [
        Range(Citation.commitment_id, (*cited, Citation.commitment_id.is_not(None))),
        *(
            Range(part.commitment_id, cited, through=(Citation, subject == part.id))
            for part, subject in (
                (CommitmentEvent, Citation.commitment_event_id),
                (Assessment, Citation.assessment_id),
            )
        ),
    ]


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
