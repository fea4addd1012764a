"""Work that is begun at once, and becomes a task of the event loop only when it has to wait.

A hot read waits for nothing. To make a task of it, and to come back to it in another turn of the
loop, would take a tenth of all its time. Python has such tasks from 3.12 on, but not every loop.
"""

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import copy_context
from types import coroutine
from typing import Any

Work = Coroutine[Any, Any, None]


def begin(work: Work, loop: asyncio.AbstractEventLoop) -> asyncio.Task[None] | None:
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
