"""`/v1/changes`: all changes, for whoever keeps a copy."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response

from app.lane.past import aware
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
    `next_after`; nothing is skipped, however many write meanwhile. Asked with `If-None-Match`,
    it answers 304 as long as nothing was added.
    """
    statements = lane_of(request).statements
    form = ("changes", form_of(asked), asked.limit, asked.include)

    def make() -> Any:
        bind = Bind(statements.reader.dialect)
        return statements.prepare(changes(asked, bind), bind)

    listed = statements.keep(form, make)
    head = statements.keep(
        ("changes", "head"), lambda: statements.prepare(HEAD, Bind(statements.reader.dialect))
    )
    async with statements.reader.snapshot(slow=True) as fetch:
        rows = await fetch(listed.compiled, listed.values(asked))
        (newest,) = (await fetch(head.compiled, head.values(asked)))[0]
    end = rows[-1][0] if rows else max(asked.after, newest)
    return json({"items": [shown(row) for row in rows], "next_after": end, "limit": asked.limit})


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
