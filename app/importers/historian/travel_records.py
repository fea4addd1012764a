"""Trips and presidents as neutral records: one stop an original, and journeys of stops."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app import dates
from app.importers.batches import Sourced
from app.importers.historian import days, oddities
from app.importers.historian.countries import Countries, Country
from app.importers.historian.duplicates import Once, near_trips, once_each, trip_says
from app.importers.historian.journeys import journeys
from app.importers.historian.keys import TRAVELS, Slugs, record_id
from app.importers.historian.lasting import Lasting
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import Original, as_stated, made_of
from app.importers.historian.parties import Parties
from app.importers.historian.places import Locality as Found
from app.importers.historian.places import localities, place_of
from app.importers.historian.sources import (
    RULE_OF_JOURNEYS,
    Sources,
    line,
    rule_of_journeys,
    rule_of_remarks,
)
from app.importers.historian.standing import Standing
from app.importers.historian.tellings import Teller, Telling, Told, kind_claimed, kind_of
from app.importers.historian.travels import President, Trip
from app.importers.neutral import (
    Citation,
    Locality,
    Name,
    Official,
    Position,
    Stop,
    Traveller,
    Visit,
)
from app.vocabulary import (
    EndStatus,
    EventStatus,
    NameKind,
    ParticipantRole,
    PositionLevel,
    RecordKind,
)

TITLES = {"president": "President", "secretary": "Secretary of State"}
PRESIDENTS = "historian-presidents"
"""The scheme of terms of presidents, by their number."""


class Leg(NamedTuple):
    """A stop on its way into a journey."""

    once: Once[Trip]
    date: str | None
    party: Country
    localities: tuple[Found, ...]
    source: str

    @property
    def trip(self) -> Trip:
        return self.once.record


@dataclass(slots=True)
class Travels:
    """Makes the records of the data set `historian-travels`.

    `people` are the officials of POCOM by person id, where it is imported in the same run.
    """

    standing: Standing
    slugs: Slugs
    notes: Notes
    countries: Countries
    teller: Teller
    people: Mapping[str, str] = field(default_factory=dict)
    sources: Sources = field(init=False)
    parties: Parties = field(init=False)
    lasting: Lasting = field(init=False)
    officials: dict[str, str] = field(default_factory=dict)
    deaths: dict[str, str] = field(default_factory=dict)
    made: list[Sourced] = field(default_factory=list)
    joined: list[tuple[Original, str]] = field(default_factory=list)
    rests_on_rules: bool = False

    def __post_init__(self) -> None:
        self.sources = Sources(self.standing, self.slugs)
        self.parties = Parties(self.countries, self.notes)

    def records(self, trips: Iterable[Trip], presidents: Iterable[President]) -> list[Sourced]:
        for term in presidents:
            with made_of(term.original):
                self.term(term)
        given = list(trips)
        self.lasting = Lasting(self.standing, TRAVELS, (each.original.id for each in given))
        for one, other in near_trips(given):
            if trip_says(one) != trip_says(other):
                self.flag(other, Oddity.NEAR_DUPLICATE, f"reads almost like {one.original.name}")
        once = once_each(given, trip_says)
        for each in once:
            for copy in each.copies:
                self.flag(
                    copy, Oddity.EXACT_DUPLICATE, f"says what {each.record.original.name} says"
                )
        oddities.misprints(
            [(each.record.original, each.record.remarks) for each in once], self.notes
        )
        travellers: dict[str, list[Once[Trip]]] = {}
        for each in once:
            travellers.setdefault(each.record.who, []).append(each)
        for those in travellers.values():
            self.traveller(those)
        found = [rule_of_journeys(), *self.parties.records(self.standing), *self.sources.made]
        if self.rests_on_rules:
            found.append(rule_of_remarks())
        return [*found, *self.made]

    def flag(self, trip: Trip, oddity: Oddity, text: str) -> None:
        self.notes.flag(oddity, trip.original.file, trip.original.name, text)

    def term(self, term: President) -> None:
        """A term of a president; the office of one whom the record has from elsewhere is joined."""
        source = self.sources.of(
            term.original, f"Presidents: {term.name}, number {term.original.id}", term.created
        )
        official = self.president(term, source)
        self.deaths.setdefault(official, term.death)
        if self.standing.elsewhere(PRESIDENTS, term.original.id) is not None:
            self.joined.append((term.original, official))
            return
        started, ended = days.point(term.took_office), days.point(term.left_office)
        status = EndStatus.ENDED if ended else EndStatus.UNKNOWN
        if term.still_in_office and not ended:
            status = EndStatus.ONGOING
        self.made.append(
            Sourced(
                Position(
                    id=record_id(RecordKind.POSITION, PRESIDENTS, term.original.id),
                    identifiers={PRESIDENTS: term.original.id},
                    official=official,
                    title=TITLES["president"],
                    party="US",
                    level=PositionLevel.HEAD_OF_STATE,
                    start=started,
                    end=ended,
                    end_status=status,
                    citations=(Citation(source=source, locator=term.original.name),),
                ),
                term.original.origin,
            )
        )

    def president(self, term: President, source: str) -> str:
        """The official of a president, made once for all terms.

        Never by the id alone: the same id may be another man's in POCOM.
        """
        if term.who in self.officials:
            return self.officials[term.who]
        holder = self.standing.elsewhere(TRAVELS, term.who)
        if holder is not None:
            self.officials[term.who] = holder.key
            return holder.key
        found = record_id(RecordKind.OFFICIAL, TRAVELS, term.who)
        slug = self.officials[term.who] = self.slugs.of(found, "president", term.who)
        official = Official(
            id=found,
            identifiers={TRAVELS: term.who},
            slug=slug,
            name=term.name,
            names=(displayed(term.name),),
            birth=days.point(term.birth),
            death=days.point(term.death),
            citations=(Citation(source=source, locator=term.original.name),),
        )
        self.made.append(Sourced(official, term.original.origin))
        return slug

    def who(self, trip: Trip, source: str) -> str:
        """The official who travels: a person of POCOM, or a president of the list."""
        if trip.role == "president":
            if trip.who not in self.officials:
                self.officials[trip.who] = self.unlisted(TRAVELS, "president", trip, source)
            return self.officials[trip.who]
        if trip.who in self.people:
            return self.people[trip.who]
        key = f"pocom:{trip.who}"
        if key not in self.officials:
            holder = self.standing.identified.get(("pocom", trip.who))
            if holder is not None and holder.dataset != TRAVELS and not holder.is_gone:
                self.officials[key] = holder.key
            else:
                self.officials[key] = self.unlisted("pocom", "", trip, source)
        return self.officials[key]

    def known_as(self, trip: Trip) -> str | None:
        """The official who travels, if there is one already; nobody is made."""
        scheme = TRAVELS if trip.role == "president" else "pocom"
        holder = self.standing.identified.get((scheme, trip.who))
        made = self.officials if trip.role == "president" else self.people
        return made.get(trip.who) or (None if holder is None else holder.key)

    def unlisted(self, scheme: str, prefix: str, trip: Trip, source: str) -> str:
        """A traveller of whom there is no more than the name on the trip."""
        holder = self.standing.elsewhere(scheme, trip.who)
        if holder is not None:
            return holder.key
        ours = self.standing.identified.get((scheme, trip.who))
        found = record_id(RecordKind.OFFICIAL, scheme, trip.who) if ours is None else ours.id
        slug = self.slugs.of(found, prefix, trip.who)
        self.made.append(
            Sourced(
                Official(
                    id=found,
                    identifiers={scheme: trip.who},
                    slug=slug,
                    name=trip.name,
                    names=(displayed(trip.name),),
                    citations=(Citation(source=source, locator=trip.original.name),),
                ),
                trip.original.origin,
            )
        )
        return slug

    def traveller(self, stops: Sequence[Once[Trip]]) -> None:
        """All the stops of one person, as journeys; undated ones are journeys by themselves."""
        legs = [self.leg(each) for each in stops]
        dated = []
        for leg in legs:
            when = None if leg.date is None else dates.parse(leg.date)
            if when is None or when.earliest is None or when.latest is None:
                self.journey([leg])
            else:
                dated.append(((when.earliest, when.latest), leg))
        oddities.overlaps([(span, leg.trip) for span, leg in dated], self.notes)
        for journey in journeys(dated):
            self.journey(journey)

    def leg(self, once: Once[Trip]) -> Leg:
        trip = once.record
        with made_of(trip.original):
            return self.read_leg(once, trip)

    def read_leg(self, once: Once[Trip], trip: Trip) -> Leg:
        date, problem = days.span(trip.start, trip.end)
        if problem:
            self.flag(trip, Oddity.DATE_UNREADABLE, problem)
        found = self.parties.of(
            trip.original, trip.country_id, trip.country, days.point(trip.start)
        )
        title = f"Travels of the {TITLES.get(trip.role, trip.role)}, {trip.name}: "
        title += f"{trip.locale or trip.country}, {date or 'undated'}"
        source = self.sources.of(
            trip.original, title, trip.created, [each.original for each in once.copies]
        )
        return Leg(once, date, found.party, localities(trip.locale, found.party.code), source)

    def journey(self, legs: Sequence[Leg]) -> None:
        """A journey is known by the smallest id among its stops, and keeps what it is known by.

        Stops that the record has from elsewhere are joined there, and left out here.
        """
        numbers = sorted((leg.trip.original.id for leg in legs), key=by_number)
        mark, found = numbers[0], self.lasting.of(numbers)
        own = []
        for leg in legs:
            holder = self.standing.elsewhere(TRAVELS, leg.trip.original.id)
            if holder is None:
                own.append(leg)
            else:
                self.joined.append((leg.trip.original, holder.key))
                self.teller(telling(leg, holder.key, self.known_as(leg.trip), joined=True))
        if not own:
            return
        with made_of(own[0].trip.original):
            self.make_journey(found, mark, own)

    def make_journey(self, found: str, mark: str, own: Sequence[Leg]) -> None:
        first = own[0].trip
        official = self.who(first, own[0].source)
        self.after_death(official, own)
        slug = self.slugs.of(found, first.who, first.start[:7], mark)
        told = [self.teller(telling(leg, slug, official)) for leg in own]
        for each in told:
            self.parties.asked |= {party.code: party for party in each.parties}
            self.rests_on_rules |= each.rests_on_rules
        self.made.append(
            Sourced(journey_record(found, slug, official, own, told), first.original.origin)
        )
        self.made += [record for each in told for record in each.records]

    def after_death(self, official: str, legs: Iterable[Leg]) -> None:
        death = days.point(self.deaths.get(official, ""))
        known = self.standing.deaths.get(official)
        last = dates.parse(death).latest if death else known
        for leg in legs:
            when = None if leg.date is None else dates.parse(leg.date).earliest
            if last is not None and when is not None and when > last:
                self.flag(leg.trip, Oddity.AFTER_DEATH, f"{leg.trip.name} had died by {last}")


def journey_record(
    found: str, slug: str, official: str, legs: Sequence[Leg], told: Sequence[Told]
) -> Visit:
    first = legs[0].trip
    hosts = dict.fromkeys(leg.party.code for leg in legs)
    date, _ = whole_span(legs)
    claims, rules = kind_claimed([(leg.source, leg.trip.original) for leg in legs], told)
    copies = [copy.original.id for leg in legs for copy in leg.once.copies]
    numbers = sorted({*(leg.trip.original.id for leg in legs), *copies}, key=by_number)
    citations = [cited(leg) for leg in legs]
    if len(legs) > 1:
        rule = Citation(source=RULE_OF_JOURNEYS, locator=f"a journey of {len(legs)} stops")
        citations.append(rule)
    citations += rules
    return Visit(
        id=found,
        identifiers={TRAVELS: numbers[0] if len(numbers) == 1 else tuple(numbers)},
        slug=slug,
        title=line(title_of(first, legs, date)),
        summary="\n".join(filter(None, map(in_short, legs)))[:20_000] or None,
        kind=kind_of(told),
        status=EventStatus.HELD,
        date=date,
        visitor_parties=("US",),
        host_parties=tuple(hosts),
        travellers=(traveller(first, official),),
        stops=tuple(stop(leg) for leg in legs),
        citations=tuple(citations),
        claims=claims,
    )


def traveller(trip: Trip, official: str | None) -> Traveller:
    return Traveller(
        official=official,
        name_as_given=trip.name,
        title_as_given=TITLES.get(trip.role),
        party="US",
        role=ParticipantRole.VISITOR,
    )


def displayed(name: str) -> Name:
    return Name(name=name, kind=NameKind.DISPLAY, language="en", script="Latn")


def by_number(text: str) -> tuple[int, str]:
    """Ids in the order of their numbers; those that are none last."""
    return (int(text), "") if text.isascii() and text.isdigit() else (10**18, text)


def whole_span(legs: Sequence[Leg]) -> tuple[str | None, str | None]:
    if len(legs) == 1:
        return legs[0].date, None
    ends = [dates.parse(leg.date) for leg in legs if leg.date is not None]
    first = min(each.earliest for each in ends if each.earliest is not None)
    last = max(each.latest for each in ends if each.latest is not None)
    return days.span(first.isoformat(), last.isoformat())


def title_of(trip: Trip, legs: Sequence[Leg], date: str | None) -> str:
    where = list(
        dict.fromkeys(
            leg.trip.locale if len(legs) == 1 and leg.trip.locale else leg.trip.country
            for leg in legs
        )
    )
    named = ", ".join(where[:-1]) + " and " + where[-1] if len(where) > 1 else where[0]
    return f"{trip.name} in {named}, {days.in_words(date)}"


def in_short(leg: Leg) -> str:
    """What an original says of its stop, with the place and the days as stated."""
    if not leg.trip.remarks:
        return ""
    where = ", ".join(filter(None, (leg.trip.locale, leg.trip.country)))
    return f"{where} ({leg.date or 'undated'}): {leg.trip.remarks}"


def cited(leg: Leg) -> Citation:
    """The original of a stop; the country's label where it is not the party's name, and names as
    they stand where their white space was collapsed.
    """
    trip = leg.trip
    locator = trip.original.name
    if trip.country != leg.party.name:
        locator += f"; country as stated: {trip.country}"
    locator += as_stated("name", trip.name_raw) + as_stated("locale", trip.locale_raw)
    return Citation(
        source=leg.source, locator=line(locator), quote=trip.remarks or None, language="en"
    )


def stop(leg: Leg) -> Stop:
    """One locality is the place, with its old spelling as a name; several are shown each."""
    place = place_of(leg.localities, leg.trip.locale, leg.party.code)
    several = leg.localities if len(leg.localities) > 1 else ()
    return Stop(
        place=place,
        localities=tuple(Locality(name=each.old_name, city=each.name) for each in several),
        date=leg.date,
    )


def telling(leg: Leg, visit: str, official: str | None, *, joined: bool = False) -> Telling:
    trip = leg.trip
    return Telling(
        original=trip.original,
        kind="remarks",
        text=trip.remarks,
        source=leg.source,
        visit=visit,
        date=leg.date,
        raw=trip.remarks_raw,
        locale=trip.locale,
        localities=leg.localities,
        visitor="US",
        host=leg.party.code,
        traveller=trip.name,
        travellers=(traveller(trip, official),),
        joined=joined,
    )
