"""`/v1/{noun}/{reference}/revisions`: the history of every record, deleted ones included."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response

from app.database.reading import Fetch
from app.errors import RecordNotFound
from app.lane.lane import reference_or_none
from app.lane.past import aware
from app.lane.statements import Prepared, Statements
from app.queries.base import Bind, Resource
from app.queries.resources import RESOURCES
from app.queries.revisions import COLUMNS, of_record, with_the_one_before
from app.record.cards import instant
from app.record.differences import differences
from app.schemas.revisions import (
    LARGEST_NUMBER,
    DifferencesRead,
    RevisionsParameters,
    RevisionsRead,
    RevisionWithDocumentRead,
)
from app.vocabulary import Scope
from app.web.authentication import principal_of
from app.web.dependencies import StrictRoute, parameters
from app.web.nouns import COMMON, ETAG, good, reference_to
from app.web.problems import documented
from app.web.records import json, lane_of

NAMES = tuple(column.key for column in COLUMNS)
RESPONSES: dict[int | str, dict[str, Any]] = {
    **good(ETag=ETAG),
    **documented(*COMMON, "not-found"),
}

router = APIRouter(prefix="/v1", route_class=StrictRoute)


@asynccontextmanager
async def history_of(
    request: Request, resource: Resource, reference: str
) -> AsyncIterator[tuple[Fetch, str]]:
    """A view of the database, and the id of a record, which may be deleted or merged away."""
    lane = lane_of(request)
    named = reference_or_none(resource, reference)
    if named is None:
        raise RecordNotFound(resource.kind, reference)
    one = lane.statements.one(resource, named)
    async with lane.reader.snapshot() as fetch:
        rows = await fetch(one.compiled, one.values(str(named)))
        if not rows:
            raise RecordNotFound(resource.kind, reference)
        yield fetch, str(rows[0][3])


def prepared(statements: Statements, make: Callable[[Bind], Any]) -> Prepared:
    bind = Bind(statements.reader.dialect)
    return statements.prepare(make(bind), bind)


def audits(request: Request) -> bool:
    """Whether the one who asks may know who made a change."""
    principal = principal_of(request.scope)
    return principal is not None and Scope.AUDIT in principal.scopes


def shown(row: Sequence[Any], *, audited: bool) -> dict[str, Any]:
    said = dict(zip(NAMES, row, strict=False))
    said["at"] = instant(aware(said["at"]))
    if not audited:
        said["actor"] = said["request_id"] = None
    return said


def answer(request: Request, content: Any) -> Response:
    """What depends on who asks is kept by no shared cache."""
    response = json(content)
    response.headers["Vary"] = "Authorization"
    if audits(request):
        response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


async def one_and_the_one_before(
    request: Request, resource: Resource, reference: str, number: str
) -> Sequence[Any]:
    """The rows of a revision and, where there is one, of the record's revision before it."""
    statements = lane_of(request).statements
    statement = statements.keep(
        ("revisions", "one"), lambda: prepared(statements, with_the_one_before)
    )
    async with history_of(request, resource, reference) as (fetch, record_id):
        known = bool(re.fullmatch(r"[1-9][0-9]{0,15}", number)) and int(number) <= LARGEST_NUMBER
        given = {"record_id": record_id, "number": int(number) if known else 0}
        rows = await fetch(statement.compiled, statement.values(given))
    if not rows or rows[0][0] != given["number"]:
        raise RecordNotFound(f"revision of this {resource.kind}", number)
    return rows


def declare(resource: Resource) -> None:
    """The three addresses below one noun."""
    path, kind = resource.path, resource.kind
    Reference = Annotated[str, reference_to(resource)]  # noqa: N806
    Numbered = Annotated[  # noqa: N806
        str,
        Path(
            description="A revision's `seq`.",
            examples=["141"],
            json_schema_extra={"pattern": "^[1-9][0-9]{0,15}$"},
        ),
    ]

    async def list_revisions(
        request: Request,
        reference: Reference,
        asked: Annotated[RevisionsParameters, parameters(RevisionsParameters)],
    ) -> Response:
        statements, further = lane_of(request).statements, asked.before is not None
        statement = statements.keep(
            ("revisions", asked.limit, further),
            lambda: prepared(statements, partial(of_record, limit=asked.limit, further=further)),
        )
        async with history_of(request, resource, reference) as (fetch, record_id):
            given = {"record_id": record_id, "before": asked.before}
            rows = await fetch(statement.compiled, statement.values(given))
        page = rows[: asked.limit]
        following = page[-1][0] if len(rows) > len(page) else None
        audited = audits(request)
        items = [shown(row, audited=audited) for row in page]
        return answer(request, {"items": items, "next_before": following})

    async def read_revision(request: Request, reference: Reference, number: Numbered) -> Response:
        row, *_ = await one_and_the_one_before(request, resource, reference, number)
        body = None if row[-1] is None else orjson.Fragment(bytes(row[-1]))
        said = {**shown(row, audited=audits(request)), "document": body}
        return answer(request, said)

    async def compare_revision(
        request: Request, reference: Reference, number: Numbered
    ) -> Response:
        row, *earlier = await one_and_the_one_before(request, resource, reference, number)
        before, after = (
            None if body is None else orjson.loads(bytes(body))
            for body in (earlier[0][-1] if earlier else None, row[-1])
        )
        said = {
            "seq": row[0],
            "before": earlier[0][0] if earlier else None,
            "differences": differences(before, after),
        }
        return json(said)

    for address, endpoint, operation, model, summary, description in (
        (
            "",
            list_revisions,
            f"list_revisions_of_{kind}",
            RevisionsRead,
            f"Revisions of {kind.one}",
            "Every change of the record, the newest first; also of one that was deleted.",
        ),
        (
            "/{number}",
            read_revision,
            f"read_revision_of_{kind}",
            RevisionWithDocumentRead,
            f"{kind.one.capitalize()} as it was",
            "One revision, and the record as it left it, in the form of its time.",
        ),
        (
            "/{number}/diff",
            compare_revision,
            f"compare_revision_of_{kind}",
            DifferencesRead,
            f"What a revision of {kind.one} changed",
            "The differences from the record's revision before it, field by field.",
        ),
    ):
        router.add_api_route(
            f"/{path}/{{reference}}/revisions{address}",
            endpoint,
            name=operation,
            tags=[path],
            summary=summary,
            description=description,
            response_model=model,
            response_description=summary + ".",
            responses=RESPONSES,
        )


for each in RESOURCES.values():
    declare(each)
