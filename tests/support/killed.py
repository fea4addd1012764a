"""Migrating an empty database and loading the seed, killed again and again on the way.

Each try is a process that kills itself (SIGKILL) before it commits, or before one of its
statements.
"""

import gc
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event, func, select

from app.cli import SEED_DIRECTORY
from app.database.engines import make_engine
from app.database.migrations import current_schema, migrate
from app.importers.loader import load_batch
from app.models import Base
from app.record.recorder import Change
from tests.support.loading import shipped


def load(engine: Engine) -> None:
    load_batch(engine, shipped(SEED_DIRECTORY), dataset="seed", change=Change(actor="tests"))


def killed(url: str, act: Callable[[Engine], Any], before: int | None = None) -> int:
    """Try an act that is killed before a statement, by its number, or else before its commit.

    Returns how many statements it sent.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        engine, sent = make_engine(url), 0

        def die(*_: object) -> None:
            os.write(writing, str(sent).encode())
            os.kill(os.getpid(), signal.SIGKILL)

        def count(*_: object) -> None:
            nonlocal sent
            if sent + 1 == before:
                die()
            sent += 1

        # On the class, so that an engine which the act makes itself is killed too.
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", die)
        act(engine)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        sent = int(pipe.read())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    return sent


def found(url: str) -> tuple[str | None, int]:
    engine = make_engine(url)
    schema, rows = current_schema(engine), 0
    if schema is not None:
        with engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                rows += connection.scalar(select(func.count()).select_from(table)) or 0
    engine.dispose()
    return schema, rows


def main(url: str, tries: int) -> None:
    """Writes, as JSON, the schema and the number of rows that were there after each try, and at
    the end, when nothing was in the way. To be called in a process without threads.
    """
    shipped(SEED_DIRECTORY)  # once for all children
    gc.freeze()  # or each child looks through all that was imported, and copies it by doing so
    left = []
    for act, times in ((migrate, tries - 1), (load, tries)):
        total = killed(url, act)
        left.append(found(url))
        for _ in range(times):
            killed(url, act, random.randint(1, total))
            left.append(found(url))
        engine = make_engine(url)
        act(engine)
        engine.dispose()
    sys.stdout.write(json.dumps([*left, found(url)]))
