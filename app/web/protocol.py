"""What the server refuses before there is a request: uvicorn's protocol with limits and a clock.

A request may take a while to arrive, but not for ever, and its head must stay small. What is
refused here is answered in plain text, because no application has seen it. Nothing is done for
a request that arrives whole in one piece, as nearly all do; a read that does is begun without
a task.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from app.eager import Beginnings
from app.web.bodies import LARGEST_BODY
from app.web.hygiene import LARGEST_HEAD, LONGEST_URL

LARGEST_RAW_HEAD = LARGEST_HEAD + LONGEST_URL + 1024
"""Bytes of a head that are read at all. Up to here the application refuses it, and explains."""

SLOWEST_BODY = 4096
"""Bytes a second at which a body keeps its connection, once the time for the head is over."""

LINGER_SECONDS = 2.0
"""How long a client that was refused in the middle of its body may go on sending. Closing at
once would take the answer away from under its eyes (RFC 9112, 9.6)."""


AT_ONCE = struct.pack("ii", 1, 0)
"""To linger for no time: the other side is told that the connection is broken."""


class Common:
    """The server's own headers as they go over the wire: it makes new ones once a second."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.fields = b""

    def written(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        if headers is not self.headers:
            self.headers = headers
            self.fields = b"".join([b"%b: %b\r\n" % header for header in headers])
        return self.fields


COMMON = Common()


def send_at_once(
    cycle: RequestResponseCycle, beginnings: Beginnings, status: int, fields: bytes, body: bytes
) -> bool:
    """Send a whole answer past ASGI's messages, of which uvicorn looks at each header again: that
    takes as long as all of the rest. `fields` are the headers as they go over the wire.

    False where the answer has to go the ordinary way: the client reads too slowly, or is gone.
    """
    if cycle.flow.write_paused or cycle.disconnected or cycle.response_started:
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    common = COMMON.written(cycle.default_headers)
    end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
    head = b"".join((STATUS_LINE[status], common, fields, end))
    beginnings.when_over(partial(write_out, cycle.transport, head, body, cycle.keep_alive))
    cycle.message_event.set()
    cycle.on_response()
    return True


def write_out(transport: asyncio.Transport, head: bytes, body: bytes, keep: bool) -> None:
    if body:
        # One call to the system: two cost as much again, and wake the client twice.
        transport.writelines((head, body))
    else:
        transport.write(head)
    if not keep:
        transport.close()


def cut(transport: asyncio.Transport) -> None:
    """Break a connection off in the middle of an answer, so that its client hears of an error.

    Else the system would go on to send what it holds, and end as if all had been said.
    """
    own = transport.get_extra_info("socket")
    if own is not None:
        with suppress(OSError), socket.fromfd(own.fileno(), own.family, own.type) as double:
            double.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    transport.abort()


class Refusing(asyncio.Transport):
    """The transport as a request with a body sees it: closing it first lets the client read."""

    def __init__(self, protocol: "LimitedProtocol") -> None:
        super().__init__()
        self.protocol = protocol
        self.write = protocol.transport.write  # type: ignore[method-assign]

    def close(self) -> None:
        self.protocol.linger()

    def is_closing(self) -> bool:
        return self.protocol.lingering or self.protocol.transport.is_closing()


class LimitedProtocol(HttpToolsProtocol):
    """`request_seconds` is how long a head may take to arrive, from its first byte or from the
    connection's beginning; a body may take as long again as it would at its slowest.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        request_seconds: float,
        beginnings: Beginnings,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.beginnings = beginnings
        self.request_seconds = request_seconds
        self.clock: asyncio.TimerHandle | None = None
        self.began = 0.0
        self.has_begun = False
        """Whether a request has begun to arrive, and has not ended."""
        self.in_head = True
        self.piece = 0
        self.head_bytes = 0
        """At most so many bytes came of the head; what came with them counts as well."""
        self.body_bytes = 0
        self.lingering = False
        self.idle_since: float | None = None
        """When the last answer was sent, by the loop's clock; None while a request is served."""
        self.is_first = False
        """Whether no request has ended in the piece that is being read."""
        self.holds = False
        """Whether the request whose head has been parsed is a read that may do without a task."""
        self.held: tuple[RequestResponseCycle, ASGI3Application] | None = None
        """It, until all of it has been parsed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_clock()
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

    def data_received(self, data: bytes) -> None:
        if self.lingering:
            return
        self.piece = len(data)
        self.is_first = True
        if self.has_begun and self.in_head:
            self.head_bytes += self.piece
        super().data_received(data)
        if self.has_begun:
            if self.transport.is_closing():
                return
            if self.in_head and self.head_bytes > LARGEST_RAW_HEAD:
                self.refuse(
                    HTTPStatus.REQUEST_URI_TOO_LONG
                    if len(self.url) > LONGEST_URL
                    else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                )
            elif self.clock is None:
                self.start_clock()
        elif self.is_first and self.clock is None and not self.is_busy():
            self.start_clock()  # an empty line between requests is none

    # What the parser finds.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.idle_since = None  # also of one that came in a piece with one that is answered
        self.has_begun = True
        self.head_bytes = self.piece
        self.body_bytes = 0

    def on_headers_complete(self) -> None:
        before = self.cycle
        if self.head_bytes > LARGEST_HEAD:
            self.scope["state"]["large_head"] = True
        self.holds = self.is_first and self.parser.get_method() == b"GET"
        super().on_headers_complete()
        self.holds = False
        self.in_head = False
        if self.cycle is before:
            return
        self.scope["state"]["at_once"] = partial(send_at_once, self.cycle, self.beginnings)
        if not self.pipeline:
            # Else what came before it, maybe a write, is still to be answered.
            self.scope["state"]["arrived_at"] = perf_counter()
        self.scope["state"]["cut"] = partial(cut, self.transport)
        for name, _ in self.headers:
            if name in {b"content-length", b"transfer-encoding"}:
                self.cycle.transport = Refusing(self)
                self.begin_held(whole=False)  # its body may be long in coming
                break

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        if self.cycle.response_complete and self.body_bytes > LARGEST_BODY:
            self.linger()  # answered already, and nobody reads it
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.has_begun = False
        self.in_head = True
        if self.clock is not None:
            self.stop_clock()
        if self.held is not None:
            self.begin_held(whole=True)
        self.is_first = False

    # Between requests. One timer looks now and then how long nothing was asked: to set one after
    # each answer, and to take it back with the next request, takes longer than to read the head.

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.lingering or self.transport.is_closing():
            return  # what was asked besides is not answered any more
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self.idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.look_again_in(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        self.idle_since = None

    def look_again_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self.idle_since is None or self.transport.is_closing():
            return
        left = self.idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.look_again_in(left)
        else:
            self.transport.close()

    # The beginning.

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self.holds:
            self.held = cycle, app
        else:
            super()._start_asgi_task(cycle, app)

    def begin_held(self, *, whole: bool) -> None:
        """Begin the read that is held, without a task if it has arrived whole.

        Only one of a piece is: others that came with it have a turn of the loop each, so that
        other clients have theirs.
        """
        if self.held is None:
            return
        (cycle, app), self.held = self.held, None
        if whole:
            self.beginnings.add(partial(cycle.run_asgi, app), self.tasks, self.loop)
        else:
            super()._start_asgi_task(cycle, app)

    # The clock.

    def start_clock(self) -> None:
        self.began = self.loop.time()
        self.clock = self.loop.call_later(self.request_seconds, self.time_is_up)

    def stop_clock(self) -> None:
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None

    def time_is_up(self) -> None:
        self.clock = None
        if self.transport.is_closing() or self.lingering:
            return
        if self.flow.read_paused or (self.in_head and self.is_busy()):
            self.start_clock()  # it is the application that takes its time
            return
        left = self.began + self.request_seconds + self.body_bytes / SLOWEST_BODY - self.loop.time()
        if left > 0 and not self.in_head:
            self.clock = self.loop.call_later(left, self.time_is_up)
        elif not self.has_begun:
            self.transport.close()  # nothing was asked, so that nothing need be answered
        else:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)

    def is_busy(self) -> bool:
        """Whether an earlier request has not been answered yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    # The end.

    def refuse(self, status: HTTPStatus) -> None:
        """Answer in plain text, unless an answer has begun, and close."""
        if self.in_head and self.is_busy():
            self.transport.close()
            return
        cycle: RequestResponseCycle | None = None if self.in_head else self.cycle
        if cycle is None or not cycle.response_started:
            said = status.phrase.encode() + b".\n"
            self.transport.write(
                b"HTTP/1.1 %d %b\r\ncontent-type: text/plain; charset=utf-8\r\n"
                b"x-content-type-options: nosniff\r\ncontent-length: %d\r\n"
                b"connection: close\r\n\r\n%b" % (status, status.phrase.encode(), len(said), said)
            )
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()
        self.linger()

    def linger(self) -> None:
        """Close; while the client is still sending, say only that nothing more will be said."""
        if self.lingering or self.transport.is_closing():
            return
        if not self.has_begun or not self.transport.can_write_eof():
            self.transport.close()
            return
        self.lingering = True
        self.flow.resume_reading()
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)
