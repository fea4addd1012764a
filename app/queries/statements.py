"""Statements as a list."""

from typing import Any

from sqlalchemy import and_, or_, select

from app.database.dialects import unled
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
    FEW,
    Bind,
    Parts,
    Resource,
    Wanted,
    among_few,
    by_date,
    by_update,
    holds,
    identified,
    named,
    on_days,
    parties_or_officials,
    plain,
    topics_of,
    voices,
)
from app.queries.selections import MOST_RANGES, Many, Range, Selection, Values, hanging, is_among
from app.queries.sources import attested
from app.schemas.statements import StatementFilters, StatementRead
from app.vocabulary import RecordKind

SPOKEN = (Statement.party_id, Statement.speaker_id)
JOINTLY = (CoSpeaker.party_id, CoSpeaker.official_id)
ADDRESSED = (Addressee.party_id, Addressee.official_id)
BEHIND = (Statement.on_behalf_of_party_id, Statement.on_behalf_of_official_id)


def where(filters: StatementFilters, bind: Bind) -> Parts:
    if filters.speaker is not None:
        alone = voices(*SPOKEN, "speaker", filters, bind)
        jointly = voices(*JOINTLY, "speaker", filters, bind)
        yield of_own_or_hanging("speaker", alone, jointly, bind)
    if filters.addressee is not None:
        owner, day = Addressee.statement_id, Addressee.listed_on
        addressed = voices(*ADDRESSED, "addressee", filters, bind)
        yield hanging(Statement, ("addressee",), [Range(owner, each, day) for each in addressed])
    if filters.on_behalf_of is not None:
        behind = parties_or_officials(*BEHIND, "on_behalf_of", filters, bind)
        yield of_own_or_hanging("on_behalf_of", behind, [], bind)
    if filters.party is not None:
        ids = named(Party, "party", filters, bind)
        own, joint = [each_of(column, ids) for column in (Statement.party_id, CoSpeaker.party_id)]
        yield of_own_or_hanging("party", own, joint, bind)
    yield from topics_of(StatementTopic.statement_id, Statement, filters, bind)
    yield from among_few(Statement.meeting_id, Meeting, "meeting", filters, bind)
    if filters.visit is not None:
        yield of_visit(filters, bind)
    yield from holds(Statement.wording, "wording", filters, bind)
    yield from holds(Statement.speech_act, "speech_act", filters, bind)
    yield from holds(Statement.language, "language", filters, bind)
    yield from attested(Citation.statement_id, Statement, filters, bind)
    yield from holds(Statement.utterance_id, "utterance", filters, bind)
    yield from on_days(Statement, filters, bind)


def each_of(column: Any, ids: Values) -> list[Wanted]:
    """A condition for each of some ids, or one for all where they are many."""
    if isinstance(ids, Many) or len(ids) > MOST_RANGES // 2:
        return [(is_among(column, ids),)]
    return [(column == each,) for each in ids]


def of_own_or_hanging(field: str, own: list[Wanted], joint: list[Wanted], bind: Bind) -> Selection:
    """Statements with something of their own, or with a co-speaker of whom the same is true."""
    live, day = Statement.deleted_seq.is_(None), Statement.date_ascends
    ranges = [Range(Statement.id, (live, *each), day, once=True) for each in own]
    others = [Range(CoSpeaker.statement_id, each, CoSpeaker.listed_on) for each in joint]
    conditions = [and_(*each) for each in own]
    # Asked of a statement at hand, no index of its own is to lead away from it.
    here = unled(bind.dialect, or_(*conditions))
    return Selection(
        (field,),
        (*ranges, *others),
        or_(here, *(each.leads_to(Statement) for each in others)),
        or_(*conditions, *(Statement.id.in_(each.select(each.owner)) for each in others)),
    )


def of_visit(filters: StatementFilters, bind: Bind) -> Selection:
    """Statements on a visit, or at one of its meetings."""
    visit = identified(Visit, filters.visit, lambda each: plain(each.visit), bind)
    # No deleted meeting has statements; that it is none is in the words of the index.
    there = (Meeting.visit_id == visit, Meeting.deleted_seq.is_(None))
    meetings = select(Meeting.id).where(*there)
    live = Statement.deleted_seq.is_(None)
    here = [Statement.visit_id == visit, Statement.meeting_id.in_(meetings)]
    ranges = tuple(Range(Statement.id, (live, each), once=True) for each in here)
    return Selection(("visit",), ranges, or_(*here), or_(*here), size=FEW)


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
