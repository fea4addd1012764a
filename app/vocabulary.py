"""The closed lists of the diplomatic record, one definition each, every member explained.

The database's checks, the OpenAPI document and `/v1/vocabularies` are all derived from
here. Members are only ever added within `/v1`; a retired one stays readable.
"""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A member of a closed list: its value is what clients see, `meaning` what it stands for."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.meaning = meaning
        return term


class RecordKind(Term):
    """The kinds of record that have a document, a history and an address of their own."""

    PARTY = "party", "A state, historic state, territory or international body."
    OFFICIAL = "official", "A person."
    POSITION = "position", "An office held by one official."
    VISIT = "visit", "A journey of officials, with its stops."
    MEETING = "meeting", "An encounter, in person or not."
    STATEMENT = "statement", "Something said, or reported as said."
    COMMITMENT = "commitment", "A promise, assurance or agreed step."
    SOURCE = "source", "A document that claims things."
    TOPIC = "topic", "A controlled subject."

    @property
    def one(self) -> str:
        """The kind with its article, as the documentation speaks of one of them."""
        return f"an {self}" if self[0] in "aeiou" else f"a {self}"


class PartyKind(Term):
    """What a party is."""

    STATE = "state", "A state that exists, under its ISO 3166-1 alpha-2 code."
    HISTORIC_STATE = "historic_state", "A dissolved state, under its ISO 3166-3 code if it has one."
    TERRITORY = "territory", "A territory that is not a state, or not generally recognised as one."
    INTERNATIONAL_BODY = "international_body", "An organisation of states, or a grouping of them."


class PositionLevel(Term):
    """The rank of an office, coarse enough to compare across governments."""

    HEAD_OF_STATE = "head_of_state", "President, monarch or the like."
    HEAD_OF_GOVERNMENT = "head_of_government", "Prime minister, premier, chancellor."
    DEPUTY_HEAD = "deputy_head", "Vice president, deputy prime minister, vice premier."
    FOREIGN_MINISTER = "foreign_minister", "The minister for foreign affairs, by whatever title."
    MINISTER = "minister", "A member of the cabinet or state council with no more exact level."
    DEPUTY_MINISTER = "deputy_minister", "A deputy or vice minister, an under secretary."
    PARTY_LEADER = "party_leader", "The leader of a ruling party."
    PARTY_OFFICIAL = "party_official", "An office in a ruling party's central bodies."
    AMBASSADOR = "ambassador", "A chief of mission."
    ENVOY = "envoy", "A special envoy or personal representative."
    HEAD_OF_BODY = "head_of_body", "The head of an international body."
    LEGISLATOR = "legislator", "A member of a legislature."
    SPOKESPERSON = "spokesperson", "One who speaks for a government or ministry."
    OTHER = "other", "Any other office."


class EndStatus(Term):
    """What is known of a tenure's end. Incumbency is never inferred from silence."""

    ENDED = "ended", "It ended; the date may still be unknown."
    ONGOING = "ongoing", "A source states that it continued; never assumed from a missing end."
    UNKNOWN = "unknown", "The record does not say whether or when it ended."


class VisitKind(Term):
    """The protocol rank of a visit."""

    STATE = "state", "A visit by a head of state with full honours, by formal invitation."
    OFFICIAL = "official", "A formal visit below the rank of a state visit."
    OFFICIAL_WORKING = "official_working", "An official visit with talks and reduced ceremony."
    WORKING = "working", "A visit for talks."
    PRIVATE = "private", "A visit without official programme."
    GOODWILL = "goodwill", "A visit to show friendship, without negotiation."
    TRANSIT = "transit", "A stop on the way elsewhere."
    CEREMONIAL = "ceremonial", "For a funeral, inauguration, wedding or commemoration."
    CONFERENCE = "conference", "To attend a conference or summit."


