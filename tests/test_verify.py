"""`chancery verify`: whoever alters the log is found out, at the first revision that is wrong."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.models import Document, Meeting, Official, Participation, Revision
from app.record.chain import SEALED, seal
from app.record.counting import miscounted
from app.record.verifying import Broken, Head, stale_documents, verify_log
from tests.support.commands import Run, fails_in_one_line
from tests.support.tampering import unguarded


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    engine = make_engine(own_database)
    yield engine
    engine.dispose()


def head_of(engine: Engine) -> Head:
    with Session(engine) as session:
        row = session.scalars(select(Revision).order_by(Revision.seq.desc()).limit(1)).one()
        return Head(row.seq, row.hash)


def broken_at(engine: Engine, kept: Head | None = None) -> tuple[int, str]:
    with pytest.raises(Broken) as found:
        verify_log(engine, kept=kept)
    return found.value.seq, str(found.value)


def alter(engine: Engine, statement: str) -> None:
    with unguarded(engine) as connection:
        connection.execute(text(statement))


def test_the_seeds_log_is_whole_and_every_document_reads_as_its_record(engine: Engine) -> None:
    reached: list[int] = []
    assert verify_log(engine, tell=reached.append) == head_of(engine)
    assert reached == [140]
    assert verify_log(engine, kept=head_of(engine)).seq == 140
    assert list(stale_documents(engine)) == []


@pytest.mark.parametrize(
    ("statement", "seq", "problem"),
    [
        ("UPDATE revisions SET actor = 'nobody' WHERE seq = 7", 7, "was altered"),
        ("UPDATE revisions SET reason = 'a better one' WHERE seq = 9", 9, "was altered"),
        ("UPDATE revisions SET prev_hash = 'f' WHERE seq = 8", 8, "does not follow"),
        ("UPDATE revisions SET hash = 'f' WHERE seq = 12", 12, "was altered"),
        ("UPDATE documents SET body = (SELECT body FROM documents WHERE seq = 2) WHERE seq = 3", 3,
         "has another body"),
        ("DELETE FROM documents WHERE seq = 140", 140, "has lost its body"),
    ],
)  # fmt: skip
def test_what_was_altered_is_found_at_the_first_such_revision(
    engine: Engine, statement: str, seq: int, problem: str
) -> None:
    alter(engine, statement)
    found, said = broken_at(engine)
    assert (found, problem in said) == (seq, True), said


@pytest.mark.parametrize("statement", ["UPDATE {} SET seq = seq", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["revisions", "documents"])
def test_nobody_alters_the_log_straight_in_the_database(
    engine: Engine, statement: str, table: str
) -> None:
    before = head_of(engine)
    with (
        pytest.raises(IntegrityError, match=r"are never|by a redaction alone"),
        engine.begin() as c,
    ):
        c.execute(text(statement.format(table)))
    assert verify_log(engine) == before


def test_a_revision_that_was_taken_out_is_missed(engine: Engine) -> None:
    with unguarded(engine) as connection:
        seq = connection.execute(select(Meeting.seq).limit(1)).scalar_one() or 0
        connection.execute(update(Meeting).where(Meeting.seq == seq).values(seq=None))
        connection.execute(delete(Document).where(Document.seq == seq))
        connection.execute(delete(Revision).where(Revision.seq == seq))
    assert broken_at(engine) == (seq, f"revision {seq} is missing: {seq + 1} comes next")


def test_a_tail_written_anew_with_all_its_hashes_needs_a_head_kept_elsewhere(
    engine: Engine,
) -> None:
    kept = head_of(engine)
    with unguarded(engine) as connection, Session(connection) as session:
        row = session.get_one(Revision, kept.seq)
        row.actor = "somebody else"
        row.hash = seal(row.prev_hash, {name: getattr(row, name) for name in SEALED})
        session.flush()
    verify_log(engine)
    seq, said = broken_at(engine, kept)
    assert (seq, "the head that was kept" in said) == (kept.seq, True)
    assert broken_at(engine, Head(kept.seq + 1, kept.hash))[0] == kept.seq + 1


def test_a_row_changed_behind_the_logs_back_reads_otherwise_than_its_document(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        found = connection.execute(select(Official.id).where(Official.slug == "qin-gang")).scalar()
        connection.execute(update(Official).where(Official.id == found).values(name="Another"))
    verify_log(engine)
    stale = list(stale_documents(engine))
    assert f"official {found} reads otherwise than its document" in stale
    assert any(line.startswith("meeting ") for line in stale)


def test_a_row_that_stands_on_another_day_than_its_record_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        found = connection.execute(select(Participation.meeting_id).limit(1)).scalar()
        wrong = update(Participation).where(Participation.meeting_id == found)
        connection.execute(wrong.values(listed_on=date(1999, 1, 1)))
    verify_log(engine)
    assert list(stale_documents(engine)) == [
        f"meeting {found} is listed on another day than its own"
    ]


def test_the_command_says_where_the_log_ends_or_where_it_is_broken(
    run: Run, own_database: str, engine: Engine
) -> None:
    def verify(*arguments: str) -> str:
        done = run("verify", *arguments, CHANCERY_DATABASE_URL=own_database)
        return done.stdout if done.returncode == 0 else fails_in_one_line(done)

    head = head_of(engine)
    whole = f"140 revision(s), each as it was written. Head {head}\n"
    assert verify("--documents", "--head", str(head)) == whole
    assert "SEQ:HASH" in verify("--head", "140")
    alter(engine, "UPDATE revisions SET actor = 'nobody' WHERE seq = 7")
    assert "The log is broken: revision 7 (" in verify()


def test_a_data_set_that_is_said_to_have_more_than_it_has_is_found_out(
    run: Run, own_database: str, engine: Engine
) -> None:
    assert list(miscounted(engine)) == []
    alter(engine, "UPDATE record_counts SET records = records + 1 WHERE kind = 'meeting'")
    done = run("verify", "--documents", CHANCERY_DATABASE_URL=own_database)
    (told,) = miscounted(engine)
    assert "of meeting" in told
    assert told in done.stdout
    assert "data set" in fails_in_one_line(done)
