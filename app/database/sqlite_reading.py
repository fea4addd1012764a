"""Reading from a SQLite file.

Quick indexed reads run on the event loop, where a hop to a thread costs more than the query;
what may take longer runs in a thread. A connection that failed is thrown away, and so are all
of them when another file has taken the place of the one that they opened.
"""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from sqlalchemy import Dialect, Select
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from app.database.background import in_background, through
from app.database.engines import SQLITE_MODULE, parse_url, pragmas, sqlite_path, tell
from app.database.migrations import SCHEMA
from app.database.reader import (
    HEAD_QUERY,
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
from app.errors import DatabaseUnavailable, QueryTooSlow

STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 20_000
SECONDS_BETWEEN_LOOKS_AT_THE_FILE = 1.0
SLOW_READS_AT_ONCE = 4

QUICK_SECONDS = 0.02
"""How long one statement may hold up the event loop. What takes longer begins anew in a thread: a
page of two common filters that hardly ever meet, say.
"""

SMALL_CACHE = "PRAGMA cache_size = -16384"
"""KiB of pages that are kept by a connection that reads everything once."""

BUSY_TIMEOUT_MILLISECONDS = 250
"""How long a read waits for a lock; short, because the event loop waits as well. Writers do not
lock readers out, so that it takes a recovery or somebody else's exclusive lock."""

# Primary result codes (https://sqlite.org/rescode.html).
SQLITE_ERROR = 1
SQLITE_INTERRUPT = 9
OURS = frozenset({2, 12, 18, 19, 20, 21, 23, 25})
"""Internal, not found, too big, constraint, mismatch, misuse, not authorised, out of range: they
say that a statement or its values are wrong. Other codes are about the file or the machine."""


def adapt(value: Any) -> Any:
    """A value as SQLite stores it."""
    if type(value) is str:  # nearly all are
        return value
    if isinstance(value, datetime):
        # Not strftime, which writes the year 999 in three digits on some systems.
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return orjson.dumps(value).decode()
    return value


def prepared(uri: str) -> Any:
    """A connection of the driver that only reads."""
    raw = SQLITE_MODULE.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        settings = (*pragmas(BUSY_TIMEOUT_MILLISECONDS), "PRAGMA query_only = ON")
        tell(raw, settings, BUSY_TIMEOUT_MILLISECONDS)
    except SQLITE_MODULE.DatabaseError:
        raw.close()
        raise
    return raw


def is_kept_still(file: Path) -> bool:
    """Whether a database lies where nothing can be written, and ended in good order.

    A WAL cannot be shared there, and nobody needs one.
    """
    wal = file.with_name(f"{file.name}-wal")
    return file.is_file() and not os.access(file.parent, os.W_OK) and not wal.exists()


class SqliteConnection:
    """A connection that only reads, and gives up at its deadline, a reading of the monotonic
    clock.
    """

    def __init__(self, path: str, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self.deadline = 0.0
        self.data_version = 0
        """What it was when `SqliteReader.state` last looked; SQLite never says 0."""
        self.in_use = threading.Lock()
        try:
            self.raw = prepared(f"file:{path}?mode=rw")
        except SQLITE_MODULE.DatabaseError as error:
            if not is_kept_still(Path(unquote(path))):
                raise unavailable() from error
            try:
                self.raw = prepared(f"file:{path}?immutable=1")
            except SQLITE_MODULE.DatabaseError:
                raise unavailable() from error
        self.raw.set_progress_handler(self.is_late, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)

    def is_late(self) -> bool:
        return time.monotonic() > self.deadline

    def read(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """The rows of a statement, unless the deadline is over."""
        if self.is_late():  # the handler is not asked before a statement has made many steps
            raise too_slow(self.timeout_seconds)
        return self.execute(sql, values)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        with self.in_use:
            try:
                rows: list[Any] = self.raw.execute(sql, values).fetchall()
            except (SQLITE_MODULE.DatabaseError, MemoryError) as error:
                fault = self.fault(error)
                if fault is None:
                    raise
                raise fault from error
        return rows

    def fault(self, error: Exception) -> Exception | None:
        """The error of the domain for one of the driver's; None where the fault is ours."""
        if isinstance(error, MemoryError):  # so the driver says that SQLite had none left
            return unavailable()
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return None  # the driver refused the call before SQLite saw it
        primary = code & 0xFF
        if primary == SQLITE_INTERRUPT:
            return too_slow(self.timeout_seconds)
        if primary == SQLITE_ERROR:
            return None if self.is_current() else mismatch()
        return None if primary in OURS else unavailable()

    def is_current(self) -> bool:
        try:
            return bool(self.raw.execute(VERSION_QUERY).fetchall() == [(SCHEMA,)])
        except SQLITE_MODULE.DatabaseError:
            return False

    def roll_back(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.deadline = 0.0  # a statement that still runs in a thread stops at once
        with self.in_use:
            self.raw.close()


class ReadingCompiler(SQLiteCompiler):
    """Writes an offset only where there is one, and says by which index to go where it is told.

    Even an offset of none keeps SQLite from turning what is asked of each record into a join, for
    which it finds a better index: a page came to be read ten times as slowly.
    """

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text

    def limit_clause(self, select: Any, **kw: Any) -> str:
        if select._offset_clause is not None:  # noqa: SLF001 - a compiler's business
            return str(super().limit_clause(select, **kw))  # type: ignore[no-untyped-call]
        return f"\n LIMIT {self.process(select._limit_clause, **kw)}"  # noqa: SLF001


class ReadingDialect(SQLiteDialect_pysqlite):
    statement_compiler = ReadingCompiler  # type: ignore[mutable-override]


class SqliteReader:
    """Reads from a SQLite file. `DatabaseUnavailable` where it cannot be opened."""

    dialect: Dialect = ReadingDialect(paramstyle="qmark")

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self.path = sqlite_path(parse_url(url)).absolute()
        escaped = self.path.as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self.open: Callable[[], SqliteConnection] = lambda: SqliteConnection(
            escaped, timeout_seconds
        )
        self.file = identity(self.path)
        self.look_again_at = 0.0
        self.generation = 0
        self.quick: SqliteConnection | None = self.open()
        self.idle: list[SqliteConnection] = []
        self.head: list[Any] = []
        self.head_state: object = None
        self.places = asyncio.Semaphore(SLOW_READS_AT_ONCE)
        self.timeout_seconds = timeout_seconds
        self.watchers: list[Callable[[str], None]] = []

    def compile(self, statement: Select[Any]) -> Compiled:
        return compile_for(self.dialect, statement)

    def quick_connection(self, seconds: float | None = None) -> SqliteConnection:
        """The connection for the event loop, with that long for what it is asked next."""
        now = time.monotonic()
        if now >= self.look_again_at:
            self.look_at_the_file(now)
        if self.quick is None:
            self.quick = self.open()
        self.quick.deadline = now + (seconds or self.timeout_seconds)
        return self.quick

    def look_at_the_file(self, now: float) -> None:
        """Let go of a file that was moved away or replaced; an open one would be read for ever."""
        self.look_again_at = now + SECONDS_BETWEEN_LOOKS_AT_THE_FILE
        file = identity(self.path)
        if file != self.file:
            self.forget()
            self.file = file

    def forget(self) -> None:
        """Use no connection again that is open now."""
        self.generation += 1
        for connection in (self.quick, *self.idle):
            if connection is not None:
                connection.close()
        self.quick = None
        self.idle.clear()

    async def fetch(self, statement: Compiled, values: Sequence[Any]) -> list[Any]:
        for watch in self.watchers:
            watch(statement.sql)
        adapted = list(map(adapt, values))
        try:
            # Its deadline has just been set.
            return self.quick_connection(QUICK_SECONDS).execute(statement.sql, adapted)
        except QueryTooSlow:
            async with self.slow_connection() as connection:
                return await in_background(connection.read, statement.sql, adapted)
        except DatabaseUnavailable:
            self.forget()
            raise

    def state(self) -> object:
        """SQLite counts, for each connection, the commits of all others, also those of this
        process. Only when there were any the head is read: a key that is stamped as used, say,
        is a commit as well, and leaves the log as it was.
        """
        try:
            connection = self.quick_connection()
            version = connection.raw.execute("PRAGMA data_version").fetchone()[0]
            if version != connection.data_version:
                is_new = connection.data_version == 0
                # The version first: a commit in between is then found by the next look.
                head = connection.execute(HEAD_QUERY)
                if is_new or head != self.head:
                    self.head, self.head_state = head, object()
                connection.data_version = version
        except (DatabaseUnavailable, SQLITE_MODULE.Error):
            return None  # whoever reads on finds out what it is
        return self.head_state

    def read(
        self, connection: SqliteConnection, statement: Compiled, values: Sequence[Any]
    ) -> list[Any]:
        for watch in self.watchers:
            watch(statement.sql)
        try:
            return connection.read(statement.sql, [adapt(value) for value in values])
        except DatabaseUnavailable:
            self.forget()
            raise

    @asynccontextmanager
    async def snapshot(self, *, slow: bool = False, brief: bool = False) -> AsyncIterator[Fetch]:
        if slow:
            async with self.slow_connection() as connection:
                yield self.in_thread(connection)
            return
        connection = self.quick_connection()

        async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
            return self.read(connection, statement, values)

        try:
            connection.execute("BEGIN")
            yield fetch
            connection.execute("COMMIT")
        except BaseException as error:
            if connection is self.quick:
                self.recover(connection, error)
            raise

    def recover(self, connection: SqliteConnection, error: BaseException) -> None:
        """Have the quick connection outside a transaction again, or have none."""
        if isinstance(error, DatabaseUnavailable):
            self.forget()
            return
        try:
            connection.roll_back()
        except (DatabaseUnavailable, SQLITE_MODULE.Error):
            self.forget()

    @asynccontextmanager
    async def slow_connection(self) -> AsyncIterator[SqliteConnection]:
        """A connection of its own, inside a transaction; those that fail are not used again."""
        await in_task()
        now = time.monotonic()
        deadline = now + self.timeout_seconds
        if now >= self.look_again_at:
            self.look_at_the_file(now)
        try:
            async with asyncio.timeout(self.timeout_seconds):
                await self.places.acquire()
        except TimeoutError as error:
            raise unavailable() from error
        try:
            generation = self.generation
            connection = self.idle.pop() if self.idle else self.open()
            connection.deadline = deadline
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                connection.close()
                if isinstance(error, DatabaseUnavailable):
                    self.forget()
                raise
            if generation == self.generation:
                self.idle.append(connection)
            else:
                connection.close()
        finally:
            self.places.release()

    async def apart(self, work: Callable[[Fetch], Coroutine[Any, Any, T]]) -> T:
        async with self.slow_connection() as connection:

            async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
                for watch in self.watchers:
                    watch(statement.sql)
                return connection.read(statement.sql, list(map(adapt, values)))

            return await in_background(through, work, fetch)

    @asynccontextmanager
    async def lasting(self) -> AsyncIterator[Fetch]:
        now = time.monotonic()
        if now >= self.look_again_at:
            self.look_at_the_file(now)
        connection = self.open()
        try:
            connection.deadline = now + self.timeout_seconds
            connection.execute(SMALL_CACHE)
            connection.execute("BEGIN")
            fetch = self.in_thread(connection)

            async def fetch_in_time(statement: Compiled, values: Sequence[Any]) -> list[Any]:
                connection.deadline = time.monotonic() + self.timeout_seconds
                return await fetch(statement, values)

            yield fetch_in_time
        finally:
            connection.close()

    def in_thread(self, connection: SqliteConnection) -> Fetch:
        async def fetch(statement: Compiled, values: Sequence[Any]) -> list[Any]:
            for watch in self.watchers:
                watch(statement.sql)
            adapted = [adapt(value) for value in values]
            return await in_background(connection.read, statement.sql, adapted)

        return fetch

    async def close(self) -> None:
        self.forget()


def identity(path: Path) -> tuple[int, int] | None:
    """Which file a path leads to; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
