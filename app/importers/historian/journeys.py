"""How stops become journeys: a derived rule, pure and versioned. See docs/decisions/013.

Rule 1: the stops of one person, in order of their start, belong to one journey as long as the
next starts at most one day after the latest end so far; where the next starts before 1946, when
ships set the pace, at most ten days after it. What an original says of a stop stays authoritative;
a journey says only which stops belong together.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

RULE = 1
GAP_DAYS = 1
GAP_DAYS_BEFORE_FLIGHT = 10
FLIGHT = date(1946, 1, 1)

S = TypeVar("S")

Span = tuple[date, date]
"""The first and the last day of a stop."""


def continues(latest_end: date, start: date) -> bool:
    """Whether a stop that starts then belongs to a journey that has come to this end."""
    allowed = GAP_DAYS_BEFORE_FLIGHT if start < FLIGHT else GAP_DAYS
    return (start - latest_end).days <= allowed


def journeys(stops: Iterable[tuple[Span, S]]) -> list[list[S]]:
    """The stops of one person as journeys, both in order of time; equal starts as given."""
    found: list[list[S]] = []
    latest_end = date.min
    for (start, end), stop in in_order(stops):
        if found and continues(latest_end, start):
            found[-1].append(stop)
            latest_end = max(latest_end, end)
        else:
            found.append([stop])
            latest_end = end
    return found


def in_order(stops: Iterable[tuple[Span, S]]) -> Sequence[tuple[Span, S]]:
    return sorted(stops, key=lambda each: each[0])
