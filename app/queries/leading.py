"""Along what a page is led, and how what comes by is asked.

A `Lead` says along which of the filters a page goes; the others are asked of what it comes by
there: of days and ids where these say enough, and else of the record.

SQLite goes the way that is written. PostgreSQL would rather go by averages: it takes a name that a
hundred thousand meetings have for one of two hundred, and reads them all. So it is given the way as
a subquery that it cannot look into (`OFFSET 0`), and the questions as another that it has to ask of
each row of the first (`LATERAL`).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    literal_column,
    select,
    true,
    tuple_,
)

from app.database.dialects import each_once
from app.queries.base import UPDATED_SINCE, Bind, Placed, Resource, SortKey, day_of, parts
from app.queries.selections import Days, Range, Selection

ORDER, RANGES, GATHER, PLAIN = "order", "ranges", "gather", "plain"

ALL: ColumnElement[int] = literal_column("-1")
"""As a limit on SQLite: what has one keeps its order, and is not put together with what asks."""

APART: ColumnElement[int] = literal_column("0")
"""As an offset: what is asked for stands by itself, and is planned by itself."""


class Lead(NamedTuple):
    """How a page is come by: along what, and by which of the selections among its parts."""

    way: str
    number: int = 0


class Leading:
    """What a page is made of: its way, in the order of its list, and what it asks there."""

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
        self.along: list[ColumnElement[bool]] = [self.model.deleted_seq.is_(None)]
        """What is asked of a record of which an index of its own knows it."""
        for each in selections:
            if each is not self.led:
                is_order = each.fields == (UPDATED_SINCE,) and self.column is self.model.updated_at
                left = lead.way == PLAIN or is_order
                self.asked.append(each.plain if left else each.asked)
                self.along += [each.plain] * is_order
            elif each.loose:
                self.asked.append(each.asked)
        self.beside = [each for each in selections if each is not self.led]
        self.limit: ColumnElement[int] = literal_column(str(filters.limit + 1))

    @property
    def column(self) -> Any:
        return self.key.descending if self.descending else self.key.ascending

    @property
    def is_by_day(self) -> bool:
        return self.key.type is date

    @property
    def is_postgres(self) -> bool:
        return self.bind.dialect.name == "postgresql"

    @property
    def goes_by_averages(self) -> bool:
        return self.is_postgres and self.lead.way != PLAIN

    @property
    def questions(self) -> list[ColumnElement[bool]]:
        """What is to be asked of each record, a range of days included."""
        return self.asked if self.days is None else [*self.asked, self.days.plain]

    def order(self, key: Any, record_id: Any) -> tuple[Any, Any]:
        return (key.desc(), record_id.desc()) if self.descending else (key, record_id)

    def ordered(self, statement: Select[Any], key: Any, record_id: Any) -> Select[Any]:
        return statement.order_by(*self.order(key, record_id)).limit(self.limit)

    def after(self, column: Any, record_id: Any = None) -> Iterator[ColumnElement[bool]]:
        """Behind the place where the cursor stands."""
        if self.further:
            here = tuple_(column, self.model.id if record_id is None else record_id)
            day = self.bind(Placed(lambda _, at: at[0]), type_=column.type)
            there = tuple_(day, self.bind(Placed(lambda _, at: at[1])))
            yield here < there if self.descending else here > there

    def way(self, led: Range, *further: ColumnElement[bool]) -> Select[Any]:
        """The days and ids of a range, in its order."""
        statement = led.select(led.day.label("day"), led.owner.label("id")).where(*further)
        if led.owner.class_ is self.model:
            known = (each.plain for each in self.known_along())
            statement = statement.where(self.model.deleted_seq.is_(None), *known)
        if not led.once:
            statement = each_once(self.bind.dialect, statement, led.day, led.owner)
        return statement.order_by(*self.order(led.day, led.owner))

    def kept_way(self, led: Range, *further: ColumnElement[bool]) -> Select[Any]:
        """The same for SQLite, which would forget the order of what has to be told once."""
        way = self.way(led, *further)
        return way if led.once else way.limit(ALL)

    @property
    def passing(self) -> list[Selection]:
        """What can be asked of days and ids, but for what the index that leads knows besides."""
        known = [*self.known_along()]
        return [each for each in self.beside if each.can_be_asked_on_the_way and each not in known]

    def known_along(self) -> Iterator[Selection]:
        """What the index by which the page is led knows of its records besides: the format of a
        meeting in a country, say. So no record is looked up for it.
        """
        index = self.leading_index
        further = [] if index is None else [each.name for each in index.columns][3:]
        for each in self.beside:
            if each.column is not None and each.column.name in further:
                yield each

    @cached_property
    def leading_index(self) -> Any:
        """The one along which a page is led, where that is of a column of the records' own."""
        if self.led is None or self.led.column is None:
            return None
        start = [self.led.column.name, day_of(self.model).name, "id"]
        indexes = self.model.__table__.indexes
        led_by = (each for each in indexes if [column.name for column in each.columns][:3] == start)
        return next(led_by, None)

    def is_asked_along(self, led: Range) -> bool:
        """Whether PostgreSQL might think of another way along a range than its index."""
        is_own = led.owner.class_ is self.model
        return self.goes_by_averages and not (is_own and len(self.asked) == 1)

    def is_told_along(self, led: Range) -> bool:
        """Whether PostgreSQL's index of a range knows all that is asked, and tells the seq besides:
        then no record is looked up.
        """
        index = self.leading_index
        told = index is not None and index.dialect_options["postgresql"]["include"]
        if "seq" not in (told or ()):
            return False
        known = sum(1 for _ in self.known_along())
        return self.is_asked_along(led) and len(self.asked) == 1 + known

    def told_along(self, led: Range, *further: ColumnElement[bool]) -> Select[Any]:
        each = self.way(led, *further).add_columns(self.model.seq).offset(APART).subquery("each")
        keys = select(each.c.seq, each.c.day.label("sort_key"), each.c.id)
        return self.ordered(keys, each.c.day, each.c.id)

    def asking_each(
        self,
        way: Select[Any],
        questions: list[ColumnElement[bool]],
        key: Any = None,
        passing: Sequence[Selection] = (),
    ) -> Select[Any]:
        """The first rows along a way of days, or whatever the order is of, and ids whose records
        answer all questions. `key` is another column of the record's, to be told as the sort key:
        then all rows of the way have one day, and only their ids are in an order. `passing` is what
        is asked of days and ids, before a record is looked up.
        """
        model, done = self.model, {id(one.asked) for one in passing}
        each = way.offset(APART).subquery("each")
        at, record_id = each.c
        found: Any = each
        for number, selection in enumerate(passing):
            found = found.join(selection.passed_by(each, at, f"passed_{number}"), true())
        one = select(model.seq) if key is None else select(model.seq, key.label("sort_key"))
        left = (asked for asked in questions if id(asked) not in done)
        asked = one.where(model.id == record_id, *left).offset(APART).lateral("asked")
        told = (at if key is None else asked.c.sort_key).label("sort_key")
        keys = select(asked.c.seq, told, record_id.label("id")).select_from(found)
        order = self.order(at, record_id)[0 if key is None else 1 :]
        return keys.join(asked, true()).order_by(*order).limit(self.limit)

    def asking_on_the_way(
        self,
        way: Select[Any],
        questions: list[ColumnElement[bool]],
        passing: Sequence[Selection] | None = None,
        *,
        of_days: Sequence[Callable[[Any], ColumnElement[bool]]] = (),
        key: Any = None,
    ) -> Select[Any]:
        """The first rows along a way of days and ids, in its order, whose records answer all
        questions. `key` is another column of the record's, to be told as the sort key.

        What can be asked of a day and an id is asked of these, so that a record is looked up that
        has passed it. SQLite goes along what is limited by itself, whatever is asked behind it.
        """
        each = way.subquery("each")
        passing = self.passing if passing is None else passing
        first = [one.asked_on_the_way(self.bind.dialect, each, each.c.day) for one in passing]
        first += [ask(each) for ask in of_days]
        if first:
            passed = select(each.c.day, each.c.id).where(*first)
            each = passed.order_by(*self.order(each.c.day, each.c.id)).limit(ALL).subquery("passed")
        model, done = self.model, {id(one.asked) for one in passing}
        told = each.c.day if key is None else key
        keys = select(model.seq, told.label("sort_key"), each.c.id.label("id")).select_from(each)
        keys = keys.join(model, model.id == each.c.id)
        keys = keys.where(*(asked for asked in questions if id(asked) not in done))
        return self.ordered(keys, each.c.day, each.c.id)
