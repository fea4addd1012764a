"""Persons and appointments of POCOM as neutral records.

Persons become officials. An appointment becomes a position where it stands among those who served
and a day of service is stated; the dates of appointment, arrival, start and end are kept apart.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app import dates
from app.importers.batches import Sourced
from app.importers.historian import days
from app.importers.historian.countries import Countries, named
from app.importers.historian.keys import POCOM, TRAVELS, Slugs, record_id
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import as_stated, made_of
from app.importers.historian.parties import Parties
from app.importers.historian.pocom import (
    COUNTRY,
    PRINCIPAL,
    Appointment,
    Concurrent,
    Moment,
    Person,
    Pocom,
)
from app.importers.historian.sources import Sources, line
from app.importers.historian.standing import Standing
from app.importers.historian.travel_records import displayed
from app.importers.neutral import Citation, Name, Official, Position
from app.vocabulary import EndStatus, NameKind, PositionLevel, RecordKind

SCHEME = "pocom"
LEVELS = {
    "secretary": PositionLevel.FOREIGN_MINISTER,
    "deputy-secretary": PositionLevel.DEPUTY_MINISTER,
    "under-secretary": PositionLevel.DEPUTY_MINISTER,
    "ambassador-at-large": PositionLevel.ENVOY,
}
"""By the category of a principal's office; the others have no more exact level."""

ENVOYS = frozenset({"personal-representative-of-the-president"})
ACTING = re.compile(r"(?:^acting-|-ad-interim$|-pro-tem$)")


@dataclass(slots=True)
class Persons:
    """Makes the records of the data set `historian-pocom`."""

    standing: Standing
    slugs: Slugs
    notes: Notes
    countries: Countries
    sources: Sources = field(init=False)
    officials: dict[str, str] = field(default_factory=dict)
    made: list[Sourced] = field(default_factory=list)
    joined: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sources = Sources(self.standing, self.slugs)

    def records(self, pocom: Pocom) -> list[Sourced]:
        for person in pocom.people.values():
            with made_of(person.original):
                self.person(person)
        concurrent: dict[str, list[Citation]] = {}
        for several in pocom.concurrent:
            for chief in several.chief_ids:
                concurrent.setdefault(chief, []).append(self.concurrently(several))
        for each in pocom.appointments:
            with made_of(each.original):
                self.appointment(each, pocom, concurrent.get(each.original.id, ()))
        parties = Parties(self.countries, self.notes).records(self.standing)
        return [*parties, *self.sources.made, *self.made]

    @property
    def deaths(self) -> dict[str, str]:
        return {
            each.record.slug: each.record.death
            for each in self.made
            if isinstance(each.record, Official) and each.record.death
        }

    def person(self, person: Person) -> None:
        """A person; known by the oldest id, so that a renaming at the source changes no id here."""
        source = self.sources.of(person.original, f"People: {full_name(person)}", person.created)
        ids = (person.original.id, *person.old_ids)
        holder = next(filter(None, (self.standing.elsewhere(SCHEME, each) for each in ids)), None)
        if holder is not None:
            self.officials |= dict.fromkeys(ids, holder.key)
            self.joined.append((person.original.file, person.original.name, holder.key))
            return
        # An earlier import may have met the person under another id, or only on travels.
        ours = next(
            filter(None, (self.standing.identified.get((SCHEME, each)) for each in ids)), None
        )
        oldest = ids[1] if len(ids) > 1 else ids[0]
        found = record_id(RecordKind.OFFICIAL, SCHEME, oldest) if ours is None else ours.id
        slug = self.slugs.of(found, person.original.id)
        self.officials |= dict.fromkeys(ids, slug)
        official = Official(
            id=found,
            identifiers={SCHEME: ids[0] if len(ids) == 1 else ids},
            slug=slug,
            name=line(full_name(person)),
            names=tuple(names(person)),
            birth=days.point(person.birth),
            death=days.point(person.death),
            citations=(Citation(source=source, locator=line(about(person))),),
        )
        self.made.append(Sourced(official, person.original.origin))

    def concurrently(self, given: Concurrent) -> Citation:
        source = self.sources.of(
            given.original, f"Concurrent appointments of {given.person_id}", given.created
        )
        return Citation(
            source=source,
            locator=line(
                f"concurrent with others; resident at {given.locale_id or 'a place unstated'}"
            ),
        )

    def appointment(self, given: Appointment, pocom: Pocom, concurrent: Iterable[Citation]) -> None:
        where = (given.original.file, given.original.name)
        title, body = self.title(given, pocom)
        source = self.sources.of(
            given.original,
            f"{title}{', ' + body if body else ''}: {given.person_id}",
            given.created,
        )
        if not served(given):
            if given.served:
                text = f"no day of service is stated for {given.person_id}"
                self.notes.flag(Oddity.NOT_SERVED, *where, text)
            return
        if self.standing.elsewhere(SCHEME, given.original.id) is not None:
            self.joined.append((*where, "a position of another data set"))
            return
        start, end, problem = tenure(given)
        if problem:
            self.notes.flag(Oddity.DATE_UNREADABLE, *where, problem)
        position = Position(
            id=record_id(RecordKind.POSITION, SCHEME, given.original.id),
            identifiers={SCHEME: given.original.id},
            official=self.official(given, source),
            title=line(title),
            party="US",
            body=body and line(body),
            level=level(given),
            start=start,
            end=end,
            end_status=EndStatus.ENDED if has_ended(given) else EndStatus.UNKNOWN,
            acting=bool(ACTING.search(given.role_id)),
            citations=(
                Citation(
                    source=source,
                    locator=line(moments(given)),
                    quote=given.note or None,
                    language="en",
                ),
                *concurrent,
            ),
        )
        self.made.append(Sourced(position, given.original.origin))

    def title(self, given: Appointment, pocom: Pocom) -> tuple[str, str | None]:
        """The title, and the body: the department, or the mission and the country as it was."""
        office = given.office
        known = office.singular if given.role_id == office.id else pocom.roles.get(given.role_id)
        if not known:
            text = f"the role {given.role_id!r} has no title"
            self.notes.flag(Oddity.UNKNOWN_ROLE, given.original.file, given.original.name, text)
        title = known or named(given.role_id) or "Office unstated"
        if office.kind == PRINCIPAL:
            return title, "Department of State"
        if office.kind != COUNTRY:
            return title, None if title == office.singular else office.singular or None
        country = given.territory_id or office.id
        day = next(filter(None, (days.point(each.date) for each in in_order(given))), None)
        return title, f"Mission to {self.countries.label(country, day)}"

    def official(self, given: Appointment, source: str) -> str:
        """Who was appointed; a person without a file is made of the id, and flagged."""
        known = self.officials.get(given.person_id)
        if known is not None:
            return known
        holder = self.standing.identified.get((SCHEME, given.person_id))
        if holder is not None and holder.dataset not in (POCOM, TRAVELS):
            return self.officials.setdefault(given.person_id, holder.key)
        where = (given.original.file, given.original.name)
        text = f"no file tells who {given.person_id!r} is"
        self.notes.flag(Oddity.PERSON_UNKNOWN, *where, text)
        found = record_id(RecordKind.OFFICIAL, SCHEME, given.person_id)
        slug = self.officials[given.person_id] = self.slugs.of(found, given.person_id)
        name = named(given.person_id) or "Unknown"
        official = Official(
            id=found,
            identifiers={SCHEME: given.person_id} if given.person_id else {},
            slug=slug,
            name=name,
            names=(displayed(name),),
            citations=(Citation(source=source, locator=given.original.name),),
        )
        self.made.append(Sourced(official, given.original.origin))
        return slug


