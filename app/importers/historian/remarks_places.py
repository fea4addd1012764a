"""Localities that a text states: `in New York City`, `at Hyde Park (New York)`, `visited Boston`.

As they stand in the text, with the state in brackets beside them; what place they are is the
importer's business. Nothing is taken from `In U.S.`, nor from the names of conferences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.importers.historian.remarks_parties import party_at
from app.importers.historian.remarks_tokens import Token, low_at
from app.importers.historian.remarks_words import BODIES, EVENTS, HEADS, HONORIFICS, MONTHS, listed

_LONGEST = 6


class Presence(StrEnum):
    """What the text says of a place."""

    HELD_AT = "held_at"
    VISITED = "visited"


@dataclass(frozen=True, slots=True)
class StatedPlace:
    """A place as a range of tokens, and the state or province that is named with it."""

    name: tuple[int, int]
    region: tuple[int, int] | None
    presence: Presence
    after: int


_VISITED = listed("visited visiting to visted revisited toured")
_AT = listed("in at near aboard")
_NO_PLACES = (
    EVENTS
    | BODIES
    | HEADS
    | HONORIFICS
    | frozenset(MONTHS)
    | listed(
        """u.s. us united states u.n. un congress nsc president's bicentennial africa asia europe
    east american european washington's supreme pan middle world joint white"""
    )
)
_REGIONS = frozenset(
    tuple(name.split())
    for name in """
    ca|ny|md|de|dc|d.c.|va|ma|il|tx|fl|ga|pa|nj|ct|az|wa|hi|co|nm|mi|tn|arizona|alaska
    |florida|california|texas|virginia|maryland|hawaii|georgia|massachusetts|puerto rico
    |conn.|mass.|new york|pennsylvania|tennessee|colorado|illinois|louisiana|michigan|n.c.
    |s.c.|n.h.|n.j.|n.m.|calif.|fla.|tex.|va.|ga.|pa.|minnesota|ohio|missouri|new jersey
    |new mexico|nevada|utah|maine|vermont|oregon|washington
    """.replace("\n    ", "").split("|")
)


def stated_places(
    tokens: Sequence[Token], taken: Sequence[tuple[int, int]]
) -> tuple[StatedPlace, ...]:
    """The localities of a description, in its order; never inside the ranges that are taken."""
    inside = {place for first, after in taken for place in range(first, after)}
    found: list[StatedPlace] = []
    presence: Presence | None = None
    for index, token in enumerate(tokens):
        if found and index < found[-1].after:
            continue
        if token.text in ".;":
            presence = None
        elif token.low in _VISITED | _AT and index not in inside:
            presence = Presence.HELD_AT if token.low in _AT else Presence.VISITED
            if token.low == "in" and low_at(tokens, index - 1) in ("visit", "vacationed"):
                presence = Presence.VISITED
            if token.low == "to" and low_at(tokens, index - 1) not in ("visit", "trip", "traveled"):
                presence = None
        elif token.low in (",", "and", "the"):
            continue
        elif presence and index not in inside:
            place = _place(tokens, index, presence, inside)
            if place:
                found.append(place)
            elif token.low not in ("(", ")"):
                presence = None
    return tuple(found)


def _abroad(tokens: Sequence[Token], index: int) -> bool:
    """Whether a foreign country or its capital is named; states of the Union are not."""
    end = party_at(tokens, index)
    return end > index and tokens[index].low not in ("georgia", "hawaii", "puerto", "washington")


def _place(
    tokens: Sequence[Token], index: int, presence: Presence, inside: set[int]
) -> StatedPlace | None:
    if not _placelike(tokens[index]) or _abroad(tokens, index):
        return None
    at = index + 1
    while at < min(len(tokens), index + _LONGEST) and at not in inside:
        if not _placelike(tokens[at]) and tokens[at].low not in ("force", "house", "college"):
            break
        at += 1
    if at == index or low_at(tokens, at) in EVENTS:
        return None
    region, after = _region(tokens, at)
    return StatedPlace((index, at), region, presence, after)


def _placelike(token: Token) -> bool:
    return (
        token.word and token.capital and not token.low[0].isdigit() and token.low not in _NO_PLACES
    )


def _region(tokens: Sequence[Token], at: int) -> tuple[tuple[int, int] | None, int]:
    """The state behind a place, in brackets or after a comma."""
    start = at + (low_at(tokens, at) == ",")
    if low_at(tokens, start) == "(":
        end = start + 1
        while end < len(tokens) and end - start < 4 and _placelike(tokens[end]):
            end += 1
        if end > start + 1 and low_at(tokens, end) == ")":
            return (start + 1, end), end + 1
    elif start > at:
        for length in (2, 1):
            name = tuple(token.low for token in tokens[start : start + length])
            after = low_at(tokens, start + length)
            short = any(len(word) == 2 or word.endswith(".") for word in name)
            ends = ("", ".", ";", "on", ",", "and") if short else ("", ".", ";", "on")
            if len(name) == length and name in _REGIONS and after in ends:
                return (start, start + length), start + length
    return None, at
