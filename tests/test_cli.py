"""The command line as its users run it: a process each, and what it says."""

import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from app.database.engines import make_engine
from app.database.migrations import SCHEMA, migrate
from tests.support.client import Client
from tests.support.commands import COMMAND, Run, environment, fails_in_one_line
from tests.support.loading import copied_seed


def test_it_migrates_seeds_and_seeds_again(start: Run, run: Run) -> None:
    assert "chancery migrate" in fails_in_one_line(run("seed"))
    assert SCHEMA in start("migrate").stdout
    first = start("seed")
    assert re.search(r"140 created; 0 republished, 0 refused", first.stdout), first.stderr
    assert re.search(
        r"^created: visit \S+ \(\S+/visits\.yaml:\d+: visits\[0\]\)$", first.stdout, re.MULTILINE
    )
    assert run("seed").stdout == "Data set seed: 140 unchanged; 0 republished, 0 refused.\n"


def test_a_mistake_is_told_with_file_line_and_field_and_nothing_is_loaded(
    run: Run, tmp_path: Path
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'records.db'}")
    migrate(engine)
    engine.dispose()
    seed = copied_seed(tmp_path, visits=("status: held", "status: hled"))
    done = run("seed", "--directory", str(seed))
    assert done.returncode != 0
    assert re.search(r"visits\.yaml:\d+: visits\[0\]\.status: ", done.stderr), done.stderr
    assert "nothing was loaded" in done.stderr
    assert "140 created" in run("seed", "--dry-run").stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CHANCERY_DATABASE_URL", "mysql://somewhere/records"),
        ("CHANCERY_DATABASE_URL", "no address"),
        ("CHANCERY_DATABASE_URL", "sqlite://"),
        ("CHANCERY_PORT", "99999"),
    ],
)
def test_a_wrong_setting_is_named(run: Run, variable: str, value: str) -> None:
    assert variable in fails_in_one_line(run("migrate", **{variable: value}))


def test_a_taken_port_is_named(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = fails_in_one_line(run("serve", "--prepare", CHANCERY_PORT=port))
    assert port in said


def test_it_serves_until_told_to_stop_and_loads_nothing_twice(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    loaded = []
    for _ in range(2):
        process = subprocess.Popen(
            [*COMMAND, "serve", "--prepare", "--port", port],
            env=environment(tmp_path),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert answers(f"http://127.0.0.1:{port}", process)["total"] == 5
        finally:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert f"http://127.0.0.1:{port}/docs" in said
        assert said.count("curl") == 3
        loaded.append("created" in said)
    assert loaded == [True, False]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_as_soon_as_it_listens(tmp_path: Path, number: signal.Signals) -> None:
    """As the first process of a container too, which no signal ends that it does not handle."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "serve", "--prepare", "--port", str(port)],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert time.monotonic() < deadline
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")


def answers(url: str, process: subprocess.Popen[str]) -> dict[str, object]:
    """Asks as soon as somebody listens, which is long before anybody answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with Client(url) as http:
                found: dict[str, object] = http.get("/v1/meetings?count=exact").json()
        except (ConnectionRefusedError, TimeoutError):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return found
