"""What one filter selects: a condition on records, and the ranges of indexes that lead to them.

A list with several filters goes along the ranges of one of them, the rarest, and asks the others
of each record that it comes by. Which one that is gets decided in `app.lane.leads`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql import operators

from app.database.dialects import Held, unled

MOST_RANGES = 8
"""The alternatives of a filter have ranges of their own up to this number, and one together
beyond it.
"""

ASKED_AS_SOON = 5
"""As many hits of some words are read sooner than one record is asked for them."""


@dataclass(frozen=True, slots=True)
class Range:
    """Rows that an index leads to, and each of which leads to a record.

    `owner` is the column with the record's id; `day` the one that follows in the index, which has
    the record's `date_ascends`, or None where the rows come in no order; then `listed` is the one
    that has it all the same, if one has. `once` says that no record comes twice. `through` are the
    joins with what `wanted` speaks of.
    """

    owner: Any
    wanted: Sequence[ColumnElement[bool]]
    day: Any = None
    once: bool = False
    through: Sequence[tuple[Any, ColumnElement[bool]]] = ()
    listed: Any = None

    @property
    def told(self) -> Any:
        """The column that tells on what day the record is listed, if one does."""
        return self.listed if self.day is None else self.day

    def select(self, *columns: Any) -> Select[Any]:
        statement = select(*columns).select_from(self.owner.class_)
        for target, condition in self.through:
            statement = statement.join(target, condition)
        return statement.where(*self.wanted)

    def leads_to(self, model: Any) -> ColumnElement[bool]:
        """Whether one of the rows leads to the record at hand."""
        if self.day is not None:
            return self.leads_to_what_is_listed(model, model.date_ascends, model.id)
        found: Select[Any] = select(literal_column("1")).select_from(self.owner.class_)
        for target, condition in self.through:
            found = found.join(target, condition)
        # So that no index leads the way but the one by record.
        found = found.where(*map(aside, self.wanted))
        return exists(found.where(self.owner == model.id).correlate(model))

    def leads_to_what_is_listed(
        self, there: Any, day: Any, record_id: Any, owner: Any = None
    ) -> ColumnElement[bool]:
        """The same for a record of which only the day and the id are known, columns of what is
        `there`. In the words of the index: the day stands in it before the record.
        """
        return exists(self.what_is_listed(there, day, record_id, owner))

    def what_is_listed(
        self, there: Any, day: Any, record_id: Any, owner: Any = None
    ) -> Select[Any]:
        """The rows that lead to such a record."""
        owner = self.owner if owner is None else owner
        found = self.select(literal_column("1")).where(self.day == day, owner == record_id)
        return found.correlate(there)


def aside(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that leads along no index; what is asked of nulls says which index is meant."""
    of_nulls = getattr(wanted, "operator", None) in (operators.is_, operators.is_not)
    return wanted if of_nulls else wanted.is_(true())


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that a filter selects.

    `fields` are the parameters that its values come from, and `index` says which of the values
    of a repeated one. `asked` is the condition to ask of a record at hand, and `plain` the one
    that leaves the way to the database. `size` is about how many there are, where those are always
    few: then nothing is counted. `column` is the record's own that has the values, if one has.
    The ranges of what is `loose` lead to others besides, so that each of them is to be asked.
    """

    fields: tuple[str, ...]
    ranges: tuple[Range, ...]
    asked: ColumnElement[bool]
    plain: ColumnElement[bool]
    index: int | None = None
    size: int | None = None
    column: Any = None
    loose: bool = False

    @property
    def is_ordered(self) -> bool:
        """Whether the records can be had in the order of their days."""
        return all(each.day is not None for each in self.ranges)

    @property
    def is_dated(self) -> bool:
        """Whether all that leads to the records tells their days."""
        return all(each.told is not None for each in self.ranges)

    @property
    def can_be_asked_on_the_way(self) -> bool:
        """Whether a day and an id say enough of a record, so that it need not be looked at."""
        return self.is_ordered

    def asked_on_the_way(self, dialect: Dialect, way: Any, day: Any) -> ColumnElement[bool]:
        """What to ask of a record's `id`, a column of the way, and the day that it is listed on.

        One range is asked as a join. Of several none must be asked by the id alone, by which the
        record itself would be looked up.
        """
        several = len(self.ranges) > 1
        return or_(
            *(
                each.leads_to_what_is_listed(
                    way, day, way.c.id, unled(dialect, each.owner) if several else each.owner
                )
                for each in self.ranges
            )
        )

    def passed_by(self, way: Any, day: Any, name: str) -> Any:
        """The same as something that PostgreSQL has to look for beside each row of the way."""
        looks = [each.what_is_listed(way, day, way.c.id) for each in self.ranges]
        one = (
            looks[0]
            if len(looks) == 1
            else select(literal_column("1")).where(or_(*map(exists, looks)))
        )
        return one.limit(literal_column("1")).lateral(name)

    def ids(self, of_day: Callable[[Any], ColumnElement[bool]] | None = None) -> Any:
        """The ids of all records that it selects, or of those of some day; some more than once."""
        found = [
            each.select(each.owner).where(*([] if of_day is None else [of_day(each)]))
            for each in self.ranges
        ]
        return found[0] if len(found) == 1 else union_all(*found)

    def count(self, most: int) -> Select[Any]:
        """How many rows its ranges have; no more than `most` are counted in each."""
        counted = [
            select(func.count())
            .select_from(
                each.select(each.owner.label("id")).limit(literal_column(str(most))).subquery()
            )
            .scalar_subquery()
            for each in self.ranges
        ]
        return select(sum(counted[1:], counted[0]))


@dataclass(frozen=True, slots=True)
class Words(Selection):
    """The records whose text holds some words, which come in no order."""

    found: Held = field(kw_only=True)

    @property
    def is_ordered(self) -> bool:
        return False

    @property
    def is_dated(self) -> bool:
        return False

    def ids(self, of_day: Callable[[Any], ColumnElement[bool]] | None = None) -> Any:
        return self.found.ids

    def count(self, most: int) -> Select[Any]:
        """As many rows of another filter as take as long to ask: to look into the text of a record
        at hand takes longer than to find that of many together.
        """
        limit: ColumnElement[int] = literal_column(str(most * ASKED_AS_SOON))
        some = self.found.numbers.limit(limit).subquery()
        return select(func.count() // literal_column(str(ASKED_AS_SOON))).select_from(some)


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days that a record may fall on, as a condition; either end may be open."""

    plain: ColumnElement[bool]


