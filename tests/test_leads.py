"""Which of its filters leads a page, and what is remembered of how much each of them selects."""

import asyncio
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.database.reading import Compiled, make_reader
from app.database.sqlite_reading import SqliteReader
from app.lane import leads
from app.lane.lane import Lane
from app.lane.leads import Leads
from app.lane.statements import Statements
from app.queries.leading import GATHER, ORDER, RANGES
from app.queries.resources import RESOURCES
from app.schemas.parsing import parse_query


class Compiling:
    dialect = SqliteReader.dialect
    compile = SqliteReader.compile


def test_figures_are_remembered_and_not_the_names_that_were_asked_for() -> None:
    meetings, chooser, asked = RESOURCES["meetings"], Leads(), []
    statements = Statements(Compiling())  # type: ignore[arg-type]

    async def fetch(_: Compiled, values: Sequence[Any]) -> list[Any]:
        asked.append(values)
        return [(7,)]

    async def choose(number: int) -> None:
        topics = ",".join(f"topic-{number}-{each}" for each in range(200))
        filters = parse_query(f"topic={topics}".encode(), meetings.filters)
        await chooser.choose(fetch, meetings, filters, statements.choices(meetings, filters))

    for number in (1, 2, 1, 2, 3):
        asyncio.run(choose(number))
    assert len(asked) == 3
    assert sum(map(sys.getsizeof, chooser.remembered)) < 200


@pytest.mark.parametrize(
    ("query", "sizes", "led"),
    [
        ("q=treaty", [40], (GATHER, 0)),
        ("q=that", [4_001], (ORDER, 0)),
        ("q=that&country=CN", [4_001, 30], (RANGES, 1)),
        ("q=treaty&country=CN", [40, 20_000], (GATHER, 0)),
        ("q=that&country=CN", [4_001, 20_000], (RANGES, 1)),
        ("q=that&topic=trade&sort=title", [4_001, 20_000], (ORDER, 0)),
    ],
)
def test_rare_words_are_gathered_and_common_ones_asked_for_along_the_way(
    query: str, sizes: list[int], led: tuple[str, int]
) -> None:
    meetings, left = RESOURCES["meetings"], iter(sizes)
    statements = Statements(Compiling())  # type: ignore[arg-type]

    async def fetch(_statement: Compiled, _values: Sequence[Any]) -> list[Any]:
        return [(next(left),)]

    filters = parse_query(query.encode(), meetings.filters)
    found = statements.choices(meetings, filters)
    assert asyncio.run(Leads().choose(fetch, meetings, filters, found)) == led


SOUGHT = (
    "/v1/meetings?q=xi",
    "/v1/meetings?q=xi&sort=-date",
    "/v1/meetings?q=beijing&date_from=2023-06-18&date_to=2023-06-19",
    "/v1/meetings?q=beijing&country=CN&sort=title",
    "/v1/meetings?q=nothing-of-the-kind",
    "/v1/statements?q=taiwan",
    "/v1/statements?q=us&limit=3",
    "/v1/officials?q=习近平",
    "/v1/officials?q=wang&as_of=2023-06-18",
    "/v1/commitments?q=taiwan&sort=-updated_at",
    "/v1/sources?q=readout",
    "/v1/positions?q=minister",
)


def test_however_words_are_looked_for_the_same_is_found(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "chancery.db")

    async def bodies() -> tuple[list[bytes], str]:
        reader = make_reader(f"sqlite:///{path}", timeout_seconds=60, pool_size=1)
        said: list[str] = []
        reader.watchers.append(said.append)
        lane, found = Lane(reader), []
        for target in SOUGHT:
            address, _, query = target.partition("?")
            answer = await lane(
                {"path": address, "query_string": query.encode(), "headers": [], "state": {}}
            )
            assert answer is not None
            assert answer.status == 200, target
            found.append(answer.body)
        await reader.close()
        return found, "\n".join(said)

    gathered, by_gathering = asyncio.run(bodies())
    monkeypatch.setattr(leads, "MOST_GATHERED", -1)
    walked, by_walking = asyncio.run(bodies())
    assert sum(b'"items":[]' in body for body in gathered) == 1
    assert walked == gathered
    assert "EXISTS (SELECT search_entries" in by_walking
    assert "EXISTS (SELECT search_entries" not in by_gathering
