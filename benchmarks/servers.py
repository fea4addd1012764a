"""Servers in processes of their own, on a core of their own, ready to be asked."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT, SERVER_CORE, cpu_seconds, memory_mib, pinned

PATIENCE_SECONDS = 60
IDLE_SECONDS = 0.05
LOG = ROOT / "build" / "bench" / "servers.log"
NO_END = "1000000000/minute"
"""Requests are counted, and none is too many."""

SETTINGS = {"CHANCERY_RATE_ANONYMOUS": NO_END, "CHANCERY_RATE_WRITES": NO_END}
UNCACHED = {"CHANCERY_RESPONSE_CACHE_MIB": "0"}
"""Every request is a read of the database."""

CHANCERY = (sys.executable, "-c", "from app.cli import main; main()")


@dataclass(frozen=True)
class Server:
    """A process that answers on a port."""

    process: int
    port: int

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process)

    def memory_mib(self, kind: str = "VmRSS") -> float:
        return memory_mib(self.process, kind)

    def wait_until_idle(self) -> None:
        """Until what nobody waits for any more is done: others are to have the core next."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        before, used = -1.0, self.cpu_seconds()
        while used > before and time.monotonic() < deadline:
            time.sleep(IDLE_SECONDS)
            before, used = used, self.cpu_seconds()

    def read(self, path: str, headers: Mapping[str, str] | None = None) -> "Read":
        """One answer, whatever its status."""
        request = urllib.request.Request(  # an address of this machine
            f"http://127.0.0.1:{self.port}{path}", headers=dict(headers or {})
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return Read(answer.status, answer.read(), answer.headers.get("etag", ""))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Read(refusal.code, refusal.read(), "")

    def count_lines(self, path: str) -> int:
        """The lines of an answer, of which only a little is held at a time."""
        address, lines = f"http://127.0.0.1:{self.port}{path}", 0
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
            while part := answer.read(2**18):
                lines += part.count(b"\n")
        return lines

    def answers(self, path: str) -> bool:
        """Whether there is such an address; the answer is not read to its end."""
        try:
            address = f"http://127.0.0.1:{self.port}{path}"
            urllib.request.urlopen(address, timeout=PATIENCE_SECONDS).close()
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return False
        return True


@dataclass(frozen=True)
class Read:
    """An answer as a client has it."""

    status: int
    body: bytes
    etag: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str], port: int, variables: Mapping[str, str], *, ready: str
) -> Iterator[Server]:
    """A server that answers at `ready`, until the block ends. What it says goes to a file."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            [*pinned(SERVER_CORE), *command],
            cwd=ROOT,
            env={**os.environ, **SETTINGS, "PYTHONPATH": str(ROOT), **variables},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(process, f"http://127.0.0.1:{port}{ready}")
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    """Return as soon as the address answers; RuntimeError where it never does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE_SECONDS).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                message = f"No server at {address}; see the end of {LOG}"
                raise RuntimeError(message) from None
            time.sleep(0.01)
        else:
            return


@contextmanager
def chancery(url: str, **variables: str) -> Iterator[Server]:
    """`chancery serve` on a database, as it is served everywhere."""
    port = free_port()
    command = [*CHANCERY, "serve", "--port", str(port)]
    variables = {"CHANCERY_DATABASE_URL": url, **variables}
    with serving(command, port, variables, ready="/livez") as server:
        yield server


@contextmanager
def bare(body: bytes, file: Path) -> Iterator[Server]:
    """The limit: an ASGI function that sends these bytes, under the same server."""
    file.write_bytes(body)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.contenders.bare:app"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "error"]
    with serving(command, port, {"BENCH_BODY": str(file)}, ready="/") as server:
        yield server
