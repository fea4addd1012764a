"""Statements as a list."""

from sqlalchemy import or_, select

from app.models import (
    Addressee,
    Citation,
    Meeting,
    Official,
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
    yield from refers(Statement.speaker_id, Official, "speaker", filters, bind)
    if filters.addressee is not None:
        addressed = list(refers(Addressee.official_id, Official, "addressee", filters, bind))
        yield Statement.id.in_(select(Addressee.statement_id).where(*addressed))
    yield from refers_to_party_or_official(
        Statement.on_behalf_of_party_id,
        Statement.on_behalf_of_official_id,
        "on_behalf_of",
        filters,
        bind,
    )
    yield from refers_to_any(Statement.party_id, Party, "party", filters, bind)
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
