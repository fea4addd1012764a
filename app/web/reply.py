"""What the inner app answers, on its way to the client: completed, tagged, shortened for HEAD."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from starlette.types import Message, Scope, Send

from app.lane.answer import Answer
from app.lane.conditional import etag_matches
from app.web.headers import KEPT_WHEN_NOT_MODIFIED, REVALIDATE, Header, completed, value_of
from app.web.methods import Methods

Whole = Callable[[Scope, Answer], Awaitable[Answer]]
"""From a request and a good answer to what is sent: another form of it, or 304."""


class Reply:
    """Takes the inner app's messages and sends what becomes of them.

    The start is held back until the body begins, because only then is it known whether the
    answer is whole, and can have a tag made from its bytes. A stream gets none.
    """

    __slots__ = (
        "_head",
        "_id",
        "_methods",
        "_scope",
        "_send",
        "_shared",
        "_start",
        "_whole",
        "complete",
        "status",
    )

    def __init__(
        self,
        scope: Scope,
        send: Send,
        request_id: bytes,
        *,
        methods: Methods,
        shared: Sequence[Header],
        whole: Whole | None,
    ) -> None:
        self._whole = whole
        self._scope = scope
        self._send = send
        self._id = request_id
        self._methods = methods
        self._shared = shared
        self._head = scope["method"] == "HEAD"
        self._start: Message | None = None
        self.status = 0
        """What was sent; 0 as long as nothing was."""
        self.complete = False
        """Nothing more will be sent, whatever the inner app says."""

    async def take(self, message: Message) -> None:
        """What the inner app gets as its `send`."""
        if self.complete:
            return
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            if self._start is None:
                await self._go_on(message.get("body", b""), message.get("more_body", False))
            else:
                start, self._start = self._start, None
                await self._begin(start, message.get("body", b""), message.get("more_body", False))
        else:
            await self._pass(message)

    async def _begin(self, start: Message, body: bytes, more: bool) -> None:
        status, headers = start["status"], list(start.get("headers", ()))
        if status == HTTPStatus.OK and self._scope["method"] in {"GET", "HEAD"}:
            if not more:
                tag(headers, body)
                if self._whole is not None:
                    found = await self._whole(self._scope, Answer(status, headers, body))
                    status, headers, body = found.status, found.headers, found.body
            if self._is_held(value_of(headers, b"etag")):
                kept = [header for header in headers if header[0] in KEPT_WHEN_NOT_MODIFIED]
                await self._open(start, HTTPStatus.NOT_MODIFIED, kept)
                await self._go_on(b"", more=False)
                return
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            # A route knows its own methods only, and neither HEAD nor OPTIONS.
            headers = [header for header in headers if header[0] != b"allow"]
            headers.append((b"allow", ", ".join(self._methods.of(self._scope) or ()).encode()))
        await self._open(start, status, headers)
        await self._go_on(body, more)

    async def _open(self, start: Message, status: int, headers: list[Header]) -> None:
        self.status = status
        full = completed(headers, self._id, self._shared)
        await self._send({**start, "status": int(status), "headers": full})

    async def _go_on(self, body: bytes, more: bool) -> None:
        if self._head:
            body, more = b"", False
        self.complete = not more
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _pass(self, message: Message) -> None:
        """Messages of ASGI extensions, which none of our routes sends, go as they are."""
        if self._start is not None:
            start, self._start = self._start, None
            await self._open(start, start["status"], list(start.get("headers", ())))
        await self._send(message)

    def _is_held(self, etag: bytes | None) -> bool:
        """Whether the client says that it has what this tag stands for."""
        if etag is None:
            return False
        said = [value for name, value in self._scope["headers"] if name == b"if-none-match"]
        return bool(said) and etag_matches(
            b", ".join(said).decode("latin-1"), etag.decode("latin-1")
        )


def tag(headers: list[Header], body: bytes) -> None:
    """Give a whole answer the tag that its bytes make, and say how long it may be kept."""
    names = {name for name, _ in headers}
    if b"etag" not in names:
        digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        headers.append((b"etag", f'"{digest}"'.encode()))
    if REVALIDATE[0] not in names:
        headers.append(REVALIDATE)
