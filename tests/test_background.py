"""What takes long runs in threads that give way."""

import asyncio
import os
import sys
import threading
from contextvars import ContextVar

import pytest

from app.database.background import LOWER_BY, in_background, through

label: ContextVar[str] = ContextVar("label", default="-")


def test_it_returns_what_the_work_returns_from_another_thread() -> None:
    def work(first: int, second: int) -> tuple[int, str, bool]:
        is_here = threading.current_thread() is threading.main_thread()
        return first + second, label.get(), is_here

    async def main() -> tuple[int, str, bool]:
        label.set("mine")
        return await in_background(work, 1, 2)

    assert asyncio.run(main()) == (3, "mine", False)


def test_an_error_of_the_work_is_raised() -> None:
    async def main() -> None:
        await in_background(int, "nothing")

    with pytest.raises(ValueError, match="nothing"):
        asyncio.run(main())


def test_its_threads_are_nicer_than_the_loops_where_threads_can_be() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, 0)

    own = niceness()
    lower = LOWER_BY if sys.platform == "linux" else 0
    assert asyncio.run(in_background(niceness)) == min(19, own + lower)
    assert niceness() == own


def test_who_runs_in_such_a_thread_goes_on_in_it() -> None:
    async def work(first: int) -> tuple[int, bool]:
        here = threading.current_thread()
        return first, await in_background(threading.current_thread) is here

    async def main() -> tuple[int, bool]:
        return await in_background(through, work, 1)

    assert asyncio.run(main()) == (1, True)


def test_what_is_run_through_may_wait_for_nothing() -> None:
    with pytest.raises(RuntimeError, match="had to wait"):
        through(asyncio.sleep, 0)
