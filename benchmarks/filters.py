"""Every filter of every list, and the pairs that users may well ask for, at a million meetings.

The values are those of `benchmarks.spread`: for each filter one that much has, one that hardly
anything has, and where it can be one that nothing has. Both directions of the day are asked for,
because an index serves one of them of itself.

    python -m benchmarks.filters URL [ROUNDS]
"""

import asyncio
import math
import statistics
import sys
import time
from collections.abc import Iterator

from app.database.reading import make_reader
from app.errors import QueryTooSlow
from app.lane.lane import Lane

PATIENCE_SECONDS = 5
"""The default of `CHANCERY_READ_TIMEOUT_SECONDS`."""

BUSY, BUSY_TOO, USUAL, RARE = "person-0", "person-1", "person-200", "person-19000"
NOBODY = "nobody-at-all"
NEWEST = "sort=-date"

FILTERS: dict[str, tuple[str, ...]] = {
    "meetings": (
        "",
        *(f"participant={each}" for each in (BUSY, USUAL, RARE, NOBODY)),
        *(f"party={each}" for each in ("Q000", "Q150", "ZZZ")),
        *(f"country={each}" for each in ("Q000", "Q199", "Q000,Q199", "ZZZ")),
        *(f"city=City+{each}" for each in (0, 1900, 9999)),
        *(f"format={each}" for each in ("bilateral", "press_event", "summit,signing,audience")),
        *(f"status={each}" for each in ("held", "denied", "proposed,denied")),
        *(f"topic={each}" for each in ("topic-0", "topic-59", "topic-0,topic-59", "none")),
        "visit=visit-77",
        "part_of=meeting-77",
        *(f"source=source-{each}" for each in (0, 49_000)),
        *(f"has_conflicts={each}" for each in ("true", "false")),
        *(f"dataset={each}" for each in ("most", "rare", "none")),
        "date_from=2000",
        "date_to=1960",
        "date_from=2023-06",
        "date_from=1990-06&date_to=1990-06",
        "date_from=1990-06-05&date_to=1990-06-05",
        "updated_since=2020-02-01T00:00:00Z",
        "updated_since=2023-03-26T00:00:00Z",
        "updated_since=2099-01-01T00:00:00Z",
        "id=00000006-0000-7000-8000-000000000005,00000006-0000-7000-8000-000000000055",
    ),
    "visits": (
        "",
        *(f"visitor={each}" for each in (BUSY, USUAL, RARE)),
        *(f"visitor_party={each}" for each in ("Q000", "Q150")),
        *(f"visitor_level={each}" for each in ("head_of_state", "other")),
        *(f"host={each}" for each in ("Q000", "Q199")),
        *(f"kind={each}" for each in ("state", "conference")),
        *(f"status={each}" for each in ("held", "denied")),
        *(f"place={each}" for each in ("City+0", "City+1900", "Hall+5", "Q000", "Q199", "none")),
        *(f"dataset={each}" for each in ("most", "rare")),
        "date_from=1990-06&date_to=1990-06",
        "updated_since=2023-03-26T00:00:00Z",
    ),
    "statements": (
        "",
        *(f"speaker={each}" for each in (BUSY, USUAL, RARE, "Q000", "ZZZ")),
        *(f"addressee={each}" for each in (BUSY, USUAL, RARE, "Q000", "Q150")),
        *(f"on_behalf_of={each}" for each in (BUSY, "Q000")),
        *(f"party={each}" for each in ("Q000", "Q150", "Q000,Q150")),
        *(f"topic={each}" for each in ("topic-0", "topic-59")),
        "meeting=meeting-77",
        "visit=visit-77",
        *(f"wording={each}" for each in ("verbatim", "reported")),
        *(f"speech_act={each}" for each in ("state_position", "characterise", "warn,invite")),
        *(f"language={each}" for each in ("en", "mn", "xx")),
        *(f"source=source-{each}" for each in (0, 49_000)),
        *(f"perspective={each}" for each in ("Q000", "press", "Q190", "ZZZ")),
        "utterance=00000006-0000-7000-8000-000000000005",
        "date_from=1990-06&date_to=1990-06",
        "updated_since=2023-03-26T00:00:00Z",
    ),
    "commitments": (
        "",
        *(f"by={each}" for each in (BUSY, RARE, "Q000", "Q150")),
        *(f"to={each}" for each in (BUSY, RARE, "Q000", "Q150")),
        *(f"topic={each}" for each in ("topic-0", "topic-59")),
        *(f"kind={each}" for each in ("action", "position")),
        *(f"latest_event={each}" for each in ("made", "withdrawn")),
        "made_in=meeting-40",
        *(f"event={each}" for each in ("made", "withdrawn", "expired,withdrawn")),
        "event_in=meeting-40",
        "event_from=2000",
        "event_to=1960",
        "event_from=1990-06&event_to=1990-06",
        "event=withdrawn&event_from=1990-06&event_to=1991",
        *(f"verdict={each}" for each in ("not_yet_rated", "not_fulfilled")),
        *(f"assessor=Assessor+{each}" for each in (0, 190)),
        "verdict=not_yet_rated&assessor=Assessor+0",
        *(f"source=source-{each}" for each in (0, 49_000)),
        *(f"perspective={each}" for each in ("Q000", "Q190", "ZZZ")),
        "date_from=1990-06&date_to=1990-06",
        "updated_since=2023-03-26T00:00:00Z",
    ),
    "officials": (
        "",
        *(f"party={each}" for each in ("Q000", "Q150", "ZZZ")),
        *(f"level={each}" for each in ("head_of_state", "other")),
        *(f"in_office_on={each}" for each in ("1990-06-05", "1900-01-01")),
        "party=Q150&level=head_of_state&in_office_on=1990-06-05",
        "identifier=wikidata:Q1",
        "updated_since=2023-03-26T00:00:00Z",
    ),
    "positions": (
        "",
        *(f"official={each}" for each in (BUSY, RARE)),
        *(f"party={each}" for each in ("Q000", "Q150")),
        *(f"level={each}" for each in ("head_of_state", "other")),
        *(f"title=office+{each}" for each in (0, 2900)),
        *(f"as_of={each}" for each in ("1990-06-05", "1900-01-01")),
        "updated_since=2023-03-26T00:00:00Z",
    ),
    "sources": (
        "",
        *(f"kind={each}" for each in ("readout", "archive")),
        *(f"perspective={each}" for each in ("Q000", "press", "Q190")),
        *(f"publisher=Publisher+{each}" for each in (0, 2900)),
        *(f"language={each}" for each in ("en", "mn")),
        "date_from=1990-06&date_to=1990-06",
        "updated_since=2023-03-26T00:00:00Z",
    ),
    "parties": ("", "kind=state", "existing_on=1990-06-05"),
    "topics": ("",),
}
"""The queries by list; each by itself."""

