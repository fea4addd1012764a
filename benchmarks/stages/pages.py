"""A page far down a list against its first one, by a cursor that was made from a known key."""

import statistics
from collections.abc import Iterator

from sqlalchemy import select

from app.lane.questions import normalised
from app.models import Meeting
from app.paging import encode_cursor
from app.queries.base import PRESENTATION
from app.schemas.meetings import MeetingFilters
from app.schemas.parsing import parse_query
from benchmarks.asking import Client, in_turn, p99
from benchmarks.contenders.peers import LIMIT
from benchmarks.databases import SPREAD, opened
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, chancery

FAR = 40_000
WHOLE = f"/v1/meetings?limit={LIMIT}"


def address(url: str, page: int) -> str:
    """Where the page of that number is, counted from 1."""
    if page == 1:
        return WHOLE
    last = (
        select(Meeting.date_ascends, Meeting.id)
        .where(Meeting.deleted_seq.is_(None))
        .order_by(Meeting.date_ascends, Meeting.id)
        .offset((page - 1) * LIMIT - 1)
        .limit(1)
    )
    with opened(url) as engine, engine.connect() as connection:
        day, record_id = connection.execute(last).one()
    filters = parse_query(f"limit={LIMIT}".encode(), MeetingFilters)
    query = normalised("meetings", filters, PRESENTATION) + filters.sort.encode()
    return f"{WHOLE}&cursor={encode_cursor((day, record_id), query)}"


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.many, SPREAD)
    far = min(FAR, run.sizes.many // LIMIT - 1)
    with chancery(url, **UNCACHED) as server:
        client = Client(server.port)
        given = f"{WHOLE}&cursor={client.read(WHOLE)['next_cursor']}"
        second = address(url, 2)
        if given != second:
            message = f"Page 2 is at {given}, and not at {second}"
            raise RuntimeError(message)
        paths = {"page 1": WHOLE, "page 2": second, f"page {far:,}": address(url, far)}
        taken = in_turn(client, paths, run.sizes.requests)
    medians = {name: statistics.median(figures) for name, figures in taken.items()}
    for name, figure in medians.items():
        yield row("pages", name, run.engine, figure, "ms", beside={"p99 ms": p99(taken[name])})
    ratio = medians[f"page {far:,}"] / medians["page 1"]
    yield row("pages", "the far page against page 1", run.engine, ratio, "×")


STAGE = Stage(
    "pages",
    "Pages of the whole list of meetings, one request after the other",
    ("sqlite", "postgresql"),
    measure,
)
