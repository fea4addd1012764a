"""What is remembered of how many records a filter selects."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from app.database.reading import Compiled
from app.database.sqlite_reading import SqliteReader
from app.lane.leads import Leads
from app.lane.statements import Statements
from app.queries.resources import RESOURCES
from app.schemas.parsing import parse_query


class Compiling:
    dialect = SqliteReader.dialect
    compile = SqliteReader.compile


def test_figures_are_remembered_and_not_the_names_that_were_asked_for() -> None:
    meetings, leads, asked = RESOURCES["meetings"], Leads(), []
    statements = Statements(Compiling())  # type: ignore[arg-type]

    async def fetch(_: Compiled, values: Sequence[Any]) -> list[Any]:
        asked.append(values)
        return [(7,)]

    async def choose(number: int) -> None:
        topics = ",".join(f"topic-{number}-{each}" for each in range(200))
        filters = parse_query(f"topic={topics}".encode(), meetings.filters)
        await leads.choose(fetch, meetings, filters, statements.choices(meetings, filters))

    for number in (1, 2, 1, 2, 3):
        asyncio.run(choose(number))
    assert len(asked) == 3
    assert sum(map(sys.getsizeof, leads.remembered)) < 200
