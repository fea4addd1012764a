"""An import undoes nothing that an editor has done, and still brings its news."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.editing import edits, merging
from app.editing.edits import Precondition, State
from app.errors import SeedRefused
from app.importers.reports import Outcome, Report
from app.models import Document, Meeting
from app.record.recorder import Change
from app.vocabulary import RecordKind
from tests.conftest import copy_of_seed
from tests.support.api import ENGINES
from tests.support.loading import load_text

K = RecordKind
EDITOR = Change(actor="key:an-editor")
FIRST = "01b00000-0000-7000-8000-000000000001"
TALKS = f"""
meetings:
  - id: {FIRST}
    slug: talks-in-vienna
    title: Talks in Vienna
    summary: As imported.
    format: bilateral
    status: held
    date: 2024-03-05
    participants:
      - {{name_as_given: Wang Yi, official: wang-yi, party: CN, role: visitor}}
      - {{name_as_given: A. Blinken, official: antony-blinken, party: US, role: host}}
    topics: [taiwan]
    citations: [eir]
    claims:
      - {{source: eir, field: duration_minutes, value: 60, qualifier: about}}
"""


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    with copy_of_seed(request, tmp_path_factory.mktemp("imports")) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def engine(shared: Engine, tmp_path: Path) -> Engine:
    """With the talks as their data set has them, whatever a former test did to them."""
    with Session(shared) as session, session.begin():
        row = session.get(Meeting, FIRST)
        if row is not None and row.deleted_seq is not None:
            edits.restore(session, K.MEETING, FIRST, EDITOR)
    return shared


def whatever(_: State) -> None:
    """Any state will do."""


ANY: Precondition = whatever


def load(engine: Engine, folder: Path, text: str) -> Report:
    return load_text(engine, folder / "story", text)


def edit(engine: Engine, patch: Any, reference: str = FIRST, kind: RecordKind = K.MEETING) -> None:
    with Session(engine, autoflush=False) as session, session.begin():
        edits.patch(session, kind, reference, patch, EDITOR, ANY)


def talks(engine: Engine) -> Any:
    with Session(engine) as session:
        statement = select(Document.body).join(Meeting, Meeting.seq == Document.seq)
        return orjson.loads(session.scalars(statement.where(Meeting.id == FIRST)).one())


def outcome(report: Report) -> Outcome:
    (entry,) = report.entries
    return entry.outcome


def test_an_edit_stays_when_the_same_files_are_loaded_again(engine: Engine, tmp_path: Path) -> None:
    load(engine, tmp_path, TALKS)
    edit(engine, {"summary": "As edited.", "duration_minutes": 75, "according_to": "eir-brief"})
    assert outcome(load(engine, tmp_path, TALKS)) is Outcome.UNCHANGED
    now = talks(engine)
    assert (now["summary"], now["duration_minutes"]) == ("As edited.", 75)
    assert {each["source"]["slug"]: each["value"] for each in now["claims"]} == {
        "eir": 60,
        "eir-brief": 75,
    }


def test_news_comes_in_beside_an_edit(engine: Engine, tmp_path: Path) -> None:
    load(engine, tmp_path, TALKS)
    people = talks(engine)["participants"]
    edit(
        engine,
        {
            "summary": "As edited again.",
            "participants": [
                {"id": people[0]["id"], "title_as_given": "Foreign Minister"},
                {"name_as_given": "An interpreter", "role": "interpreter"},
            ],
            "according_to": "eir",
        },
    )
    text = TALKS.replace("title: Talks in", "title: New talks in").replace("[taiwan]", "[]")
    assert outcome(load(engine, tmp_path, text)) is Outcome.UPDATED
    now = talks(engine)
    assert (now["title"], now["summary"]) == ("New talks in Vienna", "As edited again.")
    assert [each["name_as_given"] for each in now["participants"]] == ["Wang Yi", "An interpreter"]
    assert now["participants"][0]["title_as_given"] == "Foreign Minister"
    assert now["topics"] == []
    assert outcome(load(engine, tmp_path, text)) is Outcome.UNCHANGED


def test_what_was_deleted_or_merged_away_stays_so(engine: Engine, tmp_path: Path) -> None:
    load(engine, tmp_path, TALKS)
    twin = """
