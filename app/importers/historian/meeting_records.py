"""A meeting that a text tells of as a neutral record, with the rule and confidence of each part.

The text is cited as a whole, and the rules that found something in it are cited beside it; each
name is a claim of the text, with its rule, and the words as they stand where their white space was
collapsed. The days are those of the stop unless the text states
the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.importers.batches import Sourced
from app.importers.historian import days
from app.importers.historian.keys import TRAVELS, VISITS, Slugs, record_id
from app.importers.historian.originals import piece_as_stated
from app.importers.historian.places import place_of
from app.importers.historian.remarks import Conference
from app.importers.historian.sources import line
from app.importers.historian.tellings import Telling, by_rule, cited_rule
from app.importers.neutral import Citation, Claim, Meeting, Participant, Place
from app.vocabulary import EventStatus, MeetingFormat, ParticipantRole, RecordKind


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody, or a body, as a text names them, and the rule that found them."""

    name: str
    title: str | None
    party: str | None
    day: str | None
    occasion: str
    rule: str
    confidence: float
    official: str | None = None
    body: bool = False

    @property
    def shown(self) -> str:
        return " ".join(filter(None, (self.title, self.name)))


@dataclass(frozen=True, slots=True)
class Gathered:
    """Those whom one verb has met, or a conference with those who are told to be there."""

    seats: tuple[Seat, ...] = ()
    conference: Conference | None = None

    def with_seat(self, seat: Seat) -> "Gathered":
        return replace(self, seats=(*self.seats, seat))

    @property
    def day(self) -> str | None:
        """The day that is stated; of a conference none is."""
        return self.seats[0].day if self.seats and self.conference is None else None

    @property
    def rules(self) -> Iterator[tuple[str, float]]:
        """Each rule that found a part of it, once with each confidence."""
        if self.conference is not None:
            yield self.conference.rule, self.conference.confidence
        yield from dict.fromkeys((seat.rule, seat.confidence) for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Common:
    """What the meetings of one text have in common, made once for all of them."""

    citation: Citation
    place: Place
    visitors: tuple[Participant, ...]
    principals: tuple[Participant, ...]


def common(telling: Telling) -> Common:
    visitors = tuple(
        Participant(
            official=each.official,
            name_as_given=each.name_as_given,
            title_as_given=each.title_as_given,
            party=each.party,
            role=ParticipantRole.VISITOR,
        )
        for each in telling.travellers
    )
    principal = {"role": ParticipantRole.PRINCIPAL}
    return Common(
        citation=Citation(
            source=telling.source,
            locator=f"{telling.original.name}, {telling.kind}",
            quote=telling.text,
            language="en",
        ),
        place=place_of(telling.localities, telling.locale, telling.host),
        visitors=visitors,
        principals=tuple(each.model_copy(update=principal) for each in visitors),
    )


def id_at(telling: Telling, number: int) -> str:
    """The id of the meeting that has, or had, a place among those of a text."""
    dataset = TRAVELS if telling.kind == "remarks" else VISITS
    return record_id(RecordKind.MEETING, dataset, telling.original.id, str(number))


def called(telling: Telling, given: Gathered) -> tuple[str, ...]:
    """What the slug of a meeting is made of: who was there, whom or what it is told of, when."""
    first = telling.travellers[0]
    name = given.conference.name if given.conference else given.seats[0].name
    month = (given.day or telling.date or "undated").lstrip("/.")[:7]
    return first.official or first.name_as_given or "", name, month, telling.original.id


def meeting(
    telling: Telling, shared: Common, given: Gathered, number: int, slugs: Slugs
) -> Sourced:
    """The meeting, which is known by the original and by a place in its text."""
    original, date = telling.original, given.day or telling.date
    found = id_at(telling, number)
    conference = given.conference
    travelling = shared.principals if conference else shared.visitors
    record = Meeting(
        id=found,
        slug=slugs.of(found, *called(telling, given)),
        title=line(title_of(telling, given, date)),
        format=format_of(given),
        status=EventStatus.HELD,
        date=date,
        place=shared.place,
        visit=telling.visit,
        participants=(*travelling, *met(telling, given)),
        citations=(shared.citation, *(cited_rule(*each) for each in given.rules)),
        claims=() if conference is None else (named(telling, conference),),
    )
    return Sourced(record, original.origin)


def title_of(telling: Telling, given: Gathered, date: str | None) -> str:
    who = [seat.shown for seat in given.seats]
    named = ", ".join(who[:-1]) + " and " + who[-1] if len(who) > 1 else "".join(who)
    told = f"at the {given.conference.name}" if given.conference else f"with {named}"
    where = telling.localities[0].as_given if len(telling.localities) == 1 else None
    return ", ".join(filter(None, (f"{telling.traveller} {told}", where, days.in_words(date))))


def format_of(given: Gathered) -> MeetingFormat:
    if given.conference is not None:
        summit = "summit" in given.conference.name.casefold()
        return MeetingFormat.SUMMIT if summit else MeetingFormat.MULTILATERAL
    first = given.seats[0]
    if first.body and first.party is None:
        return MeetingFormat.MULTILATERAL
    occasion = first.occasion.casefold()
    if "audience" in occasion:
        return MeetingFormat.AUDIENCE
    return MeetingFormat.PHONE_CALL if "telephoned" in occasion else MeetingFormat.BILATERAL


def met(telling: Telling, given: Gathered) -> Iterator[Participant]:
    """Those met; nobody is identified with two of them, or with a traveller."""
    taken = {each.official for each in telling.travellers}
    for seat in given.seats:
        hosting = seat.party == telling.host and not given.conference
        yield Participant(
            official=None if seat.official in taken else seat.official,
            name_as_given=line(seat.name),
            title_as_given=seat.title and line(seat.title),
            party=seat.party,
            role=ParticipantRole.HOST if hosting else ParticipantRole.PRINCIPAL,
            claims=(
                Claim(
                    source=telling.source,
                    field="name_as_given",
                    value=line(seat.name),
                    locator=f"{telling.original.name}; {by_rule(seat.rule, seat.confidence)}",
                    quote=piece_as_stated(seat.shown, telling.raw),
                ),
            ),
        )
        taken.add(seat.official)


def named(telling: Telling, conference: Conference) -> Claim:
    """What the text calls a conference."""
    return Claim(
        source=telling.source,
        field="title",
        value=line(conference.name),
        locator=f"{telling.original.name}; {by_rule(conference.rule, conference.confidence)}",
    )
