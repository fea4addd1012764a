"""What texts tell, as meetings: those met with, bodies met with as such, conferences attended.

The teller that an import uses. One meeting is what one verb tells of the people of one party; so
nobody is said to have met another guest of the same traveller. Those of an unknown party have a
meeting each. People whom nobody names make no meeting, and are flagged.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Day

from app import dates
from app.importers.batches import Sourced
from app.importers.historian.countries import Countries, Country
from app.importers.historian.keys import TRAVELS, VISITS, Slugs
from app.importers.historian.labels import party_of
from app.importers.historian.lasting_meetings import numbered
from app.importers.historian.meeting_records import Common, Gathered, Seat, common, meeting
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import Original
from app.importers.historian.people import People, may_be_identified
from app.importers.historian.remarks import (
    Attendance,
    Conference,
    Person,
    Place,
    Remark,
    read_description,
    read_remark,
)
from app.importers.historian.remarks_own import is_own_side
from app.importers.historian.remarks_words import listed
from app.importers.historian.standing import Known, Standing
from app.importers.historian.tellings import Telling, Told
from app.importers.neutral import Locality

UNKNOWN_DAY = Day(1, 1, 1)
"""What an undated text is read with; no day that it states is then believed."""

AT_A_CONFERENCE = frozenset(("by", "gathering-of", "including", "led-by"))
"""Rules that find those who were at the conference told of before, rather than met."""

HOSTS = ("President", "Secretary", "Vice President", "Acting Secretary", "First Lady")
"""How offices begin that a description need not call American."""

RANKS = listed(
    """admiral ambassador brigadier captain colonel commander field general generals lieutenant
    major marshal"""
)
"""Ranks that may be of any country's service."""


