"""Rival accounts of one event side by side, from documents as they were published.

Nothing is read here but JSON: given the documents of an earlier revision, the answer is what it
would have been then. A source gives an account of the event when the record cites it, or when it
only reports something said or done there; every slug in an answer is one of `sources`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.record.cards import Json
from app.record.conflicts import TOPICS, agreement, agreement_on_topic, by_subject, standing
from app.record.narrowing import EVERYBODY, Narrowing, chosen
from app.vocabulary import Attestation, AttestationBasis

EVIDENCE = ("locator", "quote", "prefix", "suffix", "language")


def meeting_accounts(
    document: Json,
    statements: Sequence[Json],
    renderings: Sequence[Json],
    commitments: Sequence[Json],
    narrowing: Narrowing = EVERYBODY,
) -> Json:
    """The accounts of a meeting, given the statements made there, all renderings of what was
    uttered there, and the commitments to which something happened there.

    Raises `InvalidInput` where `narrowing` names a source that gives no account.
    """
    happened = [
        (commitment, event)
        for commitment in commitments
        for event in commitment["events"]
        if event["meeting"] and event["meeting"]["id"] == document["id"]
    ]
    accounts = Accounts(
        document, statements, renderings, [event for _, event in happened], narrowing
    )
    return {
        "meeting": card(document),
        **accounts.told(),
        "commitments": [
            {"commitment": card(commitment), "event": event["event"], "sources": sources}
            for commitment, event in happened
            if (sources := accounts.sources_of(event))
        ],
    }


def visit_accounts(
    document: Json,
    statements: Sequence[Json],
    renderings: Sequence[Json],
    meetings: Sequence[Json],
    narrowing: Narrowing = EVERYBODY,
) -> Json:
    """The accounts of a visit, given its statements, all renderings of what was uttered on it,
    and its meetings. Raises as `meeting_accounts` does.

    Only a source that the visit cites can leave a meeting out: others speak of one meeting.
    """
    accounts = Accounts(document, statements, renderings, (), narrowing)
    cited = accounts.sources_of(document)
    found = []
    for meeting in meetings:
        attesting = {each["source"]["slug"] for each in meeting["citations"]}
        found.append(
            {
                "meeting": card(meeting),
                "sequence": meeting["sequence"],
                "attested_by": [slug for slug in cited if slug in attesting],
                "not_attested_by": [slug for slug in cited if slug not in attesting],
            }
        )
    return {"visit": card(document), **accounts.told(), "meetings": found}


class Accounts:
    """What meetings and visits have in common: the sources that were asked for, and what they say
    of fields, topics and words.
    """

    def __init__(
        self,
        document: Json,
        statements: Sequence[Json],
        renderings: Sequence[Json],
        others: Iterable[Json],
        narrowing: Narrowing,
    ) -> None:
        """`others` are more of what happened there, with citations."""
        own = {each["id"] for each in statements}
        elsewhere = [each for each in renderings if each["id"] not in own]
        telling = (document, *statements, *elsewhere, *others)
        everybody = {
            each["source"]["slug"]: each["source"] for one in telling for each in one["citations"]
        }
        self.sources = chosen(everybody, narrowing)
        self.narrowed = narrowing != EVERYBODY
        self.document = document
        self.claims = [
            each for each in document["claims"] if each["source"]["slug"] in self.sources
        ]
        self.statements = [each for each in statements if self.sources_of(each)]
        self.elsewhere = [each for each in elsewhere if self.sources_of(each)]

    def sources_of(self, cited: Json) -> list[str]:
        """The slugs of those asked for that something rests on, each once."""
        slugs = dict.fromkeys(each["source"]["slug"] for each in cited["citations"])
        return [slug for slug in slugs if slug in self.sources]

    def told(self) -> Json:
        topics = self.topics()
        return {
            "date": self.document["date"],
            "sources": self.counted(topics),
            "fields": self.fields(),
            "topics": topics,
            "statements_without_topic": [
                self.statement(each) for each in self.statements if not each["topics"]
            ],
            "utterances": self.utterances(),
        }

    def counted(self, topics: list[Json]) -> list[Json]:
        """The sources, each with how much of it is in the answer."""
        cited = self.sources_of(self.document)
        claims = Counter(each["source"]["slug"] for each in self.claims if each["field"] != TOPICS)
        speaking = Counter(
            slug
            for topic in topics
            for slug in {
                each["source"]
                for each in topic["attestations"]
                if each["attestation"] != Attestation.SILENT
            }
        )
        reporting = Counter(
            slug for each in (*self.statements, *self.elsewhere) for slug in self.sources_of(each)
        )
        return [
            {
                **line,
                "cited": slug in cited,
                "claims": claims[slug],
                "topics": speaking[slug],
                "statements": reporting[slug],
            }
            for slug, line in self.sources.items()
        ]

    def fields(self) -> list[Json]:
        """The record's fields in the order of its document, then each participant's in theirs."""
        subjects = by_subject(each for each in self.claims if each["field"] != TOPICS)
        people = self.document.get("participants", ())
        found = []
        for participant, owner in [(None, self.document), *((each["id"], each) for each in people)]:
            names = [field for whose, field in subjects if whose == participant]
            for field in sorted(names, key=lambda name: place_in(owner, name)):
                claimed = subjects[participant, field]
                qualified = field == "duration_minutes"
                found.append(
                    {
                        "field": field,
                        "participant": participant and person(owner),
                        "agreement": agreement(claimed),
                        "value": value_in(owner, field),
                        "qualifier": owner["duration_qualifier"] if qualified else None,
                        "claims": [
                            {
                                "source": each["source"]["slug"],
                                "value": each["value"],
                                "qualifier": each["qualifier"],
                                "rank": each["rank"],
                                "evidence": passages([each]),
                            }
                            for each in claimed
                        ],
                    }
                )
        return found

    def topics(self) -> list[Json]:
        """The record's topics in its order, then what else the statements are about."""
        claimed = [each for each in standing(self.claims) if each["field"] == TOPICS]
        named = [*self.document.get("topics", ()), *(each["value"] for each in claimed)]
        named += [code for each in self.statements for code in each["topics"]]
        topics = [
            self.topic(
                code,
                [each for each in claimed if each["value"] == code],
                [each for each in self.statements if code in each["topics"]],
            )
            for code in dict.fromkeys(named)
        ]
        return [each for each in topics if each["attestations"] or not self.narrowed]

    def topic(self, code: str, claimed: list[Json], said: list[Json]) -> Json:
        claims = by_source(claimed)
        reports = by_source(citation for each in said for citation in each["citations"])
        attestations = []
        for slug in self.sources:
            if slug in claims:
                attestations += [
                    attestation(slug, each["attestation"], AttestationBasis.CLAIM, [each])
                    for each in claims[slug]
                ]
            elif slug in reports:
                attestations.append(
                    attestation(
                        slug, Attestation.AFFIRMED, AttestationBasis.STATEMENT, reports[slug]
                    )
                )
        stances: dict[str, list[str]] = {}
        for each in attestations:
            stances.setdefault(each["source"], []).append(each["attestation"])
        return {
            "topic": code,
            "agreement": agreement_on_topic(stances),
            "attestations": attestations,
            "not_examined": [slug for slug in self.sources if slug not in stances],
            "statements": [self.statement(each) for each in said],
        }

    def statement(self, each: Json) -> Json:
        return {
            "id": each["id"],
            **words(each),
            "utterance": each["utterance"] and each["utterance"]["id"],
            "sources": self.sources_of(each),
        }

    def utterances(self) -> list[Json]:
        found: dict[str, Json] = {}
        for each in (*self.statements, *self.elsewhere):
            if each["utterance"] is not None:
                utterance = {**each["utterance"], "renderings": []}
                renderings = found.setdefault(utterance["id"], utterance)["renderings"]
                renderings.append(
                    {
                        "statement": each["id"],
                        **words(each),
                        "meeting": each["meeting"],
                        "sources": self.sources_of(each),
                    }
                )
        return list(found.values())


