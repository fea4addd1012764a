"""Positions: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CalendarDay,
    CitationRead,
    ClaimRead,
    ConflictRead,
    DateRead,
    Held,
    IdentifierRead,
    OfficialCard,
    PartyCode,
    RecordRead,
)
from app.schemas.filters import CommaList, Day, Line, ListFilters, PartyRef, RecordRef
from app.vocabulary import EndStatus, PositionLevel


class PositionRead(RecordRead):
    """An office held by one official.

    `end` null does not mean that the tenure goes on: `end_status` says what is known, and
    `attested_until` up to which day a source shows it going on.
    """

    official: OfficialCard
    title: Annotated[str, Field(examples=["Minister of Foreign Affairs"])]
    party: PartyCode | None
    body: Annotated[str | None, Field(examples=["Ministry of Foreign Affairs"])]
    level: PositionLevel
    start: DateRead | None
    end: DateRead | None
    end_status: EndStatus
    attested_until: CalendarDay | None
    acting: bool
    held: Held
    conflicts: list[ConflictRead]
    citations: list[CitationRead]
    claims: list[ClaimRead]
    external_ids: list[IdentifierRead]


class PositionFilters(ListFilters):
    official: Annotated[
        RecordRef | None, Field(description="Whose positions.", examples=["wang-yi"])
    ] = None
    party: Annotated[
        CommaList[PartyRef] | None,
        Field(description="Positions of these parties.", examples=["CN"]),
    ] = None
    level: Annotated[
        CommaList[PositionLevel] | None,
        Field(description="One or more levels.", examples=["foreign_minister"]),
    ] = None
    title: Annotated[
        Line | None,
        Field(description="The title, folded.", examples=["Secretary of State"]),
    ] = None
    as_of: Annotated[
        Day | None,
        Field(
            description="Positions that may have been held on that day, first and last day "
            "included.",
            examples=["2023-06-18"],
        ),
    ] = None
    sort: Annotated[
        Literal["start", "-start", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "start"
    include: Annotated[
        CommaList[Literal["officials", "sources"]] | None,
        Field(description="Relations to add to each item.", examples=["sources"]),
    ] = None
