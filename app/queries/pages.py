"""The statement of one page of a list.

However many records there are, a page comes from the beginning of a few ranges of indexes: each
gives its first rows in the order of the list, and of those the first make the page. Where nothing
is asked for, that is the index of the order itself. Where something is, a `Lead` says whether to
go along the ranges of one filter (`RANGES`), to gather all that one filter selects and sort it
(`GATHER`), or to go along the order and ask each record (`ORDER`). What is not led by is asked:
`app.queries.leading` says how.

A list in the order of days is put together from stretches of it. Undated records come last in
either direction, so that in descending order they are a stretch of their own. What may fall on a
range of days begins on one of them, or else is among the few that span several days, which have
indexes of their own.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
)

from app.database.dialects import each_once, is_long, is_span, unled
from app.models import Document
from app.models.base import FIRST_DAY, LAST_DAY
from app.paging import Position
from app.queries.base import Placed, day_of, reach
from app.queries.leading import ALL, APART, GATHER, ORDER, PLAIN, Leading
from app.queries.selections import Days, Range, Selection

BEFORE_ALL = "00000000-0000-0000-0000-000000000000"
AFTER_ALL = "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""No record has one of these ids."""

Bound = Callable[[Any], date]


def bodies_of(keys: Select[Any], *, descending: bool) -> Select[Any]:
    """A page of keys with the documents."""
    page = keys.subquery("page")
    order = (page.c.sort_key, page.c.id)
    return (
        select(page.c.seq, page.c.sort_key, page.c.id, Document.body)
        .join(Document, Document.seq == page.c.seq)
        .order_by(*(column.desc() for column in order) if descending else order)
    )


def numbers_of(keys: Select[Any]) -> Select[Any]:
    """The first column alone of a page of keys, in its order."""
    seq = next(iter(keys.selected_columns))
    return keys.with_only_columns(seq)