PAIRS: dict[str, tuple[str, ...]] = {
    "meetings": (
        f"participant={BUSY}&participant={BUSY_TOO}",
        f"participant={BUSY}&participant={RARE}",
        f"participant={BUSY}&party=Q001",
        f"participant={BUSY}&topic=topic-0",
        f"participant={BUSY}&topic=topic-59",
        f"participant={USUAL}&country=Q000",
        f"participant={USUAL}&date_from=1990&date_to=1995",
        f"participant={BUSY}&date_from=1990-06&date_to=1990-06",
        f"participant={BUSY}&format=press_event",
        "party=Q000&party=Q001",
        "party=Q000&party=Q150",
        "party=Q000&topic=topic-59",
        "party=Q000&country=Q199",
        "party=Q000&date_from=1990&date_to=1995",
        "country=Q000&date_from=1990-06&date_to=1990-06",
        "country=Q199&format=press_event",
        "country=Q199&topic=topic-0",
        "topic=topic-59&status=denied",
        "topic=topic-0&date_from=1990&date_to=1990",
        "status=denied&format=press_event",
    ),
    "statements": (
        f"speaker={BUSY}&topic=topic-0",
        f"speaker={BUSY}&topic=topic-59",
        f"speaker={BUSY}&addressee={BUSY_TOO}",
        f"speaker={USUAL}&date_from=1990&date_to=1995",
        "party=Q000&topic=topic-59",
        "party=Q000&speech_act=characterise",
        "language=mn&topic=topic-59",
        "perspective=Q190&topic=topic-0",
    ),
    "visits": (
        f"visitor={BUSY}&host=Q000",
        "visitor_party=Q000&host=Q001",
        "visitor_party=Q000&host=Q199",
        "host=Q000&date_from=1990&date_to=1995",
        "visitor_party=Q001&visitor_level=head_of_state",
    ),
    "commitments": (
        "by=Q000&to=Q001",
        "by=Q000&topic=topic-59",
        "by=Q000&latest_event=withdrawn",
        "topic=topic-0&verdict=not_fulfilled",
    ),
}
"""What is likely to be asked for together."""

