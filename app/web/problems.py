"""Problem details (RFC 9457): from an error to the whole answer, and to the OpenAPI document.

An answer says nothing of the inside: no stack, no SQL, no text of an unexpected exception.
"""

import logging
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.errors import ChanceryError, Flaw
from app.lane.answer import Answer
from app.schemas.problems import ProblemRead
from app.web import catalogue
from app.web.catalogue import CATALOGUE, ProblemType
from app.web.mapping import Problem, problem_of
from app.web.request_ids import of_scope

MEDIA_TYPE = "application/problem+json"
LONGEST_DETAIL = 1000
LONGEST_INSTANCE = 1000

log = logging.getLogger("chancery.errors")


def members(problem: Problem, *, root_path: str, instance: str, request_id: str) -> dict[str, Any]:
    """The members of the problem's JSON object."""
    kind = problem.kind
    said: dict[str, Any] = {
        "type": f"{root_path}/problems/{kind.name}" if kind else "about:blank",
        "title": kind.title if kind else HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": shortened(problem.detail, LONGEST_DETAIL),
        "instance": shortened(instance, LONGEST_INSTANCE),
        "request_id": request_id,
    }
    if problem.flaws:
        said["errors"] = [
            {
                "pointer" if flaw.where.startswith("/") else "parameter": flaw.where,
                "detail": flaw.detail,
                "allowed": list(flaw.allowed),
            }
            for flaw in problem.flaws
        ]
    if problem.revision is not None:
        said["revision"] = problem.revision
    if problem.referrers:
        said["referrers"] = [asdict(each) for each in problem.referrers]
    return said


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def answer(error: Exception, scope: Scope) -> Answer:
    """The whole answer to an error, which is logged where the server is at fault."""
    found = unlogged_answer(error, scope)
    if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        report(error, scope)
    return found


def unlogged_answer(error: Exception, scope: Scope) -> Answer:
    problem = problem_of(error)
    said = members(
        problem,
        root_path=scope.get("root_path", ""),
        instance=instance_of(scope),
        request_id=of_scope(scope),
    )
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"cache-control", b"no-store"),
        *problem.headers,
    ]
    return Answer(problem.status, headers, encoded(said))


def encoded(said: dict[str, Any]) -> bytes:
    """JSON in UTF-8; a lone surrogate, which UTF-8 cannot say, becomes a question mark."""
    try:
        return orjson.dumps(said)
    except TypeError:
        return orjson.dumps(speakable(said))


def speakable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [speakable(part) for part in value]
    if isinstance(value, dict):
        return {name: speakable(part) for name, part in value.items()}
    return value


def instance_of(scope: Scope) -> str:
    """The path as it was sent, still percent-encoded, without the query."""
    raw: bytes | None = scope.get("raw_path")
    return quote(scope["path"], errors="replace") if raw is None else raw.decode("latin-1")


def report(error: Exception, scope: Scope) -> None:
    """Log an error of ours in a line, and one that nobody expected with its traceback."""
    expected = isinstance(error, ChanceryError | HTTPException)
    log.log(
        logging.WARNING if expected else logging.ERROR,
        "%s %s failed [%s]: %r",
        scope.get("method", "-"),
        shortened(instance_of(scope), LONGEST_INSTANCE),
        of_scope(scope),
        error,
        exc_info=None if expected else error,
    )


def documented(*names: str) -> dict[int | str, dict[str, Any]]:
    """What a FastAPI route passes as `responses=`: these problems, each with an example.

    The schema that they refer to is put into the document by `app.web.handlers.install`.
    """
    described: dict[int | str, dict[str, Any]] = {}
    for name in names:
        kind = CATALOGUE[name]
        entry = described.setdefault(
            kind.status,
            {
                "description": kind.title + ".",
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": f"#/components/schemas/{ProblemRead.__name__}"},
                        "examples": {},
                    }
                },
            },
        )
        if kind.title not in entry["description"]:
            entry["description"] += f" {kind.title}."
        entry["content"][MEDIA_TYPE]["examples"][name] = {
            "summary": kind.title,
            "value": example(kind),
        }
    return described


def example(kind: ProblemType) -> dict[str, Any]:
    """A body as a client may get it."""
    problem = EXAMPLES.get(kind) or Problem(kind.status, kind, kind.detail)
    return members(
        problem,
        root_path="",
        instance="/v1/meetings/nowhere" if kind.status in (404, 410) else "/v1/meetings",
        request_id="0199c1f0a1b27d3e8f4a5b6c7d8e9f00",
    )


EXAMPLES = {
    catalogue.NOT_FOUND: Problem(
        404, catalogue.NOT_FOUND, "There is no meeting with the id or slug 'nowhere'."
    ),
    catalogue.GONE: Problem(
        410, catalogue.GONE, "The meeting 'nowhere' was deleted by revision 1402.", revision=1402
    ),
    catalogue.INVALID_PARAMETERS: Problem(
        422,
        catalogue.INVALID_PARAMETERS,
        "count: expected 'exact'",
        flaws=(Flaw("count", "expected 'exact'", ("exact",)),),
    ),
}