class Page(Leading):
    """One page, one record more than the limit, in the making."""

    def select(self, *, bodies: bool, whole: bool = True) -> Select[Any]:
        """Rows of seq, sort key, id and, with `bodies`, the document. Of a page that is not wanted
        `whole`, for its tag alone, PostgreSQL tells the first column: to make a date and an id of
        what it sends takes longer than to receive it.
        """
        found = self.select_whole(bodies=bodies)
        return numbers_of(found) if not whole and self.is_postgres else found

    def select_whole(self, *, bodies: bool) -> Select[Any]:
        if self.is_in_one_order:
            only = self.along_the_order()
            if bodies and (self.lead.way == PLAIN or self.goes_by_averages):
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

    def along_the_order(self) -> Select[Any]:
        model, column = self.model, self.column
        if self.goes_by_averages and len(self.questions) > len(self.along):
            way = select(column, model.id).where(*self.along, *self.after(column))
            return self.asking_each(way.order_by(*self.order(column, model.id)), self.questions)
        statement = select(model.seq, column.label("sort_key"), model.id).where(*self.questions)
        return self.ordered(statement.where(*self.after(column)), column, model.id)

    def gathered(self, led: Selection) -> Select[Any]:
        """All that a filter selects, sorted."""
        if not self.is_by_day or not led.is_dated:
            return self.looked_up(led.ids())
        if not self.descending:
            return self.sorted_by_day(led)
        # Undated records are last here too; only they themselves tell them from those of that day.
        last = self.looked_up(led.ids(self.is_of_the_last_day))
        return self.put_together([self.sorted_by_day(led), last])

    def is_of_the_last_day(self, led: Range) -> ColumnElement[bool]:
        """In a range of the records' own, all that are of that day are not to lead to it."""
        is_own = led.owner.class_ is self.model
        day = unled(self.bind.dialect, led.told) if is_own else led.told
        found: ColumnElement[bool] = day == self.bind(lambda _: LAST_DAY)
        return found

    def looked_up(self, ids: Any) -> Select[Any]:
        """The first of some records, all of which are read."""
        model = self.model
        statement = select(model.seq, self.column.label("sort_key"), model.id)
        statement = statement.where(*self.questions, *self.after(self.column))
        if self.goes_by_averages:
            (found,) = ids.subquery("found").c
            each = select(found.label("id")).distinct().offset(APART).subquery("each")
            asked = statement.where(model.id == each.c.id).offset(APART).lateral("asked")
            keys = select(asked).select_from(each).join(asked, true())
            return self.ordered(keys, asked.c.sort_key, asked.c.id)
        key = unled(self.bind.dialect, self.column)
        return self.ordered(statement.where(model.id.in_(ids)), key, model.id)

    def sorted_by_day(self, led: Selection) -> Select[Any]:
        """All that a filter selects by the days that its rows tell, and of these records as many
        looked at as make the page; in descending order without those of the last day.
        """
        # What the filter says leads to the rows, and not the order in which they are wanted.
        found = [
            each.select(
                unled(self.bind.dialect, each.told).label("day"),
                unled(self.bind.dialect, each.owner).label("id"),
            )
            for each in led.ranges
        ]
        each = (found[0] if len(found) == 1 else union_all(*found)).subquery("found")
        way = select(each.c.day, each.c.id).where(*self.after(each.c.day, each.c.id))
        if self.descending:
            way = way.where(each.c.day < self.bind(lambda _: LAST_DAY))
        if len(led.ranges) > 1 or not led.ranges[0].once:
            way = way.distinct()
        way = way.order_by(*self.order(each.c.day, each.c.id))
        if self.goes_by_averages:
            return self.asking_each(way, self.questions, passing=self.passing)
        of_days = [] if self.days is None else [self.may_be_of_these_days]
        return self.asking_on_the_way(way.limit(ALL), self.questions, of_days=of_days)

    def may_be_of_these_days(self, way: Any) -> ColumnElement[bool]:
        """Whether a record that is listed on a day begins on one of those that are asked for, or is
        among the few that span several. On the last day undated ones are listed as well.
        """
        model, listed = self.model, way.c.day
        spans: Select[Any] = select(literal_column("1")).where(
            model.deleted_seq.is_(None),
            is_span(model.date_edtf, model.date_earliest, model.date_latest),
            day_of(model) == listed,
            # By the days of these few, and not by its id, by which all records would be looked up.
            unled(self.bind.dialect, model.id) == way.c.id,
        )
        few = f"INDEXED BY ix_{model.__tablename__}_of_spans"
        spans = spans.with_hint(model.__table__, few, "sqlite")
        begins = and_(listed >= self.bind(self.first), listed < self.bind(self.behind_last))
        is_last = listed == self.bind(lambda _: LAST_DAY)
        found: ColumnElement[bool] = or_(begins, is_last, exists(spans.correlate(way)))
        return found

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
            yield self.of_the_last_day()
        elif self.descending:
            for each in ranges:
                yield self.stretch(each, None, lambda _: LAST_DAY)
                yield self.undated(each)
            yield self.of_the_last_day()
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
        between = [*self.between(led.day, led.owner, low, high)]
        if self.is_told_along(led):
            return self.told_along(led, *between)
        if self.is_asked_along(led):
            return self.asking_each(self.way(led, *between), self.asked, passing=self.passing)
        if self.passing:
            return self.asking_on_the_way(self.kept_way(led, *between), self.asked)
        return self.ordered(self.rows(led, led.day).where(*between), led.day, led.owner)

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
        last = [led.day == self.bind(lambda _: LAST_DAY)]
        if self.further:
            last.append(led.owner < self.bind(Placed(last_undated)))
        key = unled(self.bind.dialect, self.key.descending)
        asked = [*self.asked, key < self.bind(lambda _: LAST_DAY)]
        if self.is_asked_along(led):
            return self.asking_each(self.way(led, *last), asked, key, self.passing)
        if self.passing:
            return self.asking_on_the_way(self.kept_way(led, *last), asked, key=key)
        rows = self.rows(led, key).where(*last, asked[-1])
        return self.ordered(rows, led.day, led.owner)

    def of_the_last_day(self) -> Select[Any]:
        """The very few that are dated on the day under which undated ones are listed. In descending
        order these are listed under the first, so that the index of that order tells them apart.
        """
        model, key = self.model, self.key.descending
        last = [model.deleted_seq.is_(None), key == self.bind(lambda _: LAST_DAY)]
        asked = self.questions if self.led is None else [*self.questions, self.led.asked]
        if self.days is not None and self.filters.date_to is not None:
            asked = [*asked, model.date_earliest.is_not(None)]  # or it is one of the spans
        way = select(key.label("day"), model.id).where(*last, *self.after(key))
        if self.goes_by_averages:
            return self.asking_each(way.order_by(*self.order(key, model.id)), asked)
        rows = select(model.seq, key.label("sort_key"), model.id).where(*last, *self.after(key))
        return self.ordered(rows.where(*asked), key, model.id)

    def spans(self, days: Days) -> Iterator[Select[Any]]:
        """What begins outside of the days asked for and may fall on one of them all the same."""
        model, dialect = self.model, self.bind.dialect
        bounds = model.date_earliest, model.date_latest
        several, long = is_span(model.date_edtf, *bounds), is_long(dialect, *bounds)
        if self.filters.date_from is not None:
            yield self.span(several, [days.plain], self.reach, self.first)
            yield self.span(long, [days.plain], None, self.reach)
        if self.filters.date_to is not None:
            open_start = [days.plain, model.date_earliest.is_(None)]
            yield self.span(long, open_start, self.behind_last, None)

    def span(
        self,
        indexed: ColumnElement[bool],
        asked: list[ColumnElement[bool]],
        low: Bound | None,
        high: Bound | None,
    ) -> Select[Any]:
        if self.led is not None:
            asked = [*asked, self.led.asked]
        model, day = self.model, day_of(self.model)
        passing = self.passing
        if self.led is not None and self.led.can_be_asked_on_the_way:
            passing = [self.led, *passing]
        if self.goes_by_averages or passing:
            way = self.way(
                Range(model.id, [indexed], day, once=True), *self.between(day, model.id, low, high)
            )
            if self.goes_by_averages:
                return self.asking_each(way, [*self.asked, *asked], passing=passing)
            return self.asking_on_the_way(way, [*self.asked, *asked], passing)
        return self.stretch(Range(model.id, [and_(indexed, *asked)], day, once=True), low, high)

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
