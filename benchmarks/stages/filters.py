"""Every documented filter alone, and the likely pairs of them, in both directions of the day; and
some in other orders.
"""

import statistics
from collections.abc import Iterator

from benchmarks.asking import Client, in_turn, p99
from benchmarks.databases import SPREAD
from benchmarks.filters import QUERIES, SORTS
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, chancery

NOTHING = "finds nothing"
SHOWN = 20
"""The slowest are told one by one."""


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.many, SPREAD)
    with chancery(url, **UNCACHED) as server:
        client = Client(server.port)
        taken = in_turn(client, QUERIES, run.sizes.requests)
        found = {name: bool(client.read(path)["items"]) for name, path in QUERIES.items()}
    medians = {name: statistics.median(figures) for name, figures in taken.items()}
    by_day = [name for name in medians if name not in SORTS]
    for name, among in (("slowest median", by_day), ("slowest median in another order", SORTS)):
        slowest = max(among, key=lambda each: medians[each])
        yield row("filters", name, run.engine, medians[slowest], "ms", does=slowest)
    middle = statistics.median(medians.values())
    said = f"of {len(medians)} queries"
    yield row("filters", "the middle one of the medians", run.engine, middle, "ms", does=said)
    for name, figure in sorted(medians.items(), key=lambda each: -each[1])[:SHOWN]:
        does = "" if found[name] else NOTHING
        beside = {"p99 ms": p99(taken[name])}
        yield row("filters", name, run.engine, figure, "ms", does=does, beside=beside)


STAGE = Stage(
    "filters",
    "First pages under each filter, one request after the other",
    ("sqlite", "postgresql"),
    measure,
)
