"""Work that is begun outside of a task, and becomes one only when it has to wait.

A hot read waits for nothing. To make a task of it would take a tenth of all its time. Python has
such tasks from 3.12 on, but not every loop.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import copy_context
from time import perf_counter
from types import coroutine
from typing import Any

Work = Coroutine[Any, Any, None]

SPELL_SECONDS = 0.001
"""After so long the loop has a turn, to send what has been answered and to hear of what is new."""


def begin(work: Work, loop: AbstractEventLoop) -> asyncio.Task[None] | None:
    """Do as much as can be done without waiting, in a context of its own, and leave the rest to a
    task; None where nothing is left.

    What needs a task to run in, a timeout or a thread, awaits `in_task` before.
    """
    context = copy_context()
    try:
        awaited = context.run(work.send, None)
    except StopIteration:
        return None
    return loop.create_task(rest_of(work, awaited), context=context)


class Beginnings:
    """Work that came up in one turn of the event loop, begun in the next, one after the other, in
    spells.

    So all of it had arrived before the first is begun, and one look at whether something has
    changed meanwhile serves all. Answers are sent when a spell is over: the first of them wakes
    the other side, which takes as long as to make one, and the rest find it awake.
    """

    def __init__(self) -> None:
        self.waiting: deque[tuple[Callable[[], Work], set[asyncio.Task[None]]]] = deque()
        self.in_spell = False
        self.put_off: list[Callable[[], None]] = []

    def add(
        self, make: Callable[[], Work], tasks: set[asyncio.Task[None]], loop: AbstractEventLoop
    ) -> None:
        """`tasks` has the work for as long as it waits for something."""
        if not self.waiting:
            loop.call_soon(self.begin_some, loop)
        self.waiting.append((make, tasks))

    def begin_some(self, loop: AbstractEventLoop) -> None:
        """All that is waiting, unless that takes too long."""
        until = perf_counter() + SPELL_SECONDS
        self.in_spell = True
        try:
            while self.waiting:
                make, tasks = self.waiting.popleft()
                task = begin(make(), loop)
                if task is not None:
                    task.add_done_callback(tasks.discard)
                    tasks.add(task)
                if perf_counter() > until:
                    break
        finally:
            if self.waiting:
                loop.call_soon(self.begin_some, loop)
            self.end(loop)

    def when_over(self, last: Callable[[], None]) -> None:
        """Do this when the spell is over that runs, and at once where none does."""
        if self.in_spell:
            self.put_off.append(last)
        else:
            last()

    def end(self, loop: AbstractEventLoop) -> None:
        self.in_spell = False
        put_off, self.put_off = self.put_off, []
        for last in put_off:
            try:
                last()
            except Exception as error:  # noqa: BLE001 - the loop says so, and others get theirs
                loop.call_exception_handler({"message": "not sent", "exception": error})


async def in_task() -> None:
    """Go on as a task: at once where one runs already, else in the loop's next turn."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)


async def rest_of(work: Work, awaited: Any) -> None:
    await resumed(work, awaited)


@coroutine
def resumed(work: Work, awaited: Any) -> Generator[Any, Any, None]:
    """Go on where the work was left, which began to await something."""
    try:
        while True:
            try:
                sent = yield awaited
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the work's
                awaited = work.throw(error)
            else:
                awaited = work.send(sent)
    except StopIteration:
        return
