"""FastAPI's own errors, told as the same problems as all others."""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import ChanceryError, Flaw, InvalidInput, MalformedRequest
from app.lane.answer import Answer
from app.schemas.problems import ProblemRead
from app.web.problems import answer, unlogged_answer


def install(app: FastAPI) -> None:
    """Make every error inside FastAPI a problem, and put the schema of problems into its document.

    Starlette raises an unexpected error again after it has been answered; the front, which
    stands outside, logs it then.
    """
    for error in (HTTPException, ChanceryError):
        app.add_exception_handler(error, expected)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(Exception, unexpected)
    document = app.openapi

    def openapi() -> dict[str, Any]:
        described = document()
        described.setdefault("components", {}).setdefault("schemas", {}).update(schemas())
        return described

    app.openapi = openapi  # type: ignore[method-assign]


async def expected(request: Request, error: Exception) -> Response:
    return response_of(answer(error, request.scope))


async def refused(request: Request, error: Any) -> Response:
    return response_of(answer(refusal(error), request.scope))


def refusal(error: RequestValidationError) -> Exception:
    """FastAPI's refusal in our words: a path that cannot be meant is not found, a body that is no
    JSON is malformed.
    """
    flaws = []
    for complaint in error.errors():
        source, *steps = complaint["loc"]
        if source == "path":
            return HTTPException(404)
        if complaint["type"] == "json_invalid":
            return MalformedRequest("The body is not JSON.")
        if source == "body":
            where = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
            flaws.append(Flaw(where or "/", complaint["msg"]))
        else:
            flaws.append(Flaw(str(steps[0]) if steps else "", complaint["msg"]))
    return InvalidInput(flaws)


async def unexpected(request: Request, error: Exception) -> Response:
    return response_of(unlogged_answer(error, request.scope))


def response_of(found: Answer) -> Response:
    response = Response(found.body, found.status)
    response.raw_headers.extend(found.headers)
    return response


def schemas() -> dict[str, Any]:
    """The components that documented problems refer to."""
    schema = ProblemRead.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), ProblemRead.__name__: schema}
