"""Reading past SQLAlchemy's execution: compiled statements on raw connections.

SQLAlchemy writes every statement, once for each of its forms; after that only the driver runs.
Quick indexed reads run on the event loop with SQLite, where a hop to a thread costs more than
the query; what may take longer runs in a thread. Every read has a deadline.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Protocol

import anyio.to_thread
import orjson
from sqlalchemy import Dialect, Select
from sqlalchemy.dialects import postgresql, sqlite

from app.database.engines import PRAGMAS, SQLITE_MODULE, parse_url, sqlite_path
from app.errors import DatabaseUnavailable, QueryTooSlow

Row = Sequence[Any]


class Compiled(NamedTuple):
    """A statement as the driver takes it, the names of its values in their order, and the
    values that belong to the statement itself.
    """

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]


Fetch = Callable[[Compiled, Sequence[Any]], Awaitable[list[Any]]]


class Reader(Protocol):
    """Reads from one database."""

    watchers: list[Callable[[str], None]]

    @property
    def dialect(self) -> Dialect: ...

    def compile(self, statement: Select[Any]) -> Compiled: ...

    def snapshot(self, *, slow: bool = False) -> AbstractAsyncContextManager[Fetch]:
        """One consistent view of the database for as many statements as are fetched in it.

        Nothing but `fetch` may be awaited inside. `slow` says that a statement may take
        longer than the event loop should wait.
        """

    async def fetch(self, statement: Compiled, values: Sequence[Any]) -> list[Any]:
        """The rows of one quick statement."""

    async def close(self) -> None: ...


def compile_for(dialect: Dialect, statement: Select[Any]) -> Compiled:
    compiled = statement.compile(dialect=dialect)
    constants = {
        name: str(value) if isinstance(value, str) else value
        for name, value in compiled.params.items()
        if value is not None
    }
    return Compiled(str(compiled), tuple(compiled.positiontup or ()), constants)


SQLITE_DIALECT = sqlite.dialect(paramstyle="qmark")
STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 20_000
SLOW_READS_AT_ONCE = 8


def adapt(value: Any) -> Any:
    """A value as SQLite stores it."""
    if isinstance(value, datetime):
        # Not strftime, which writes the year 999 in three digits on some systems.
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return orjson.dumps(value).decode()
    return value


class SqliteConnection:
    """A connection that only reads, and gives up at its deadline."""

    def __init__(self, path: str, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self.deadline = 0.0
        try:
            self.raw = SQLITE_MODULE.connect(
                f"file:{path}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
            )
            for pragma in (*PRAGMAS, "PRAGMA query_only = ON"):
                self.raw.execute(pragma)
        except SQLITE_MODULE.DatabaseError as error:
            raise DatabaseUnavailable(unavailable()) from error
        self.raw.set_progress_handler(self.is_late, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)

    def is_late(self) -> bool:
        return time.monotonic() > self.deadline

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        self.deadline = time.monotonic() + self.timeout_seconds
        try:
            rows: list[Any] = self.raw.execute(sql, values).fetchall()
        except SQLITE_MODULE.OperationalError as error:
            if "interrupted" in str(error):
                raise QueryTooSlow(too_slow(self.timeout_seconds)) from error
            raise DatabaseUnavailable(unavailable()) from error
        except SQLITE_MODULE.DatabaseError as error:
            raise DatabaseUnavailable(unavailable()) from error
        return rows


def too_slow(seconds: float) -> str:
    return f"The query ran for more than {seconds:g} seconds and was stopped; narrow it."


def unavailable() -> str:
    return "The database cannot be read at the moment."


class SqliteReader:
    """Reads from a SQLite file."""

    dialect: Dialect = SQLITE_DIALECT

    def __init__(self, url: str, timeout_seconds: float) -> None:
        path = sqlite_path(parse_url(url)).absolute().as_posix()
        self.open: Callable[[], SqliteConnection] = lambda: SqliteConnection(
            path.replace("%", "%25").replace("?", "%3f").replace("#", "%23"), timeout_seconds
        )
        self.quick = self.open()
        self.idle: list[SqliteConnection] = []
        self.places = asyncio.Semaphore(SLOW_READS_AT_ONCE)
        self.timeout_seconds = timeout_seconds
        self.watchers: list[Callable[[str], None]] = []

    def compile(self, statement: Select[Any]) -> Compiled:
        return compile_for(self.dialect, statement)

    async def fetch(self, statement: Compiled, values: Sequence[Any]) -> list[Any]:
        for watch in self.watchers:
            watch(statement.sql)
        return self.quick.execute(statement.sql, [adapt(value) for value in values])

    @asynccontextmanager
    async def snapshot(self, *, slow: bool = False) -> AsyncIterator[Fetch]:
        if not slow:
            self.quick.execute("BEGIN")
            try:
                yield self.fetch
            finally:
                self.quick.execute("COMMIT")
            return
        async with self.slow_connection() as connection:
            yield self.in_thread(connection)

    @asynccontextmanager
    async def slow_connection(self) -> AsyncIterator[SqliteConnection]:
        """A connection of its own, inside a transaction; those that fail are not used again."""
        try:
            await asyncio.wait_for(self.places.acquire(), self.timeout_seconds)
        except TimeoutError as error:
            raise DatabaseUnavailable(unavailable()) from error
        try:
            connection = self.idle.pop() if self.idle else self.open()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.raw.close()
                raise
            self.idle.append(connection)
        finally:
            self.places.release()

    def in_thread(self, connection: SqliteConnection) -> Fetch:
        async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
            for watch in self.watchers:
                watch(statement.sql)
            adapted = [adapt(value) for value in values]
            return await anyio.to_thread.run_sync(connection.execute, statement.sql, adapted)

        return fetch

    async def close(self) -> None:
        for connection in (self.quick, *self.idle):
            connection.raw.close()


class PostgresReader:
    """Reads from PostgreSQL through a pool of connections."""

    dialect: Dialect = postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call]

    def __init__(self, url: str, timeout_seconds: float, pool_size: int) -> None:
        # Deferred: the driver takes a while to load, and a start on SQLite has no use for it.
        from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415

        milliseconds = int(timeout_seconds * 1000)
        self.timeout_seconds = timeout_seconds
        self.pool = AsyncConnectionPool(
            parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            min_size=1,
            max_size=pool_size,
            timeout=timeout_seconds,
            open=False,
            kwargs={
                "autocommit": True,
                "options": f"-c statement_timeout={milliseconds} -c timezone=UTC",
            },
        )
        self.watchers: list[Callable[[str], None]] = []

    def compile(self, statement: Select[Any]) -> Compiled:
        return compile_for(self.dialect, statement)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection from the pool; what goes wrong becomes an error of the domain."""
        from psycopg import Error, errors  # noqa: PLC0415
        from psycopg_pool import PoolTimeout  # noqa: PLC0415

        try:
            if self.pool.closed:
                await self.pool.open()
            async with self.pool.connection() as connection:
                yield connection
        except errors.QueryCanceled as error:
            raise QueryTooSlow(too_slow(self.timeout_seconds)) from error
        except (Error, PoolTimeout) as error:
            raise DatabaseUnavailable(unavailable()) from error

    async def execute(
        self, connection: Any, statement: Compiled, values: Sequence[Any]
    ) -> list[Any]:
        for watch in self.watchers:
            watch(statement.sql)
        async with connection.cursor(binary=True) as cursor:
            await cursor.execute(statement.sql, values)
            rows: list[Any] = await cursor.fetchall()
        return rows

    async def fetch(self, statement: Compiled, values: Sequence[Any]) -> list[Any]:
        async with self.connection() as connection:
            return await self.execute(connection, statement, values)

    @asynccontextmanager
    async def snapshot(self, *, slow: bool = False) -> AsyncIterator[Fetch]:
        async with self.connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

            async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
                return await self.execute(connection, statement, values)

            yield fetch

    async def close(self) -> None:
        await self.pool.close()


def make_reader(url: str, *, timeout_seconds: float, pool_size: int) -> Reader:
    """The reader for a database's address."""
    if parse_url(url).get_backend_name() == "sqlite":
        return SqliteReader(url, timeout_seconds)
    return PostgresReader(url, timeout_seconds, pool_size)
