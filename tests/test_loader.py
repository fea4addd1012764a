"""Loading a data set: all or nothing, and again without harm."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.errors import SeedRefused
from app.importers.reports import Outcome
from app.models import Base, Document, Meeting, Revision, Source, Visit
from app.vocabulary import Operation, RecordKind
from tests.support.loading import copied_seed, load_seed, load_text


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    opened = make_engine(own_database)
    yield opened
    opened.dispose()


def state(engine: Engine) -> dict[str, Any]:
    """How many rows each table has, and where every revision stands."""
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name != "import_runs"
        }
        counts["head"] = connection.scalar(select(func.max(Revision.seq)))
    return counts


def document(engine: Engine, slug: str) -> Any:
    with Session(engine) as session:
        statement = (
            select(Document.body)
            .join(Meeting, Meeting.seq == Document.seq)
            .where(Meeting.slug == slug)
        )
        return orjson.loads(session.scalars(statement).one())


def test_a_second_run_changes_nothing(engine: Engine) -> None:
    before = state(engine)
    report = load_seed(engine)
    assert set(Counter(each.outcome for each in report.entries)) == {Outcome.UNCHANGED}
    assert report.republished == 0
    assert state(engine) == before


def test_the_report_says_where_each_record_was_read(engine: Engine) -> None:
    for entry in load_seed(engine, dry_run=True).entries:
        file, line, _ = entry.origin.split(":", 2)
        assert file.endswith(".yaml")
        assert line.isdigit()


def test_one_changed_field_updates_one_record_and_what_shows_it(
    engine: Engine, tmp_path: Path
) -> None:
    with Session(engine) as session:
        title = session.scalars(select(Visit.title)).one()
    seed = copied_seed(tmp_path, visits=(title, "Another title of the visit"))
    report = load_seed(engine, seed)
    changed = [(e.kind, e.key) for e in report.entries if e.outcome is not Outcome.UNCHANGED]
    assert changed == [(RecordKind.VISIT, "blinken-beijing-2023-06")]
    assert report.republished > 0
    shown = document(engine, "blinken-xi-beijing-2023-06-19")
    assert shown["visit"]["title"] == "Another title of the visit"
    assert shown["rev"] == 1
    again = load_seed(engine, seed)
    assert set(Counter(each.outcome for each in again.entries)) == {Outcome.UNCHANGED}


def test_a_dry_run_reports_as_if_and_keeps_nothing(engine: Engine, tmp_path: Path) -> None:
    before = state(engine)
    seed = copied_seed(tmp_path, sources=("title: ", "title: Changed "))
    report = load_seed(engine, seed, dry_run=True)
    assert report.dry_run
    assert report.counts[Outcome.UPDATED] == 1
    assert report.republished > 0
    assert state(engine) == before


def test_what_is_gone_from_a_record_is_gone_from_rows_and_document(
    engine: Engine, tmp_path: Path
) -> None:
    slug = "blinken-qin-beijing-2023-06-18"
    claimed = [each["source"]["slug"] for each in document(engine, slug)["claims"]]
    assert "pledge" in claimed
    seed = copied_seed(tmp_path)
    (file,) = seed.rglob("meetings.yaml")
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    start = next(
        at
        for at, line in enumerate(lines)
        if "duration_minutes" in line
        and "pledge" in "".join(lines[at : at + 6])
        and "wapo" not in "".join(lines[at : at + 3])
    )
    end = next(
        at
        for at in range(start + 1, len(lines))
        if lines[at].lstrip().startswith(("- ", "#")) or not lines[at].startswith("      ")
    )
    file.write_text("".join(lines[:start] + lines[end:]), encoding="utf-8")
    load_seed(engine, seed)
    claims = document(engine, slug)["claims"]
    assert "pledge" not in {
        each["source"]["slug"] for each in claims if each["field"] == "duration_minutes"
    }
    (duration,) = [
        each for each in document(engine, slug)["conflicts"] if each["field"] == "duration_minutes"
    ]
    assert len(duration["values"]) == 3


def test_a_deleted_record_stays_deleted(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(Source).where(Source.slug == "gt").values(deleted_seq=Source.seq))
    report = load_seed(engine)
    kept = [entry.key for entry in report.entries if entry.outcome is Outcome.KEPT_DELETED]
    assert kept == ["gt"]


@pytest.mark.parametrize(
    ("stem", "edit", "said"),
    [
        ("visits", ("status: held", "status: hled"), r"visits\.yaml:\d+: .*status"),
        ("sources", ("slug: gt\n", "slug: global-times\n"), r"\.yaml:\d+: "),
        ("meetings", ("visit: blinken-beijing-2023-06", "visit: nowhere"), r"meetings\.yaml:\d+: "),
    ],
)
def test_one_mistake_anywhere_and_nothing_is_loaded(
    engine: Engine, tmp_path: Path, stem: str, edit: tuple[str, str], said: str
) -> None:
    before = state(engine)
    with pytest.raises(SeedRefused) as refusal:
        load_seed(engine, copied_seed(tmp_path, **{stem: edit}))
    assert any(re.search(said, problem) for problem in refusal.value.problems)
    assert state(engine) == before


def test_a_key_once_given_does_not_move(engine: Engine, tmp_path: Path) -> None:
    seed = copied_seed(tmp_path)
    for file in seed.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("people-to-people-exchanges", "exchanges"), encoding="utf-8")
    with pytest.raises(SeedRefused, match="problem") as refusal:
        load_seed(engine, seed)
    assert "people-to-people-exchanges" in refusal.value.problems[0]


def test_the_parts_of_a_record_have_the_same_ids_in_every_database(
    engine: Engine, tmp_path: Path
) -> None:
    other = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    load_seed(other)
    slug = "blinken-qin-beijing-2023-06-18"
    here, there = document(engine, slug), document(other, slug)
    other.dispose()
    for key in ("participants", "claims", "citations"):
        ids = [each["id"] for each in here[key]]
        assert ids == [each["id"] for each in there[key]]
        assert len(ids) == len(set(ids))


def test_every_revision_of_the_first_load_is_a_creation(engine: Engine) -> None:
    with Session(engine) as session:
        operations = set(session.scalars(select(Revision.operation)))
    assert operations == {Operation.CREATE}


ISLES = """
parties:
  - id: 01a20aea-e18a-7563-a923-000000000001
    code: ATLANTIS
    kind: territory
    name: Atlantis
    identifiers: {{{identifiers}}}
  - id: 01a20aea-e18a-7563-a923-000000000002
    code: LEMURIA
    kind: territory
    name: Lemuria