SORTS: tuple[str, ...] = (
    "meetings?sort=-date",
    "meetings?sort=title",
    "meetings?sort=-updated_at",
    "meetings?country=Q000&sort=title",
    "meetings?country=Q199&sort=title",
    "meetings?country=Q199&sort=-updated_at",
    f"meetings?participant={BUSY}&sort=-updated_at",
    f"meetings?participant={USUAL}&sort=-updated_at",
    f"meetings?participant={RARE}&sort=title",
    "meetings?dataset=most&sort=updated_at&updated_since=2023-03-26T00:00:00Z",
    "meetings?date_from=1990-06&date_to=1990-06&sort=-updated_at",
    "meetings?visit=visit-77&sort=sequence",
    "statements?topic=topic-59&sort=-updated_at",
    "officials?sort=-name",
    "positions?sort=-start",
    "sources?kind=archive&sort=updated_at",
)
"""Other orders than that of the day."""


def queries() -> Iterator[str]:
    """Everything that is measured, each once, those by day in both directions."""
    for groups in (FILTERS, PAIRS):
        for name, several in groups.items():
            for query in several:
                yield f"{name}?{query}"
                if query and name not in ("officials", "positions", "parties", "topics"):
                    yield f"{name}?{query}&{NEWEST}"
    yield from SORTS


QUERIES: dict[str, str] = {query: f"/v1/{query}" for query in queries()}
"""What the bench asks for, each under its own words."""


async def measure(url: str, rounds: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of each query, the first time and as a median of the rounds after it; without
    end where it takes longer than a read may take.
    """
    reader = make_reader(url, timeout_seconds=PATIENCE_SECONDS, pool_size=2)
    lane = Lane(reader)
    found: dict[str, list[float]] = {query: [] for query in queries()}
    # What others do on this machine does not count where all the work is done in this process.
    clock = time.process_time if url.startswith("sqlite") else time.perf_counter
    try:
        for _ in range(rounds + 1):
            for query, times in found.items():
                path, _, asked = query.partition("?")
                scope = {"path": f"/v1/{path}", "query_string": asked.encode(), "headers": []}
                began = clock()
                try:
                    answer = await lane(scope)
                except QueryTooSlow:
                    times.append(math.inf)
                    continue
                if answer is None or answer.status != 200:
                    raise RuntimeError(query)
                times.append((clock() - began) * 1000)
    finally:
        await reader.close()
    return {query: (times[0], statistics.median(times[1:])) for query, times in found.items()}


def main() -> None:
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    found = asyncio.run(measure(sys.argv[1], rounds))
    for query, (first, median) in sorted(found.items(), key=lambda each: -each[1][1]):
        print(f"{median:9.2f} {first:9.2f}  {query}")


if __name__ == "__main__":
    main()
