"""The statement of one page of a list.

However many records there are, a page comes from the beginning of a few ranges of indexes: each
gives its first rows in the order of the list, and of those the first make the page. Where nothing
is asked for, that is the index of the order itself. Where something is, a `Lead` says whether to
go along the ranges of one filter (`RANGES`), to gather all that one filter selects and sort it
(`GATHER`), or to go along the order and ask each record (`ORDER`). What is not led by is asked.

A list in the order of days is put together from stretches of it. Undated records come last in
either direction, so that in descending order they are a stretch of their own. What may fall on a
range of days begins on one of them, or else is among the few that span several days, which have
indexes of their own.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    literal_column,
    select,
    tuple_,
    union,
    union_all,
)

from app.database.dialects import each_once, is_long, is_span, unled
from app.models import Document
from app.models.base import FIRST_DAY, LAST_DAY
from app.paging import Position
from app.queries.base import UPDATED_SINCE, Bind, Placed, Resource, SortKey, day_of, parts, reach
from app.queries.selections import Days, Range, Selection

BEFORE_ALL = "00000000-0000-0000-0000-000000000000"
AFTER_ALL = "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""No record has one of these ids."""

ORDER, RANGES, GATHER, PLAIN = "order", "ranges", "gather", "plain"

Bound = Callable[[Any], date]


class Lead(NamedTuple):
    """How a page is come by: along what, and by which of the selections among its parts."""

    way: str
    number: int = 0


def bodies_of(keys: Select[Any], *, descending: bool) -> Select[Any]:
    """A page of keys with the documents."""
    page = keys.subquery("page")
    order = (page.c.sort_key, page.c.id)
    return (
        select(page.c.seq, page.c.sort_key, page.c.id, Document.body)
        .join(Document, Document.seq == page.c.seq)
        .order_by(*(column.desc() for column in order) if descending else order)
    )


