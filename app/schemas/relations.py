"""Relations: the timeline of two parties, and how it is filtered."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.commitments import EventActorRead
from app.schemas.common import DateRead, Id, Page, PartyCode, RecordCard, Shown
from app.schemas.filters import CommaList, Count, Cursor, DateRange, Limit, RecordId
from app.vocabulary import (
    CommitmentEventKind,
    CommitmentKind,
    EventStatus,
    MeetingFormat,
    TimelineKind,
    VisitKind,
)


class PartyCard(Shown):
    """A party in brief."""

    id: Id
    code: PartyCode
    name: Annotated[str, Field(examples=["China"])]


class TimelineEventRead(Shown):
    """What happened to a commitment: by whom, and at which meeting."""

    kind: CommitmentEventKind
    actor: EventActorRead | None
    meeting: RecordCard | None
    note: str | None


class TimelineItem(Shown):
    """Something between the two parties. Keys that do not apply to its type are null."""

    type: TimelineKind
    id: Annotated[
        Id,
        Field(description="Of the visit, meeting or commitment, or of the commitment's event."),
    ]
    date: DateRead | None
    record: Annotated[
        RecordCard, Field(description="The visit, meeting or commitment that says more.")
    ]
    status: Annotated[EventStatus | None, Field(description="Of a visit or a meeting.")]
    format: Annotated[MeetingFormat | None, Field(description="Of a meeting.")]
    kind: Annotated[
        VisitKind | CommitmentKind | None,
        Field(description="Of a visit, where it is known, or of a commitment."),
    ]
    event: Annotated[
        TimelineEventRead | None, Field(description="Of an event: what happened after the making.")
    ]


class RelationsRead(Page[TimelineItem]):
    """A page of the timeline of two parties."""

    parties: Annotated[list[PartyCard], Field(description="The two, in the order of the address.")]


class RelationsFilters(DateRange):
    type: Annotated[
        CommaList[TimelineKind] | None,
        Field(description="One or more types of entries.", examples=["visit,meeting"]),
    ] = None
    sort: Annotated[
        Literal["date", "-date"],
        Field(description="The order; `-` for descending. Undated entries come last in both."),
    ] = "date"
    limit: Limit = 20
    cursor: Cursor = None
    count: Count = None


class Timeline(RelationsFilters):
    """A timeline with what its address and its cursor stand for."""

    low: RecordId
    high: RecordId
    after: tuple[Any, str] | None = None
