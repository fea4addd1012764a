"""The Historian's data come in while others read.

The part of the data that the tests use is imported over the seed, and once more with nothing new
in it. `CHANCERY_HISTORIAN_DATA` names another folder with `travels`, `visits` and `pocom` in it,
such as copies of the whole repositories.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from app.cli import SEED_DIRECTORY
from app.importers.loader import load_batch
from app.importers.seed import read as read_seed
from benchmarks.databases import CHANGE, opened
from benchmarks.machine import LOAD_CORE, ROOT, memory_mib, pinned
from benchmarks.reading import Reading, waited
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import CHANCERY, UNCACHED, chancery
from tests.support.historian_files import BESIDE, SMALL, VARIABLE

BEFORE_SECONDS = 3.0
PATHS = (
    "/v1/meetings",
    "/v1/meetings/blinken-xi-beijing-2023-06-19",
    "/v1/officials/antony-blinken",
)


def data() -> Path:
    """The folder with the repositories: what is named, what lies beside, or our small ones."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else BESIDE if BESIDE.is_dir() else SMALL


def imported(url: str, folder: Path) -> tuple[float, float]:
    """Seconds of one import by the command, and the most memory that it had, in MiB."""
    given = [part for name in ("travels", "visits", "pocom") for part in (f"--{name}", name)]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*pinned(LOAD_CORE), *CHANCERY, "import", "historian", *given],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CHANCERY_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    most = 0.0
    while process.poll() is None:
        most = max(most, memory_mib(process.pid, "VmHWM"))
        time.sleep(0.05)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return time.perf_counter() - began, most


def measure(run: Run) -> Iterator[Row]:
    folder = data()
    with run.store.empty() as url:
        with opened(url) as engine:
            load_batch(engine, read_seed(SEED_DIRECTORY), dataset="seed", change=CHANGE)
        with chancery(url, **UNCACHED) as server:
            paths = [path for path in PATHS if server.read(path).status == 200]
            with Reading(server.port, paths) as before:
                time.sleep(BEFORE_SECONDS)
            with Reading(server.port, paths) as meanwhile:
                seconds, most = imported(url, folder)
        again, _ = imported(url, folder)
    files = sum(1 for each in folder.rglob("*.xml"))
    beside = {"files": float(files), "memory MiB": most}
    yield row("imports", "importing the Historian's data", run.engine, seconds, "s", beside=beside)
    yield row("imports", "once more, nothing new", run.engine, again, "s")
    yield from waited("imports", run.engine, {"idle": before, "during the import": meanwhile})


STAGE = Stage(
    "imports",
    "The Historian's data come in while somebody reads",
    ("sqlite", "postgresql"),
    measure,
)
