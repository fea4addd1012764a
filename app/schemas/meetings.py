"""Meetings: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CalendarDay,
    CitationRead,
    ClaimRead,
    ConflictRead,
    DateRead,
    IdentifierRead,
    Instant,
    PersonRead,
    PlaceRead,
    RecordCard,
    RecordRead,
    Shown,
    Slug,
    TopicCode,
)
from app.schemas.filters import (
    Boolean,
    CommaList,
    DateRange,
    Line,
    ListFilters,
    PartyRef,
    RecordRef,
    Several,
    TopicRef,
)
from app.vocabulary import DurationQualifier, EventStatus, MeetingFormat


class LocalDateRead(Shown):
    """The calendar date of the meeting in one time zone."""

    date: CalendarDay
    time_zone: Annotated[str, Field(description="An IANA zone.", examples=["Asia/Shanghai"])]


class MeetingRead(RecordRead):
    """An encounter, in person or not, with what its sources agree and do not agree on."""

    slug: Annotated[Slug, Field(examples=["blinken-xi-beijing-2023-06-19"])]
    title: Annotated[str, Field(examples=["Courtesy call on Xi Jinping"])]
    summary: str | None
    format: MeetingFormat
    status: EventStatus
    announced_beforehand: Annotated[bool | None, Field(examples=[False])]
    date: DateRead | None
    starts_at: Instant | None
    starts_at_approximate: bool | None
    time_zone: Annotated[
        str | None, Field(description="The IANA zone of the start.", examples=["Asia/Shanghai"])
    ]
    local_dates: Annotated[
        list[LocalDateRead],
        Field(description="Where time zones give the event more than one calendar date."),
    ]
    duration_minutes: Annotated[int | None, Field(examples=[30])]
    duration_qualifier: Annotated[
        DurationQualifier | None, Field(description="How the source bounds the duration.")
    ]
    place: PlaceRead
    visit: RecordCard | None
    sequence: Annotated[int | None, Field(description="Its order in the visit.", examples=[3])]
    part_of: Annotated[RecordCard | None, Field(description="The event that it is a part of.")]
    topics: list[TopicCode]
    participants: list[PersonRead]
    conflicts: list[ConflictRead]
    citations: list[CitationRead]
    claims: list[ClaimRead]
    external_ids: list[IdentifierRead]


class MeetingFilters(DateRange, ListFilters):
    participant: Annotated[
        Several[RecordRef] | None,
        Field(
            description="An official who took part. May repeat: then all of them did.",
            examples=["antony-blinken"],
        ),
    ] = None
    party: Annotated[
        Several[PartyRef] | None,
        Field(
            description="A party that took part. May repeat: then all of them did.",
            examples=["CN"],
        ),
    ] = None
    country: Annotated[
        CommaList[PartyRef] | None, Field(description="Where it took place.", examples=["CN"])
    ] = None
    city: Annotated[Line | None, Field(description="Where, folded.", examples=["Beijing"])] = None
    format: Annotated[
        CommaList[MeetingFormat] | None,
        Field(description="One or more formats.", examples=["courtesy_call"]),
    ] = None
    status: Annotated[
        CommaList[EventStatus] | None, Field(description="One or more statuses.", examples=["held"])
    ] = None
    topic: Annotated[
        CommaList[TopicRef] | None,
        Field(
            description="One or more topics; narrower topics are not implied.", examples=["taiwan"]
        ),
    ] = None
    visit: Annotated[
        RecordRef | None,
        Field(description="Meetings of a visit.", examples=["blinken-beijing-2023-06"]),
    ] = None
    part_of: Annotated[
        RecordRef | None,
        Field(description="Meetings within another event.", examples=["biden-xi-bali-2022-11-14"]),
    ] = None
    source: Annotated[
        RecordRef | None, Field(description="Meetings that a source attests.", examples=["eir"])
    ] = None
    has_conflicts: Annotated[
        Boolean | None,
        Field(description="Whether the sources disagree on any field.", examples=["true"]),
    ] = None
    dataset: Annotated[Line | None, Field(description="A data set.", examples=["seed"])] = None
    sort: Annotated[
        Literal[
            "date", "-date", "sequence", "-sequence", "title", "-title", "updated_at", "-updated_at"
        ],
        Field(description="The order; `-` for descending."),
    ] = "date"
    include: Annotated[
        CommaList[
            Literal[
                "statements",
                "statements.sources",
                "commitments",
                "commitments.sources",
                "sources",
                "officials",
            ]
        ]
        | None,
        Field(description="Relations to add to each item.", examples=["statements"]),
    ] = None
