"""What the remark on a trip, or the description of a visit, says; and nothing that it does not.

Pure functions from a text to whom it names as met, in whose company, at which conference, on
which days and where. Each finding is a piece of the text with its white space collapsed,
misprints included, and carries the rule that found it and how far that rule is to be trusted.
Who somebody is, and which state a label means, is not decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day

from app.folding import fold
from app.importers.historian import remarks_words as words
from app.importers.historian.remarks_conferences import Attendance, Gathering, gatherings
from app.importers.historian.remarks_days import stated_days
from app.importers.historian.remarks_findings import Finding, days_of, findings
from app.importers.historian.remarks_governors import Role
from app.importers.historian.remarks_kinds import StatedKind, stated_kind
from app.importers.historian.remarks_own import is_own_side
from app.importers.historian.remarks_places import Presence, stated_places
from app.importers.historian.remarks_tokens import Token, collapsed, cut

__all__ = [
    "Attendance",
    "Body",
    "Conference",
    "Person",
    "Place",
    "Presence",
    "Remark",
    "StatedKind",
    "read_description",
    "read_remark",
]

RULES_VERSION = 1
"""Raised whenever the same text may be read differently, so that what was found can be redone."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or some people, whom a text names; every text stands in the remark as it is."""

    name: str | None
    """As given, without office and honorific; None where the text gives an office alone."""
    title: str | None
    honorific: str | None
    party: str | None
    """The state, people or body that the text names with them, such as `Soviet`."""
    group: bool
    occasion: str
    """The verb or occasion, such as `Conferred with`."""
    day: str | None
    """EDTF; only where the text states the day of this encounter."""
    rule: str
    confidence: float
    at: int
    """Where in the text the verb or occasion begins; those of one verb have the same."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was met with as such, such as `North Atlantic Council`."""

    name: str
    party: str | None
    """The state or people that the text names with it, such as `Israeli`."""
    occasion: str
    day: str | None
    rule: str
    confidence: float
    at: int


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference or a body in session, from one place in the text to another."""

    name: str
    attendance: Attendance
    rule: str
    confidence: float
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class Place:
    """A locality, and the state or province that is named with it."""

    name: str
    region: str | None
    presence: Presence


@dataclass(frozen=True, slots=True)
class Dated:
    """A day or span of days in EDTF, and the movement it belongs to, such as `departed`."""

    edtf: str
    context: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What a text says."""

    text: str
    counterparts: tuple[Person, ...]
    """Those met, unnamed ones and groups included."""
    companions: tuple[Person, ...]
    """Those in whose company the traveller was; named ones only."""
    bodies: tuple[Body, ...]
    conferences: tuple[Conference, ...]
    days: tuple[Dated, ...]
    places: tuple[Place, ...]
    kind: StatedKind | None


def read_remark(text: str, *, traveller: str, start: Day, end: Day) -> Remark:
    """What the remark on a stop says; the traveller's own principals count as company.

    The span of the stop gives days without a year their year.
    """
    return _read(collapsed(text), traveller, start, end, abroad=True)


def read_description(text: str, *, visitor: str, start: Day, end: Day) -> Remark:
    """What the description of a visit to the United States says; its hosts are counterparts."""
    return _read(collapsed(text), visitor, start, end, abroad=False)


def _read(text: str, traveller: str, start: Day, end: Day, *, abroad: bool) -> Remark:
    tokens = cut(text)
    found = findings(tokens, subjects=not abroad)
    days = stated_days(tokens, start, end)
    surname = fold(traveller).split()[-1:] or [""]
    people = [
        (one, _person(text, tokens, one, day))
        for one, day in zip(found, days_of(tokens, found, days), strict=True)
    ]
    taken = [(one.phrase.first, one.phrase.after) for one in found]
    meetings = gatherings(tokens, taken)
    counterparts: list[Person] = []
    companions: list[Person] = []
    bodies: list[Body] = []
    for one, person in people:
        if one.phrase.body:
            bodies.append(_body(person))
            continue
        if _is_traveller(person, surname[0], fold(traveller)):
            continue
        role = one.governor.role
        if abroad and is_own_side(person.title, person.honorific, person.name, person.party):
            role = Role.COMPANION
        elif one.governor.rule == "traveled-with" and person.party:
            role = Role.COUNTERPART
        if role is Role.COUNTERPART:
            counterparts.append(person)
        elif person.name:
            companions.append(person)
    taken += [(one.first, one.after) for one in meetings]
    return Remark(
        text=text,
        counterparts=_once(counterparts),
        companions=_once(companions),
        bodies=tuple(bodies),
        conferences=tuple(_conference(text, tokens, one) for one in meetings),
        days=tuple(Dated(one.edtf, one.context) for one in days),
        places=tuple(
            Place(
                _piece(text, tokens, one.name),
                _piece(text, tokens, one.region) if one.region else None,
                one.presence,
            )
            for one in stated_places(tokens, taken)
        ),
        kind=stated_kind(text),
    )


def _person(text: str, tokens: Sequence[Token], one: Finding, day: str | None) -> Person:
    phrase = one.phrase
    name = _piece(text, tokens, phrase.name) if phrase.name else None
    title = _piece(text, tokens, phrase.title) if phrase.title else None
    party = _piece(text, tokens, phrase.party) if phrase.party else None
    return Person(
        name=_without_stop(name) if name else None,
        title=title,
        honorific=_piece(text, tokens, phrase.honorific) if phrase.honorific else None,
        party=_without_genitive(party) if party else None,
        group=phrase.group,
        occasion=_piece(text, tokens, (one.governor.first, one.governor.after)),
        day=day,
        rule=one.governor.rule,
        confidence=one.confidence,
        at=tokens[one.governor.first].start,
    )


def _body(phrase: Person) -> Body:
    """A body, of which the phrase's name is that of the whole."""
    name, party, day = phrase.name or "", phrase.party, phrase.day
    return Body(name, party, phrase.occasion, day, phrase.rule, phrase.confidence, phrase.at)


def _conference(text: str, tokens: Sequence[Token], one: Gathering) -> Conference:
    at, until = tokens[one.first].start, tokens[one.after - 1].end
    return Conference(text[at:until], one.attendance, one.rule, one.confidence, at, until)


def _piece(text: str, tokens: Sequence[Token], place: tuple[int, int]) -> str:
    return text[tokens[place[0]].start : tokens[place[1] - 1].end]


def _without_stop(name: str) -> str:
    """The full stop that ends a sentence is not a numeral's: `King Baudouin I.`"""
    last = name.rsplit(maxsplit=1)[-1].lower()
    return name if not name.endswith(".") or last in words.SUFFIXES else name[:-1]


def _without_genitive(label: str) -> str:
    return label[:-2] if label.endswith(("'s", "’s")) else label


def _is_traveller(person: Person, surname: str, whole: str) -> bool:
    name = fold(person.name or "")
    return bool(name) and (
        name == whole or (name == surname and person.title in (None, "Secretary"))
    )


def _once(people: Sequence[Person]) -> tuple[Person, ...]:
    """Without those named before: in full again, or by the surname alone."""
    kept: list[Person] = []
    named: set[str] = set()
    surnames: set[str] = set()
    titled: set[tuple[str, str | None, str | None]] = set()
    for person in people:
        name = fold(person.name or "")
        if name and person.title is None and (name in named or name in surnames):
            continue
        if name and (name, person.title, person.party) in titled:
            continue
        kept.append(person)
        if name:
            named.add(name)
            surnames.add(name.rsplit(maxsplit=1)[-1])
            titled.add((name, person.title, person.party))
    return tuple(kept)
