"""The shapes that several records share: cards, dates, places, evidence, and the page."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.vocabulary import (
    Attestation,
    ClaimRank,
    DatePrecision,
    DurationQualifier,
    NameKind,
    ParticipantRole,
    PositionLevel,
    SourceKind,
)

T = TypeVar("T")

Id = Annotated[
    str,
    Field(
        description="A UUIDv7; it never changes.",
        examples=["0188cbf4-2c00-7a10-8b3e-5d1f0c9a7e21"],
        json_schema_extra={"format": "uuid"},
    ),
]
Slug = Annotated[
    str, Field(description="A readable address; it never changes and is never reused.")
]
PartyCode = Annotated[
    str, Field(description="The code of a party, as in `/v1/parties`.", examples=["CN"])
]
TopicCode = Annotated[
    str, Field(description="The code of a topic, as in `/v1/topics`.", examples=["taiwan"])
]
Instant = Annotated[
    str,
    Field(
        description="An instant: RFC 3339, in UTC.",
        examples=["2023-06-19T08:30:00Z"],
        json_schema_extra={"format": "date-time"},
    ),
]
CalendarDay = Annotated[
    str,
    Field(
        description="A calendar date.",
        examples=["2023-06-19"],
        json_schema_extra={"format": "date"},
    ),
]
Language = Annotated[str, Field(description="A BCP 47 language tag.", examples=["zh"])]


Held = Annotated[
    Literal["yes", "maybe", "no"] | None,
    Field(
        description="With `as_of`: whether the office was held on that day, may have been, or was "
        "not. Null where no day is asked for."
    ),
]


class Shown(BaseModel):
    """A part of an answer. Every key is always there; what is unknown is null."""

    # Validators are made when they are needed first: most of these models only document answers.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class DateRead(Shown):
    """A date as uncertain as its source leaves it: the EDTF text and the days it may mean."""

    edtf: Annotated[str, Field(description="As given, in EDTF.", examples=["2023-06"])]
    earliest: Annotated[
        CalendarDay | None,
        Field(description="The first possible day; null where the start is open or unknown."),
    ]
    latest: Annotated[
        CalendarDay | None,
        Field(description="The last possible day; null where the end is open or unknown."),
    ]
    precision: DatePrecision


class OfficialCard(Shown):
    """An official in brief."""

    id: Id
    slug: Annotated[Slug, Field(examples=["xi-jinping"])]
    name: Annotated[str, Field(examples=["Xi Jinping"])]


class RecordCard(Shown):
    """A visit, meeting or source in brief."""

    id: Id
    slug: Annotated[Slug, Field(examples=["blinken-beijing-2023-06"])]
    title: Annotated[str, Field(examples=["Antony Blinken in Beijing"])]


class SourceLine(RecordCard):
    """A source as it is named beside what it attests."""

    publisher: Annotated[str, Field(examples=["US Department of State"])]
    kind: SourceKind
    perspective: Annotated[
        str,
        Field(
            description="The code of the party whose government or state media speaks, "
            "or `press`, or `third_party`.",
            examples=["US"],
        ),
    ]
    url: Annotated[str | None, Field(description="Where the document can be read.")]


class EvidenceRead(Shown):
    """Where in the source the evidence stands (a text quote after the W3C annotation model)."""

    locator: Annotated[str | None, Field(description="Page, paragraph, record number.")]
    quote: Annotated[str | None, Field(description="The source's exact words.")]
    prefix: Annotated[str | None, Field(description="What stands before the quotation.")]
    suffix: Annotated[str | None, Field(description="What stands after it.")]
    language: Annotated[Language | None, Field(description="The language of the quotation.")]


class CitationRead(EvidenceRead):
    """A source that attests the record as a whole."""

    id: Id
    source: SourceLine


class ClaimRead(EvidenceRead):
    """A source giving a value to one field of the record."""

    id: Id
    source: RecordCard
    field: Annotated[str, Field(examples=["duration_minutes"])]
    participant: Annotated[
        Id | None, Field(description="The participation that the claim is about, if one.")
    ]
    value: Annotated[Any, Field(description="The value that the source gives.", examples=[420])]
    qualifier: DurationQualifier | None
    rank: ClaimRank
    attestation: Annotated[
        Attestation | None,
        Field(description="On the field `topics`: how the source treats the topic."),
    ]


class ConflictValue(Shown):
    """One of the rival values, with the slugs of the sources that give it."""

    value: Annotated[Any, Field(examples=[30])]
    qualifier: DurationQualifier | None
    attestation: Annotated[
        Attestation | None, Field(description="On the field `topics`: what these sources say.")
    ]
    sources: Annotated[list[Slug], Field(examples=[["eir"]])]


class ConflictRead(Shown):
    """A field that the sources do not agree on; derived from the claims, never typed in."""

    field: Annotated[str, Field(examples=["duration_minutes"])]
    participant: Annotated[
        OfficialCard | None, Field(description="Whose participation the field belongs to.")
    ]
    values: list[ConflictValue]


class IdentifierRead(Shown):
    """The record's name in another system."""

    scheme: Annotated[str, Field(examples=["pocom"])]
    value: Annotated[str, Field(examples=["blinken-antony-j"])]


