"""Names of persons: where one begins and ends, by the shape of its words alone.

Capitals, particles (`van der`, `bin`, `al-`), initials, numerals and `Jr.` make a name; offices,
months with a day, acronyms and the openings of sentences end it. A name that runs into
`Hotel` or `Conference` is the name of a thing.
"""

from collections.abc import Sequence
from functools import lru_cache

from app.importers.historian import remarks_words as words
from app.importers.historian.remarks_parties import party_at
from app.importers.historian.remarks_tokens import MOST_KEPT, Token, low_at

Range = tuple[int, int]
_LONGEST = 11
_ENDS = frozenset(("also", "afterwards", "afterward", "met", "attended", "returned", "departed"))
_DOTTED = frozenset(("u.s.", "u.n.", "u.k.", "e.u.", "d.c.", "u.a.e.", "u.s.a.", "a.m.", "p.m."))
_MAY_BE_SURNAMES = frozenset(("park", "hall", "day", "lake", "field", "house", "church", "bay"))
_AFTER_BARE = words.listed(
    """, . ; : ) ( and in at on to during while regarding concerning about for en before after
    near aboard as over who prior following together along"""
) | {""}


def name_at(tokens: Sequence[Token], index: int) -> Range | None:
    """The name that begins at a token, as a range of tokens; None if none does."""
    at = index
    while at < min(len(tokens), index + _LONGEST):
        token = tokens[at]
        if _particle(tokens, at, begun=at > index):
            at += 1
        elif token.text == "," and at > index and low_at(tokens, at + 1) in words.SUFFIXES:
            return index, at + 2
        elif not _belongs(tokens, at, begun=at > index):
            break
        else:
            at += 1
            if token.possessive or token.low in ("jr.", "jr", "sr.", "sr"):
                break
    if at > index and not tokens[at - 1].possessive and _is_thing(tokens, at, at - index):
        return None
    return (index, at) if at > index else None


def untitled_at(tokens: Sequence[Token], index: int) -> Range | None:
    """A name without an office, under stricter rules; honorifics before it are passed over."""
    at = index
    while low_at(tokens, at) in words.HONORIFICS:
        at += 1
    if low_at(tokens, at) == "the" and _known(tokens, at + 1):
        return at + 1, at + 3
    if party_at(tokens, at) > at:
        return None
    found = name_at(tokens, at)
    if found is None or tokens[found[1] - 1].possessive:
        return None
    if any(_anonymous(tokens[place]) for place in range(*found)):
        return None
    after = low_at(tokens, found[1])
    if after in _AFTER_BARE or after in words.MONTHS or (after == "of" and _of(tokens, found[1])):
        return found
    return None


def _known(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name follows that is a dignity and a name at once."""
    return (low_at(tokens, index), low_at(tokens, index + 1)) in (
        ("dalai", "lama"),
        ("panchen", "lama"),
        ("aga", "khan"),
    )


def _of(tokens: Sequence[Token], index: int) -> bool:
    start = index + 1 + (low_at(tokens, index + 1) == "the")
    return party_at(tokens, start) > start


def _anonymous(token: Token) -> bool:
    low = token.low
    return (
        low in words.NOBODY
        or low in words.EVENTS
        or (low in words.BODIES and low not in _MAY_BE_SURNAMES)
        or low in words.GROUPS
        or low in words.FACILITIES - _MAY_BE_SURNAMES
        or low in words.STARTERS
        or low in words.ADJECTIVES
    )


def _particle(tokens: Sequence[Token], at: int, *, begun: bool) -> bool:
    """A small word inside a name, or before it, that another part of the name follows."""
    low = tokens[at].low
    if tokens[at].capital or tokens[at].possessive:
        return False
    if low not in words.PARTICLES and not (begun and low in words.JOINTS):
        return False
    following = at + 1
    while low_at(tokens, following) in words.PARTICLES and not tokens[following].capital:
        following += 1
        if following - at > 4:
            return False
    return following < len(tokens) and _belongs(tokens, following, begun=True)


def _belongs(tokens: Sequence[Token], at: int, *, begun: bool) -> bool:
    """Whether a word can be part of a name at its place."""
    token = tokens[at]
    low = token.low
    if not token.word or not _shaped(token.text) or low in _ENDS:
        return False
    if begun and tokens[at - 1].text.endswith(".") and _opens(token):
        return False
    if low in words.MONTHS and low_at(tokens, at + 1)[:1].isdigit():
        return False
    if _is_office(low):
        if begun and tokens[at - 1].low in words.PARTICLES:
            return True  # bin Sultan
        return begun and low in words.SURNAME_HEADS and not _is_office(low_at(tokens, at + 1))
    if not begun:
        return low not in words.EVENTS and low not in words.BODIES - _MAY_BE_SURNAMES
    return low not in words.EVENTS


def _is_office(low: str) -> bool:
    if low in words.HEADS or low in words.PLURAL_HEADS:
        return low not in words.NUMERALS
    return low in ("prime", "foreign", "vice", "deputy", "acting")


@lru_cache(maxsize=MOST_KEPT)
def _shaped(text: str) -> bool:
    """Whether a word looks like part of a name: `al-Sisi`, `O'Neill`, `II`, no `NATO`, no `23`."""
    if not text[0].isalpha():
        return False
    if any(sign.isdigit() for sign in text):
        return False
    if text[0].islower():
        return any(sign.isupper() for sign in text[1:])
    letters = [sign for sign in text if sign.isalpha()]
    if len(letters) > 1 and "." in text[:-1]:  # `V.M.` may be initials, `U.S.` may not
        return len(letters) <= 3 and "-" not in text and text.lower() not in _DOTTED
    acronym = len(letters) > 1 and all(sign.isupper() for sign in letters)
    return not acronym or text.rstrip(".").lower() in words.SUFFIXES


def _opens(token: Token) -> bool:
    """Whether a word after a full stop rather opens a sentence than goes on with a name."""
    return token.low in words.STARTERS or (token.low.endswith("ed") and token.low != "mohamed")


def _is_thing(tokens: Sequence[Token], after: int, length: int) -> bool:
    """Whether the words go on to something that is named after a person."""
    low = low_at(tokens, after)
    if low in words.EVENTS and tokens[after].capital:
        return True
    last = tokens[after - 1].low
    return length > 1 and last in (words.FACILITIES | words.BODIES) - _MAY_BE_SURNAMES
