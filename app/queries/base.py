"""How a list's statement is made once for each form of its filters, and then only filled in.

A filter contributes conditions whose values are taken from the filters by small functions.
The first request of a form builds and compiles the statement and keeps those functions; every
later one only calls them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Select,
    Text,
    and_,
    bindparam,
    or_,
    select,
)

from app.database.dialects import DAYS_OF_A_LONG_SPAN, among, held, holds_all, token_query, unled
from app.folding import query_tokens
from app.models import Official, Party, Topic
from app.models.base import FIRST_DAY, Base
from app.queries.selections import (
    MOST_RANGES,
    Days,
    Many,
    Part,
    Range,
    Selection,
    Values,
    as_condition,
    hanging,
    having,
    holding,
    is_among,
)
from app.queries.survivors import survivor
from app.questions import Mark, mark, set_apart
from app.schemas.filters import CodeRef, IdRef, ListFilters, Parameters, SlugRef
from app.vocabulary import RecordKind, Term

Take = Callable[[Any], Any]
"""Takes one value out of validated filters."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Takes one value out of validated filters and the place where a cursor stands."""

    take: Callable[[Any, Any], Any]


def plain(value: Any) -> Any:
    """What a driver understands: members of closed lists and references as bare text."""
    if isinstance(value, Term):
        return value.value
    return str(value) if isinstance(value, str) else value


def member(field: str, index: int) -> Take:
    """Takes one of several alternatives."""
    return lambda filters: plain(getattr(filters, field)[index])


class Bind:
    """Hands out parameters, and remembers how the value of each is taken from the filters."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.takes: dict[str, Take | Placed] = {}

    def __call__(self, take: Take | Placed, type_: Any = None) -> BindParameter[Any]:
        name = f"p{len(self.takes)}"
        self.takes[name] = take
        return bindparam(name, type_=type_)

    def each(self, field: str, given: tuple[Any, ...], *, are_ids: bool = False) -> Values:
        """Several alternatives: one parameter for each, or for all where they are many."""
        if len(given) > MOST_APART:
            name = self(lambda filters: list(map(plain, getattr(filters, field)))).key
            type_ = None if are_ids else Text()
            return Many(lambda column: among(self.dialect, column, name, type_))
        return [self(member(field, index)) for index in range(len(given))]

    def value(self, field: str) -> BindParameter[Any]:
        return self(lambda filters: plain(getattr(filters, field)))


MOST_APART = 20
"""Of so many alternatives each is a parameter of its own; nothing may repeat more often. The
statement for two hundred took a tenth of a second to write, and there were as many statements as
numbers of alternatives.
"""


Conditions = Iterator[ColumnElement[bool]]
Parts = Iterator[Part]
Wanted = tuple[ColumnElement[bool], ...]
"""What rows that an index leads to have in common."""

Where = Callable[[Any, Bind], Parts]


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a list is ordered by. The columns hold no nulls; unknown values come last in both."""

    ascending: Any
    descending: Any
    type: type


Json = Any
Ids = Callable[[Json], Iterable[str]]
"""Takes ids out of a document."""


def own_id(document: Json) -> list[str]:
    return [document["id"]]


@dataclass(frozen=True, slots=True)
class Named:
    """The included are those whose ids stand in the document to include into."""

    ids: Ids


@dataclass(frozen=True, slots=True)
class Hanging:
    """The included are those that hang on `on`, ids in the document to include into, or on
    records of the kind `by_way_of` that do (`RevisionParent`).
    """

    on: Ids = own_id
    by_way_of: RecordKind | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Records that can be included in others.

    `parent` is the column that holds the id of the record to include into, `joins` leads from
    the included model's table to that column, and `order` is what the included are ordered by.
    `then` and `place` say the same without the tables, which know only the present: which
    documents belong to another, and by what those are ordered.
    """

    kind: RecordKind
    parent: Any
    joins: Callable[[Select[Any]], Select[Any]]
    order: tuple[Any, ...]
    then: Named | Hanging
    place: Callable[[Json], Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """A noun of the API: its address, its table, what it shows and how it is asked for."""

    kind: RecordKind
    path: str
    model: Any
    read: type[Any]
    filters: type[ListFilters]
    where: Where
    sorts: Mapping[str, SortKey]
    key: Any
    """The column that a path or filter may name instead of the id."""
    relations: Mapping[str, Relation]


@dataclass(frozen=True, slots=True)
class Computed:
    """A list that shows no documents, but rows of a statement of its own.

    A row of `page` has the sort key second and the id that the order ends in third. `written`
    names the filters whose values are written into the statement.
    """

    name: str
    page: Callable[[Any, Bind], Select[Any]]
    count: Callable[[Any, Bind], Select[Any]]
    key_types: Mapping[str, type]
    written: tuple[str, ...] = ()


def by_update(model: Any) -> SortKey:
    return SortKey(model.updated_at, model.updated_at, datetime)


def by_date(model: Any, name: str = "date") -> SortKey:
    return SortKey(getattr(model, f"{name}_ascends"), getattr(model, f"{name}_descends"), date)


def by_text(column: Any) -> SortKey:
    return SortKey(column, column, str)


def day_of(model: Any) -> Any:
    """The column by which a list is in the order of days, last in the indexes of its filters."""
    return getattr(model, "date_ascends", getattr(model, "start_ascends", None))


def holds(column: Any, field: str, filters: Any, bind: Bind) -> Parts:
    """A column of the record's own has one of the values of a filter."""
    given = getattr(filters, field)
    if given is not None:
        values: Values = bind.each(field, given) if several(given) else [bind.value(field)]
        yield holding(bind.dialect, column, field, values, day=day_of(column.class_))


