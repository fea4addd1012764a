"""The counterparts of an official: with whom, how often, first and last.

What counts as an encounter is decided when a meeting is published (`app.record.encounters`). All
of an official's encounters are counted, in one range of an index; the first and the last are
looked up only for those on the page.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased

from app import dates
from app.models import Encounter, Meeting, Official, Participation, Party
from app.models.base import FIRST_DAY, LAST_DAY
from app.queries.base import Bind, Computed, between_days, refers_to_any
from app.queries.selections import Days
from app.queries.tallies import Tally
from app.record.cards import Json, uncertain
from app.schemas.counterparts import CounterpartsOf


def chosen(statement: Select[Any], encounter: Any, filters: CounterpartsOf, bind: Bind) -> Any:
    """Those encounters of the official that the filters select."""
    statement = statement.where(encounter.official_id == bind.value("official"))
    if filters.date_from is not None or filters.date_to is not None:
        # A meeting that begins within the days is on one of them; few others can be.
        found = Tally(
            Meeting, filters, bind, None, Days(and_(*between_days(Meeting, filters, bind)))
        )
        others = found.exceptions(Meeting.id, outside=True).subquery("others")
        begins_within = and_(*found.begins_within(encounter.date_ascends))
        statement = statement.where(
            or_(begins_within, encounter.meeting_id.in_(select(others.c.id)))
        )
    if filters.party is not None:
        seat = aliased(Participation)
        # With the day, in the words of an index that says for which party the seat is.
        statement = statement.join(
            seat,
            (seat.official_id == encounter.counterpart_id)
            & (seat.listed_on == encounter.date_ascends)
            & (seat.meeting_id == encounter.meeting_id),
        ).where(*refers_to_any(seat.party_id, Party, "party", filters, bind))
    return statement


def totals(filters: CounterpartsOf, bind: Bind) -> Any:
    """How often, and the first and the last day; unknown ones are at the end of each order."""
    first, last = func.min(Encounter.date_ascends), func.max(Encounter.date_descends)
    counted = select(
        Encounter.counterpart_id,
        func.count().label("meetings"),
        first.label("first"),
        case((first == LAST_DAY, FIRST_DAY), else_=first).label("-first"),
        case((last == FIRST_DAY, LAST_DAY), else_=last).label("last"),
        last.label("-last"),
    ).group_by(Encounter.counterpart_id)
    return chosen(counted, Encounter, filters, bind).subquery("totals")


def count(filters: CounterpartsOf, bind: Bind) -> Select[Any]:
    found = totals(filters, bind)
    return (
        select(func.count())
        .select_from(found)
        .join(Official, Official.id == found.c.counterpart_id)
        .where(Official.deleted_seq.is_(None))
    )


def page(filters: CounterpartsOf, bind: Bind) -> Select[Any]:
    """One more counterpart than the limit, with what `item` shows of them."""
    descending = filters.sort.startswith("-")
    found = totals(filters, bind)
    key = found.c["meetings" if filters.sort.endswith("meetings") else filters.sort]
    limit: ColumnElement[int] = literal_column(str(filters.limit + 1))

    def in_order(statement: Any, by: Any, then: Any) -> Any:
        return statement.order_by(*((by.desc(), then.desc()) if descending else (by, then)))

    listed = (
        select(
            found.c.counterpart_id.label("id"),
            key.label("key"),
            found.c.meetings,
            Official.slug,
            Official.name,
        )
        .join(Official, Official.id == found.c.counterpart_id)
        .where(Official.deleted_seq.is_(None))
    )
    if filters.after is not None:
        here = tuple_(key, found.c.counterpart_id)
        there = tuple_(bind(lambda each: each.after[0]), bind(lambda each: each.after[1]))
        listed = listed.where(here < there if descending else here > there)
    few = in_order(listed, key, found.c.counterpart_id).limit(limit).subquery("few")
    met = select(
        few,
        dated(few.c.id, filters, bind, last=False).label("first_id"),
        dated(few.c.id, filters, bind, last=True).label("last_id"),
    )
    # The limit keeps PostgreSQL from looking the two up for each meeting that there is.
    shown = in_order(met, few.c.key, few.c.id).limit(limit).subquery("page")
    first, last = aliased(Meeting), aliased(Meeting)
    statement = (
        select(
            shown.c.id,
            shown.c.key,
            shown.c.id,
            shown.c.meetings,
            shown.c.slug,
            shown.c.name,
            *(
                column
                for each in (first, last)
                for column in (each.id, each.slug, each.title, each.date_edtf)
            ),
        )
        .select_from(shown)
        .outerjoin(first, first.id == shown.c.first_id)
        .outerjoin(last, last.id == shown.c.last_id)
    )
    return in_order(statement, shown.c.key, shown.c.id)  # type: ignore[no-any-return]


def dated(counterpart: Any, filters: CounterpartsOf, bind: Bind, *, last: bool) -> Any:
    """The id of the first or last dated meeting with one counterpart."""
    each = aliased(Encounter)
    statement = select(each.meeting_id).where(
        each.counterpart_id == counterpart, each.date_ascends < LAST_DAY
    )
    # As the index has them. Of a dated meeting the two days are the same.
    order = (each.date_ascends, each.date_descends, each.meeting_id)
    return (
        chosen(statement, each, filters, bind)
        .order_by(*(column.desc() for column in order) if last else order)
        .limit(literal_column("1"))
        .correlate(counterpart.table)
        .scalar_subquery()
    )


def item(row: Sequence[Any]) -> Json:
    """A counterpart as the API shows it, from a row of `page`."""
    official_id, _, _, meetings, slug, name, *encounters = row
    return {
        "official": {"id": str(official_id), "slug": slug, "name": name},
        "meetings": meetings,
        "first": encounter(*encounters[:4]),
        "last": encounter(*encounters[4:]),
    }


def encounter(meeting_id: Any, slug: str, title: str, edtf: str) -> Json | None:
    if meeting_id is None:
        return None
    return {
        "meeting": {"id": str(meeting_id), "slug": slug, "title": title},
        "date": uncertain(dates.parse(edtf)),
    }


COUNTERPARTS = Computed("counterparts", page, count, {"meetings": int, "first": date, "last": date})
