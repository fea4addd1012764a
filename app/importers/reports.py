"""What is told of a load: how far it has come, and at the end what became of each record."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.vocabulary import RecordKind


class Outcome(StrEnum):
    """What became of a record that was handed to the loader."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    KEPT_WITHDRAWN = "kept though withdrawn"
    KEPT_DELETED = "kept deleted"
    KEPT_EDITED = "kept edited"
    LEFT_OUT = "left out"
    """It is new, and belongs to what an editor has deleted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report."""

    outcome: Outcome
    kind: RecordKind
    key: str
    origin: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or would do. Refusals are never in it: a refused batch does nothing."""

    dataset: str
    entries: tuple[Entry, ...]
    republished: int
    dry_run: bool

    @property
    def changed(self) -> tuple[Entry, ...]:
        """The records that do not simply read as before."""
        return tuple(each for each in self.entries if each.outcome is not Outcome.UNCHANGED)

    @property
    def counts(self) -> Mapping[str, int]:
        found = Counter(str(entry.outcome) for entry in self.entries)
        return {str(outcome): found[str(outcome)] for outcome in Outcome}


Tell = Callable[[int, int], None]


class Pace:
    """Tells how far a load has come: each record is loaded, and then published or passed over."""

    def __init__(self, tell: Tell = lambda _done, _total: None, total: int = 0) -> None:
        self.tell = tell
        self.total = total
        self.steps = 0

    def passed(self, records: int) -> None:
        self.steps += records
        self.tell(min(self.total, self.steps // 2), self.total)

    loaded = passed