def belongs(column: Any, target: type[Base], field: str, filters: Any, bind: Bind) -> Parts:
    """A column of the record's own refers to one of the records that a filter names."""
    ids = named(target, field, filters, bind)
    if ids:
        yield holding(bind.dialect, column, field, ids, day=day_of(column.class_))


def among_few(column: Any, target: type[Base], field: str, filters: Any, bind: Bind) -> Parts:
    """The same for what has few records each, whatever order an index has them in."""
    ids = named(target, field, filters, bind)
    if ids:
        yield replace(holding(bind.dialect, column, field, ids), size=FEW)


FEW = 100


def several(given: Any) -> bool:
    return type(given) is tuple


def named(target: type[Base], field: str, filters: Any, bind: Bind) -> Values:
    """The ids of the records that a filter names by id, slug or code; of none, if it is absent."""
    given = getattr(filters, field)
    if given is None:
        return []
    if several(given) and len(given) > MOST_APART:
        return many_named(target, field, bind)
    if not several(given):
        return [meant(target, given, lambda each: plain(getattr(each, field)), bind)]
    return [
        meant(target, reference, member(field, index), bind)
        for index, reference in enumerate(given)
    ]


def many_named(target: Any, field: str, bind: Bind) -> Many:
    """The same of many; no filter names many officials, who may live on in others."""

    def ids_of(filters: Any) -> list[str]:
        return [str(each) for each in getattr(filters, field) if isinstance(each, IdRef)]

    def keys_of(filters: Any) -> list[str]:
        return [str(each) for each in getattr(filters, field) if not isinstance(each, IdRef)]

    key = target.code if hasattr(target, "code") else target.slug
    ids, keys = bind(ids_of).key, bind(keys_of).key
    found = select(target.id).where(
        among(bind.dialect, target.id, ids) | among(bind.dialect, key, keys, Text())
    )
    return Many(lambda column: column.in_(found))


def linked(
    owner: Any,
    column: Any,
    target: type[Base],
    field: str,
    filters: Any,
    bind: Bind,
    *also: ColumnElement[bool],
    model: Any,
    once: bool = False,
) -> Parts:
    """A row of another table leads from the record to one of those that a filter names."""
    ids = named(target, field, filters, bind)
    if ids:
        day = owner.class_.listed_on
        if isinstance(ids, Many) or len(ids) > MOST_RANGES:
            ranges = [Range(owner, (*also, is_among(column, ids)), listed=day)]
        else:
            ranges = [Range(owner, (*also, column == each), day, once) for each in ids]
        yield hanging(model, (field,), ranges)


def alternatives(column: Any, field: str, filters: Any, bind: Bind) -> Conditions:
    """`column` holds one of the values of a comma-separated filter."""
    values = getattr(filters, field)
    if values is not None:
        yield is_among(column, bind.each(field, values))


def identified(target: Any, reference: Any, take: Take, bind: Bind) -> Any:
    """The id of the record that a reference names: itself, or one found by slug or code."""
    parameter = bind(take)
    if isinstance(reference, IdRef):
        return parameter
    model: Any = target
    key = model.code if hasattr(model, "code") else model.slug
    return select(model.id).where(key == parameter).scalar_subquery()


def meant(target: Any, reference: Any, take: Take, bind: Bind) -> Any:
    """The same for a filter, which of an official that was merged away means the survivor."""
    if target is not Official:
        return identified(target, reference, take, bind)
    return survivor(Official.id == identified(target, reference, take, bind))


def refers(column: Any, target: type[Base], field: str, filters: Any, bind: Bind) -> Conditions:
    """`column` refers to the record that a filter names by id, slug or code."""
    reference = getattr(filters, field)
    if reference is not None:
        yield column == meant(target, reference, lambda each: plain(getattr(each, field)), bind)


def refers_to_any(
    column: Any, target: type[Base], field: str, filters: Any, bind: Bind
) -> Conditions:
    """`column` refers to one of the records that a comma-separated filter names."""
    ids = named(target, field, filters, bind)
    if ids:
        yield is_among(column, ids)


def parties_or_officials(
    party: Any, official: Any, field: str, filters: Any, bind: Bind
) -> list[Wanted]:
    """Either column refers to what a filter names: a party by code, an official by slug."""
    reference = getattr(filters, field)

    def take(each: Any) -> Any:
        return plain(getattr(each, field))

    found: list[Wanted] = []
    if reference is not None and not isinstance(reference, SlugRef):
        found.append((party == meant(Party, reference, take, bind),))
    if reference is not None and not isinstance(reference, CodeRef):
        found.append((official == meant(Official, reference, take, bind),))
    return found


