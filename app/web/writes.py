"""How the writes of a noun are declared: POST, PATCH, DELETE and restore.

What they take is described by the drafts of `app.editing.drafts`, whose schemas are put into the
OpenAPI document here; the body itself is read by `app.web.edits`, more strictly than FastAPI
would.
"""

from functools import cache
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic.json_schema import models_json_schema

from app.access.principals import Principal
from app.editing import edits
from app.editing.drafts import DRAFTS, PATCHES
from app.queries.base import Resource
from app.schemas.merges import MergeCreate
from app.vocabulary import Scope
from app.web.authorization import needs
from app.web.bodies import MERGE_PATCH
from app.web.dependencies import parameters
from app.web.edits import WriteParameters, body_of, editing_of, named, no_body_of
from app.web.nouns import COMMON, ETAG, SHOWN, Noun, moved
from app.web.preconditions import precondition
from app.web.problems import documented

WRITING = (
    *(*COMMON, "forbidden", "conflict", "body-too-large", "unsupported-media-type"),
    "no-room",
)
GUARDED = ("precondition-failed", "precondition-required")
SCHEMAS = "#/components/schemas/{model}"

Writer = Annotated[Principal, needs(Scope.WRITE)]
Deleter = Annotated[Principal, needs(Scope.DELETE)]
Asked = Annotated[WriteParameters, parameters(WriteParameters)]


def header(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }


IDEMPOTENCY_KEY = header(
    "Idempotency-Key",
    "Any text that no other request of yours has. Sent again with the same request, it gets the "
    "first answer again, for seven days, and the write is done once.",
    examples=["8f14e45f-ea2c-4b1a-9d0e-1c2f3a4b5c6d"],
    maxLength=255,
    pattern="^[!-~]([ -~]*[!-~])?$",
)
REASON = header(
    "X-Change-Reason",
    "Why; kept with every revision that this makes.",
    examples=["The readout was corrected"],
    maxLength=1000,
    pattern=r"^[^\x00-\x1f\x7f-\xa0\xad]*$",
)
IF_MATCH = header(
    "If-Match",
    "The `ETag` of the record that the edit starts from, or `*`.",
    required=True,
    examples=['"1-141"'],
    pattern=r'^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$',
)
IF_MATCH_IF_ANY = {**IF_MATCH, "required": False}
HEADERS = [IDEMPOTENCY_KEY, REASON]
LOCATION = {"description": "The record's address.", "schema": {"type": "string"}}
SEQ = {
    "description": "Where the log ends now; not there on a dry run.",
    "schema": {"type": "integer"},
}