class MeetingFormat(Term):
    """How an encounter was held."""

    BILATERAL = "bilateral", "Two sides meet, with or without delegations."
    EXPANDED = "expanded", "Two sides with enlarged delegations."
    RESTRICTED = "restricted", "Two sides with only the closest aides."
    ONE_ON_ONE = "one_on_one", "Two persons, at most with interpreters."
    TRILATERAL = "trilateral", "Three sides."
    MULTILATERAL = "multilateral", "More than three sides."
    SUMMIT = "summit", "Heads of state or government of several parties."
    PULL_ASIDE = "pull_aside", "A brief, informal talk in the margins of another event."
    COURTESY_CALL = "courtesy_call", "A visit paid to a host of higher rank as a mark of respect."
    WORKING_MEAL = "working_meal", "Talks over breakfast, lunch or dinner."
    AUDIENCE = "audience", "A reception by a monarch, pope or head of state."
    PHONE_CALL = "phone_call", "A conversation by telephone."
    VIDEO_CALL = "video_call", "A conversation by video link."
    SIGNING = "signing", "The signing of a document."
    PRESS_EVENT = "press_event", "A joint appearance before the press."


class EventStatus(Term):
    """How far an event came to pass, as far as the record knows."""

    PROPOSED = "proposed", "One side has suggested it."
    ANNOUNCED = "announced", "A side has made it public."
    CONFIRMED = "confirmed", "All sides have said that it will take place."
    POSTPONED = "postponed", "Put off to a later, perhaps unknown, date."
    CANCELLED = "cancelled", "Called off."
    HELD = "held", "It took place."
    REPORTED_UNCONFIRMED = "reported_unconfirmed", "Reported, and confirmed by no side."
    DENIED = "denied", "A side denies that it took place."


class ParticipantRole(Term):
    """What someone did at a meeting or on a visit."""

    PRINCIPAL = "principal", "Leads a side, where neither is host or visitor."
    HOST = "host", "Receives the others."
    VISITOR = "visitor", "Leads the side that is received."
    CHAIR = "chair", "Presides."
    DELEGATE = "delegate", "Speaks for a side without leading it."
    ACCOMPANYING = "accompanying", "Travels or sits with a principal."
    INTERPRETER = "interpreter", "Interprets."
    NOTETAKER = "notetaker", "Keeps the record."
    MEDIATOR = "mediator", "Brings the sides together, as a third."
    OBSERVER = "observer", "Attends without taking part."


class DurationQualifier(Term):
    """How a source bounds a duration."""

    EXACT = "exact", "Given as a plain figure."
    ABOUT = "about", "Roughly, around, some."
    UNDER = "under", "Less than, nearly, almost."
    OVER = "over", "More than, at least."


class Wording(Term):
    """How close a text is to what was said."""

    VERBATIM = "verbatim", "The speaker's own words in the language spoken."
    INTERPRETED = "interpreted", "An interpreter's words at the event."
    TRANSLATED = "translated", "A translation made afterwards."
    PARAPHRASE = "paraphrase", "The sense, in another's words."
    REPORTED = "reported", "Reported as said, without the words."


class SpeechAct(Term):
    """What a statement does."""

    STATE_POSITION = "state_position", "Sets out a position."
    AGREE = "agree", "Agrees, or records agreement."
    PROMISE = "promise", "Undertakes to act or to refrain."
    REQUEST = "request", "Asks."
    DEMAND = "demand", "Asks as of right."
    CRITICISE = "criticise", "Finds fault with another's conduct."
    REJECT = "reject", "Refuses or denies."
    WARN = "warn", "Points to consequences."
    CONCEDE = "concede", "Yields a point."
    INVITE = "invite", "Invites."
    CONVEY = "convey", "Passes on a message or greetings of another."
    INFORM = "inform", "Tells a fact."
    CHARACTERISE = "characterise", "Describes a meeting or a relationship."