def voices(party: Any, official: Any, field: str, filters: Any, bind: Bind) -> list[Wanted]:
    """Who speaks, or is spoken to, is what a filter names: an official, or a party as such.

    What an official says for a party is not what the party as such says.
    """
    found = parties_or_officials(party, official, field, filters, bind)
    reference = getattr(filters, field)
    if reference is not None and not isinstance(reference, SlugRef):
        found[0] = (*found[0], official.is_(None))
    return found


def topics_of(owner: Any, model: Any, filters: Any, bind: Bind) -> Parts:
    """The record has one of the topics."""
    column = owner.class_.topic_id
    yield from linked(owner, column, Topic, "topic", filters, bind, model=model, once=True)


def on_days(model: Any, filters: Any, bind: Bind) -> Parts:
    """The days that the record may fall on overlap the range; an undated record has none."""
    conditions = list(between_days(model, filters, bind))
    if conditions:
        yield Days(and_(*conditions))


def between_days(model: Any, filters: Any, bind: Bind, name: str = "date") -> Conditions:
    """The days that the record may fall on overlap the range; an undated record has none."""
    earliest, latest = getattr(model, f"{name}_earliest"), getattr(model, f"{name}_latest")
    edtf = getattr(model, f"{name}_edtf")
    if filters.date_from is not None:
        start = bind(lambda each: each.date_from.first)
        yield or_(latest >= start, latest.is_(None) & edtf.is_not(None))
    if filters.date_to is not None:
        end = bind(lambda each: each.date_to.last)
        yield or_(earliest <= end, earliest.is_(None) & edtf.is_not(None))


def reach(first: date) -> date:
    """Where spans that are not long begin, if they reach a day."""
    longest = timedelta(days=DAYS_OF_A_LONG_SPAN)
    return first - longest if first - FIRST_DAY > longest else FIRST_DAY


def ways_to_hold_on(model: Any, start: str, end: str, day: Any) -> list[ColumnElement[bool]]:
    """The same as two ranges of an index: of known starts, and of unknown ones."""
    begins, ends = getattr(model, f"{start}_earliest"), getattr(model, f"{end}_latest")
    lasts = or_(ends >= day, ends.is_(None))
    return [and_(begins <= day, lasts), and_(begins.is_(None), lasts)]


def may_hold_on(model: Any, start: str, end: str, day: Any) -> ColumnElement[bool]:
    """A span from one uncertain date to another may cover a day; unknown ends are open."""
    begins, ends = getattr(model, f"{start}_earliest"), getattr(model, f"{end}_latest")
    return or_(begins <= day, begins.is_(None)) & or_(ends >= day, ends.is_(None))


def common(resource: Resource, filters: ListFilters, bind: Bind) -> Parts:
    """What every list takes."""
    model = resource.model
    yield model.deleted_seq.is_(None)
    if filters.id is not None:
        ids = bind.each("id", filters.id, are_ids=True)
        these: Any = is_among(model.id, ids)
        only = Range(model.id, (these,), once=True)
        asked: Any = is_among(unled(bind.dialect, model.id), ids)
        yield Selection(("id",), (only,), asked, these, size=FEW)
    if filters.updated_since is not None:
        since = bind.value("updated_since")
        later: Any = model.updated_at >= since
        live = model.deleted_seq.is_(None)
        only = Range(model.id, (live, later), once=True, listed=day_of(model))
        asked = unled(bind.dialect, model.updated_at) >= since
        yield Selection((UPDATED_SINCE,), (only,), asked, later)
    if filters.q is not None:
        dialect = bind.dialect
        kind = resource.kind.value
        own = set_apart(mark(Mark.TYPE, kind))
        name = bind(lambda each: token_query(dialect, query_tokens(each.q), own)).key
        if dialect.name == "postgresql":
            yield holds_all(model.id, kind, name)
        else:
            yield having(model, held(model.id, name))


UPDATED_SINCE = "updated_since"


def parts(resource: Resource, filters: ListFilters, bind: Bind) -> list[Part]:
    """All that a list's records have in common."""
    return [*common(resource, filters, bind), *resource.where(filters, bind)]


def conditions(resource: Resource, filters: ListFilters, bind: Bind) -> list[ColumnElement[bool]]:
    """The same where the way is left to the database."""
    return [as_condition(part) for part in parts(resource, filters, bind)]


PRESENTATION = {"limit", "cursor", "count", "sort", "fields", "include", "lang"}
"""Parameters that select no rows: a cursor and a count survive a change of them."""


def form_of(filters: Parameters) -> tuple[Any, ...]:
    """What a statement's form depends on: the filters present, how many values, of what sort."""
    form: list[Any] = []
    for name in sorted(filters.model_fields_set - PRESENTATION):
        value = getattr(filters, name)
        form.append(name)
        if type(value) is tuple:
            form.append(tuple(map(type, value)) if len(value) <= MOST_APART else Many)
        else:
            form.append(type(value))
    return tuple(form)
