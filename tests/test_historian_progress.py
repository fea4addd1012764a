"""How far an import has come: a bar on a terminal, plain lines elsewhere."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from app.database.engines import make_engine
from app.importers.historian.reading import read_historian
from app.importers.historian.standing import standing_of
from app.importers.loader import load_batches
from app.record.recorder import Change
from tests.support.commands import COMMAND, Run, environment, run
from tests.support.historian_files import SMALL

__all__ = ["run"]
ARGUMENTS = ["import", "historian", "--travels", str(SMALL / "travels")]


def on_a_terminal(folder: Path) -> str:
    """What a command writes to a terminal that its standard error is."""
    master, slave = pty.openpty()
    done = subprocess.Popen(
        [*COMMAND, *ARGUMENTS],
        env=environment(folder),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=slave,
    )
    os.close(slave)
    written = b""
    try:
        while some := os.read(master, 4096):
            written += some
    except OSError:
        pass  # so a terminal ends on Linux
    os.close(master)
    assert done.wait(60) == 0, written
    return written.decode()


def test_a_terminal_sees_a_bar_and_others_plain_lines(run: Run, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    written = on_a_terminal(tmp_path)
    bars = re.findall(r"\rLoading records \[([#.]{30})\] ([\d,]+) of ([\d,]+)", written)
    assert len(bars) > 3
    assert [each.count("#") for each, _, _ in bars] == sorted(
        each.count("#") for each, _, _ in bars
    )
    assert bars[-1][1] == bars[-1][2]
    assert written.endswith("\r\033[K")
    done = run(*ARGUMENTS)
    assert done.returncode == 0, done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert "\033" not in done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert lines[-1] == f"Loading records: {bars[-1][2]} of {bars[-1][2]}"
    assert len(lines) <= 10


@pytest.mark.parametrize("name", ["travels", "visits", "pocom"])
def test_it_moves_within_a_data_set(own_database: str, name: str) -> None:
    engine = make_engine(own_database)
    steps: list[tuple[int, int]] = []
    folders = {name: SMALL / name}

    def tell(done: int, total: int) -> None:
        steps.append((done, total))

    found = read_historian(
        travels=folders.get("travels"),
        visits=folders.get("visits"),
        pocom=folders.get("pocom"),
        standing=standing_of(engine),
        tell=tell,
    )
    opened = len(list((SMALL / name).rglob("*.xml")))
    assert steps == [(each, opened) for each in range(1, opened + 1)]
    steps.clear()
    ((_, batch),) = found.batches.items()
    load_batches(engine, found.batches, change=Change(actor="tests"), tell=tell)
    assert not found.batches  # what was loaded is not kept in memory
    assert {total for _, total in steps} == {len(batch.records)}
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1] == (len(batch.records), len(batch.records))
    assert len(steps) > 4
    engine.dispose()
