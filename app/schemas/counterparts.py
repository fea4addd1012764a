"""Counterparts: whom an official has met, and how that is filtered."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.common import DateRead, OfficialCard, Page, RecordCard, Shown
from app.schemas.filters import CommaList, Count, Cursor, DateRange, Limit, PartyRef, RecordId


class EncounterRead(Shown):
    """One of the meetings, with its date as it is known."""

    meeting: RecordCard
    date: DateRead


class CounterpartRead(Shown):
    """Someone whom the official has met."""

    official: OfficialCard
    meetings: Annotated[
        int, Field(description="At how many meetings that were held; undated ones count.")
    ]
    first: Annotated[
        EncounterRead | None,
        Field(
            description="The first of them: the one that may have begun before all others. Null "
            "where none has a date."
        ),
    ]
    last: Annotated[
        EncounterRead | None,
        Field(description="The last of them, in the same order. Null where none has a date."),
    ]


class CounterpartPage(Page[CounterpartRead]):
    """A page of an official's counterparts."""


class CounterpartFilters(DateRange):
    party: Annotated[
        CommaList[PartyRef] | None,
        Field(
            description="Only meetings at which the counterpart sat for one of these parties.",
            examples=["CN"],
        ),
    ] = None
    sort: Annotated[
        Literal["meetings", "-meetings", "first", "-first", "last", "-last"],
        Field(
            description="The order; `-` for descending. By `first` and `last` come those without "
            "a dated meeting at the end of both."
        ),
    ] = "-meetings"
    limit: Limit = 20
    cursor: Cursor = None
    count: Count = None


class CounterpartsOf(CounterpartFilters):
    """Counterparts with what their address and their cursor stand for."""

    official: RecordId
    after: tuple[Any, str] | None = None
