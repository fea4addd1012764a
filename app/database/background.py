"""Threads for what takes longer than an event loop can wait for: they give way to it."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

MOST_THREADS = 16

LOWER_BY = 10
"""How much nicer these threads are. Where there is a core for everyone that changes nothing. Where
there is not, four of them would otherwise leave the loop a fifth of it, and with it all that is
quick: at this, two thirds.
"""

T = TypeVar("T")
Given = TypeVarTuple("Given")


def give_way() -> None:
    """Have this thread lose where it and another want the same core. On Linux alone, where threads
    have a priority of their own, and 0 is the one that asks.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may not allow it
            os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + LOWER_BY)


THREADS = ThreadPoolExecutor(MOST_THREADS, "background", initializer=give_way)


async def in_background(work: Callable[[*Given], T], *given: *Given) -> T:
    """What `work` returns, from a thread. Who is cancelled meanwhile does not wait for its end.

    Who runs in such a thread already goes on in it.
    """
    try:
        here = asyncio.get_running_loop()
    except RuntimeError:
        return work(*given)
    return await here.run_in_executor(THREADS, partial(copy_context().run, work, *given))


def through(work: Callable[[*Given], Coroutine[Any, Any, T]], *given: *Given) -> T:
    """What `work` returns when it waits for nothing."""
    begun = work(*given)
    try:
        begun.send(None)
    except StopIteration as end:
        returned: T = end.value
        return returned
    begun.close()
    message = "It would have had to wait, and nobody would have told it to go on."
    raise RuntimeError(message)
