"""Originals that are there twice: exact duplicates, which become one, and near ones, which stay."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.folding import fold
from app.importers.historian.travels import Trip
from app.importers.historian.visits import ForeignVisit

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Once(Generic[R]):
    """An original, and those that say exactly the same under other ids."""

    record: R
    copies: tuple[R, ...] = ()


def once_each(records: Iterable[R], says: Callable[[R], Hashable]) -> list[Once[R]]:
    """Each content once, under the record that comes first; stamps and ids do not count."""
    groups: dict[Hashable, list[R]] = {}
    for record in records:
        groups.setdefault(says(record), []).append(record)
    return [Once(first, tuple(others)) for first, *others in groups.values()]


def trip_says(trip: Trip) -> Hashable:
    return (
        trip.who,
        trip.role,
        trip.name,
        trip.start,
        trip.end,
        trip.country_id,
        trip.country,
        trip.locale,
        trip.remarks,
    )


def visit_says(visit: ForeignVisit) -> Hashable:
    return (
        visit.start,
        visit.end,
        visit.visitor,
        visit.country_id,
        visit.country,
        visit.description,
    )


def near_trips(trips: Sequence[Trip]) -> list[tuple[Trip, Trip]]:
    """Stops of one person, with the same days and country, that say something else in the rest."""
    return pairs(trips, lambda each: (each.who, each.start, each.end, each.country_id))


def near_visits(visits: Sequence[ForeignVisit]) -> list[tuple[ForeignVisit, ForeignVisit]]:
    """Visits of one visitor from one country that start on the same day."""
    return pairs(visits, lambda each: (fold(each.visitor), each.country_id, each.start))


def pairs(records: Sequence[R], mark: Callable[[R], Hashable]) -> list[tuple[R, R]]:
    """Each record with the first that has the same mark."""
    first: dict[Hashable, R] = {}
    return [
        (one, record)
        for record in records
        if (one := first.setdefault(mark(record), record)) is not record
    ]
