"""Originals that are no longer there are withdrawn: marked or deleted, and restored on return."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.cli import main
from app.database.engines import make_engine
from app.editing import edits
from app.errors import SeedRefused
from app.importers.historian.keys import record_id
from app.importers.reports import Report
from app.models import Meeting, Official, Position, Revision, Source, Visit
from app.record.recorder import Change
from app.record.verifying import stale_documents, verify_log
from app.vocabulary import Operation, RecordKind
from tests.support.edits import whatever
from tests.support.historian_files import copied, load, without

K = RecordKind
EDITOR = Change(actor="key:an-editor")
SECRETARY = "travels/secretary-travels/doe-jane.xml"
PRESIDENT = "travels/president-travels/roe-richard.xml"
FORTIES, TWENTIES = "visits/data/1940.xml", "visits/data/2020.xml"
STRELSAU = "doe-jane-1981-07-41"
MARK = "Withdrawn: the data set no longer holds this original."


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    """With the small repositories loaded; at the end every document is what its record says."""
    engine = make_engine(own_database)
    load(engine)
    yield engine
    assert verify_log(engine)
    assert list(stale_documents(engine)) == []
    engine.dispose()


def changed(reports: list[Report]) -> list[tuple[str, str, str]]:
    return [
        (str(entry.outcome), str(entry.kind), entry.key)
        for report in reports
        for entry in report.changed
    ]


def living(engine: Engine, model: Any, key: str) -> bool:
    column = model.slug if hasattr(model, "slug") else model.id
    with Session(engine) as session:
        statement = select(model.deleted_seq).where(column == key)
        (deleted_seq,) = session.execute(statement).one()
    return deleted_seq is None


def note(engine: Engine, slug: str) -> str:
    with Session(engine) as session:
        return session.scalars(select(Source.note).where(Source.slug == slug)).one() or ""


def edit(engine: Engine, kind: RecordKind, slug: str, body: Any) -> None:
    with Session(engine, autoflush=False) as session, session.begin():
        edits.patch(session, kind, slug, body, EDITOR, whatever)


def test_what_is_gone_is_withdrawn_and_comes_back_with_its_original(
    engine: Engine, tmp_path: Path
) -> None:
    folder = without(copied(tmp_path), SECRETARY, "41")
    source = "historian-travels-trip-41"
    reports = load(engine, folder)
    assert changed(reports) == [
        ("withdrawn", "source", source),
        ("withdrawn", "visit", STRELSAU),
    ]
    travels = reports[1]
    assert {entry.origin for entry in travels.changed if entry.kind is K.VISIT} == {
        "travels/secretary-travels/doe-jane.xml: trip 41"
    }
    assert travels.counts["withdrawn"] == 2
    assert note(engine, source).startswith(MARK)
    assert living(engine, Source, source)
    assert not living(engine, Visit, STRELSAU)
    with Session(engine) as session:
        deletion = select(Revision.reason).where(
            Revision.seq
            == select(Visit.deleted_seq).where(Visit.slug == STRELSAU).scalar_subquery()
        )
        assert session.scalar(deletion) == "Its original is no longer in its data set."
    assert changed(load(engine, folder)) == []
    assert changed(load(engine)) == [
        ("updated", "source", source),
        ("restored", "visit", STRELSAU),
    ]
    assert not note(engine, source).startswith(MARK)
    assert living(engine, Visit, STRELSAU)
    with Session(engine) as session:
        operations = select(Revision.operation).where(
            Revision.record_id == record_id(K.VISIT, "historian-travels", "41")
        )
        assert list(session.scalars(operations.order_by(Revision.seq))) == [
            Operation.CREATE,
            Operation.DELETE,
            Operation.RESTORE,
        ]
    assert changed(load(engine)) == []


def test_a_journey_without_its_first_stop_stays_the_same_journey(
    engine: Engine, tmp_path: Path
) -> None:
    folder = without(copied(tmp_path), SECRETARY, "11")
    assert changed(load(engine, folder)) == [
        ("updated", "visit", "doe-jane-1931-05-11"),
        ("withdrawn", "source", "historian-travels-trip-11"),
        ("withdrawn", "meeting", "doe-jane-grain-conference-1931-05-11"),
    ]
    assert changed(load(engine, folder)) == []
    assert changed(load(engine)) == [
        ("updated", "source", "historian-travels-trip-11"),
        ("updated", "visit", "doe-jane-1931-05-11"),
        ("restored", "meeting", "doe-jane-grain-conference-1931-05-11"),
    ]


def test_a_stop_with_a_smaller_id_joins_the_journey_that_is_there(
    engine: Engine, tmp_path: Path
) -> None:
    folder = copied(tmp_path, {SECRETARY: ("<id>32</id>", "<id>5</id>")})
    assert ("updated", "visit", "doe-jane-1972-02-31") in changed(load(engine, folder))
    assert changed(load(engine, folder)) == []


def test_the_copy_of_a_withdrawn_original_carries_on(engine: Engine, tmp_path: Path) -> None:
    folder = without(copied(tmp_path), SECRETARY, "22")
    assert changed(load(engine, folder)) == [
        ("created", "source", "historian-travels-trip-24"),
        ("updated", "visit", "doe-jane-1962-06-21"),
        ("withdrawn", "source", "historian-travels-trip-22"),
    ]
    without(folder, FORTIES, "105")
    found = changed(load(engine, folder))
    assert ("withdrawn", "source", "historian-visits-visit-105") in found
    assert ("updated", "visit", "peru-us-1945-02-105") in found
    assert changed(load(engine, folder)) == []
    load(engine)
    assert changed(load(engine)) == []


def test_a_stop_of_a_withdrawn_journey_may_come_back_in_another(
    engine: Engine, tmp_path: Path
) -> None:
    folder = without(copied(tmp_path), PRESIDENT, "51", "52")
    load(engine, folder, allow_withdrawals=True)
    assert not living(engine, Visit, "roe-richard-1955-02-51")
    renumbered = {PRESIDENT: ("<id>51</id>", "<id>7</id>")}
    folder = copied(tmp_path, renumbered)
    load(engine, folder)
    assert living(engine, Visit, "roe-richard-1955-02-51")
    assert changed(load(engine, folder)) == []


def test_only_what_was_given_is_withdrawn(engine: Engine, tmp_path: Path) -> None:
    folder = without(copied(tmp_path), TWENTIES, "202")
    assert changed(load(engine, folder, "travels")) == []
    assert changed(load(engine, folder, "pocom")) == []
    found = changed(load(engine, folder, "visits"))
    assert ("withdrawn", "visit", "china-us-2023-11-202") in found
    assert living(engine, Official, "xi-jinping")  # the seed's


def test_a_visitor_of_that_visit_alone_is_withdrawn_and_one_of_others_is_derived_anew(
    engine: Engine, tmp_path: Path
) -> None:
    folder = without(copied(tmp_path), FORTIES, "101", "104")
    found = changed(load(engine, folder))
    assert ("withdrawn", "official", "adam-example-nz") in found
    assert ("updated", "official", "adam-example-ca") in found
    assert living(engine, Official, "adam-example-ca")
    assert not living(engine, Official, "adam-example-nz")
    assert ("restored", "official", "adam-example-nz") in changed(load(engine))


def test_what_an_editor_changed_and_what_others_need_stays(engine: Engine, tmp_path: Path) -> None:
    edit(engine, K.VISIT, STRELSAU, {"summary": "As edited."})
    folder = without(copied(tmp_path), SECRETARY, "41")
    kept = ("kept though withdrawn", "visit", STRELSAU)
    assert changed(load(engine, folder)) == [
        ("withdrawn", "source", "historian-travels-trip-41"),
        kept,
    ]
    assert living(engine, Visit, STRELSAU)
    assert changed(load(engine, folder)) == [kept]
    (folder / "pocom" / "people" / "d" / "doe-jane.xml").unlink()
    found = changed(load(engine, folder, "pocom"))
    assert ("withdrawn", "source", "historian-pocom-person-doe-jane") in found
    assert living(engine, Official, "doe-jane")


def test_a_traveller_who_was_withdrawn_is_there_again_with_the_travels(
    own_database: str, tmp_path: Path
) -> None:
    engine = make_engine(own_database)
    load(engine, copied(tmp_path), "pocom")
    folder = copied(tmp_path)
    (folder / "pocom" / "people" / "d" / "doe-jane.xml").unlink()
    text = (folder / "pocom" / "positions-principals" / "secretary.xml").read_text(encoding="utf-8")
    named = text.replace("<person-id>doe-jane</person-id>", "<person-id>poe-paul</person-id>")
    (folder / "pocom" / "positions-principals" / "secretary.xml").write_text(named, "utf-8")
    found = changed(load(engine, folder, "pocom"))
    assert ("withdrawn", "official", "doe-jane") in found
    assert ("restored", "official", "doe-jane") in changed(load(engine, folder, "travels"))
    assert changed(load(engine, folder, "travels")) == []
    assert list(stale_documents(engine)) == []
    engine.dispose()


def test_a_meeting_stays_what_it_is_when_the_one_before_it_in_the_text_goes_or_comes(
    engine: Engine, tmp_path: Path
) -> None:
    dupont, martin, durand = (
        "Met with Premier Anton Dupont.",
        "Met with Premier Bernard Martin.",
        "Met with Premier Carl Durand.",
    )

    def meetings(*texts: str) -> list[tuple[str, str]]:
        told = {SECRETARY: ("Attended the coronation.", " ".join(texts))}
        folder = copied(tmp_path / str(len(list(tmp_path.iterdir()))), told)
        found = changed(load(engine, folder))
        assert changed(load(engine, folder)) == []
        return [
            (outcome, key.removeprefix("doe-jane-").removesuffix("-1981-07-41"))
            for outcome, kind, key in found
            if kind == "meeting" and outcome != "updated"
        ]

    assert meetings(dupont, martin) == [
        ("created", "anton-dupont"),
        ("created", "bernard-martin"),
    ]
    assert meetings(martin) == [("withdrawn", "anton-dupont")]
    assert meetings(durand, martin) == [("created", "carl-durand")]
    assert meetings(durand, dupont, martin) == [("restored", "anton-dupont")]
    with Session(engine) as session:
        titles = dict(session.execute(select(Meeting.slug, Meeting.title)).all())
    for name in ("Anton Dupont", "Bernard Martin", "Carl Durand"):
        slug = f"doe-jane-{name.lower().replace(' ', '-')}-1981-07-41"
        assert titles[slug].startswith(f"Jane Q. Doe with Premier {name}")


def test_a_corrected_name_changes_a_meeting_and_makes_none(engine: Engine, tmp_path: Path) -> None:
    was, there = "Met with Premier Dupont.", "doe-jane-dupont-1931-05-12"
    right = copied(tmp_path, {SECRETARY: (was, "Met with Premier Dupond.")})
    found = changed(load(engine, right))
    assert [each for each in found if each[1] == "meeting"] == [("updated", "meeting", there)]
    assert changed(load(engine, right)) == []


def test_a_deletion_by_an_editor_outlasts_withdrawal_and_return(
    engine: Engine, tmp_path: Path
) -> None:
    with Session(engine, autoflush=False) as session, session.begin():
        edits.delete(session, K.VISIT, STRELSAU, EDITOR, whatever)
    folder = without(copied(tmp_path), SECRETARY, "41")
    assert changed(load(engine, folder)) == [("withdrawn", "source", "historian-travels-trip-41")]
    assert ("kept deleted", "visit", STRELSAU) in changed(load(engine))
    assert not living(engine, Visit, STRELSAU)


def test_what_an_editor_brought_back_is_not_withdrawn_again(engine: Engine, tmp_path: Path) -> None:
    folder = without(copied(tmp_path), SECRETARY, "41")
    load(engine, folder)
    with Session(engine, autoflush=False) as session, session.begin():
        edits.restore(session, K.VISIT, STRELSAU, EDITOR)
    load(engine, folder)
    assert living(engine, Visit, STRELSAU)
    load(engine)
    assert living(engine, Visit, STRELSAU)


def test_much_at_once_is_refused_unless_it_is_allowed(engine: Engine, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for path in (folder / FORTIES, folder / TWENTIES):
        path.write_text("<visits/>", encoding="utf-8")
    with pytest.raises(SeedRefused) as refused:
        load(engine, folder)
    (problem,) = refused.value.problems
    assert problem.startswith("historian-visits: 7 of the 7 originals")
    assert "--allow-withdrawals" in problem
    assert living(engine, Visit, "china-us-2023-11-202")
    load(engine, folder, allow_withdrawals=True)
    assert not living(engine, Visit, "china-us-2023-11-202")
    assert changed(load(engine, folder)) == []


def test_a_tenure_is_withdrawn_with_its_appointment(engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session:
        statement = select(Position.id).where(Position.dataset == "historian-pocom")
        before = set(session.scalars(statement))
    folder = without(copied(tmp_path), "pocom/positions-principals/secretary.xml", "secr-1929-doe")
    found = changed(load(engine, folder))
    ((_, _, position),) = [each for each in found if each[1] == "position"]
    assert position in before
    assert not living(engine, Position, position)
    assert living(engine, Official, "doe-jane")


def test_the_command_tells_what_was_withdrawn(own_database: str, tmp_path: Path) -> None:
    def run(folder: Path, *arguments: str) -> Any:
        runner = CliRunner(env={"CHANCERY_DATABASE_URL": own_database}, catch_exceptions=False)
        given = ["import", "historian", "--visits", str(folder / "visits"), *arguments]
        return runner.invoke(main, given)

    folder, report = copied(tmp_path), tmp_path / "report.json"
    assert run(folder).exit_code == 0
    without(folder, TWENTIES, "202")
    done = run(folder, "--json", str(report))
    assert done.exit_code == 0, done.stderr
    line = "withdrawn: visit china-us-2023-11-202 (visits/data/2020.xml: visit 202)"
    assert line in done.stdout
    assert "2 withdrawn" in done.stdout
    (visits,) = json.loads(report.read_text(encoding="utf-8"))["data_sets"]
    assert visits["counts"]["withdrawn"] == 2
    assert {each["outcome"] for each in visits["records"]} == {"withdrawn"}
    without(folder, FORTIES, "101", "102", "103", "104", "105", "106")
    refused = run(folder)
    assert refused.exit_code == 1
    assert "--allow-withdrawals" in refused.stderr
    assert run(folder, "--allow-withdrawals").exit_code == 0
