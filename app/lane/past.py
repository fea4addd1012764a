"""Single records as they stood at some time, what is included in them, and their names.

Found from the log alone (`app.queries.past`), and slower than the present: children are put in
order by their documents, and old shapes are brought to the present one.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import orjson

from app.database.reading import Compiled, Fetch
from app.errors import DocumentRedacted, NotYetRecorded, RecordDeleted, RecordMoved, RecordNotFound
from app.lane.includes import Found
from app.lane.statements import Prepared, Statements
from app.lane.views import speaks
from app.queries import past as queries
from app.queries.base import Bind, Named, Relation, Resource
from app.queries.resources import BY_KIND
from app.record.cards import instant
from app.record.upcasting import upcast_body
from app.schemas.filters import Reference
from app.vocabulary import Operation, RecordKind

Json = Any


class Then(NamedTuple):
    """A record at an instant, in the present shape; `as_published` where its bytes are those of
    the revision.
    """

    id: str
    rev: int
    seq: int
    body: bytes
    as_published: bool


class Asking(NamedTuple):
    """What the statement of one record is filled from."""

    reference: str
    known_at: datetime


class Past:
    """The record as it stood after revision `head`, in one view of the database."""

    def __init__(self, fetch: Fetch, statements: Statements, head: int) -> None:
        self.fetch = fetch
        self.statements = statements
        self.head = head

    async def related_to(self, relation: Relation, found: Sequence[Found]) -> list[Any]:
        """What `app.lane.includes` asks for."""
        return await self.related(relation, [orjson.loads(each.body) for each in found])

    async def related(self, relation: Relation, parents: Sequence[Json]) -> list[Any]:
        """Rows of the parent's id, own id, seq and document, in the relation's order, in one
        statement. `parents` are documents in the present shape.
        """
        how = relation.then
        ids = how.ids if isinstance(how, Named) else how.on
        wanted = {each["id"]: dict.fromkeys(ids(each)) for each in parents}
        asked = sorted({each for some in wanted.values() for each in some})
        by_key: dict[str, list[tuple[Any, str, int, bytes]]] = {each: [] for each in asked}
        for key, record_id, seq, shape, body in await self.rows(relation, asked):
            shown = upcast_body(relation.kind, shape, bytes(body))
            place = relation.place(orjson.loads(shown))
            by_key[str(key)].append((place, str(record_id), seq, shown))
        found = [
            (*row, parent)
            for parent, keys in wanted.items()
            for key in keys
            for row in by_key[key]
            if row[1] != parent
        ]
        return [(parent, *row) for _, *row, parent in sorted(found)]

    async def rows(self, relation: Relation, ids: Sequence[str]) -> list[Any]:
        """Rows of the id by which a record was found, own id, seq, shape and document."""
        how = relation.then
        dialect = self.statements.reader.dialect
        if isinstance(how, Named):
            rows = await self.ask(
                ("past", relation.kind),
                partial(queries.by_id, BY_KIND[relation.kind], dialect),
                ids=ids,
            )
            return [(row[0], *row) for row in rows]
        return await self.ask(
            ("past", relation.kind, how.by_way_of),
            partial(queries.hanging, relation.kind, how, dialect),
            ids=ids,
        )

    async def names(self, ids: Sequence[str], lang: str) -> list[Sequence[Any]]:
        """What `app.lane.views` asks for, by the documents of officials and parties."""
        found: list[Sequence[Any]] = []
        dialect = self.statements.reader.dialect
        for kind in (RecordKind.OFFICIAL, RecordKind.PARTY):
            rows = await self.ask(
                ("past", kind, "names"),
                partial(queries.by_id, BY_KIND[kind], dialect, last_words=True),
                ids=ids,
            )
            for record_id, _, _, body in rows:
                found += [
                    (record_id, name["name"], name["kind"], name["language"])
                    for name in orjson.loads(bytes(body))["names"]
                    if speaks(name["language"], lang)
                ]
        return found

    async def ask(self, form: Any, make: Callable[[], Any], **given: Any) -> list[Any]:
        """The rows of a statement that takes `head` and what is given, by name."""
        compiled: Compiled = self.statements.keep(
            form, lambda: self.statements.reader.compile(make())
        )
        values = {"head": self.head, **given}
        return await self.fetch(compiled, [values[name] for name in compiled.names])


async def find_then(
    fetch: Fetch,
    statements: Statements,
    resource: Resource,
    text: str,
    named: Reference | None,
    known_at: datetime,
    instead_of: Callable[[str], str],
) -> tuple[Past, Then]:
    """One record as it stood at an instant, and the way to read on at that instant.

    `text` is the reference as it was sent, `named` what it was understood as, and `instead_of`
    makes the address of another record. Raises `RecordNotFound` where there is none or was none
    yet, `RecordDeleted` or `RecordMoved` where it was deleted or merged away then.
    """
    kind = resource.kind
    if named is None:
        raise RecordNotFound(kind, text)
    statement: Prepared = statements.keep(
        ("past", resource.path, type(named)), lambda: make_one_then(statements, resource, named)
    )
    rows = await fetch(statement.compiled, statement.values(Asking(str(named), known_at)))
    if not rows:
        raise RecordNotFound(kind, text)
    record_id, head, since, rev, seq, operation, parents, shape, body = rows[0]
    if seq is None:
        raise NotYetRecorded(kind, text, str(instant(known_at)), str(instant(aware(since))))
    if operation == Operation.MERGE:
        said = orjson.loads(parents) if isinstance(parents, str) else parents
        raise RecordMoved(kind, text, instead_of(str(said[0][1])))
    if operation == Operation.DELETE:
        raise RecordDeleted(kind, text, seq)
    if body is None:
        raise DocumentRedacted(kind, text, seq)
    published = bytes(body)
    shown = upcast_body(kind, shape, published)
    then = Then(str(record_id), rev, seq, shown, as_published=shown is published)
    return Past(fetch, statements, head), then


def make_one_then(statements: Statements, resource: Resource, reference: Reference) -> Prepared:
    bind = Bind(statements.reader.dialect)
    return statements.prepare(queries.one_then(resource, reference, bind), bind)


def aware(at: datetime | str) -> datetime:
    """An instant as either driver gives it: with its zone, or as text in UTC."""
    found = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
