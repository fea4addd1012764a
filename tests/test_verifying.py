"""`chancery verify-evidence` as its users run it, on the seed and on the seed article."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from app.database.engines import make_engine
from app.models import (
    Assessment,
    Citation,
    Claim,
    Commitment,
    CommitmentEvent,
    Meeting,
    Official,
    Participation,
    Position,
    Revision,
    Source,
    Statement,
    Visit,
)
from app.models.claims import CITED
from app.vocabulary import Attestation
from tests.support.commands import Run, fails_in_one_line
from tests.support.dossier import ARTICLE, text_of


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    opened = make_engine(own_database)
    yield opened
    opened.dispose()


@pytest.fixture
def article() -> str:
    return text_of(ARTICLE)


def written(folder: Path, content: str, name: str = "copy.txt") -> str:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return str(file)


def test_the_seed_article_holds_all_that_is_quoted_from_it(
    run: Run, own_database: str, article: str, tmp_path: Path
) -> None:
    def verify(*arguments: str) -> tuple[int, str]:
        done = run("verify-evidence", *arguments, CHANCERY_DATABASE_URL=own_database)
        assert done.stderr == ""
        return done.returncode, done.stdout

    everything = "Source eir: 9 quotation(s); 9 found, 0 altered, 0 missing.\n"
    assert verify("--source", "eir", str(ARTICLE)) == (0, everything)

    code, told = verify("--source", "eir", "--verbose", str(ARTICLE))
    assert (code, told.count("\nfound: ")) == (0, 8)
    assert "found: meeting blinken-xi-beijing-2023-06-19 (format, line 5): courtesy meeting" in told

    paragraphs = "\n".join(f"<p>{html.escape(each)}</p>" for each in article.split("\n"))
    page = f"<!doctype html><title>EIR</title><script>0</script>{paragraphs}"
    assert verify("--source", "eir", written(tmp_path, page, "page")) == (0, everything)

    altered = article.replace("legitimate right", "legal right").replace("“China hype”", "it")
    code, told = verify("--source", "eir", written(tmp_path, altered))
    assert code == 1
    assert told.splitlines()[-1] == "Source eir: 9 quotation(s); 7 found, 1 altered, 1 missing."
    assert "(citation): China hype\n" in told
    assert "its legitimate right to development.\n    line 11 has: " in told
    assert "its legal right to development.\n" in told
    assert "found: " not in told


def places(session: Session) -> dict[str, tuple[str, str]]:
    """For each way of citing, a record's id and how the report names it."""
    official, visit = session.scalars(select(Official)).first(), session.scalar(select(Visit))
    position = session.scalars(select(Position)).first()
    meeting = session.scalars(select(Meeting).where(Meeting.slug.contains("qin-beijing"))).one()
    statement = session.scalars(select(Statement)).first()
    event = session.scalars(select(CommitmentEvent)).first()
    assessment = session.scalars(select(Assessment)).first()
    assert official is not None
    assert visit is not None
    assert position is not None
    assert statement is not None
    assert event is not None
    assert assessment is not None
    made, assessed = (
        session.get_one(Commitment, each.commitment_id) for each in (event, assessment)
    )
    return {
        "official_id": (official.id, f"official {official.slug} (citation"),
        "position_id": (position.id, f"position {position.id} (citation"),
        "visit_id": (visit.id, f"visit {visit.slug} (citation"),
        "meeting_id": (meeting.id, f"meeting {meeting.slug} (citation"),
        "statement_id": (statement.id, f"statement {statement.id} (citation"),
        "commitment_id": (made.id, f"commitment {made.slug} (citation"),
        "commitment_event_id": (
            event.id,
            f"commitment {made.slug} (citation of the event {event.event.value}",
        ),
        "assessment_id": (
            assessment.id,
            f"commitment {assessed.slug} (citation of the assessment by {assessment.assessor}",
        ),
    }


