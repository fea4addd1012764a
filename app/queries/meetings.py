"""Meetings as a list."""

from typing import Any

from sqlalchemy import func, select

from app.folding import fold
from app.models import Citation, Meeting, MeetingTopic, Official, Participation, Party, Visit
from app.queries import relations
from app.queries.base import (
    Bind,
    Conditions,
    Resource,
    SortKey,
    alternatives,
    between_days,
    by_date,
    by_text,
    by_update,
    meant,
    member,
    refers,
    refers_to_any,
    topics_of,
)
from app.queries.sources import attested
from app.schemas.meetings import MeetingFilters, MeetingRead
from app.vocabulary import RecordKind

LAST_IN_SEQUENCE = 32_767


def where(filters: MeetingFilters, bind: Bind) -> Conditions:
    yield from all_took_part("participant", Official, Participation.official_id, filters, bind)
    yield from all_took_part("party", Party, Participation.party_id, filters, bind)
    yield from refers_to_any(Meeting.country_id, Party, "country", filters, bind)
    if filters.city is not None:
        yield Meeting.city_folded == bind(lambda each: fold(each.city))
    yield from alternatives(Meeting.format, "format", filters, bind)
    yield from alternatives(Meeting.status, "status", filters, bind)
    yield from topics_of(MeetingTopic, MeetingTopic.meeting_id, Meeting, filters, bind)
    yield from refers(Meeting.visit_id, Visit, "visit", filters, bind)
    yield from refers(Meeting.part_of_id, Meeting, "part_of", filters, bind)
    yield from attested(Citation.meeting_id, Meeting.id, filters, bind)
    if filters.has_conflicts is not None:
        yield Meeting.has_conflicts == bind.value("has_conflicts")
    if filters.dataset is not None:
        yield Meeting.dataset == bind.value("dataset")
    yield from between_days(Meeting, filters, bind)


def all_took_part(
    field: str, target: type[Official | Party], column: Any, filters: MeetingFilters, bind: Bind
) -> Conditions:
    """Each of the named took part; a repeated filter asks for all of them."""
    for index, reference in enumerate(getattr(filters, field) or ()):
        named = meant(target, reference, member(field, index), bind)
        yield Meeting.id.in_(select(Participation.meeting_id).where(column == named))


MEETINGS = Resource(
    kind=RecordKind.MEETING,
    path="meetings",
    model=Meeting,
    read=MeetingRead,
    filters=MeetingFilters,
    where=where,
    sorts={
        "date": by_date(Meeting),
        "sequence": SortKey(
            func.coalesce(Meeting.sequence, LAST_IN_SEQUENCE),
            func.coalesce(Meeting.sequence, 0),
            int,
        ),
        "title": by_text(Meeting.sort_title),
        "updated_at": by_update(Meeting),
    },
    key=Meeting.slug,
    relations={
        "statements": relations.STATEMENTS_OF_MEETING,
        "commitments": relations.COMMITMENTS_OF_MEETING,
        "sources": relations.sources_of("meeting_id"),
        "officials": relations.OFFICIALS_OF_MEETING,
    },
)
