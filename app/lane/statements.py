"""The statements of hot reads: made by SQLAlchemy once for each form, then kept.

A page is one statement: keys, order and bodies together. A form is what the shape of the SQL
depends on; the limit is part of it, because PostgreSQL plans a literal limit far better than
a bound one.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal_column, select

from app.database.dialects import among
from app.database.reading import Compiled, Reader
from app.lane.leads import Choice, choices
from app.models import Document
from app.paging import Position
from app.queries.base import (
    Bind,
    Placed,
    Relation,
    Resource,
    SortKey,
    Take,
    form_of,
)
from app.queries.leading import Lead
from app.queries.pages import Page
from app.queries.resources import BY_KIND
from app.queries.stats import GROUPINGS, Grouping
from app.queries.tallies import Tally, gathered
from app.schemas.filters import IdRef, ListFilters, Reference

MOST_FORMS = 2_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compiled statement with the functions that take its values from the filters."""

    compiled: Compiled
    takes: tuple[Take | Placed, ...]

    def values(self, filters: Any, position: Position | None = None) -> list[Any]:
        """The values in the statement's order; `position` is where a cursor stands."""
        return [
            take.take(filters, position) if isinstance(take, Placed) else take(filters)
            for take in self.takes
        ]


class Statements:
    """Every statement of the lane for one database, by form."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.kept: OrderedDict[Any, Any] = OrderedDict()

    def keep(self, form: Any, make: Callable[[], Any]) -> Any:
        """The statement of this form; the forms used least recently are dropped."""
        found = self.kept.get(form)
        if found is None:
            found = self.kept[form] = make()
            if len(self.kept) > MOST_FORMS:
                self.kept.popitem(last=False)
        else:
            with suppress(KeyError):  # another thread has just dropped it
                self.kept.move_to_end(form)
        return found

    def choices(self, resource: Resource, filters: ListFilters) -> list[Choice]:
        """By which filters a page can be led."""

        def make() -> list[Choice]:
            return choices(resource, filters, Bind(self.reader.dialect), self.prepare)

        return self.keep((resource.path, form_of(filters), "choices"), make)  # type: ignore[no-any-return]

    def page(
        self,
        resource: Resource,
        filters: ListFilters,
        lead: Lead,
        *,
        further: bool,
        bodies: bool,
        whole: bool = True,
    ) -> Prepared:
        """Rows of seq, sort key, id and, with `bodies`, the document; one more than the limit.

        Where it is not to be `whole`, rows may have the seq alone.
        """
        sort: str = filters.sort  # type: ignore[attr-defined]
        form = (resource.path, form_of(filters), lead, sort, filters.limit, further, bodies, whole)

        def make() -> Prepared:
            bind = Bind(self.reader.dialect)
            key = sort_key(resource, sort)
            page = Page(resource, filters, bind, lead, key=key, further=further)
            return self.prepare(page.select(bodies=bodies, whole=whole), bind)

        return self.keep(form, make)  # type: ignore[no-any-return]

    def count(self, resource: Resource, filters: ListFilters) -> Prepared:
        """The number of records that the filters select."""

        def make() -> Prepared:
            bind = Bind(self.reader.dialect)
            # What is counted by its days has the indexes for it.
            is_counted = resource.path in GROUPINGS
            tally = Tally.of(resource, filters, bind) if is_counted else None
            if tally is not None and tally.is_narrowed:
                return self.prepare(tally.count(), bind)
            statement = (
                select(func.count())
                .select_from(resource.model)
                .where(*gathered(resource, filters, bind))
            )
            return self.prepare(statement, bind)

        return self.keep((resource.path, form_of(filters), "count"), make)  # type: ignore[no-any-return]

    def counts(self, resource: Resource, grouping: Grouping, filters: ListFilters) -> Prepared:
        """The rows of one way to group what the filters select."""

        def make() -> Prepared:
            bind = Bind(self.reader.dialect)
            return self.prepare(grouping.select(resource, filters, bind), bind)

        return self.keep((resource.path, form_of(filters), grouping), make)  # type: ignore[no-any-return]

    def prepare(self, statement: Any, bind: Bind) -> Prepared:
        compiled = self.reader.compile(statement)
        constants = {name: constant(value) for name, value in compiled.constants.items()}
        takes = constants | bind.takes
        return Prepared(compiled, tuple(takes[name] for name in compiled.names))

    def one(self, resource: Resource, reference: Reference) -> Prepared:
        """One record by id, or by slug or code: rev, seq, deleting seq, id, survivor, document.

        The document is null where the record is deleted.
        """

        def make() -> Prepared:
            model, bind = resource.model, Bind(self.reader.dialect)
            survivor: Any = getattr(model, "merged_into_id", literal_column("NULL"))
            statement = (
                select(model.rev, model.seq, model.deleted_seq, model.id, survivor, Document.body)
                .outerjoin(Document, Document.seq == model.seq)
                .where((model.id if isinstance(reference, IdRef) else resource.key) == bind(str))
            )
            return self.prepare(statement, bind)

        return self.keep((resource.path, type(reference)), make)  # type: ignore[no-any-return]

    def included(self, relation: Relation) -> Compiled:
        """What belongs to several parents: parent's id, own id, seq and document."""

        def make() -> Compiled:
            resource = BY_KIND[relation.kind]
            model = resource.model
            statement = relation.joins(
                select(relation.parent, model.id, model.seq, Document.body)
                .select_from(model)
                .join(Document, Document.seq == model.seq)
            ).where(
                model.deleted_seq.is_(None),
                among(self.reader.dialect, relation.parent, "parents"),
            )
            return self.reader.compile(statement.order_by(*relation.order))

        return self.keep(id(relation), make)  # type: ignore[no-any-return]


def constant(value: Any) -> Take:
    return lambda _: value


def sort_key(resource: Resource, sort: str) -> SortKey:
    return resource.sorts[sort.removeprefix("-")]
