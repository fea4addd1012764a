"""What records are found, ranked and counted by, beside their documents."""

import asyncio
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.database.migrations import alembic_config, migrate
from app.database.reading import Compiled, make_reader
from app.database.sqlite_reading import adapt
from app.lane.search import Search
from app.lane.statements import Statements
from app.models import Meeting, SearchEntry, Visit
from app.queries import search as queries
from app.questions import marks_of_range, marks_of_span
from app.record import searching
from app.record.mergers import names_of_merged
from app.record.searching import is_renewed, renew
from app.schemas.search import SearchParameters
from tests.support.commands import Run
from tests.support.filled import AS_IF_ROWS_WERE_MANY
from tests.support.log import indexed, to_be_indexed
from tests.support.plans import nodes, of_table, rows_read, scans


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


ENTRIES = 300_000
WAYS = {"everywhere": 3, "middling": 500, "rare": 90_000}
"""Words, and how many entries there are for one that holds the word."""

FILL = {
    "sqlite": """
        WITH RECURSIVE each(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < {entries})
        INSERT INTO search_entries (kind, record_id, tokens, digest, length)
        SELECT 'topic', 'entry-' || n, {tokens}, '', 9 FROM each""",
    "postgresql": """
        INSERT INTO search_entries (kind, record_id, tokens, digest, length)
        SELECT 'topic', md5(n::text)::uuid, ({tokens})::tsvector, '', 9
        FROM generate_series(1, {entries}) AS n ORDER BY n""",
}


def asked_of(engine: Engine, q: str) -> tuple[list[int], list[tuple[str, list[Any]]]]:
    """The numbers of the candidates of a question, and the statements that found them."""
    url = engine.url.render_as_string(hide_password=False)
    sent: list[tuple[str, list[Any]]] = []

    async def ask() -> list[int]:
        reader = make_reader(url, timeout_seconds=60, pool_size=1)
        async with reader.snapshot(slow=True) as fetch:

            async def noted(compiled: Compiled, values: Any) -> list[Any]:
                sent.append((compiled.sql, list(values)))
                return await fetch(compiled, values)

            search = Search(noted, Statements(reader), SearchParameters(q=q), "")
            rows = await search.candidates()
        await reader.close()
        return [row[0] for row in rows]

    return asyncio.run(ask()), sent


def test_the_newest_hits_are_found_without_reading_the_others(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(empty_database)
    migrate(engine)
    tokens = " || ".join(
        f"CASE WHEN n / {step} * {step} = n THEN '{word} ' ELSE '' END"
        for word, step in WAYS.items()
    )
    with engine.begin() as connection:
        fill = FILL[engine.dialect.name].format(entries=ENTRIES, tokens=f"{tokens} || 'any'")
        connection.exec_driver_sql(fill)
    for (word, step), many in product(WAYS.items(), (queries.MANY, 100)):
        monkeypatch.setattr(queries, "MANY", many)
        numbers, sent = asked_of(engine, word)
        holding = [n for n in range(ENTRIES, 0, -1) if n % step == 0]
        assert numbers == holding[: queries.MOST_HITS + 1]
        with engine.connect() as connection:
            for sql, values in sent:
                if "tokens" in sql or "search_index" in sql:
                    check_plan(connection, sql, values)
    engine.dispose()


def check_plan(connection: Connection, sql: str, values: list[Any]) -> None:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(values))
        steps = [row[3] for row in rows]
        assert len(steps) == 2, steps
        assert steps[0].startswith("SCAN search_index VIRTUAL TABLE INDEX"), steps
        assert steps[1].startswith("SEARCH search_entries USING INTEGER PRIMARY KEY"), steps
        return
    explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"
    plan = connection.exec_driver_sql(explained, tuple(values)).scalar_one()
    found = of_table(list(nodes(plan[0]["Plan"])), "search_entries")
    assert [node["Node Type"] for node in found] == ["Bitmap Heap Scan"], plan
    assert sum(map(rows_read, found)) < 3 * queries.MOST_HITS


PEOPLE = ("officials", "official_names")


def check_looked_up(
    connection: Connection, sql: str, values: Any, tables: tuple[str, ...] = PEOPLE
) -> None:
    """No table is read whole where it would take long."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        steps = [row[3] for row in rows]
        assert [scans(steps, table) for table in tables] == [[]] * len(tables), steps
        return
    for each in AS_IF_ROWS_WERE_MANY:
        connection.exec_driver_sql(f"SET LOCAL enable_{each} = off")
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", values)
    plan = list(nodes(found.scalar_one()[0]["Plan"]))
    ways = [node["Node Type"] for table in tables for node in of_table(plan, table)]
    assert "Seq Scan" not in ways, plan
    assert len(ways) > len(tables), plan  # those who were merged, and into whom


def test_what_people_are_called_is_looked_up_and_not_gone_through(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    reader = make_reader(url, timeout_seconds=60, pool_size=1)
    compiled = reader.compile(queries.called(reader.dialect))
    asyncio.run(reader.close())
    given: dict[str, Any] = {"ids": [str(uuid4())], "codes": ["US"]}
    if engine.dialect.name == "sqlite":
        given = {name: adapt(value) for name, value in given.items()}
    values = tuple(given[name] for name in compiled.names)
    with engine.connect() as connection:
        check_looked_up(connection, compiled.sql, values, (*PEOPLE, "parties", "topics"))


def test_so_are_the_names_of_those_who_were_merged(engine: Engine) -> None:
    sent: list[tuple[str, Any]] = []

    def note(_1: Any, _2: Any, sql: str, values: Any, _3: Any, _4: bool) -> None:
        sent.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    with Session(engine) as session:
        assert names_of_merged(session, [str(uuid4())]) == {}
    event.remove(engine, "before_cursor_execute", note)
    ((sql, values),) = [each for each in sent if "official_names" in each[0]]
    with engine.connect() as connection:
        check_looked_up(connection, sql, values)
