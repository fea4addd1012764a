"""`/v1/changes`: all changes, for whoever keeps a copy."""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response

from app.lane.past import aware
from app.lane.statements import Statements
from app.lane.waiting import Waiters
from app.queries.base import Bind, form_of
from app.queries.changes import HEAD, changes
from app.record.cards import instant
from app.schemas.changes import ChangesParameters, ChangesRead
from app.web.dependencies import StrictRoute, parameters
from app.web.nouns import COMMON, ETAG, good
from app.web.problems import documented
from app.web.records import json, lane_of

router = APIRouter(prefix="/v1/changes", route_class=StrictRoute, tags=["changes"])


@router.get(
    "",
    summary="Changes",
    response_model=ChangesRead,
    response_description="Changes in the order in which they were made.",
    responses={**good(ETag=ETAG), **documented(*COMMON)},
)
async def list_changes(
    request: Request, asked: Annotated[ChangesParameters, parameters(ChangesParameters)]
) -> Response:
    """Every change of every record, deletions and mergers included, which stay in it for ever.
    To keep a copy: read from `after=0` with `include=document`, and go on with `after` set to
    `next_after`; nothing is skipped, however many write meanwhile. With `wait=30` the answer
    comes when there is something new, so that asking again and again costs nothing. Asked with
    `If-None-Match`, it answers 304 as long as nothing was added.
    """
    statements = lane_of(request).statements
    rows, newest = await look(statements, asked)
    if asked.wait and not rows:
        rows, newest = await look_again(request, asked, newest)
    end = rows[-1][0] if rows else max(asked.after, newest)
    return json({"items": [shown(row) for row in rows], "next_after": end, "limit": asked.limit})


async def look(statements: Statements, asked: ChangesParameters) -> tuple[list[Any], int]:
    """The changes asked for, and the newest of all, in one view of the database."""
    form = ("changes", form_of(asked), asked.limit, asked.include)

    def make() -> Any:
        bind = Bind(statements.reader.dialect)
        return statements.prepare(changes(asked, bind), bind)

    listed = statements.keep(form, make)
    head = statements.keep(
        ("changes", "head"), lambda: statements.prepare(HEAD, Bind(statements.reader.dialect))
    )
    async with statements.reader.snapshot(slow=True, brief=True) as fetch:
        rows = await fetch(listed.compiled, listed.values(asked))
        (newest,) = (await fetch(head.compiled, head.values(asked)))[0]
    return rows, newest


async def look_again(
    request: Request, asked: ChangesParameters, newest: int
) -> tuple[list[Any], int]:
    """Look whenever the log has grown, until there is something or the time is over.

    Also when the server stops, or when the client is gone and nobody hears the answer. Raises
    `TooManyWaiting`.
    """
    waiters: Waiters = request.app.state.chancery.waiters
    statements = lane_of(request).statements
    loop = asyncio.get_running_loop()
    end = loop.time() + asked.wait
    rows: list[Any] = []
    gone = loop.create_task(disconnection(request))
    try:
        while not (rows or gone.done() or waiters.ended) and (left := end - loop.time()) > 0:
            seen = max(asked.after, newest)
            with waiters.place(beyond=seen) as moved:
                await asyncio.wait({moved, gone}, timeout=left, return_when=FIRST_COMPLETED)
                if not moved.done():
                    break
                moved.result()
            rows, newest = await look(statements, asked.model_copy(update={"after": seen}))
    finally:
        gone.cancel()
    return rows, newest


async def disconnection(request: Request) -> None:
    """Returns when the client has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def shown(row: Sequence[Any]) -> dict[str, Any]:
    seq, kind, record_id, operation, rev, at, cause, *document = row
    said = {
        "seq": seq,
        "type": kind,
        "id": str(record_id),
        "operation": operation,
        "rev": rev,
        "at": instant(aware(at)),
        "cause": cause,
    }
    if document:
        said["document"] = None if document[0] is None else orjson.Fragment(bytes(document[0]))
    return said
