"""By which of its filters a page is led: the one that selects the fewest.

How many that is, databases tell in the time that it takes to count a few thousand rows of an
index. It is remembered for a while, by the values asked for; an old figure makes a page slower at
worst, and never another.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app.database.reading import Fetch
from app.queries.base import UPDATED_SINCE, Bind, Resource, parts
from app.queries.leading import GATHER, ORDER, PLAIN, RANGES, Lead
from app.queries.selections import Selection

MOST_GATHERED = 4_000
"""So many records are sooner read and sorted than met with along the order."""

MOST_SORTED = 6_000
"""So many are sooner sorted by the days that their rows tell, and read as far as the page goes."""

FEWER_THAN_SPANS = 2_000
"""So few are sooner all asked for their days than the long spans of a list for the filter: a range
of days has those looked through besides, and there may be some thousands of them."""

DAYS = frozenset({"date_from", "date_to"})

MOST_COUNTED = 50_000
"""Further than that it does not matter which of two filters is the rarer."""

SECONDS_REMEMBERED = 600.0
MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the filters of a form, and the statement that counts its rows: most are never counted,
    and it takes a while to write one.
    """

    number: int
    fields: tuple[str, ...]
    index: int | None
    is_ordered: bool
    is_dated: bool
    size: int | None
    counting: Callable[[], Any]

    def values(self, filters: Any) -> tuple[Any, ...]:
        if self.index is not None:
            return (getattr(filters, self.fields[0])[self.index],)
        return tuple(getattr(filters, field) for field in self.fields)


def choices(
    resource: Resource, filters: Any, bind: Bind, prepare: Callable[[Any, Bind], Any]
) -> list[Choice]:
    def counting(selection: Selection) -> Callable[[], Any]:
        return cache(lambda: prepare(selection.count(MOST_COUNTED), bind))

    found = (part for part in parts(resource, filters, bind) if isinstance(part, Selection))
    return [
        Choice(
            *(number, each.fields, each.index, each.is_ordered, each.is_dated, each.size),
            counting=counting(each),
        )
        for number, each in enumerate(found)
    ]


class Leads:
    """Chooses, and remembers how many rows there were."""

    def __init__(self) -> None:
        self.remembered: OrderedDict[int, tuple[int, float]] = OrderedDict()
        """By the hash of what was asked for, which may be two hundred names: that of another one
        may be the same, and its figure is as good as an old one.
        """

    async def choose(
        self, fetch: Fetch, resource: Resource, filters: Any, found: list[Choice]
    ) -> Lead:
        if filters.q is not None and not any("q" in each.fields for each in found):
            return Lead(PLAIN)  # PostgreSQL knows how often a word occurs
        few = next((each for each in found if each.size is not None), None)
        if few is not None:
            return Lead(GATHER, few.number)
        is_by_day = resource.sorts[filters.sort.removeprefix("-")].type is date
        ordered = [each for each in found if each.is_ordered and is_by_day]
        on_days = not DAYS.isdisjoint(filters.model_fields_set)
        if len(found) == len(ordered) == 1 and not on_days:
            return Lead(RANGES, found[0].number)
        if not found or is_order(found, filters):
            return Lead(ORDER)
        sizes = {each.number: await self.size(fetch, resource, filters, each) for each in found}

        def by_size(choice: Choice) -> int:
            return sizes[choice.number]

        def is_common(choice: Choice) -> bool:
            is_sorted = is_by_day and choice.is_dated
            return by_size(choice) > (MOST_SORTED if is_sorted else MOST_GATHERED)

        rarest = min(found, key=by_size)
        if is_common(rarest) and ordered:
            rarest = min(ordered, key=by_size)
        if rarest in ordered and not (on_days and by_size(rarest) <= FEWER_THAN_SPANS):
            return Lead(RANGES, rarest.number)
        if is_common(rarest) or is_order([rarest], filters):
            return Lead(ORDER)
        return Lead(GATHER, rarest.number)

    async def size(self, fetch: Fetch, resource: Resource, filters: Any, choice: Choice) -> int:
        key = hash((resource.path, choice.fields, choice.values(filters)))
        now = time.monotonic()
        known = self.remembered.get(key)
        if known is not None and known[1] > now:
            return known[0]
        counting = choice.counting()
        rows = await fetch(counting.compiled, counting.values(filters))
        size = min(int(rows[0][0]), MOST_COUNTED)
        self.remembered[key] = size, now + SECONDS_REMEMBERED
        if len(self.remembered) > MOST_REMEMBERED:
            self.remembered.popitem(last=False)
        return size


def is_order(found: list[Choice], filters: Any) -> bool:
    """Whether all that is asked for is a stretch of the order of the list."""
    fields = {field for each in found for field in each.fields}
    return fields == {UPDATED_SINCE} and bool(filters.sort.endswith("updated_at"))
