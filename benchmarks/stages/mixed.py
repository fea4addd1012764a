"""What a mixed load does to the hot reads: searches, counts and timelines among them, while the
whole record is exported. What the server refuses for want of time is told apart.

Nineteen hot reads for each of the others, on as many connections as ever, each of which asks
again as soon as it is answered. The client is Python's, on the core of the load.
"""

import asyncio
import os
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from benchmarks.asking import p99
from benchmarks.contenders.peers import detail, page
from benchmarks.exporting import EXPORTS
from benchmarks.load import CONNECTIONS, Asking, Unavailable
from benchmarks.machine import LOAD_CORE
from benchmarks.questions import questions, slugs
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, Server, chancery
from benchmarks.words import words

SEED = 20230619
OTHERS_IN = 20
"""One of so many requests is no hot read."""
HOT, OTHER, REFUSED = "hot", "other", "refused"
SECONDS_FOR_EACH_TURN = 4


def others(url: str) -> list[str]:
    """What is computed at request time."""
    common, rare = words(url)
    places = [each.value for each in questions(url) if each.place == "country"]
    one, other = list(dict.fromkeys(places))[:2]
    return [
        f"/v1/search?q={rare}",
        f"/v1/search?q={common}",
        "/v1/stats/meetings?by=year",
        f"/v1/stats/meetings?by=party&country={one}",
        f"/v1/relations/{one}/{other}",
        f"/v1/relations/{one}/{other}?sort=-date&type=meeting",
    ]


async def connection(
    port: int, asked: Mapping[str, Sequence[str]], until: float, number: int
) -> list[tuple[str, float]]:
    """What each request on one connection was, and the seconds that it took."""
    chance = random.Random(SEED + number)
    asking = await Asking.open(port)
    loop = asyncio.get_running_loop()
    taken = []
    while loop.time() < until:
        kind = OTHER if chance.randrange(OTHERS_IN) == 0 else HOT
        path = chance.choice(asked[kind])
        began = loop.time()
        try:
            await asking.ask(path)
        except Unavailable:
            if kind == HOT:
                raise
            kind = REFUSED
        taken.append((kind, loop.time() - began))
    await asking.close()
    return taken


async def keep_exporting(port: int, path: str) -> None:
    """Read one export after the other, until this is cancelled."""
    while True:
        asking = await Asking.open(port)
        try:
            await asking.ask(path)
        finally:
            await asking.close()


async def spell(
    port: int, asked: Mapping[str, Sequence[str]], seconds: float, export: str | None
) -> list[tuple[str, float]]:
    exporting = None if export is None else asyncio.create_task(keep_exporting(port, export))
    until = asyncio.get_running_loop().time() + seconds
    taken = await asyncio.gather(
        *(connection(port, asked, until, number) for number in range(CONNECTIONS))
    )
    if exporting is not None:
        exporting.cancel()
        with suppress(asyncio.CancelledError):
            await exporting
    return [each for some in taken for each in some]


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.searched)
    hot = [page(each) for each in questions(url)] + [detail(slug) for slug in slugs(url)[:200]]
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > LOAD_CORE:
        before = os.sched_getaffinity(0)
    else:
        before = None
    with chancery(url, **UNCACHED) as server:
        export = next((path for path in EXPORTS if server.answers(path)), None)
        asked = {HOT: hot, OTHER: [path for path in others(url) if server.answers(path)]}
        if before is not None:
            os.sched_setaffinity(0, {LOAD_CORE})
        try:
            yield from spells(run, server, asked, export)
        finally:
            if before is not None:
                os.sched_setaffinity(0, before)


def spells(
    run: Run, server: Server, asked: Mapping[str, Sequence[str]], export: str | None
) -> Iterator[Row]:
    """Rounds of hot reads alone and of all together, in turn."""
    seconds = SECONDS_FOR_EACH_TURN * run.sizes.seconds
    alone: list[dict[str, float]] = []
    mixed: list[dict[str, float]] = []
    for _ in range(run.sizes.rounds):
        only = {HOT: asked[HOT], OTHER: asked[HOT]}
        alone.append(figures(asyncio.run(spell(server.port, only, seconds, None)), seconds))
        mixed.append(figures(asyncio.run(spell(server.port, asked, seconds, export)), seconds))
    kinds = "searches, counts, timelines" if len(asked[OTHER]) > 4 else "counts, timelines"
    does = f"5 % {kinds}; " + (f"{export} running" if export else "no export: there is none yet")
    for name, some, said in (
        ("p99 of the hot reads, alone", alone, "nothing else asked"),
        ("p99 of the hot reads", mixed, does),
    ):
        middle = {key: statistics.median(each[key] for each in some) for key in some[0]}
        figure = middle.pop("p99 ms")
        yield row("mixed", name, run.engine, figure, "ms", does=said, beside=middle)


def figures(taken: list[tuple[str, float]], seconds: float) -> dict[str, float]:
    hot = [figure * 1000 for kind, figure in taken if kind == HOT]
    other = [figure * 1000 for kind, figure in taken if kind == OTHER]
    refused = sum(1 for kind, _ in taken if kind == REFUSED)
    return {
        "p99 ms": p99(hot),
        "p50 ms": statistics.median(hot),
        "requests/s": len(taken) / seconds,
        "p50 of the others ms": statistics.median(other),
        "p99 of the others ms": p99(other),
        "others refused %": 100 * refused / (len(other) + refused),
    }


STAGE = Stage(
    "mixed",
    "Hot reads, one in twenty requests something slower, and an export all the while",
    ("sqlite", "postgresql"),
    measure,
)
