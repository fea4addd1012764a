"""The response cache: answers that are kept for as long as nothing is appended to the log.

It stands before the lane, and asks the database with each request whether the log is still what
it was: an answer is never older than a write that was acknowledged before the question came,
whichever process wrote. Where a database cannot say so for next to nothing, nothing is kept.

It also gives every answer the coding that the client takes, and keeps both forms.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from math import inf as NOW
from time import perf_counter
from typing import Any
from urllib.parse import unquote_to_bytes

import anyio.to_thread

from app.database.reading import Reader
from app.eager import in_task
from app.lane.answer import Answer
from app.lane.coding import SMALLEST, VARY, coded, takes_gzip
from app.lane.conditional import conditions, held_tag
from app.lane.lane import not_modified

Ask = Callable[[Mapping[str, Any]], Awaitable[Answer | None]]
Key = tuple[str, bytes, str]
"""All of a request that an answer depends on, but for its coding and for what the client holds:
path, query, and the prefix under which a proxy serves this, which stands in links.

Nothing that is kept depends on who asks: reading needs no key. What says how often a client may
ask, what its request was called and which sites may read it is put on at the front.
"""

COMPUTED = re.compile(r"/v1/(?:stats|relations)/.+|/v1/.+/(?:accounts|counterparts|history)")
"""Answers of ordinary routes that are kept as well: they take a while, and depend on the log and
on nothing else."""

OVERHEAD = 1500
"""Bytes that an answer takes besides its bodies, its headers, its path and its query."""

LARGEST_SHARE = 8
"""No answer may take more than this part of the whole room."""

LONG = 65_536
"""Bytes that are compressed in a thread: they would take the event loop a part of a millisecond."""


class Kept:
    """An answer, in each form in which it was asked for; no form where all it was asked for is
    whether it still holds.
    """

    __slots__ = ("coded", "etag", "plain", "size", "unchanged")

    def __init__(self, etag: bytes, plain: Answer | None, size: int) -> None:
        self.etag = etag
        self.plain = plain
        self.coded: Answer | None = None
        self.unchanged: Answer | None = None
        self.size = size


class ResponseCache:
    """Answers in the lane's place. `most_bytes` bound what is kept; with 0 nothing is.

    `reader` is the lane's own. To be used from one event loop.
    """

    def __init__(self, lane: Ask, reader: Reader, *, most_bytes: int) -> None:
        self.lane = lane
        self.reader = reader
        self.most_bytes = most_bytes
        self.kept: OrderedDict[Key, Kept] = OrderedDict()
        self.bytes = 0
        self.state: object = None
        """That of the log to which all that is kept belongs; None where it is not known."""
        self.looked_at = 0.0

    async def __call__(self, scope: Mapping[str, Any]) -> Answer | None:
        """The answer to a request, or None where the lane has none.

        Raises the errors of the lane, which are not kept.
        """
        path: str = scope["path"]
        if "/v1/" not in path:
            return await self.lane(scope)
        state = self.present(scope["state"].get("arrived_at", NOW))
        key = (path, scope["query_string"], scope.get("root_path", ""))
        kept = self.kept.get(key)
        if kept is not None:
            self.kept.move_to_end(key)
            answer = await self.form(key, kept, scope)
            if answer is not None:
                return answer
        answer = await self.lane(scope)
        if answer is None:
            scope["state"]["log_was"] = state
            return None
        if state is None:
            return await in_coding(answer, scope)
        return await self.keep(key, answer, scope, state)

    def present(self, since: float) -> object:
        """The state of the log at a moment after `since`; what was kept of another is let go.

        A look that began after a request had arrived holds for it as well: whatever its client
        knew to be written was written before. So one look serves all that arrived together.
        """
        if not self.most_bytes or (since < self.looked_at and self.state is not None):
            return self.state
        looked_at = perf_counter()
        state = self.reader.state()
        if state is not self.state:
            self.clear()
            self.state = state
        self.looked_at = looked_at
        return state

    async def form(self, key: Key, kept: Kept, scope: Mapping[str, Any]) -> Answer | None:
        """What is kept, as this client takes it; None where that form is not known."""
        if_none_match, accept_encoding = conditions(scope["headers"])
        gzip = accept_encoding != b"" and takes_gzip(accept_encoding)
        if if_none_match:
            if if_none_match == kept.etag:
                if kept.unchanged is None:
                    kept.unchanged = not_modified(kept.etag)
                return kept.unchanged
            held = held_tag(if_none_match, kept.etag, gzip=gzip)
            if held is not None:
                return not_modified(held)
        plain = kept.plain
        if plain is None or not gzip or len(plain.body) < SMALLEST:
            return plain
        if kept.coded is None:
            made = await compressed(plain)
            # Another request may have had it made meanwhile, or the answer may be gone.
            if kept.coded is None:
                kept.coded = made
                if self.kept.get(key) is kept:
                    self.grow(kept, size_of(made))
        return kept.coded

    async def whole(self, scope: Mapping[str, Any], answer: Answer) -> Answer:
        """What is sent where an ordinary route has answered a GET with 200."""
        path: str = scope["path"]
        if "/v1/" not in path:
            return answer
        root: str = scope.get("root_path", "")
        state = None
        if COMPUTED.fullmatch(path.removeprefix(root)):
            state = scope["state"].get("log_was")
        key = (path, scope["query_string"], root)
        varying = Answer(answer.status, [*answer.headers, VARY], answer.body)
        return await self.keep(key, varying, scope, state)

    async def keep(
        self, key: Key, answer: Answer, scope: Mapping[str, Any], state: object
    ) -> Answer:
        """The answer as this client takes it, kept for as long as the log is in the `state` in
        which it was before the answer was read.

        Something may have been appended since, so that the answer is newer. Then the next look,
        which finds another state, lets it go; until then it is given to none but requests that
        had arrived before the last look, which nobody promised anything older.
        """
        etag = next(value for name, value in answer.headers if name == b"etag")
        if answer.status == 304:
            if state is not None and not etag.endswith(b'-gzip"'):
                self.put(key, Kept(etag, None, OVERHEAD + len(key[0]) + len(key[1])), state)
            return answer
        kept = Kept(etag, answer, OVERHEAD + len(key[0]) + len(key[1]) + size_of(answer))
        if state is not None:
            self.put(key, kept, state)
        return await self.form(key, kept, scope) or answer

    def put(self, key: Key, kept: Kept, state: object) -> None:
        if kept.size * LARGEST_SHARE > self.most_bytes or depends_on_the_clock(key[1]):
            return
        if self.state is not state:
            return
        former = self.kept.pop(key, None)
        if former is not None:
            self.bytes -= former.size
        self.kept[key] = kept
        self.bytes += kept.size
        self.make_room()

    def grow(self, kept: Kept, size: int) -> None:
        kept.size += size
        self.bytes += size
        self.make_room()

    def make_room(self) -> None:
        """Let go of what was not asked for the longest."""
        while self.bytes > self.most_bytes:
            _, dropped = self.kept.popitem(last=False)
            self.bytes -= dropped.size

    def clear(self) -> None:
        self.kept.clear()
        self.bytes = 0


def size_of(answer: Answer) -> int:
    """Bytes of a body and of its headers, which are kept twice: one by one and as they are sent. A
    link repeats the query.
    """
    return len(answer.body) + 2 * sum(len(name) + len(value) for name, value in answer.headers)


def depends_on_the_clock(query: bytes) -> bool:
    """Whether an answer may be another one later though nothing was appended: an instant to come
    is now, and some time it is past.
    """
    return b"known_at" in unquote_to_bytes(query)


async def in_coding(answer: Answer, scope: Mapping[str, Any]) -> Answer:
    """An answer that is not kept, as this client takes it."""
    if len(answer.body) < SMALLEST:
        return answer
    _, accept_encoding = conditions(scope["headers"])
    return await compressed(answer) if takes_gzip(accept_encoding) else answer


async def compressed(plain: Answer) -> Answer:
    if len(plain.body) < LONG:
        return coded(plain)
    await in_task()
    return await anyio.to_thread.run_sync(coded, plain)
