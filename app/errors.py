"""Domain errors: what went wrong, what was expected, what to do. No HTTP in here.

The edge (`app.web`) alone decides which status each of them answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ChanceryError(Exception):
    """The root of every error that the application raises on purpose."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with an input.

    `where` is the parameter's name, or a JSON pointer (RFC 6901) into a body when it starts
    with a slash. `allowed` names the values that would have been right, where they are few.
    """

    where: str
    detail: str
    allowed: tuple[str, ...] = ()


class InvalidInput(ChanceryError):
    """A request that cannot be understood as sent; holds every flaw found, not only the first."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.where}: {flaw.detail}" for flaw in flaws))
        self.flaws = tuple(flaws)


class MalformedRequest(ChanceryError):
    """A request that is broken below the level of meaning: its bytes are no UTF-8, say."""


class RecordNotFound(ChanceryError):
    """No record has this id or slug."""

    def __init__(self, kind: str, reference: str) -> None:
        super().__init__(f"There is no {kind} with the id or slug {reference!r}.")


class RecordDeleted(ChanceryError):
    """The record was deleted by revision `seq`; it stays in the history."""

    def __init__(self, kind: str, reference: str, seq: int) -> None:
        super().__init__(f"The {kind} {reference!r} was deleted by revision {seq}.")
        self.seq = seq


class RecordMoved(ChanceryError):
    """The record was merged into another; `location` is where the same is asked of that one."""

    def __init__(self, kind: str, reference: str, location: str) -> None:
        super().__init__(f"The {kind} {reference!r} was merged into another record.")
        self.location = location


class QueryTooSlow(ChanceryError):
    """A read ran past its deadline and was stopped."""


class DatabaseUnavailable(ChanceryError):
    """The database cannot be reached, is locked, or has no room left."""


class TooManyWaiting(ChanceryError):
    """As many requests as may wait for changes are waiting already."""


class StorageFull(ChanceryError):
    """There is no room left on the disk that the database lies on; nothing was written."""


class SchemaMismatch(ChanceryError):
    """The database's schema is not the one this program works with."""


class SeedRefused(ChanceryError):
    """A data set was refused; nothing of it was loaded. `problems` has one line for each flaw."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(f"{len(problems)} problem(s), nothing was loaded")
        self.problems = tuple(problems)


class UnusableCopy(ChanceryError):
    """A file that is no copy of a source which quotations could be looked for in."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file} {reason}.")
