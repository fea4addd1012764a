"""Streams of records: loaded in portions, begun again without harm, refused if they do not fit."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.errors import SeedRefused
from app.importers.batches import Sourced
from app.importers.neutral import Statement, Utterance
from app.importers.reports import Outcome
from app.importers.streams import StreamReport, load_stream
from app.models import ImportRun, Meeting, Revision
from app.models import Statement as StatementRow
from app.record.recorder import Change
from app.record.verifying import stale_documents, verify_log
from app.vocabulary import Operation
from benchmarks import generator

MEETINGS = 40
PORTION = 50
RECORDS = list(generator.records(MEETINGS))


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    opened = make_engine(empty_database)
    migrate(opened)
    yield opened
    opened.dispose()


def load(engine: Engine, records: list[Sourced]) -> StreamReport:
    """A list here, and only for the tests: what is loaded is asked for once, one by one."""
    return load_stream(
        engine,
        iter(records),
        dataset="stream",
        change=Change(actor="tests"),
        content_hash="of no file",
        portion=PORTION,
    )


def test_a_stream_leaves_a_whole_log_and_documents_that_read_as_their_records(
    engine: Engine,
) -> None:
    report = load(engine, RECORDS)
    assert report.counts[Outcome.CREATED] == len(RECORDS)
    verify_log(engine)
    assert list(stale_documents(engine)) == []
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Meeting)) == MEETINGS
        (run,) = session.scalars(select(ImportRun)).all()
        assert run.counts[Outcome.CREATED] == len(RECORDS)


def test_each_portion_is_one_transaction(engine: Engine) -> None:
    load(engine, RECORDS)
    with Session(engine) as session:
        created = Revision.operation == Operation.CREATE
        instants = session.scalars(select(Revision.at).where(created).distinct()).all()
    assert len(instants) == -(-len(RECORDS) // PORTION)


def test_a_stream_that_was_interrupted_goes_on_where_it_ended(engine: Engine) -> None:
    def broken() -> Iterator[Sourced]:
        yield from RECORDS[: 2 * PORTION + 7]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        load_stream(
            engine,
            broken(),
            dataset="stream",
            change=Change(actor="tests"),
            content_hash="of no file",
            portion=PORTION,
        )
    report = load(engine, RECORDS)
    assert report.counts[Outcome.UNCHANGED] == 2 * PORTION
    assert report.counts[Outcome.CREATED] == len(RECORDS) - 2 * PORTION
    verify_log(engine)
    assert list(stale_documents(engine)) == []


def test_a_portion_with_a_mistake_is_not_loaded_and_those_before_it_stay(engine: Engine) -> None:
    at = len(RECORDS) - 1
    found = RECORDS[at].record
    assert isinstance(found, Statement)
    wrong = replace(RECORDS[at], record=found.model_copy(update={"meeting": "nowhere"}))
    with pytest.raises(SeedRefused) as refusal:
        load(engine, [*RECORDS[:at], wrong])
    (problem,) = refusal.value.problems
    assert "'nowhere'" in problem
    with Session(engine) as session:
        created = Revision.operation == Operation.CREATE
        stored = session.scalar(select(func.count()).where(created))
    assert stored == at // PORTION * PORTION


def test_a_statement_is_held_against_its_meeting_though_that_came_in_an_earlier_portion(
    engine: Engine,
) -> None:
    met = {each.record.key: each for each in RECORDS}
    outside = next(
        each
        for each in RECORDS
        if isinstance(each.record, Statement) and each.record.meeting == "meeting-9"
    )
    assert "meeting-9" in met
    load(engine, [each for each in RECORDS if each is not outside])
    elsewhere = outside.record.model_copy(update={"visit": "visit-0"})
    with pytest.raises(SeedRefused) as refusal:
        load(engine, [replace(outside, record=elsewhere)])
    assert "visit" in refusal.value.problems[0]
    with Session(engine) as session:
        assert session.get(StatementRow, outside.record.id) is None


def test_an_utterance_that_a_portion_names_anew_is_shown_so_in_the_next(engine: Engine) -> None:
    given = [each for each in RECORDS if isinstance(each.record, Statement)][:4]
    labels = ("Old", "Old", "New", "New")
    rest = [each for each in RECORDS if not isinstance(each.record, Statement)]
    load(engine, [*rest, rendering(given[0], "en", labels[0])])
    load_stream(
        engine,
        [rendering(*each) for each in zip(given[1:], ("fr", "de", "es"), labels[1:], strict=True)],
        dataset="stream",
        change=Change(actor="tests"),
        content_hash="of no file",
        portion=1,
    )
    assert list(stale_documents(engine)) == []


def rendering(each: Sourced, language: str, label: str) -> Sourced:
    utterance = Utterance(id="01941f29-7c00-7000-8000-0000000000aa", label=label)
    said = {"utterance": utterance, "language": language}
    return replace(each, record=each.record.model_copy(update=said))
