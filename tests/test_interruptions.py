"""Killed on the way, or two at once: either all of it is there or nothing."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.database.migrations import SCHEMA, migrate
from app.importers.reports import Outcome, Report
from app.models import Revision
from tests.support import killed
from tests.support.loading import load_seed
from tests.support.log import fresh, stored
from tests.support.ready import done

ROOT = Path(__file__).parents[1]
TRIES = int(os.environ.get("TEST_KILLS", "1"))


def test_a_migration_or_a_load_that_is_killed_leaves_nothing_and_can_be_run_again(
    empty_database: str,
) -> None:
    """TEST_KILLS=100 for the long form: so many random points, besides the commit."""
    ended = done(
        killed.main,
        empty_database,
        TRIES,
        folder=ROOT,
        variables=os.environ,
        timeout_seconds=60 + 20 * TRIES,
    )
    assert ended.returncode == 0, ended.stderr
    *left, (schema, rows) = json.loads(ended.stdout)
    assert left == [[None, 0]] * TRIES + [[SCHEMA, 0]] * (1 + TRIES)
    assert schema == SCHEMA
    assert rows > 1000
    engine = make_engine(empty_database)
    report = load_seed(engine)
    engine.dispose()
    assert {each.outcome for each in report.entries} == {Outcome.UNCHANGED}


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_of_two_loaders_at_once_one_loads_and_the_other_finds_all_there(
    empty_database: str,
) -> None:
    """On SQLite there is one writer anyway."""

    def run(_: int) -> Report:
        engine = make_engine(empty_database)
        report = load_seed(engine)
        engine.dispose()
        return report

    engine = make_engine(empty_database)
    migrate(engine)
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, range(2)))
    outcomes = [{each.outcome for each in report.entries} for report in reports]
    assert sorted(outcomes, key=str) == [{Outcome.CREATED}, {Outcome.UNCHANGED}]
    with Session(engine) as session:
        head = session.scalar(select(func.max(Revision.seq)))
        assert head == session.scalar(select(func.count()).select_from(Revision)) == 140
        assert stored(session) == fresh(session)
    engine.dispose()
