"""Meetings as a list."""

from typing import Any

from sqlalchemy import func, literal_column

from app.folding import fold
from app.models import Citation, Meeting, MeetingTopic, Official, Participation, Party, Visit
from app.queries import relations
from app.queries.base import (
    Bind,
    Parts,
    Resource,
    SortKey,
    among_few,
    belongs,
    by_date,
    by_text,
    by_update,
    holds,
    meant,
    member,
    on_days,
    topics_of,
)
from app.queries.selections import Range, hanging, holding
from app.queries.sources import attested
from app.schemas.meetings import MeetingFilters, MeetingRead
from app.vocabulary import RecordKind

LAST_IN_SEQUENCE = 32_767


def where(filters: MeetingFilters, bind: Bind) -> Parts:
    yield from all_took_part("participant", Official, Participation.official_id, filters, bind)
    yield from all_took_part("party", Party, Participation.party_id, filters, bind)
    yield from belongs(Meeting.country_id, Party, "country", filters, bind)
    if filters.city is not None:
        city = bind(lambda each: fold(each.city))
        yield holding(bind.dialect, Meeting.city_folded, "city", [city], day=Meeting.date_ascends)
    yield from holds(Meeting.format, "format", filters, bind)
    yield from holds(Meeting.status, "status", filters, bind)
    yield from topics_of(MeetingTopic.meeting_id, Meeting, filters, bind)
    yield from among_few(Meeting.visit_id, Visit, "visit", filters, bind)
    yield from among_few(Meeting.part_of_id, Meeting, "part_of", filters, bind)
    yield from attested(Citation.meeting_id, Meeting, filters, bind)
    yield from holds(Meeting.has_conflicts, "has_conflicts", filters, bind)
    yield from holds(Meeting.dataset, "dataset", filters, bind)
    yield from on_days(Meeting, filters, bind)


def all_took_part(
    field: str, target: type[Official | Party], column: Any, filters: MeetingFilters, bind: Bind
) -> Parts:
    """Each of the named took part; a repeated filter asks for all of them."""
    for index, reference in enumerate(getattr(filters, field) or ()):
        wanted = column == meant(target, reference, member(field, index), bind)
        owner, day = Participation.meeting_id, Participation.listed_on
        seats = Range(owner, (wanted,), day, once=target is Official)
        yield hanging(Meeting, (field,), [seats], index)


def in_sequence(otherwise: int) -> Any:
    """In the words of the indexes."""
    return func.coalesce(Meeting.sequence, literal_column(str(otherwise)))


MEETINGS = Resource(
    kind=RecordKind.MEETING,
    path="meetings",
    model=Meeting,
    read=MeetingRead,
    filters=MeetingFilters,
    where=where,
    sorts={
        "date": by_date(Meeting),
        "sequence": SortKey(in_sequence(LAST_IN_SEQUENCE), in_sequence(0), int),
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
