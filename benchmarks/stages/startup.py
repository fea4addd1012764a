"""How long it takes from the command to the first answer, with the files in the system's cache."""

import statistics
import time
from collections.abc import Iterator

from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import CHANCERY, free_port, serving

FIRST = "/v1/meetings?limit=1"


def seconds_to_answer(url: str, path: str) -> tuple[float, float]:
    """By the clock, and of the processor."""
    port = free_port()
    command = [*CHANCERY, "serve", "--port", str(port)]
    began = time.perf_counter()
    with serving(command, port, {"CHANCERY_DATABASE_URL": url}, ready=path) as server:
        return time.perf_counter() - began, server.cpu_seconds()


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.meetings)
    for name, path in (
        ("first answer of `chancery serve`", FIRST),
        ("first answer, documentation", "/openapi.json"),
    ):
        seconds_to_answer(url, path)  # so that everything is compiled and cached
        taken = [seconds_to_answer(url, path) for _ in range(run.sizes.rounds)]
        seconds, cpu = (statistics.median(some) for some in zip(*taken, strict=True))
        does, beside = f"GET {path}", {"cpu s": cpu}
        yield row("startup", name, run.engine, seconds, "s", does=does, beside=beside)


STAGE = Stage(
    "startup",
    "From the command to the first answer",
    ("sqlite", "postgresql"),
    measure,
)
