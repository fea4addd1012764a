"""From neutral records to rows: each function builds the rows that a record should consist of.

The rows are plain and belong to no session; `app.importers.loader` compares them with what is
there, or has them inserted as they are.
"""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from app import dates
from app.folding import fold, sort_key
from app.importers import neutral
from app.importers.checks import implied_citations
from app.importers.parts import (
    Ids,
    K,
    Parts,
    attestations,
    citations,
    claims,
    identifiers,
    names,
    new,
    numbered_claims,
    person,
    place,
    some,
)
from app.models import (
    Addressee,
    Assessment,
    Commitment,
    CommitmentActor,
    CommitmentEvent,
    CommitmentTopic,
    CommitmentWording,
    CoSpeaker,
    Lineage,
    LocalDate,
    Meeting,
    MeetingTopic,
    Official,
    OfficialName,
    Participation,
    Party,
    PartyName,
    Position,
    Source,
    Statement,
    StatementTopic,
    Stop,
    StopLocality,
    Succession,
    Topic,
    Traveller,
    Visit,
    VisitParty,
)
from app.vocabulary import PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY, RecordKind


def party(given: neutral.Party, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    row = new(
        Party,
        id=given.id,
        code=given.code,
        kind=given.kind,
        name=given.name,
        sort_name=sort_key(given.name),
        names=names(parts, PartyName, given.names),
        successions=[
            parts.stamp(
                new(Succession, successor_id=ids[K.PARTY, code]), ordinal, "successor", code
            )
            for ordinal, code in enumerate(given.successors)
        ],
        identifiers=identifiers(parts, given.scheme_values),
    )
    row.existed_from, row.existed_until = given.existed_from, given.existed_until
    return row


def topic(given: neutral.Topic, ids: Ids) -> Any:
    return new(
        Topic,
        id=given.id,
        code=given.code,
        label=given.label,
        parent_id=some(ids, K.TOPIC, given.parent),
    )


def source(given: neutral.Source, ids: Ids) -> Any:
    row = new(
        Source,
        **given.model_dump(
            include={
                "id",
                "slug",
                "title",
                "kind",
                "publisher",
                "perspective",
                "url",
                "archived_url",
                "republished_by",
                "language",
                "licence",
                "content_hash",
                "note",
            }
        ),
        publisher_folded=fold(given.publisher),
        perspective_party_id=None
        if given.perspective in {PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY}
        else ids[K.PARTY, given.perspective],
        known_through_id=some(ids, K.SOURCE, given.known_through),
        accessed_on=given.accessed_on and dates.parse_day(given.accessed_on),
        identifiers=identifiers(Parts(given.id), given.scheme_values),
    )
    row.date = given.date
    return row


def official(given: neutral.Official, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    row = new(
        Official,
        id=given.id,
        slug=given.slug,
        name=given.name,
        sort_name=sort_key(given.name),
        names=names(parts, OfficialName, given.names),
        identifiers=identifiers(parts, given.scheme_values),
        citations=citations(parts, given.citations, ids),
    )
    row.birth, row.death = given.birth, given.death
    return row


def position(given: neutral.Position, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    row = new(
        Position,
        id=given.id,
        official_id=ids[K.OFFICIAL, given.official],
        title=given.title,
        title_folded=fold(given.title),
        party_id=some(ids, K.PARTY, given.party),
        body=given.body,
        level=given.level,
        end_status=given.end_status,
        attested_until=given.attested_until and dates.parse_day(given.attested_until),
        acting=given.acting,
        identifiers=identifiers(parts, given.scheme_values),
        citations=citations(parts, implied_citations(given), ids),
        claims=claims(parts, given.claims, ids),
    )
    row.start, row.end = given.start, given.end
    return numbered_claims(row)


def visit(given: neutral.Visit, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    sides = [("visitor", code) for code in given.visitor_parties]
    sides += [("host", code) for code in given.host_parties]
    row = new(
        Visit,
        id=given.id,
        slug=given.slug,
        title=given.title,
        summary=given.summary,
        kind=given.kind,
        status=given.status,
        parties=[
            parts.stamp(
                new(VisitParty, side=side, party_id=ids[K.PARTY, code]), ordinal, side, code
            )
            for ordinal, (side, code) in enumerate(sides)
        ],
        travellers=[
            person(parts, Traveller, each, ids, ordinal)
            for ordinal, each in enumerate(given.travellers)
        ],
        stops=[stop(parts, each, ids, ordinal) for ordinal, each in enumerate(given.stops)],
        identifiers=identifiers(parts, given.scheme_values),
        citations=citations(parts, implied_citations(given), ids),
        claims=claims(parts, given.claims, ids),
    )
    row.date = given.date
    return numbered_claims(row)


def stop(parts: Parts, given: neutral.Stop, ids: Ids, ordinal: int) -> Any:
    row = new(Stop, **place(given.place, ids))
    row.date = given.date
    where = (given.place.city, given.place.name)
    row = parts.stamp(row, ordinal, "stop", *where, given.date, part=given)
    inner = Parts(row.id)
    row.localities = [
        inner.stamp(
            new(
                StopLocality,
                name=each.name,
                name_folded=each.name and fold(each.name),
                city=each.city,
                city_folded=fold(each.city),
            ),
            number,
            "locality",
            each.city,
            each.name,
        )
        for number, each in enumerate(given.localities)
    ]
    return row


def meeting(given: neutral.Meeting, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    claimed = claims(parts, given.claims, ids)
    participations = []
    for ordinal, each in enumerate(given.participants):
        participation = person(parts, Participation, each, ids, ordinal)
        participations.append(participation)
        claimed += claims(parts, each.claims, ids, participation)
    for topic_of_meeting in given.topics:
        claimed += attestations(parts, topic_of_meeting, ids)
    row = new(
        Meeting,
        id=given.id,
        slug=given.slug,
        title=given.title,
        sort_title=sort_key(given.title),
        summary=given.summary,
        format=given.format,
        status=given.status,
        announced_beforehand=given.announced_beforehand,
        starts_at=given.starts_at and given.starts_at.astimezone(UTC),
        starts_at_approximate=given.starts_at_approximate if given.starts_at else None,
        time_zone=given.time_zone,
        duration_minutes=given.duration and given.duration.minutes,
        duration_qualifier=given.duration and given.duration.qualifier,
        visit_id=some(ids, K.VISIT, given.visit),
        sequence=given.sequence,
        part_of_id=some(ids, K.MEETING, given.part_of),
        local_dates=[
            parts.stamp(
                new(LocalDate, date=dates.parse_day(each.date), time_zone=each.time_zone),
                ordinal,
                "local date",
                each.time_zone,
            )
            for ordinal, each in enumerate(given.local_dates)
        ],
        participations=participations,
        topic_links=[
            new(MeetingTopic, topic_id=ids[K.TOPIC, each.code], ordinal=ordinal)
            for ordinal, each in enumerate(given.topics)
        ],
        identifiers=identifiers(parts, given.scheme_values),
        citations=citations(parts, implied_citations(given), ids),
        claims=claimed,
        **place(given.place, ids),
    )
    row.date = given.date
    return numbered_claims(row)


def statement(given: neutral.Statement, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    principal = given.on_behalf_of or neutral.Principal()
    row = new(
        Statement,
        id=given.id,
        speaker_id=some(ids, K.OFFICIAL, given.speaker.official),
        speaker_name_as_given=given.speaker.name_as_given,
        speaker_title_as_given=given.speaker.title_as_given,
        party_id=some(ids, K.PARTY, given.speaker.party),
        on_behalf_of_official_id=some(ids, K.OFFICIAL, principal.official),
        on_behalf_of_party_id=some(ids, K.PARTY, principal.party),
        text=given.text,
        language=given.language,
        wording=given.wording,
        speech_act=given.speech_act,
        meeting_id=some(ids, K.MEETING, given.meeting),
        visit_id=some(ids, K.VISIT, given.visit),
        utterance_id=given.utterance and given.utterance.id,
        addressees=[
            parts.stamp(
                new(
                    Addressee,
                    official_id=some(ids, K.OFFICIAL, each.official),
                    party_id=some(ids, K.PARTY, each.party),
                    name_as_given=each.name_as_given,
                ),
                ordinal,
                "addressee",
                each.official or each.name_as_given or each.party,
                part=each,
            )
            for ordinal, each in enumerate(given.addressees)
        ],
        co_speakers=[
            parts.stamp(
                new(
                    CoSpeaker,
                    official_id=some(ids, K.OFFICIAL, each.official),
                    party_id=some(ids, K.PARTY, each.party),
                    name_as_given=each.name_as_given,
                    title_as_given=each.title_as_given,
                ),
                ordinal,
                "co-speaker",
                each.official or each.name_as_given or each.party,
                part=each,
            )
            for ordinal, each in enumerate(given.joint_with)
        ],
        topic_links=[
            new(StatementTopic, topic_id=ids[K.TOPIC, code], ordinal=ordinal)
            for ordinal, code in enumerate(given.topics)
        ],
        identifiers=identifiers(parts, given.scheme_values),
        citations=citations(parts, given.citations, ids),
    )
    row.date = given.date
    return row


def commitment(given: neutral.Commitment, ids: Ids) -> Any:
    parts = Parts(given.id, given)
    actors = [("by", each) for each in given.by] + [("to", each) for each in given.to]
    row = new(
        Commitment,
        id=given.id,
        slug=given.slug,
        title=given.title,
        text=given.text,
        kind=given.kind,
        actors=[
            parts.stamp(
                new(
                    CommitmentActor,
                    side=side,
                    party_id=ids[K.PARTY, each.party],
                    official_id=some(ids, K.OFFICIAL, each.official),
                ),
                ordinal,
                side,
                each.party,
                each.official,
                part=each,
            )
            for ordinal, (side, each) in enumerate(actors)
        ],
        wordings=[
            parts.stamp(
                new(
                    CommitmentWording,
                    party_id=ids[K.PARTY, each.party],
                    source_id=ids[K.SOURCE, each.source],
                    text=each.text,
                    language=each.language,
                ),
                ordinal,
                "wording",
                each.party,
                each.source,
                each.language,
                part=each,
            )
            for ordinal, each in enumerate(given.wordings)
        ],
        lineage=[
            parts.stamp(
                new(
                    Lineage,
                    earlier_id=ids[K.COMMITMENT, each.commitment],
                    relation=each.relation,
                    source_id=ids[K.SOURCE, each.source],
                    note=each.note,
                ),
                ordinal,
                "lineage",
                each.commitment,
                part=each,
            )
            for ordinal, each in enumerate(given.lineage)
        ],
        events=[event(parts, each, ids, ordinal) for ordinal, each in enumerate(given.events)],
        assessments=[
            assessment(parts, each, ids, ordinal) for ordinal, each in enumerate(given.assessments)
        ],
        topic_links=[
            new(CommitmentTopic, topic_id=ids[K.TOPIC, code], ordinal=ordinal)
            for ordinal, code in enumerate(given.topics)
        ],
        identifiers=identifiers(parts, given.scheme_values),
        citations=citations(parts, implied_citations(given), ids),
        claims=claims(parts, given.claims, ids),
    )
    row.date = given.date
    return numbered_claims(row)


def event(parts: Parts, given: neutral.Event, ids: Ids, ordinal: int) -> Any:
    actor = given.actor
    row = new(
        CommitmentEvent,
        event=given.event,
        meeting_id=some(ids, K.MEETING, given.meeting),
        actor_party_id=some(ids, K.PARTY, None if actor is None else actor.party),
        actor_id=some(ids, K.OFFICIAL, None if actor is None else actor.official),
        note=given.note,
        in_retrospect=given.in_retrospect,
    )
    row.date = given.date
    marks = ("event", given.event, given.date, given.meeting)
    row = parts.stamp(row, ordinal, *marks, part=given)
    row.citations = citations(Parts(row.id, given), given.citations, ids)
    return row


def assessment(parts: Parts, given: neutral.Assessment, ids: Ids, ordinal: int) -> Any:
    row = new(
        Assessment,
        assessor=given.assessor,
        assessor_folded=fold(given.assessor),
        verdict=given.verdict,
        scheme=given.scheme,
        score=given.score,
        note=given.note,
    )
    row.date = given.date
    row = parts.stamp(row, ordinal, "assessment", given.assessor, given.date, part=given)
    row.citations = citations(Parts(row.id, given), given.citations, ids)
    return row


ROWS: dict[RecordKind, Callable[[Any, Ids], Any]] = {
    K.PARTY: party,
    K.TOPIC: topic,
    K.SOURCE: source,
    K.OFFICIAL: official,
    K.POSITION: position,
    K.VISIT: visit,
    K.MEETING: meeting,
    K.STATEMENT: statement,
    K.COMMITMENT: commitment,
}
