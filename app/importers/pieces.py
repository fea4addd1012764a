"""What neutral records are made of: evidence, names, places, people, events, each checked."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    model_validator,
)

from app.importers.texts import (
    CalendarDay,
    Edtf,
    Flag,
    LanguageTag,
    Line,
    Minutes,
    PartyCode,
    Prose,
    RecordId,
    Script,
    Slug,
    TopicCode,
    Zone,
)
from app.vocabulary import (
    Attestation,
    ClaimRank,
    CommitmentEventKind,
    DurationQualifier,
    LineageRelation,
    NameKind,
    ParticipantRole,
    Verdict,
)

Ordinal = Annotated[int, Strict(), Field(ge=1, le=30_000)]


class Neutral(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


@cache
def models_in(model: type[BaseModel]) -> dict[str, tuple[type[BaseModel], ...]]:
    """The models that each field's values are, or consist of; none for plain values."""
    return {name: tuple(found(field.annotation)) for name, field in model.model_fields.items()}


def found(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from found(each)


@cache
def fields_with_parts(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a neutral model whose values are models themselves, alone or several."""
    return tuple(name for name, models in models_in(model).items() if models)


class Part(Neutral):
    """A part of a record that may be told apart by an id of its own.

    Files leave the id out: it is derived. An edit names the parts that it keeps.
    """

    id: RecordId | None = None


class Evidence(Part):
    """Where in the source: a locator, and a quotation with what stands around it."""

    locator: Line | None = None
    quote: Prose | None = None
    prefix: Prose | None = None
    suffix: Prose | None = None
    language: LanguageTag | None = None


class Citation(Evidence):
    """A source that attests the whole of it; its slug alone may stand for it."""

    source: Slug


def citation_from_key(value: Any) -> Any:
    """A citation without further evidence may be written as the source's slug alone."""
    return {"source": value} if isinstance(value, str) else value


Citations = tuple[
    Annotated[Citation, BeforeValidator(citation_from_key, json_schema_input_type=Citation | Slug)],
    ...,
]


def plain(value: Any) -> Any:
    """A value that is no text, number, true or false is refused once, not by each type in turn."""
    if not isinstance(value, bool | int | float | str):
        message = "should be a text, a number, true or false"
        raise ValueError(message)  # noqa: TRY004 - a TypeError would be no flaw of the input
    return value


Plain = bool | int | float | str


class Claim(Evidence):
    """`source` gives `field` the value `value`. See CLAIMABLE for the fields of each record."""

    source: Slug
    field: str
    value: Annotated[Plain, BeforeValidator(plain, json_schema_input_type=Plain)]
    qualifier: DurationQualifier | None = None
    rank: ClaimRank = ClaimRank.NORMAL


class Name(Part):
    """A name, with its language, its script and the time in which it was borne."""

    name: Line
    kind: NameKind = NameKind.ALIAS
    language: LanguageTag | None = None
    script: Script | None = None
    valid_from: Edtf | None = None
    valid_until: Edtf | None = None


class Place(Neutral):
    """Where something took place, as far as its sources say."""

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


class Person(Part):
    """Someone at an event: an official's slug where identified, and the name as given."""

    official: Slug | None = None
    name_as_given: Line
    title_as_given: Line | None = None
    party: PartyCode | None = None
    role: ParticipantRole


class Traveller(Person):
    """Someone on a visit, as the sources name them."""


class Participant(Person):
    """Someone at a meeting, as the sources name them."""

    claims: tuple[Claim, ...] = ()


class Locality(Neutral):
    """One of the localities of a stop: its city, and another name that its sources state."""

    name: Line | None = None
    city: Line


class Stop(Part):
    """One place on the way, with its own dates.

    Where it comprises several localities, `place` has them as stated, if they are stated
    together, and `localities` has each.
    """

    place: Place
    localities: tuple[Locality, ...] = ()
    date: Edtf | None = None


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
    """The calendar date in one time zone."""

    date: CalendarDay
    time_zone: Zone


class Duration(Neutral):
    """Minutes, and whether they are exact or bound."""

    minutes: Minutes
    qualifier: DurationQualifier


class Someone(Neutral):
    """An official, a party as such, or a name as given."""

    official: Slug | None = None
    party: PartyCode | None = None
    name_as_given: Line | None = None

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if not (self.official or self.party or self.name_as_given):
            message = "needs an `official`, a `party` or a `name_as_given`"
            raise ValueError(message)
        return self


class Addressee(Someone, Part):
    """Who is spoken to."""


class Voice(Someone):
    """Who speaks."""

    title_as_given: Line | None = None


class CoSpeaker(Voice, Part):
    """Who says the same, together with the speaker."""


class Principal(Neutral):
    """On whose behalf something is said."""

    official: Slug | None = None
    party: PartyCode | None = None


class Utterance(Neutral):
    """What several statements render; the same id in each of them."""

    id: RecordId
    label: Line


class Actor(Neutral):
    """A party, and the official who acts for it; the party's code alone may stand for it."""

    party: PartyCode
    official: Slug | None = None


def actor_from_code(value: Any) -> Any:
    return {"party": value} if isinstance(value, str) else value


class SideActor(Actor, Part):
    """Who gives a commitment, or to whom it is given."""


Actors = tuple[
    Annotated[
        SideActor, BeforeValidator(actor_from_code, json_schema_input_type=SideActor | PartyCode)
    ],
    ...,
]


class SideWording(Part):
    """How one side words it, according to a source."""

    party: PartyCode
    text: Prose
    language: LanguageTag
    source: Slug


class Event(Part):
    """What happened to a commitment, when and where, and who did it."""

    event: CommitmentEventKind
    date: Edtf | None = None
    meeting: Slug | None = None
    actor: (
        Annotated[Actor, BeforeValidator(actor_from_code, json_schema_input_type=Actor | PartyCode)]
        | None
    ) = None
    note: Prose | None = None
    in_retrospect: Flag = False
    citations: Annotated[Citations, Field(min_length=1)]


class Lineage(Part):
    """An earlier commitment, and what this one does to it according to a source."""

    relation: LineageRelation
    commitment: Slug
    source: Slug
    note: Prose | None = None


class Assessment(Part):
    """What an assessor makes of it, in its own scheme and in our verdicts."""

    assessor: Line
    verdict: Verdict
    scheme: Line | None = None
    score: Line | None = None
    date: Edtf | None = None
    note: Prose | None = None
    citations: Annotated[Citations, Field(min_length=1)]
