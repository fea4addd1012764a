"""Writing from a server: units of work in threads of their own, so that no reader waits.

SQLite has one writer, and so one thread here. PostgreSQL takes a few at a time, which wait for
the lock of the log in the order in which they came. What the database or its operator is to
blame for becomes an error of the domain.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, SessionTransaction

from app.database.engines import SECONDS_LEFT, make_engine
from app.errors import StorageFull, WriteUnavailable

T = TypeVar("T")

POSTGRES_WRITERS = 4
MOST_RETRIES = 3
MOST_WAITING = 200
"""Units of work that may wait for their turn; more are turned away at once."""

RETRIED = frozenset({"40001", "40P01"})
"""Serialisation failure and deadlock: PostgreSQL asks for another try."""
OUT_OF_ROOM = frozenset({"53100"})
SQLITE_FULL = 13
SQLITE_OPERATIONAL = frozenset({5, 6, 8, 10, 11, 13, 14, 15, 16, 17, 22, 24, 26})
"""Busy, locked, read-only, I/O error, corrupt, full, cannot open and the like: the file, or the
machine. Other codes say that a statement or its values are wrong."""
POSTGRES_OPERATIONAL = ("08", "25006", "53", "55P03", "57", "58", "XX", *RETRIED)


class Busy(WriteUnavailable):
    """Others are writing; nothing of this work was done."""


class Writer:
    """Runs units of work, each in one transaction, and says when they are on disk."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self.engine: Engine = make_engine(url, busy_timeout_seconds=timeout_seconds)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        writers = 1 if self.is_sqlite else POSTGRES_WRITERS
        self.threads = ThreadPoolExecutor(writers, thread_name_prefix="writer")
        self.waiting = 0
        if not self.is_sqlite:
            event.listen(self.engine, "begin", self.limit_waits)

    async def run(self, work: Callable[[Session], T]) -> T:
        """The result of `work`, which was committed unless it rolled back itself.

        `work` may run several times, each in a transaction of its own, and must not keep
        anything from a former try. Raises `WriteUnavailable` (nothing was written, or,
        where it says so, perhaps everything), `StorageFull`, or what `work` raises.
        """
        if self.waiting >= MOST_WAITING:
            raise Busy("Too many writes are waiting; this one was not tried.")
        self.waiting += 1
        loop = asyncio.get_running_loop()
        end = loop.time() + self.timeout_seconds
        try:
            # With the context of the request, by whose id its lines in the log are found.
            attempt = partial(copy_context().run, self.attempt, work, end, loop.time)
            future = loop.run_in_executor(self.threads, attempt)
            # A client that goes away must not leave a write half-answered: it is seen through.
            return await asyncio.shield(future)
        finally:
            self.waiting -= 1

    def attempt(self, work: Callable[[Session], T], end: float, clock: Callable[[], float]) -> T:
        if clock() > end:
            raise Busy("Other writes took too long; this one was not tried.")
        for last in (False,) * MOST_RETRIES + (True,):
            try:
                return self.once(work, end - clock())
            except DBAPIError as error:
                if last or sqlstate(error) not in RETRIED:
                    raise self.fault(error) from error
            except PoolTimeout as error:
                raise unreachable() from error
        raise AssertionError

    def once(self, work: Callable[[Session], T], seconds_left: float) -> T:
        # Others were waited for already, and the whole wait has an end.
        engine = self.engine.execution_options(**{SECONDS_LEFT: seconds_left})
        with (
            Session(engine, autoflush=False, expire_on_commit=False) as session,
            session.begin() as transaction,
        ):
            result = work(session)
            if transaction.is_active:
                session.flush()
                self.commit(transaction)
        return result

    def commit(self, transaction: SessionTransaction) -> None:
        try:
            transaction.commit()
        except DBAPIError as error:
            if not self.is_sqlite and sqlstate(error) is None:
                message = (
                    "The connection broke while the write was being committed, and nobody can "
                    "say whether it was. Send the same request with the same Idempotency-Key: "
                    "it is done once."
                )
                raise WriteUnavailable(message) from error
            raise

    def limit_waits(self, connection: Connection) -> None:
        """What `begin_immediate` is on SQLite. No statement takes longer than a whole write may."""
        left = connection.get_execution_options().get(SECONDS_LEFT, self.timeout_seconds)
        wait = max(1, round(left * 1000))  # 0 would be for ever
        whole = round(self.timeout_seconds * 1000)
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {wait}; SET LOCAL statement_timeout = {whole}"
        )

    def fault(self, error: DBAPIError) -> Exception:
        """The error of the domain for one of the driver's; itself where the fault is ours."""
        if self.is_sqlite:
            code = getattr(error.orig, "sqlite_errorcode", None)
            primary = None if code is None else code & 0xFF
            if primary == SQLITE_FULL:
                return StorageFull("There is no room left to write; nothing was.")
            return unreachable() if primary in SQLITE_OPERATIONAL else error
        state = sqlstate(error)
        if state in OUT_OF_ROOM:
            return StorageFull("There is no room left to write; nothing was.")
        if state is None:
            broken = error.connection_invalidated or isinstance(error, OperationalError)
            return unreachable() if broken else error
        return unreachable() if state.startswith(POSTGRES_OPERATIONAL) else error

    async def close(self) -> None:
        """Let what has begun end, and let go of the database."""
        await asyncio.to_thread(self.threads.shutdown, cancel_futures=True)
        self.engine.dispose()


def sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def unreachable() -> WriteUnavailable:
    return WriteUnavailable("The database cannot be written to at the moment; nothing was.")
