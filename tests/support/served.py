"""`chancery serve` as a process of its own, to be killed, told to stop, and started again."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from app.access.keys import Key
from tests.conftest import RATES, copy_of_seed
from tests.support.commands import COMMAND, ROOT, environment
from tests.support.writing import ALL_SCOPES, ENGINES, Editor, Keys, keys_of

PATIENCE_SECONDS = 30


class Served:
    """The server on one database and one port. What it says goes to a file, `log`."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.settings = {f"CHANCERY_{name.upper()}": settings[name] for name in settings}
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port)],
                env=environment(self.folder, **self.settings),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/livez", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False

    def send(self, number: signal.Signals) -> int:
        """Send a signal that ends it; the exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        assert self.send(signal.SIGKILL) == -signal.SIGKILL

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass(frozen=True)
class Office:
    """A server in a process of its own, with what its database holds."""

    served: Served
    keys: Keys
    key: Key
    database_url: str

    def editor(self) -> Editor:
        return Editor(self.served.url, self.key)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the same database."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=environment(self.served.folder, **self.served.settings),
            cwd=self.served.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def python(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a module of the tests."""
        with (self.served.folder / f"{module}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )


@contextmanager
def office_of(database_url: str, folder: Path, **given: str) -> Iterator[Office]:
    """`given` are settings of the server."""
    with keys_of(database_url, folder) as (keys, settings):
        key = keys.make(*ALL_SCOPES)
        served = Served(folder, {**dict.fromkeys(RATES, ""), **settings, **given})
        try:
            served.start()
            yield Office(served, keys, key, database_url)
        finally:
            served.end()


@pytest.fixture(scope="module", params=ENGINES)
def building(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with copy_of_seed(request, folder) as url, office_of(url, folder) as office:
        yield office


@pytest.fixture
def office(building: Office) -> Office:
    """The seed behind a process, once on each engine for every module that asks for it. One that
    the test before has ended is started again.
    """
    if not building.served.is_running:
        building.served.start()
    return building