"""

OTHERS = """
parties:
  - id: 01a20aea-e18a-7563-a923-000000000003
    code: AVALON
    kind: territory
    name: Avalon
    identifiers: {{{identifiers}}}
"""


@pytest.mark.parametrize("value", ["Q1", """it's "one" \\\\ {2}, [3]""", "ατλαντίς/亚特兰"])
def test_an_identifier_is_taken_under_its_scheme_alone(
    engine: Engine, tmp_path: Path, value: str
) -> None:
    def others(scheme: str) -> str:
        return OTHERS.format(identifiers=f"{scheme}: {json.dumps(value)}")

    load_text(
        engine, tmp_path / "small", ISLES.format(identifiers=f"wikidata: {json.dumps(value)}")
    )
    with pytest.raises(SeedRefused) as refused:
        load_text(engine, tmp_path / "others", others("wikidata"), dataset="others")
    assert "expected an identifier of its own, found that of the party 'ATLANTIS'" in str(
        refused.value.problems
    )
    report = load_text(engine, tmp_path / "others", others("viaf"), dataset="others")
    assert report.counts[Outcome.CREATED] == 1


def test_an_identifier_moves_from_one_record_to_another(engine: Engine, tmp_path: Path) -> None:
    load_text(engine, tmp_path / "small", ISLES.format(identifiers='wikidata: "Q1"'))
    moved = ISLES.format(identifiers="") + '    identifiers: {wikidata: "Q1"}\n'
    report = load_text(engine, tmp_path / "small", moved)
    assert report.counts[Outcome.UPDATED] == 2
