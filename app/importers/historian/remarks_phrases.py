"""The noun phrases of a remark: a person with office and name, an office alone, a group.

A grammar, read from left to right without going back further than a fixed number of tokens:
`[the] [party] office [of portfolio or party] [and office] [honorific] name [of party]`.
It says what a phrase is; whether it was met, accompanied or mourned is said elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.importers.historian import remarks_words as words
from app.importers.historian.remarks_names import name_at, untitled_at
from app.importers.historian.remarks_offices import Office, office_at, title_run
from app.importers.historian.remarks_parties import party_at
from app.importers.historian.remarks_tokens import Token, low_at

Range = tuple[int, int]
_LONGEST_GROUP = 8
_LEAD = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands where, as ranges of tokens."""

    first: int
    after: int
    name: Range | None = None
    title: Range | None = None
    honorific: Range | None = None
    party: Range | None = None
    group: bool = False
    """Several people of whom none is named, such as `senior officials`."""
    possessive: bool = False
    """A genitive: the phrase is not about the person, but about something of theirs."""
    body: bool = False
    """A body as such, named by `name`: no person."""


def persons_at(tokens: Sequence[Token], index: int) -> tuple[Phrase, ...]:
    """The persons with an office who are named from a token on; several after a plural.

    A single phrase without a name is an office alone. Empty if no office stands there.
    """
    start, exalted, determined = _lead(tokens, index)
    office = office_at(tokens, start, determined=determined)
    if office is None:
        if exalted and (name := name_at(tokens, start)):
            return (_closed(tokens, Phrase(index, name[1], name=name, honorific=exalted)),)
        return ()
    if office.plural:
        return _several(tokens, index, office)
    phrase = Phrase(
        index,
        office.after,
        title=office.title,
        honorific=exalted or office.honorific,
        party=office.party,
    )
    found = office.name or _named(tokens, office)
    if found:
        if not exalted and office.honorific is None and found[0] > office.after:
            phrase = replace(phrase, honorific=(office.after, found[0]))
        return (_closed(tokens, replace(phrase, name=found, after=found[1])),)
    if office.lower or _goes_on(tokens, office.after):
        return ()
    apposed = _apposed(tokens, office.after) if determined or office.party else None
    if apposed:
        return (_closed(tokens, replace(phrase, name=apposed, after=apposed[1])),)
    return (phrase,)


def group_at(tokens: Sequence[Token], index: int) -> Phrase | None:
    """People without a name: `senior Saudi officials`, `counterparts`, `leaders`."""
    start = index
    while start < len(tokens) and tokens[start].low in words.DETERMINERS | {"other", "with"}:
        start += 1
    party: Range | None = None
    at = start
    while at < min(len(tokens), start + _LONGEST_GROUP):
        token = tokens[at]
        if token.low in words.GROUPS and not token.possessive:
            after, later = _of_party(tokens, at + 1)
            return Phrase(index, after, title=(start, after), party=party or later, group=True)
        end = party_at(tokens, at)
        if end > at:
            party, at = (at, end), end
        elif token.word and (token.capital or _describes(token)):
            at += 1
        else:
            return None
    return None


def body_at(tokens: Sequence[Token], index: int) -> Phrase | None:
    """A body that is met as such: `the North Atlantic Council`, `the Israeli War Cabinet`.

    Two capitals at least, the last one what it is, and nothing behind it that it would only
    belong to.
    """
    start = index + (low_at(tokens, index) == "the")
    at, party = start, None
    while at < min(len(tokens), start + _LONGEST_GROUP):
        token = tokens[at]
        if not token.word or not token.capital or token.possessive:
            return None
        if at > start and token.low in words.MET_BODIES:
            following = low_at(tokens, at + 1)
            if following not in ("", ",", ".", ";", "and", "in", "at", "to", "on"):
                return None
            return Phrase(index, at + 1, name=(start, at + 1), party=party, body=True)
        end = party_at(tokens, at) if party is None else at
        if end > at and low_at(tokens, end - 1) not in words.MET_BODIES:
            party, at = (at, end), end
        else:
            at += 1
    return None


def _of_party(tokens: Sequence[Token], index: int) -> tuple[int, Range | None]:
    """Past `of Bosnia`, and the party in it."""
    if low_at(tokens, index) not in ("of", "from"):
        return index, None
    start = index + 1 + (low_at(tokens, index + 1) == "the")
    end = party_at(tokens, start)
    if end == start or (end < len(tokens) and tokens[end].capital):
        return index, None
    return end, (start, end)


