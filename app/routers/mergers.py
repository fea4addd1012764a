"""`/v1/officials/{reference}/merge` and `…/unmerge`."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.editing import merging
from app.errors import Flaw, InvalidInput, RecordNotFound
from app.queries.officials import OFFICIALS
from app.schemas.merges import MergeCreate
from app.web.dependencies import StrictRoute
from app.web.described import record_path
from app.web.edits import body_of, editing_of, named, no_body_of
from app.web.nouns import SHOWN
from app.web.preconditions import precondition
from app.web.problems import documented
from app.web.writes import (
    HEADERS,
    IF_MATCH_IF_ANY,
    WRITING,
    Asked,
    Deleter,
    answers,
    body,
)

router = APIRouter(prefix="/v1/officials", route_class=StrictRoute, tags=["officials"])

Reference = Annotated[str, record_path("An id or a slug.", "qin-gang")]
EXTRA: dict[str, Any] = {"parameters": [IF_MATCH_IF_ANY, *HEADERS]}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **answers(200, OFFICIALS),
    **documented(*WRITING, "precondition-failed", "not-found", "gone"),
}


@router.post(
    "/{reference}/merge",
    name="merge_official",
    summary="Merge an official into another",
    response_model=SHOWN["officials"],
    response_description="The official that stays.",
    responses=RESPONSES,
    openapi_extra={
        **EXTRA,
        "requestBody": body(MergeCreate.__name__, example={"into": "wang-yi"}),
    },
)
async def merge(
    request: Request, reference: Reference, asked: Asked, principal: Deleter
) -> Response:
    """For two records of one person. Every reference to the one goes to the other, whose meetings
    and statements are then found together; asked for the one, the server answers 308. Undone by
    `unmerge`, exactly. Where a meeting has both of them, 409 names it.
    """
    condition = precondition(request.scope, required=False)
    sent, value = await body_of(request)
    into = survivor_in(value)
    name = named(OFFICIALS, reference)
    return await editing_of(request).run(
        request,
        principal,
        lambda session, change: merging.merge(session, name, into, change, condition),
        body=sent,
        dry_run=asked.dry_run,
    )


def survivor_in(value: Any) -> str:
    """Whom a body names. Raises `InvalidInput`."""
    if not isinstance(value, dict):
        raise InvalidInput([Flaw("/", "expected an object")])
    flaws = [
        Flaw(f"/{field}", "is not a field of this", ("into",)) for field in value if field != "into"
    ]
    into = value.get("into")
    if "into" not in value:
        flaws.append(Flaw("/into", "is required"))
    elif not isinstance(into, str):
        flaws.append(Flaw("/into", "expected an id or a slug"))
    if flaws or not isinstance(into, str):
        raise InvalidInput(flaws)
    try:
        return named(OFFICIALS, into)
    except RecordNotFound:
        raise InvalidInput([Flaw("/into", "expected an id or a slug")]) from None


@router.post(
    "/{reference}/unmerge",
    name="unmerge_official",
    summary="Undo the merger of an official",
    response_model=SHOWN["officials"],
    response_description="The official, as it was.",
    responses=RESPONSES,
    openapi_extra=EXTRA,
)
async def unmerge(
    request: Request, reference: Reference, asked: Asked, principal: Deleter
) -> Response:
    """Brings back an official that was merged into another, with every reference that it had then
    and that nobody has changed since.
    """
    condition = precondition(request.scope, required=False)
    await no_body_of(request)
    name = named(OFFICIALS, reference)
    return await editing_of(request).run(
        request,
        principal,
        lambda session, change: merging.unmerge(session, name, change, condition),
        dry_run=asked.dry_run,
    )
