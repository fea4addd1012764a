"""A record as the API shows it: one function for each kind, from loaded rows to JSON.

Every documented key is always there. A document holds all that the record holds, so that the
log of documents loses nothing; of its neighbours it shows only cards. What it reads of them
is listed in `app.record.dependencies`.
"""

from collections.abc import Callable
from typing import Any

from app.models.base import Record
from app.models.commitments import Commitment, CommitmentActor, CommitmentEvent, Lineage
from app.models.meetings import Meeting, Participation
from app.models.officials import Official, Position
from app.models.parties import Party
from app.models.sources import Source
from app.models.statements import Statement
from app.models.topics import Topic
from app.models.visits import Traveller, Visit
from app.record import cards
from app.record.cards import Json, code, day, instant, official_card, record_card, uncertain
from app.record.conflicts import claims, conflicts
from app.record.tenures import position_held
from app.vocabulary import CommitmentEventKind, RecordKind

SHAPE = 3
"""The version of the shapes below; stored with every body. What each of them added:

2. `held` of a position, that and `attested_until` in an official's positions, `joint_with` of a
   statement, `predecessors` and `successors` of a commitment.
3. `localities` of the stops of a visit.
"""


def closing(record: Record) -> Json:
    """The keys that end every document."""
    return {
        "dataset": record.dataset,
        "rev": record.rev,
        "created_at": instant(record.created_at),
        "updated_at": instant(record.updated_at),
    }


def party(row: Party) -> Json:
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "names": cards.names(row.names),
        "existed_from": uncertain(row.existed_from),
        "existed_until": uncertain(row.existed_until),
        "predecessors": sorted(
            each.predecessor.code
            for each in row.preceded_by
            if each.predecessor.deleted_seq is None
        ),
        "successors": [each.successor.code for each in row.successions],
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


def topic(row: Topic) -> Json:
    return {
        "id": row.id,
        "code": row.code,
        "label": row.label,
        "parent": None if row.parent is None else row.parent.code,
        "children": [child.code for child in row.children],
        **closing(row),
    }


def source(row: Source) -> Json:
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "kind": row.kind,
        "publisher": row.publisher,
        "perspective": row.perspective,
        "date": uncertain(row.date),
        "url": row.url,
        "archived_url": row.archived_url,
        "republished_by": row.republished_by,
        "known_through": record_card(row.known_through),
        "accessed_on": day(row.accessed_on),
        "language": row.language,
        "licence": row.licence,
        "content_hash": row.content_hash,
        "note": row.note,
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


def official(row: Official) -> Json:
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "names": cards.names(row.names),
        "identifiers": cards.identifiers(row.identifiers),
        "birth": uncertain(row.birth),
        "death": uncertain(row.death),
        "positions": [
            {
                "id": held.id,
                "title": held.title,
                "level": held.level,
                "party": code(held.party),
                "body": held.body,
                "start": uncertain(held.start),
                "end": uncertain(held.end),
                "end_status": held.end_status,
                "attested_until": day(held.attested_until),
                "acting": held.acting,
                "held": None,
            }
            for held in row.positions
        ],
        "citations": cards.citations(row.citations),
        **closing(row),
    }


