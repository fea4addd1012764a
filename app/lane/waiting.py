"""Whoever waits for the log to grow, and the one watcher that wakes them.

A waiter holds a future and nothing else, neither a connection nor a thread. The watcher asks for
the head every tenth of a second, and only while somebody waits; this process's own writer can
have it look at once.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.database.reading import Reader
from app.errors import DatabaseUnavailable, QueryTooSlow, SchemaMismatch, TooManyWaiting
from app.lane.statements import Statements
from app.queries.base import Bind
from app.queries.changes import HEAD

SECONDS_BETWEEN_LOOKS = 0.1


class Waiters:
    """At most `most` at a time. To be used from one event loop, but for `head_moved`."""

    def __init__(
        self, reader: Reader, *, most: int, seconds_between_looks: float = SECONDS_BETWEEN_LOOKS
    ) -> None:
        self.reader = reader
        prepared = Statements(reader).prepare(HEAD, Bind(reader.dialect))
        self.statement, self.values = prepared.compiled, prepared.values(None)
        self.most = most
        self.seconds_between_looks = seconds_between_looks
        self.waiting: dict[asyncio.Future[None], int] = {}
        self.watching: asyncio.Task[None] | None = None
        self.stirred = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ended = False
        """Whether nobody may wait any more."""

    @contextmanager
    def place(self, beyond: int) -> Iterator[asyncio.Future[None]]:
        """A future that is done when the head lies beyond a sequence number, or nobody may wait;
        or that raises what kept the watcher from looking.

        The place is free again at the end of the block. Raises `TooManyWaiting`.
        """
        if len(self.waiting) >= self.most:
            message = (
                f"{self.most} requests are waiting for changes, and no more may. "
                "Ask again without `wait`, or a little later."
            )
            raise TooManyWaiting(message)
        self.loop = asyncio.get_running_loop()
        moved: asyncio.Future[None] = self.loop.create_future()
        if self.ended:
            moved.set_result(None)
        self.waiting[moved] = beyond
        if self.watching is None or self.watching.done():
            self.watching = self.loop.create_task(self.watch())
        try:
            yield moved
        finally:
            del self.waiting[moved]

    async def watch(self) -> None:
        try:
            while self.waiting and not self.ended:
                self.stirred.clear()
                # A database that is away for a moment has nothing new: whoever waits goes on.
                with suppress(DatabaseUnavailable, QueryTooSlow, SchemaMismatch):
                    rows = await self.reader.fetch(self.statement, self.values)
                    self.wake(int(rows[0][0]))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stirred.wait(), self.seconds_between_looks)
        except Exception as error:  # noqa: BLE001 - each of them answers for it
            for moved in self.waiting:
                if not moved.done():
                    moved.set_exception(error)

    def wake(self, head: int | None) -> None:
        """Wake those whom this head concerns; without one, all."""
        for moved, beyond in self.waiting.items():
            if (head is None or head > beyond) and not moved.done():
                moved.set_result(None)

    def head_moved(self) -> None:
        """Have the watcher look at once, as something was written here; from any thread."""
        if self.waiting and self.loop is not None and not self.ended:
            self.loop.call_soon_threadsafe(self.stirred.set)

    def end(self) -> None:
        """Wake all, and let nobody wait again: the server is about to stop."""
        self.ended = True
        self.wake(None)
        self.stirred.set()
