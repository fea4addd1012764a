"""What the API should answer, in plain Python over the documents it gives."""

from collections.abc import Callable, Iterable
from typing import Any

Json = Any


def first_day(date: Json) -> str | None:
    """The day to sort by: the first possible one, or the last where the start is open."""
    return None if date is None else str(date["earliest"] or date["latest"])


def may_fall(date: Json, date_from: str | None = None, date_to: str | None = None) -> bool:
    """Whether an uncertain date overlaps a range; ISO dates order as text, shortened or not."""
    if date is None:
        return date_from is None and date_to is None
    begins = date_to is None or (date["earliest"] or "")[: len(date_to)] <= date_to
    ends = date_from is None or (date["latest"] or "9999-12-31")[: len(date_from)] >= date_from
    return begins and ends


def in_order(
    rows: Iterable[Json],
    key: Callable[[Json], Any],
    row_id: Callable[[Json], str],
    *,
    descending: bool = False,
) -> list[Json]:
    """By key, then by id; what has no key comes last whichever the direction."""
    rows = sorted(rows, key=row_id, reverse=descending)
    known = [row for row in rows if key(row) is not None]
    known.sort(key=lambda row: (key(row), row_id(row)), reverse=descending)
    return known + [row for row in rows if key(row) is None]
