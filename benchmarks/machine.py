"""The machine: which core is whose, what a process has used, and what to say of it all."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.database.engines import SQLITE_MODULE

ROOT = Path(__file__).parents[1]
SERVER_CORE, LOAD_CORE = 0, 1
PROC = Path("/proc")
PINNED = ROOT / "benchmarks" / "contenders" / "requirements.txt"
COMPARED = ("datasette", "django", "djangorestframework", "gunicorn")
PACKAGES = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "pydantic", "orjson", "psycopg")


def pinned(core: int) -> list[str]:
    """The words that keep a program on one core, where the machine has them."""
    several = (os.cpu_count() or 1) > core
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and several else []


def family(process: int) -> list[int]:
    """A process and all that it has started; nothing where there is no /proc."""
    try:
        tasks = (PROC / str(process) / "task").glob("*/children")
        children = [int(word) for file in tasks for word in file.read_text().split()]
    except OSError:
        return []
    return [process, *(each for child in children for each in family(child))]


def cpu_seconds(process: int) -> float:
    """What a process and its children have had of the processors, user and system together."""
    ticks = 0
    for each in family(process):
        try:
            # The name before the last parenthesis may hold anything.
            fields = (PROC / str(each) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mib(process: int, kind: str = "VmRSS") -> float:
    """What lies in memory of a process and its children, or `VmHWM`, the most that ever did."""
    return sum(kibibytes(each, kind) for each in family(process)) / 1024


def kibibytes(process: int, kind: str) -> int:
    try:
        status = (PROC / str(process) / "status").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{kind}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0


def said_of_the_machine() -> Iterator[tuple[str, str]]:
    yield "machine", f"{os.cpu_count()} × {processor()}, {memory_of_machine()}"
    yield "system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield "SQLite", str(SQLITE_MODULE.sqlite_version)
    yield "packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield "others", ", ".join(others())
    yield "load", wrk_version()
    yield "commit", commit()
    yield "date", f"{datetime.now(UTC):%Y-%m-%d}"
    yield "load average", f"{os.getloadavg()[0]:.1f}, this run's own included"


def processor() -> str:
    try:
        said = (PROC / "cpuinfo").read_text()
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*: (.+)$", said, re.MULTILINE)
    return " ".join(found[1].split()) if found else platform.machine()


def memory_of_machine() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 2**30:.0f} GiB"


def others() -> Iterator[str]:
    """What is compared with, in the versions in which it is installed."""
    for line in PINNED.read_text(encoding="utf-8").splitlines():
        found = re.match(r"([a-z0-9-]+)==(\S+)", line)
        if found and found[1] in COMPARED:
            yield f"{found[1]} {found[2]}"


def wrk_version() -> str:
    if not shutil.which("wrk"):
        return "python (wrk is not installed)"
    # It prints its version and ends with a status, as if that were a mistake.
    told = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True)
    return " ".join((told.stdout + told.stderr).split()[:2])


def commit() -> str:
    """Which state of the program this is, and whether something in it is not committed."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return said.stdout.strip() or "unknown"
