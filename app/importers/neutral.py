"""Neutral records: what every importer hands to the loader, and what a seed file holds.

References are keys that people can read: a party's or topic's `code`, the `slug` of an
official, visit, meeting, commitment or source. Dates are EDTF texts, instants RFC 3339.
Whatever a record does not state is left out. Unknown keys are refused.
"""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)

from app import dates
from app.importers.texts import (
    CalendarDay,
    Edtf,
    Flag,
    Instant,
    LanguageTag,
    Line,
    Minutes,
    PartyCode,
    Perspective,
    Prose,
    RecordId,
    Script,
    Slug,
    TopicCode,
    Url,
    Zone,
)
from app.vocabulary import (
    Attestation,
    ClaimRank,
    CommitmentEventKind,
    CommitmentKind,
    DurationQualifier,
    EndStatus,
    EventStatus,
    LineageRelation,
    MeetingFormat,
    NameKind,
    ParticipantRole,
    PartyKind,
    PositionLevel,
    RecordKind,
    SourceKind,
    SpeechAct,
    Verdict,
    VisitKind,
    Wording,
)

Ordinal = Annotated[int, Strict(), Field(ge=1, le=30_000)]


class Neutral(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(Neutral):
    """Where in the source: a locator, and a quotation with what stands around it."""

    locator: Line | None = None
    quote: Prose | None = None
    prefix: Prose | None = None
    suffix: Prose | None = None
    language: LanguageTag | None = None


class Citation(Evidence):
    source: Slug


def citation_from_key(value: Any) -> Any:
    """A citation without further evidence may be written as the source's slug alone."""
    return {"source": value} if isinstance(value, str) else value


Citations = tuple[Annotated[Citation, BeforeValidator(citation_from_key)], ...]


class Claim(Evidence):
    """`source` gives `field` the value `value`. See CLAIMABLE for the fields of each record."""

    source: Slug
    field: str
    value: bool | int | float | str
    qualifier: DurationQualifier | None = None
    rank: ClaimRank = ClaimRank.NORMAL


class Name(Neutral):
    name: Line
    kind: NameKind = NameKind.ALIAS
    language: LanguageTag | None = None
    script: Script | None = None
    valid_from: Edtf | None = None
    valid_until: Edtf | None = None


class NeutralRecord(Neutral):
    kind_of_record: ClassVar[RecordKind]

    id: RecordId
    identifiers: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")],
        Annotated[str, StringConstraints(min_length=1, max_length=256)],
    ] = {}

    @property
    def key(self) -> str:
        """What people and other records call it: slug or code, else the id."""
        return str(getattr(self, "slug", None) or getattr(self, "code", None) or self.id)


class Party(NeutralRecord):
    kind_of_record = RecordKind.PARTY

    code: PartyCode
    kind: PartyKind
    name: Line
    names: tuple[Name, ...] = ()
    existed_from: Edtf | None = None
    existed_until: Edtf | None = None
    successors: tuple[PartyCode, ...] = ()


class Topic(NeutralRecord):
    kind_of_record = RecordKind.TOPIC

    code: TopicCode
    label: Line
    parent: TopicCode | None = None


class Source(NeutralRecord):
    kind_of_record = RecordKind.SOURCE

    slug: Slug
    title: Line
    kind: SourceKind
    publisher: Line
    perspective: Perspective
    date: Edtf | None = None
    url: Url | None = None
    archived_url: Url | None = None
    republished_by: Line | None = None
    known_through: Slug | None = None
    accessed_on: CalendarDay | None = None
    language: LanguageTag | None = None
    licence: Line | None = None
    content_hash: Annotated[str, StringConstraints(max_length=80)] | None = None
    note: Prose | None = None


class Official(NeutralRecord):
    kind_of_record = RecordKind.OFFICIAL

    slug: Slug
    name: Line
    names: tuple[Name, ...] = ()
    birth: Edtf | None = None
    death: Edtf | None = None
    citations: Citations = ()


