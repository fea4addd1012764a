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


class NotYetRecorded(RecordNotFound):
    """The record came into being later than it was asked for."""

    def __init__(self, kind: str, reference: str, known_at: str, since: str) -> None:
        ChanceryError.__init__(
            self,
            f"The {kind} {reference!r} was not in the record at {known_at}; "
            f"it has been there since {since}.",
        )


class RecordDeleted(ChanceryError):
    """The record was deleted by revision `seq`; it stays in the history."""

    def __init__(self, kind: str, reference: str, seq: int) -> None:
        super().__init__(f"The {kind} {reference!r} was deleted by revision {seq}.")
        self.seq = seq


class DocumentRedacted(RecordDeleted):
    """What revision `seq` of the record said was taken out of the log, and a later one may be
    there.
    """

    def __init__(self, kind: str, reference: str, seq: int) -> None:
        ChanceryError.__init__(
            self, f"What the {kind} {reference!r} said then, in revision {seq}, was redacted."
        )
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


@dataclass(frozen=True, slots=True)
class Referrer:
    """A record that stands in the way; `slug` is its slug or code, where it has one."""

    type: str
    id: str
    slug: str | None


class Conflict(ChanceryError):
    """What is asked for is at odds with what is there; nothing was changed."""

    def __init__(self, message: str, referrers: Sequence[Referrer] = ()) -> None:
        super().__init__(message)
        self.referrers = tuple(referrers)


class StaleEdit(ChanceryError):
    """The record has changed since the editor read it, or is not one that was named."""


class BlindEdit(ChanceryError):
    """An edit that does not say which state of the record it starts from."""


class TooManyWaiting(ChanceryError):
    """As many requests as may wait for changes are waiting already."""


class TooManyExports(ChanceryError):
    """As many exports as may run are running already."""


class ClientTooSlow(ChanceryError):
    """Who asked for an export takes it too slowly; it was broken off."""


class StorageFull(ChanceryError):
    """There is no room left on the disk that the database lies on; nothing was written."""


class WriteUnavailable(DatabaseUnavailable):
    """A write that was not done, or of which nobody can say whether it was; the text says which."""


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


class Unauthenticated(ChanceryError):
    """Who asks is not known. Its text never holds what was presented.

    `presented` says whether there was a key at all, however bad.
    """

    def __init__(self, message: str, *, presented: bool = True) -> None:
        super().__init__(message)
        self.presented = presented


class NotAllowed(ChanceryError):
    """Who asks is known, and may not do this. `scope` is what the key would have to allow."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"The key has no scope `{scope}`, which this needs.")
        self.scope = scope


class PepperUnusable(ChanceryError):
    """The file with the pepper cannot be used: it is damaged, or others may read it."""


class PepperMissing(PepperUnusable):
    """There is no file with the pepper."""


class KeyRefused(ChanceryError):
    """A key that cannot be made, rotated or revoked as asked."""


class ExportRefused(ChanceryError):
    """A folder that nothing can be exported to, or no longer."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"Cannot export to {folder}: {reason}.")
