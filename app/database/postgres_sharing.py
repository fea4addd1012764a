"""Connections to PostgreSQL, and who has which: statements that travel together, and those who
want one to themselves.

All wait in one queue and are served in the order in which they came. A quick statement takes the
server less time than it takes to send it, and several cost little more than one: so those whose
requests arrived together are sent together. Their server answers one after the other, so that a
statement that is not known to be quick goes alone, and holds nobody up.

The connections come from psycopg's pool, which makes them and replaces broken ones; they stay here,
past its locks, until they break.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any

from psycopg import Error, OperationalError
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.database.deadlines import Deadlines
from app.database.postgres_connection import Asked, ReadingConnection
from app.database.postgres_errors import spoils
from app.eager import in_task

GRACE_SECONDS = 0.5
"""How long after the deadline the server may still say that it stopped."""

SECONDS_TRUSTED = 0.1
"""A connection that was used so lately is not asked whether the server has ended it."""

MOST_TOGETHER = 4
"""Statements that are sent together over one connection, to be answered one after the other."""

SECONDS_TOGETHER = 0.025
"""A statement that took longer is sent alone the next time, to hold nobody up."""

SECONDS_STUCK = 0.05
"""Those that were sent together, and take longer against all expectation, are sent anew."""

MOST_QUICK = 2_000
"""How many statements are known to be quick, before all are found out about anew."""

IDLE = TransactionStatus.IDLE

Place = asyncio.Future[ReadingConnection]
"""Of somebody in the queue who wants a connection."""


class Sharing:
    """The connections of one reader."""

    def __init__(
        self, pool: AsyncConnectionPool[ReadingConnection], timeout_seconds: float
    ) -> None:
        self.pool, self.timeout_seconds = pool, timeout_seconds
        self.spare: list[ReadingConnection] = []
        """Connections that nobody uses, the one used last at the end."""
        self.taken = 0
        """How many connections are ours, or asked of the pool."""
        self.growing = 0
        """How many of these the pool has still to give."""
        self.queue: deque[Asked | Place] = deque()
        """Statements to be sent, and those who want a connection to themselves."""
        self.is_called = False
        """Whether the queue is to be served in this turn of the event loop."""
        self.quick: set[str] = set()
        """Statements that took little time when they were sent last."""
        self.late = Deadlines[Asked | Place | ReadingConnection](self.end)
        self.stuck = Deadlines[ReadingConnection](self.relieve)
        self.errands: set[asyncio.Task[None]] = set()

    async def ask(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """The rows of one statement, outside any transaction."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.timeout_seconds
        asked = Asked(sql, values, loop.create_future(), until)
        self.late.start(asked, until)
        self.queue.append(asked)
        self.call()
        try:
            connection, result = await asked.result
        except Error:
            self.late.done(asked)
            raise
        # Of one that is cancelled the answer is still to come, and nothing else sees to that.
        self.late.done(asked)
        self.remember(sql, loop.time() - asked.sent_at)
        return connection.rows(result)

    async def borrow(self) -> ReadingConnection:
        """A connection for oneself, which is cut when the deadline and the grace are over."""
        await in_task()  # what follows is psycopg's
        loop = asyncio.get_running_loop()
        end = loop.time() + self.timeout_seconds
        place: Place = loop.create_future()
        self.queue.append(place)
        self.late.start(place, end)
        self.serve()
        try:
            connection = await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and not place.exception():
                self.free(place.result())
            raise
        finally:
            self.late.done(place)
        self.late.start(connection, end + GRACE_SECONDS)
        connection.leave()
        return connection

    async def part_with(self, connection: ReadingConnection, error: Error) -> None:
        """Close a connection after an error that may be its own."""
        if spoils(error):
            await connection.close()

    async def give_back(self, connection: ReadingConnection) -> None:
        """Return a connection without a word to the server, which may not answer."""
        if connection.pgconn.transaction_status != IDLE:
            await connection.close()
            connection.is_spoilt = True
        self.free(connection)

    def free(self, connection: ReadingConnection) -> None:
        """Keep a connection at hand, past the pool and its locks, and go on with the queue."""
        self.late.done(connection)
        self.stuck.done(connection)
        now = asyncio.get_running_loop().time()
        for asked in reversed(connection.undone):
            asked.connection = None
            if now < asked.until:
                self.queue.appendleft(asked)
            else:
                self.refuse(asked)
        connection.undone.clear()
        if connection.is_spoilt or self.pool.closed:
            self.discard(connection)
        else:
            connection.used_at = now
            self.spare.append(connection)
        if self.queue:
            self.serve()

    def discard(self, connection: ReadingConnection) -> None:
        """Close a connection, and have the pool replace it."""
        self.taken -= 1
        connection.leave()
        self.run(self.give_up(connection))

    async def give_up(self, connection: ReadingConnection) -> None:
        await connection.close()
        await self.pool.putconn(connection)

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(errand)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)

    def call(self) -> None:
        """Serve the queue once all have joined it whose requests arrived together."""
        if not self.is_called:
            self.is_called = True
            asyncio.get_running_loop().call_soon(self.serve)

    def serve(self) -> None:
        """Give what is at hand to those who wait, in the order in which they came."""
        self.is_called = False
        while self.queue:
            first = self.queue[0]
            # From the far end where it is for psycopg, so that the others go on listening.
            connection = self.at_hand(-1 if isinstance(first, Asked) else 0)
            if connection is None:
                self.grow()
                return
            if isinstance(first, Asked):
                if together := self.together():
                    self.send(connection, together)
                    continue
            else:
                self.queue.popleft()
                if not first.done():
                    first.set_result(connection)
                    continue
            self.spare.append(connection)

    def send(self, connection: ReadingConnection, together: list[Asked]) -> None:
        if len(together) > 1:
            now = asyncio.get_running_loop().time()
            self.stuck.start(connection, now + SECONDS_STUCK)
        connection.send(together, self.free)

    def relieve(self, connection: ReadingConnection) -> None:
        """Send what is not answered over other connections, each alone: one of them is slow, and
        the server says nothing of any of them before all are done.
        """
        unanswered = connection.take_back()
        self.quick.difference_update(asked.sql for asked in unanswered)
        self.queue.extendleft(reversed(unanswered))
        # Nobody else sees to it any more that this connection comes back.
        end = asyncio.get_running_loop().time() + self.timeout_seconds + GRACE_SECONDS
        self.late.start(connection, end)
        self.serve()

    def together(self) -> list[Asked]:
        """The next statements to be sent together; alone one that may take its time."""
        found: list[Asked] = []
        while self.queue and len(found) < MOST_TOGETHER:
            asked = self.queue[0]
            if not isinstance(asked, Asked):
                break
            is_alone = asked.sql not in self.quick
            if is_alone and found:
                break
            self.queue.popleft()
            if not asked.result.done():
                found.append(asked)
                if is_alone:
                    break
        return found

    def at_hand(self, place: int) -> ReadingConnection | None:
        now = asyncio.get_running_loop().time()
        while self.spare:
            connection = self.spare.pop(place)
            is_trusted = now - connection.used_at < SECONDS_TRUSTED
            if not connection.is_spoilt and (is_trusted or connection.is_alive()):
                return connection
            self.discard(connection)
        return None

    def grow(self) -> None:
        """Ask the pool for as many more as there is use for."""
        for _ in range(min(self.pool.max_size - self.taken, len(self.queue) - self.growing)):
            self.taken += 1
            self.growing += 1
            self.run(self.take_one())

    async def take_one(self) -> None:
        try:
            if self.pool.closed:
                await self.pool.open()
            connection = await self.pool.getconn()
        except Error as error:
            self.taken -= 1
            self.growing -= 1
            if isinstance(error, PoolTimeout):
                self.serve()
            else:  # it has been closed for good
                for each in self.queue:
                    self.refuse(each)
                self.queue.clear()
        except BaseException:
            self.taken -= 1
            self.growing -= 1
            raise
        else:
            self.growing -= 1
            # It may have lain in the pool for a while.
            connection.is_spoilt = not connection.is_alive()
            self.free(connection)

    def end(self, what: Asked | Place | ReadingConnection) -> None:
        """Do not wait any longer: with a grace for what was sent, of which the server may still
        say that it has stopped it.
        """
        if isinstance(what, ReadingConnection):
            what.cut()
        elif isinstance(what, asyncio.Future) or what.connection is None:
            self.refuse(what)
        elif what in what.connection.due:
            cut_at = what.until + GRACE_SECONDS
            if asyncio.get_running_loop().time() < cut_at:
                self.late.start(what, cut_at)
            else:
                self.refuse(what)
                what.connection.is_spoilt = True
                what.connection.cut()

    def refuse(self, what: Asked | Place) -> None:
        error = OperationalError("there was no answer in time")
        if isinstance(what, Asked):
            what.fail(error)
        elif not what.done():
            what.set_exception(error)

    def remember(self, sql: str, seconds: float) -> None:
        """Whether a statement was quick, to send it with others the next time."""
        if seconds > SECONDS_TOGETHER:
            self.quick.discard(sql)
        elif sql not in self.quick:
            if len(self.quick) >= MOST_QUICK:
                self.quick.clear()
            self.quick.add(sql)

    async def close(self) -> None:
        while self.spare:
            self.discard(self.spare.pop())
        # Whoever still tries to connect is not waited for.
        await self.pool.close(timeout=1)
        await asyncio.gather(*self.errands)
