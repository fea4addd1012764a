"""The whole import, from folders to batches that the loader takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from app.errors import SeedRefused
from app.importers.batches import Batch, Sourced
from app.importers.historian.countries import countries
from app.importers.historian.keys import POCOM, TRAVELS, VISITS, Slugs
from app.importers.historian.meetings import Meetings
from app.importers.historian.notes import Flag, Notes, Unusable
from app.importers.historian.originals import files
from app.importers.historian.people import People
from app.importers.historian.pocom import Pocom, read_pocom
from app.importers.historian.pocom_records import Persons
from app.importers.historian.standing import EMPTY, Standing
from app.importers.historian.tellings import Teller
from app.importers.historian.travel_records import Travels
from app.importers.historian.travels import read_presidents, read_trips
from app.importers.historian.visit_records import Visits
from app.importers.historian.visits import read_visits
from app.importers.sharing import Sharing

READ = {
    "travels": ("*-travels/*.xml", "presidents/presidents.xml"),
    "visits": ("data/*.xml",),
    "pocom": (
        "people/*/*.xml",
        "roles-country-chiefs/*.xml",
        "positions-principals/*.xml",
        "missions-*/*.xml",
        "concurrent-appointments/*.xml",
    ),
}
"""The files of each repository that are read, to be counted beforehand."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An original that another data set's record already tells of."""

    file: str
    record: str
    into: str


@dataclass(frozen=True, slots=True)
class Historian:
    """Batches by data set, in the order in which they have to be loaded, and what was noticed."""

    batches: dict[str, Batch]
    flags: tuple[Flag, ...]
    joined: tuple[Joined, ...]
    told: Mapping[str, int]
    """How many meetings, conferences, people and bodies the texts told of."""


class Originals:
    """All that was read, before anything is made of it; a fault anywhere refuses all of it."""

    def __init__(
        self, travels: Path | None, visits: Path | None, pocom: Path | None, notes: Notes
    ) -> None:
        self.pocom = Pocom() if pocom is None else read_pocom(pocom, notes)
        self.trips = [] if travels is None else list(read_trips(travels, notes))
        self.presidents = [] if travels is None else list(read_presidents(travels, notes))
        self.visits = [] if visits is None else list(read_visits(visits, notes))


def read_historian(
    *,
    travels: Path | None = None,
    visits: Path | None = None,
    pocom: Path | None = None,
    standing: Standing = EMPTY,
    teller: Teller | None = None,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Historian:
    """Read the repositories that are given. Raises `SeedRefused` with a line for every fault.

    `standing` is what the record holds already, `teller` reads remarks and descriptions instead
    of ours, and `tell` hears how many files were opened, of how many.
    """
    given = {"travels": travels, "visits": visits, "pocom": pocom}
    total = sum(len(files(each, *READ[name])) for name, each in given.items() if each is not None)
    opened = count(1)
    notes = Notes(opened=lambda: tell(min(next(opened), total), total))
    originals = Originals(travels, visits, pocom, notes)
    if notes.faults:
        raise SeedRefused(notes.faults)
    batches: dict[str, Batch] = {}
    joined: list[Joined] = []
    world, slugs = countries(), Slugs(standing)
    persons = Persons(standing, slugs, notes, world)
    people = People(standing, slugs)
    meetings = Meetings(standing, slugs, notes, world, people)
    teller = meetings if teller is None else teller
    try:
        if pocom is not None:
            batches[POCOM] = batch(persons.records(originals.pocom))
            joined += [Joined(*each) for each in persons.joined]
        if travels is not None:
            journeys = Travels(standing, slugs, notes, world, teller, people=persons.officials)
            journeys.deaths |= persons.deaths
            made = journeys.records(originals.trips, originals.presidents)
            batches[TRAVELS] = batch(made)
            joined += [Joined(each.file, each.name, into) for each, into in journeys.joined]
        if visits is not None:
            received = Visits(standing, slugs, notes, world, teller, people)
            batches[VISITS] = batch(received.records(originals.visits))
    except Unusable as error:
        raise SeedRefused([str(error)]) from error
    joined += dict.fromkeys(Joined(each.file, each.name, into) for each, into in meetings.joined)
    return Historian(batches, tuple(notes.flags), tuple(joined), dict(meetings.counts))


def batch(records: list[Sourced]) -> Batch:
    """Records with a hash over what they say, so that the same content is known again."""
    state, sharing = sha256(), Sharing()
    for each in records:
        state.update(each.record.model_dump_json().encode())
        sharing.share(each.record)
    return Batch(tuple(records), state.hexdigest(), hashes_records=True)
