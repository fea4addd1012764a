"""Commitments as a list."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from app.database.dialects import is_long
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
    reach,
    refers,
    topics_of,
)
from app.queries.selections import Range, Selection, hanging
from app.queries.sources import speaks
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
    owner, day = CommitmentEvent.commitment_id, CommitmentEvent.listed_on
    return hanging(Commitment, fields, [Range(owner, wanted, listed=day)])


OF_EVENTS = ("event", "event_in", "event_from", "event_to")
OF_ASSESSMENTS = ("verdict", "assessor")


def one_event(filters: CommitmentFilters, bind: Bind) -> Parts:
    """`event`, `event_in`, `event_from` and `event_to` must hold for one and the same event."""
    happened = [
        *alternatives(CommitmentEvent.event, "event", filters, bind),
        *refers(CommitmentEvent.meeting_id, Meeting, "event_in", filters, bind),
    ]
    days = ranges_of_days(filters, bind)
    if happened or days:
        ranges = [[*happened, *wanted] for wanted in days or [[]]]
        owner = CommitmentEvent.commitment_id
        # Of days the event itself is asked, and then its commitment may be as well.
        listed = None if days else CommitmentEvent.listed_on
        found = [Range(owner, wanted, listed=listed) for wanted in ranges]
        yield hanging(Commitment, OF_EVENTS, found)


def ranges_of_days(filters: CommitmentFilters, bind: Bind) -> list[list[ColumnElement[bool]]]:
    """Events that may fall on certain days: those that begin on them or in the year before, and
    the few others that have an index of their own.
    """
    earliest, latest = CommitmentEvent.date_earliest, CommitmentEvent.date_latest
    begins, dated = CommitmentEvent.date_ascends, CommitmentEvent.date_edtf.is_not(None)
    inside: list[ColumnElement[bool]] = []
    outside: list[ColumnElement[bool]] = []
    overlap: list[ColumnElement[bool]] = [dated]
    if filters.event_from is not None:
        overlap.append(or_(latest >= bind(lambda each: each.event_from.first), latest.is_(None)))
        lowest = bind(lambda each: reach(each.event_from.first))
        inside.append(begins >= lowest)
        outside.append(begins < lowest)
    if filters.event_to is not None:
        end = bind(lambda each: each.event_to.last)
        overlap.append(or_(earliest <= end, earliest.is_(None)))
        inside.append(begins <= end)
        outside.append(begins > end)
    if not inside:
        return []
    long = is_long(bind.dialect, earliest, latest)
    return [[*inside, *overlap], *([long, each, *overlap] for each in outside)]


def one_assessment(filters: CommitmentFilters, bind: Bind) -> Parts:
    """`verdict` and `assessor` must hold for one and the same assessment."""
    conditions = list(alternatives(Assessment.verdict, "verdict", filters, bind))
    if filters.assessor is not None:
        conditions.append(Assessment.assessor_folded == bind(lambda each: fold(each.assessor)))
    if conditions:
        owner, day = Assessment.commitment_id, Assessment.listed_on
        yield hanging(Commitment, OF_ASSESSMENTS, [Range(owner, conditions, listed=day)])


def attested_anywhere(filters: CommitmentFilters, bind: Bind) -> Parts:
    """A source speaks of the commitment itself, of an event or of an assessment of it."""
    cited = list(refers(Citation.source_id, Source, "source", filters, bind))
    if cited:
        yield hanging(Commitment, ("source",), citations(cited))
    speaking = speaks(filters, bind)
    if speaking:
        source = (Source, Source.id == Citation.source_id)
        yield hanging(Commitment, ("perspective",), citations(speaking, source))


def citations(wanted: list[ColumnElement[bool]], *through: Any) -> list[Range]:
    """Certain citations of a commitment itself, of its events and of its assessments."""
    owner = Citation.commitment_id
    return [
        Range(owner, (*wanted, owner.is_not(None)), through=through, listed=Citation.listed_on),
        *(
            Range(
                part.commitment_id,
                (*wanted, subject.is_not(None)),
                through=((Citation, subject == part.id), *through),
                listed=part.listed_on,
            )
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
