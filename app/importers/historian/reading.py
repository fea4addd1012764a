"""The whole import, from folders to batches that the loader takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.errors import SeedRefused
from app.importers.batches import Batch, Sourced
from app.importers.historian.countries import countries
from app.importers.historian.keys import POCOM, TRAVELS, VISITS, Slugs
from app.importers.historian.notes import Flag, Notes
from app.importers.historian.pocom import read_pocom
from app.importers.historian.pocom_records import Persons
from app.importers.historian.standing import Standing
from app.importers.historian.tellings import Teller, nothing
from app.importers.historian.travel_records import Travels
from app.importers.historian.travels import read_presidents, read_trips
from app.importers.historian.visit_records import Visits
from app.importers.historian.visits import read_visits

EMPTY = Standing()


@dataclass(frozen=True, slots=True)
class Joined:
    """An original that another data set's record already tells of."""

    file: str
    record: str
    into: str


@dataclass(frozen=True, slots=True)
class Historian:
    """Batches by data set, in the order in which they have to be loaded, and what was noticed."""

    batches: Mapping[str, Batch]
    flags: tuple[Flag, ...]
    joined: tuple[Joined, ...]


def read_historian(
    *,
    travels: Path | None = None,
    visits: Path | None = None,
    pocom: Path | None = None,
    standing: Standing = EMPTY,
    teller: Teller = nothing,
    tell: Callable[[int], None] = lambda _: None,
) -> Historian:
    """Read the repositories that are given. Raises `SeedRefused` with a line for every fault.

    `standing` is what the record holds already, `teller` reads remarks and descriptions, and
    `tell` hears how many records there are so far.
    """
    notes = Notes()
    batches: dict[str, Batch] = {}
    joined: list[Joined] = []
    world, slugs = countries(), Slugs(standing)
    persons = Persons(standing, slugs, notes, world)
    if pocom is not None:
        batches[POCOM] = batch(persons.records(read_pocom(pocom, notes)))
        tell(count(batches))
        joined += [Joined(*each) for each in persons.joined]
    if travels is not None:
        journeys = Travels(standing, slugs, notes, world, teller, people=persons.officials)
        journeys.deaths |= persons.deaths
        trips, presidents = read_trips(travels, notes), read_presidents(travels, notes)
        batches[TRAVELS] = batch(journeys.records(trips, presidents))
        tell(count(batches))
        joined += [Joined(each.file, each.name, into) for each, into in journeys.joined]
    if visits is not None:
        received = Visits(standing, slugs, notes, world, teller)
        batches[VISITS] = batch(received.records(read_visits(visits, notes)))
        tell(count(batches))
    if notes.faults:
        raise SeedRefused(notes.faults)
    return Historian(batches, tuple(notes.flags), tuple(joined))


def batch(records: list[Sourced]) -> Batch:
    """Records with a hash over what they say, so that the same content is known again."""
    state = sha256()
    for each in records:
        state.update(each.record.model_dump_json().encode())
    return Batch(tuple(records), state.hexdigest())


def count(batches: Mapping[str, Batch]) -> int:
    return sum(len(each.records) for each in batches.values())
