"""Rival accounts: what the API shows of them, and how they are narrowed."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from app.schemas.common import (
    DateRead,
    EvidenceRead,
    Id,
    Language,
    OfficialCard,
    RecordCard,
    Shown,
    Slug,
    SourceLine,
    TopicCode,
)
from app.schemas.filters import CODE, AtAnInstant, CommaList, RecordRef
from app.schemas.statements import CoSpeakerRead, SpeakerRead
from app.vocabulary import (
    PERSPECTIVE_PRESS,
    PERSPECTIVE_THIRD_PARTY,
    Agreement,
    Attestation,
    AttestationBasis,
    ClaimRank,
    CommitmentEventKind,
    DurationQualifier,
    Wording,
)

SourceSlug = Annotated[
    Slug, Field(description="The slug of one of `sources`.", examples=["us-qin"])
]
SourceSlugs = Annotated[
    list[Slug], Field(description="The slugs of some of `sources`.", examples=[["prc-qin"]])
]
Passages = Annotated[
    list[EvidenceRead],
    Field(description="Where in the source it stands, as far as the record says."),
]


class AccountSource(SourceLine):
    """A source that gives an account, and how much of it is here."""

    cited: Annotated[
        bool,
        Field(
            description="Whether the record cites it for the event; otherwise it reports only "
            "something that was said or done there."
        ),
    ]
    claims: Annotated[int, Field(description="Its claims to `fields`.", examples=[3])]
    topics: Annotated[
        int, Field(description="The topics that it speaks of; silence is not counted.")
    ]
    statements: Annotated[
        int, Field(description="The statements that it reports, renderings from elsewhere too.")
    ]


class ParticipantCard(Shown):
    """Whose participation a field belongs to."""

    id: Annotated[Id, Field(description="The id of the participation.")]
    official: OfficialCard | None
    name_as_given: str


class FieldClaim(Shown):
    """What one source gives as the value of a field."""

    source: SourceSlug
    value: Annotated[Any, Field(description="The value that the source gives.", examples=[360])]
    qualifier: DurationQualifier | None
    rank: ClaimRank
    evidence: Passages


class FieldAccounts(Shown):
    """A field, the value that the record shows, and the value that every source gives."""

    field: Annotated[str, Field(examples=["duration_minutes"])]
    participant: Annotated[
        ParticipantCard | None, Field(description="Null for a field of the record itself.")
    ]
    agreement: Annotated[
        Agreement | None, Field(description="Null where every claim is deprecated.")
    ]
    value: Annotated[
        Any,
        Field(
            description="What the record shows, whoever is asked for; a date as its EDTF text. "
            "Null for `characterisation`, which only sources give.",
            examples=[420],
        ),
    ]
    qualifier: DurationQualifier | None
    claims: Annotated[list[FieldClaim], Field(description="The preferred one first.")]


class TopicAttestation(Shown):
    """How one source treats a topic."""

    source: SourceSlug
    attestation: Attestation
    basis: AttestationBasis
    evidence: Passages


class SpokenWords(Shown):
    """Words, who spoke them, and which sources report them."""

    speaker: SpeakerRead
    joint_with: Annotated[
        list[CoSpeakerRead], Field(description="Who says it together with the speaker.")
    ]
    text: str
    language: Annotated[Language, Field(description="The language of `text`.", examples=["en"])]
    wording: Wording
    sources: SourceSlugs


class AccountStatement(SpokenWords):
    """A statement, as far as a comparison needs it."""

    id: Id
    utterance: Annotated[
        Id | None, Field(description="The utterance that it renders; it is among `utterances`.")
    ]


class TopicAccounts(Shown):
    """A topic, and how every source treats it."""

    topic: TopicCode
    agreement: Annotated[
        Agreement | None, Field(description="Null where nothing but silence is on record.")
    ]
    attestations: list[TopicAttestation]
    not_examined: Annotated[
        list[Slug],
        Field(
            description="The sources that the record has not examined for the topic. One that was "
            "read and does not name it is `silent`, which is a finding.",
            examples=[["hist"]],
        ),
    ]
    statements: list[AccountStatement]


class Rendering(SpokenWords):
    """One rendering of an utterance."""

    statement: Annotated[Id, Field(description="The id of the statement.")]
    meeting: Annotated[
        RecordCard | None, Field(description="Where the record has it said, if at a meeting.")
    ]


class UtteranceAccounts(Shown):
    """Something said once, and every rendering of it."""

    id: Id
    label: Annotated[str, Field(examples=["Qin to Blinken on Taiwan"])]
    renderings: list[Rendering]


class CommitmentAccount(Shown):
    """What happened to a commitment at the meeting, and by whose account."""

    commitment: RecordCard
    event: CommitmentEventKind
    sources: SourceSlugs


class MeetingOfVisit(Shown):
    """A meeting of the visit, and which of the sources that the visit cites attest it."""

    meeting: RecordCard
    sequence: Annotated[int | None, Field(description="Its order in the visit.", examples=[2])]
    attested_by: SourceSlugs
    not_attested_by: SourceSlugs


class Accounts(Shown):
    """What every comparison of accounts holds."""

    date: DateRead | None
    sources: list[AccountSource]
    fields: list[FieldAccounts]
    topics: list[TopicAccounts]
    statements_without_topic: list[AccountStatement]
    utterances: list[UtteranceAccounts]


class MeetingAccounts(Accounts):
    """The accounts of a meeting side by side."""

    meeting: RecordCard
    commitments: list[CommitmentAccount]


class VisitAccounts(Accounts):
    """The accounts of a visit side by side."""

    visit: RecordCard
    meetings: list[MeetingOfVisit]


def perspective(text: str) -> str:
    if CODE.fullmatch(text) or text in (PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY):
        return text
    message = "expected the code of a party in upper case, press or third_party"
    raise ValueError(message)


Perspective = Annotated[
    str,
    AfterValidator(perspective),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^({CODE.pattern}|{PERSPECTIVE_PRESS}|{PERSPECTIVE_THIRD_PARTY})$",
        }
    ),
]


class AccountsParameters(AtAnInstant):
    """Whose accounts are asked for."""

    sources: Annotated[
        CommaList[RecordRef] | None,
        Field(description="Only these sources, by slug or id.", examples=["us-qin,prc-qin"]),
    ] = None
    perspective: Annotated[
        CommaList[Perspective] | None,
        Field(
            description="Only sources of these sides: party codes, `press` or `third_party`. "
            "With `sources`, both must hold.",
            examples=["US,CN"],
        ),
    ] = None
