"""Neutral records: what every importer hands to the loader, and what a seed file holds.

References are keys that people can read: a party's or topic's `code`, the `slug` of an
official, visit, meeting, commitment or source. Dates are EDTF texts, instants RFC 3339.
Whatever a record does not state is left out. Unknown keys are refused.
"""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from app import dates
from app.importers.pieces import (
    Actor,
    Actors,
    Addressee,
    Assessment,
    AttestedTopic,
    Citation,
    Citations,
    Claim,
    CoSpeaker,
    Duration,
    Event,
    Evidence,
    Lineage,
    LocalDate,
    Locality,
    Name,
    Neutral,
    Ordinal,
    Part,
    Participant,
    Person,
    Place,
    Principal,
    SideActor,
    SideWording,
    Someone,
    Stop,
    Traveller,
    Utterance,
    Voice,
    actor_from_code,
    citation_from_key,
    fields_with_parts,
    models_in,
    topic_from_code,
)
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
    Slug,
    TopicCode,
    Url,
    Zone,
)
from app.vocabulary import (
    CommitmentKind,
    EndStatus,
    EventStatus,
    MeetingFormat,
    ParticipantRole,
    PartyKind,
    PositionLevel,
    RecordKind,
    SourceKind,
    SpeechAct,
    VisitKind,
    Wording,
)

__all__ = [
    "CLAIMABLE",
    "Actor",
    "Actors",
    "Addressee",
    "AnyRecord",
    "Assessment",
    "AttestedTopic",
    "Citation",
    "Citations",
    "Claim",
    "CoSpeaker",
    "Commitment",
    "Duration",
    "Event",
    "Evidence",
    "Lineage",
    "LocalDate",
    "Locality",
    "Meeting",
    "Name",
    "Neutral",
    "NeutralRecord",
    "Official",
    "Ordinal",
    "Part",
    "Participant",
    "Party",
    "Person",
    "Place",
    "Position",
    "Principal",
    "SideActor",
    "SideWording",
    "Someone",
    "Source",
    "Statement",
    "Stop",
    "Topic",
    "Traveller",
    "Utterance",
    "Visit",
    "Voice",
    "actor_from_code",
    "citation_from_key",
    "fields_with_parts",
    "models_in",
    "topic_from_code",
]


IdentifierValue = Annotated[str, StringConstraints(min_length=1, max_length=256)]


@cache
def key_field(model: type[Neutral]) -> str:
    return next(name for name in ("slug", "code", "id") if name in model.model_fields)


class NeutralRecord(Neutral):
    kind_of_record: ClassVar[RecordKind]

    id: RecordId
    identifiers: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")],
        IdentifierValue | Annotated[tuple[IdentifierValue, ...], Field(min_length=1)],
    ] = Field(default_factory=dict)
    """One value under a scheme, or several: former ones, and those of duplicates."""

    @property
    def scheme_values(self) -> Iterator[tuple[str, str]]:
        """Each identifier as its scheme and its value."""
        for scheme, given in self.identifiers.items():
            for value in (given,) if isinstance(given, str) else given:
                yield scheme, value

    @property
    def key(self) -> str:
        """What people and other records call it: slug or code, else the id."""
        return str(getattr(self, key_field(type(self))))


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


class Statement(NeutralRecord):
    kind_of_record = RecordKind.STATEMENT

    speaker: Voice
    joint_with: tuple[CoSpeaker, ...] = ()
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
