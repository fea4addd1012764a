"""The timeline of two parties: visits, meetings, commitments and what became of them.

Each type of entry is a range of one index and is joined to its own table; the page is what
comes first among them. With a range of days the few long spans are a range of their own, so
that a page deep in a long history reads little of what lies before it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from app import dates
from app.database.dialects import DAYS_OF_A_LONG_SPAN, is_long
from app.models import (
    Commitment,
    CommitmentEvent,
    Meeting,
    Official,
    Party,
    TimelineEntry,
    Visit,
)
from app.queries.base import Bind, Computed
from app.record.cards import Json, uncertain
from app.schemas.relations import Timeline
from app.vocabulary import CommitmentEventKind, TimelineKind

RECORDS: dict[TimelineKind, Any] = {
    TimelineKind.VISIT: Visit,
    TimelineKind.MEETING: Meeting,
    TimelineKind.COMMITMENT: Commitment,
    TimelineKind.COMMITMENT_EVENT: Commitment,
}
"""Which record shows an entry."""

BEFORE_ALL = "00000000-0000-0000-0000-000000000000"
AFTER_ALL = "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""No entry has one of these ids."""

LONGEST_SPAN = timedelta(days=DAYS_OF_A_LONG_SPAN)


def is_filtered_by_days(filters: Timeline) -> bool:
    return filters.date_from is not None or filters.date_to is not None


def sort_key(filters: Timeline) -> Any:
    """The day to sort by. Where days are asked for no entry is undated, and both are the same."""
    if filters.sort == "-date" and not is_filtered_by_days(filters):
        return TimelineEntry.date_descends
    return TimelineEntry.date_ascends


def literal(kind: TimelineKind) -> ColumnElement[Any]:
    """A type of entry written out, so that it is planned for what it is."""
    return literal_column(f"'{kind.value}'")


def earliest_start(filters: Any) -> date:
    """Where an entry that reaches the first day asked for begins, unless it is a long one."""
    first: date = filters.date_from.first
    return first - LONGEST_SPAN if first - date.min > LONGEST_SPAN else date.min


def last_shown(filters: Any) -> tuple[date, str]:
    found: tuple[date, str] = filters.after
    return found


def where_to_go_on(filters: Any) -> tuple[date, str]:
    """The place in the range of days after which the walk goes on: the last entry shown, or the
    edge of the range where that entry lies outside of it.
    """
    day, entry_id = last_shown(filters)
    if filters.sort == "date" and filters.date_from and day < earliest_start(filters):
        return earliest_start(filters), BEFORE_ALL
    if filters.sort == "-date" and filters.date_to and day > filters.date_to.last:
        return filters.date_to.last, AFTER_ALL
    return day, entry_id


def further(
    filters: Timeline, bind: Bind, place: Callable[[Any], tuple[date, str]]
) -> list[ColumnElement[bool]]:
    """Only what comes after a place, where a cursor gives one."""
    if filters.after is None:
        return []
    here = tuple_(sort_key(filters), TimelineEntry.entry_id)
    there = tuple_(bind(lambda each: place(each)[0]), bind(lambda each: place(each)[1]))
    return [here < there if filters.sort == "-date" else here > there]


def ranges(filters: Timeline, bind: Bind) -> list[list[ColumnElement[bool]]]:
    """The ranges of the indexes that hold what may fall on the days asked for.

    Nearly all of it begins on those days or in the year before. What begins outside of that is
    a long span, or has an open start and is sorted by its end. A cursor takes the place of the
    bound that the walk comes from: SQLite would not know which of the two is the narrower.
    """
    if not is_filtered_by_days(filters):
        return [further(filters, bind, last_shown)]
    earliest, latest = TimelineEntry.date_earliest, TimelineEntry.date_latest
    begins = TimelineEntry.date_ascends
    bounds: dict[str, ColumnElement[bool]] = {}
    overlap: list[ColumnElement[bool]] = [or_(earliest.is_not(None), latest.is_not(None))]
    outside: list[ColumnElement[bool]] = []
    if filters.date_from is not None:
        start, lowest = bind(lambda each: each.date_from.first), bind(earliest_start)
        bounds["date"] = begins >= lowest
        outside.append(begins < lowest)
        overlap.append(or_(latest >= start, latest.is_(None)))
    if filters.date_to is not None:
        end = bind(lambda each: each.date_to.last)
        bounds["-date"] = begins <= end
        outside.append(begins > end)
        overlap.append(or_(earliest <= end, earliest.is_(None)))
    if filters.after is not None:
        bounds.pop(filters.sort, None)
    long = is_long(bind.dialect, earliest, latest)
    return [
        [*bounds.values(), *overlap, *further(filters, bind, where_to_go_on)],
        [long, or_(*outside), *overlap, *further(filters, bind, last_shown)],
    ]


