"""Visits by foreign leaders as neutral records: one visit an original, received by the US."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.importers.batches import Sourced
from app.importers.historian import days, oddities
from app.importers.historian.countries import Countries, Found
from app.importers.historian.duplicates import Once, near_visits, once_each, visit_says
from app.importers.historian.keys import VISITS, Slugs
from app.importers.historian.lasting import Lasting
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import as_stated, made_of
from app.importers.historian.parties import Parties
from app.importers.historian.people import People, may_be_identified
from app.importers.historian.sources import Sources, line, rule_of_remarks
from app.importers.historian.standing import Standing
from app.importers.historian.tellings import Teller, Telling, cited_rule, kind_claimed
from app.importers.historian.travel_records import by_number
from app.importers.historian.visitors import Visitor, visitors
from app.importers.historian.visits import ForeignVisit
from app.importers.neutral import Citation, Place, Stop, Traveller, Visit
from app.vocabulary import EventStatus, ParticipantRole

PLACES_ARE_SURE = 0.9
"""How far the localities that a description names are to be trusted."""


@dataclass(slots=True)
class Visits:
    """Makes the records of the data set `historian-visits`."""

    standing: Standing
    slugs: Slugs
    notes: Notes
    countries: Countries
    teller: Teller
    people: People
    sources: Sources = field(init=False)
    parties: Parties = field(init=False)
    lasting: Lasting = field(init=False)
    made: list[Sourced] = field(default_factory=list)
    rests_on_rules: bool = False

    def __post_init__(self) -> None:
        self.sources = Sources(self.standing, self.slugs)
        self.parties = Parties(self.countries, self.notes)

    def records(self, visits: Iterable[ForeignVisit]) -> list[Sourced]:
        given = list(visits)
        self.lasting = Lasting(self.standing, VISITS, (each.original.id for each in given))
        for one, other in near_visits(given):
            if visit_says(one) != visit_says(other):
                self.flag(other, Oddity.NEAR_DUPLICATE, f"reads almost like {one.original.name}")
        once = once_each(given, visit_says)
        for each in once:
            for copy in each.copies:
                self.flag(
                    copy, Oddity.EXACT_DUPLICATE, f"says what {each.record.original.name} says"
                )
        oddities.misprints(
            [(each.record.original, each.record.description) for each in once], self.notes
        )
        for each in once:
            with made_of(each.record.original):
                self.visit(each)
        found = [*self.parties.records(self.standing), *self.sources.made]
        if self.rests_on_rules:
            found.append(rule_of_remarks())
        return [*found, *self.made]

    def flag(self, visit: ForeignVisit, oddity: Oddity, text: str) -> None:
        self.notes.flag(oddity, visit.original.file, visit.original.name, text)

    def visit(self, once: Once[ForeignVisit]) -> None:
        visit = once.record
        date, problem = days.span(visit.start, visit.end)
        if problem:
            self.flag(visit, Oddity.DATE_UNREADABLE, problem)
        found = self.parties.of(
            visit.original, visit.country_id, visit.country, days.point(visit.start)
        )
        source = self.sources.of(
            visit.original,
            f"Visits by Foreign Leaders, {visit.country}: {visit.visitor}, {date or 'undated'}",
            visit.created,
            [each.original for each in once.copies],
        )
        numbers = sorted(
            [visit.original.id, *(each.original.id for each in once.copies)], key=by_number
        )
        visit_id = self.lasting.of(numbers)
        slug = self.slugs.of(visit_id, visit.country_id, "us", visit.start[:7], numbers[0])
        people = visitors(visit.visitor)
        officials = [self.official(each, found, visit, source) for each in people]
        came = tuple(travellers(people, officials, found.party.code))
        told = self.teller(
            Telling(
                original=visit.original,
                kind="description",
                text=visit.description,
                source=source,
                visit=slug,
                date=date,
                raw=visit.description_raw,
                locale="",
                localities=(),
                visitor=found.party.code,
                host="US",
                traveller=visit.visitor,
                travellers=came,
            )
        )
        self.parties.asked |= {party.code: party for party in told.parties}
        self.rests_on_rules |= told.rests_on_rules
        claims, rules = kind_claimed([(source, visit.original)], [told])
        if told.localities:
            rules = (*rules, cited_rule("place-named", PLACES_ARE_SURE))
        locator = visit.original.name
        if visit.country != found.party.name:
            locator += f"; country as stated: {visit.country}"
        locator += as_stated("visitor", visit.visitor_raw)
        record = Visit(
            id=visit_id,
            identifiers={VISITS: numbers[0] if len(numbers) == 1 else tuple(numbers)},
            slug=slug,
            title=line(
                f"{visit.visitor} ({visit.country}) in the United States, {days.in_words(date)}"
            ),
            summary=visit.description or None,
            kind=told.visit_kind,
            status=EventStatus.HELD,
            date=date,
            visitor_parties=(found.party.code,),
            host_parties=("US",),
            travellers=came,
            stops=(Stop(place=Place(country="US"), localities=told.localities, date=date),),
            citations=(
                Citation(
                    source=source,
                    locator=line(locator),
                    quote=visit.description or None,
                    language="en",
                ),
                *rules,
            ),
            claims=claims,
        )
        self.made.append(Sourced(record, visit.original.origin))
        self.made += told.records

    def official(
        self, visitor: Visitor, found: Found, visit: ForeignVisit, source: str
    ) -> str | None:
        """The person of that name from that party, if the name says enough; else nobody."""
        code = found.party.code
        if not may_be_identified(visitor.name, code):
            return None
        slug, made = self.people.of(visitor.name, code, VISITS, source, visit.original)
        self.made += made
        return slug


def travellers(
    people: Sequence[Visitor], officials: Sequence[str | None], party: str
) -> Iterator[Traveller]:
    """Those who come, each as named; nobody is identified with two of them."""
    for index, (each, official) in enumerate(zip(people, officials, strict=True)):
        yield Traveller(
            official=None if official in officials[:index] else official,
            name_as_given=line(each.name),
            title_as_given=each.title,
            party=party,
            role=ParticipantRole.VISITOR,
        )
