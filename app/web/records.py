"""What ordinary routes read: one record by whatever names it, in the view that the rest is read in.

For answers that are computed from documents at request time. They start where the short lane
starts, with its statements, its deadline and its 404, 410 and 308.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from fastapi import Request, Response

from app.database.reading import Fetch
from app.errors import InvalidInput
from app.lane.computed import Listed
from app.lane.lane import Asked, Lane, links, reference_or_none
from app.lane.past import Past, find_then
from app.lane.questions import reversed_ranges
from app.queries.base import Relation, Resource
from app.schemas.filters import Parameters


class Opened(NamedTuple):
    """A record in one consistent view of the database, and the way to read on in it."""

    lane: Lane
    fetch: Fetch
    id: str
    seq: int
    document: dict[str, Any]
    past: Past | None = None
    """Where the record is read as it stood at some time."""


def lane_of(request: Request) -> Lane:
    lane: Lane = request.app.state.chancery.lane
    return lane


def asked_of(request: Request) -> Asked:
    """The address of a request as the lane takes it apart."""
    root: str = request.scope.get("root_path", "")
    path: str = request.scope["path"].removeprefix(root)
    return Asked(request.scope, root, path.removeprefix("/v1/").split("/"))


@asynccontextmanager
async def opened(
    request: Request,
    resource: Resource,
    reference: str,
    *,
    slow: bool = False,
    known_at: datetime | None = None,
) -> AsyncIterator[Opened]:
    """The record that a path names, in one statement; with `known_at` as it stood then.

    Raises `RecordNotFound`, `RecordDeleted` or `RecordMoved`. `slow` says that what follows may
    take longer than the event loop should wait.
    """
    lane = lane_of(request)
    then = known_at is not None
    async with lane.reader.snapshot(slow=slow or then, brief=not slow) as fetch:
        yield await found(request, fetch, resource, reference, known_at=known_at)


async def found(
    request: Request,
    fetch: Fetch,
    resource: Resource,
    reference: str,
    *,
    known_at: datetime | None = None,
) -> Opened:
    """One more record in a view that is open; raises what `opened` raises."""
    lane, asked = lane_of(request), asked_of(request)
    named = reference_or_none(resource, reference)
    if known_at is None:
        row = await lane.find(fetch, resource, reference, named, asked)
        return Opened(lane, fetch, str(row[3]), row[1], orjson.loads(bytes(row[5])))
    past, then = await find_then(
        fetch, lane.statements, resource, reference, named, known_at, asked.instead_of
    )
    return Opened(lane, fetch, then.id, then.seq, orjson.loads(then.body), past)


async def related(record: Opened, relation: Relation, parents: Sequence[Any]) -> list[Any]:
    """The documents that a relation leads to from others, each once and in its order, in one
    statement, as they stood when the record did.

    Also where there are no parents: so an answer takes as many statements whatever it holds.
    """
    if record.past is not None:
        rows = await record.past.related(relation, parents)
    else:
        ids = [each["id"] for each in parents]
        rows = await record.fetch(record.lane.statements.included(relation), [ids])
    bodies = {str(row[1]): bytes(row[3]) for row in rows}
    return [orjson.loads(body) for body in bodies.values()]


def json(content: Any) -> Response:
    """An answer of plain JSON values, as bytes; FastAPI need not look at it again."""
    return Response(orjson.dumps(content), media_type="application/json")


def check_ranges(filters: Parameters) -> None:
    """Raises `InvalidInput` where a range of days ends before it begins."""
    flaws = reversed_ranges(filters)
    if flaws:
        raise InvalidInput(flaws)


def page(
    request: Request, listed: Listed, item: Callable[[Sequence[Any]], Any], **more: Any
) -> Response:
    """The answer of a list, with `more` keys before it, and the links that lead through it."""
    response = json(
        {
            **more,
            "items": [item(row) for row in listed.rows],
            "next_cursor": listed.next_cursor,
            "total": listed.total,
        }
    )
    response.raw_headers.append(links(asked_of(request), listed.next_cursor))
    return response
