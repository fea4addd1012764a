"""Days that a remark states: `April 23–24`, `May 31`, `January 9, 1939`.

A day without a year is in the year of the record; of several years it could be, the one that
brings it nearest to the record's span. What is no day of the calendar is left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Day

from app.importers.historian.remarks_tokens import Token, low_at
from app.importers.historian.remarks_words import MONTHS

_DASHES = ("-", "–", "—", "‑")
_SPAN = re.compile(r"([0-9]{1,2})[-–—‑]([0-9]{1,2})")
_MOVES = ("left", "departed", "returned", "arrived", "disembarked", "embarked")


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A day or span of days in a remark."""

    edtf: str
    context: str
    """The word it belongs to: `left`, `returned`, `arrived`, `departed`, `in` (the country), ``."""
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class _Point:
    month: int
    day: int
    year: int | None


def stated_days(tokens: Sequence[Token], start: Day, end: Day) -> tuple[StatedDay, ...]:
    """Every day stated, in the order of the text."""
    found: list[StatedDay] = []
    index = 0
    while index < len(tokens):
        points, after = _points(tokens, index)
        if not points:
            index += 1
            continue
        context = _context(tokens, index)
        for first, last in points:
            edtf = _edtf(first, last, start, end)
            if edtf:
                found.append(StatedDay(edtf, context, index, after))
        index = after
    return tuple(found)


def _points(tokens: Sequence[Token], index: int) -> tuple[list[tuple[_Point, _Point]], int]:
    """The spans that begin with a month at a token: `May 4-5, 6-7 and 9`; empty if none do."""
    month = MONTHS.get(low_at(tokens, index))
    if month is None or not tokens[index].capital:
        return [], index
    at = index + 1
    spans: list[tuple[_Point, _Point]] = []
    while span := _span(tokens, at, month):
        first, last, at = span
        year = _year(tokens, at)
        if year:
            number, at = year
            first, last = (_Point(one.month, one.day, number) for one in (first, last))
        spans.append((first, last))
        more = at
        while low_at(tokens, more) in (",", "and"):
            more += 1
        if more == at or not _number(low_at(tokens, more)[:1]):
            break
        following = _span(tokens, more, month)
        if following is None or _noun(tokens, following[2]):
            break
        at = more
    return spans, at


def _noun(tokens: Sequence[Token], index: int) -> bool:
    """Whether a number counts something, as in `and 5 ministers`."""
    return (
        index < len(tokens)
        and tokens[index].word
        and low_at(tokens, index)
        not in (
            "and",
            "at",
            "in",
            "to",
            "with",
            "for",
            "en",
            "during",
        )
    )


def _span(tokens: Sequence[Token], at: int, month: int) -> tuple[_Point, _Point, int] | None:
    low = low_at(tokens, at)
    joined = _SPAN.fullmatch(low)
    if joined:
        one, other = (int(part) for part in joined.groups())
        return _Point(month, one, None), _Point(month, other, None), at + 1
    if not _number(low):
        return None
    first = _Point(month, int(low), None)
    if low_at(tokens, at + 1) in _DASHES:
        if _number(low_at(tokens, at + 2)):
            return first, _Point(month, int(low_at(tokens, at + 2)), None), at + 3
        later = MONTHS.get(low_at(tokens, at + 2))
        if later and _number(low_at(tokens, at + 3)):
            return first, _Point(later, int(low_at(tokens, at + 3)), None), at + 4
    return first, first, at + 1


def _number(low: str) -> bool:
    return low.isascii() and low.isdigit() and len(low) <= 2


def _year(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    at += low_at(tokens, at) == ","
    low = low_at(tokens, at)
    if len(low) == 4 and low.isascii() and low.isdigit() and 1700 < int(low) < 2200:
        return int(low), at + 1
    return None


def _context(tokens: Sequence[Token], index: int) -> str:
    """The movement that a day belongs to, if the words before it tell of one."""
    for at in range(index - 1, max(-1, index - 5), -1):
        low = tokens[at].low
        if low in _MOVES:
            return low
        if low == "in" and low_at(tokens, at + 1) in ("u.s.", "the"):
            return "in"
        if low in (".", ";", ","):
            break
    return ""


def _edtf(first: _Point, last: _Point, start: Day, end: Day) -> str | None:
    for one in _dated(first, start, end):
        other = last
        if last.year is None and (last.month, last.day) < (first.month, first.day):
            other = _Point(last.month, last.day, one.year + 1)
        elif last.year is None:
            other = _Point(last.month, last.day, one.year)
        finish = _day(other.year or one.year, other.month, other.day)
        if finish is None or finish < one:
            return None
        return one.isoformat() if one == finish else f"{one.isoformat()}/{finish.isoformat()}"
    return None


def _dated(point: _Point, start: Day, end: Day) -> Iterator[Day]:
    """The day in the year that is stated, or else in the one nearest to the record's span."""
    years = [point.year] if point.year else range(start.year - 1, end.year + 2)
    days = [day for year in years if (day := _day(year, point.month, point.day))]
    yield from sorted(days, key=lambda day: max((start - day).days, (day - end).days, 0))[:1]


def _day(year: int, month: int, day: int) -> Day | None:
    try:
        return Day(year, month, day)
    except ValueError:
        return None