class SourceKind(Term):
    """What sort of document a source is."""

    READOUT = "readout", "A government's own summary of a meeting or call."
    JOINT_STATEMENT = "joint_statement", "A text issued together: a communiqué or declaration."
    TRANSCRIPT = "transcript", "A record of words spoken."
    PRESS_CONFERENCE = "press_conference", "A record of questions and answers before the press."
    BRIEFING = "briefing", "An announcement or briefing by officials."
    OFFICIAL_RECORD = "official_record", "A register or chronicle kept by an authority."
    WIRE = "wire", "A news agency's report."
    PRESS = "press", "A report in a newspaper, broadcast or magazine."
    ANALYSIS = "analysis", "Commentary or research."
    SOCIAL_POST = "social_post", "A post on a social network."
    ARCHIVE = "archive", "A document released from an archive."


class CommitmentKind(Term):
    """What a commitment binds its maker to."""

    ACTION = "action", "To do something."
    RESTRAINT = "restraint", "Not to do something."
    PRINCIPLE = "principle", "To hold to a principle."
    PROCESS = "process", "To keep up a process, talks or a channel."
    ASPIRATION = "aspiration", "To strive for an end."
    POSITION = "position", "To maintain a stated position."


class CommitmentEventKind(Term):
    """What happened to a commitment."""

    MADE = "made", "First given."
    REAFFIRMED = "reaffirmed", "Given again by the side that made it."
    INVOKED_BY_OTHER = "invoked_by_other", "Held up by the other side."
    CLARIFIED = "clarified", "Explained without change of substance."
    WEAKENED = "weakened", "Qualified or reduced."
    CONTRADICTED = "contradicted", "Spoken or acted against by its maker."
    DENIED = "denied", "Its maker denies having given it."
    SUSPENDED = "suspended", "Put in abeyance."
    PROGRESSED = "progressed", "Carried some way forward."
    FULFILLED = "fulfilled", "Carried out."
    BREACHED = "breached", "Broken."
    SUPERSEDED = "superseded", "Replaced by a later commitment."
    EXPIRED = "expired", "Ended by the passing of its term."
    WITHDRAWN = "withdrawn", "Taken back."


class LineageRelation(Term):
    """What a later commitment does to an earlier one."""

    RESTATES = "restates", "Gives the earlier commitment again, in words of its own."
    NARROWS = "narrows", "Keeps to a part of the earlier commitment."
    SUPERSEDES = "supersedes", "Takes the place of the earlier commitment."


class Verdict(Term):
    """An assessor's finding, mapped to one scale; the assessor's own words stand beside it."""

    NOT_YET_RATED = "not_yet_rated", "Too early, or not examined."
    IN_PROGRESS = "in_progress", "Being carried out."
    STALLED = "stalled", "Begun and stuck."
    PARTIAL = "partial", "Kept in part."
    FULFILLED = "fulfilled", "Kept."
    NOT_FULFILLED = "not_fulfilled", "Not kept."
    UNVERIFIABLE = "unverifiable", "Cannot be established."


class Attestation(Term):
    """How a source that covers an event treats a topic of it."""

    AFFIRMED = "affirmed", "The source says that it came up."
    DENIED = "denied", "The source says that it did not."
    SILENT = "silent", "The source covers the event and does not name the topic."
    DIFFERENTLY_CHARACTERISED = (
        "differently_characterised",
        "The source names it in terms that the other accounts do not share.",
    )


class AttestationBasis(Term):
    """What an attestation rests on."""

    CLAIM = "claim", "The record states how the source treats the topic."
    STATEMENT = "statement", "The source reports a statement on the topic; the record adds nothing."


class Agreement(Term):
    """How the accounts of one field or topic stand to each other; derived, never typed in.

    Deprecated claims count for nothing. A field is in conflict when its claims have more than one
    value; a duration under 30 minutes is not one of 30, while one of about 30 may be. A topic is
    in conflict when it is both affirmed and denied, or when one of several sources puts it in
    terms of its own; silence is shown, and makes neither agreement nor conflict.
    """

    AGREE = "agree", "Several sources, and all of them say the same."
    CONFLICT = "conflict", "Sources that cannot all be right, or that describe it differently."
    SINGLE = "single", "One source alone speaks of it."


