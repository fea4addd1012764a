"""Reading from PostgreSQL through a pool of connections.

The server itself stops a statement at its deadline, which keeps the connection. A server that
hangs does not, and neither does one behind a network that swallows packets: a little later the
client cuts the connection. Nobody waits for a cut connection; the pool replaces it behind the
scenes, and tries again for as long as somebody asks.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from math import ceil
from typing import Any

from psycopg import AsyncConnection, Error, IsolationLevel, OperationalError, errors
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Dialect, Select
from sqlalchemy.dialects import postgresql

from app.database.engines import parse_url
from app.database.migrations import SCHEMA
from app.database.reader import (
    VERSION_QUERY,
    Compiled,
    Fetch,
    compile_for,
    mismatch,
    too_slow,
    unavailable,
)
from app.eager import in_task

GRACE_SECONDS = 0.5
"""How long after the deadline the server may still say that it stopped."""

TOLERANCE = 0.05
"""The part of its time that a snapshot may use before the server is told of a nearer deadline:
a round trip that quick ones are spared."""

MOST_PREPARED = 200
"""Statements that a connection keeps prepared: lists come in many forms, and each one more than
this is another round trip to let one go.
"""

SECONDS_TRUSTED = 0.1
"""A connection that was used so lately is not asked whether the server has ended it."""

CANCEL_SECONDS = 1.0
RECONNECT_SECONDS = 3.0
"""How long the pool goes on trying by itself. Short, because its pauses grow, and because a read
that finds no connection makes it try again."""

IDLE = TransactionStatus.IDLE

KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
"""A dead network breaks idle connections within 20 seconds."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html
OPERATIONAL_CLASSES = frozenset({"08", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX"})
"""Connection, authorisation, no such database, rolled back by the server, resources, locks,
operator, system, configuration, internal or corrupt."""

OPERATIONAL = frozenset({"0A000", "25006", "25P03", "25P04", "42501"})
"""A plan from before a migration, read-only, two timeouts of the server, and rights taken away."""

UNDEFINED = frozenset({"3F000", "42P01", "42703", "42704", "42883"})
"""Schema, table, column, object, function: the statement is wrong, or the database's schema is."""


class ReadingConnection(AsyncConnection[Any]):
    """A connection that does not wait long for a server to hear that a read is off."""

    used_at = 0.0
    """When it was last given back, by the event loop's clock."""

    async def cancel_safe(self, *, timeout: float = CANCEL_SECONDS) -> None:  # noqa: ASYNC109 - psycopg's
        await super().cancel_safe(timeout=min(timeout, CANCEL_SECONDS))


async def prepare(connection: AsyncConnection[Any]) -> None:
    """Say what BEGIN is to ask for, and how many statements stay prepared."""
    connection.prepared_max = MOST_PREPARED
    await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    await connection.set_read_only(True)
    # Where a cost is overrated, compiling a statement takes longer than it would have run.
    await connection.execute("SET jit = off")


def cut(connection: AsyncConnection[Any]) -> None:
    """End a connection from our side, whatever the server does; who waits for it fails at once.

    The socket stays open until its owner closes it, so that its number is not given away.
    """
    with suppress(OSError, OperationalError):  # it is closed, or broken already
        double = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with double:
            double.shutdown(socket.SHUT_RDWR)


def is_alive(connection: AsyncConnection[Any]) -> bool:
    """Whether an idle connection has not been ended by the server, as far as we have heard."""
    try:
        # The server's parting words come first, and only then the end.
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except OperationalError:
        return False
    return True


def is_operational(error: Error) -> bool:
    """Whether the database or its operator is to blame, and not the statement."""
    if error.sqlstate is None:  # the driver's own: connections that break or cannot be had
        return isinstance(error, OperationalError)
    return error.sqlstate[:2] in OPERATIONAL_CLASSES or error.sqlstate in OPERATIONAL


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
            "options": f"-c statement_timeout={milliseconds} -c timezone=UTC",
            "connect_timeout": max(2, ceil(timeout_seconds)),
            "tcp_user_timeout": milliseconds + 1000,
            **KEEPALIVES,
        }
        self.pool = AsyncConnectionPool(
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
        self.spare: list[ReadingConnection] = []
        """Connections that nobody uses, the one used last at the end."""
        self.waiting = 0
        """How many wait for the pool."""
        self.watchers: list[Callable[[str], None]] = []

    def compile(self, statement: Select[Any]) -> Compiled:
        return compile_for(self.dialect, statement)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[ReadingConnection]:
        """A connection for some statements; what goes wrong becomes an error of the domain."""
        try:
            connection, alarm = await self.borrow()
            try:
                yield connection
            except Error as error:
                await self.part_with(connection, error)
                raise
            finally:
                alarm.cancel()
                await self.give_back(connection)
        except Error as error:
            fault = await self.fault(error)
            if fault is error:
                raise
            raise fault from error

    async def borrow(self) -> tuple[ReadingConnection, asyncio.TimerHandle]:
        """A connection, and what cuts it when the deadline and the grace are over."""
        await in_task()
        loop = asyncio.get_running_loop()
        now = loop.time()
        end = now + self.timeout_seconds
        while True:
            if self.spare:
                connection = self.spare.pop()
            else:
                connection = await self.from_pool(end - loop.time())
            if now - connection.used_at < SECONDS_TRUSTED or is_alive(connection):
                return connection, loop.call_at(end + GRACE_SECONDS, cut, connection)
            await self.pool.putconn(connection)

    async def from_pool(self, timeout_seconds: float) -> ReadingConnection:
        if self.pool.closed:
            await self.pool.open()
        self.waiting += 1
        try:
            return await self.pool.getconn(timeout=timeout_seconds)
        finally:
            self.waiting -= 1

    async def part_with(self, connection: ReadingConnection, error: Error) -> None:
        """Close a connection after an error that may be its own."""
        if is_operational(error) and not isinstance(error, errors.QueryCanceled):
            await connection.close()

    async def give_back(self, connection: ReadingConnection) -> None:
        """Return a connection without a word to the server, which may not answer.

        It is kept at hand, past the pool and its locks, unless somebody waits there for one.
        """
        if connection.pgconn.transaction_status != IDLE:
            await connection.close()
        elif not self.waiting and not self.pool.closed:
            connection.used_at = asyncio.get_running_loop().time()
            self.spare.append(connection)
            return
        await self.pool.putconn(connection)

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
            connection, alarm = await self.borrow()
            try:
                cursor = await connection.execute(VERSION_QUERY)
                return await cursor.fetchall() == [(SCHEMA,)]
            except Error as error:
                await self.part_with(connection, error)
                raise
            finally:
                alarm.cancel()
                await self.give_back(connection)
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
        # `connection` spelt out: every hot read comes by here, and spares the context manager.
        try:
            connection, alarm = await self.borrow()
            try:
                return await self.execute(connection, statement, values)
            except Error as error:
                await self.part_with(connection, error)
                raise
            finally:
                alarm.cancel()
                await self.give_back(connection)
        except Error as error:
            fault = await self.fault(error)
            if fault is error:
                raise
            raise fault from error

    def state(self) -> object:
        """Nothing: the server would have to be asked, which takes as long as a read."""
        return None

    @asynccontextmanager
    async def snapshot(self, *, slow: bool = False) -> AsyncIterator[Fetch]:
        granted = self.timeout_seconds
        deadline = time.monotonic() + granted
        tolerance = granted * TOLERANCE

        async with self.connection() as connection, connection.transaction():

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
                    alarm = loop.call_later(end, cut, connection)
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
        while self.spare:
            await self.pool.putconn(self.spare.pop())
        # Whoever still tries to connect is not waited for.
        await self.pool.close(timeout=1)