def full_name(person: Person) -> str:
    parts = (person.forename, person.surname)
    name = " ".join(filter(None, parts)) or named(person.original.id)
    return f"{name}, {person.gen_name}" if person.gen_name else name


def names(person: Person) -> Iterator[Name]:
    """The name shown, the form that sorts, and every other that the original has."""
    shown = full_name(person)
    yield displayed(line(shown))
    seen = {shown}
    for name in person.alt_names:
        if name not in seen:
            seen.add(name)
            yield Name(name=line(name), kind=NameKind.ALIAS, language="en", script="Latn")


def about(person: Person) -> str:
    said = [person.original.name, person.career]
    if person.states:
        said.append(f"of {', '.join(each.upper() for each in person.states)}")
    raw = "".join(as_stated(tag, text) for tag, text in person.raw_names)
    return "; ".join(filter(None, said)) + raw


def in_order(given: Appointment) -> tuple[Moment, ...]:
    return (given.started, given.arrived, given.appointed, given.ended)


def served(given: Appointment) -> bool:
    """Whether it stands among those who served, with a day of service; an appointment is none."""
    return given.served and any(each.date for each in (given.started, given.arrived, given.ended))


def has_ended(given: Appointment) -> bool:
    return bool(given.ended.date or given.ended.note)


def tenure(given: Appointment) -> tuple[str | None, str | None, str | None]:
    """Start and end, and what is wrong with them.

    The start is the day of entering on duty or of presenting credentials, else that of arrival to
    take charge. Without either it lies somewhere between appointment and end, and is left so wide.
    """
    problem = None
    for each in in_order(given):
        if each.date and days.point(each.date) is None:
            problem = f"{each.date!r} is no date"
    end = days.qualified(given.ended.date, given.ended.note)
    for each in (given.started, given.arrived):
        start = days.qualified(each.date, each.note)
        if start is not None:
            break
    else:
        start, _ = days.span(given.appointed.date, given.ended.date)
    if start is None or end is None:
        return start, end, problem
    first, last = dates.parse(start).earliest, dates.parse(end).latest
    if first is not None and last is not None and first > last:
        return start, None, f"ended on {given.ended.date}, before it started on {start}"
    return start, end, problem


def moments(given: Appointment) -> str:
    """All dates as stated, each under its name, with its note."""
    began = "entered on duty" if given.office.kind == PRINCIPAL else "presented credentials"
    stated = (
        ("appointed", given.appointed),
        ("arrived", given.arrived),
        (began, given.started),
        ("ended", given.ended),
    )
    said = [f"{name} {moment}" for name, moment in stated if moment.date or moment.note]
    consecutive = ["counted as one with the tenure before"] if given.consecutive else []
    return "; ".join([given.original.name, *said, *consecutive])


def level(given: Appointment) -> PositionLevel:
    if given.office.kind == PRINCIPAL:
        return LEVELS.get(given.office.category, PositionLevel.OTHER)
    return PositionLevel.ENVOY if given.role_id in ENVOYS else PositionLevel.AMBASSADOR