def entries(filters: Timeline, bind: Bind) -> Iterator[Select[Any]]:
    """The entries of each type in each range."""
    entry = TimelineEntry
    low, high = bind.value("low"), bind.value("high")
    wanted = ranges(filters, bind)
    for kind in filters.type or TimelineKind:
        record = RECORDS[kind]
        for conditions in wanted:
            yield (
                select(entry.kind, entry.entry_id, entry.record_id, sort_key(filters).label("key"))
                .join(record, record.id == entry.record_id)
                .where(
                    entry.low_id == low,
                    entry.high_id == high,
                    entry.kind == literal(kind),
                    record.deleted_seq.is_(None),
                    *conditions,
                )
            )


def count(filters: Timeline, bind: Bind) -> Select[Any]:
    return select(func.count()).select_from(union_all(*entries(filters, bind)).subquery())


def page(filters: Timeline, bind: Bind) -> Select[Any]:
    """One more entry than the limit, with what `item` shows of them."""
    descending = filters.sort == "-date"
    key = sort_key(filters)
    limit: ColumnElement[int] = literal_column(str(filters.limit + 1))

    def first(found: Any, day: Any, entry_id: Any) -> Any:
        order = (day.desc(), entry_id.desc()) if descending else (day, entry_id)
        return found.order_by(*order).limit(limit)

    parts = [
        select(first(part, key, TimelineEntry.entry_id).subquery())
        for part in entries(filters, bind)
    ]
    several = union_all(*parts).subquery()
    shown = first(select(several), several.c.key, several.c.entry_id).subquery("page")
    return first(with_details(shown), shown.c.key, shown.c.entry_id)  # type: ignore[no-any-return]


def with_details(shown: Any) -> Select[Any]:
    """The entries of a page with their records, and the events among them with theirs."""

    def of(*kinds: TimelineKind) -> ColumnElement[bool]:
        return shown.c.kind.in_([literal(kind) for kind in kinds])  # type: ignore[no-any-return]

    commitments = TimelineKind.COMMITMENT, TimelineKind.COMMITMENT_EVENT
    scene = aliased(Meeting)
    happened = of(TimelineKind.COMMITMENT_EVENT)
    made = aliased(CommitmentEvent)
    # A commitment without a date of its own stands where its making does.
    made_on = (
        select(made.date_edtf)
        .where(made.commitment_id == Commitment.id, made.event == CommitmentEventKind.MADE)
        .order_by(made.date_ascends, made.ordinal)
        .limit(literal_column("1"))
        .correlate(Commitment)
        .scalar_subquery()
    )
    return (
        select(
            shown.c.kind,
            shown.c.key,
            shown.c.entry_id,
            shown.c.record_id,
            func.coalesce(Visit.slug, Meeting.slug, Commitment.slug),
            func.coalesce(Visit.title, Meeting.title, Commitment.title),
            case(
                (happened, CommitmentEvent.date_edtf),
                else_=func.coalesce(
                    Visit.date_edtf, Meeting.date_edtf, Commitment.date_edtf, made_on
                ),
            ),
            func.coalesce(Visit.status, Meeting.status),
            Meeting.format,
            case((happened, None), else_=func.coalesce(Visit.kind, Commitment.kind)),
            CommitmentEvent.event,
            CommitmentEvent.note,
            Party.code,
            Official.id,
            Official.slug,
            Official.name,
            scene.id,
            scene.slug,
            scene.title,
        )
        .select_from(shown)
        .outerjoin(Visit, and_(Visit.id == shown.c.record_id, of(TimelineKind.VISIT)))
        .outerjoin(Meeting, and_(Meeting.id == shown.c.record_id, of(TimelineKind.MEETING)))
        .outerjoin(Commitment, and_(Commitment.id == shown.c.record_id, of(*commitments)))
        .outerjoin(CommitmentEvent, and_(CommitmentEvent.id == shown.c.entry_id, happened))
        .outerjoin(Party, Party.id == CommitmentEvent.actor_party_id)
        .outerjoin(Official, Official.id == CommitmentEvent.actor_id)
        .outerjoin(scene, scene.id == CommitmentEvent.meeting_id)
    )


def card(record_id: Any, slug: str, name: str, called: str = "title") -> Json | None:
    return None if record_id is None else {"id": str(record_id), "slug": slug, called: name}


def item(row: Sequence[Any]) -> Json:
    """An entry as the API shows it, from a row of `page`."""
    kind, _, entry_id, record_id, slug, title, edtf, status, form, kind_of_record, *event = row
    return {
        "type": kind,
        "id": str(entry_id),
        "date": uncertain(None if edtf is None else dates.parse(edtf)),
        "record": card(record_id, slug, title),
        "status": status,
        "format": form,
        "kind": kind_of_record,
        "event": happening(event) if kind == TimelineKind.COMMITMENT_EVENT else None,
    }


def happening(event: Sequence[Any]) -> Json:
    kind, note, party = event[:3]
    official = card(event[3], event[4], event[5], "name")
    meeting = card(event[6], event[7], event[8])
    known = party is not None or official is not None
    return {
        "kind": kind,
        "actor": {"party": party, "official": official} if known else None,
        "meeting": meeting,
        "note": note,
    }


TIMELINE = Computed("relations", page, count, {"date": date}, written=("type",))
