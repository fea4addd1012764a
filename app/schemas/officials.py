"""Officials: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CalendarDay,
    CitationRead,
    DateRead,
    Held,
    IdentifierRead,
    NameRead,
    PartyCode,
    PositionCard,
    RecordRead,
    Slug,
)
from app.schemas.filters import CommaList, Day, Line, ListFilters, PartyRef
from app.vocabulary import EndStatus, PositionLevel


class TenureRead(PositionCard):
    """A position of the official, with its time."""

    party: PartyCode | None
    body: Annotated[str | None, Field(description="The body that the office belongs to.")]
    start: DateRead | None
    end: DateRead | None
    end_status: EndStatus
    attested_until: Annotated[
        CalendarDay | None,
        Field(description="The last day on which a source shows the tenure going on."),
    ]
    acting: bool
    held: Held


class OfficialRead(RecordRead):
    """A person, with names in every recorded script and the positions held."""

    slug: Annotated[Slug, Field(examples=["xi-jinping"])]
    name: Annotated[str, Field(examples=["Xi Jinping"])]
    names: list[NameRead]
    identifiers: list[IdentifierRead]
    birth: DateRead | None
    death: DateRead | None
    positions: list[TenureRead]
    citations: list[CitationRead]


class OfficialFilters(ListFilters):
    party: Annotated[
        CommaList[PartyRef] | None,
        Field(description="Has held a position of these parties.", examples=["CN"]),
    ] = None
    level: Annotated[
        CommaList[PositionLevel] | None,
        Field(
            description="Has held a position of these levels; the same position as `party`.",
            examples=["foreign_minister"],
        ),
    ] = None
    in_office_on: Annotated[
        Day | None,
        Field(
            description="May have held a position on that day; the same position as `party` "
            "and `level`.",
            examples=["2023-06-18"],
        ),
    ] = None
    identifier: Annotated[
        Line | None,
        Field(
            description="An identifier in another system, as `scheme:value`.",
            examples=["pocom:blinken-antony-j"],
            pattern=r"^[a-z][a-z0-9_-]*:.+$",
        ),
    ] = None
    as_of: Annotated[
        Day | None,
        Field(
            description="The names and positions that may have held on that day.",
            examples=["2023-06-18"],
        ),
    ] = None
    sort: Annotated[
        Literal["name", "-name", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "name"
    include: Annotated[
        CommaList[Literal["sources"]] | None,
        Field(description="Relations to add to each item.", examples=["sources"]),
    ] = None