def _describes(token: Token) -> bool:
    """Whether a small word may stand before `officials`."""
    return token.low not in words.SMALL and not token.low.endswith("ed")


def bare_name_at(tokens: Sequence[Token], index: int) -> Phrase | None:
    """A name without an office, an office in apposition behind it perhaps."""
    found = untitled_at(tokens, index)
    if found is None:
        return None
    honorific = (index, found[0]) if found[0] > index else None
    phrase = _closed(tokens, Phrase(index, found[1], name=found, honorific=honorific))
    if low_at(tokens, phrase.after) != ",":
        return phrase
    start, _, determined = _lead(tokens, phrase.after + 1)
    office = office_at(tokens, start, determined=determined)
    if office is None or office.plural or _named(tokens, office) or office.name:
        return phrase
    if low_at(tokens, office.after) not in ("", ",", ".", ";", "and", ")"):
        return phrase
    return replace(phrase, title=office.title, party=office.party, after=office.after)


def _lead(tokens: Sequence[Token], index: int) -> tuple[int, Range | None, bool]:
    """Past articles and forms of address: where the office may begin, and what was passed."""
    at, exalted, determined = index, None, False
    for _ in range(_LEAD):
        if low_at(tokens, at) in ("his", "her", "their"):
            end = at + 2 if low_at(tokens, at + 1) not in ("royal", "imperial") else at + 3
            if low_at(tokens, end - 1) in words.EXALTED:
                at, exalted = end, (at, end)
                continue
        if low_at(tokens, at) not in words.DETERMINERS:
            break
        determined = determined or low_at(tokens, at) == "the"
        at += 1
    return at, exalted, determined


def _named(tokens: Sequence[Token], office: Office) -> Range | None:
    """The name behind an office, honorifics left out."""
    at = office.after
    while low_at(tokens, at) in words.HONORIFICS and tokens[at].capital:
        at += 1
    return name_at(tokens, at) or (name_at(tokens, office.after) if at > office.after else None)


def _several(tokens: Sequence[Token], index: int, office: Office) -> tuple[Phrase, ...]:
    """Presidents A, B and C; or, if no name follows, the office as a group."""
    found: list[Phrase] = []
    at = office.after
    while name := name_at(tokens, at):
        phrase = Phrase(index, name[1], name=name, title=office.title, party=office.party)
        found.append(_closed(tokens, phrase))
        at = found[-1].after
        while low_at(tokens, at) in (",", "and", "&"):
            at += 1
        if at == found[-1].after or title_run(tokens, at) or party_at(tokens, at) > at:
            break
    if found:
        return tuple(found)
    if _goes_on(tokens, office.after):
        return ()
    whole = Phrase(index, office.after, title=office.title, party=office.party, group=True)
    return tuple(replace(whole, party=party) for party in _parties(tokens, office)) or (whole,)


def _parties(tokens: Sequence[Token], office: Office) -> tuple[Range, ...]:
    """The parties that an office in the plural is of: the Presidents of A, B and C."""
    found: list[Range] = []
    if office.title is None or office.party is None or office.party[0] < office.title[0]:
        return ()
    at = office.title[0]
    while at < office.after:
        end = party_at(tokens, at)
        if end > at:
            found.append((at, end))
        at = max(end, at + 1)
    return tuple(found) if len(found) > 1 else ()


def _closed(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """The phrase with the party that follows it, and whether it is a genitive."""
    possessive = tokens[phrase.after - 1].possessive
    at = phrase.after
    bracket = low_at(tokens, at) == "("
    if bracket or low_at(tokens, at) == "of":
        at += 1
        at += low_at(tokens, at) == "the"
        end = party_at(tokens, at)
        closed = low_at(tokens, end) == ")" if bracket else not tokens[end - 1].possessive
        if end > at and closed:
            return replace(phrase, party=phrase.party or (at, end), after=end + bracket)
    return replace(phrase, possessive=possessive)


def _apposed(tokens: Sequence[Token], index: int) -> Range | None:
    """A name that a comma joins to the office before it."""
    if low_at(tokens, index) != "," or title_run(tokens, index + 1):
        return None
    found = untitled_at(tokens, index + 1)
    if found is None or low_at(tokens, found[1]) not in ("", ",", ".", ";"):
        return None
    return found


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether the office belongs to a longer phrase: a meeting of ministers, a hotel."""
    low = low_at(tokens, index)
    return low in words.EVENTS or low in words.BODIES or low in words.FACILITIES or low == "-"
