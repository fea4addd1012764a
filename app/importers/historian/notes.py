"""What a reader has to say: faults, for which a data set is refused, and flags, which are kept.

Each names the file, the original record and what was found.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Oddity(StrEnum):
    """What may be wrong in an original, or in what was derived from it."""

    AFTER_DEATH = "after death"
    COUNTERPART_UNNAMED = "counterparts not named"
    DATE_UNREADABLE = "date missing or out of order"
    DAY_OUTSIDE = "day outside the stay"
    DISCONTINUOUS_STAY = "discontinuous stay"
    EXACT_DUPLICATE = "exact duplicate"
    MISPRINT = "possible misprint"
    NEAR_DUPLICATE = "near duplicate"
    NOT_IN_RECORD = "not in the record joined"
    NOT_SERVED = "did not serve"
    OVERLAP = "overlap"
    PERSON_UNKNOWN = "unknown person"
    REPEATED_ID = "repeated id"
    SOVEREIGN = "under its sovereign"
    UNEXPECTED = "unexpected element"
    UNKNOWN_COUNTRY = "unknown country"
    UNKNOWN_ROLE = "unknown role"


@dataclass(frozen=True, slots=True)
class Flag:
    """One oddity of one original; `record` is its id in the file."""

    oddity: Oddity
    file: str
    record: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.oddity}: {self.text}"


class Unusable(ValueError):
    """An original of which no record can be made; the message names its file, id and element."""


@dataclass(slots=True)
class Notes:
    """Collects both while files are read and mapped; `opened` hears of each file."""

    faults: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    opened: Callable[[], None] = lambda: None

    def fault(self, file: str, record: str, text: str) -> None:
        self.faults.append(f"{file}: {record}: {text}")

    def flag(self, oddity: Oddity, file: str, record: str, text: str) -> None:
        self.flags.append(Flag(oddity, file, record, text))
