"""A long history of two parties: its first page, its last, and the ranges between."""

from collections.abc import Iterator

from benchmarks import pairs
from benchmarks.databases import opened
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, chancery


def measure(run: Run) -> Iterator[Row]:
    with run.store.empty() as url:
        with opened(url) as engine:
            pairs.fill(engine, run.sizes.pairs)
        with chancery(url, **UNCACHED) as server:
            found = pairs.measure(server.port, run.sizes.requests)
    for name, figure in found.items():
        beside = {"of page 1": figure / found[pairs.FIRST_PAGE]}
        yield row("relations", name, run.engine, figure, "ms", beside=beside)


STAGE = Stage(
    "relations",
    "Timelines and counterparts of two parties with a long history",
    ("sqlite", "postgresql"),
    measure,
)
