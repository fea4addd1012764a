"""The log after the seed, and what happens to it when records change."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.models import (
    RECORDS,
    Meeting,
    Official,
    OfficialName,
    Revision,
    SearchEntry,
    Visit,
)
from app.record.recorder import Change, Published, Recorder
from app.vocabulary import Operation, RecordKind
from tests.support.log import check_the_chain, fresh, stored

K = RecordKind
CHANGE = Change(actor="tests")


@pytest.fixture
def session(own_database: str) -> Iterator[Session]:
    engine = make_engine(own_database)
    with Session(engine, autoflush=False) as opened:
        yield opened
    engine.dispose()


def publish(session: Session, kind: RecordKind, *rows: Any) -> Published:
    return Recorder(session, CHANGE).publish({kind: {row.id for row in rows}})


def test_the_log_has_no_holes_and_its_chain_holds(session: Session) -> None:
    check_the_chain(session)


def test_every_record_points_at_its_newest_document_and_that_reads_as_the_record(
    session: Session,
) -> None:
    newest: dict[str, Revision] = {}
    for each in session.scalars(select(Revision).order_by(Revision.seq)):
        newest[each.record_id] = each
    for row in all_rows(session):
        assert (row.seq, row.rev) == (newest[row.id].seq, newest[row.id].rev)
    assert stored(session) == fresh(session)


def test_publishing_what_did_not_change_appends_nothing(session: Session) -> None:
    meetings = list(session.scalars(select(Meeting)))
    published = publish(session, K.MEETING, *meetings)
    assert not any(published[operation] for operation in Operation)
    assert session.scalar(select(Revision.seq).order_by(Revision.seq.desc()).limit(1)) == 140


def test_a_clock_that_goes_back_does_not_take_the_log_with_it(session: Session) -> None:
    visit = session.scalars(select(Visit)).one()
    visit.title = "Another title"
    recorder = Recorder(session, Change("tests", clock=lambda: datetime(2001, 1, 1, tzinfo=UTC)))
    recorder.publish({K.VISIT: {visit.id}})
    times = list(session.scalars(select(Revision.at).order_by(Revision.seq)))
    assert times == sorted(times)


def test_a_new_name_of_an_official_finds_the_meetings_though_they_read_as_before(
    session: Session,
) -> None:
    official = session.scalars(select(Official).where(Official.slug == "xi-jinping")).one()
    name = OfficialName(
        id="0199aaaa-0000-7000-8000-000000000001",
        official_id=official.id,
        ordinal=99,
        name="Sichinpin",
        name_folded="sichinpin",
        kind="alias",
    )
    session.add(name)
    published = publish(session, K.OFFICIAL, official)
    assert published[Operation.UPDATE] == {official.id}
    tokens = select(SearchEntry.tokens).where(SearchEntry.kind == K.MEETING)
    found = [each for each in session.scalars(tokens) if "sichinpin" in each]
    assert len(found) == 2
    assert stored(session) == fresh(session)


def all_rows(session: Session) -> list[Any]:
    models: list[Any] = list(RECORDS.values())
    return [row for model in models for row in session.scalars(select(model))]


def test_a_deleted_record_is_not_published_again_whatever_its_neighbours_do(
    session: Session,
) -> None:
    visit = session.scalars(select(Visit)).one()
    meetings = list(session.scalars(select(Meeting).where(Meeting.visit_id == visit.id)))
    deleted, *kept = meetings
    deleted.deleted_seq = deleted.seq
    visit.title = "Another title"
    published = publish(session, K.VISIT, visit)
    assert published[Operation.REPUBLISH] >= {each.id for each in kept}
    assert deleted.id not in published[Operation.REPUBLISH]
    touched = publish(session, K.MEETING, deleted)
    assert not any(touched[operation] for operation in Operation)
