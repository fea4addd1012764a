"""The order of a search's hits, and how many of them there are of each kind.

Computed here and not by the databases, which rank in ways of their own: the same question has
the same order on both.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log1p
from typing import Any, NamedTuple

from app.questions import BETWEEN_TEXTS, BEYOND, Mark, Question

FOUND, SHARE, TOGETHER, BREVITY = 0.5, 0.25, 0.15, 0.1
"""What counts how much; the sum is 1."""

Json = dict[str, Any]


class Hit(NamedTuple):
    """A hit with what it is ordered by; `number` grows as records are recorded."""

    number: int
    rank: float
    day: str | None
    marks: str


class Measure:
    """Ranks the hits of one question."""

    def __init__(self, question: Question) -> None:
        self.patterns = [
            f" {' '.join(term.units)}" + ("" if term.is_beginning else " ")
            for term in question.terms
        ]
        self.size = sum(len(term.units) for term in question.terms)

    def rank(self, head: str, length: int | None, *, together: bool) -> float:
        """Between 0 and 1: how many of the words stand in titles and names; how much of one of
        these they make up; whether they stand together; how short the whole is.
        """
        score = BREVITY / (1 + log1p((length or 0) / 10)) + TOGETHER * together
        if head:
            found = self.found(head)
            if found:
                share = max(map(self.share, head.split(BETWEEN_TEXTS)))
                score += FOUND * found / len(self.patterns) + SHARE * share
        return round(score, 4)

    def found(self, text: str) -> int:
        return sum(pattern in text for pattern in self.patterns)

    def share(self, text: str) -> float:
        """How much of a text the words make up: 1 where it consists of them."""
        found = self.found(text) / len(self.patterns)
        return found * min(1.0, self.size / (text.count(" ") - 1))


def ranked(question: Question, rows: Iterable[Sequence[Any]]) -> list[Hit]:
    """The rows of `app.queries.search.candidates` as hits."""
    measure = Measure(question)
    return [
        Hit(
            number,
            measure.rank(head, length, together=bool(together)),
            None if first is None and last is None else str(first or last),
            marks,
        )
        for number, head, marks, length, first, last, together in rows
    ]


Key = float | str
UNDATED = {"date": "9999-12-31", "-date": "0000-00-00"}


def key(hit: Hit, sort: str) -> Key:
    """What a hit is ordered by."""
    return hit.rank if sort == "rank" else hit.day or UNDATED[sort]


def in_order(hits: Iterable[Hit], sort: str) -> list[Hit]:
    """Equals are in the order in which they were recorded, the last first."""
    by_number = sorted(hits, key=lambda hit: -hit.number)
    return sorted(by_number, key=lambda hit: key(hit, sort), reverse=sort != "date")


def after(hits: list[Hit], sort: str, position: tuple[Key, int]) -> list[Hit]:
    """What follows the hit at a position, which need not be there any more."""
    reached, number = position

    def follows(hit: Hit) -> bool:
        own: Any = key(hit, sort)
        if own == reached:
            return hit.number < number
        return bool(own > reached if sort == "date" else own < reached)

    return [hit for hit in hits if follows(hit)]


def facets(hits: Iterable[Hit]) -> dict[Mark, list[tuple[str, int]]]:
    """How many hits have each type and party, the most first, and each year, in order."""
    counts = Counter(" ".join(hit.marks for hit in hits).split())
    found: dict[Mark, list[tuple[str, int]]] = {Mark.TYPE: [], Mark.PARTY: [], Mark.YEAR: []}
    for said, count in sorted(counts.items()):
        what, value = said[0], said[1:]
        if what in found and value != BEYOND:
            found[Mark(what)].append((value, count))
    for what in (Mark.TYPE, Mark.PARTY):
        found[what].sort(key=lambda each: -each[1])
    return found
