"""A server for a small app of the test's own, and bytes sent to it as they stand."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from starlette.types import ASGIApp

from app.settings import Settings
from app.web.server import make_server


@contextmanager
def served(app: ASGIApp, *, idle_seconds: int = 5, **given: Any) -> Iterator[int]:
    """Serve an app as `chancery serve` does, in a thread; the port. `given` are settings."""
    settings = Settings(_env_file=None, **given)
    running = make_server(app, settings, lifespan="off", timeout_keep_alive=idle_seconds)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            running.should_exit = True
            thread.join(10)
            if thread.is_alive():
                pytest.fail("the server did not stop")


class Heard:
    """All that came over a connection until the other side closed it, or fell silent."""

    def __init__(self, raw: bytes, *, closed: bool, seconds: float) -> None:
        self.raw = raw
        self.closed = closed
        self.seconds = seconds

    @property
    def status(self) -> int:
        """The status of the first answer; 0 where there is none."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw else 0

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines)
        return {name.lower(): value for name, _, value in pairs}

    @property
    def body(self) -> Any:
        return orjson.loads(self.raw.partition(b"\r\n\r\n")[2])


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def hear(connection: socket.socket, silence: float = 0.5) -> Heard:
    """Listen until the other side closes, or has said something and then falls silent.

    After a whole answer, which leaves the connection open, a moment is enough.
    """
    began = time.monotonic()
    raw = b""
    while True:
        connection.settimeout(patience(raw, silence))
        try:
            part = connection.recv(65536)
        except TimeoutError:
            return Heard(raw, closed=False, seconds=time.monotonic() - began)
        except ConnectionResetError:
            part = b""
        if not part:
            return Heard(raw, closed=True, seconds=time.monotonic() - began)
        raw += part


def patience(raw: bytes, silence: float) -> float:
    """How long to wait for more."""
    if not raw or b"connection: close" in raw:
        return 10
    head, ended, body = raw.rpartition(b"HTTP/1.1 ")[2].partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    is_whole = ended and length is not None and len(body) == int(length[1])
    return 0.04 if is_whole and silence <= 0.5 else silence


def say(port: int, *parts: bytes, pause: float = 0.0) -> Heard:
    """Send the parts over a connection of their own, and listen."""
    with connected(port) as connection:
        for number, part in enumerate(parts):
            if number:
                time.sleep(pause)
            try:
                connection.sendall(part)
            except OSError:  # it does not listen any more; what did it say?
                break
        return hear(connection)


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
