"""What ordinary routes read: one record by whatever names it, in the view that the rest is read in.

For answers that are computed from documents at request time. They start where the short lane
starts, with its statements, its deadline and its 404, 410 and 308.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from fastapi import Request, Response

from app.database.reading import Fetch
from app.errors import InvalidInput
from app.lane.computed import Listed
from app.lane.lane import Asked, Lane, links, reference_or_none, reversed_ranges
from app.queries.base import Relation, Resource
from app.schemas.filters import Parameters


class Opened(NamedTuple):
    """A record in one consistent view of the database, and the way to read on in it."""

    lane: Lane
    fetch: Fetch
    id: str
    seq: int
    document: dict[str, Any]


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
    request: Request, resource: Resource, reference: str, *, slow: bool = False
) -> AsyncIterator[Opened]:
    """The record that a path names, in one statement.

    Raises `RecordNotFound`, `RecordDeleted` or `RecordMoved`. `slow` says that what follows may
    take longer than the event loop should wait.
    """
    lane = lane_of(request)
    async with lane.reader.snapshot(slow=slow) as fetch:
        yield await found(request, fetch, resource, reference)


async def found(request: Request, fetch: Fetch, resource: Resource, reference: str) -> Opened:
    """One more record in a view that is open; raises what `opened` raises."""
    lane = lane_of(request)
    named = reference_or_none(resource, reference)
    row = await lane.find(fetch, resource, reference, named, asked_of(request))
    return Opened(lane, fetch, str(row[3]), row[1], orjson.loads(bytes(row[5])))


async def related(record: Opened, relation: Relation, parents: Sequence[str]) -> list[Any]:
    """The documents that a relation leads to, each once and in its order, in one statement.

    Also where there are no parents: so an answer takes as many statements whatever it holds.
    """
    rows = await record.fetch(record.lane.statements.included(relation), [list(parents)])
    bodies = {str(row[1]): bytes(row[3]) for row in rows}
    return [orjson.loads(body) for body in bodies.values()]


def json(content: Any) -> Response:
    """An answer of plain JSON values, as bytes; FastAPI need not look at it again."""
    return Response(orjson.dumps(content), media_type="application/json")


def aware(at: datetime | str) -> datetime:
    """An instant as either driver gives it: with its zone, or as text in UTC."""
    found = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


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
