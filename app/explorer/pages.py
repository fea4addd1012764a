"""`/docs` (Swagger UI), `/redoc` and the document that they show, with every asset served by the
program itself.

The pages refer to one another, to the assets and to `openapi.json` by relative addresses, so
they work under whatever prefix a proxy adds. An asset's name carries its digest: it may be kept
for ever, and another version has another name. The policy on the pages lets a browser talk to
this host only and run no script that stands in the HTML.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.lane.coding import takes_gzip

HERE = Path(__file__).parent

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
ASSETS = (
    "docs.css",
    "docs.js",
    "favicon.svg",
    "page.css",
    "redoc.js",
    "vendor/redoc/redoc.standalone.js",
    "vendor/swagger-ui/swagger-ui-bundle.js",
    "vendor/swagger-ui/swagger-ui.css",
)

# Both explorers set styles from scripts, which only 'unsafe-inline' allows; Swagger UI's icons
# are data: pictures, and Redoc searches in a worker that it makes from a blob.
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
SNIFF_NOTHING = {"X-Content-Type-Options": "nosniff"}
FOR_EVER = SNIFF_NOTHING | {"Cache-Control": "public, max-age=31536000, immutable"}
READ_AGAIN = SNIFF_NOTHING | {"Cache-Control": "no-cache"}
ASK_AGAIN = READ_AGAIN | {
    "Content-Security-Policy": "; ".join(POLICY),
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True)
class Document:
    """Bytes that stay the same while the program runs, and their gzip made when first asked for."""

    body: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:16]

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.body, mtime=0)

    def answer(self, request: Request, headers: dict[str, str]) -> Response:
        """The document in the coding that the client takes, or 304 when it has it already."""
        accepted = request.headers.get("Accept-Encoding", "")
        gzipped = takes_gzip(accepted.encode("latin-1"))
        etag = f'"{self.digest}-gzip"' if gzipped else f'"{self.digest}"'
        headers = headers | {"ETag": etag, "Vary": "Accept-Encoding"}
        if is_known(etag, request.headers.get("If-None-Match", "")):
            return Response(status_code=304, headers=headers)
        if gzipped:
            headers |= {"Content-Encoding": "gzip"}
        body = self.compressed if gzipped else self.body
        return Response(body, headers=headers, media_type=self.media_type)


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether `If-None-Match` names the tag, by the weak comparison (RFC 9110, 13.1.2)."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or if_none_match.strip() == "*"


@cache
def assets() -> dict[str, Document]:
    """Every asset by the name in its address, such as `page.0123456789abcdef.css`."""
    found = {}
    for path in ASSETS:
        file = HERE / "static" / path
        document = Document(file.read_bytes(), MEDIA_TYPES[file.suffix])
        found[f"{file.stem}.{document.digest}{file.suffix}"] = document
    return found


@cache
def page(name: str) -> Document:
    """A template with each `{{file.css}}` replaced by the address of that asset."""
    addresses = {re.sub(r"\.[0-9a-f]{16}(\.\w+)$", r"\1", asset): asset for asset in assets()}
    html = (HERE / "templates" / name).read_text(encoding="utf-8")
    html = re.sub(r"\{\{(.+?)\}\}", lambda match: f"docs/static/{addresses[match[1]]}", html)
    return Document(html.encode(), "text/html; charset=utf-8")


def docs(request: Request) -> Response:
    return page("docs.html").answer(request, ASK_AGAIN)


def redoc(request: Request) -> Response:
    return page("redoc.html").answer(request, ASK_AGAIN)


def asset(request: Request) -> Response:
    document = assets().get(request.path_params["name"])
    if document is None:
        raise HTTPException(404)
    return document.answer(request, FOR_EVER)


class Described:
    """An application's OpenAPI document, made when it is first asked for and kept as bytes."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.lock = Lock()
        self.made: dict[str, Document] = {}

    def __call__(self, request: Request) -> Response:
        return self.below(request.scope.get("root_path", "")).answer(request, READ_AGAIN)

    def below(self, root_path: str) -> Document:
        """The document of a server that a proxy shows below a prefix."""
        with self.lock:
            if root_path not in self.made:
                said = self.app.openapi()
                if root_path:
                    said = {**said, "servers": [{"url": root_path}]}
                self.made[root_path] = Document(orjson.dumps(said), "application/json")
            return self.made[root_path]


def mount(app: FastAPI) -> None:
    """Adds the pages, their assets and the OpenAPI document; none of them is in that document.

    The application must be made with `openapi_url=None`, `docs_url=None` and `redoc_url=None`.
    """
    described = Described(app)

    def openapi(request: Request) -> Response:
        return described(request)

    app.add_route("/openapi.json", openapi, include_in_schema=False)
    app.add_route("/docs", docs, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)
    app.add_route("/docs/static/{name}", asset, include_in_schema=False)
