"""How a noun of the API is declared: its list, its single record, and lists below it.

The short lane answers these addresses before a router is asked; what is declared here is what
the OpenAPI document says of them, and gives the same answers when it is asked.
"""

import json
from functools import cache
from pathlib import Path as FilePath
from typing import Annotated, Any, ForwardRef

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, create_model

from app.queries.base import Resource
from app.queries.parameters import ONE_PARAMETERS, SUBLIST_FILTERS, SUBLISTS
from app.queries.resources import RESOURCES
from app.record.chain import body_hash
from app.record.differences import differences
from app.record.documents import SHAPE
from app.record.history import history_of
from app.schemas.common import Page
from app.schemas.problems import optional
from app.web.dependencies import StrictRoute, parameters
from app.web.described import record_path
from app.web.handlers import response_of
from app.web.problems import documented

EXAMPLES = FilePath(__file__).with_name("examples.json")
COMMON = (
    "malformed-request",
    "unauthenticated",
    "uri-too-long",
    "headers-too-large",
    "invalid-parameters",
    "too-many-requests",
    "internal-error",
    "too-slow",
    "unavailable",
)
LINK = {
    "description": "`first`, and `next` where there is more (RFC 8288).",
    "schema": {"type": "string"},
}
ETAG = {
    "description": "A strong entity tag; send it as `If-None-Match` to get 304 while the answer "
    "would be the same.",
    "schema": {"type": "string"},
}
MOVED = {
    "description": "Merged into another record: the same is asked of that one at `Location`.",
    "headers": {"Location": {"description": "Where to.", "schema": {"type": "string"}}},
}
NOT_MODIFIED = {"description": "What the client holds is still right.", "headers": {"ETag": ETAG}}


@cache
def examples() -> dict[str, Any]:
    """One record of each noun, and what addresses of computed answers give, from the seed;
    `make openapi` writes the file.
    """
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def good(**headers: Any) -> dict[int | str, dict[str, Any]]:
    """The good answers; `put_examples` adds what they look like."""
    return {200: {"headers": headers}, 304: NOT_MODIFIED}


def moved(resource: Resource) -> dict[int | str, dict[str, Any]]:
    """Only officials can be merged."""
    return {308: MOVED} if hasattr(resource.model, "merged_into_id") else {}


def shown_models() -> dict[str, type[BaseModel]]:
    """Each record as typed clients will see it: `Meeting` for `MeetingRead` and what `include`
    may add to it.
    """
    names = {each.kind: each.read.__name__.removesuffix("Read") for each in RESOURCES.values()}
    models = {}
    for path, resource in RESOURCES.items():
        included: dict[str, Any] = {
            name: (
                list[ForwardRef(names[relation.kind])],  # type: ignore[misc]
                Field(
                    default=[],
                    description=f"Only there with `include={name}`.",
                    json_schema_extra=optional,
                ),
            )
            for name, relation in resource.relations.items()
        }
        models[path] = create_model(
            names[resource.kind],
            __base__=resource.read,
            __doc__=resource.read.__doc__,
            **included,
        )
    namespace = {model.__name__: model for model in models.values()}
    for model in models.values():
        model.model_rebuild(_types_namespace=namespace)
    return models


def page_model(shown: type[BaseModel]) -> type[BaseModel]:
    """`MeetingPage` for a page of `Meeting`."""
    name = f"{shown.__name__}Page"
    return create_model(name, __base__=Page[shown], __doc__=Page.__doc__)  # type: ignore[valid-type]


SHOWN = shown_models()
PAGES = {path: page_model(shown) for path, shown in SHOWN.items()}


def reference_to(resource: Resource) -> Any:
    """For a path: what names a record of a noun, with the one of the examples."""
    example = examples().get(resource.path, {})
    if "slug" in example:
        return record_path("An id or a slug.", example["slug"])
    if "code" in example:
        return record_path(f"A code such as `{example['code']}`, or an id.", example["code"])
    return record_path("An id.", example.get("id"))


def page_of(example: Any) -> dict[str, Any]:
    return {"items": [example], "next_cursor": None, "total": None}


def put_examples(document: dict[str, Any]) -> None:
    """Give every answer of a noun an example from the seed.

    Done to the finished document, because FastAPI leaves nulls out of what it is given, and
    the nulls belong to the answers.
    """
    for address, operations in document["paths"].items():
        put_examples_of_writes(address, operations)
        if "get" not in operations:
            continue
        if address in examples():
            answer = operations["get"]["responses"]["200"]["content"]["application/json"]
            answer["example"] = examples()[address]
            continue
        match address.split("/")[2:]:
            case [path] if path in RESOURCES:
                example = page_of(examples().get(path))
            case [path, _] if path in RESOURCES:
                example = examples().get(path, {})
            case [parent, _, name] if (parent, name) in SUBLISTS:
                example = page_of(examples().get(SUBLISTS[parent, name][0]))
            case ["commitments", _, "history"]:
                example = history_of(examples()["commitments"])
            case [path, _, "revisions", *more]:
                example = revisions_of(examples().get(path, {}), more)
            case ["changes"]:
                example = changes_of(examples()["meetings"])
            case _:
                continue
        operations["get"]["responses"]["200"]["content"]["application/json"]["example"] = example


