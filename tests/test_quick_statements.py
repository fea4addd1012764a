"""Quick statements on PostgreSQL: sent together past psycopg's cursors, and told apart again."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.database.postgres_connection import MOST_PREPARED
from app.database.postgres_reading import PostgresReader
from app.database.reader import Compiled
from app.errors import DatabaseUnavailable, QueryTooSlow

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("own_database", ["postgresql"], indirect=True),
]

DOUBLED = "SELECT %s::int * 2"


def running(
    url: str,
    work: Callable[[PostgresReader], Coroutine[Any, Any, Any]],
    *,
    pool_size: int = 1,
    seconds: float = 30,
) -> Any:
    async def run() -> Any:
        reader = PostgresReader(url, seconds, pool_size)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


async def ask(reader: PostgresReader, sql: str, *values: Any) -> list[Any]:
    return await reader.fetch(Compiled(sql, (), {}), values)


async def doubled(reader: PostgresReader, numbers: Sequence[int]) -> list[int]:
    rows = await asyncio.gather(*(ask(reader, DOUBLED, each) for each in numbers))
    return [row[0][0] for row in rows]


def administer(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


VALUES: tuple[tuple[str, Any], ...] = (
    ("text", "战狼 % and 'quotes'"),
    ("text", ""),
    ("text", None),
    ("int", 7),
    ("int", -(2**31)),
    ("bigint", 2**62),
    ("bool", True),
    ("float8", 0.1),
    ("date", date(2023, 6, 18)),
    ("timestamptz", datetime(2023, 6, 18, 23, 59, 59, 123, tzinfo=UTC)),
    ("uuid", "01a30000-0000-7000-8000-000000000001"),
    ("uuid", UUID("01a30000-0000-7000-8000-000000000001")),
    ("jsonb", '{"a": [1, null, "ü"]}'),
    ("bytea", b"\x00\xff"),
    ("text[]", ["a", "b,c", 'd"e', None]),
    ("int[]", [1, 2**15, 3]),
    ("int[]", [1]),
    ("text[]", []),
    ("uuid[]", ["01a30000-0000-7000-8000-000000000001"]),
    ("date[]", [date(2023, 6, 18)]),
)


def test_values_and_rows_are_those_of_a_cursor(own_database: str) -> None:
    """Also once the statement is prepared, and when values of another type come in between."""

    async def work(reader: PostgresReader) -> None:
        for _ in range(2):
            for kind, value in VALUES:
                statement = Compiled(f"SELECT %s::{kind}, '100 %%', %s::int", (), {})
                values = [value, None if value is None else 1]
                found = await reader.fetch(statement, values)
                async with reader.snapshot() as fetch:
                    expected = await fetch(statement, values)
                assert found == expected
                assert [*map(type, found)] == [*map(type, expected)]
                assert [*map(type, found[0])] == [*map(type, expected[0])]

    running(own_database, work)


def test_many_at_once_over_one_connection_get_each_their_own_answer(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[list[int]]:
        return [await doubled(reader, range(count)) for count in (1, 3, 40, 200)]

    found = running(own_database, work)
    assert found == [[2 * each for each in range(count)] for count in (1, 3, 40, 200)]


def test_statements_and_snapshots_take_turns_on_one_connection(own_database: str) -> None:
    async def snapshot(reader: PostgresReader, number: int) -> int:
        async with reader.snapshot() as fetch:
            rows = await fetch(Compiled(DOUBLED, (), {}), [number])
            return int(rows[0][0])

    async def work(reader: PostgresReader) -> list[int]:
        tasks: list[Any] = []
        for number in range(60):
            alone = number % 3 == 0
            tasks.append(snapshot(reader, number) if alone else doubled(reader, [number]))
        found = await asyncio.gather(*tasks)
        return [each[0] if isinstance(each, list) else each for each in found]

    assert running(own_database, work) == [2 * each for each in range(60)]


def test_what_fails_fails_alone(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[Any]:
        for _ in range(3):
            await ask(reader, "SELECT 12 / %s::int", 3)
        divided = [ask(reader, "SELECT 12 / %s::int", each) for each in (1, 2, 0, 3, 0, 4, 6)]
        wrong = [ask(reader, "SELECT nonsense"), ask(reader, DOUBLED, object())]
        found = await asyncio.gather(*divided, *wrong, return_exceptions=True)
        assert await doubled(reader, [1, 2]) == [2, 4]
        return [type(each) if isinstance(each, BaseException) else each[0][0] for each in found]

    zero = psycopg.errors.DivisionByZero
    wrong = [psycopg.errors.UndefinedColumn, psycopg.ProgrammingError]
    assert running(own_database, work) == [12, 6, zero, 4, zero, 3, 2, *wrong]


def test_a_statement_that_gives_no_rows_is_refused_and_the_next_one_answers(
    own_database: str,
) -> None:
    async def work(reader: PostgresReader) -> list[int]:
        with pytest.raises(psycopg.ProgrammingError, match="COMMAND_OK"):
            await ask(reader, "SET LOCAL jit = off")
        return await doubled(reader, [1, 2])

    assert running(own_database, work) == [2, 4]


def test_a_slow_statement_does_not_hold_up_those_that_came_with_it(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[int]:
        await doubled(reader, range(20))
        ended: list[int] = []

        async def one(number: int, sql: str) -> None:
            await ask(reader, sql, number)
            ended.append(number)

        slow = one(0, "SELECT pg_sleep(0.5), %s::int")
        await asyncio.gather(slow, *(one(number, DOUBLED) for number in range(1, 30)))
        return ended

    assert running(own_database, work, pool_size=2)[-1] == 0


@pytest.mark.parametrize("place", range(4))
def test_one_that_turns_out_slow_is_stopped_and_those_beside_it_answer_meanwhile(
    own_database: str, place: int
) -> None:
    async def work(reader: PostgresReader) -> list[Any]:
        sql = "SELECT pg_sleep(%s::float8)::text"
        for _ in range(2):
            await ask(reader, sql, 0.0)
        seconds = [30.0 if number == place else 0.0 for number in range(4)]
        found = await asyncio.gather(
            *(ask(reader, sql, each) for each in seconds), return_exceptions=True
        )
        assert await doubled(reader, range(9)) == [2 * each for each in range(9)]
        return found

    found = running(own_database, work, pool_size=5, seconds=1)
    assert isinstance(found.pop(place), QueryTooSlow)
    assert found == [[("",)]] * 3


def test_who_gives_up_leaves_no_answer_to_the_next(own_database: str) -> None:
    async def work(reader: PostgresReader) -> None:
        for turn in range(20):
            tasks = [asyncio.create_task(doubled(reader, [number])) for number in range(12)]
            for _ in range(turn % 5):
                await asyncio.sleep(0)
            for each in tasks[::3]:
                each.cancel()
            await asyncio.wait(tasks)
            for number, each in enumerate(tasks):
                assert each.cancelled() if number % 3 == 0 else each.result() == [2 * number]
            assert await doubled(reader, [1000]) == [2000]

    running(own_database, work)


def test_who_gives_up_a_slow_one_leaves_its_connection_to_others_in_the_end(
    own_database: str,
) -> None:
    async def work(reader: PostgresReader) -> list[int]:
        task = asyncio.create_task(ask(reader, "SELECT pg_sleep(30)"))
        await asyncio.wait([task], timeout=0.1)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        while True:
            try:
                return await doubled(reader, [1, 2])
            except DatabaseUnavailable:  # while nothing has stopped it yet
                continue

    assert running(own_database, work, seconds=0.5) == [2, 4]


def test_a_connection_keeps_no_more_statements_than_it_should(own_database: str) -> None:
    async def work(reader: PostgresReader) -> int:
        for _ in range(2):
            for number in range(MOST_PREPARED + 50):
                assert await ask(reader, f"SELECT %s::int + {number}", 1) == [(1 + number,)]
        rows = await ask(reader, "SELECT count(*) FROM pg_prepared_statements")
        return int(rows[0][0])

    assert running(own_database, work) <= MOST_PREPARED + 5


def test_a_table_that_has_changed_is_read_again_after_one_refusal(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[Any]:
        administer(own_database, "CREATE TABLE things AS SELECT 1 AS a")
        for _ in range(10):
            assert await ask(reader, "SELECT * FROM things") == [(1,)]
        administer(own_database, "ALTER TABLE things ADD COLUMN b int DEFAULT 2")
        with pytest.raises(DatabaseUnavailable):
            await ask(reader, "SELECT * FROM things")
        return await ask(reader, "SELECT * FROM things")

    assert running(own_database, work) == [(1, 2)]


def test_statements_that_the_server_has_forgotten_are_prepared_anew(own_database: str) -> None:
    """psycopg has it forget all that is prepared when a transaction is rolled back."""

    async def failing(reader: PostgresReader) -> None:
        async with reader.snapshot() as fetch:
            for number in range(10):
                await fetch(Compiled("SELECT %s::int * 3", (), {}), [number])
            raise LookupError

    async def work(reader: PostgresReader) -> list[list[int]]:
        found = []
        for _ in range(3):
            found.append(await doubled(reader, range(12)))
            with pytest.raises(LookupError):
                await failing(reader)
        rows = await ask(reader, "SELECT count(*) FROM pg_prepared_statements")
        assert rows == [(1,)]
        for number in range(MOST_PREPARED):
            await ask(reader, f"SELECT {number}")
        with pytest.raises(LookupError):
            await failing(reader)
        assert await ask(reader, "SELECT 'another'") == [("another",)]
        return found

    assert running(own_database, work) == [[2 * each for each in range(12)]] * 3


def test_notices_and_notifications_are_no_answers(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[int]:
        administer(
            own_database,
            "CREATE FUNCTION noisy() RETURNS int LANGUAGE plpgsql AS $$"
            " BEGIN RAISE WARNING 'noise'; PERFORM pg_notify('noise', 'more'); RETURN 1; END $$",
        )
        async with reader.connection() as connection:
            await connection.execute("LISTEN noise")
        for _ in range(5):
            assert await ask(reader, "SELECT noisy()") == [(1,)]
            administer(own_database, "SELECT noisy()")
            await asyncio.sleep(0.01)
        async with reader.connection() as connection:
            cursor = await connection.execute("SELECT 3")
            assert await cursor.fetchall() == [(3,)]
        return await doubled(reader, range(5))

    assert running(own_database, work) == [0, 2, 4, 6, 8]


def test_values_larger_than_what_a_socket_takes_arrive(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[list[int]]:
        many = [f"value number {number}" for number in range(300_000)]
        sql = "SELECT cardinality(%s::text[]), %s::text[]"
        found = await asyncio.gather(*(ask(reader, sql, many, many) for _ in range(3)))
        assert all(rows[0][1] == many for rows in found)
        return [[rows[0][0]] for rows in found]

    assert running(own_database, work) == [[300_000]] * 3


def test_a_server_process_that_ends_costs_one_answer_and_no_more(own_database: str) -> None:
    async def work(reader: PostgresReader) -> list[int]:
        ending = "SELECT pg_terminate_backend(pg_backend_pid()), %s::int"
        await doubled(reader, range(10))
        found = await asyncio.gather(
            ask(reader, ending, 1), doubled(reader, range(10)), return_exceptions=True
        )
        assert isinstance(found[0], DatabaseUnavailable)
        assert found[1] == [2 * each for each in range(10)]
        return await doubled(reader, [21])

    assert running(own_database, work) == [42]


def test_after_the_end_nobody_waits(own_database: str) -> None:
    async def work(reader: PostgresReader) -> None:
        assert await doubled(reader, [1]) == [2]
        await reader.close()
        with pytest.raises(DatabaseUnavailable):
            await doubled(reader, [1])

    running(own_database, work)


def test_what_takes_long_leaves_the_server_to_what_is_quick(own_database: str) -> None:
    async def work(reader: PostgresReader) -> tuple[list[str], int]:
        begun: list[str] = []
        two, over = asyncio.Event(), asyncio.Event()

        async def slow(name: str) -> None:
            async with reader.snapshot(slow=True) as fetch:
                await fetch(Compiled("SELECT 1", (), {}), [])
                begun.append(name)
                if len(begun) == 2:
                    two.set()
                await over.wait()

        three = [asyncio.create_task(slow(name)) for name in ("one", "two", "three")]
        await two.wait()
        (quick,) = await doubled(reader, [21])
        at_once = [*begun]
        over.set()
        await asyncio.gather(*three)
        assert begun == [*at_once, "three"]
        return at_once, quick

    assert running(own_database, work, pool_size=5) == (["one", "two"], 42)


def test_who_waits_in_vain_for_what_takes_long_is_told_so(own_database: str) -> None:
    async def work(reader: PostgresReader) -> None:
        async with reader.snapshot(slow=True), reader.snapshot(slow=True):
            with pytest.raises(DatabaseUnavailable):
                async with reader.snapshot(slow=True):
                    pass
            assert await doubled(reader, [1]) == [2]
            async with reader.snapshot(slow=True, brief=True) as fetch:
                assert await fetch(Compiled("SELECT 1", (), {}), []) == [(1,)]

    running(own_database, work, pool_size=5, seconds=0.3)
