"""Where the texts of originals plug in: what remarks and descriptions tell, and of which visit.

Each text that is to be read for counterparts, conferences and kinds of visits is a `Telling`, with
everything that a record made of it needs. `meetings` turns one into records; it is handed to
`read_historian`, which puts what it gives into the batch of the visit, after the visit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.importers.batches import Sourced
from app.importers.historian.originals import Original
from app.importers.historian.places import Locality
from app.vocabulary import VisitKind


@dataclass(frozen=True, slots=True)
class Telling:
    """One text of an original, as stated but for its white space.

    `kind` is `remarks` of a trip or `description` of a visit. `official` is the traveller where
    identified; `host` and `visitor` are codes of parties; `date` is the span of the stop.
    """

    original: Original
    kind: str
    text: str
    source: str
    visit: str
    visit_id: str
    date: str | None
    localities: tuple[Locality, ...]
    visitor: str
    host: str
    official: str | None
    name_as_given: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a text gives: records that follow from it, and the kind of visit if it states one."""

    records: tuple[Sourced, ...] = ()
    visit_kind: VisitKind | None = None


Teller = Callable[[Telling], Told]


def nothing(_: Telling) -> Told:
    """The teller of those who leave texts unread."""
    return Told()


def kind_of(tellings: Iterable[Told]) -> VisitKind | None:
    """The kind of a journey: that on which all its stops agree that state one."""
    kinds = {each.visit_kind for each in tellings} - {None}
    return kinds.pop() if len(kinds) == 1 else None
