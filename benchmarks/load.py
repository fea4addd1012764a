"""Two sources of load: wrk where it is installed, and a slower one that needs nothing."""

import asyncio
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import LOAD_CORE, pinned

CONNECTIONS = 16

SCRIPT = """
local paths = {%s}
local at = 0
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency, requests)
  io.write(string.format("counted %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""
COUNTED = re.compile(r"counted (\d+) (\d+) (\d+) (\d+) (\d+)")


@dataclass(frozen=True)
class Loaded:
    """What one spell of load got: answers, in how many seconds, and how long they took."""

    answers: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


Load = Callable[[int, Sequence[str], Sequence[str], float], Loaded]
"""(port, paths, headers, seconds) → what came of it."""


def best_load() -> Load:
    return wrk_load if shutil.which("wrk") else python_load


def wrk_load(port: int, paths: Sequence[str], headers: Sequence[str], seconds: float) -> Loaded:
    """Load from wrk, on a core of its own where the machine has several."""
    quoted = ", ".join(f'"{path}"' for path in paths)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % quoted)
        script.flush()
        command = [*pinned(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s"]
        command += ["--timeout", "30s", "-s", str(Path(script.name))]
        for header in headers:
            command += ["-H", header]
        command.append(f"http://127.0.0.1:{port}")
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return read_wrk(said)


def read_wrk(said: str) -> Loaded:
    """What wrk counted, or an error where it got other answers than it asked for."""
    found = COUNTED.search(said)
    if found is None or int(found[5]):
        message = f"wrk got errors:\n{said}"
        raise RuntimeError(message)
    answers, microseconds, p50, p99 = (int(each) for each in found.groups()[:4])
    return Loaded(answers, microseconds / 1e6, p50 / 1000, p99 / 1000)


def python_load(port: int, paths: Sequence[str], headers: Sequence[str], seconds: float) -> Loaded:
    """Load from this process: one request at a time on each connection."""
    lines = "".join(f"{header}\r\n" for header in headers)

    async def run() -> tuple[list[float], float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        taken = await asyncio.gather(
            *(
                connection(port, [*paths[start:], *paths[:start]], lines, began + seconds)
                for start in range(CONNECTIONS)
            )
        )
        return [each for some in taken for each in some], loop.time() - began

    taken, lasted = asyncio.run(run())
    return loaded(taken, lasted)


def loaded(taken: Sequence[float], lasted: float) -> Loaded:
    """A spell of load from the seconds that each answer took."""
    cuts = statistics.quantiles(taken, n=100)
    return Loaded(len(taken), lasted, cuts[49] * 1000, cuts[98] * 1000)


async def connection(port: int, paths: Sequence[str], lines: str, until: float) -> list[float]:
    loop = asyncio.get_running_loop()
    asking = await Asking.open(port, lines)
    taken: list[float] = []
    began = loop.time()
    while began < until:
        await asking.ask(paths[len(taken) % len(paths)])
        now = loop.time()
        taken.append(now - began)
        began = now
    await asking.close()
    return taken


class Unavailable(RuntimeError):
    """The server refused, for now: 503."""


class Asking:
    """A connection that stays open, on which one request follows the other."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lines: str
    ) -> None:
        self.reader, self.writer, self.lines = reader, writer, lines

    @classmethod
    async def open(cls, port: int, lines: str = "") -> "Asking":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20), lines)

    async def ask(self, path: str) -> None:
        """Read one whole answer.

        Raises RuntimeError for a status that is no success, and `Unavailable`, after which the
        connection can be used on, where the server has too much to do.
        """
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n{self.lines}\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        if head[9:10] not in (b"2", b"3") and head[9:12] != b"503":
            raise RuntimeError(path, head)
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length:
            await self.reader.readexactly(int(length.group(1)))
        elif b"chunked" in head.lower():
            await self.read_chunks()
        if head[9:12] == b"503":
            raise Unavailable(path, head)

    async def read_chunks(self) -> None:
        while size := int((await self.reader.readline()).partition(b";")[0], 16):
            await self.reader.readexactly(size + 2)
        await self.reader.readline()

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()
