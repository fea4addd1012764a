"""The front: the one ASGI layer before everything, and what all requests have in common.

Every answer gets a request id and the common headers; every error becomes a problem. Reads are
offered to the short lane first; HEAD, OPTIONS and wrong methods are answered for all routes
alike. Nothing here knows a resource.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.eager import in_task
from app.lane.answer import Answer, fields_of
from app.web import problems, request_ids
from app.web.addresses import Addresses
from app.web.authentication import Authenticate
from app.web.bodies import check_body, counted
from app.web.cors import Cors
from app.web.headers import READABLE_ANYWHERE, SAFE, Header, headers_in
from app.web.hygiene import check_address, check_headers, host_check
from app.web.limiting import Limiter
from app.web.methods import Methods
from app.web.reply import Reply, Whole

Lane = Callable[[Scope], Awaitable[Answer | None]]

AtOnce = Callable[[int, bytes, bytes], bool]
"""Sends a whole answer: its status, its headers as they go over the wire, its body. False where
that is not possible. Our server puts one into the state of each request.
"""

UNAUTHORIZED = int(HTTPStatus.UNAUTHORIZED)
SAFE_FIELDS = fields_of(SAFE)
READABLE_FIELDS = fields_of(READABLE_ANYWHERE)

access = logging.getLogger("chancery.access")


class Front:
    """Wraps the whole app.

    `lane` is asked for every GET and HEAD, and answers as to a GET, or with None where the
    request is the inner app's. An Answer need not have a content length. It is never changed,
    so that the lane may keep it. `routes` gives the inner app's, the lane's addresses among them,
    and is called once, when they are first needed. `authenticate` finds out whose key came with a
    request, and leaves those without one alone.
    `access_log` writes a line for each request to the logger `chancery.access`. `hosts` are the
    names that are answered for, all where there are none; `writers` the origins whose pages may
    write. `limiter` counts requests.
    """

    def __init__(
        self,
        inner: ASGIApp,
        lane: Lane,
        *,
        routes: Callable[[], Sequence[BaseRoute]],
        authenticate: Authenticate | None = None,
        access_log: bool = False,
        hosts: Iterable[str] = (),
        writers: Iterable[str] = (),
        limiter: Limiter | None = None,
    ) -> None:
        self._inner = inner
        self.lane = lane
        self._methods = Methods(routes)
        self._authenticate = authenticate
        self._access_log = access_log
        self._check_host = host_check(hosts)
        self._cors = Cors(writers)
        self._limiter = limiter
        self.wind_down: Callable[[], None] = lambda: None
        """What the server calls before it waits for what is in flight."""
        self.whole: Whole | None = None
        """What makes of a good answer of the inner app's to a read what is sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
        elif self._access_log:
            await self._logged(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(  # noqa: C901 - the hot path: whatever is called here shows in it
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        state = scope.setdefault("state", {})
        # Taken out, or scope and cycle would hold each other.
        at_once: AtOnce | None = state.pop("at_once", None)
        named, presented = None, []
        for name, value in scope["headers"]:
            if name == b"authorization":
                presented.append(value)
            elif name == b"x-request-id" and named is None:
                named = value
        request_id = request_ids.request_id(named)
        known_as = request_id.decode()
        state["request_id"] = known_as
        state["principal"] = None
        request_ids.current.set(known_as)
        method = scope["method"]
        is_read = method == "GET" or method == "HEAD"  # noqa: PLR1714 - the hot path
        shared = READABLE_ANYWHERE if is_read else self._cors.shared(scope)
        left = b""
        limiter = self._limiter
        try:
            if limiter is not None:
                limiter.refuse_guessers(scope)
            check_headers(scope)
            if self._check_host is not None:
                self._check_host(scope)
            if presented and self._authenticate is not None:
                await in_task()
                state["principal"] = await self._authenticate(presented)
            if limiter is not None:
                left = limiter.admit(scope)
            check_address(scope)
            if is_read:
                answer = await self.lane(scope)
            else:
                answer = self._without_reading(scope)
        except Exception as error:  # noqa: BLE001 - the outermost layer turns all into problems
            answer = problems.answer(error, scope)
        if answer is None:
            also = (*shared, *headers_in(left))
            answer = await self._ask_inner(scope, receive, send, request_id, also)
        if answer is not None:
            state["status"] = answer.status
            body = b"" if method == "HEAD" else answer.body
            if at_once is None or not at_once(
                answer.status, fields(answer, request_id, shared, left), body
            ):
                await deliver(answer, body, request_id, (*shared, *headers_in(left)), send)
        if limiter is not None and state["status"] == UNAUTHORIZED:
            limiter.note_failure(scope)

    def _without_reading(self, scope: Scope) -> Answer | None:
        """OPTIONS answered, wrong methods refused, all others left to the inner app."""
        method = scope["method"]
        taken = self._methods.of(scope)
        if taken is None:
            raise HTTPException(404)
        if method != "OPTIONS" and method in taken:
            check_body(scope)
            return None
        allow = ", ".join(taken)
        if method != "OPTIONS":
            raise HTTPException(405, headers={"Allow": allow})
        headers = [(b"allow", allow.encode()), *self._cors.preflight(scope, taken)]
        return Answer(204, headers, b"")

    async def _ask_inner(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        request_id: bytes,
        shared: tuple[Header, ...],
    ) -> Answer | None:
        """What is still to be sent where the inner app has answered nothing; None where it has.

        The inner app knows no HEAD: it is asked to GET, and the body is dropped. A route that
        would take a while to make one finds `without_body` in the state of the request.
        """
        await in_task()
        method = scope["method"]
        reply = Reply(
            scope, send, request_id, methods=self._methods, shared=shared, whole=self.whole
        )
        inner_scope = {**scope, "method": "GET"} if method == "HEAD" else scope
        scope["state"]["without_body"] = method == "HEAD"
        try:
            await self._inner(inner_scope, counted(receive), reply.take)
        except ClientDisconnect:
            pass
        except Exception as error:
            if not reply.status:
                return problems.answer(error, scope)
            # Starlette raises an unexpected error again after it has been answered with a 500.
            problems.report(error, scope)
            if not reply.complete:
                raise
        finally:
            scope["state"]["status"] = reply.status
        return None

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        try:
            await self._serve(scope, receive, send)
        finally:
            access.info("request", extra=self._noted(scope, began))

    def _noted(self, scope: Scope, began: float) -> dict[str, Any]:
        """What the access log says of a request; 0 is the status where nothing was answered."""
        addresses = Addresses() if self._limiter is None else self._limiter.addresses
        said = {
            "method": scope["method"],
            "path": problems.instance_of(scope),
            "status": scope["state"].get("status", 0),
            "duration_ms": round((time.perf_counter() - began) * 1000, 2),
            "client": addresses.of(scope),
            "request_id": request_ids.of_scope(scope),
        }
        principal = scope["state"].get("principal")
        return said if principal is None else {**said, "key_id": principal.key_id}


def fields(answer: Answer, request_id: bytes, shared: tuple[Header, ...], left: bytes) -> bytes:
    """All headers of an answer as they go over the wire; those in `left` do already."""
    return b"%bx-request-id: %b\r\n%b%b%b" % (
        answer.fields,
        request_id,
        SAFE_FIELDS,
        READABLE_FIELDS if shared is READABLE_ANYWHERE else fields_of(shared),
        left,
    )


async def deliver(
    answer: Answer, body: bytes, request_id: bytes, shared: Sequence[Header], send: Send
) -> None:
    """Send an answer of the lane or of the front itself, which is JSON or nothing."""
    await in_task()
    full = [*answer.all_headers(), (b"x-request-id", request_id), *SAFE, *shared]
    await send({"type": "http.response.start", "status": answer.status, "headers": full})
    await send({"type": "http.response.body", "body": body})
