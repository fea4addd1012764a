"""The databases that are measured: made once of a size, kept, and made anew when they would come
out otherwise.

What a database is made of is in its name: how many meetings, and a digest of the generator, of
the schema and of the shape of documents.
"""

import ast
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Protocol

import click
import psycopg
from sqlalchemy import Engine, text

from app.database.engines import make_engine
from app.database.migrations import SCHEMA, migrate
from app.record.documents import SHAPE
from app.record.recorder import Change
from benchmarks import generator, spread
from benchmarks.fill import fill
from benchmarks.goals import POSTGRESQL, SQLITE
from tests.support.postgres import create_database, drop_database, with_database

CHANGE = Change(actor="benchmark")


def sources(file: Path) -> set[Path]:
    """A module of the benchmark's with those that it uses, and that they use."""
    found, left = {file}, [file]
    while left:
        for name in used_by(left.pop()):
            used = file.with_name(f"{name}.py")
            if used not in found:
                found.add(used)
                left.append(used)
    return found


def used_by(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "benchmarks":
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("benchmarks."):
            yield str(node.module).split(".")[1]


def fill_record(engine: Engine, meetings: int) -> float:
    """Import the generated record, as any data set is imported; the seconds that it took to make
    it up.
    """
    return fill(engine, meetings).made_up_seconds


@dataclass(frozen=True)
class Maker:
    """A way to fill a database: a name for it, the module that it rests on, and the function."""

    name: str
    module: ModuleType
    fill: Callable[[Engine, int], object]

    def digest(self) -> str:
        """What comes out of it, in a few signs."""
        found = sha256(f"{SCHEMA} {SHAPE}".encode())
        for file in sorted(sources(Path(str(self.module.__file__)))):
            found.update(file.read_bytes())
        return found.hexdigest()[:10]


RECORD = Maker("record", generator, fill_record)
"""The whole record: documents, history and full text."""

SPREAD = Maker("spread", spread, spread.fill)
"""Tables alone, of uneven frequencies: what the values of the queries of filters belong to."""


class Store(Protocol):
    """Where the databases of one engine are."""

    engine: str

    def filled(self, meetings: int, maker: Maker = RECORD) -> str:
        """The address of a database with that many meetings, only to be read."""

    def empty(self) -> AbstractContextManager[str]:
        """A database with the schema and nothing in it, which goes when the block ends."""


class SqliteStore:
    """Files in a folder."""

    engine = SQLITE

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def filled(self, meetings: int, maker: Maker = RECORD) -> str:
        size = f"{maker.name}-{meetings}-"
        file = self.folder / f"{size}{maker.digest()}.db"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            for old in self.folder.glob(f"{size}*"):
                old.unlink()
            draft = self.folder / f"{size}draft"
            make(f"sqlite:///{draft}", meetings, maker)
            draft.rename(file)
        return f"sqlite:///{file}"

    @contextmanager
    def empty(self) -> Iterator[str]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.folder) as name:
            url = f"sqlite:///{name}/empty.db"
            with opened(url) as engine:
                migrate(engine)
            yield url


class PostgresStore:
    """Databases on a server, all called `chancery_bench_…`."""

    engine = POSTGRESQL

    def __init__(self, server: str) -> None:
        self.server = server

    def version(self) -> str:
        with psycopg.connect(self.server) as connection:
            return str(connection.execute("SHOW server_version").fetchall()[0][0])

    def filled(self, meetings: int, maker: Maker = RECORD) -> str:
        size = f"chancery_bench_{maker.name}_{meetings}_"
        name = f"{size}{maker.digest()}"
        with psycopg.connect(self.server) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        if (name,) not in rows:
            for (old,) in rows:
                if old.startswith(size):
                    drop_database(self.server, old)
            draft = f"{size}draft"
            make(create_database(self.server, draft), meetings, maker)
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"'.encode())
        return with_database(self.server, name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        name = "chancery_bench_empty"
        drop_database(self.server, name)
        url = create_database(self.server, name)
        try:
            with opened(url) as engine:
                migrate(engine)
            yield url
        finally:
            drop_database(self.server, name)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def make(url: str, meetings: int, maker: Maker) -> None:
    """Fill a new database, and leave it as a server finds it that has run for a while."""
    click.echo(f"Making a database of {meetings:,} meetings in {url.partition(':')[0]} …", err=True)
    began = time.perf_counter()
    with opened(url) as engine:
        migrate(engine)
        maker.fill(engine, meetings)
        settle(engine)
    click.echo(f"… done in {time.perf_counter() - began:.0f} s", err=True)


def settle(engine: Engine) -> None:
    """What PostgreSQL's own servant does after a while. SQLite puts everything into its one file
    when the last connection is closed.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