def put_examples_of_writes(address: str, operations: dict[str, Any]) -> None:
    """The answer to a write is the record as it is now."""
    example = examples().get(address.split("/")[2] if address.startswith("/v1/") else "")
    for method, status in (("post", "200"), ("post", "201"), ("patch", "200")):
        answer = operations.get(method, {}).get("responses", {}).get(status, {})
        if example is not None and "content" in answer:
            answer["content"]["application/json"]["example"] = example


def changes_of(document: Any) -> dict[str, Any]:
    """A feed of one change: the creation of the record."""
    change = {
        "seq": 141,
        "type": "meeting",
        "id": document.get("id"),
        "operation": "create",
        "rev": 1,
        "at": document.get("created_at"),
        "cause": None,
    }
    return {"items": [change], "next_after": 141, "limit": 100}


def revisions_of(document: Any, more: list[str]) -> dict[str, Any]:
    """The revisions of a record that was made and not changed since; one of them; its changes."""
    body = orjson.dumps(document)
    first = {
        "seq": 141,
        "rev": 1,
        "operation": "create",
        "at": document.get("created_at"),
        "reason": None,
        "cause": None,
        "actor": None,
        "request_id": None,
        "shape": SHAPE,
        "body_hash": body_hash(body),
        "hash": body_hash(b"the hash before it, and what the revision says"),
    }
    match more:
        case []:
            return {"items": [first], "next_before": None}
        case [_]:
            return {**first, "document": document}
        case _:
            return {"seq": 141, "before": None, "differences": differences(None, document)}


async def hand_over(request: Request) -> Response:
    """The lane's answer, for a request that came this way."""
    return response_of(await request.app.state.chancery.lane(request.scope))


class Noun:
    """Declares the addresses of one resource on a router of its own."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.router = APIRouter(
            prefix=f"/v1/{resource.path}", route_class=StrictRoute, tags=[resource.path]
        )
        self.example = examples().get(resource.path, {})
        self.reference = reference_to(resource)

    def declare_list(self, *, summary: str, description: str) -> None:
        """`GET /v1/{path}`."""
        filters = self.resource.filters

        async def endpoint(
            request: Request,
            filters: Annotated[Any, parameters(filters)],  # noqa: ARG001
        ) -> Response:
            return await hand_over(request)

        self.router.add_api_route(
            "",
            endpoint,
            name=f"list_{self.resource.path}",
            summary=summary,
            description=description,
            response_model=PAGES[self.resource.path],
            response_description="A page of the list.",
            responses={**good(ETag=ETAG, Link=LINK), **documented(*COMMON)},
        )

    def declare_one(self, *, summary: str, description: str) -> None:
        """`GET /v1/{path}/{reference}`."""
        asked = ONE_PARAMETERS[self.resource.path]

        async def endpoint(
            request: Request,
            reference: Annotated[str, self.reference],  # noqa: ARG001
            asked: Annotated[Any, parameters(asked)],  # noqa: ARG001
        ) -> Response:
            return await hand_over(request)

        self.router.add_api_route(
            "/{reference}",
            endpoint,
            name=f"read_{self.resource.kind}",
            summary=summary,
            description=description,
            response_model=SHOWN[self.resource.path],
            response_description="The record.",
            responses={
                **good(ETag=ETAG),
                **moved(self.resource),
                **documented(*COMMON, "not-found", "gone"),
            },
        )

    def declare_sublist(self, name: str, *, summary: str, description: str) -> None:
        """`GET /v1/{path}/{reference}/{name}`."""
        key = (self.resource.path, name)
        listed = RESOURCES[SUBLISTS[key][0]]
        filters = SUBLIST_FILTERS[key]

        async def endpoint(
            request: Request,
            reference: Annotated[str, self.reference],  # noqa: ARG001
            filters: Annotated[Any, parameters(filters)],  # noqa: ARG001
        ) -> Response:
            return await hand_over(request)

        self.router.add_api_route(
            f"/{{reference}}/{name}",
            endpoint,
            name=f"list_{name}_of_{self.resource.kind}",
            summary=summary,
            description=description,
            response_model=PAGES[listed.path],
            response_description="A page of the list.",
            responses={
                **good(ETag=ETAG, Link=LINK),
                **moved(self.resource),
                **documented(*COMMON, "not-found", "gone"),
            },
        )
