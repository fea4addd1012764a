"""What the figures are held against: how quick this should be, beside what in the same run.

A goal belongs to a row of a stage by its name, so that a row that is called otherwise is held
against nothing; `tests/test_benchmarks.py` sees to it that no goal is without a row.
"""

from dataclasses import dataclass
from typing import Literal

ANY = "any"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class Goal:
    """A figure that is to be reached (`≥`), or not to be passed (`≤`)."""

    sign: Literal["≥", "≤"]
    figure: float
    unit: str

    def __str__(self) -> str:
        return f"{self.sign} {self.figure:,g} {self.unit}".strip()

    def is_met(self, figure: float) -> bool:
        return figure >= self.figure if self.sign == "≥" else figure <= self.figure


def at_least(figure: float, unit: str = "") -> Goal:
    return Goal("≥", figure, unit)


def at_most(figure: float, unit: str = "") -> Goal:
    return Goal("≤", figure, unit)


OF_BARE = "of bare"
TIMES = "×"

GOALS: dict[tuple[str, str, str], Goal] = {
    ("reads", "list, varied filters", SQLITE): at_least(0.25, OF_BARE),
    ("reads", "list, varied filters", POSTGRESQL): at_least(0.12, OF_BARE),
    ("reads", "detail, varied ids", SQLITE): at_least(0.55, OF_BARE),
    ("reads", "detail, varied ids", POSTGRESQL): at_least(0.30, OF_BARE),
    ("reads", "repeated list, cached", SQLITE): at_least(0.60, OF_BARE),
    ("reads", "304 on a list", SQLITE): at_least(0.80, OF_BARE),
    ("reads", "304 on a list", POSTGRESQL): at_least(0.40, OF_BARE),
    ("reads", "list against the usual way", SQLITE): at_least(50, TIMES),
    ("reads", "list against the usual way", POSTGRESQL): at_least(30, TIMES),
    ("reads", "list against Datasette", SQLITE): at_least(10, TIMES),
    ("reads", "list against our JSON built at request time", SQLITE): at_least(3, TIMES),
    ("reads", "list against Django REST framework", SQLITE): at_least(80, TIMES),
    ("reads", "p99 of the list, varied filters", SQLITE): at_most(6, "ms"),
    ("reads", "p99 of the list, varied filters", POSTGRESQL): at_most(12, "ms"),
    ("pages", "the far page against page 1", SQLITE): at_most(1.2, TIMES),
    ("pages", "the far page against page 1", POSTGRESQL): at_most(1.2, TIMES),
    ("filters", "slowest median", SQLITE): at_most(10, "ms"),
    ("filters", "slowest median", POSTGRESQL): at_most(15, "ms"),
    ("search", "a rare word", SQLITE): at_most(5, "ms"),
    ("search", "a rare word", POSTGRESQL): at_most(10, "ms"),
    ("search", "a common word", SQLITE): at_most(25, "ms"),
    ("search", "a common word", POSTGRESQL): at_most(40, "ms"),
    ("front", "all layers, access log off", ANY): at_most(5, "µs"),
    ("mixed", "p99 of the hot reads", SQLITE): at_most(25, "ms"),
    ("mixed", "p99 of the hot reads", POSTGRESQL): at_most(25, "ms"),
    ("bulk", "validated import", SQLITE): at_least(40_000, "rows/s"),
    ("bulk", "validated import", POSTGRESQL): at_least(20_000, "rows/s"),
    ("export", "documents exported", SQLITE): at_least(150_000, "documents/s"),
    ("export", "documents exported", POSTGRESQL): at_least(40_000, "documents/s"),
    ("export", "memory of the exporting process", SQLITE): at_most(150, "MB"),
    ("export", "memory of the exporting process", POSTGRESQL): at_most(150, "MB"),
    ("rename", "renaming an official", SQLITE): at_most(3, "s"),
    ("rename", "renaming an official", POSTGRESQL): at_most(5, "s"),
    ("memory", "worker under load, without page cache", SQLITE): at_most(150, "MiB"),
    ("memory", "worker under load, without page cache", POSTGRESQL): at_most(120, "MiB"),
    ("startup", "first answer of `chancery serve`", SQLITE): at_most(1, "s"),
}


def goal_of(stage: str, name: str, engine: str) -> Goal | None:
    return GOALS.get((stage, name, engine))
