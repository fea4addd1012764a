"""Reading from PostgreSQL through a pool of connections.

The server itself stops a statement at its deadline, which keeps the connection. A server that
hangs does not, and neither does one behind a network that swallows packets: a little later the
client cuts the connection. Nobody waits for a cut connection; the pool replaces it behind the
scenes, and tries again for as long as somebody asks.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, nullcontext
from math import ceil
from typing import Any

from psycopg import AsyncConnection, Error, IsolationLevel, errors
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Dialect, Select
from sqlalchemy.dialects import postgresql

from app.database.engines import parse_url
from app.database.migrations import SCHEMA
from app.database.postgres_connection import MOST_PREPARED, ReadingConnection
from app.database.postgres_errors import UNDEFINED, is_operational
from app.database.postgres_sharing import GRACE_SECONDS, Sharing
from app.database.reader import (
    VERSION_QUERY,
    Compiled,
    Fetch,
    T,
    compile_for,
    mismatch,
    too_slow,
    unavailable,
)
from app.eager import in_task

RECONNECT_SECONDS = 3.0
"""How long the pool goes on trying by itself. Short, because its pauses grow, and because a read
that finds no connection makes it try again."""

TOLERANCE = 0.05
"""The part of its time that a snapshot may use before the server is told of a nearer deadline:
a round trip that quick ones are spared."""

SLOW_IN = 4
"""One of so many connections, and at least two, may be used for what takes long. Else a few
searches and counts at once have the server to themselves, and a page waits for all of them.
"""

COST_OF_HELPERS = 50_000
"""What PostgreSQL is told that parallel workers cost, so that it has some for a count of a million
rows and none for a page: to start two of them took ten milliseconds, and the page itself one.
"""

KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
"""A dead network breaks idle connections within 20 seconds."""


async def prepare(connection: AsyncConnection[Any]) -> None:
    """Say what BEGIN is to ask for, and how many statements stay prepared."""
    connection.prepared_max = MOST_PREPARED
    await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    await connection.set_read_only(True)
    # Where a cost is overrated, compiling a statement takes longer than it would have run.
    await connection.execute("SET jit = off")


class PostgresReader:
    """Reads from PostgreSQL. Connects when it is first asked for something."""

    dialect: Dialect = postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call]

    def __init__(self, url: str, timeout_seconds: float, pool_size: int) -> None:
        milliseconds = ceil(timeout_seconds * 1000)
        self.timeout_seconds = timeout_seconds
        self.address = (
            parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        )
        self.options: dict[str, Any] = {
            "options": f"-c statement_timeout={milliseconds} -c timezone=UTC"
            f" -c parallel_setup_cost={COST_OF_HELPERS}",
            "connect_timeout": max(2, ceil(timeout_seconds)),
            "tcp_user_timeout": milliseconds + 1000,
            **KEEPALIVES,
        }
        pool = AsyncConnectionPool(
            self.address,
            connection_class=ReadingConnection,
            configure=prepare,
            min_size=1,
            max_size=pool_size,
            timeout=timeout_seconds,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            kwargs={"autocommit": True, **self.options},
        )
        self.sharing = Sharing(pool, timeout_seconds)
        self.slow_places = asyncio.Semaphore(max(2, pool_size // SLOW_IN))
        self.watchers: list[Callable[[str], None]] = []

    def compile(self, statement: Select[Any]) -> Compiled:
        return compile_for(self.dialect, statement)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[ReadingConnection]:
        """A connection for some statements; what goes wrong becomes an error of the domain."""
        try:
            connection = await self.sharing.borrow()
            try:
                yield connection
            except Error as error:
                await self.sharing.part_with(connection, error)
                raise
            finally:
                await self.sharing.give_back(connection)
        except Error as error:
            fault = await self.fault(error)
            if fault is error:
                raise
            raise fault from error

    async def fault(self, error: Error) -> Exception:
        """The error of the domain for one of the driver's; itself where the fault is ours."""
        if isinstance(error, errors.QueryCanceled):
            return too_slow(self.timeout_seconds)
        if is_operational(error):
            return unavailable()
        if error.sqlstate in UNDEFINED and not await self.is_current():
            return mismatch()
        return error

    async def is_current(self) -> bool:
        try:
            connection = await self.sharing.borrow()
            try:
                cursor = await connection.execute(VERSION_QUERY)
                return await cursor.fetchall() == [(SCHEMA,)]
            except Error as error:
                await self.sharing.part_with(connection, error)
                raise
            finally:
                await self.sharing.give_back(connection)
        except Error:
            return False

    async def execute(
        self, connection: ReadingConnection, statement: Compiled, values: Sequence[Any]
    ) -> list[Any]:
        for watch in self.watchers:
            watch(statement.sql)
        cursor = connection.cursor(binary=True)
        await cursor.execute(statement.sql, values)
        return await cursor.fetchall()

    async def fetch(self, statement: Compiled, values: Sequence[Any]) -> list[Any]:
        for watch in self.watchers:
            watch(statement.sql)
        try:
            return await self.sharing.ask(statement.sql, values)
        except Error as error:
            fault = await self.fault(error)
            if fault is error:
                raise
            raise fault from error

    def state(self) -> object:
        """Nothing: the server would have to be asked, which takes as long as a read."""
        return None

    @asynccontextmanager
    async def snapshot(self, *, slow: bool = False, brief: bool = False) -> AsyncIterator[Fetch]:
        granted = self.timeout_seconds
        deadline = time.monotonic() + granted
        tolerance = granted * TOLERANCE

        async with (
            self.slow_place() if slow and not brief else nullcontext(),
            self.connection() as connection,
            connection.transaction(),
        ):

            async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
                nonlocal granted
                left = deadline - time.monotonic()
                if left < granted - tolerance:
                    if left <= 0:
                        raise too_slow(self.timeout_seconds)
                    limit = f"SET LOCAL statement_timeout = {ceil(left * 1000)}"
                    await connection.execute(limit, prepare=False)
                    granted = left
                return await self.execute(connection, statement, values)

            yield fetch

    async def apart(self, work: Callable[[Fetch], Coroutine[Any, Any, T]]) -> T:
        async with self.snapshot(slow=True) as fetch:
            return await work(fetch)

    @asynccontextmanager
    async def slow_place(self) -> AsyncIterator[None]:
        """A place among those who may keep the server busy. `DatabaseUnavailable` where none comes
        free in time.
        """
        await in_task()
        try:
            async with asyncio.timeout(self.timeout_seconds):
                await self.slow_places.acquire()
        except TimeoutError as error:
            raise unavailable() from error
        try:
            yield
        finally:
            self.slow_places.release()

    @asynccontextmanager
    async def lasting(self) -> AsyncIterator[Fetch]:
        """Past the pool, which is for those who are quick."""
        loop = asyncio.get_running_loop()
        try:
            connection = await ReadingConnection.connect(self.address, **self.options)
            try:
                await prepare(connection)

                async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
                    end = self.timeout_seconds + GRACE_SECONDS
                    alarm = loop.call_later(end, connection.cut)
                    try:
                        return await self.execute(connection, statement, values)
                    finally:
                        alarm.cancel()

                yield fetch
            finally:
                # Not committed: that would be a round trip, and nothing was written.
                await connection.close()
        except Error as error:
            fault = await self.fault(error)
            if fault is error:
                raise
            raise fault from error

    async def close(self) -> None:
        await self.sharing.close()
