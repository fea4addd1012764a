"""Uncertain dates: how they are read, which days they cover, and whether a tenure covers a day.

Owns the project's reading of EDTF (Library of Congress, 4 February 2019; ISO 8601-2:2019):
level 0, and of level 1 the qualifiers `? ~ %`, the decade `195X`, the century `19XX`, and
intervals with an open (`..`) or unknown (empty) end. Refuses all else by name: seasons, sets,
unspecified months and days, years outside 0001 to 9999, and every form of level 2.

Days are those of the proleptic Gregorian calendar; all bounds are inclusive. Nothing is ever
sharpened: a missing bound is None, whether the end is open or unknown, and the difference
stays legible in the text.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import inf
from typing import NamedTuple

from app.vocabulary import DatePrecision

MAX_LENGTH = 64

_POINT = re.compile(
    r"(?!0000|000X|00XX)"
    r"(?:([0-9]{2})XX|([0-9]{3})X"
    r"|([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?)"
    r"([?~%]?)"
)
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DAY = "(?:0[1-9]|[12][0-9]|3[01])"
_PLAIN_OR_VAGUE = (
    "(?:(?:[1-9][0-9]|0[1-9])XX|(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])X"
    f"|{_YEAR}(?:-(?:0[1-9]|1[0-2])(?:-{_DAY})?)?)[?~%]?"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DATE_TIME = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_CLOCK}:[0-5][0-9]"
    rf"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?)?"
)
_PLAIN = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_NO_BOUND = ("", "..")

PATTERN = (
    f"^(?:{_PLAIN_OR_VAGUE}(?:/(?:{_PLAIN_OR_VAGUE}|[.][.])?)?|(?:[.][.])?/{_PLAIN_OR_VAGUE}"
    f"|{_YEAR}-(?:0[1-9]|1[0-2])-{_DAY}T{_CLOCK}:[0-5][0-9]"
    "(?:Z|[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?)?)$"
)
"""What `parse` takes, for those who describe it; the days of a month and the order of an
interval are beyond it.
"""

_ANY_FORM = (
    "an EDTF date such as 2023, 2023-06, 2023-06-19, 2023-06-19T16:30:00+08:00, 195X or 19XX, "
    "with ? ~ or % after an uncertain or approximate one, "
    "or an interval such as 2023-06-17/2023-06-19, 1985/.. or /1985"
)
_PLAIN_FORM = "YYYY, YYYY-MM or YYYY-MM-DD"
_DAY_FORM = "a day as YYYY-MM-DD"

_PROBLEMS = tuple(
    (re.compile(pattern), problem)
    for pattern, problem in (
        (r"^$", "it is empty"),
        (r"[^!-~]", "only ASCII digits and signs may stand in it, and no white space"),
        (r"[\[\]{},]", "sets and lists of dates are not supported"),
        (r"\.\.", "two dots may only stand alone, on one side of an interval's slash"),
        (r"^[0-9]{8}$", "hyphens divide year, month and day"),
        (r"^[-+]|Y|^[0-9]{5}|^0000|^000X|^00XX", "years run from 0001 to 9999, in four digits"),
        (r"^....-(2[1-9]|3[0-9]|4[01])", "seasons and other parts of a year are not supported"),
        (r"X", "X may only replace the last digit, or the last two, of a year that stands alone"),
        (r"^[0-9-]*T", "a time follows one full date, as hh:mm:ss, then Z, +hh, +hh:mm or nothing"),
        (r"[?~%]", "? ~ and % may only stand once, at the end of a date without a time"),
        (r"^....-..(-..)?$", "months run from 01 to 12 and days from 01 to 31"),
    )
)
"""Why a text is refused: the first pattern found in it gives the reason."""


class InvalidDate(ValueError):
    """A text that is no date, or none that is accepted where it stands; the message says why."""

    def __init__(self, text: str, problem: str, expected: str = _ANY_FORM) -> None:
        shown = text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}..."
        super().__init__(f"{shown!r} cannot be read: {problem}. Expected {expected}.")


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date as known: its text as given, and the first and last day that it can mean.

    At least one bound is a day, and they are in order. None is no bound: an end that is open
    or unknown. A date-time covers the calendar day as written, whatever its offset. The
    qualifiers (`?` uncertain, `~` approximate, `%` both) do not widen the bounds, as nobody
    has said by how much; an interval is qualified when either of its ends is.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    precision: DatePrecision
    uncertain: bool = False
    approximate: bool = False

    def overlaps(self, other_earliest: date | None, other_latest: date | None) -> bool:
        """Whether some day lies in both spans: inclusive, None unbounded, the other in order."""
        return (
            self.earliest is None or other_latest is None or self.earliest <= other_latest
        ) and (self.latest is None or other_earliest is None or other_earliest <= self.latest)

    def as_json(self) -> dict[str, str | None]:
        """The date object of the API; days are `YYYY-MM-DD`, a missing bound is null."""
        return {
            "edtf": self.edtf,
            "earliest": _iso(self.earliest),
            "latest": _iso(self.latest),
            "precision": self.precision.value,
        }


def parse(text: str) -> UncertainDate:
    """Read a date in the accepted part of EDTF; InvalidDate for anything else.

    An interval may mix precisions. It is refused only when no choice of days puts its start
    on or before its end: `2004-06-11/2004-06` may well be in order, `2004/1990` cannot be.
    """
    # The cache is behind this function because lru_cache would hide the signature from mypy.
    if len(text) > MAX_LENGTH:
        raise InvalidDate(text, f"it is longer than {MAX_LENGTH} characters")
    return _parse(text)


def parse_filter_bounds(text: str) -> tuple[date, date]:
    """The first and last day covered by `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; else InvalidDate."""
    point = _plain_point(text, _PLAIN_FORM)
    return point.earliest, point.latest


def parse_day(text: str) -> date:
    """The day written `YYYY-MM-DD`; InvalidDate for all else, coarser dates included."""
    point = _plain_point(text, _DAY_FORM)
    if point.precision is not DatePrecision.DAY:
        raise InvalidDate(text, "it is coarser than a day", _DAY_FORM)
    return point.earliest


class _Point(NamedTuple):
    earliest: date
    latest: date
    precision: DatePrecision
    qualifier: str = ""

    @property
    def uncertain(self) -> bool:
        return self.qualifier in ("?", "%")

    @property
    def approximate(self) -> bool:
        return self.qualifier in ("~", "%")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# Imports name the same days over and over; this holds every day of some twenty years.
@lru_cache(maxsize=8192)
def _parse(text: str) -> UncertainDate:
    if "/" in text:
        return _parse_interval(text)
    if match := _DATE_TIME.fullmatch(text):
        day = _parse_point(match[1], text, _ANY_FORM).earliest
        return UncertainDate(text, day, day, DatePrecision.MINUTE)
    point = _parse_point(text, text, _ANY_FORM)
    return UncertainDate(
        text, point.earliest, point.latest, point.precision, point.uncertain, point.approximate
    )


def _parse_interval(text: str) -> UncertainDate:
    first, _, second = text.partition("/")
    if "/" in second:
        raise InvalidDate(text, "it has more than one slash; one stands between start and end")
    if "T" in text:
        raise InvalidDate(text, "an interval runs between dates without times")
    start = None if first in _NO_BOUND else _parse_point(first, text, _ANY_FORM)
    end = None if second in _NO_BOUND else _parse_point(second, text, _ANY_FORM)
    if start is None and end is None:
        raise InvalidDate(text, "it has neither a start nor an end")
    if start and end and start.earliest > end.latest:
        raise InvalidDate(text, "it ends before it starts")
    ends = [point for point in (start, end) if point]
    return UncertainDate(
        text,
        start and start.earliest,
        end and end.latest,
        DatePrecision.INTERVAL,
        any(point.uncertain for point in ends),
        any(point.approximate for point in ends),
    )


def _plain_point(text: str, expected: str) -> _Point:
    if not _PLAIN.fullmatch(text):
        raise InvalidDate(text, "it is not a plain date", expected)
    return _parse_point(text, text, expected)


def _parse_point(part: str, whole: str, expected: str) -> _Point:
    """Read one date without a time; the error speaks of the whole text that it is part of."""
    match = _POINT.fullmatch(part)
    if match is None:
        known = (problem for pattern, problem in _PROBLEMS if pattern.search(part))
        raise InvalidDate(whole, next(known, "it has none of the accepted forms"), expected)
    century, decade, year, month, day, qualifier = match.groups()
    if century:
        first, last, precision = int(century) * 100, int(century) * 100 + 99, DatePrecision.CENTURY
    elif decade:
        first, last, precision = int(decade) * 10, int(decade) * 10 + 9, DatePrecision.DECADE
    else:
        first = last = int(year)
        precision = DatePrecision.YEAR
    if month is None:
        return _Point(date(first, 1, 1), date(last, 12, 31), precision, qualifier)
    days = monthrange(first, int(month))[1]
    if day is None:
        earliest, latest = date(first, int(month), 1), date(first, int(month), days)
        return _Point(earliest, latest, DatePrecision.MONTH, qualifier)
    if int(day) > days:
        raise InvalidDate(whole, f"{year}-{month} has only {days} days", expected)
    only = date(first, int(month), int(day))
    return _Point(only, only, DatePrecision.DAY, qualifier)


class Certainty(StrEnum):
    """Whether something is so in every reading of the record, in some, or in none."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


def holds_on(
    day: date,
    start: UncertainDate | None,
    end: UncertainDate | None,
    *,
    ongoing: bool,
    attested_until: date | None = None,
) -> Certainty:
    """Whether a tenure covers the day, its first and last day included.

    A missing start or end is unknown, and unknown is never YES: without an end nobody is an
    incumbent for certain after the start, unless `ongoing` (a source says that it goes on, so
    it has no end however late the day asked for) or up to `attested_until` (a source shows
    the office held on that day). A given end overrides `ongoing`; an attestation before the
    earliest start or after the latest end contradicts the record and counts for nothing.
    """
    return holds_throughout(day, day, start, end, ongoing=ongoing, attested_until=attested_until)


def holds_throughout(
    earliest: date | None,
    latest: date | None,
    start: UncertainDate | None,
    end: UncertainDate | None,
    *,
    ongoing: bool,
    attested_until: date | None = None,
) -> Certainty:
    """What `holds_on` says of each day from earliest to latest, if it is always the same.

    YES where it is YES on each of the days, NO where it is NO on each, else MAYBE. None is
    unbounded. The cost does not depend on the length of the span.
    """
    first, last = _ordinals(earliest, latest)
    starts = _ordinals(start.earliest, start.latest) if start else (-inf, inf)
    if end:
        ends = _ordinals(end.earliest, end.latest)
    else:
        ends = (inf, inf) if ongoing else (-inf, inf)
    if max(first, starts[0]) > min(last, ends[1]):
        return Certainty.NO
    # A tenure starts no later than it ends, so each date also bounds the other: a start in
    # 2023 with an end on 2023-07-25 makes that day certain. So does a day of attested office.
    started_by, lasted_until = min(starts[1], ends[1]), max(ends[0], starts[0])
    attested = attested_until.toordinal() if attested_until else None
    if attested is not None and starts[0] <= attested <= ends[1]:
        started_by, lasted_until = min(started_by, attested), max(lasted_until, attested)
    return Certainty.YES if started_by <= first and last <= lasted_until else Certainty.MAYBE


def _ordinals(earliest: date | None, latest: date | None) -> tuple[float, float]:
    # Infinities and not the calendar's edges: clients ask for 9999-12-31 and must get no
    # other answer than for the day before.
    return (
        -inf if earliest is None else earliest.toordinal(),
        inf if latest is None else latest.toordinal(),
    )