def test_evidence_for_every_part_of_every_record_is_looked_for(
    run: Run, own_database: str, engine: Engine, tmp_path: Path
) -> None:
    with Session(engine) as session:
        source = session.scalars(select(Source.id).where(Source.slug == "wapo")).one()
        named = places(session)
        assert tuple(named) == CITED
        expected = []
        for column, (subject, name) in named.items():
            session.add(
                Citation(id=str(uuid7()), source_id=source, quote=column, **{column: subject})
            )
            expected.append(f"missing: {name}): {column}")
        meeting = named["meeting_id"][0]
        someone = session.scalars(
            select(Participation).where(Participation.meeting_id == meeting)
        ).first()
        assert someone
        slug = named["meeting_id"][1].split()[1]
        for field, more, part in (
            ("date", {}, "date"),
            (
                "topics",
                {"attestation": Attestation.DENIED, "value": "flights"},
                "topics: flights denied",
            ),
            ("role", {"participation_id": someone.id}, f"role of {someone.name_as_given}"),
        ):
            values = {"value": "a value", **more}
            quote = f"claimed {field}"
            session.add(
                Claim(
                    id=str(uuid7()),
                    source_id=source,
                    meeting_id=meeting,
                    field=field,
                    quote=quote,
                    **values,
                )
            )
            expected.append(f"missing: meeting {slug} ({part}): {quote}")
        for column in ("position_id", "visit_id", "commitment_id"):
            session.add(
                Claim(
                    id=str(uuid7()),
                    source_id=source,
                    field="title",
                    value="a title",
                    quote=f"title by {column}",
                    **{column: named[column][0]},
                )
            )
            claimed = named[column][1].replace("citation", "title")
            expected.append(f"missing: {claimed}): title by {column}")
        session.commit()
    copy = written(tmp_path, "没有")
    done = run("verify-evidence", "--source", source, copy, CHANCERY_DATABASE_URL=own_database)
    *findings, last = done.stdout.splitlines()
    assert sorted(findings) == sorted(expected)
    assert last == f"Source {source}: 14 quotation(s); 0 found, 0 altered, 14 missing."
    assert done.returncode == 1


def test_a_deleted_record_is_evidence_no_more_and_a_deleted_source_is_none(
    run: Run, own_database: str, engine: Engine, tmp_path: Path
) -> None:
    copy = written(tmp_path, "China hype")

    def verify() -> str:
        done = run("verify-evidence", "--source", "eir", copy, CHANCERY_DATABASE_URL=own_database)
        return done.stdout or fails_in_one_line(done)

    assert "1 found" in verify()
    with Session(engine) as session:
        seq = session.scalars(select(Revision.seq)).first()
        for statement in session.scalars(select(Statement).where(Statement.language == "en")):
            statement.deleted_seq = seq
        session.commit()
    assert "6 quotation(s); 0 found" in verify()
    with Session(engine) as session:
        session.scalars(select(Source).where(Source.slug == "eir")).one().deleted_seq = seq
        session.commit()
    assert f"'eir' was deleted by revision {seq}" in verify()


def test_a_source_that_nobody_quotes_needs_no_verifying(
    run: Run, own_database: str, tmp_path: Path
) -> None:
    copy = written(tmp_path, "Talks")
    done = run("verify-evidence", "--source", "wapo", copy, CHANCERY_DATABASE_URL=own_database)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no record quotes it" in done.stdout


@pytest.mark.parametrize(
    "key", ["nobody", "No Such Source", "CN", "", "'", "01a20aea-e18d-77d9-b4e6-000000000000"]
)
def test_an_unknown_source_is_named_in_one_line(
    run: Run, own_database: str, tmp_path: Path, key: str
) -> None:
    copy = written(tmp_path, "Talks")
    done = run("verify-evidence", "--source", key, copy, CHANCERY_DATABASE_URL=own_database)
    assert f"no source with the id or slug {key!r}" in fails_in_one_line(done)


def test_a_file_without_text_is_named_in_one_line(
    run: Run, own_database: str, tmp_path: Path
) -> None:
    (tmp_path / "copy.pdf").write_bytes(b"%PDF-1.7\n\xe2\xe3\xcf\xd3")
    for file, reason in (
        (written(tmp_path, ""), "holds no text"),
        (str(tmp_path / "none.txt"), "cannot be read"),
        (str(tmp_path), "cannot be read"),
        (str(tmp_path / "copy.pdf"), "UTF-8"),
    ):
        done = run("verify-evidence", "--source", "eir", file, CHANCERY_DATABASE_URL=own_database)
        said = fails_in_one_line(done)
        assert file in said
        assert reason in said


def test_without_a_schema_it_says_what_to_run(
    run: Run, empty_database: str, tmp_path: Path
) -> None:
    copy = written(tmp_path, "Talks")
    done = run("verify-evidence", "--source", "eir", copy, CHANCERY_DATABASE_URL=empty_database)
    assert "chancery migrate" in fails_in_one_line(done)