def card(document: Json) -> Json:
    return {name: document[name] for name in ("id", "slug", "title")}


def person(participant: Json) -> Json:
    return {name: participant[name] for name in ("id", "official", "name_as_given")}


def words(statement: Json) -> Json:
    return {
        name: statement[name] for name in ("speaker", "joint_with", "text", "language", "wording")
    }


def by_source(cited: Iterable[Json]) -> dict[str, list[Json]]:
    """Claims or citations by the slug of the source that they are of."""
    found: dict[str, list[Json]] = {}
    for each in cited:
        found.setdefault(each["source"]["slug"], []).append(each)
    return found


def passages(cited: Iterable[Json]) -> list[Json]:
    """Where in a source something stands; a bare mention of the source is no passage."""
    found = [{name: each[name] for name in EVIDENCE} for each in cited]
    return [each for each in found if any(each.values())]


def attestation(source: str, stance: str, basis: str, cited: Iterable[Json]) -> Json:
    return {
        "source": source,
        "attestation": stance,
        "basis": basis,
        "evidence": passages(cited),
    }


def value_in(owner: Any, field: str) -> Any:
    """The value that a document shows for a field, as claims give it: a date as its EDTF text."""
    for name in field.split("."):
        owner = owner.get(name)
    return owner["edtf"] if isinstance(owner, dict) else owner


def place_in(owner: Json, field: str) -> tuple[int, ...]:
    """Where a field stands in a document; what is only ever claimed comes last."""
    places: list[int] = []
    level: Any = owner
    for name in field.split("."):
        names = list(level)
        places.append(names.index(name) if name in level else len(names))
        level = level.get(name)
    return tuple(places)