class NameRead(Shown):
    """A name, with the language and script it is written in and when it was borne."""

    id: Id
    name: Annotated[str, Field(examples=["习近平"])]
    kind: NameKind
    language: Annotated[Language | None, Field()]
    script: Annotated[str | None, Field(description="ISO 15924.", examples=["Hans"])]
    valid_from: DateRead | None
    valid_until: DateRead | None


class PlaceRead(Shown):
    """Where an event took place, as far as its sources say."""

    name: Annotated[str | None, Field(examples=["Great Hall of the People"])]
    city: Annotated[str | None, Field(examples=["Beijing"])]
    country: Annotated[
        PartyCode | None, Field(description="The party that the place belonged to on the day.")
    ]
    latitude: Annotated[float | None, Field(description="Degrees north, WGS 84.")]
    longitude: Annotated[float | None, Field(description="Degrees east, WGS 84.")]


class PositionCard(Shown):
    """A position in brief."""

    id: Id
    title: Annotated[str, Field(examples=["Minister of Foreign Affairs"])]
    level: PositionLevel


class PositionHeld(Shown):
    """The office that someone held on the day, as the record's positions give it.

    `resolved` holds where every possible day gives the same answer; then `id` and `title` are
    the highest office held and `concurrent` the others. Otherwise they are null, and
    `candidates` names every office that may have been held.
    """

    id: Id | None
    title: Annotated[str | None, Field(examples=["President"])]
    level: PositionLevel | None
    resolved: bool
    concurrent: list[PositionCard]
    candidates: list[PositionCard]


class PersonRead(Shown):
    """Someone at an event: as the source names them, and who that is where it is known."""

    id: Id
    official: OfficialCard | None
    name_as_given: Annotated[str, Field(examples=["Wang Yi"])]
    title_as_given: Annotated[str | None, Field(examples=["State Councilor"])]
    position: PositionHeld | None
    party: Annotated[PartyCode | None, Field(description="The side that the person is on.")]
    role: ParticipantRole


class RecordRead(Shown):
    """What every record carries."""

    id: Id
    dataset: Annotated[
        str, Field(description="The data set that the record came with.", examples=["seed"])
    ]
    rev: Annotated[int, Field(description="How often its content has changed.", examples=[1])]
    created_at: Instant
    updated_at: Annotated[Instant, Field(description="When its content last changed.")]


class Page(Shown, Generic[T]):
    """One page of a list. `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: Annotated[
        str | None,
        Field(description="Send it as `cursor`, with the same filters and sort, to read on."),
    ]
    total: Annotated[
        int | None,
        Field(description="The rows that the filters select; null unless `count=exact`."),
    ]
