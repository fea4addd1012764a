"""Visits: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CitationRead,
    ClaimRead,
    ConflictRead,
    DateRead,
    Id,
    IdentifierRead,
    PartyCode,
    PersonRead,
    PlaceRead,
    RecordRead,
    Shown,
    Slug,
)
from app.schemas.filters import CommaList, DateRange, Line, ListFilters, PartyRef, RecordRef
from app.vocabulary import EventStatus, PositionLevel, VisitKind


class LocalityRead(Shown):
    """One of the localities that a stop comprises."""

    name: Annotated[
        str | None,
        Field(description="Another name that its sources state.", examples=["Peking"]),
    ]
    city: Annotated[str, Field(examples=["Beijing"])]


class StopRead(Shown):
    """One place on the way."""

    id: Id
    place: PlaceRead
    localities: Annotated[
        list[LocalityRead],
        Field(description="Those that it comprises, where they are more than its place."),
    ]
    date: DateRead | None


class VisitRead(RecordRead):
    """A journey of officials, with its stops."""

    slug: Annotated[Slug, Field(examples=["blinken-beijing-2023-06"])]
    title: Annotated[str, Field(examples=["Antony Blinken in Beijing"])]
    summary: str | None
    kind: VisitKind | None
    status: EventStatus
    date: DateRead | None
    visitor_parties: Annotated[list[PartyCode], Field(examples=[["US"]])]
    host_parties: Annotated[list[PartyCode], Field(examples=[["CN"]])]
    travellers: list[PersonRead]
    stops: list[StopRead]
    conflicts: list[ConflictRead]
    citations: list[CitationRead]
    claims: list[ClaimRead]
    external_ids: list[IdentifierRead]


class VisitFilters(DateRange, ListFilters):
    visitor: Annotated[
        RecordRef | None,
        Field(description="An official who travelled.", examples=["antony-blinken"]),
    ] = None
    visitor_party: Annotated[
        CommaList[PartyRef] | None, Field(description="A visiting party.", examples=["US"])
    ] = None
    visitor_level: Annotated[
        CommaList[PositionLevel] | None,
        Field(
            description="A traveller may have held an office of one of these levels on some day of "
            "the visit: the same traveller as `visitor`, and an office of `visitor_party` where "
            "that is given.",
            examples=["foreign_minister"],
        ),
    ] = None
    host: Annotated[
        CommaList[PartyRef] | None, Field(description="A receiving party.", examples=["CN"])
    ] = None
    kind: Annotated[
        CommaList[VisitKind] | None, Field(description="One or more kinds.", examples=["official"])
    ] = None
    status: Annotated[
        CommaList[EventStatus] | None, Field(description="One or more statuses.", examples=["held"])
    ] = None
    place: Annotated[
        Line | None,
        Field(
            description="A stop's city, place or one of its localities, folded, or its country's "
            "code.",
            examples=["Beijing"],
        ),
    ] = None
    dataset: Annotated[Line | None, Field(description="A data set.", examples=["seed"])] = None
    sort: Annotated[
        Literal["date", "-date", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "date"
    include: Annotated[
        CommaList[
            Literal[
                "meetings",
                "meetings.statements",
                "meetings.commitments",
                "statements",
                "sources",
                "officials",
            ]
        ]
        | None,
        Field(description="Relations to add to each item.", examples=["meetings"]),
    ] = None