class Position(NeutralRecord):
    kind_of_record = RecordKind.POSITION

    official: Slug
    title: Line
    party: PartyCode | None = None
    body: Line | None = None
    level: PositionLevel
    start: Edtf | None = None
    end: Edtf | None = None
    end_status: EndStatus = EndStatus.UNKNOWN
    attested_until: CalendarDay | None = None
    acting: Flag = False
    citations: Citations = ()
    claims: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def an_end_means_ended(self) -> Self:
        if self.end is not None and self.end_status is not EndStatus.ENDED:
            message = "a position with an `end` needs `end_status: ended`"
            raise ValueError(message)
        if self.start is not None and self.end is not None:
            first, last = dates.parse(self.start).earliest, dates.parse(self.end).latest
            if first is not None and last is not None and first > last:
                message = "`start` lies after `end`"
                raise ValueError(message)
        return self


class Place(Neutral):
    name: Line | None = None
    city: Line | None = None
    country: PartyCode | None = None
    latitude: Annotated[float, Strict(), Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Strict(), Field(ge=-180, le=180)] | None = None

    @model_validator(mode="after")
    def both_coordinates(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            message = "needs `latitude` and `longitude`, or neither"
            raise ValueError(message)
        return self


class Person(Neutral):
    """Someone at an event: an official's slug where identified, and the name as given."""

    official: Slug | None = None
    name_as_given: Line
    title_as_given: Line | None = None
    party: PartyCode | None = None
    role: ParticipantRole


class Traveller(Person):
    pass


class Participant(Person):
    claims: tuple[Claim, ...] = ()


class Stop(Neutral):
    place: Place
    date: Edtf | None = None


class Visit(NeutralRecord):
    kind_of_record = RecordKind.VISIT

    slug: Slug
    title: Line
    summary: Prose | None = None
    kind: VisitKind | None = None
    status: EventStatus
    date: Edtf | None = None
    visitor_parties: tuple[PartyCode, ...] = ()
    host_parties: tuple[PartyCode, ...] = ()
    travellers: tuple[Traveller, ...] = ()
    stops: tuple[Stop, ...] = ()
    citations: Annotated[Citations, Field(min_length=1)]
    claims: tuple[Claim, ...] = ()


class AttestedTopic(Neutral):
    """A topic of a meeting, and how each source that was examined for it treats it."""

    code: TopicCode
    affirmed: Citations = ()
    denied: Citations = ()
    silent: Citations = ()
    differently_characterised: Citations = ()

    def attestations(self) -> Iterable[tuple[Attestation, Citation]]:
        for attestation in Attestation:
            for citation in getattr(self, attestation.value):
                yield attestation, citation


def topic_from_code(value: Any) -> Any:
    return {"code": value} if isinstance(value, str) else value


class LocalDate(Neutral):
    date: CalendarDay
    time_zone: Zone


class Duration(Neutral):
    minutes: Minutes
    qualifier: DurationQualifier


class Meeting(NeutralRecord):
    kind_of_record = RecordKind.MEETING

    slug: Slug
    title: Line
    summary: Prose | None = None
    format: MeetingFormat
    status: EventStatus
    announced_beforehand: Flag | None = None
    date: Edtf | None = None
    starts_at: Instant | None = None
    starts_at_approximate: Flag = False
    time_zone: Zone | None = None
    local_dates: tuple[LocalDate, ...] = ()
    duration: Duration | None = None
    place: Place = Place()
    visit: Slug | None = None
    sequence: Ordinal | None = None
    part_of: Slug | None = None
    topics: tuple[Annotated[AttestedTopic, BeforeValidator(topic_from_code)], ...] = ()
    participants: tuple[Participant, ...] = ()
    citations: Annotated[Citations, Field(min_length=1)]
    claims: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def its_parts_agree(self) -> Self:
        span = None if self.date is None else dates.parse(self.date)
        for local in self.local_dates:
            day = dates.parse_day(local.date)
            if span is None or not span.overlaps(day, day):
                message = f"`date` does not cover the local date {local.date}"
                raise ValueError(message)
        if self.starts_at is not None:
            if self.time_zone is None:
                message = "`starts_at` needs the `time_zone` in which it was given"
                raise ValueError(message)
            day = self.starts_at.astimezone(ZoneInfo(self.time_zone)).date()
            if span is None or not span.overlaps(day, day):
                message = f"`date` does not cover the local day of `starts_at`, {day}"
                raise ValueError(message)
        if self.sequence is not None and self.visit is None:
            message = "`sequence` counts within a `visit`, and there is none"
            raise ValueError(message)
        return self


class Addressee(Neutral):
    """Who is spoken to: an official, a party as such, or a name as given."""

    official: Slug | None = None
    party: PartyCode | None = None
    name_as_given: Line | None = None

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if not (self.official or self.party or self.name_as_given):
            message = "needs an `official`, a `party` or a `name_as_given`"
            raise ValueError(message)
        return self


class Voice(Addressee):
    """Who speaks."""

    title_as_given: Line | None = None


class Principal(Neutral):
    """On whose behalf something is said."""

    official: Slug | None = None
    party: PartyCode | None = None


class Utterance(Neutral):
    """What several statements render; the same id in each of them."""

    id: RecordId
    label: Line


class Statement(NeutralRecord):
    kind_of_record = RecordKind.STATEMENT

    speaker: Voice
    joint_with: tuple[Voice, ...] = ()
    on_behalf_of: Principal | None = None
    addressees: tuple[Addressee, ...] = ()
    text: Prose
    language: LanguageTag
    wording: Wording
    speech_act: SpeechAct | None = None
    date: Edtf | None = None
    meeting: Slug | None = None
    visit: Slug | None = None
    utterance: Utterance | None = None
    topics: tuple[TopicCode, ...] = ()
    citations: Annotated[Citations, Field(min_length=1)]


class Actor(Neutral):
    party: PartyCode
    official: Slug | None = None


def actor_from_code(value: Any) -> Any:
    return {"party": value} if isinstance(value, str) else value


Actors = tuple[Annotated[Actor, BeforeValidator(actor_from_code)], ...]


class SideWording(Neutral):
    party: PartyCode
    text: Prose
    language: LanguageTag
    source: Slug


class Event(Neutral):
    event: CommitmentEventKind
    date: Edtf | None = None
    meeting: Slug | None = None
    actor: Annotated[Actor, BeforeValidator(actor_from_code)] | None = None
    note: Prose | None = None
    in_retrospect: Flag = False
    citations: Annotated[Citations, Field(min_length=1)]


class Lineage(Neutral):
    """An earlier commitment, and what this one does to it according to a source."""

    relation: LineageRelation
    commitment: Slug
    source: Slug
    note: Prose | None = None


class Assessment(Neutral):
    assessor: Line
    verdict: Verdict
    scheme: Line | None = None
    score: Line | None = None
    date: Edtf | None = None
    note: Prose | None = None
    citations: Annotated[Citations, Field(min_length=1)]


class Commitment(NeutralRecord):
    kind_of_record = RecordKind.COMMITMENT

    slug: Slug
    title: Line
    text: Prose
    kind: CommitmentKind
    by: Annotated[Actors, Field(min_length=1)]
    to: Actors = ()
    topics: tuple[TopicCode, ...] = ()
    date: Edtf | None = None
    wordings: tuple[SideWording, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    assessments: tuple[Assessment, ...] = ()
    citations: Annotated[Citations, Field(min_length=1)]
    claims: tuple[Claim, ...] = ()


AnyRecord = Party | Topic | Source | Official | Position | Visit | Meeting | Statement | Commitment

CLAIMABLE: dict[str, dict[str, Any]] = {
    "position": {
        "title": Line,
        "party": PartyCode,
        "body": Line,
        "level": PositionLevel,
        "start": Edtf,
        "end": Edtf,
        "end_status": EndStatus,
        "acting": Flag,
    },
    "visit": {"title": Line, "date": Edtf, "kind": VisitKind, "status": EventStatus},
    "meeting": {
        "title": Line,
        "date": Edtf,
        "starts_at": Instant,
        "starts_at_approximate": Flag,
        "time_zone": Zone,
        "format": MeetingFormat,
        "status": EventStatus,
        "announced_beforehand": Flag,
        "duration_minutes": Minutes,
        "place.name": Line,
        "place.city": Line,
        "place.country": PartyCode,
        "sequence": Ordinal,
        "characterisation": Line,
    },
    "participant": {
        "name_as_given": Line,
        "title_as_given": Line,
        "party": PartyCode,
        "role": ParticipantRole,
    },
    "commitment": {"title": Line, "date": Edtf, "kind": CommitmentKind, "text": Prose},
}
"""The fields that sources may claim, for each kind of record, with the type of their values.

`characterisation` is only ever claimed: how an account describes a meeting in a few words.
"""
