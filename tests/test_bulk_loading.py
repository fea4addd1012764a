"""New records take a quick way into the database; what they leave there is the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.cli import SEED_DIRECTORY
from app.database.engines import make_engine
from app.database.locks import lock_log
from app.database.migrations import migrate
from app.importers.batches import Batch
from app.importers.loader import Run, load_batch
from app.importers.reports import Outcome, Report
from app.importers.settling import settle
from app.importers.standing import known_ids
from app.models import Base, Revision, SearchEntry
from app.record.recorder import Change
from app.record.verifying import stale_documents, verify_log
from app.vocabulary import Operation, RecordKind
from benchmarks import generator
from tests.conftest import scratch_postgres
from tests.support.loading import shipped

NOON = datetime(2024, 5, 6, 12, 30, 15, 678_000, tzinfo=UTC)
CHANGE = Change(actor="tests", reason="both ways", request_id="one", clock=lambda: NOON)
MEETINGS = 60
PLAINLY_STATED = {"import_runs"}
"""Tables that say when, and nothing that was loaded."""


class Compared(Run):
    """Compares each record with what is stored, also where nothing can be."""

    def is_all_news(self, by_kind: object) -> bool:
        return False


@contextmanager
def migrated(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    with migrated(empty_database) as opened:
        yield opened


def load_compared(engine: Engine, batch: Batch) -> Report:
    with Session(engine, autoflush=False) as session, session.begin():
        lock_log(session)
        run = Compared(session, "data", settle(batch), known_ids(session, batch))
        return run.load(CHANGE, dry_run=False)


def load_quickly(engine: Engine, batch: Batch) -> Report:
    return load_batch(engine, batch, dataset="data", change=CHANGE)


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in PLAINLY_STATED
        }


def part_of(batch: Batch, *kinds: RecordKind, without: bool = False) -> Batch:
    records = tuple(
        each for each in batch.records if (each.record.kind_of_record in kinds) is not without
    )
    return replace(batch, records=records)


GENERATED = generator.batch(MEETINGS)
LATER = (RecordKind.POSITION, RecordKind.MEETING, RecordKind.STATEMENT, RecordKind.COMMITMENT)
STEPS = {
    "the seed": lambda: [shipped(SEED_DIRECTORY)],
    "a large record": lambda: [GENERATED],
    "offices and meetings of officials who are there": lambda: [
        part_of(GENERATED, *LATER, without=True),
        part_of(GENERATED, *LATER),
    ],
    "offices of officials who have met already": lambda: [
        part_of(GENERATED, RecordKind.POSITION, without=True),
        part_of(GENERATED, RecordKind.POSITION),
    ],
}


@pytest.fixture
def other(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A second database of the same kind."""
    if engine.dialect.name == "sqlite":
        with migrated(f"sqlite:///{tmp_path / 'other.db'}") as opened:
            yield opened
        return
    base_url = request.getfixturevalue("postgres_base_url")
    with scratch_postgres(base_url) as url, migrated(url) as opened:
        yield opened


@pytest.mark.parametrize("steps", STEPS)
def test_what_is_loaded_quickly_is_what_is_loaded_by_comparing(
    engine: Engine, other: Engine, steps: str
) -> None:
    for batch in STEPS[steps]():
        assert load_quickly(engine, batch) == load_compared(other, batch)
    assert contents(engine) == contents(other)
    verify_log(engine)
    assert list(stale_documents(engine)) == []


def test_new_records_beside_known_ones_are_created_and_the_rest_left_alone(engine: Engine) -> None:
    load_quickly(engine, part_of(GENERATED, RecordKind.STATEMENT, without=True))
    report = load_quickly(engine, GENERATED)
    assert report.counts[Outcome.CREATED] == len(part_of(GENERATED, RecordKind.STATEMENT).records)
    assert report.counts[Outcome.UPDATED] == 0
    assert report.republished == 0
    again = load_quickly(engine, GENERATED)
    assert again.counts[Outcome.UNCHANGED] == len(GENERATED.records)


def test_new_records_beside_changed_ones_show_them_as_they_are_now(engine: Engine) -> None:
    load_quickly(engine, part_of(GENERATED, RecordKind.STATEMENT, without=True))
    changed = tuple(
        replace(each, record=each.record.model_copy(update={"title": "Other talks"}))
        if each.record.key == "meeting-3"
        else each
        for each in GENERATED.records
    )
    load_quickly(engine, replace(GENERATED, records=changed))
    assert list(stale_documents(engine)) == []
    verify_log(engine)


def test_a_dry_run_of_new_records_keeps_none_of_them(engine: Engine) -> None:
    report = load_batch(engine, GENERATED, dataset="data", change=CHANGE, dry_run=True)
    assert report.counts[Outcome.CREATED] == len(GENERATED.records)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Revision)) == 0
        assert connection.scalar(select(func.count()).select_from(SearchEntry)) == 0


def test_new_records_are_published_once_each(engine: Engine) -> None:
    load_quickly(engine, GENERATED)
    with Session(engine) as session:
        operations = session.scalars(select(Revision.operation)).all()
    assert set(operations) == {Operation.CREATE}
    assert len(operations) == len(GENERATED.records)