def body(model: str, media_type: str = "application/json", example: Any = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": SCHEMAS.format(model=model)}}
    if example is not None:
        content["example"] = example
    return {"required": True, "content": {media_type: content}}


@cache
def schemas() -> dict[str, Any]:
    """The components that the bodies refer to."""
    models = [(each, "validation") for each in (*DRAFTS.values(), *PATCHES.values(), MergeCreate)]
    _, found = models_json_schema(models, ref_template=SCHEMAS)  # type: ignore[arg-type]
    defined: dict[str, Any] = found["$defs"]
    return defined


def answers(status: int, resource: Resource, **headers: Any) -> dict[int | str, dict[str, Any]]:
    """The good answer of a write, and that of one who asks for a record that lives on elsewhere."""
    said = {"headers": {"ETag": ETAG, "Chancery-Seq": SEQ, **headers}}
    return {status: said, **(moved(resource) if status != 201 else {})}


def links(resource: Resource, reference: str, *names: str) -> dict[str, Any]:
    """What can be asked next of a record; edits with the tag that the answer brought."""
    kind = resource.kind
    given = {"reference": reference}
    tagged = {**given, "header.If-Match": "$response.header.ETag"}
    found = {
        "read": {"operationId": f"read_{kind}", "parameters": given},
        "patch": {"operationId": f"patch_{kind}", "parameters": tagged},
        "delete": {"operationId": f"delete_{kind}", "parameters": tagged},
        "restore": {"operationId": f"restore_{kind}", "parameters": given},
        "revisions": {"operationId": f"list_revisions_of_{kind}", "parameters": given},
    }
    return {name: found[name] for name in names}


NEW = "$response.body#/id"
NAMED = "$request.path.reference"
EDITS = ("read", "patch", "delete", "revisions")


def declare_writes(noun: Noun, *, make: Any, change: Any) -> None:
    """The four writes of a noun. `make` and `change` are examples of their bodies."""
    resource, kind = noun.resource, noun.resource.kind
    shown = SHOWN[resource.path]
    Reference = Annotated[str, noun.reference]  # noqa: N806

    async def create(request: Request, asked: Asked, principal: Writer) -> Response:
        sent, value = await body_of(request)
        return await editing_of(request).run(
            request,
            principal,
            lambda session, change: edits.create(session, kind, value, change),
            status=201,
            body=sent,
            dry_run=asked.dry_run,
        )

    async def patch(
        request: Request, reference: Reference, asked: Asked, principal: Writer
    ) -> Response:
        condition = precondition(request.scope, required=True)
        sent, value = await body_of(request)
        name = named(resource, reference)
        return await editing_of(request).run(
            request,
            principal,
            lambda session, change: edits.patch(session, kind, name, value, change, condition),
            body=sent,
            dry_run=asked.dry_run,
        )

    async def delete(
        request: Request, reference: Reference, asked: Asked, principal: Deleter
    ) -> Response:
        condition = precondition(request.scope, required=True)
        await no_body_of(request)
        name = named(resource, reference)
        return await editing_of(request).run(
            request,
            principal,
            lambda session, change: edits.delete(session, kind, name, change, condition),
            status=204,
            dry_run=asked.dry_run,
        )

    async def restore(
        request: Request, reference: Reference, asked: Asked, principal: Deleter
    ) -> Response:
        await no_body_of(request)
        name = named(resource, reference)
        return await editing_of(request).run(
            request,
            principal,
            lambda session, change: edits.restore(session, kind, name, change),
            dry_run=asked.dry_run,
        )

    noun.router.add_api_route(
        "",
        create,
        methods=["POST"],
        name=f"create_{kind}",
        summary=f"Make {kind.one}",
        description="References are ids, slugs or codes; dates are EDTF texts. Parts stand in the "
        "same body. The answer is the record as it was published.",
        status_code=201,
        response_model=shown,
        response_description="The new record.",
        responses={
            **answers(201, resource, Location=LOCATION),
            **documented(*WRITING),
        },
        openapi_extra={
            "parameters": HEADERS,
            "requestBody": body(DRAFTS[kind].__name__, example=make),
            "responses": {"201": {"links": links(resource, NEW, *EDITS)}},
        },
    )
    noun.router.add_api_route(
        "/{reference}",
        patch,
        methods=["PATCH"],
        name=f"patch_{kind}",
        summary=f"Change {kind.one}",
        description="A merge patch (RFC 7396): what it does not name stays, null removes. An "
        "element of an array that names the `id` of one which is there is merged into it; those "
        "that are not named go. A patch that changes nothing answers 200 and leaves no revision. "
        "Writing a field that sources claim makes a preferred claim of the source in "
        "`according_to`.",
        response_model=shown,
        response_description="The record as it is now.",
        responses={
            **answers(200, resource),
            **documented(*WRITING, *GUARDED, "not-found", "gone"),
        },
        openapi_extra={
            "parameters": [IF_MATCH, *HEADERS],
            "requestBody": body(PATCHES[kind].__name__, MERGE_PATCH.decode(), change),
            "responses": {"200": {"links": links(resource, NAMED, *EDITS)}},
        },
    )
    noun.router.add_api_route(
        "/{reference}",
        delete,
        methods=["DELETE"],
        name=f"delete_{kind}",
        summary=f"Delete {kind.one}",
        description="From then on 410; the history stays, and the slug is never given again. "
        "What others refer to is not deleted: 409 names them.",
        status_code=204,
        response_class=Response,
        response_description="It is deleted.",
        responses={
            **moved(resource),
            **documented(*WRITING, *GUARDED, "not-found", "gone"),
        },
        openapi_extra={
            "parameters": [IF_MATCH, *HEADERS],
            "responses": {"204": {"links": links(resource, NAMED, "read", "restore", "revisions")}},
        },
    )
    noun.router.add_api_route(
        "/{reference}/restore",
        restore,
        methods=["POST"],
        name=f"restore_{kind}",
        summary=f"Restore {kind.one}",
        description="Brings a deleted record back as it was.",
        response_model=shown,
        response_description="The record.",
        responses={**answers(200, resource), **documented(*WRITING, "not-found")},
        openapi_extra={
            "parameters": HEADERS,
            "responses": {"200": {"links": links(resource, NAMED, *EDITS)}},
        },
    )
