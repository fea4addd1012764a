"""An import of the Historian's data that is killed leaves all as before; rerun, it completes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.database.engines import make_engine
from app.importers.reports import Outcome
from app.record.verifying import stale_documents, verify_log
from tests.support.historian_files import SMALL, copied, load, real_data, without

ROOT = Path(__file__).parents[1]


def killed(url: str, tries: int, folder: Path) -> Any:
    """What was found before, after each kill, and at the end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_import", url, str(tries), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("tries", [2, pytest.param(40, marks=pytest.mark.long)])
def test_an_import_that_is_killed_leaves_all_as_it_was_and_completes_when_run_again(
    own_database: str, tmp_path: Path, tries: int
) -> None:
    before, *left, after = killed(own_database, tries, SMALL)
    assert left == [before] * (1 + tries)
    assert after["rows"]["visits"] > before["rows"]["visits"]
    again = copied(
        tmp_path,
        {"travels/secretary-travels/doe-jane.xml": ("Grain Conference", "Wheat Conference")},
    )
    without(again, "visits/data/2020.xml", "202")
    before, *left, after = killed(own_database, tries, again)
    assert left == [before] * (1 + tries)
    assert after["head"] != before["head"]
    engine = make_engine(own_database)
    reports = load(engine, again)
    outcomes = {entry.outcome for report in reports for entry in report.entries}
    assert outcomes == {Outcome.UNCHANGED}
    assert verify_log(engine)
    assert list(stale_documents(engine)) == []
    engine.dispose()


@pytest.mark.long
def test_an_import_of_the_real_data_that_is_killed_leaves_all_as_it_was(own_database: str) -> None:
    before, *left, after = killed(own_database, 5, real_data())
    assert left == [before] * 6
    assert after["rows"]["visits"] > 800
