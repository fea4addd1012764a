"""The life of a commitment: which event may follow which. The one place that knows.

A commitment comes into being when it is made, stands, may be suspended and taken up again, may
be carried out or broken, and ends when it expires, is superseded or is withdrawn. Sources tell
rival stories, and dates are uncertain: what is refused here is only what no reading allows.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date as Day
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.dates import UncertainDate
from app.vocabulary import CommitmentEventKind as E


class Standing(StrEnum):
    """Where an event leaves a commitment."""

    STANDING = "standing"
    SUSPENDED = "suspended"
    FULFILLED = "fulfilled"
    BREACHED = "breached"
    REPLACED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


ALLOWED: Mapping[Standing, frozenset[E]] = {
    # Even made again, because accounts may place the making in different meetings.
    Standing.STANDING: frozenset(E),
    # Whoever suspended, kept or broke it may go on in any way but one: it is made already.
    Standing.SUSPENDED: frozenset(E) - {E.MADE},
    Standing.FULFILLED: frozenset(E) - {E.MADE},
    Standing.BREACHED: frozenset(E) - {E.MADE},
    # The other side may hold up what is over, and its maker deny it; nothing else happens to it.
    Standing.REPLACED: frozenset({E.INVOKED_BY_OTHER, E.DENIED}),
    Standing.EXPIRED: frozenset({E.INVOKED_BY_OTHER, E.DENIED}),
    Standing.WITHDRAWN: frozenset(),
}
"""The events that may come after one that left a commitment in this standing."""

LEAVES: Mapping[E, Standing] = {
    E.SUSPENDED: Standing.SUSPENDED,
    E.FULFILLED: Standing.FULFILLED,
    E.BREACHED: Standing.BREACHED,
    E.SUPERSEDED: Standing.REPLACED,
    E.EXPIRED: Standing.EXPIRED,
    E.WITHDRAWN: Standing.WITHDRAWN,
}
"""Where each event leaves the commitment; those that are missing leave it standing."""

ENDED = {Standing.REPLACED, Standing.EXPIRED, Standing.WITHDRAWN}
GIVEN = {E.MADE, E.REAFFIRMED}
TAKEN_UP_AGAIN = "a commitment that is given again after its end is a new one, which restates it"


class Happening(Protocol):
    """What of an event counts here."""

    @property
    def kind(self) -> E: ...

    @property
    def when(self) -> UncertainDate | None: ...


class Impossible(NamedTuple):
    """An event that cannot be: its place among the events, what was expected, what was found."""

    position: int
    expected: str
    found: str
    by_date: bool = False
    """Its date alone says so."""


def impossible_events(
    events: Sequence[Happening], *, told_in_order: bool = True
) -> Iterator[Impossible]:
    """The events of one commitment that no reading of the record allows, in the order given.

    Events follow one another by their dates where these decide, and where they do not in the
    order in which they are written. Each is held against every earlier one: an end is an end,
    however much is said after it. What is refused as too early ends nothing. Events that were
    sorted by date, and are not `told_in_order`, stand as written only where they sort alike.
    """
    made = [event for event in events if event.kind is E.MADE]
    if not made:
        yield Impossible(-1, "an event `made`", "none")
        return
    too_early = {
        index
        for index, event in enumerate(events)
        if event.kind is not E.MADE and all(certainly_before(event, each) for each in made)
    }
    for index, event in enumerate(events):
        if index in too_early:
            yield Impossible(
                index,
                f"no event before the commitment was made ({said(made[0])})",
                f"{event.kind} on {said(event)}",
                by_date=True,
            )
            continue
        for number, earlier in enumerate(events):
            standing = LEAVES.get(earlier.kind, Standing.STANDING)
            if (
                number not in {index, *too_early}
                and event.kind not in ALLOWED[standing]
                and follows(event, index, earlier, number, told_in_order=told_in_order)
            ):
                yield Impossible(index, after(earlier, standing), found(event, standing))
                break


def after(earlier: Happening, standing: Standing) -> str:
    allowed = ", ".join(sorted(ALLOWED[standing]))
    return (
        f"after `{earlier.kind}` only {allowed}" if allowed else f"nothing after `{earlier.kind}`"
    )


def found(event: Happening, standing: Standing) -> str:
    advice = f" ({TAKEN_UP_AGAIN})" if standing in ENDED and event.kind in GIVEN else ""
    return f"`{event.kind}` on {said(event)}{advice}"


def certainly_before(event: Happening, other: Happening) -> bool:
    """Whether every day that the one may mean lies before every day that the other may mean."""
    latest = event.when and event.when.latest
    earliest = other.when and other.when.earliest
    return bool(latest and earliest and latest < earliest)


def follows(
    event: Happening, index: int, other: Happening, number: int, *, told_in_order: bool
) -> bool:
    """By date where the dates decide, else by the order in which they are written, if it says
    anything.
    """
    if certainly_before(other, event):
        return True
    if not (told_in_order or sorted_under(event) == sorted_under(other)):
        return False
    return index > number and not certainly_before(event, other)


def sorted_under(event: Happening) -> Day | None:
    """The day by which an event is sorted."""
    return None if event.when is None else event.when.earliest or event.when.latest


def said(event: Happening) -> str:
    return "an unknown day" if event.when is None else event.when.edtf
