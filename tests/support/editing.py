"""Editing as tests do it: one edit a transaction, below HTTP, on a database of the test's own.

The archive is the seed with the crowd and the company beside it: a record of every kind, with
every kind of part.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload

from app.database.engines import make_engine
from app.editing import edits, merging
from app.editing.drafts import form_of
from app.editing.edits import Written
from app.errors import Conflict, InvalidInput
from app.models import RECORDS, Document, Encounter, Official, Revision, TimelineEntry
from app.record import encounters
from app.record.counting import miscounted
from app.record.documents import latest_event, meeting_conflicts
from app.record.loading import load
from app.record.recorder import Change
from app.record.referrers import table_of
from app.record.search_text import officials_of, search_entry
from app.record.verifying import stale_documents, verify_log
from app.vocabulary import RecordKind
from tests.conftest import scratch_postgres
from tests.support.api import accompany, add_crowd
from tests.support.edits import whatever
from tests.support.log import indexed, with_set_of_tokens
from tests.support.postgres import made_once, template_database

Json = Any
CHANGE = Change(actor="key:tester")


class Desk:
    """An editor's desk: each method is one edit, committed, and gives the document."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def do(self, edit: Callable[..., Written], *given: Any) -> Json:
        with (
            Session(self.engine, autoflush=False, expire_on_commit=False) as session,
            session.begin(),
        ):
            done = edit(session, *given)
        return None if done.body is None else orjson.loads(done.body)

    def create(self, kind: RecordKind, body: Json) -> Json:
        return self.do(edits.create, kind, body, CHANGE)

    def patch(self, kind: RecordKind, reference: str, body: Json) -> Json:
        return self.do(edits.patch, kind, reference, body, CHANGE, whatever)

    def delete(self, kind: RecordKind, reference: str) -> None:
        self.do(edits.delete, kind, reference, CHANGE, whatever)

    def restore(self, kind: RecordKind, reference: str) -> Json:
        return self.do(edits.restore, kind, reference, CHANGE)

    def merge(self, reference: str, into: str) -> Json:
        return self.do(merging.merge, reference, into, CHANGE, whatever)

    def unmerge(self, reference: str) -> Json:
        return self.do(merging.unmerge, reference, CHANGE, whatever)

    def flaws(self, edit: Callable[..., Any], *given: Any) -> dict[str, str]:
        """The pointers of an edit that is refused, each with what was wrong there."""
        with pytest.raises(InvalidInput) as refused:
            edit(*given)
        return {each.where: each.detail for each in refused.value.flaws}

    def conflict(self, edit: Callable[..., Any], *given: Any) -> Conflict:
        with pytest.raises(Conflict) as refused:
            edit(*given)
        return refused.value

    def head(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.max(Revision.seq))) or 0

    def revisions(self, after: int = 0) -> list[Revision]:
        with Session(self.engine) as session:
            return list(
                session.scalars(select(Revision).where(Revision.seq > after).order_by(Revision.seq))
            )

    def read(self, kind: RecordKind, reference: str) -> Json:
        """The document that is published now; None where the record is not there any more."""
        with Session(self.engine) as session:
            now = edits.standing(session, kind, reference)
            if now.deleted_seq is not None:
                return None
            body = session.scalars(select(Document.body).where(Document.seq == now.seq)).one()
        return orjson.loads(body)

    def form(self, kind: RecordKind, reference: str) -> Json:
        return form_of(kind, self.read(kind, reference))

    def documents(self) -> dict[tuple[RecordKind, str], Json]:
        """Every record that is neither deleted nor merged away, by kind and id."""
        with Session(self.engine) as session:
            return {
                (kind, str(record_id)): orjson.loads(body)
                for kind, model in RECORDS.items()
                for record_id, body in session.execute(
                    select(model.id, Document.body)  # type: ignore[attr-defined]
                    .join(Document, Document.seq == model.seq)  # type: ignore[attr-defined]
                    .where(model.deleted_seq.is_(None))  # type: ignore[attr-defined]
                )
            }


