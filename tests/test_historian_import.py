"""An import of the Historian's data into a database that holds the seed, on both engines."""

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.cli import main
from app.database.engines import make_engine
from app.errors import SeedRefused
from app.importers.reports import Report
from app.models import ImportRun, Meeting, Official, Participation, Revision, Visit
from tests.conftest import serving
from tests.support.historian_files import SMALL, copied, load

Run = Any


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    engine = make_engine(own_database)
    yield engine
    engine.dispose()


def revisions(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def changed(reports: list[Report]) -> list[tuple[str, str, str]]:
    return [
        (str(entry.outcome), str(entry.kind), entry.key)
        for report in reports
        for entry in report.changed
    ]


def test_a_second_run_writes_nothing(engine: Engine) -> None:
    first = load(engine)
    assert [report.dataset for report in first] == [
        "historian-pocom",
        "historian-travels",
        "historian-visits",
    ]
    before = revisions(engine)
    second = load(engine)
    assert changed(second) == []
    assert revisions(engine) == before


def test_one_changed_field_updates_its_source_and_what_derives_from_it(
    engine: Engine, tmp_path: Path
) -> None:
    load(engine)
    edits = {"travels/secretary-travels/doe-jane.xml": ("Grain Conference", "Wheat Conference")}
    assert changed(load(engine, copied(tmp_path, edits))) == [
        ("updated", "source", "historian-travels-trip-11"),
        ("updated", "visit", "doe-jane-1931-05-11"),
        ("updated", "meeting", "doe-jane-grain-conference-1931-05-11"),
    ]


def test_a_meeting_that_a_text_no_longer_tells_of_is_withdrawn_and_comes_back(
    engine: Engine, tmp_path: Path
) -> None:
    load(engine)
    edits = {"travels/secretary-travels/doe-jane.xml": ("Met with Premier Dupont.", "Rested.")}
    meeting = "doe-jane-dupont-1931-05-12"
    assert sorted(changed(load(engine, copied(tmp_path, edits)))) == [
        ("updated", "source", "historian-travels-trip-12"),
        ("updated", "visit", "doe-jane-1931-05-11"),
        ("withdrawn", "meeting", meeting),
    ]
    assert meeting in [key for _, _, key in changed(load(engine))]
    with Session(engine) as session:
        gone = session.scalar(select(Meeting.deleted_seq).where(Meeting.slug == meeting))
        assert gone is None


def test_a_corrected_date_and_a_renamed_person_keep_id_and_slug(
    engine: Engine, tmp_path: Path
) -> None:
    load(engine)
    person = "pocom/people/d/doe-jane.xml"
    edits = {
        "travels/secretary-travels/doe-jane.xml": (
            "<start-date>1931-05-01</start-date>",
            "<start-date>1931-04-30</start-date>",
        ),
        person: ("<id>doe-jane</id>", "<id>doe-jane-q</id>"),
    }
    folder = copied(tmp_path, edits)
    text = (folder / person).read_text(encoding="utf-8")
    renamed = text.replace("</old-id>", "</old-id><old-id>doe-jane</old-id>")
    (folder / person).write_text(renamed, encoding="utf-8")
    found = changed(load(engine, folder, "pocom", "travels"))
    assert ("updated", "visit", "doe-jane-1931-05-11") in found
    assert ("updated", "official", "doe-jane") in found
    assert not [each for each in found if each[0] == "created" and each[1] == "visit"]


def test_a_dry_run_reports_all_and_keeps_nothing(engine: Engine) -> None:
    before = revisions(engine)
    reports = load(engine, dry_run=True)
    assert all(report.counts["created"] for report in reports)
    assert revisions(engine) == before
    with Session(engine) as session:
        runs = select(func.count()).select_from(ImportRun).where(ImportRun.dataset != "seed")
        assert session.scalar(runs) == 0


def test_a_fault_in_one_repository_keeps_all_of_them_out(engine: Engine, tmp_path: Path) -> None:
    before = revisions(engine)
    folder = copied(tmp_path, {"visits/data/2020.xml": ("</visits>", "</visit>")})
    with pytest.raises(SeedRefused):
        load(engine, folder)
    assert revisions(engine) == before


def test_travels_before_pocom_and_pocom_after_them_make_one_person(engine: Engine) -> None:
    load(engine, SMALL, "travels")
    load(engine, SMALL, "pocom")
    assert changed(load(engine, SMALL, "travels")) == []
    assert changed(load(engine, SMALL, "pocom")) == []
    with Session(engine) as session:
        wanted = select(Official.slug).where(Official.slug.like("%doe-jane%"))
        assert session.scalars(wanted).all() == ["doe-jane"]


def test_somebody_met_and_received_is_one_official_whichever_is_read_first(
    engine: Engine, tmp_path: Path
) -> None:
    remark = "Met with Canadian Prime Minister Ádam Example."
    edits = {"travels/secretary-travels/doe-jane.xml": ("Met with Premier Dupont.", remark)}
    folder = copied(tmp_path, edits)
    load(engine, folder, "visits")
    load(engine, folder, "travels")
    for names in (("travels", "visits"), ("visits",), ("travels",)):
        assert changed(load(engine, folder, *names)) == []
    with Session(engine) as session:
        wanted = select(Official).where(Official.slug.like("%example%"))
        officials = {each.slug: each for each in session.scalars(wanted)}
        assert set(officials) == {"adam-example-ca", "adam-example-nz"}
        assert officials["adam-example-ca"].dataset == "historian-visits"
        there = (
            select(Meeting.slug)
            .join(Participation)
            .where(Participation.official_id == officials["adam-example-ca"].id)
        )
        assert "doe-jane-adam-example-1931-05-12" in session.scalars(there).all()


def test_questions_are_answered_over_http(own_database: str) -> None:
    engine = make_engine(own_database)
    load(engine)
    engine.dispose()
    with serving(own_database) as server, server.client() as client:
        june = {"date_from": "1943-06", "date_to": "1943-06", "host": "US"}
        assert travellers(client, june) == ["Adam Example", "Sample"]
        assert holders(client, "1930-01-01") == ["doe-jane"]
        assert holders(client, "1940-01-01") == []
        for identifier in ("pocom:doe-jane", "pocom:doe-j"):
            found = client.get("/v1/officials", params={"identifier": identifier}).json()
            assert [each["slug"] for each in found["items"]] == ["doe-jane"]
        leaders = client.get("/v1/visits", params={"visitor": "xi-jinping"}).json()
        assert [each["slug"] for each in leaders["items"]] == ["china-us-2023-11-202"]
        for place in ("kyiv", "Kiev", "Moscow", "moscow, kiev"):
            found = client.get("/v1/visits", params={"place": place}).json()
            assert [each["slug"] for each in found["items"]] == ["doe-jane-1962-06-21"], place
        moscow = client.get("/v1/visits", params={"dataset": "historian-travels", "place": "SUHH"})
        assert [each["slug"] for each in moscow.json()["items"]] == ["doe-jane-1962-06-21"]


def travellers(client: httpx2.Client, asked: dict[str, str]) -> list[str]:
    items = client.get("/v1/visits", params=asked).json()["items"]
    return sorted(person["name_as_given"] for visit in items for person in visit["travellers"])


def holders(client: httpx2.Client, day: str) -> list[str]:
    asked = {"level": "foreign_minister", "party": "US", "as_of": day}
    items = client.get("/v1/positions", params=asked).json()["items"]
    return [each["official"]["slug"] for each in items]


@pytest.fixture
def run(own_database: str) -> Run:
    def run(*arguments: str) -> CompletedProcess[str]:
        runner = CliRunner(env={"CHANCERY_DATABASE_URL": own_database}, catch_exceptions=False)
        done = runner.invoke(main, ["import", "historian", *arguments])
        return CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return run


def folders(folder: Path) -> list[str]:
    return [
        word
        for name in ("travels", "visits", "pocom")
        for word in (f"--{name}", str(folder / name))
    ]


def test_the_command_reports_every_change_and_flag(run: Run, tmp_path: Path) -> None:
    written = tmp_path / "report.json"
    done = run(*folders(SMALL), "--reason", "first import", "--json", str(written))
    assert done.returncode == 0, done.stderr
    assert "created: visit doe-jane-1931-05-11" in done.stdout
    flag = "flagged: travels/secretary-travels/doe-jane.xml: trip 24: exact duplicate"
    assert flag in done.stdout
    assert "Data set historian-visits:" in done.stdout
    report = json.loads(written.read_text(encoding="utf-8"))
    assert [each["dataset"] for each in report["data_sets"]] == [
        "historian-pocom",
        "historian-travels",
        "historian-visits",
    ]
    assert {"oddity", "file", "record", "text"} == set(report["flagged"][0])
    assert report["told"] == {"meetings": 3, "conferences": 1, "people named": 3, "bodies": 0}
    assert "Told of in remarks and descriptions: meetings 3, conferences 1," in done.stdout
    assert report["refused"] == []
    again = run(*folders(SMALL))
    assert "created" not in again.stdout


def test_the_command_fails_with_every_fault_and_a_report(run: Run, tmp_path: Path) -> None:
    folder = copied(tmp_path, {"visits/data/2020.xml": ("<id>201</id>", "")})
    written = tmp_path / "report.json"
    done = run(*folders(folder), "--json", str(written))
    assert done.returncode == 1
    assert "visits/data/2020.xml: visit: expected the element <id>, found none" in done.stderr
    assert json.loads(written.read_text(encoding="utf-8"))["refused"]


def test_the_command_wants_repositories_and_the_right_ones(run: Run) -> None:
    assert "at least one of --travels" in run().stderr
    assert (
        "expected a copy of the repository pocom" in run("--pocom", str(SMALL / "travels")).stderr
    )


def test_the_seed_and_the_import_do_not_write_over_each_other(engine: Engine) -> None:
    load(engine)
    with Session(engine) as session:
        owners = select(Visit.dataset).where(Visit.slug == "blinken-beijing-2023-06")
        assert session.scalar(owners) == "seed"
