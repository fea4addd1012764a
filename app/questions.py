"""What a question to the full text asks for: words, phrases, beginnings of words.

A question never fails to parse: what is no word, no phrase and no beginning is punctuation, as
it is in the texts. One that holds no word at all asks for nothing.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from app.folding import IDEOGRAPHS, LONGEST_TOKEN, WORD, fold, query_tokens, units

QUOTED = re.compile('["“”„‟«»＂]([^"“”„‟«»＂]*)["“”„‟«»＂]')
BEGINNING = re.compile(r"(?<![^\W_])([^\W_]++)[*＊](?!\w)")
"""Each word is looked at once, however long: no search begins in the middle of one or goes back."""

SHORTEST_BEGINNING = 3

BETWEEN_TEXTS = "|"
"""Parts the texts of a record, so that no phrase reaches from one into the next."""

MOST_YEARS = 100
FIRST_YEAR, LAST_YEAR = 1600, 2199
BEYOND = "beyond"
"""Of a span that is open, has more years than `MOST_YEARS`, or leaves the years between
`FIRST_YEAR` and `LAST_YEAR`: its marks do not say all of its years.
"""


class Mark(StrEnum):
    """What a record is filtered and counted by; the letter comes first in a mark."""

    DECADE = "e"

    TYPE = "k"
    PARTY = "p"
    YEAR = "y"
    TOPIC = "t"
    DATASET = "d"


def mark(what: Mark, value: str) -> str:
    """A mark as one word for both databases: of letters, digits and a sign beyond ASCII."""
    safe = (sign if sign.isascii() and sign.isalnum() else f"§{ord(sign):x}§" for sign in value)
    return what + "".join(safe)


def set_apart(mark: str) -> str:
    """A mark as a token; no text holds one, because § is no letter."""
    return f"§{mark}"


def in_head(token: str) -> str:
    """The token of a word where it stands in a title or a name."""
    return f"¶{token}"


def marks_of_span(first: date | None, last: date | None) -> list[str]:
    """The years and decades in which something may be that has at least one end; of a span
    whose years are too many, or too far off, those of its known ends.
    """
    ends = [each.year for each in (first, last) if each is not None]
    start, end = ends[0], ends[-1]
    is_told = len(ends) == 2 and end - start < MOST_YEARS
    years = range(start, end + 1) if is_told else ends
    found = [mark(Mark.YEAR, f"{year:04}") for year in years]
    found += dict.fromkeys(mark(Mark.DECADE, f"{year // 10:03}") for year in years)
    if not is_told or start < FIRST_YEAR or end > LAST_YEAR:
        found.append(mark(Mark.YEAR, BEYOND))
    return found


def marks_of_range(first: date | None, last: date | None) -> list[str]:
    """Marks of which every record has one that may fall between two days, and hardly another."""
    start = FIRST_YEAR if first is None else max(first.year, FIRST_YEAR)
    end = LAST_YEAR if last is None else min(last.year, LAST_YEAR)
    if end - start < 10:
        found = [mark(Mark.YEAR, f"{year:04}") for year in range(start, end + 1)]
    else:
        found = [mark(Mark.DECADE, f"{each:03}") for each in range(start // 10, end // 10 + 1)]
    return [*found, mark(Mark.YEAR, BEYOND)]


class Term(NamedTuple):
    """A word or a phrase as one would point it out in a text: its units in order."""

    units: tuple[str, ...]
    is_beginning: bool = False
    """The last unit is only how a word begins."""

    is_quoted: bool = False
    """It occurs as it stands; else signs may stand apart, in pairs."""


@dataclass(frozen=True, slots=True)
class Question:
    """All of it must occur in a text.

    `tokens` are those of the words and of the words of the phrases; `phrases` are sequences of
    at least two units with blanks between them; each of the `beginnings` is that of some word.
    `terms` are what was asked for once more, in no particular order.
    """

    tokens: tuple[str, ...]
    phrases: tuple[str, ...]
    beginnings: tuple[str, ...]
    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.tokens or self.beginnings)


def runs(found: list[str]) -> list[list[str]]:
    """Signs that follow one another are looked for together, words each alone."""
    parts: list[list[str]] = []
    for is_sign, group in groupby(found, lambda each: bool(IDEOGRAPHS.match(each))):
        some = list(group)
        parts += [some] if is_sign else [[word] for word in some]
    return parts


def parse(text: str) -> Question:
    """Take a question apart. A quotation mark without its second is punctuation."""
    quotations = QUOTED.findall(text)
    quoted = [found for found in map(units, quotations) if found]
    rest = QUOTED.sub(" ", text)
    beginnings = [
        folded
        for found in BEGINNING.findall(rest)
        if WORD.fullmatch(folded := fold(found)) and not IDEOGRAPHS.search(folded)
    ]
    plain = BEGINNING.sub(lambda found: " " if fold(found[1]) in beginnings else found[0], rest)
    terms = [
        *(Term(tuple(each), is_quoted=True) for each in quoted),
        *(Term(tuple(run)) for word in WORD.findall(fold(plain)) for run in runs(units(word))),
        *(Term((each,), is_beginning=True) for each in beginnings),
    ]
    return Question(
        tuple(query_tokens(" ".join([plain, *quotations]))),
        tuple(dict.fromkeys(" ".join(each) for each in quoted if len(each) > 1)),
        tuple(dict.fromkeys(each[:LONGEST_TOKEN] for each in beginnings)),
        tuple(dict.fromkeys(terms)),
    )
