"""What the types of problem mean: the addresses that `type` in a problem points to.

A browser gets a page, a program JSON.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from app.schemas.problems import ProblemTypeRead, ProblemTypesRead
from app.web.catalogue import CATALOGUE, ProblemType
from app.web.dependencies import StrictRoute
from app.web.negotiation import prefers_html
from app.web.problems import documented

STYLE = """
:root { color-scheme: light dark }
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 0 auto;
  padding: 3rem 1.25rem }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .25rem 0 1.5rem }
h2 { font-size: 1rem; margin: 1.75rem 0 .25rem }
p { margin: 0 }
nav, .status { opacity: .75 }
nav { margin-top: 3rem }
li { margin: .5rem 0 }
code { font-size: .95em }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
    "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
<main>
{main}
</main>
"""
OR_A_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}}
}

router = APIRouter(
    prefix="/problems",
    route_class=StrictRoute,
    tags=["problems"],
    responses=documented(
        "malformed-request", "unauthenticated", "invalid-parameters", "internal-error"
    ),
)


def shown(kind: ProblemType, root_path: str) -> ProblemTypeRead:
    return ProblemTypeRead(
        name=kind.name,
        type=f"{root_path}/problems/{kind.name}",
        status=kind.status,
        title=kind.title,
        meaning=kind.meaning,
        remedy=kind.remedy,
    )


def page(title: str, main: str) -> Response:
    return Response(
        PAGE.format(title=escape(title), style=STYLE, main=main),
        media_type="text/html",
        headers={"content-security-policy": POLICY, "vary": "Accept"},
    )


def wants_page(request: Request) -> bool:
    return prefers_html(", ".join(request.headers.getlist("accept")))


@router.get(
    "",
    summary="All types of problem",
    response_description="Every type of problem; as a page where `Accept` prefers HTML.",
    response_model=ProblemTypesRead,
    responses=OR_A_PAGE,
)
async def list_problem_types(request: Request, response: Response) -> ProblemTypesRead | Response:
    """The types of problem that answers of this server may name in `type`."""
    if wants_page(request):
        items = "\n".join(
            f'<li><a href="problems/{escape(kind.name)}">{escape(kind.title)}</a> ({kind.status})'
            for kind in CATALOGUE.values()
        )
        return page("Problems", f"<h1>Problems</h1>\n<ul>\n{items}\n</ul>")
    response.headers["vary"] = "Accept"
    root_path = request.scope.get("root_path", "")
    return ProblemTypesRead(problems=[shown(kind, root_path) for kind in CATALOGUE.values()])


@router.get(
    "/{name}",
    summary="One type of problem",
    response_description="What it means and what to do; a page where `Accept` prefers HTML.",
    response_model=ProblemTypeRead,
    responses=OR_A_PAGE | documented("not-found"),
)
async def read_problem_type(
    request: Request,
    response: Response,
    name: Annotated[str, Path(description="The type's name.", examples=["not-found"])],
) -> ProblemTypeRead | Response:
    """What `type` in a problem points to."""
    kind = CATALOGUE.get(name)
    if kind is None:
        raise HTTPException(404, f"There is no problem type {name!r}; /problems has them all.")
    if wants_page(request):
        return page(
            kind.title,
            f'<p class="status">{kind.status} <code>{escape(kind.name)}</code></p>\n'
            f"<h1>{escape(kind.title)}</h1>\n"
            f"<h2>What has happened</h2>\n<p>{marked(kind.meaning)}</p>\n"
            f"<h2>What to do</h2>\n<p>{marked(kind.remedy)}</p>\n"
            '<nav><a href="../problems">All problems</a></nav>',
        )
    response.headers["vary"] = "Accept"
    return shown(kind, request.scope.get("root_path", ""))


def marked(text: str) -> str:
    """Escaped, with what stands between backquotes as code."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if count % 2 else part for count, part in enumerate(parts)
    )