class ClaimRank(Term):
    """How the record weighs a claim against its rivals."""

    PREFERRED = "preferred", "The claim whose value the record shows."
    NORMAL = "normal", "A claim that stands beside the others."
    DEPRECATED = "deprecated", "Known to be wrong or withdrawn; kept, and no conflict."


class NameKind(Term):
    """What sort of name a name is."""

    DISPLAY = "display", "The name that the record shows."
    NATIVE = "native", "In the language and script of its bearer."
    TRANSLITERATION = "transliteration", "Carried into another script by rule."
    FULL = "full", "The complete or legal name."
    SHORT = "short", "A customary shorter form."
    FORMAL = "formal", "A party's formal name."
    FORMER = "former", "Borne at an earlier time."
    ALIAS = "alias", "Any other name found in sources."


class DatePrecision(Term):
    """How finely a date is known."""

    MINUTE = "minute", "To the minute."
    HOUR = "hour", "To the hour."
    DAY = "day", "To the day."
    MONTH = "month", "To the month."
    YEAR = "year", "To the year."
    DECADE = "decade", "To the decade."
    CENTURY = "century", "To the century."
    INTERVAL = "interval", "Somewhere within, or throughout, an interval."
    UNKNOWN = "unknown", "Not known at all."


class TimelineKind(Term):
    """What an entry in the timeline of two parties stands for."""

    VISIT = "visit", "A journey of one party's officials to the other."
    MEETING = "meeting", "An encounter at which both were represented."
    COMMITMENT = "commitment", "A commitment that one gave to the other, when it was made."
    COMMITMENT_EVENT = "commitment_event", "What happened to such a commitment after that."


class Operation(Term):
    """What a revision did to its record."""

    CREATE = "create", "The record came into being."
    UPDATE = "update", "Its content changed."
    DELETE = "delete", "It was deleted; its history stays."
    RESTORE = "restore", "A deletion was undone."
    MERGE = "merge", "It was merged into another record."
    UNMERGE = "unmerge", "A merge was undone."
    REPUBLISH = "republish", "A neighbour changed, and so what it shows of that neighbour."
    REDACT = "redact", "An earlier body was blanked for legal reasons."


class Scope(Term):
    """What a key allows. Every key may read; the rest has to be given to it."""

    READ = "read", "Reading, as without a key. Every key has it."
    WRITE = "write", "Making and changing records."
    DELETE = "delete", "Deleting, restoring and merging records."
    IMPORT = "import", "Bringing in whole data sets."
    AUDIT = "audit", "Seeing who made which change."


PERSPECTIVE_PRESS = "press"
PERSPECTIVE_THIRD_PARTY = "third_party"

VOCABULARIES: dict[str, type[Term]] = {
    "record_kind": RecordKind,
    "party_kind": PartyKind,
    "position_level": PositionLevel,
    "end_status": EndStatus,
    "visit_kind": VisitKind,
    "meeting_format": MeetingFormat,
    "event_status": EventStatus,
    "participant_role": ParticipantRole,
    "duration_qualifier": DurationQualifier,
    "wording": Wording,
    "speech_act": SpeechAct,
    "source_kind": SourceKind,
    "commitment_kind": CommitmentKind,
    "commitment_event": CommitmentEventKind,
    "lineage_relation": LineageRelation,
    "verdict": Verdict,
    "attestation": Attestation,
    "attestation_basis": AttestationBasis,
    "claim_rank": ClaimRank,
    "agreement": Agreement,
    "name_kind": NameKind,
    "date_precision": DatePrecision,
    "timeline_kind": TimelineKind,
    "operation": Operation,
    "scope": Scope,
}
"""Every closed list under the name that `/v1/vocabularies` gives it."""
