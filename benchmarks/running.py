"""Contenders take turns under the same load; what is told is the median of the rounds."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import click

from benchmarks.load import CONNECTIONS, Load, python_load
from benchmarks.servers import Server

LEAST_ANSWERS = 2 * CONNECTIONS
MOST_SECONDS, MOST_TIMES = 4, 4
"""A spell is made longer for a slow contender up to so much, or to so many times the others'."""

WAKING_SECONDS = 1.0


@dataclass(frozen=True)
class Contender:
    """Something that answers: where, to which requests, and what it does when it is asked."""

    name: str
    server: Server
    paths: Sequence[str]
    headers: Sequence[str] = ()
    does: str = ""


@dataclass(frozen=True)
class Measured:
    """The medians of a contender's rounds."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_microseconds: float
    memory_mib: float

    @property
    def beside(self) -> dict[str, float]:
        """What stands beside the figure that a row is about."""
        return {
            "requests/s": self.rate,
            "p50 ms": self.p50_ms,
            "p99 ms": self.p99_ms,
            "cpu µs": self.cpu_microseconds,
            "memory MiB": self.memory_mib,
        }


def one_round(each: Contender, load: Load, seconds: float) -> Measured:
    """What one spell of load got, after a moment that does not count.

    While others had their turn, a contender's memory has left every cache there is, and on a
    virtual machine may have left the machine: its first answers then take a hundred times as long.
    """
    waking = min(WAKING_SECONDS, seconds / 2)
    python_load(each.server.port, each.paths, each.headers, waking)
    each.server.wait_until_idle()
    before = each.server.cpu_seconds()
    got = load(each.server.port, each.paths, each.headers, seconds)
    spent = each.server.cpu_seconds() - before
    each.server.wait_until_idle()
    return Measured(
        got.rate, got.p50_ms, got.p99_ms, spent * 1e6 / got.answers, each.server.memory_mib()
    )


def long_enough(each: Contender, load: Load, seconds: float) -> float | None:
    """How long a spell has to be that a contender answers enough in it to tell anything; None
    where that is too long for this run. What is asked for to find out warms it up as well.
    """
    most = max(MOST_SECONDS, MOST_TIMES * seconds)
    while seconds <= most:
        got = load(each.server.port, each.paths, each.headers, seconds)
        each.server.wait_until_idle()
        if got.answers >= LEAST_ANSWERS:
            return seconds
        seconds *= 2
    click.echo(
        f"{each.name}: fewer than {LEAST_ANSWERS} answers in {most:.0f} s; left out", err=True
    )
    return None


def measure(
    contenders: Sequence[Contender], load: Load, *, rounds: int, seconds: float
) -> dict[str, Measured]:
    """Each contender's medians. A slow one is asked for longer than the others, and one that is
    too slow is left out.
    """
    spells = {each.name: long_enough(each, load, seconds) for each in contenders}
    found: dict[str, list[Measured]] = {}
    for _ in range(rounds):
        for each in contenders:
            if (spell := spells[each.name]) is not None:
                found.setdefault(each.name, []).append(one_round(each, load, spell))
    return {name: medians(some) for name, some in found.items()}


def medians(some: Sequence[Measured]) -> Measured:
    return Measured(
        statistics.median(each.rate for each in some),
        statistics.median(each.p50_ms for each in some),
        statistics.median(each.p99_ms for each in some),
        statistics.median(each.cpu_microseconds for each in some),
        statistics.median(each.memory_mib for each in some),
    )
