"""Commitments: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CitationRead,
    ClaimRead,
    ConflictRead,
    DateRead,
    Id,
    IdentifierRead,
    Language,
    OfficialCard,
    PartyCode,
    RecordCard,
    RecordRead,
    Shown,
    Slug,
    TopicCode,
)
from app.schemas.filters import (
    CommaList,
    DateRange,
    Line,
    ListFilters,
    PartialDate,
    RecordRef,
    TopicRef,
)
from app.vocabulary import CommitmentEventKind, CommitmentKind, LineageRelation, Verdict


class ActorRead(Shown):
    """A party to the commitment, and the official who acted for it where one is named."""

    id: Id
    party: PartyCode
    official: OfficialCard | None


class SideWordingRead(Shown):
    """How one side words the commitment, according to a source."""

    id: Id
    party: PartyCode
    text: str
    language: Language
    source: RecordCard


class EventActorRead(Shown):
    """Who made an event happen."""

    party: PartyCode | None
    official: OfficialCard | None


class EventRead(Shown):
    """One thing that happened to the commitment."""

    id: Id
    event: CommitmentEventKind
    date: DateRead | None
    meeting: RecordCard | None
    actor: EventActorRead | None
    note: str | None
    in_retrospect: Annotated[
        bool, Field(description="Attested only by sources that look back on it.")
    ]
    citations: list[CitationRead]


class LineageRead(Shown):
    """Another commitment that is tied to this one, and the source that ties them."""

    id: Id
    relation: Annotated[
        LineageRelation, Field(description="What the later of the two does to the earlier.")
    ]
    commitment: RecordCard
    source: RecordCard
    note: str | None


class AssessmentRead(Shown):
    """What an assessor finds, in its own scheme and score, mapped to one scale of verdicts."""

    id: Id
    assessor: str
    verdict: Verdict
    scheme: Annotated[str | None, Field(description="The assessor's own scale.")]
    score: Annotated[str | None, Field(description="The finding on that scale.")]
    date: DateRead | None
    note: str | None
    citations: list[CitationRead]


class CommitmentRead(RecordRead):
    """A promise, assurance or agreed step, and what became of it."""

    slug: Annotated[Slug, Field(examples=["us-one-china-policy"])]
    title: Annotated[str, Field(examples=["Adherence to the one-China policy"])]
    text: str
    kind: CommitmentKind
    by: list[ActorRead]
    to: list[ActorRead]
    topics: list[TopicCode]
    date: Annotated[DateRead | None, Field(description="When it was made.")]
    wordings: list[SideWordingRead]
    predecessors: Annotated[
        list[LineageRead],
        Field(description="The earlier commitments that this one restates, narrows or supersedes."),
    ]
    successors: Annotated[
        list[LineageRead],
        Field(description="The later commitments that restate, narrow or supersede this one."),
    ]
    latest_event: EventRead | None
    reaffirmed_count: Annotated[int, Field(examples=[2])]
    events: list[EventRead]
    assessments: list[AssessmentRead]
    conflicts: list[ConflictRead]
    citations: list[CitationRead]
    claims: list[ClaimRead]
    external_ids: list[IdentifierRead]


class HistoryEntryRead(Shown):
    """One event or one assessment; the other of the two is null."""

    type: Literal["event", "assessment"]
    date: DateRead | None
    event: EventRead | None
    assessment: AssessmentRead | None


class HistoryRead(Shown):
    """What became of a commitment, in order of time; what has no date comes last."""

    commitment: RecordCard
    items: list[HistoryEntryRead]


class CommitmentFilters(DateRange, ListFilters):
    by: Annotated[
        RecordRef | None,
        Field(description="The party or official who gave it.", examples=["US"]),
    ] = None
    to: Annotated[
        RecordRef | None,
        Field(description="The party or official to whom it was given.", examples=["CN"]),
    ] = None
    topic: Annotated[
        CommaList[TopicRef] | None,
        Field(
            description="One or more topics; narrower topics are not implied.", examples=["taiwan"]
        ),
    ] = None
    kind: Annotated[
        CommaList[CommitmentKind] | None,
        Field(description="One or more kinds.", examples=["restraint"]),
    ] = None
    latest_event: Annotated[
        CommaList[CommitmentEventKind] | None,
        Field(description="What happened last.", examples=["reaffirmed"]),
    ] = None
    made_in: Annotated[
        RecordRef | None,
        Field(
            description="The meeting at which it was made.", examples=["biden-xi-bali-2022-11-14"]
        ),
    ] = None
    event: Annotated[
        CommaList[CommitmentEventKind] | None,
        Field(description="Has such an event.", examples=["reaffirmed"]),
    ] = None
    event_in: Annotated[
        RecordRef | None,
        Field(
            description="Has an event at this meeting; the same event as `event`.",
            examples=["blinken-wang-beijing-2023-06-19"],
        ),
    ] = None
    event_from: Annotated[
        PartialDate | None,
        Field(
            description="Has an event that may fall on or after; the same event.",
            examples=["2023-06"],
        ),
    ] = None
    event_to: Annotated[
        PartialDate | None,
        Field(
            description="Has an event that may fall on or before; the same event.",
            examples=["2023-06"],
        ),
    ] = None
    verdict: Annotated[
        CommaList[Verdict] | None,
        Field(description="An assessment with such a verdict.", examples=["not_yet_rated"]),
    ] = None
    assessor: Annotated[
        Line | None,
        Field(
            description="An assessment by this assessor, folded; the same as `verdict`.",
            examples=["Executive Intelligence Review"],
        ),
    ] = None
    source: Annotated[
        RecordRef | None,
        Field(
            description="A source that attests the commitment, an event or an assessment of it.",
            examples=["eir"],
        ),
    ] = None
    perspective: Annotated[
        CommaList[Line] | None,
        Field(
            description="As that side attributes them: attested by a source of this "
            "perspective. Party codes, `press` or `third_party`.",
            examples=["CN"],
        ),
    ] = None
    sort: Annotated[
        Literal["date", "-date", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "date"
    include: Annotated[
        CommaList[Literal["meetings", "sources", "officials", "lineage"]] | None,
        Field(description="Relations to add to each item.", examples=["meetings"]),
    ] = None