@dataclass(slots=True)
class Meetings:
    """Turns each text into meetings. `joined` are texts' meetings that the record has already."""

    standing: Standing
    slugs: Slugs
    notes: Notes
    countries: Countries
    people: People
    joined: list[tuple[Original, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __call__(self, telling: Telling) -> Told:
        if not telling.text:
            return Told()
        days = days_of(telling)
        remark = read(telling, days or (UNKNOWN_DAY, UNKNOWN_DAY))
        if days is None:
            remark = undated(remark)
        known = self.known(telling, days)
        parties: dict[str, Country] = {}
        news: dict[int, Gathered] = {}
        for place, each in enumerate(self.gathered(telling, remark, parties), start=1):
            left = self.not_known(telling, each, known)
            if not telling.joined and (left.seats or left.conference):
                news[place] = left
        told: list[Sourced] = []
        shared: Common | None = None
        for number, left in numbered(telling, news, self.standing):
            self.check_day(telling, left)
            made = [self.identified(telling, seat) for seat in left.seats]
            told += [record for _, records in made for record in records]
            seats = tuple(seat for seat, _ in made)
            shared = shared or common(telling)
            told.append(meeting(telling, shared, replace(left, seats=seats), number, self.slugs))
            self.count(left)
        if not telling.joined:
            self.flag_unnamed(telling, remark)
        kind = remark.kind if remark.kind and remark.kind.kind else None
        places = remark.places if telling.kind == "description" else ()
        found = dict.fromkeys(locality(each) for each in places)
        return Told(tuple(told), tuple(parties.values()), kind, tuple(found))

    def gathered(
        self, telling: Telling, remark: Remark, parties: dict[str, Country]
    ) -> list[Gathered]:
        """Those met, by verb, day and party; conferences with those who are told to be there."""
        attended = [each for each in remark.conferences if each.attendance is Attendance.ATTENDED]
        held = {each: Gathered(conference=each) for each in attended}
        met: dict[tuple[object, ...], Gathered] = {}
        before: dict[int, bool] = {}
        for number, person in enumerate(remark.counterparts):
            if not person.name:
                continue
            party = self.party(telling, person, bool(attended), before)
            if party is not None:
                parties[party.code] = party
            seat = seat_of(telling, person, party)
            conference = conference_of(person, attended, telling.text)
            if conference is not None:
                held[conference] = held[conference].with_seat(seat)
                continue
            key = (person.at, person.day, party.code if party else number)
            met[key] = met.get(key, Gathered()).with_seat(seat)
        for body in remark.bodies:
            party = None
            if body.party:
                party = party_of(body.party, telling.date, telling.host, self.countries)
            if party is not None:
                parties[party.code] = party
            seat = Seat(
                name=body.name,
                title=None,
                party=party.code if party else None,
                day=body.day,
                occasion=body.occasion,
                rule=body.rule,
                confidence=body.confidence,
                body=True,
            )
            met[body.at, body.day, body.name] = Gathered(seats=(seat,))
        return [*met.values(), *held.values()]

    def party(
        self, telling: Telling, person: Person, attends: bool, before: dict[int, bool]
    ) -> Country | None:
        """The party that the text gives a person, or else the one that it need not name.

        `before` says of each verb whether it had somebody from elsewhere: of those who follow in
        its list nothing is assumed.
        """
        host = self.countries.parties.get(telling.host)
        if person.party:
            stated = party_of(person.party, telling.date, telling.host, self.countries)
            before[person.at] = stated is None or stated.code != telling.host
            return stated
        title = person.title or ""
        if title == "Pope":
            return self.countries.parties["VA"]
        if telling.kind == "description":
            principal = is_own_side(person.title, person.honorific, person.name, None)
            return host if principal or (title.startswith(HOSTS) and not attends) else None
        if attends or before.get(person.at) or not title or is_rank(title):
            return None
        return host

    def known(self, telling: Telling, days: tuple[Day, Day] | None) -> list[Known]:
        """The meetings of other data sets that the traveller had in the days of the stop."""
        if days is None:
            return []
        return [
            each
            for traveller in telling.travellers
            for each in self.standing.met.get(traveller.official or "", ())
            if each.earliest <= days[1] and days[0] <= each.latest
        ]

    def not_known(self, telling: Telling, each: Gathered, known: Sequence[Known]) -> Gathered:
        """Without those of whose meeting the record has another data set's account."""
        left = []
        for seat in each.seats:
            place = next((one for one in known if one.was_attended_by(seat.name)), None)
            if place is not None:
                self.joined.append((telling.original, place.slug))
                continue
            left.append(seat)
            if telling.joined and not each.conference:
                text = f"names {seat.shown}, whom no meeting of {telling.visit} has"
                self.flag(telling, Oddity.NOT_IN_RECORD, text)
        return replace(each, seats=tuple(left))

    def identified(self, telling: Telling, seat: Seat) -> tuple[Seat, tuple[Sourced, ...]]:
        if seat.body or seat.party is None or not may_be_identified(seat.name, seat.party):
            return seat, ()
        dataset = TRAVELS if telling.kind == "remarks" else VISITS
        official, records = self.people.of(
            seat.name, seat.party, dataset, telling.source, telling.original
        )
        return replace(seat, official=official), records

    def check_day(self, telling: Telling, each: Gathered) -> None:
        day = each.day
        if day is None or telling.date is None:
            return
        span = dates.parse(telling.date)
        if not dates.parse(day).overlaps(span.earliest, span.latest):
            text = f"tells of {day}, outside {telling.date}"
            self.flag(telling, Oddity.DAY_OUTSIDE, text)

    def flag_unnamed(self, telling: Telling, remark: Remark) -> None:
        unnamed = [one for one in remark.counterparts if not one.name]
        if unnamed and len(unnamed) == len(remark.counterparts) and not remark.bodies:
            met = ", ".join(dict.fromkeys(one.title or "somebody" for one in unnamed))
            self.flag(telling, Oddity.COUNTERPART_UNNAMED, f"tells of meeting {met}")

    def flag(self, telling: Telling, oddity: Oddity, text: str) -> None:
        self.notes.flag(oddity, telling.original.file, telling.original.name, text)

    def count(self, each: Gathered) -> None:
        self.counts["conferences" if each.conference else "meetings"] += 1
        for seat in each.seats:
            self.counts["bodies" if seat.body else "people named"] += 1


def is_rank(title: str) -> bool:
    """Whether a title is no office of a country: a general, an ambassador, a secretary general."""
    words = title.casefold().split()
    return words[-1] in RANKS and words[0] not in ("attorney", "governor")


def days_of(telling: Telling) -> tuple[Day, Day] | None:
    """The first and last day of a stop; of one that is open to a side, the day that is known."""
    when = None if telling.date is None else dates.parse(telling.date)
    first = when and (when.earliest or when.latest)
    last = when and (when.latest or when.earliest)
    return (first, last) if first and last else None


def read(telling: Telling, days: tuple[Day, Day]) -> Remark:
    start, end = days
    if telling.kind == "remarks":
        return read_remark(telling.text, traveller=telling.traveller, start=start, end=end)
    return read_description(telling.text, visitor=telling.traveller, start=start, end=end)


def undated(remark: Remark) -> Remark:
    """Without days, which would have a year that nobody states."""
    return replace(
        remark,
        counterparts=tuple(replace(one, day=None) for one in remark.counterparts),
        bodies=tuple(replace(one, day=None) for one in remark.bodies),
    )


def locality(place: Place) -> Locality:
    """A place in the United States, with the state that is named with it: `Columbus, Ohio`."""
    stated = f"{place.name}, {place.region}" if place.region else None
    return Locality(name=stated, city=place.name)


def seat_of(telling: Telling, person: Person, party: Country | None) -> Seat:
    return Seat(
        name=person.name or "",
        title=title_of(person, telling.text, stated=party is not None),
        party=party.code if party else None,
        day=person.day,
        occasion=person.occasion,
        rule=person.rule,
        confidence=person.confidence,
    )


def title_of(person: Person, text: str, *, stated: bool) -> str | None:
    """The office and form of address before a name, as they stand there.

    What the text says they are of is part of it where the record has no such party: `NATO
    Secretary General`.
    """
    title = " ".join(filter(None, (person.title, person.honorific)))
    if person.title and person.honorific and f"{title} {person.name}" not in text:
        title = person.title
    if title and person.party and not stated and f"{person.party} {title}" in text:
        title = f"{person.party} {title}"
    return title or None


def conference_of(person: Person, attended: Sequence[Conference], text: str) -> Conference | None:
    """The conference at which a text places somebody: `Attended the Yalta Conference with …`."""
    for each in attended:
        if each.at <= person.at < each.until:
            return each
    if person.rule not in AT_A_CONFERENCE:
        return None
    before = [each for each in attended if each.until <= person.at]
    if not before or any(sign in text[before[-1].until : person.at] for sign in ".;"):
        return None
    return before[-1]
