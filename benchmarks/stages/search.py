"""Full text over everything: a rare word and a common one."""

import statistics
from collections.abc import Iterator

from benchmarks.asking import Client, in_turn, p99
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, chancery
from benchmarks.words import words


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.searched)
    common, rare = words(url)
    paths = {
        "a rare word": f"/v1/search?q={rare}",
        "a common word": f"/v1/search?q={common}",
        "a common word and a rare one": f"/v1/search?q={common}%20{rare}",
        "meetings of a common word": f"/v1/meetings?q={common}",
    }
    with chancery(url, **UNCACHED) as server:
        client = Client(server.port)
        taken = in_turn(client, paths, run.sizes.requests)
    for name, figures in taken.items():
        beside = {"p99 ms": p99(figures)}
        figure = statistics.median(figures)
        yield row("search", name, run.engine, figure, "ms", does=paths[name], beside=beside)


STAGE = Stage(
    "search",
    "Searches over all texts with ranking and facets, one request after the other",
    ("sqlite", "postgresql"),
    measure,
)
