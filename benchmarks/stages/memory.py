"""The memory of a worker under load, with SQLite's page cache and without it.

The cache cannot be seen from outside: a second server, which keeps nearly no pages, shows what
is left without it.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contenders.peers import detail, page
from benchmarks.goals import SQLITE
from benchmarks.questions import questions, slugs
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import Server, chancery, free_port, serving
from benchmarks.stages.mixed import others


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.searched)
    with ExitStack() as stack:
        whole = stack.enter_context(chancery(url))
        fresh = whole.memory_mib()
        worked = under_load(run, whole, url)
        without = worked
        if run.engine == SQLITE:
            port = free_port()
            command = [sys.executable, "-m", "benchmarks.contenders.without_page_cache", "serve"]
            variables = {"CHANCERY_DATABASE_URL": url}
            command += ["--port", str(port)]
            other = stack.enter_context(serving(command, port, variables, ready="/livez"))
            without = under_load(run, other, url)
    yield row("memory", "worker at its start", run.engine, fresh, "MiB")
    yield row("memory", "worker under load", run.engine, worked, "MiB")
    yield row("memory", "worker under load, without page cache", run.engine, without, "MiB")


def under_load(run: Run, server: Server, url: str) -> float:
    """What lies in memory after lists, details and what is computed have been asked for."""
    paths = [page(each) for each in questions(url)] + [detail(slug) for slug in slugs(url)]
    slow = [path for path in others(url) if server.answers(path)]
    for _ in range(run.sizes.rounds):
        run.load(server.port, paths, [], run.sizes.seconds)
        run.load(server.port, slow, [], run.sizes.seconds)
    return server.memory_mib()


STAGE = Stage(
    "memory",
    "What of a worker lies in memory, its response cache included",
    ("sqlite", "postgresql"),
    measure,
)