def add_company_and_crowd(database_url: str) -> None:
    add_crowd(database_url)
    accompany(database_url)


@pytest.fixture(scope="session")
def sqlite_archive_template(sqlite_template: Path) -> Path:
    def make(path: Path) -> None:
        shutil.copyfile(sqlite_template, path)
        add_company_and_crowd(f"sqlite:///{path}")

    return made_once("archive.db", make)


@pytest.fixture(scope="session")
def postgres_archive_template(postgres_template: str) -> str:
    return template_database("archive", postgres_template, add_company_and_crowd)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of the archive of the test's own, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "archive.db"
        shutil.copyfile(request.getfixturevalue("sqlite_archive_template"), path)
        yield f"sqlite:///{path}"
        return
    base_url = request.getfixturevalue("postgres_base_url")
    with scratch_postgres(base_url, request.getfixturevalue("postgres_archive_template")) as url:
        yield url


@pytest.fixture
def desk(archive_url: str) -> Iterator[Desk]:
    """A desk on the archive, once on each engine."""
    engine = make_engine(archive_url)
    yield Desk(engine)
    engine.dispose()


def consistent(engine: Engine) -> None:
    """The log is whole, and whatever is derived from the record is what would be derived now."""
    verify_log(engine)
    assert list(stale_documents(engine)) == []
    assert list(miscounted(engine)) == []
    with Session(engine) as session:
        living = {
            kind: list(session.scalars(select(model.id).where(model.deleted_seq.is_(None))))  # type: ignore[attr-defined]
            for kind, model in RECORDS.items()
        }
        rows = {kind: list(load(session, kind, ids)) for kind, ids in living.items()}
        merged = names_in(session)
        assert indexed(session) == {
            row.id: with_set_of_tokens(search_entry(kind, row, further(kind, row, merged)))
            for kind in rows
            for row in rows[kind]
        }
        for row in rows[RecordKind.MEETING]:
            assert row.has_conflicts == bool(meeting_conflicts(row)), row.slug
        for row in rows[RecordKind.COMMITMENT]:
            latest = latest_event(row)
            assert row.latest_event == (latest and latest.event), row.slug
        entries = [
            entry
            for kind, make in encounters.ENTRIES.items()
            for row in rows[kind]
            for entry in make(row)
        ]
        met = [pair for row in rows[RecordKind.MEETING] for pair in encounters.encounters(row)]
    assert derived(engine) == {
        "timeline_entries": in_some_order(entries),
        "encounters": in_some_order(met),
    }


def further(kind: RecordKind, row: Any, merged: dict[str, list[str]]) -> list[str]:
    """The names of those who were merged into a record's officials."""
    return sorted({name for each in officials_of(kind, row) for name in merged.get(each, ())})


def names_in(session: Session) -> dict[str, list[str]]:
    """The names and slugs of those who were merged away, by the id of the last survivor."""
    everybody = {
        row.id: row
        for row in session.scalars(select(Official).options(selectinload(Official.names)))
    }
    found: dict[str, list[str]] = {}
    for row in everybody.values():
        last = row
        while last.merged_into_id is not None:
            last = everybody[last.merged_into_id]
        if last is not row:
            names = [row.slug, row.name, *(each.name for each in row.names)]
            found.setdefault(last.id, []).extend(names)
    return found


def derived(engine: Engine) -> dict[str, list[Any]]:
    """The rows that are derived from records, without the numbers that they happen to have."""
    with Session(engine) as session:
        return {
            table.name: in_some_order(
                dict(row)
                for row in session.execute(
                    select(*(column for column in table.columns if column.name != "number"))
                ).mappings()
            )
            for table in (table_of(TimelineEntry), table_of(Encounter))
        }


def in_some_order(rows: Iterable[dict[str, Any]]) -> list[Any]:
    return sorted((sorted(row.items()) for row in rows), key=repr)
