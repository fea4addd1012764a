"""An upgrade from the first release: its documents are brought to the shape of this one."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, event, func, insert, select, update
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.database.migrations import SCHEMA, migrate
from app.errors import SchemaMismatch
from app.models import Base, Document, DocumentShape, Encounter, Official, Revision, TimelineEntry
from app.record import documents, reshaping
from app.record.recorder import Change, Recorder
from app.record.reshaping import is_reshaped, reshape
from app.vocabulary import Operation, RecordKind
from tests.support.commands import COMMAND, ROOT
from tests.support.first_release import as_the_first_release_left_it
from tests.support.loading import load_seed
from tests.support.log import check_the_chain, fresh, stored
from tests.support.tampering import unguarded

K = RecordKind
CHANGE = Change(actor="tests", reason="a new release")
PRESENT = documents.SHAPE
CLOCK = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def derived(own_database: str) -> dict[str, set[Any]]:
    """What is derived from the seed, as loading it made it."""
    engine = make_engine(own_database)
    found = derived_rows(engine)
    assert all(found.values())
    engine.dispose()
    return found


@pytest.fixture
def former(derived: dict[str, set[Any]], own_database: str) -> Iterator[Engine]:
    """The seed, as the first release left it."""
    engine = make_engine(own_database)
    as_the_first_release_left_it(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def migrated(former: Engine) -> Engine:
    """The same, of which the schema is brought up and the documents are not."""
    migrate(former)
    assert not is_reshaped(former)
    return former


def derived_rows(engine: Engine) -> dict[str, set[Any]]:
    models: list[Any] = [Encounter, TimelineEntry]
    with engine.connect() as connection:
        return {
            model.__tablename__: {tuple(row) for row in connection.execute(select(model.__table__))}
            for model in models
        }


def head(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.max(Revision.seq))) or 0


def newest(session: Session) -> dict[str, Revision]:
    """The newest revision of each record."""
    return {
        each.record_id: each for each in session.scalars(select(Revision).order_by(Revision.seq))
    }


def reads_differently(kind: RecordKind, body: bytes) -> bool:
    """Whether the shapes differ for a document of the first release."""
    if kind is K.OFFICIAL:
        return bool(orjson.loads(body)["positions"])
    if kind is K.VISIT:
        return bool(orjson.loads(body)["stops"])
    return kind in {K.POSITION, K.STATEMENT, K.COMMITMENT}


def outdated(session: Session) -> list[str]:
    """The records that read differently than their documents."""
    reads = fresh(session)
    return [record_id for record_id, body in stored(session).items() if reads[record_id] != body]


def test_migrate_brings_a_first_release_to_this_one_and_says_so_once(
    former: Engine, own_database: str, derived: dict[str, set[Any]]
) -> None:
    with Session(former) as session:
        check_the_chain(session)
        before, bodies = newest(session), stored(session)
        session.expunge_all()
    former.dispose()
    expected = {
        record_id
        for record_id, revision in before.items()
        if reads_differently(revision.kind, bodies[record_id])
    }

    def run() -> str:
        done = subprocess.run(
            [*COMMAND, "migrate"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "CHANCERY_DATABASE_URL": own_database},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    assert run().splitlines() == [
        f"The database's schema is now {SCHEMA} (it was 0001).",
        f"{len(expected)} documents were published anew in the shape of this version.",
    ]
    assert run() == ""
    assert is_reshaped(former)
    assert head(former) == len(before) + len(expected)
    assert derived_rows(former) == derived
    with Session(former) as session:
        check_the_chain(session)
        assert stored(session) == fresh(session)
        after = newest(session)
        kept = dict(session.execute(select(Document.seq, Document.body)).all())
        for record_id, revision in before.items():
            assert kept[revision.seq] == bodies[record_id]
            anew = after[record_id]
            if record_id not in expected:
                assert anew.seq == revision.seq
                continue
            assert (anew.operation, anew.cause) == (Operation.REPUBLISH, revision.seq)
            assert (anew.shape, anew.actor) == (documents.SHAPE, "cli:migrate")
            was, reads = orjson.loads(bodies[record_id]), orjson.loads(kept[anew.seq])
            assert anew.rev == revision.rev == reads["rev"] == was["rev"]
            assert (reads["created_at"], reads["updated_at"]) == (
                was["created_at"],
                was["updated_at"],
            )


def test_what_the_new_shape_adds_is_filled_in_by_the_next_load(former: Engine) -> None:
    """The first release had no room for joint speakers and lineage; the seed has them."""
    migrate(former)
    reshape(former, CHANGE)
    load_seed(former)
    with Session(former) as session:
        found = [orjson.loads(body) for body in stored(session).values()]
        assert any(each.get("joint_with") for each in found)
        assert stored(session) == fresh(session)
        check_the_chain(session)


def test_a_second_run_does_nothing(migrated: Engine) -> None:
    assert reshape(migrated, CHANGE) > 0
    before = head(migrated)
    assert reshape(migrated, CHANGE) == 0
    assert head(migrated) == before
    with migrated.connect() as connection:
        assert connection.scalars(select(DocumentShape.shape)).all() == [documents.SHAPE]


def test_a_run_that_is_stopped_in_the_middle_is_finished_by_the_next(
    migrated: Engine, monkeypatch: pytest.MonkeyPatch, derived: dict[str, set[Any]]
) -> None:
    monkeypatch.setattr(reshaping, "BATCH", 20)
    first = head(migrated)
    commits = 0

    def stop(_: object) -> None:
        nonlocal commits
        commits += 1
        if commits == 8:
            message = "the plug was pulled"
            raise KeyboardInterrupt(message)

    event.listen(migrated, "commit", stop)
    with pytest.raises(KeyboardInterrupt):
        reshape(migrated, CHANGE)
    event.remove(migrated, "commit", stop)
    done = head(migrated) - first
    assert not is_reshaped(migrated)
    with Session(migrated) as session:
        check_the_chain(session)
        rest = len(outdated(session))
    assert done > 0
    assert rest > 0
    assert reshape(migrated, CHANGE) == rest
    assert is_reshaped(migrated)
    assert derived_rows(migrated) == derived
    with Session(migrated) as session:
        check_the_chain(session)
        assert stored(session) == fresh(session)


def test_two_runs_at_once_share_the_work(migrated: Engine, derived: dict[str, set[Any]]) -> None:
    with Session(migrated) as session:
        expected = len(outdated(session))
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(reshape, migrated, CHANGE) for _ in range(2)]
        assert sum(run.result() for run in runs) == expected
    assert derived_rows(migrated) == derived
    with Session(migrated) as session:
        check_the_chain(session)


def test_what_is_published_between_migration_and_reshaping_lacks_nothing_afterwards(
    migrated: Engine, derived: dict[str, set[Any]]
) -> None:
    with Session(migrated, autoflush=False) as session, session.begin():
        official = session.scalars(select(Official).where(Official.slug == "xi-jinping")).one()
        official.name = "Xi"
        published = Recorder(session, CHANGE).publish({K.OFFICIAL: {official.id}})
        assert published[Operation.REPUBLISH]
    reshape(migrated, CHANGE)
    assert derived_rows(migrated) == derived
    with Session(migrated) as session:
        assert stored(session) == fresh(session)


def test_an_older_program_does_not_write_into_a_newer_log(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(own_database)
    before = head(engine)
    monkeypatch.setattr(documents, "SHAPE", 1)
    held = f"holds documents of shape {PRESENT}, and this program writes 1"
    with pytest.raises(SchemaMismatch, match=held):
        load_seed(engine)
    assert head(engine) == before
    engine.dispose()


@pytest.mark.parametrize("reached", [False, True], ids=["under way", "reached"])
def test_what_a_newer_program_wrote_is_left_alone(own_database: str, *, reached: bool) -> None:
    """It says so by its documents, or by having brought all of them to its shape."""
    engine = make_engine(own_database)
    with unguarded(engine) as connection:
        if reached:
            row = {"shape": PRESENT + 1, "reached_at": CLOCK, "republished": 0}
            connection.execute(insert(DocumentShape), [row])
        else:
            connection.execute(update(Revision).values(shape=PRESENT + 1))
    before = head(engine), shapes(engine)
    for write in (load_seed, lambda engine: reshape(engine, CHANGE)):
        newer = f"shape {PRESENT + 1}, and this program writes {PRESENT}"
        with pytest.raises(SchemaMismatch, match=newer):
            write(engine)
    assert (head(engine), shapes(engine)) == before
    assert not is_reshaped(engine)
    engine.dispose()


def shapes(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(DocumentShape.shape)))


def test_in_a_new_database_there_is_nothing_to_do(empty_database: str) -> None:
    engine = make_engine(empty_database)
    migrate(engine)
    assert not is_reshaped(engine)
    assert reshape(engine, CHANGE) == 0
    assert is_reshaped(engine)
    with engine.connect() as connection:
        filled = {
            table.name
            for table in Base.metadata.sorted_tables
            if connection.scalar(select(func.count()).select_from(table))
        }
    assert filled == {"document_shapes"}
    engine.dispose()
