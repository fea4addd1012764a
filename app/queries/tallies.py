"""How what a list holds is counted along indexes, without a look at the records.

Nearly every record is of one day, by which the indexes of lists are ordered. So what is of a range
of days begins on one of them, but for the few records that may be of several days, which have an
index of their own; and so is what the filter of a list selects, where its rows say on what day
their records are listed. Deleted records have no place in the indexes of records, but their
parts do in those of parts, and are taken away again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal_column,
    select,
    union_all,
)

from app.database.dialects import each_once, is_span, unled
from app.models.base import LAST_DAY
from app.queries.base import Bind, Resource, parts
from app.queries.selections import Days, Range, Selection, as_condition

YES: ColumnElement[int] = literal_column("1")
NO: ColumnElement[int] = literal_column("0")


def year(column: Any) -> Any:
    return cast(extract("year", column), Integer)


def total_of(rows: Any) -> Any:
    """Whole on both databases: PostgreSQL adds large integers up to a decimal."""
    return cast(func.sum(rows.c.number), BigInteger).label("number")


def is_live(model: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = model.deleted_seq.is_(None)
    return found


def deleted(model: Any) -> Select[Any]:
    """The ids of deleted records, by the index of these."""
    return select(model.id).where(model.deleted_seq.is_not(None))


def gathered(resource: Resource, filters: Any, bind: Bind) -> list[ColumnElement[bool]]:
    """The conditions of a list; what several ranges select is put together from these.

    Of alternatives of which one is of the record's own, SQLite would ask every record.
    """
    return [
        resource.model.id.in_(part.ids())
        if isinstance(part, Selection) and len(part.ranges) > 1
        else as_condition(part)
        for part in parts(resource, filters, bind)
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """Records that one range of an index leads to, or all of them, on some days or on any.

    `led` is the selection that the range belongs to.
    """

    model: Any
    filters: Any
    bind: Bind
    led: Selection | None
    days: Days | None

    @classmethod
    def of(cls, resource: Resource, filters: Any, bind: Bind) -> "Tally | None":
        """None where records have to be looked at."""
        found = parts(resource, filters, bind)[1:]  # all ask for what is not deleted
        days = next((part for part in found if isinstance(part, Days)), None)
        others = [part for part in found if part is not days]
        if not others:
            return cls(resource.model, filters, bind, None, days)
        only = others[0] if len(others) == 1 else None
        if isinstance(only, Selection) and only.is_ordered and len(only.ranges) == 1:
            return cls(resource.model, filters, bind, only, days)
        return None

    @property
    def is_narrowed(self) -> bool:
        return self.led is not None or self.days is not None

    @property
    def range(self) -> Range:
        if self.led is None:
            return Range(self.model.id, (is_live(self.model),), self.model.date_ascends, once=True)
        return self.led.ranges[0]

    def begins_within(self, day: Any) -> list[ColumnElement[bool]]:
        """A record listed on a day is of one of the days that are asked for.

        That of undated records is not; one that is of that very day is among the exceptions.
        """
        if self.days is None:
            return []
        found = [day < LAST_DAY]
        if self.filters.date_from is not None:
            found.append(day >= self.bind(first_day))
        if self.filters.date_to is not None:
            found[0] = day < self.bind(behind_last_day)
        return found

    def by_day(self) -> Select[Any]:
        """How many records are listed on each day."""
        led = self.range
        if led.owner.class_ is self.model:
            counted = led.select(led.day.label("day"), func.count().label("number"))
            return counted.where(*self.begins_within(led.day)).group_by(led.day)
        rows = led.select(led.day.label("day"), led.owner.label("id"))
        rows = rows.where(*self.begins_within(led.day), led.owner.not_in(deleted(self.model)))
        if not led.once:
            rows = each_once(self.bind.dialect, rows, led.day, led.owner)
        found = rows.subquery("found")
        return select(found.c.day, func.count().label("number")).group_by(found.c.day)

    def count(self) -> Select[Any]:
        """How many records there are."""
        by_day = self.by_day().subquery("by_day")
        few = self.exceptions(self.model.id, outside=True).subquery("few")
        rows = union_all(select(by_day.c.number), select(func.count()).select_from(few)).subquery(
            "rows"
        )
        return select(func.coalesce(total_of(rows), NO))

    def by_column(self, column: Any) -> Select[Any]:
        """How many records have each value of a column that stands in an index before the day.

        Of all records, and not of those that a filter selects.
        """
        day = unled(self.bind.dialect, self.model.date_ascends)
        counted = select(column.label("value"), func.count().label("number"))
        counted = counted.where(is_live(self.model), *self.begins_within(day)).group_by(column)
        if self.days is None:
            return counted
        few = self.exceptions(column.label("value"), outside=True).subquery("few")
        rows = union_all(
            counted, select(few.c.value, func.count()).select_from(few).group_by(few.c.value)
        ).subquery("rows")
        return select(rows.c.value, total_of(rows)).group_by(rows.c.value)

    def exceptions(self, *columns: Any, outside: bool = False) -> Any:
        """The records of which the day that they are listed on does not tell all, and the very
        few that are of the day on which undated ones are listed: columns of theirs, that `day`,
        and whether it `begins_within` those that are asked for, or only those `outside`.
        """
        model = self.model
        within = self.begins_within(model.date_ascends)
        is_within = case((and_(*within), YES), else_=NO) if within else YES
        wanted = [] if self.led is None else [self.led.asked]
        if self.days is not None:
            wanted.append(self.days.plain)
        found = select(
            *columns, model.date_ascends.label("day"), is_within.label("begins_within")
        ).where(is_live(model), *wanted)
        several = is_span(model.date_edtf, model.date_earliest, model.date_latest)
        last = and_(model.date_descends == LAST_DAY, model.date_earliest == model.date_latest)
        if outside:
            found = found.where(is_within == NO)
        # SQLite takes the index of these few for as long as any other.
        few = f"INDEXED BY ix_{model.__tablename__}_of_spans"
        spans = found.where(several).with_hint(model.__table__, few, "sqlite")
        return union_all(spans, found.where(last))


def first_day(filters: Any) -> date:
    found: date = filters.date_from.first
    return found


def behind_last_day(filters: Any) -> date:
    """Undated records are never within."""
    last: date = filters.date_to.last
    return last if last == LAST_DAY else last + timedelta(days=1)