officials:
  - {id: 01b00000-0000-7000-8000-000000000002, slug: wang-yi-twice, name: Wang Yi}
"""
    load(engine, tmp_path, twin)
    with Session(engine, autoflush=False) as session, session.begin():
        edits.delete(session, K.MEETING, FIRST, EDITOR, ANY)
        merging.merge(session, "wang-yi-twice", "wang-yi", EDITOR, ANY)
    text = TALKS.replace("As imported.", "As imported later.")
    assert outcome(load(engine, tmp_path, text)) is Outcome.KEPT_DELETED
    assert outcome(load(engine, tmp_path, twin)) is Outcome.KEPT_DELETED
    other = text.replace(FIRST, "01b00000-0000-7000-8000-000000000003").replace(
        "official: wang-yi,", "official: wang-yi-twice,"
    )
    load(engine, tmp_path, other.replace("talks-in-vienna", "more-talks"))
    with Session(engine) as session:
        body = session.scalar(
            select(Document.body)
            .join(Meeting, Meeting.seq == Document.seq)
            .where(Meeting.slug == "more-talks")
        )
    assert orjson.loads(body or b"")["participants"][0]["official"]["slug"] == "wang-yi"
    both = text.replace(FIRST, "01b00000-0000-7000-8000-000000000004").replace(
        "official: antony-blinken, party: US", "official: wang-yi-twice, party: CN"
    )
    with pytest.raises(SeedRefused) as refused:
        load(engine, tmp_path, both.replace("talks-in-vienna", "further-talks"))
    (problem,) = refused.value.problems
    assert "participants[1].official" in problem
    assert "'wang-yi', with whom this one was merged, found 'wang-yi-twice'" in problem
    with Session(engine, autoflush=False) as session, session.begin():
        merging.unmerge(session, "wang-yi-twice", EDITOR, ANY)
        edits.delete(session, K.MEETING, "more-talks", EDITOR, ANY)


SAID_ID = "01b00000-0000-7000-8000-000000000005"
SAID = f"""
statements:
  - id: {SAID_ID}
    speaker: {{official: wang-yi, party: CN}}
    text: That they would go on.
    language: en
    wording: paraphrase
    speech_act: state_position
    date: 2024-03-05
    meeting: talks-in-vienna
    citations: [eir]
"""


def test_news_beneath_what_an_editor_deleted_waits_until_it_is_restored(
    engine: Engine, tmp_path: Path
) -> None:
    load(engine, tmp_path, TALKS)
    with Session(engine, autoflush=False) as session, session.begin():
        edits.delete(session, K.MEETING, FIRST, EDITOR, ANY)
    for _ in range(2):
        said = load(engine, tmp_path, TALKS + SAID)
        found = {each.kind: each.outcome for each in said.entries}
        assert found == {K.MEETING: Outcome.KEPT_DELETED, K.STATEMENT: Outcome.LEFT_OUT}
        assert said.counts["left out"] == 1
    with Session(engine, autoflush=False) as session, session.begin():
        edits.restore(session, K.MEETING, FIRST, EDITOR)
    assert load(engine, tmp_path, TALKS + SAID).counts["created"] == 1
    with Session(engine, autoflush=False) as session, session.begin():
        edits.delete(session, K.STATEMENT, SAID_ID, EDITOR, ANY)


def test_a_record_that_no_import_remembers_and_an_editor_changed_is_left_alone(
    engine: Engine, tmp_path: Path
) -> None:
    made = {"code": "arms-control", "label": "Arms control"}
    with Session(engine, autoflush=False) as session, session.begin():
        written = edits.create(session, K.TOPIC, made, EDITOR)
    text = f"topics:\n  - {{id: {written.id}, code: arms-control, label: Disarmament}}\n"
    assert outcome(load(engine, tmp_path, text)) is Outcome.KEPT_EDITED
