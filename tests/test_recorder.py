"""The log after the seed, and what happens to it when records change."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.models import (
    RECORDS,
    Citation,
    Document,
    Meeting,
    Official,
    OfficialName,
    Party,
    Position,
    Revision,
    SearchEntry,
    Source,
    Succession,
    Topic,
    Visit,
)
from app.record.chain import GENESIS, SEALED, body_hash, seal
from app.record.dependencies import DEPENDS_ON
from app.record.documents import DOCUMENTS
from app.record.loading import load
from app.record.recorder import Change, Published, Recorder
from app.vocabulary import Operation, PositionLevel, RecordKind

K = RecordKind
CHANGE = Change(actor="tests")


@pytest.fixture
def session(own_database: str) -> Iterator[Session]:
    engine = make_engine(own_database)
    with Session(engine, autoflush=False) as opened:
        yield opened
    engine.dispose()


def stored(session: Session) -> dict[str, bytes]:
    """The newest document of every record, by the record's id."""
    return {
        record_id: body
        for model in RECORDS.values()
        for record_id, body in session.execute(
            select(model.id, Document.body).join(Document, Document.seq == model.seq)  # type: ignore[attr-defined]
        )
    }


def fresh(session: Session) -> dict[str, bytes]:
    """Every record as it reads now."""
    session.expire_all()
    return {
        row.id: orjson.dumps(DOCUMENTS[kind](row))
        for kind, model in RECORDS.items()
        for row in load(session, kind, list(session.scalars(select(model.id))))  # type: ignore[attr-defined]
    }


def publish(session: Session, kind: RecordKind, *rows: Any) -> Published:
    return Recorder(session, CHANGE).publish({kind: {row.id for row in rows}})


def test_the_log_has_no_holes_and_its_chain_holds(session: Session) -> None:
    revisions = list(session.scalars(select(Revision).order_by(Revision.seq)))
    bodies = dict(session.execute(select(Document.seq, Document.body)).all())
    assert [each.seq for each in revisions] == list(range(1, len(revisions) + 1))
    before = GENESIS
    for each in revisions:
        said = {name: getattr(each, name) for name in SEALED}
        assert each.prev_hash == before
        assert each.hash == seal(before, said)
        assert each.body_hash == body_hash(bodies[each.seq])
        before = each.hash


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
    recorder = Recorder(session, CHANGE, clock=lambda: datetime(2001, 1, 1, tzinfo=UTC))
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


def first(session: Session, model: Any, *conditions: Any) -> Any:
    return session.scalars(select(model).where(*conditions).order_by(model.id).limit(1)).one()


def retitled(model: Any, *conditions: Any) -> Callable[[Session], Any]:
    def change(session: Session) -> Any:
        row = first(session, model, *conditions)
        row.title = "Changed beyond recognition"
        return row

    return change


def renamed(session: Session) -> Any:
    row = first(session, Official, Official.slug == "antony-blinken")
    row.name = "Changed beyond recognition"
    return row


def cited_by(column: Any) -> Callable[[Session], Any]:
    """A source that is cited where that column of the citation is filled."""

    def change(session: Session) -> Any:
        source_id = session.scalars(select(Citation.source_id).where(column.is_not(None))).first()
        row = first(session, Source, Source.id == source_id)
        row.title = "Changed beyond recognition"
        return row

    return change


def ranked_down(session: Session) -> Any:
    row = first(session, Position, Position.title == "Secretary of State")
    row.level = PositionLevel.OTHER
    return row


def orphaned(session: Session) -> Any:
    row = first(session, Topic, Topic.code == "one-china")
    row.parent_id = None
    return row


def succeeded(session: Session) -> Any:
    row = first(session, Party, Party.code == "ID")
    heir = first(session, Party, Party.code == "US")
    session.add(
        Succession(
            id="0199aaaa-0000-7000-8000-000000000002",
            ordinal=0,
            predecessor_id=row.id,
            successor_id=heir.id,
        )
    )
    return row


def with_part(session: Session) -> Any:
    """A meeting that another is a part of, changed together with the tie."""
    whole = first(session, Meeting, Meeting.slug == "blinken-xi-beijing-2023-06-19")
    part = first(session, Meeting, Meeting.slug == "blinken-qin-beijing-2023-06-18")
    part.part_of_id = whole.id
    publish(session, K.MEETING, part)
    whole = first(session, Meeting, Meeting.id == whole.id)
    whole.title = "Changed beyond recognition"
    return whole


CASES: dict[str, tuple[RecordKind, Callable[[Session], Any], set[RecordKind]]] = {
    "an official's name": (
        K.OFFICIAL,
        renamed,
        {K.POSITION, K.VISIT, K.MEETING, K.STATEMENT, K.COMMITMENT},
    ),
    "an office's rank": (K.POSITION, ranked_down, {K.OFFICIAL, K.MEETING, K.VISIT}),
    "a visit's title": (K.VISIT, retitled(Visit), {K.MEETING, K.STATEMENT}),
    "a meeting's title": (
        K.MEETING,
        retitled(Meeting, Meeting.slug == "biden-xi-bali-2022-11-14"),
        {K.STATEMENT, K.COMMITMENT},
    ),
    "the whole of which a meeting is a part": (K.MEETING, with_part, {K.MEETING}),
    "a source that knows another": (
        K.SOURCE,
        retitled(Source, Source.slug == "eir"),
        {K.SOURCE, K.VISIT, K.MEETING, K.STATEMENT, K.COMMITMENT},
    ),
    "a source of an event": (K.SOURCE, cited_by(Citation.commitment_event_id), {K.COMMITMENT}),
    "a source of an assessment": (K.SOURCE, cited_by(Citation.assessment_id), {K.COMMITMENT}),
    "a source of a position": (K.SOURCE, cited_by(Citation.position_id), {K.POSITION}),
    "a source of an official": (K.SOURCE, cited_by(Citation.official_id), {K.OFFICIAL}),
    "a topic that leaves its parent": (K.TOPIC, orphaned, {K.TOPIC}),
    "a party that gets a successor": (K.PARTY, succeeded, {K.PARTY}),
}


@pytest.mark.parametrize("case", CASES)
def test_whatever_shows_a_changed_neighbour_is_republished(session: Session, case: str) -> None:
    kind, change, showing = CASES[case]
    row = change(session)
    head = session.scalar(select(Revision.seq).order_by(Revision.seq.desc()).limit(1)) or 0
    revs = {each.id: (each.rev, each.updated_at) for each in all_rows(session)}
    published = publish(session, kind, row)
    appended = list(session.scalars(select(Revision).where(Revision.seq > head)))
    assert stored(session) == fresh(session)
    assert published[Operation.UPDATE] == {row.id}
    republished = [each for each in appended if each.operation is Operation.REPUBLISH]
    assert showing <= {each.kind for each in republished}
    assert all(each.cause is not None and each.cause > head for each in republished)
    assert all(each.cause is not None and each.cause < each.seq for each in republished)
    session.expire_all()
    for each in all_rows(session):
        if each.id != row.id:
            assert (each.rev, each.updated_at) == revs[each.id]


def all_rows(session: Session) -> list[Any]:
    models: list[Any] = list(RECORDS.values())
    return [row for model in models for row in session.scalars(select(model))]


def test_every_pair_of_dependents_is_tried() -> None:
    tried = {(shown, kind) for kind, _, showing in CASES.values() for shown in showing}
    assert set(DEPENDS_ON) <= tried
