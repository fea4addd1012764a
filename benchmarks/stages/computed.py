"""Reads that are computed at request time, on the seed, beside a plain detail of the same run."""

from collections.abc import Iterator

from app.cli import SEED_DIRECTORY
from app.importers.loader import load_batch
from app.importers.seed import read as read_seed
from benchmarks.computed import PLAIN, medians
from benchmarks.databases import CHANGE, opened
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, chancery


def measure(run: Run) -> Iterator[Row]:
    with run.store.empty() as url:
        with opened(url) as engine:
            load_batch(engine, read_seed(SEED_DIRECTORY), dataset="seed", change=CHANGE)
        with chancery(url, **UNCACHED) as server:
            found = medians(server.port, run.sizes.rounds)
    for path, figure in found.items():
        beside = {"of a plain detail": figure / found[PLAIN]}
        yield row("computed", path, run.engine, figure, "ms", beside=beside)


STAGE = Stage(
    "computed",
    "What is computed at request time, on the seed, one request after the other",
    ("sqlite", "postgresql"),
    measure,
)