def position(row: Position) -> Json:
    return {
        "id": row.id,
        "official": official_card(row.official),
        "title": row.title,
        "party": code(row.party),
        "body": row.body,
        "level": row.level,
        "start": uncertain(row.start),
        "end": uncertain(row.end),
        "end_status": row.end_status,
        "attested_until": day(row.attested_until),
        "acting": row.acting,
        "held": None,
        "conflicts": conflicts(row.claims),
        "citations": cards.citations(row.citations),
        "claims": claims(row.claims),
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


def person(row: Participation | Traveller, when: Any) -> Json:
    return {
        "id": row.id,
        "official": official_card(row.official),
        "name_as_given": row.name_as_given,
        "title_as_given": row.title_as_given,
        "position": position_held(row.official, when),
        "party": code(row.party),
        "role": row.role,
    }


def visit(row: Visit) -> Json:
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "kind": row.kind,
        "status": row.status,
        "date": uncertain(row.date),
        "visitor_parties": [each.party.code for each in row.parties if each.side == "visitor"],
        "host_parties": [each.party.code for each in row.parties if each.side == "host"],
        "travellers": [person(each, row.date) for each in row.travellers],
        "stops": [
            {
                "id": stop.id,
                "place": cards.place(stop),
                "localities": [{"name": each.name, "city": each.city} for each in stop.localities],
                "date": uncertain(stop.date),
            }
            for stop in row.stops
        ],
        "conflicts": conflicts(row.claims),
        "citations": cards.citations(row.citations),
        "claims": claims(row.claims),
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


def meeting(row: Meeting) -> Json:
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "format": row.format,
        "status": row.status,
        "announced_beforehand": row.announced_beforehand,
        "date": uncertain(row.date),
        "starts_at": instant(row.starts_at),
        "starts_at_approximate": row.starts_at_approximate,
        "time_zone": row.time_zone,
        "local_dates": [
            {"date": day(each.date), "time_zone": each.time_zone} for each in row.local_dates
        ],
        "duration_minutes": row.duration_minutes,
        "duration_qualifier": row.duration_qualifier,
        "place": cards.place(row),
        "visit": record_card(row.visit),
        "sequence": row.sequence,
        "part_of": record_card(row.part_of),
        "topics": [link.topic.code for link in row.topic_links],
        "participants": [person(each, row.date) for each in row.participations],
        "conflicts": meeting_conflicts(row),
        "citations": cards.citations(row.citations),
        "claims": claims(row.claims),
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


def meeting_conflicts(row: Meeting) -> list[Json]:
    return conflicts(row.claims, {each.id: each for each in row.participations})


def statement(row: Statement) -> Json:
    principal = None
    if row.on_behalf_of_official_id or row.on_behalf_of_party_id:
        principal = {
            "official": official_card(row.on_behalf_of_official),
            "party": code(row.on_behalf_of_party),
        }
    return {
        "id": row.id,
        "speaker": {
            "official": official_card(row.speaker),
            "party": code(row.party),
            "name_as_given": row.speaker_name_as_given,
            "title_as_given": row.speaker_title_as_given,
        },
        "joint_with": [
            {
                "id": each.id,
                "official": official_card(each.official),
                "party": code(each.party),
                "name_as_given": each.name_as_given,
                "title_as_given": each.title_as_given,
            }
            for each in row.co_speakers
        ],
        "on_behalf_of": principal,
        "addressees": [
            {
                "id": each.id,
                "official": official_card(each.official),
                "party": code(each.party),
                "name_as_given": each.name_as_given,
            }
            for each in row.addressees
        ],
        "text": row.text,
        "language": row.language,
        "wording": row.wording,
        "speech_act": row.speech_act,
        "date": uncertain(row.date),
        "meeting": record_card(row.meeting),
        "visit": record_card(row.visit),
        "utterance": row.utterance and {"id": row.utterance.id, "label": row.utterance.label},
        "topics": [link.topic.code for link in row.topic_links],
        "citations": cards.citations(row.citations),
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


def event(row: CommitmentEvent) -> Json:
    actor = None
    if row.actor_party_id or row.actor_id:
        actor = {"party": code(row.actor_party), "official": official_card(row.actor)}
    return {
        "id": row.id,
        "event": row.event,
        "date": uncertain(row.date),
        "meeting": record_card(row.meeting),
        "actor": actor,
        "note": row.note,
        "in_retrospect": row.in_retrospect,
        "citations": cards.citations(row.citations),
    }


def actor(row: CommitmentActor) -> Json:
    return {"id": row.id, "party": row.party.code, "official": official_card(row.official)}


def events_in_order(row: Commitment) -> list[CommitmentEvent]:
    """By date, undated ones last; on one day in the order in which the record gives them."""
    return sorted(row.events, key=lambda each: (each.date_ascends, each.ordinal))


def latest_event(row: Commitment) -> CommitmentEvent | None:
    """The last dated event; an undated one only where no event has a date."""
    ordered = events_in_order(row)
    dated = [each for each in ordered if each.date_edtf is not None] or ordered
    return dated[-1] if dated else None


def lineage(row: Lineage, other: Commitment) -> Json:
    return {
        "id": row.id,
        "relation": row.relation,
        "commitment": record_card(other),
        "source": record_card(row.source),
        "note": row.note,
    }


def commitment(row: Commitment) -> Json:
    latest = latest_event(row)
    reaffirmed = CommitmentEventKind.REAFFIRMED
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "text": row.text,
        "kind": row.kind,
        "by": [actor(each) for each in row.actors if each.side == "by"],
        "to": [actor(each) for each in row.actors if each.side == "to"],
        "topics": [link.topic.code for link in row.topic_links],
        "date": uncertain(row.date),
        "wordings": [
            {
                "id": each.id,
                "party": each.party.code,
                "text": each.text,
                "language": each.language,
                "source": record_card(each.source),
            }
            for each in row.wordings
        ],
        "predecessors": [lineage(each, each.earlier) for each in row.lineage],
        "successors": [
            lineage(each, each.commitment)
            for each in sorted(row.taken_up_by, key=lambda it: it.id)
            if each.commitment.deleted_seq is None
        ],
        "latest_event": None if latest is None else event(latest),
        "reaffirmed_count": sum(each.event is reaffirmed for each in row.events),
        "events": [event(each) for each in events_in_order(row)],
        "assessments": [
            {
                "id": each.id,
                "assessor": each.assessor,
                "verdict": each.verdict,
                "scheme": each.scheme,
                "score": each.score,
                "date": uncertain(each.date),
                "note": each.note,
                "citations": cards.citations(each.citations),
            }
            for each in row.assessments
        ],
        "conflicts": conflicts(row.claims),
        "citations": cards.citations(row.citations),
        "claims": claims(row.claims),
        "external_ids": cards.identifiers(row.identifiers),
        **closing(row),
    }


DOCUMENTS: dict[RecordKind, Callable[..., Json]] = {
    RecordKind.PARTY: party,
    RecordKind.TOPIC: topic,
    RecordKind.SOURCE: source,
    RecordKind.OFFICIAL: official,
    RecordKind.POSITION: position,
    RecordKind.VISIT: visit,
    RecordKind.MEETING: meeting,
    RecordKind.STATEMENT: statement,
    RecordKind.COMMITMENT: commitment,
}
