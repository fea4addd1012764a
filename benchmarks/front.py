"""What the front costs a hot read: its layers around an answer that is there already.

In this process, without a socket: microseconds a request with every layer at work, less those of
handing the same answer to the same `send`. Medians of interleaved rounds.
"""

import asyncio
import logging
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.types import Message, Scope

from app.lane.answer import Answer
from app.settings import Settings
from app.web.addresses import Addresses
from app.web.front import Front
from app.web.limiting import Limiter
from app.web.logs import Lines

CALLS = 300
"""In a round, which is short, so that most rounds are not interrupted by other programs."""
BUDGET_MICROSECONDS = 5.0
HEADERS = [
    (b"host", b"records.example.org"),
    (b"user-agent", b"python-httpx/0.28.1"),
    (b"accept", b"application/json"),
    (b"accept-encoding", b"gzip, deflate, br"),
    (b"connection", b"keep-alive"),
    (b"accept-language", b"en"),
]
ANSWER = Answer(
    200,
    [
        (b"content-type", b"application/json"),
        (b"cache-control", b"public, max-age=0, must-revalidate"),
        (b"etag", b'"12-345"'),
    ],
    b'{"items":[]}',
)
Call = Callable[[Scope], Awaitable[None]]


async def lane(_: Scope) -> Answer | None:
    return ANSWER


async def send(_: Message) -> None: ...


async def receive() -> Any: ...


async def inner(_scope: Scope, _receive: Any, _send: Any) -> None: ...


async def bare(scope: Scope) -> None:
    answer = await lane(scope)
    await send({"type": "http.response.start", "status": 200, "headers": answer and answer.headers})
    await send({"type": "http.response.body", "body": ANSWER.body})


def at_once(_status: int, _fields: bytes, _body: bytes) -> bool:
    """As the server sends an answer that is whole, but for the sending."""
    return True


def through(front: Front) -> Call:
    async def call(scope: Scope) -> None:
        await front(scope, receive, send)

    return call


def contenders() -> dict[str, Call]:
    limiter = Limiter(Settings(rate_anonymous="1000000000/minute", _env_file=None), Addresses([]))
    hosts = ["records.example.org"]
    return {
        "bare": bare,
        "front without limits": through(Front(inner, lane, routes=list)),
        "front with limits": through(Front(inner, lane, routes=list, limiter=limiter)),
        "front with limits and hosts": through(
            Front(inner, lane, routes=list, limiter=limiter, hosts=hosts)
        ),
        "front with an access log": through(
            Front(inner, lane, routes=list, limiter=limiter, hosts=hosts, access_log=True)
        ),
    }


def scope() -> Scope:
    """As the server makes one for each request."""
    return {
        "type": "http",
        "method": "GET",
        "path": "/v1/meetings",
        "raw_path": b"/v1/meetings",
        "query_string": b"limit=20&country=CN",
        "headers": HEADERS,
        "client": ("203.0.113.9", 1234),
        "root_path": "",
        "state": {"at_once": at_once},
    }


async def microseconds(call: Call) -> float:
    scopes = [scope() for _ in range(CALLS)]
    began = time.perf_counter()
    for each in scopes:
        await call(each)
    return (time.perf_counter() - began) * 1e6 / CALLS


@contextmanager
def access_log() -> Iterator[None]:
    """The lines of the access log are made and written, to where nobody reads them."""
    log = logging.getLogger("chancery.access")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        handler = logging.StreamHandler(nowhere)
        handler.setFormatter(Lines("json"))
        log.addHandler(handler)
        log.propagate, log.level = False, logging.INFO
        try:
            yield
        finally:
            log.removeHandler(handler)


async def measured(rounds: int) -> dict[str, float]:
    calls = contenders()
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(await microseconds(call))
    medians = {name: statistics.median(figures) for name, figures in found.items()}
    sending = medians.pop("bare")
    return {name: figure - sending for name, figure in medians.items()}


def measure(rounds: int = 300) -> dict[str, float]:
    """Microseconds that each form of the front adds to a hot read."""
    with access_log():
        return asyncio.run(measured(rounds))


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:32}{figure:>8.2f} µs of {BUDGET_MICROSECONDS:g}")
