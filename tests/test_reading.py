"""Reading from the databases: deadlines, snapshots, and what is left after a failure."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, literal, literal_column, select

from app.database.engines import SQLITE_MODULE, make_engine
from app.database.postgres_sharing import SECONDS_TRUSTED
from app.database.reading import Reader, make_reader
from app.database.sqlite_reading import SqliteReader
from app.errors import DatabaseUnavailable, QueryTooSlow
from app.models import Meeting
from tests.conftest import serving
from tests.support.client import Client

DEADLINE_SECONDS = 1.0
PATIENCE_SECONDS = 30
"""The deadline where none is to pass, however busy the machine is."""


def counting_to(last: int) -> Any:
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    following = select(numbers.c.number + 1).where(numbers.c.number < literal_column(str(last)))
    return select(func.count()).select_from(numbers.union_all(following))


def endless() -> Any:
    """A count up to a number that no machine reaches in time."""
    return counting_to(100_000_000)


def running(
    url: str,
    work: Callable[[Reader], Coroutine[Any, Any, Any]],
    timeout_seconds: float = PATIENCE_SECONDS,
) -> Any:
    """The outcome of some work with a reader of its own."""

    async def run() -> Any:
        reader = make_reader(url, timeout_seconds=timeout_seconds, pool_size=3)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


async def meetings_seen(reader: Reader) -> int:
    statement = reader.compile(select(func.count()).select_from(Meeting))
    return int((await reader.fetch(statement, []))[0][0])


@pytest.mark.parametrize("slow", [False, True])
def test_a_query_past_its_deadline_is_stopped_and_the_next_one_answers(
    own_database: str, *, slow: bool
) -> None:
    async def work(reader: Reader) -> int:
        runaway = reader.compile(endless())
        with pytest.raises(QueryTooSlow):
            async with reader.snapshot(slow=slow) as fetch:
                await fetch(runaway, list(runaway.constants.values()))
        return await meetings_seen(reader)

    assert running(own_database, work, DEADLINE_SECONDS) == 5


def test_a_statement_that_is_not_quick_lets_others_go_on(own_database: str) -> None:
    async def work(reader: Reader) -> tuple[int, int]:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        going_on = asyncio.create_task(others())
        lengthy = reader.compile(counting_to(300_000))
        rows = await reader.fetch(lengthy, list(lengthy.constants.values()))
        going_on.cancel()
        return int(rows[0][0]), turns

    counted, turns = running(own_database, work)
    assert counted == 300_000
    assert turns > 1


@pytest.mark.parametrize("slow", [False, True])
def test_all_statements_of_a_snapshot_share_one_deadline(own_database: str, *, slow: bool) -> None:
    async def work(reader: Reader) -> int:
        brief = reader.compile(counting_to(20_000))

        async def read_on_and_on() -> None:
            async with reader.snapshot(slow=slow) as fetch:
                for _ in range(5_000):
                    await fetch(brief, list(brief.constants.values()))

        with pytest.raises(QueryTooSlow):
            await read_on_and_on()
        return await meetings_seen(reader)

    began = time.monotonic()
    assert running(own_database, work, DEADLINE_SECONDS) == 5
    assert time.monotonic() - began < DEADLINE_SECONDS + 2


def test_a_read_that_is_given_up_by_its_caller_leaves_nothing_behind(own_database: str) -> None:
    async def read(reader: Reader) -> None:
        runaway = reader.compile(endless())
        async with reader.snapshot(slow=True) as fetch:
            await fetch(runaway, list(runaway.constants.values()))

    async def work(reader: Reader) -> int:
        for _ in range(10):
            task = asyncio.create_task(read(reader))
            await asyncio.wait([task], timeout=0.02)
            while not task.done():  # `wait_for` may lose one before Python 3.12
                task.cancel()
                await asyncio.wait([task], timeout=0.5)
            assert task.cancelled()
        return await meetings_seen(reader)

    assert running(own_database, work) == 5


@pytest.mark.parametrize("own_database", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_connections_that_the_server_ended_while_nobody_read_are_not_read_from(
    own_database: str,
) -> None:
    """As a server does that is started again."""

    async def work(reader: Reader) -> list[int]:
        await asyncio.gather(*(meetings_seen(reader) for _ in range(20)))
        with psycopg.connect(own_database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await asyncio.sleep(SECONDS_TRUSTED)  # a quick machine ends them all in less
        return await asyncio.gather(*(meetings_seen(reader) for _ in range(20)))

    assert running(own_database, work) == [5] * 20


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_a_transaction_that_cannot_begin_or_end_does_not_spoil_the_next_one(
    own_database: str,
) -> None:
    async def work(reader: Reader) -> int:
        assert isinstance(reader, SqliteReader)
        statement = reader.compile(select(func.count()).select_from(Meeting))
        begin = statement._replace(sql="BEGIN")
        commit = statement._replace(sql="COMMIT")
        # Left behind by whatever went wrong before.
        await reader.fetch(begin, [])
        with pytest.raises(SQLITE_MODULE.OperationalError, match="within a transaction"):
            async with reader.snapshot():
                pass
        async with reader.snapshot() as fetch:
            await fetch(statement, [])
        with pytest.raises(SQLITE_MODULE.OperationalError, match="no transaction"):
            async with reader.snapshot() as fetch:
                await fetch(commit, [])
        async with reader.snapshot() as fetch:
            return int((await fetch(statement, []))[0][0])

    assert running(own_database, work) == 5


def test_more_slow_reads_at_once_than_there_are_places_all_answer(own_database: str) -> None:
    async def one(reader: Reader) -> int:
        statement = reader.compile(select(func.count()).select_from(Meeting))
        async with reader.snapshot(slow=True) as fetch:
            return int((await fetch(statement, []))[0][0])

    async def work(reader: Reader) -> list[int]:
        return await asyncio.gather(*(one(reader) for _ in range(40)))

    assert running(own_database, work) == [5] * 40


def test_a_snapshot_does_not_see_what_is_written_after_its_first_read(own_database: str) -> None:
    async def work(reader: Reader) -> tuple[int, int, int]:
        statement = reader.compile(select(func.max(Meeting.rev)))
        engine = make_engine(own_database)
        async with reader.snapshot(slow=True) as fetch:
            before = (await fetch(statement, []))[0][0]
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE meetings SET rev = rev + 1")
            within = (await fetch(statement, []))[0][0]
        engine.dispose()
        return before, within, (await reader.fetch(statement, []))[0][0]

    assert running(own_database, work) == (1, 1, 2)


def test_a_reader_cannot_write(own_database: str) -> None:
    async def work(reader: Reader) -> None:
        statement = reader.compile(select(Meeting.id))._replace(sql="UPDATE meetings SET rev = 9")
        async with reader.snapshot(slow=True) as fetch:
            await fetch(statement, [])

    with pytest.raises(DatabaseUnavailable):
        running(own_database, work)


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "broken.db"
    file.write_bytes(b"this is no database, however long it may be" * 100)
    with pytest.raises(DatabaseUnavailable):
        SqliteReader(f"sqlite:///{file}", DEADLINE_SECONDS)


def test_a_path_with_signs_that_mean_something_in_addresses_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "a #1 100% real?.db"
    with closing(SQLITE_MODULE.connect(str(file))) as connection:
        connection.execute("CREATE TABLE meetings (id TEXT)")
    reader = SqliteReader("sqlite:///" + str(file).replace("?", "%3F"), DEADLINE_SECONDS)
    asyncio.run(reader.close())


@pytest.mark.postgres
def test_many_readers_share_a_few_connections_and_none_is_left_waiting(postgres_seed: str) -> None:
    """Connections are kept at hand past the pool, but for those who wait in it."""
    wrong: list[object] = []

    def read(url: str, number: int) -> None:
        with Client(url) as http:
            for turn in range(25):
                slow = (turn + number) % 3 == 0
                target = "/v1/meetings?count=exact&q=xi" if slow else "/v1/topics/taiwan"
                answer = http.get(target)
                if answer.status_code != 200:
                    wrong.append((target, answer.status_code))

    with serving(postgres_seed, pool_size=2) as server:
        threads = [Thread(target=read, args=(server.url, number)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
