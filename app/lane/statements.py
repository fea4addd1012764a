"""The statements of hot reads: made by SQLAlchemy once for each form, then kept.

A page is one statement: keys, order and bodies together. A form is what the shape of the SQL
depends on; the limit is part of it, because PostgreSQL plans a literal limit far better than
a bound one.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select, tuple_

from app.database.dialects import among
from app.database.reading import Compiled, Reader
from app.models import Document
from app.paging import Position
from app.queries.base import Bind, Relation, Resource, SortKey, Take, common, form_of
from app.queries.resources import BY_KIND
from app.queries.stats import Grouping
from app.schemas.filters import IdRef, ListFilters, Reference

MOST_FORMS = 2_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compiled statement with the functions that take its values from the filters."""

    compiled: Compiled
    takes: tuple[Take | None, ...]

    def values(self, filters: Any, position: Position | None = None) -> list[Any]:
        """The values in the statement's order; those of a cursor's position come last."""
        rest = iter(position or ())
        return [next(rest) if take is None else take(filters) for take in self.takes]


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
            self.kept.move_to_end(form)
        return found

    def page(
        self, resource: Resource, filters: ListFilters, *, further: bool, bodies: bool
    ) -> Prepared:
        """Rows of seq, sort key, id and, with `bodies`, the document; one more than the limit."""
        sort = filters.sort  # type: ignore[attr-defined]
        form = (resource.path, form_of(filters), sort, filters.limit, further, bodies)
        return self.keep(  # type: ignore[no-any-return]
            form, lambda: self.make_page(resource, filters, further=further, bodies=bodies)
        )

    def make_page(
        self, resource: Resource, filters: Any, *, further: bool, bodies: bool
    ) -> Prepared:
        model, bind = resource.model, Bind(self.reader.dialect)
        descending = filters.sort.startswith("-")
        key = sort_key(resource, filters.sort)
        column = key.descending if descending else key.ascending
        statement = select(model.seq, column.label("sort_key"), model.id)
        statement = statement.where(*common(resource, filters, bind))
        statement = statement.where(*resource.where(filters, bind))
        if further:
            after = tuple_(bindparam("after_key", type_=column.type), bindparam("after_id"))
            here = tuple_(column, model.id)
            statement = statement.where(here < after if descending else here > after)
        order = (column.desc(), model.id.desc()) if descending else (column, model.id)
        statement = statement.order_by(*order).limit(literal_column(str(filters.limit + 1)))
        return self.prepare(
            with_bodies(statement, descending=descending) if bodies else statement, bind
        )

    def count(self, resource: Resource, filters: ListFilters) -> Prepared:
        """The number of records that the filters select."""

        def make() -> Prepared:
            bind = Bind(self.reader.dialect)
            statement = (
                select(func.count())
                .select_from(resource.model)
                .where(*common(resource, filters, bind))
                .where(*resource.where(filters, bind))
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
        return Prepared(compiled, tuple(takes.get(name) for name in compiled.names))

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


def with_bodies(keys: Select[Any], *, descending: bool) -> Select[Any]:
    """The rows of a page of keys, each with its document, in the same order.

    The page is found first: where no index gives the order, rows are sorted without documents.
    """
    page = keys.subquery("page")
    order = (page.c.sort_key, page.c.id)
    return (
        select(page.c.seq, page.c.sort_key, page.c.id, Document.body)
        .join(Document, Document.seq == page.c.seq)
        .order_by(*((each.desc() for each in order) if descending else order))
    )


def constant(value: Any) -> Take:
    return lambda _: value


def sort_key(resource: Resource, sort: str) -> SortKey:
    return resource.sorts[sort.removeprefix("-")]