class Page:
    """One page, one record more than the limit, in the making."""

    def __init__(
        self,
        resource: Resource,
        filters: Any,
        bind: Bind,
        lead: Lead,
        *,
        key: SortKey,
        further: bool,
    ) -> None:
        self.model, self.filters, self.bind, self.lead = resource.model, filters, bind, lead
        self.key, self.further = key, further
        self.descending = filters.sort.startswith("-")
        found = parts(resource, filters, bind)
        selections = [part for part in found if isinstance(part, Selection)]
        self.days = next((part for part in found if isinstance(part, Days)), None)
        self.led = selections[lead.number] if lead.way in (RANGES, GATHER) else None
        self.asked = [part for part in found if not isinstance(part, Selection | Days)]
        for each in selections:
            if each is not self.led:
                is_order = each.fields == (UPDATED_SINCE,) and self.column is self.model.updated_at
                left = lead.way == PLAIN or is_order
                self.asked.append(each.plain if left else each.asked)
        self.limit: ColumnElement[int] = literal_column(str(filters.limit + 1))

    @property
    def column(self) -> Any:
        return self.key.descending if self.descending else self.key.ascending

    @property
    def is_by_day(self) -> bool:
        return self.key.type is date

    def select(self, *, bodies: bool) -> Select[Any]:
        """Rows of seq, sort key, id and, with `bodies`, the document."""
        if self.is_in_one_order:
            only = self.along_the_order()
            if bodies and self.lead.way == PLAIN:
                # Whatever was found may have to be sorted: without the documents.
                return bodies_of(only, descending=self.descending)
            if bodies:
                only = only.add_columns(Document.body)
                only = only.join(Document, Document.seq == self.model.seq)
            return only
        if self.led is not None and self.lead.way == GATHER:
            keys = self.gathered(self.led)
        else:
            keys = self.put_together([*self.stretches()])
        return bodies_of(keys, descending=self.descending) if bodies else keys

    @property
    def is_in_one_order(self) -> bool:
        if self.lead.way == PLAIN:
            return True
        if self.lead.way == ORDER:
            return self.days is None or not self.is_by_day
        return False

    def ordered(self, statement: Select[Any], key: Any, record_id: Any) -> Select[Any]:
        order = (key.desc(), record_id.desc()) if self.descending else (key, record_id)
        return statement.order_by(*order).limit(self.limit)

    def along_the_order(self) -> Select[Any]:
        model = self.model
        statement = select(model.seq, self.column.label("sort_key"), model.id).where(*self.asked)
        if self.days is not None:
            statement = statement.where(self.days.plain)
        return self.ordered(statement.where(*self.after(self.column)), self.column, model.id)

    def after(self, column: Any) -> Iterator[ColumnElement[bool]]:
        """Behind the place where the cursor stands."""
        if self.further:
            here = tuple_(column, self.model.id)
            day = self.bind(Placed(lambda _, at: at[0]), type_=column.type)
            there = tuple_(day, self.bind(Placed(lambda _, at: at[1])))
            yield here < there if self.descending else here > there

    def gathered(self, led: Selection) -> Select[Any]:
        model = self.model
        key = unled(self.bind.dialect, self.column)
        statement = select(model.seq, self.column.label("sort_key"), model.id)
        statement = statement.where(model.id.in_(led.ids()), *self.asked)
        if self.days is not None:
            statement = statement.where(self.days.plain)
        return self.ordered(statement.where(*self.after(self.column)), key, model.id)

    def put_together(self, stretches: list[Select[Any]]) -> Select[Any]:
        """The first rows of several stretches."""
        if len(stretches) == 1:
            return stretches[0]
        each_once = self.led is None or len(self.led.ranges) == 1
        together = union_all if each_once else union
        several = together(*(select(each.subquery()) for each in stretches)).subquery("several")
        return self.ordered(select(several), several.c.sort_key, several.c.id)

    def stretches(self) -> Iterator[Select[Any]]:
        """The ranges that lead, cut where the order of days asks for it."""
        model = self.model
        whole = Range(model.id, (), day=day_of(model), once=True)
        ranges = (whole,) if self.led is None else self.led.ranges
        if self.days is not None:
            for each in ranges:
                yield self.stretch(each, self.first, self.behind_last)
            yield from self.spans(self.days)
        elif self.descending:
            for each in ranges:
                yield self.stretch(each, None, lambda _: LAST_DAY)
                yield self.undated(each)
        else:
            for each in ranges:
                yield self.stretch(each, None, None)

    def rows(self, led: Range, key: Any) -> Select[Any]:
        model = self.model
        columns = (model.seq, key.label("sort_key"), led.owner.label("id"))
        statement = led.select(*columns)
        if led.owner.class_ is not model:
            statement = statement.join(model, model.id == led.owner)
        if not led.once:
            statement = each_once(self.bind.dialect, statement, led.day, led.owner)
        return statement.where(*self.asked)

    def stretch(self, led: Range, low: Bound | None, high: Bound | None) -> Select[Any]:
        """The rows of a range from one day on until before another."""
        rows = self.rows(led, led.day).where(*self.between(led.day, led.owner, low, high))
        return self.ordered(rows, led.day, led.owner)

    def between(
        self, day: Any, owner: Any, low: Bound | None, high: Bound | None
    ) -> Iterator[ColumnElement[bool]]:
        """Only one bound for each side, be it the cursor's: SQLite would take either."""

        def place(at: Any) -> Any:
            return tuple_(
                self.bind(Placed(lambda filters, position: at(filters, position)[0])),
                self.bind(Placed(lambda filters, position: at(filters, position)[1])),
            )

        def start(filters: Any, position: Position) -> tuple[date, str]:
            return max((low(filters), BEFORE_ALL), position) if low else position

        def stop(filters: Any, position: Position) -> tuple[date, str]:
            return min((high(filters), BEFORE_ALL), position) if high else position

        if self.further and not self.descending:
            yield tuple_(day, owner) > place(start)
        elif low is not None:
            yield day >= self.bind(low)
        if self.further and self.descending:
            yield tuple_(day, owner) < place(stop)
        elif high is not None:
            yield day < self.bind(high)

    def undated(self, led: Range) -> Select[Any]:
        """The rows of a range at its end, where in descending order they are as well."""
        rows = self.rows(led, self.key.descending).where(led.day == self.bind(lambda _: LAST_DAY))
        if self.further:
            rows = rows.where(led.owner < self.bind(Placed(last_undated)))
        return self.ordered(rows, led.day, led.owner)

    def spans(self, days: Days) -> Iterator[Select[Any]]:
        """What begins outside of the days asked for and may fall on one of them all the same."""
        model, dialect = self.model, self.bind.dialect
        bounds = model.date_earliest, model.date_latest
        several, long = is_span(model.date_edtf, *bounds), is_long(dialect, *bounds)
        if self.filters.date_from is not None:
            yield self.span(several & days.plain, self.reach, self.first)
            yield self.span(long & days.plain, None, self.reach)
        if self.filters.date_to is not None:
            open_start = long & days.plain & model.date_earliest.is_(None)
            yield self.span(open_start, self.behind_last, None)

    def span(
        self, wanted: ColumnElement[bool], low: Bound | None, high: Bound | None
    ) -> Select[Any]:
        conditions = [wanted]
        if self.led is not None:
            conditions.append(self.led.asked)
        day = day_of(self.model)
        return self.stretch(Range(self.model.id, conditions, day, once=True), low, high)

    def first(self, filters: Any) -> date:
        found: date = FIRST_DAY if filters.date_from is None else filters.date_from.first
        return found

    def reach(self, filters: Any) -> date:
        return reach(filters.date_from.first)

    def behind_last(self, filters: Any) -> date:
        """Undated records are never on any day."""
        if filters.date_to is None or filters.date_to.last == LAST_DAY:
            return LAST_DAY
        found: date = filters.date_to.last + timedelta(days=1)
        return found


def last_undated(_: Any, position: Position) -> str:
    """Behind which id, in descending order, undated records are still to come."""
    day, record_id = position
    return record_id if day == FIRST_DAY else AFTER_ALL
