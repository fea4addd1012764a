"""SQLAlchemy engines for writing, migrating and loading, on either database.

SQLite runs in WAL mode with full synchronisation and enforced foreign keys, through the
`pysqlite3` wheel where there is one: SQLite before 3.51.3 can corrupt a WAL. Its writers
begin IMMEDIATE, because a read that later upgrades to a write fails at once.
"""

import sqlite3 as standard_sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from app.database.bulk import json_text
from app.errors import Flaw, InvalidInput

try:
    import pysqlite3 as sqlite3
except ImportError:  # platforms without the wheel
    sqlite3 = standard_sqlite3

SQLITE_MODULE: ModuleType = sqlite3
BUSY_TIMEOUT_MILLISECONDS = 5_000
CACHE_KIBIBYTES = 65_536
"""Pages of SQLite that a connection keeps in memory."""

ONLY_READS = "chancery_only_reads"
"""An option of a connection to SQLite whose transaction takes no lock against writers."""

SECONDS_LEFT = "chancery_seconds_left"
"""An option of a connection: how long its next transaction may wait for another's lock."""


SQLITE_BUSY = 5
SECONDS_BETWEEN_TRIES = 0.01


def pragmas(
    busy_timeout_milliseconds: int = BUSY_TIMEOUT_MILLISECONDS,
    cache_kibibytes: int = CACHE_KIBIBYTES,
) -> tuple[str, ...]:
    """What every connection to SQLite is told first."""
    return (
        # First, so that the others wait for a lock as well.
        f"PRAGMA busy_timeout = {busy_timeout_milliseconds}",
        "PRAGMA foreign_keys = ON",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        f"PRAGMA cache_size = -{cache_kibibytes}",
    )


def parse_url(text: str) -> URL:
    """A database's address, or `InvalidInput` that says which addresses are understood."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # the latter where the port is no number
        raise InvalidInput([unknown_database(text)]) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise InvalidInput([unknown_database(text)])
    return url


def unknown_database(text: str) -> Flaw:
    scheme = text.partition("://")[0][:40]
    return Flaw(
        "CHANCERY_DATABASE_URL",
        f"is not understood (it starts with {scheme!r})",
        ("sqlite:///path", "postgresql://user@host/name"),
    )


def sqlite_path(url: URL) -> Path:
    """The file of a SQLite address. Memory is refused: nothing would outlive a connection."""
    if not url.database or url.database == ":memory:":
        raise InvalidInput([unusable_file("names no file")])
    if url.query:
        raise InvalidInput([unusable_file("holds options after `?`, and SQLite takes none here")])
    return Path(url.database)


def unusable_file(reason: str) -> Flaw:
    return Flaw("CHANCERY_DATABASE_URL", reason, ("sqlite:///path",))


def make_engine(
    text: str,
    *,
    busy_timeout_seconds: float | None = None,
    cache_kibibytes: int = CACHE_KIBIBYTES,
) -> Engine:
    """An engine that writes. The caller disposes of it.

    `busy_timeout_seconds` is how long SQLite waits for another process's lock; on PostgreSQL
    that is the transaction's matter. `cache_kibibytes` are for SQLite's pages, too.
    """
    url = parse_url(text)
    if url.get_backend_name() == "postgresql":
        # A connection that the server has ended meanwhile is replaced before anything is begun.
        address = url.set(drivername="postgresql+psycopg")
        return create_engine(address, pool_pre_ping=True, json_serializer=json_text)
    folder = sqlite_path(url).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"names a file in {folder}, which cannot be made: {error.strerror}"
        raise InvalidInput([unusable_file(reason)]) from error
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"), module=SQLITE_MODULE, json_serializer=json_text
    )
    wait = BUSY_TIMEOUT_MILLISECONDS
    if busy_timeout_seconds is not None:
        wait = round(busy_timeout_seconds * 1000)
    event.listen(engine, "connect", lambda raw, _: prepare_connection(raw, wait, cache_kibibytes))
    event.listen(engine, "begin", begin_immediate)
    return engine


def prepare_connection(
    connection: Any, busy_timeout_milliseconds: int, cache_kibibytes: int
) -> None:
    """Take transactions out of the driver's hands, and set what SQLite forgets."""
    connection.isolation_level = None
    tell(connection, pragmas(busy_timeout_milliseconds, cache_kibibytes), busy_timeout_milliseconds)


def tell(connection: Any, settings: Iterable[str], busy_timeout_milliseconds: int) -> None:
    """Set what a new connection to SQLite is told first.

    To change the journal of a file that somebody else writes is refused at once, whatever the
    timeout is: so two programs that open a new file together might fail, and one of them waits.
    """
    until = time.monotonic() + busy_timeout_milliseconds / 1000
    for setting in settings:
        while True:
            try:
                connection.execute(setting)
            except SQLITE_MODULE.OperationalError as error:
                if not is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(SECONDS_BETWEEN_TRIES)
            else:
                break


def is_busy(error: Exception) -> bool:
    """Whether somebody else has the lock (https://sqlite.org/rescode.html#busy)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == SQLITE_BUSY


def begin_immediate(connection: Connection) -> None:
    options = connection.get_execution_options()
    if SECONDS_LEFT in options:
        milliseconds = max(1, round(options[SECONDS_LEFT] * 1000))
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    connection.exec_driver_sql("BEGIN" if options.get(ONLY_READS, False) else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that has one view of the database for as long as it is open, and in nobody's
    way: writers go on.
    """
    options: dict[str, Any] = {ONLY_READS: True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as connection:
        yield connection.execution_options(**options)


def read_through(connection: Connection) -> None:
    """Keep little of what is read on this connection: all of it is read, once.

    A large cache of pages only takes memory then, and time to fill.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -8192")
