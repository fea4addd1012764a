"""Several migrators of one database at once: a process each, because Alembic keeps its context in
module globals, which threads would share.
"""

import multiprocessing
import sys
from multiprocessing.synchronize import Barrier

import app.models  # noqa: F401
from app.database.engines import make_engine
from app.database.migrations import migrate

PATIENCE_SECONDS = 60


def migrate_at_once(barrier: Barrier, url: str) -> None:
    engine = make_engine(url)
    barrier.wait(PATIENCE_SECONDS)
    migrate(engine)


def main(url: str, number: int) -> None:
    """Writes their exit statuses."""
    forks = multiprocessing.get_context("fork")
    barrier = forks.Barrier(number)
    running = [forks.Process(target=migrate_at_once, args=(barrier, url)) for _ in range(number)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    sys.stdout.write(f"{[each.exitcode for each in running]}\n")
