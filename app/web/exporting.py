"""`/v1/{list}.ndjson`: a whole list as one answer that is streamed.

Nothing is read before the client has taken what was read before, so that the memory that it takes
does not depend on the list, nor on who reads it. An export that cannot be brought to its end
ends with a broken connection, and never with what could be taken for the whole.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from typing import Annotated, Any

import orjson
from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from app.errors import ClientTooSlow, TooManyExports
from app.lane.conditional import conditions, etag_matches
from app.lane.exports import HEAD, Export, Head
from app.lane.lane import Lane
from app.queries.parameters import EXPORT_PARAMETERS
from app.web import problems
from app.web.dependencies import parameters
from app.web.headers import REVALIDATE, Header
from app.web.nouns import COMMON, ETAG, NOT_MODIFIED, Noun
from app.web.problems import documented

MEDIA_TYPE = "application/x-ndjson"
DESCRIPTION = """\
Every record that the filters of `/v1/{path}` select, in its order, as NDJSON: one document a line,
each as `/v1/{path}/{{reference}}` shows it. All of it is of one moment, whatever is written
meanwhile; `Chancery-Seq` says which, and `/v1/changes?after=` goes on from there. It is streamed as
quickly as it is read, and has no end but that of the list unless a `limit` is given. An answer
that breaks off, without the last chunk, is not whole: ask again."""
SEQ = {
    "description": "The newest change that the answer knows of.",
    "schema": {"type": "integer"},
}


class Exports:
    """Runs exports, `most` at a time. To be used from one event loop.

    One whose client takes less than a chunk in `idle_seconds`, or which lasts longer than
    `seconds`, is broken off: its view of the database keeps others from tidying up.
    """

    def __init__(self, lane: Lane, *, most: int, idle_seconds: float, seconds: float) -> None:
        self.lane = lane
        self.most = most
        self.idle_seconds = idle_seconds
        self.seconds = seconds
        self.running = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises `TooManyExports`."""
        if self.running >= self.most:
            message = f"{self.most} exports are running, and no more may. Ask again a little later."
            raise TooManyExports(message)
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1


class Exported(Response):
    """The answer. Whatever goes wrong before its first byte becomes a problem."""

    def __init__(self, exports: Exports, export: Export) -> None:
        super().__init__()
        self.exports = exports
        self.export = export

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if_none_match, _ = conditions(scope["headers"])
        without_body = scope["state"].get("without_body", False)
        reader = self.exports.lane.reader
        if if_none_match or without_body:
            head = Head(await reader.fetch(HEAD, []))
            tag = self.export.tag(head)
            held = etag_matches(if_none_match.decode("latin-1"), tag.decode())
            if held or without_body:
                # What is held becomes a 304 on its way.
                await self.begin(head, send)
                await send(part(b"", more=True))
                return
        with self.exports.place():
            async with (
                reader.lasting() as fetch,
                aclosing(self.export.chunks(fetch)) as chunks,
            ):
                head = Head(await fetch(HEAD, []))
                first = await anext(chunks, b"")
                await self.begin(head, send)
                gone = asyncio.create_task(disconnection(receive))
                try:
                    await self.pass_on(first, chunks, send, gone)
                except Exception as error:
                    cut = scope["state"].get("cut")
                    if cut is None:  # another server than ours ends it in its own way
                        raise
                    problems.report(error, scope)
                    cut()
                    await gone
                finally:
                    gone.cancel()

    async def begin(self, head: Head, send: Send) -> None:
        headers: list[Header] = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"etag", self.export.tag(head)),
            (b"chancery-seq", b"%d" % head.seq),
            REVALIDATE,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def pass_on(
        self,
        first: bytes,
        chunks: AsyncIterator[bytes],
        send: Send,
        gone: "asyncio.Task[None]",
    ) -> None:
        """Send one chunk after the other, each when the one before is nearly out of our hands."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.exports.seconds
        chunk = first
        while not gone.done():
            if loop.time() > end:
                message = f"The export took more than {self.exports.seconds:g} seconds."
                raise ClientTooSlow(message)
            try:
                async with asyncio.timeout(self.exports.idle_seconds):
                    await send(part(chunk, more=True))
                    if not chunk:
                        await send(part(b"", more=False))
                        return
            except TimeoutError as error:
                message = f"Nearly nothing was taken for {self.exports.idle_seconds:g} seconds."
                raise ClientTooSlow(message) from error
            chunk = await anext(chunks, b"")


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def disconnection(receive: Receive) -> None:
    """Returns when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def declare_export(noun: Noun) -> None:
    """`GET /v1/{path}.ndjson`."""
    resource = noun.resource
    asked = EXPORT_PARAMETERS[resource.path]

    async def endpoint(request: Request, asked: Annotated[Any, parameters(asked)]) -> Response:
        exports: Exports = request.app.state.exports
        return Exported(exports, Export(exports.lane, resource, asked))

    noun.router.add_api_route(
        ".ndjson",
        endpoint,
        name=f"export_{resource.path}",
        summary=f"All {resource.path}, as NDJSON",
        description=DESCRIPTION.format(path=resource.path),
        response_class=Response,
        response_description="The records, a line each.",
        responses={
            200: {
                "headers": {"ETag": ETAG, "Chancery-Seq": SEQ},
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"type": "string"},
                        "example": orjson.dumps(noun.example).decode() + "\n",
                    }
                },
            },
            304: NOT_MODIFIED,
            **documented(*COMMON),
        },
    )
