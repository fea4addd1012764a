"""`chancery export`: the whole record in files, as it stands or as it stood."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.errors import ExportRefused
from app.exports.snapshots import write_snapshot
from app.models import Revision, Statement
from app.queries import snapshots
from app.queries.resources import RESOURCES
from app.queries.snapshots import snapshot
from app.record.documents import SHAPE
from tests.conftest import serving
from tests.support.api import NOUNS, asking
from tests.support.commands import Run, fails_in_one_line
from tests.support.edits import delete_at, edit_at, merge_at
from tests.support.first_release import as_the_first_release_left_it

Json = Any
NOON = datetime(2031, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    engine = make_engine(own_database)
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty one, apart from the database."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


def export(engine: Engine, folder: Path, known_at: datetime | None = None) -> Json:
    with snapshot(engine, known_at) as record:
        return write_snapshot(folder, record)


def lines(folder: Path) -> dict[str, list[bytes]]:
    """The documents of each file, after the manifest was found to tell the truth of them."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = {each["name"]: each for each in manifest["files"]}
    assert {each.name for each in folder.iterdir()} == {*files, "manifest.json"}
    found = {}
    for name, said in files.items():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == said["sha256"]
        assert len(content) == said["bytes"]
        found[name.removesuffix(".ndjson")] = content.splitlines()
        assert len(content.splitlines()) == said["records"]
    return found


def test_it_holds_every_record_as_the_api_shows_it(own_database: str, tmp_path: Path) -> None:
    """Now, and as it was photographed after each of three rounds of random edits."""
    engine, dice = make_engine(own_database), Random(7)
    photos: dict[datetime, dict[str, list[bytes]]] = {}
    with serving(own_database) as server, asking(server) as api:
        for number in range(4):
            at = NOON + number * DAY
            if number:
                edit_at(engine, at, dice=dice, number=number)
            if number == 2:
                (gone, *_) = api.items("/v1/statements", sort="-updated_at")
                delete_at(engine, at + DAY / 4, Statement, gone["id"])
                merge_at(engine, at + DAY / 4, *(api.ids("/v1/officials")[:2]))
            photos[at + DAY / 2] = {
                noun: [
                    api.get(f"/v1/{noun}/{each['id']}").content
                    for each in sorted(api.walk(f"/v1/{noun}"), key=lambda each: each["id"])
                ]
                for noun in NOUNS
            }
    for number, (at, photo) in enumerate(photos.items()):
        manifest = export(engine, tmp_path / str(number), at)
        assert lines(tmp_path / str(number)) == photo
        assert manifest["known_at"] == at.isoformat().replace("+00:00", "Z")
    now = export(engine, tmp_path / "now")
    assert lines(tmp_path / "now") == photo
    assert now["known_at"] is None
    with engine.connect() as connection:
        head = connection.execute(
            select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)
        ).one()
    assert (now["head"]["seq"], now["head"]["hash"]) == tuple(head)
    assert now["shape"] == SHAPE
    engine.dispose()


def test_stretches_do_not_show(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = export(engine, tmp_path / "whole")
    for stretch in (1, 5, 7):
        monkeypatch.setattr(snapshots, "STRETCH", stretch)
        assert export(engine, tmp_path / str(stretch)) == whole


def test_before_anything_was_recorded_it_is_empty(engine: Engine, tmp_path: Path) -> None:
    manifest = export(engine, tmp_path / "then", datetime(2001, 1, 1, tzinfo=UTC))
    assert manifest["head"] == {"seq": 0, "hash": "0" * 64, "at": None}
    assert lines(tmp_path / "then") == {noun: [] for noun in NOUNS}


def test_writers_go_on_and_are_not_seen(engine: Engine, tmp_path: Path) -> None:
    before = export(engine, tmp_path / "before")
    with snapshot(engine) as record:
        first = next(record.documents(RESOURCES["topics"]))
        edit_at(engine, NOON, dice=Random(1), number=1)
        assert write_snapshot(tmp_path / "during", record)["files"] == before["files"]
        assert first
    assert export(engine, tmp_path / "after")["files"] != before["files"]


def test_documents_of_the_first_release_come_in_the_present_shape(
    engine: Engine, tmp_path: Path
) -> None:
    as_the_first_release_left_it(engine)
    migrate(engine)
    export(engine, tmp_path / "out")
    found = lines(tmp_path / "out")
    for noun, resource in RESOURCES.items():
        for line in found[noun]:
            resource.read.model_validate_json(line)
    assert b'"joint_with":[]' in found["statements"][0]


class TestRefusals:
    def test_a_folder_that_holds_something_is_left_alone(
        self, engine: Engine, folder: Path
    ) -> None:
        (folder / "notes.txt").write_text("mine")
        with pytest.raises(ExportRefused, match=r"not empty \(it holds notes\.txt\)"):
            export(engine, folder)
        assert [each.name for each in folder.iterdir()] == ["notes.txt"]
        with pytest.raises(ExportRefused, match="File exists"):
            export(engine, folder / "notes.txt")

    def test_what_breaks_off_leaves_nothing(self, engine: Engine, folder: Path) -> None:
        def stop(reached: int) -> None:
            if reached > 50:
                raise KeyboardInterrupt

        (folder / "there").mkdir()
        for name in ("new", "there"):
            with snapshot(engine) as record, pytest.raises(KeyboardInterrupt):
                write_snapshot(folder / name, record, stop)
        assert [each.name for each in folder.iterdir()] == ["there"]
        assert not list((folder / "there").iterdir())
        export(engine, folder / "there")

    def test_a_disk_that_fails_is_told_in_a_line(self, engine: Engine, folder: Path) -> None:
        def stop(_: int) -> None:
            raise OSError(28, "No space left on device")

        with snapshot(engine) as record, pytest.raises(ExportRefused, match="No space left"):
            write_snapshot(folder / "out", record, stop)
        assert not list(folder.iterdir())


class TestCommand:
    def test_it_says_what_it_wrote(self, run: Run, tmp_path: Path) -> None:
        run("migrate")
        run("seed")
        done = run("export", "out")
        assert done.returncode == 0, done.stderr
        assert "statements.ndjson: 56 record(s), " in done.stdout
        head = run("verify").stdout.split()[-1]
        assert done.stdout.splitlines()[-1] == f"Written to out. Head {head}"
        assert sum(map(len, lines(tmp_path / "out").values())) == 140
        assert "not empty" in fails_in_one_line(run("export", "out"))
        assert run("export", "then", "--known-at", "2001-01-01T00:00:00Z").returncode == 0
        assert sum(map(len, lines(tmp_path / "then").values())) == 0

    def test_it_takes_instants_only(self, run: Run, tmp_path: Path) -> None:
        for instant in ("2023", "2023-06-19T08:30:00"):
            said = fails_in_one_line(run("export", "out", "--known-at", instant))
            assert "--known-at: expected an instant" in said
        assert not (tmp_path / "out").exists()
