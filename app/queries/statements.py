"""Statements as a list."""

from sqlalchemy import or_, select

from app.models import (
    Addressee,
    Citation,
    CoSpeaker,
    Meeting,
    Party,
    Statement,
    StatementTopic,
    Visit,
)
from app.queries import relations
from app.queries.base import (
    Bind,
    Conditions,
    Resource,
    alternatives,
    between_days,
    by_date,
    by_update,
    identified,
    is_voice,
    plain,
    refers,
    refers_to_any,
    refers_to_party_or_official,
    topics_of,
)
from app.queries.sources import attested
from app.schemas.statements import StatementFilters, StatementRead
from app.vocabulary import RecordKind


def where(filters: StatementFilters, bind: Bind) -> Conditions:
    if filters.speaker is not None:
        alone = is_voice(Statement.party_id, Statement.speaker_id, "speaker", filters, bind)
        jointly = is_voice(CoSpeaker.party_id, CoSpeaker.official_id, "speaker", filters, bind)
        yield or_(*alone, Statement.id.in_(select(CoSpeaker.statement_id).where(*jointly)))
    if filters.addressee is not None:
        addressed = is_voice(Addressee.party_id, Addressee.official_id, "addressee", filters, bind)
        yield Statement.id.in_(select(Addressee.statement_id).where(*addressed))
    yield from refers_to_party_or_official(
        Statement.on_behalf_of_party_id,
        Statement.on_behalf_of_official_id,
        "on_behalf_of",
        filters,
        bind,
    )
    if filters.party is not None:
        alone = refers_to_any(Statement.party_id, Party, "party", filters, bind)
        jointly = refers_to_any(CoSpeaker.party_id, Party, "party", filters, bind)
        yield or_(*alone, Statement.id.in_(select(CoSpeaker.statement_id).where(*jointly)))
    yield from topics_of(StatementTopic, StatementTopic.statement_id, Statement, filters, bind)
    yield from refers(Statement.meeting_id, Meeting, "meeting", filters, bind)
    if filters.visit is not None:
        visit = identified(Visit, filters.visit, lambda each: plain(each.visit), bind)
        yield or_(
            Statement.visit_id == visit,
            Statement.meeting_id.in_(select(Meeting.id).where(Meeting.visit_id == visit)),
        )
    yield from alternatives(Statement.wording, "wording", filters, bind)
    yield from alternatives(Statement.speech_act, "speech_act", filters, bind)
    yield from alternatives(Statement.language, "language", filters, bind)
    yield from attested(Citation.statement_id, Statement.id, filters, bind)
    if filters.utterance is not None:
        yield Statement.utterance_id == bind.value("utterance")
    yield from between_days(Statement, filters, bind)


STATEMENTS = Resource(
    kind=RecordKind.STATEMENT,
    path="statements",
    model=Statement,
    read=StatementRead,
    filters=StatementFilters,
    where=where,
    sorts={"date": by_date(Statement), "updated_at": by_update(Statement)},
    key=Statement.id,
    relations={
        "sources": relations.sources_of("statement_id"),
        "officials": relations.OFFICIALS_OF_STATEMENT,
        "renderings": relations.RENDERINGS_OF_STATEMENT,
    },
)
