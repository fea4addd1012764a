"""Contenders take turns under the same load; what is told is the median of the rounds."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load import CONNECTIONS, Load
from benchmarks.servers import Server

LEAST_ANSWERS = 2 * CONNECTIONS
MOST_SECONDS = 30


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
    """What one spell of load got; a longer one, where too few were answered to tell anything."""
    before = each.server.cpu_seconds()
    got = load(each.server.port, each.paths, each.headers, seconds)
    spent = each.server.cpu_seconds() - before
    each.server.wait_until_idle()
    if got.answers < LEAST_ANSWERS:
        if seconds > MOST_SECONDS:
            message = f"{each.name} answered {got.answers} requests in {seconds:.0f} seconds"
            raise RuntimeError(message)
        return one_round(each, load, 2 * seconds)
    return Measured(
        got.rate, got.p50_ms, got.p99_ms, spent * 1e6 / got.answers, each.server.memory_mib()
    )


def measure(
    contenders: Sequence[Contender], load: Load, *, rounds: int, seconds: float
) -> dict[str, Measured]:
    """Each contender's medians, after a first short spell that only warms up."""
    for each in contenders:
        load(each.server.port, each.paths, each.headers, min(1.0, seconds))
        each.server.wait_until_idle()
    found: dict[str, list[Measured]] = {each.name: [] for each in contenders}
    for _ in range(rounds):
        for each in contenders:
            found[each.name].append(one_round(each, load, seconds))
    return {name: medians(some) for name, some in found.items()}


def medians(some: Sequence[Measured]) -> Measured:
    return Measured(
        statistics.median(each.rate for each in some),
        statistics.median(each.p50_ms for each in some),
        statistics.median(each.p99_ms for each in some),
        statistics.median(each.cpu_microseconds for each in some),
        statistics.median(each.memory_mib for each in some),
    )
