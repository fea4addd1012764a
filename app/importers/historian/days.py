"""The dates of originals as EDTF: never sharper than stated, and what cannot be read left out."""

import re
from datetime import date
from functools import lru_cache

from app import dates

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NAMED_DAY = rf"({'|'.join(MONTHS)}) ([0-9]{{1,2}}), ([0-9]{{4}})"

ABOUT = re.compile(r"\b(?:about|approximately|circa)$", re.IGNORECASE)
PROBABLY = re.compile(r"\b(?:probably|presumably|possibly)(?: on)?$", re.IGNORECASE)
BETWEEN = re.compile(rf"\bbetween {NAMED_DAY},? and$", re.IGNORECASE)
NO_LATER = re.compile(r"\b(?:before|by|prior to|no later than)$", re.IGNORECASE)
NO_EARLIER = re.compile(r"\b(?:after|since|no earlier than)$", re.IGNORECASE)


@lru_cache(maxsize=8192)
def point(text: str) -> str | None:
    """A year, a month or a day as stated; None for anything else."""
    try:
        dates.parse_filter_bounds(text)
    except dates.InvalidDate:
        return None
    return text


def day_of(text: str) -> date | None:
    """A day as stated; None for what is coarser or no date."""
    try:
        return dates.parse_day(text)
    except dates.InvalidDate:
        return None


def span(start: str, end: str) -> tuple[str | None, str | None]:
    """Both ends as one date, and what was wrong with them, if anything.

    An end before its start is left out, and so is what is no date; the original keeps them.
    """
    first, last = point(start), point(end)
    wrong = [text for text, read in ((start, first), (end, last)) if read is None]
    problem = None
    if wrong:
        problem = f"expected two dates, found {start!r} and {end!r}"
    if first is None or last is None:
        return (first and f"{first}/") or (last and f"/{last}"), problem
    if first == last:
        return first, problem
    try:
        return dates.parse(f"{first}/{last}").edtf, problem
    except dates.InvalidDate:
        return first, f"ends on {end}, before it starts on {start}"


def qualified(text: str, note: str) -> str | None:
    """A date with what the note before it says of it: `About`, `Between May 3, 1861, and`."""
    found = point(text)
    if found is None:
        return None
    between = BETWEEN.search(note)
    if between:
        month = MONTHS.index(between[1].capitalize()) + 1
        given, _ = span(f"{between[3]}-{month:02}-{int(between[2]):02}", found)
        return given
    if ABOUT.search(note):
        return f"{found}~"
    if PROBABLY.search(note):
        return f"{found}?"
    if NO_LATER.search(note):
        return f"../{found}"
    if NO_EARLIER.search(note):
        return f"{found}/.."
    return found


def in_words(edtf: str | None) -> str:
    """The month of a date's beginning, for titles; an unknown one says so."""
    if edtf is None:
        return "undated"
    when = dates.parse(edtf)
    day = when.earliest or when.latest
    return "undated" if day is None else f"{MONTHS[day.month - 1]} {day.year}"
