"""What a batch may not take from the record, and what it may move within itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.errors import SeedRefused
from app.importers.loader import load_batch
from app.importers.reports import Outcome, Report
from app.importers.seed import read
from app.models import Identifier, Official, Revision, Statement
from app.record.recorder import Change
from app.vocabulary import Operation
from tests.support.log import fresh, indexed, stored, to_be_indexed

ADA, BEN = "01a40000-0000-7000-8000-000000000001", "01a40000-0000-7000-8000-000000000002"


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    opened = make_engine(own_database)
    yield opened
    opened.dispose()


def load(engine: Engine, folder: Path, text: str) -> Report:
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    return load_batch(engine, read(folder), dataset="more", change=Change(actor="tests"))


def officials(ada: str, ben: str) -> str:
    return f"""
officials:
  - {{ id: {ADA}, slug: ada, name: Ada, identifiers: {ada} }}
  - {{ id: {BEN}, slug: ben, name: Ben, identifiers: {ben} }}
"""


def assert_sound(engine: Engine) -> None:
    with Session(engine) as session:
        assert stored(session) == fresh(session)
        assert indexed(session) == to_be_indexed(session)


@pytest.mark.parametrize(
    ("ada", "ben", "owners"),
    [
        ("{ pocom: b }", "{ pocom: a }", {"a": "ben", "b": "ada"}),
        ("{}", "{ pocom: a }", {"a": "ben"}),
        ("{ pocom: b }", "{}", {"b": "ada"}),
    ],
    ids=["exchanged", "handed over", "handed back"],
)
def test_an_identifier_moves_from_one_record_to_another(
    engine: Engine, tmp_path: Path, ada: str, ben: str, owners: dict[str, str]
) -> None:
    load(engine, tmp_path, officials("{ pocom: a }", "{ pocom: b }"))
    report = load(engine, tmp_path, officials(ada, ben))
    assert {each.outcome for each in report.entries} == {Outcome.UPDATED}
    with Session(engine) as session:
        statement = select(Identifier.value, Official.slug).join(
            Official, Official.id == Identifier.official_id
        )
        found = session.execute(statement.where(Official.dataset == "more"))
        assert dict(found.all()) == owners
    assert_sound(engine)


def test_an_identifier_of_a_record_outside_the_batch_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(SeedRefused) as refusal:
        load(engine, tmp_path, officials("{ pocom: blinken-antony-j }", "{}"))
    (problem,) = refusal.value.problems
    assert problem.startswith("more.yaml:3: officials[0].identifiers.pocom: ")
    assert problem.endswith("found that of the official 'antony-blinken'")


def test_the_id_of_a_record_of_another_kind_is_refused(engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session:
        taken = session.scalars(select(Official.id).where(Official.slug == "wang-yi")).one()
    with pytest.raises(SeedRefused) as refusal:
        load(engine, tmp_path, f"topics:\n  - {{ id: {taken}, code: thing, label: Thing }}\n")
    (problem,) = refusal.value.problems
    assert problem.startswith("more.yaml:2: topics[0].id: ")
    assert problem.endswith("found that of the official 'wang-yi'")


def test_what_is_renamed_in_one_data_set_reads_so_in_all(engine: Engine, tmp_path: Path) -> None:
    """An utterance is in no list of its own: renaming it is a change of its renderings."""
    with Session(engine) as session:
        first = session.scalars(
            select(Statement).where(Statement.utterance_id.is_not(None)).order_by(Statement.id)
        ).first()
        assert first is not None
        utterance = first.utterance_id
        renderings = set(
            session.scalars(select(Statement.id).where(Statement.utterance_id == utterance))
        )
    load(
        engine,
        tmp_path,
        f"""
statements:
  - id: {ADA}
    speaker: {{ party: CN }}
    text: Another rendering.
    language: en
    wording: reported
    utterance: {{ id: {utterance}, label: Called otherwise }}
    citations: [eir]
""",
    )
    with Session(engine) as session:
        updated = session.scalars(
            select(Revision.record_id).where(Revision.operation == Operation.UPDATE)
        )
        assert set(updated) == renderings
    assert_sound(engine)


def test_a_renamed_topic_is_found_by_its_new_name_in_all_that_it_marks(
    engine: Engine, tmp_path: Path
) -> None:
    load(
        engine,
        tmp_path,
        f"topics:\n  - {{ id: {ADA}, code: weather, label: Weather }}\n"
        "statements:\n"
        f"  - {{ id: {BEN}, speaker: {{ party: CN }}, text: It rains., language: en, "
        "wording: reported, topics: [weather], citations: [eir] }\n",
    )
    report = load(
        engine, tmp_path, f"topics:\n  - {{ id: {ADA}, code: weather, label: Meteorology }}\n"
    )
    assert report.republished == 0
    with Session(engine) as session:
        assert "meteorology" in indexed(session)[BEN]["tokens"]
    assert_sound(engine)


def test_many_parties_may_succeed_one_another_in_any_order(engine: Engine, tmp_path: Path) -> None:
    """More than are loaded at a time."""
    many = range(600)
    lines = [
        f"  - {{ id: 01a40000-0000-7000-8000-{number:012d}, code: P{number:03d}, kind: state, "
        f"name: Party {number}, successors: [P{599 - number:03d}] }}"
        for number in many
    ]
    report = load(engine, tmp_path, "\n".join(["parties:", *lines]))
    assert report.counts[Outcome.CREATED] == len(many)
