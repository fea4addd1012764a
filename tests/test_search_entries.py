"""What records are found, ranked and counted by, beside their documents."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.database.migrations import alembic_config, migrate
from app.models import Meeting, SearchEntry, Visit
from app.questions import marks_of_range, marks_of_span
from app.record import searching
from app.record.searching import is_renewed, renew
from tests.support.commands import Run
from tests.support.log import indexed, to_be_indexed


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    engine = make_engine(own_database)
    yield engine
    engine.dispose()


def entries(engine: Engine) -> dict[str, dict[str, Any]]:
    with Session(engine) as session:
        return indexed(session)


def former(engine: Engine) -> None:
    """Leave the entries as a release wrote them that knew tokens alone."""
    command.downgrade(alembic_config(engine), "0006")
    migrate(engine)


def test_entries_say_what_the_records_say(engine: Engine) -> None:
    with Session(engine) as session:
        assert indexed(session) == to_be_indexed(session)
        visit = session.scalars(
            select(SearchEntry)
            .join(Visit, Visit.id == SearchEntry.record_id)
            .where(Visit.slug == "blinken-beijing-2023-06")
        ).one()
        assert visit.marks.split() == ["kvisit", "pCN", "pUS", "y2023", "e202", "dseed"]
        assert visit.head == " blinken s visit to beijing june 2023 "
        assert " 布 林 肯 " in visit.body
        meeting = session.scalars(
            select(Meeting).where(Meeting.slug == "blinken-xi-beijing-2023-06-19")
        ).one()
        found = session.scalars(
            select(SearchEntry).where(SearchEntry.record_id == meeting.id)
        ).one()
        assert (found.date_earliest, found.date_latest) == (date(2023, 6, 19), date(2023, 6, 19))


def test_entries_of_an_earlier_release_are_made_anew_in_batches(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entries(engine)
    former(engine)
    assert not is_renewed(engine)
    assert {each["marks"] for each in entries(engine).values()} == {""}
    monkeypatch.setattr(searching, "BATCH", 7)
    assert renew(engine) == len(before)
    assert is_renewed(engine)
    assert entries(engine) == before
    assert renew(engine) == 0


def test_migrate_makes_them_anew_and_says_so_once(engine: Engine, run: Run) -> None:
    before = entries(engine)
    former(engine)
    url = engine.url.render_as_string(hide_password=False)
    said = run("migrate", CHANCERY_DATABASE_URL=url).stdout
    assert f"{len(before)} records were made ready for the search" in said
    assert entries(engine) == before
    assert run("migrate", CHANCERY_DATABASE_URL=url).stdout == ""


@pytest.mark.parametrize(
    ("first", "last", "marks"),
    [
        (date(2023, 6, 1), date(2023, 6, 30), {"y2023", "e202"}),
        (date(1969, 12, 1), date(1970, 1, 2), {"y1969", "y1970", "e196", "e197"}),
        (date(1950, 1, 1), date(1959, 12, 31), {*(f"y195{n}" for n in range(10)), "e195"}),
        (date(1985, 1, 1), None, {"y1985", "e198", "ybeyond"}),
        (None, date(1985, 1, 1), {"y1985", "e198", "ybeyond"}),
        (date(1, 1, 1), date(1, 1, 1), {"y0001", "e000", "ybeyond"}),
        (date(1800, 1, 1), date(1900, 1, 1), {"y1800", "y1900", "e180", "e190", "ybeyond"}),
    ],
)
def test_a_span_is_marked_with_every_year_in_which_it_may_be(
    first: date | None, last: date | None, marks: set[str]
) -> None:
    assert set(marks_of_span(first, last)) == marks


DAYS = [
    None,
    *(date(year, 6, 1) for year in (1, 1599, 1600, 1859, 1950, 1959, 1960, 2023, 2199, 2200, 9999)),
]


@pytest.mark.parametrize("first", DAYS)
@pytest.mark.parametrize("last", DAYS)
def test_what_may_fall_into_a_range_has_one_of_its_marks(
    first: date | None, last: date | None
) -> None:
    asked = set(marks_of_range(first, last))
    assert len(asked) < 70
    for start in DAYS:
        for end in DAYS:
            if (start is None and end is None) or (start and end and start > end):
                continue
            overlaps = (last is None or start is None or start <= last) and (
                first is None or end is None or end >= first
            )
            if overlaps and not (first and last and first > last):
                assert asked & set(marks_of_span(start, end)), (start, end)
