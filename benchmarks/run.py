"""What a stage is, and what it is given: databases, sizes, how often and how long it asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.databases import Store
from benchmarks.load import Load
from benchmarks.rows import Row


@dataclass(frozen=True)
class Sizes:
    """How much of everything. A run in short form has little of it."""

    meetings: int
    """In the database of the table of reads."""
    many: int
    """In the database of pages and filters."""
    searched: int
    """In that of searches, mixed load, exports and memory."""
    imported: int
    """Meetings of the validated import."""
    renamed: int
    """Documents that carry the name which is changed."""
    pairs: int
    """Meetings of two parties."""
    rounds: int
    """Turns of each contender."""
    seconds: float
    """Of each turn."""
    requests: int
    """How often an address is asked that is timed alone."""
    compared: int
    """Kinds of reads that are asked of everyone: lists, or lists and single records."""


SHORT = Sizes(
    meetings=3_000,
    many=3_000,
    searched=3_000,
    imported=1_000,
    renamed=300,
    pairs=3_000,
    rounds=5,
    seconds=1.0,
    requests=30,
    compared=1,
)
FULL = Sizes(
    meetings=100_000,
    many=1_000_000,
    searched=1_000_000,
    imported=100_000,
    renamed=10_000,
    pairs=100_000,
    rounds=9,
    seconds=5.0,
    requests=200,
    compared=2,
)


@dataclass(frozen=True)
class Run:
    """One engine's turn."""

    store: Store
    load: Load
    sizes: Sizes
    without: frozenset[str] = frozenset()
    """Contenders that are left out."""

    @property
    def engine(self) -> str:
        return self.store.engine


@dataclass(frozen=True)
class Stage:
    """Something that is measured, on the engines named."""

    name: str
    about: str
    engines: tuple[str, ...]
    measure: Callable[[Run], Iterable[Row]]
