"""Sources: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CalendarDay,
    DateRead,
    IdentifierRead,
    Language,
    RecordCard,
    RecordRead,
    Slug,
)
from app.schemas.filters import CommaList, DateRange, LanguageTag, Line, ListFilters
from app.vocabulary import SourceKind


class SourceRead(RecordRead):
    """A document that claims things."""

    slug: Annotated[Slug, Field(examples=["us-visit"])]
    title: Annotated[str, Field(examples=["Readout of the visit to Beijing"])]
    kind: SourceKind
    publisher: Annotated[str, Field(examples=["US Department of State"])]
    perspective: Annotated[
        str,
        Field(
            description="The code of the party whose government or state media speaks, "
            "or `press`, or `third_party`.",
            examples=["US"],
        ),
    ]
    date: Annotated[DateRead | None, Field(description="When it was published.")]
    url: Annotated[str | None, Field(description="Where it can be read.")]
    archived_url: Annotated[str | None, Field(description="An archived copy.")]
    republished_by: Annotated[
        str | None, Field(description="Who carries the copy at `url`, if not the publisher.")
    ]
    known_through: Annotated[
        RecordCard | None,
        Field(description="The source that reports this one, where it was not itself read."),
    ]
    accessed_on: CalendarDay | None
    language: Language | None
    licence: Annotated[str | None, Field(examples=["CC0-1.0"])]
    content_hash: Annotated[str | None, Field(description="Of the copy that was read.")]
    note: Annotated[str | None, Field(description="What a reader of it should know.")]
    external_ids: list[IdentifierRead]


class SourceFilters(DateRange, ListFilters):
    kind: Annotated[
        CommaList[SourceKind] | None, Field(description="One or more kinds.", examples=["readout"])
    ] = None
    perspective: Annotated[
        CommaList[Line] | None,
        Field(
            description="Party codes, `press` or `third_party`.",
            examples=["US,CN"],
        ),
    ] = None
    publisher: Annotated[
        Line | None, Field(description="The publisher's name, folded.", examples=["Xinhua"])
    ] = None
    language: Annotated[
        CommaList[LanguageTag] | None, Field(description="Language tags.", examples=["en"])
    ] = None
    sort: Annotated[
        Literal["date", "-date", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "date"
