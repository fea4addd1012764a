"""A whole list as NDJSON: the documents of the log, a line each, a stretch after the other.

Each stretch is a page of the list, so that it takes no longer and holds no more however many
records there are. None of them is built anew: what a line has is what the log has.
"""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, select

from app.database.dialects import among
from app.database.reader import HEAD_QUERY
from app.database.reading import Compiled, Fetch
from app.lane.lane import Lane
from app.lane.questions import RENDER_VERSION, begun, check, normalised, tagged
from app.lane.statements import sort_key
from app.models import Document
from app.paging import Position, text_of, typed
from app.queries.base import Resource
from app.queries.leading import Lead
from app.queries.parameters import filters_of_export
from app.schemas.filters import ExportParameters

STRETCH = 512
"""Documents that are read at a time."""

STRETCH_OF_KEYS = 20_000
"""Hits of a search that are read at a time, as keys only: each time, all of it is searched."""

CHUNK = 2**17
"""Bytes of a chunk, but for what the last line has beyond."""

HEAD = Compiled(HEAD_QUERY, (), {})


class Head:
    """The newest revision, and the schema that the tables are in."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.seq: int = rows[0][0] if rows else 0
        self.identity = repr([*map(str, rows[0])] if rows else []).encode()


class Export:
    """What an address of an export asks for. Raises `InvalidInput` where it cannot be had."""

    def __init__(self, lane: Lane, resource: Resource, parameters: ExportParameters) -> None:
        self.lane = lane
        self.resource = resource
        self.is_searched = "q" in parameters.model_fields_set
        page = STRETCH_OF_KEYS if self.is_searched else STRETCH
        # A page reads one record more than its limit.
        self.filters = filters_of_export(resource, parameters, limit=page - 1)
        check(self.filters, resource)
        self.limit = parameters.limit
        sort: str = self.filters.sort
        said = normalised(f"{resource.path}.ndjson", parameters, {"sort"})
        self.identity = said + sort.encode()
        self.key_type = sort_key(resource, sort).type

    def tag(self, head: Head) -> bytes:
        """The same query says the same for as long as nothing is appended to the log."""
        return tagged(begun(RENDER_VERSION, self.identity), head.identity)

    async def chunks(self, fetch: Fetch) -> AsyncGenerator[bytes]:
        """All lines, in chunks of some size; none where there are no records."""
        async with aclosing(self.stretches(fetch)) as stretches:
            async for bodies in stretches:
                for chunk in chunks_of(bodies):
                    yield chunk

    async def stretches(self, fetch: Fetch) -> AsyncGenerator[Sequence[bytes]]:
        """The documents in the order of the list."""
        statements = self.lane.statements
        choices = statements.choices(self.resource, self.filters)
        lead: Lead = await self.lane.leads.choose(fetch, self.resource, self.filters, choices)
        position: Position | None = None
        left = self.limit
        while left is None or left > 0:
            page = statements.page(
                self.resource,
                self.filters,
                lead,
                further=position is not None,
                bodies=not self.is_searched,
            )
            rows = await fetch(page.compiled, page.values(self.filters, position))
            if self.is_searched:
                seqs = [row[0] for row in rows[:left]]
                for start in range(0, len(seqs), STRETCH):
                    yield await self.documents(fetch, seqs[start : start + STRETCH])
            else:
                yield [row[3] for row in rows[:left]]
            if len(rows) <= self.filters.limit:
                return
            left = None if left is None else left - len(rows)
            position = typed(text_of(rows[-1][1]), self.key_type), str(rows[-1][2])

    async def documents(self, fetch: Fetch, seqs: list[int]) -> list[bytes]:
        """The documents that some revisions published, in the order of those."""
        statements = self.lane.statements

        def make() -> Compiled:
            seq: ColumnElement[int] = Document.__table__.c.seq
            wanted = among(statements.reader.dialect, seq, "seqs", BigInteger())
            found: Any = select(seq, Document.body).where(wanted)
            return statements.reader.compile(found)

        found = dict(await fetch(statements.keep("documents", make), [seqs]))
        return [found[seq] for seq in seqs]


def chunks_of(bodies: Sequence[bytes]) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    for body in bodies:
        lines.append(body)
        size += len(body) + 1
        if size >= CHUNK:
            lines.append(b"")
            yield b"\n".join(lines)
            lines, size = [], 0
    if lines:
        lines.append(b"")
        yield b"\n".join(lines)
