"""Deadlines that are hardly ever missed, and cost next to nothing until one is."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS_BETWEEN_LOOKS = 0.1
"""How much later than its deadline something may be ended."""


class Deadlines(Generic[T]):
    """Ends what is late. One timer looks after everything; one for each would cost more than much
    of what it guards.
    """

    def __init__(self, end: Callable[[T], None]) -> None:
        self.end = end
        self.until: dict[T, float] = {}
        """When each is late, by the event loop's clock."""
        self.looking = False

    def start(self, what: T, until: float) -> None:
        self.until[what] = until
        if not self.looking:
            self.looking = True
            self.look_later()

    def done(self, what: T) -> None:
        self.until.pop(what, None)

    def look_later(self) -> None:
        asyncio.get_running_loop().call_later(SECONDS_BETWEEN_LOOKS, self.look)

    def look(self) -> None:
        now = asyncio.get_running_loop().time()
        late = [what for what, until in self.until.items() if until <= now]
        for what in late:
            del self.until[what]
        self.looking = bool(self.until)
        if self.looking:
            self.look_later()
        for what in late:
            self.end(what)
