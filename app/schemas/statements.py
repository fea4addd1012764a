"""Statements: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import (
    CitationRead,
    DateRead,
    Id,
    IdentifierRead,
    Language,
    OfficialCard,
    PartyCode,
    RecordCard,
    RecordRead,
    Shown,
    TopicCode,
)
from app.schemas.filters import (
    CommaList,
    DateRange,
    LanguageTag,
    Line,
    ListFilters,
    PartyRef,
    RecordId,
    RecordRef,
    TopicRef,
)
from app.vocabulary import SpeechAct, Wording


class SpeakerRead(Shown):
    """Who speaks: an official, a party as such, or whoever the source names."""

    official: OfficialCard | None
    party: Annotated[PartyCode | None, Field(description="The side that speaks.")]
    name_as_given: str | None
    title_as_given: str | None


class CoSpeakerRead(SpeakerRead):
    """Who says it together with the speaker, as in a joint statement."""

    id: Id


class PrincipalRead(Shown):
    """On whose behalf the speaker speaks."""

    official: OfficialCard | None
    party: PartyCode | None


class AddresseeRead(Shown):
    """Whom the statement is addressed to."""

    id: Id
    official: OfficialCard | None
    party: PartyCode | None
    name_as_given: str | None


class UtteranceCard(Shown):
    """The utterance that a statement renders; its other renderings carry the same id."""

    id: Id
    label: str


class StatementRead(RecordRead):
    """Something said, or reported as said, in one rendering."""

    speaker: SpeakerRead
    joint_with: Annotated[
        list[CoSpeakerRead], Field(description="Who says it together with the speaker.")
    ]
    on_behalf_of: PrincipalRead | None
    addressees: list[AddresseeRead]
    text: str
    language: Annotated[Language, Field(description="The language of `text`.", examples=["en"])]
    wording: Wording
    speech_act: SpeechAct | None
    date: DateRead | None
    meeting: RecordCard | None
    visit: RecordCard | None
    utterance: UtteranceCard | None
    topics: list[TopicCode]
    citations: list[CitationRead]
    external_ids: list[IdentifierRead]


class StatementFilters(DateRange, ListFilters):
    speaker: Annotated[
        RecordRef | None,
        Field(
            description="Who speaks, alone or with others: an official, or a party as such.",
            examples=["xi-jinping"],
        ),
    ] = None
    addressee: Annotated[
        RecordRef | None,
        Field(
            description="Who is addressed: an official, or a party as such.",
            examples=["antony-blinken"],
        ),
    ] = None
    on_behalf_of: Annotated[
        RecordRef | None,
        Field(
            description="An official or party on whose behalf it is said.", examples=["joe-biden"]
        ),
    ] = None
    party: Annotated[
        CommaList[PartyRef] | None, Field(description="A side that speaks.", examples=["CN"])
    ] = None
    topic: Annotated[
        CommaList[TopicRef] | None,
        Field(
            description="One or more topics; narrower topics are not implied.", examples=["taiwan"]
        ),
    ] = None
    meeting: Annotated[
        RecordRef | None,
        Field(description="Said at a meeting.", examples=["blinken-xi-beijing-2023-06-19"]),
    ] = None
    visit: Annotated[
        RecordRef | None,
        Field(
            description="Said on a visit, at one of its meetings or elsewhere.",
            examples=["blinken-beijing-2023-06"],
        ),
    ] = None
    wording: Annotated[
        CommaList[Wording] | None,
        Field(description="One or more wordings.", examples=["verbatim,interpreted"]),
    ] = None
    speech_act: Annotated[
        CommaList[SpeechAct] | None,
        Field(description="One or more speech acts.", examples=["promise"]),
    ] = None
    language: Annotated[
        CommaList[LanguageTag] | None,
        Field(description="Languages of the text.", examples=["en"]),
    ] = None
    source: Annotated[
        RecordRef | None, Field(description="Statements that a source reports.", examples=["eir"])
    ] = None
    perspective: Annotated[
        CommaList[Line] | None,
        Field(
            description="Reported by a source of this perspective: party codes, `press` or "
            "`third_party`.",
            examples=["US,CN"],
        ),
    ] = None
    utterance: Annotated[
        RecordId | None,
        Field(
            description="All renderings of one utterance.",
            examples=["01a20aea-e190-7402-bc27-ad2d4061aaa3"],
        ),
    ] = None
    sort: Annotated[
        Literal["date", "-date", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "date"
    include: Annotated[
        CommaList[Literal["sources", "officials", "renderings"]] | None,
        Field(description="Relations to add to each item.", examples=["sources"]),
    ] = None
