"""All meetings exported: documents a second, and the memory that it takes."""

import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.exporting import EXPORTS
from benchmarks.machine import ROOT, SERVER_CORE, memory_mib, pinned
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import CHANCERY, UNCACHED, Server, chancery

MEGABYTE = 1024 * 1024 / 1e6
LOOK_SECONDS = 0.01


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.searched)
    with chancery(url, **UNCACHED) as server:
        path = next((path for path in EXPORTS if server.answers(path)), None)
        told = None if path is None else over_http(server, path, run.sizes.rounds)
    if told is None or path is None:
        path, told = "`chancery export`", by_command(url, run.sizes.rounds)
    rate, memory = told
    yield row("export", "documents exported", run.engine, rate, "documents/s", does=path)
    yield row(
        "export", "memory of the exporting process", run.engine, memory * MEGABYTE, "MB", does=path
    )


def over_http(server: Server, path: str, rounds: int) -> tuple[float, float]:
    """Documents a second as the median of the rounds, and the most memory, in MiB."""
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        documents = server.count_lines(path)
        rates.append(documents / (time.perf_counter() - began))
    return statistics.median(rates), server.memory_mib("VmHWM")


def by_command(url: str, rounds: int) -> tuple[float, float]:
    rates, most = [], 0.0
    for _ in range(rounds):
        with TemporaryDirectory() as name:
            folder = Path(name) / "export"
            began = time.perf_counter()
            process = subprocess.Popen(
                [*pinned(SERVER_CORE), *CHANCERY, "export", str(folder)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "CHANCERY_DATABASE_URL": url},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # What `wait4` tells would hold what this process had before it became the other.
            while process.poll() is None:
                most = max(most, memory_mib(process.pid, "VmHWM"))
                time.sleep(LOOK_SECONDS)
            seconds = time.perf_counter() - began
            if process.returncode:
                message = f"chancery export ended with {process.returncode}"
                raise RuntimeError(message)
            documents = sum(file.read_bytes().count(b"\n") for file in folder.glob("*.ndjson"))
            rates.append(documents / seconds)
    return statistics.median(rates), most


STAGE = Stage(
    "export",
    "The whole record in NDJSON",
    ("sqlite", "postgresql"),
    measure,
)
