"""The records as tables. Importing this package maps all of them."""

from app.models.base import Base
from app.models.claims import Citation, Claim
from app.models.commitments import (
    Assessment,
    Commitment,
    CommitmentActor,
    CommitmentEvent,
    CommitmentTopic,
    CommitmentWording,
    Lineage,
)
from app.models.encounters import Encounter, TimelineEntry
from app.models.idempotency import IdempotentAnswer
from app.models.identifiers import Identifier
from app.models.imported import ImportedRecord
from app.models.imports import ImportRun
from app.models.keys import ApiKey, ApiKeyScope
from app.models.meetings import LocalDate, Meeting, MeetingTopic, Participation
from app.models.merges import MergedReference
from app.models.officials import Official, OfficialName, Position
from app.models.parties import Party, PartyName, Succession
from app.models.revisions import Document, DocumentShape, RecordCount, Revision, RevisionParent
from app.models.search import SearchEntry
from app.models.sources import Source
from app.models.statements import Addressee, CoSpeaker, Statement, StatementTopic, Utterance
from app.models.topics import Topic
from app.models.visits import Stop, StopLocality, Traveller, Visit, VisitParty
from app.vocabulary import RecordKind

RECORDS: dict[RecordKind, type] = {
    RecordKind.PARTY: Party,
    RecordKind.TOPIC: Topic,
    RecordKind.SOURCE: Source,
    RecordKind.OFFICIAL: Official,
    RecordKind.POSITION: Position,
    RecordKind.VISIT: Visit,
    RecordKind.MEETING: Meeting,
    RecordKind.STATEMENT: Statement,
    RecordKind.COMMITMENT: Commitment,
}
"""The mapped class of each kind of record, in an order in which references come first."""

__all__ = [
    "RECORDS",
    "Addressee",
    "ApiKey",
    "ApiKeyScope",
    "Assessment",
    "Base",
    "Citation",
    "Claim",
    "CoSpeaker",
    "Commitment",
    "CommitmentActor",
    "CommitmentEvent",
    "CommitmentTopic",
    "CommitmentWording",
    "Document",
    "DocumentShape",
    "Encounter",
    "IdempotentAnswer",
    "Identifier",
    "ImportRun",
    "ImportedRecord",
    "Lineage",
    "LocalDate",
    "Meeting",
    "MeetingTopic",
    "MergedReference",
    "Official",
    "OfficialName",
    "Participation",
    "Party",
    "PartyName",
    "Position",
    "RecordCount",
    "Revision",
    "RevisionParent",
    "SearchEntry",
    "Source",
    "Statement",
    "StatementTopic",
    "Stop",
    "StopLocality",
    "Succession",
    "TimelineEntry",
    "Topic",
    "Traveller",
    "Utterance",
    "Visit",
    "VisitParty",
]
