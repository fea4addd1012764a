"""Running the command line as its users do: a process each, in a folder of the test's own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.ready import chancery, done

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


def environment(folder: Path, **variables: str) -> dict[str, str]:
    given = {"CHANCERY_DATABASE_URL": f"sqlite:///{folder / 'records.db'}", **variables}
    return {**os.environ, "PYTHONPATH": str(ROOT), **given}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command in a process that finds the program loaded."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        given = environment(tmp_path, **variables)
        return done(chancery, *arguments, folder=tmp_path, variables=given)

    return run


@pytest.fixture
def start(tmp_path: Path) -> Run:
    """Starts a command from the very beginning, as its users do."""

    def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=environment(tmp_path, **variables),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return start


def fails_in_one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]