Part = Selection | Days | ColumnElement[bool]


def as_condition(part: Part) -> ColumnElement[bool]:
    """Leaving the way to the database."""
    return part.plain if isinstance(part, Selection | Days) else part


def hanging(
    model: Any, fields: Sequence[str], ranges: Iterable[Range], index: int | None = None
) -> Selection:
    """Records that rows of other tables hang on."""
    found = tuple(ranges)
    asked = or_(*(each.leads_to(model) for each in found))
    plain = or_(*(model.id.in_(each.select(each.owner)) for each in found))
    return Selection(tuple(fields), found, asked, plain, index)


def having(model: Any, found: Held) -> Selection:
    """Records whose text holds all words of `q`."""
    return Words(("q",), (), found.asked, model.id.in_(found.ids), found=found)


def holding(
    dialect: Dialect, column: Any, field: str, values: "Values", *, day: Any = None
) -> Selection:
    """Records that have one of some values in a column of their own."""
    owner = column.class_.id
    live = column.class_.deleted_seq.is_(None)
    if isinstance(values, Many) or len(values) > MOST_RANGES:
        wanted = (live, is_among(column, values))
        ranges: tuple[Range, ...] = (Range(owner, wanted, once=True, listed=day),)
    else:
        ranges = tuple(Range(owner, (live, column == value), day, once=True) for value in values)
    asked = is_among(unled(dialect, column), values)
    return Selection((field,), ranges, asked, is_among(column, values), column=column)


class Many:
    """Values that travel as one parameter, in a statement that is the same for any number."""

    def __init__(self, holds: Callable[[Any], ColumnElement[bool]]) -> None:
        self.holds = holds
        """Says of a column that it has one of them."""


Values = Sequence[Any] | Many


def is_among(column: Any, values: Values) -> ColumnElement[bool]:
    """A column has one of some values."""
    if isinstance(values, Many):
        return values.holds(column)
    found: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found
