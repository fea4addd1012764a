"""A server that was just started: what it answers before FastAPI is there, and when that is."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.main import create_app
from app.settings import Settings
from tests.conftest import PATIENCE_SECONDS, running
from tests.support.client import Client
from tests.support.commands import environment

WITHOUT = """
import sys
import app.main, app.web.server
print(sorted({name.partition(".")[0] for name in sys.modules} & {"fastapi", "pydantic"}))
"""
BROKEN = """
import sys
sys.modules["app.routers.meetings"] = None
from app.cli import main
main()
"""


SETTLED = """
import gc, os, sys, threading, time, urllib.request
from app.cli import main

def look():
    url = f"http://127.0.0.1:{sys.argv[-1]}/readyz"
    while True:
        try:
            urllib.request.urlopen(url).close()
            break
        except OSError:
            time.sleep(0.02)
    print("settled", gc.isenabled(), gc.get_freeze_count() > 100_000, flush=True)
    os._exit(0)

threading.Thread(target=look).start()
main()
"""


@contextmanager
def started(database_url: str) -> Iterator[tuple[Client, list[float]]]:
    """A server, and when it had loaded all."""
    loaded: list[float] = []
    settings = Settings(
        database_url=database_url, read_timeout_seconds=PATIENCE_SECONDS, _env_file=None
    )
    app = create_app(settings, when_loaded=lambda: loaded.append(time.monotonic()))
    with running(app, settings) as url, Client(url) as client:
        yield client, loaded


def test_nothing_that_the_lane_needs_loads_fastapi() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True
    )
    assert done.stdout == "['pydantic']\n"


class TestBeforeItIsLoaded:
    @pytest.fixture(autouse=True)
    def _not_yet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.web.later.FIRST_ANSWERS_SECONDS", 600)

    def test_the_lane_answers(self, own_database: str) -> None:
        with started(own_database) as (client, loaded):
            page = client.get("/v1/meetings?visit=blinken-beijing-2023-06")
            assert page.status_code == 200
            first = page.json()["items"][0]["slug"]
            assert client.get(f"/v1/meetings/{first}").status_code == 200
            assert client.get("/v1/meetings/nobody-knows").status_code == 404
            assert client.get("/v1/meetings?limit=0").status_code == 422
            assert loaded == []

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/readyz", 200),
            ("GET", "/docs", 200),
            ("HEAD", "/openapi.json", 200),
            ("OPTIONS", "/v1/meetings", 204),
            ("POST", "/v1/meetings", 401),
            ("DELETE", "/v1/stats/meetings", 405),
            ("GET", "/v2", 404),
            ("POST", "/v2", 404),
        ],
    )
    def test_whoever_asks_for_the_rest_has_it_loaded(
        self, own_database: str, method: str, path: str, status: int
    ) -> None:
        with started(own_database) as (client, loaded):
            for _ in range(2):
                answer = client.request(method, path)
                assert answer.status_code == status
            assert len(loaded) == 1
            allowed = "GET, HEAD, OPTIONS, POST"
            assert client.request("OPTIONS", "/v1/meetings").headers["allow"] == allowed


def test_it_is_loaded_soon_after_the_start_with_nobody_asking(own_database: str) -> None:
    with started(own_database) as (client, loaded):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not loaded and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(loaded) == 1
        assert client.get("/readyz").status_code == 200
        assert len(loaded) == 1


def served(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A process that serves in some way, until it ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    return subprocess.run(
        [sys.executable, "-c", code, "serve", "--prepare", "--port", port],
        env=environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_server_that_cannot_load_it_ends_in_good_order_and_says_why(tmp_path: Path) -> None:
    done = served(BROKEN, tmp_path)
    assert done.returncode == 1
    (said,) = (json.loads(line) for line in done.stderr.splitlines() if line.startswith("{"))
    assert (said["level"], said["message"]) == ("critical", "The application cannot be loaded.")
    assert "app.routers.meetings" in said["exception"]
    assert not list(tmp_path.glob("*-wal"))


def test_garbage_is_looked_for_again_when_all_is_loaded_and_not_in_that(tmp_path: Path) -> None:
    assert "settled True True" in served(SETTLED, tmp_path).stdout
