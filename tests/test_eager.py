"""What is begun at once comes to its end, whatever it has to wait for."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import ExitStack
from contextvars import ContextVar
from functools import partial
from typing import Any

import anyio.to_thread
import pytest

from app import eager
from app.eager import Beginnings, begin, in_task
from tests.support.wire import connected, hear, request, say, served

label: ContextVar[str] = ContextVar("label", default="-")


def done(work: Coroutine[Any, Any, None]) -> tuple[bool, asyncio.Task[None] | None]:
    """Whether work was done when it had been begun, and the task that did the rest, ended."""

    async def main() -> tuple[bool, asyncio.Task[None] | None]:
        begun: asyncio.Future[tuple[bool, asyncio.Task[None] | None]] = loop().create_future()

        def callback() -> None:  # as a protocol is called, outside of a task
            assert asyncio.current_task() is None
            task = begin(work, loop())
            begun.set_result((task is None, task))

        loop().call_soon(callback)
        at_once, task = await begun
        if task is not None:
            await asyncio.wait([task], timeout=5)
        return at_once, task

    return asyncio.run(main())


def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


class TestBegin:
    def test_what_waits_for_nothing_is_done_at_once(self) -> None:
        said = []

        async def inner() -> str:
            return "done"

        async def work() -> None:
            said.append(await inner())

        assert done(work()) == (True, None)
        assert said == ["done"]

    @pytest.mark.parametrize(
        "wait",
        [
            lambda: asyncio.sleep(0),
            lambda: asyncio.sleep(0.001),
            lambda: asyncio.get_running_loop().run_in_executor(None, int),
        ],
        ids=["a turn", "a while", "a thread"],
    )
    def test_what_waits_goes_on_as_a_task(self, wait: Callable[[], Awaitable[Any]]) -> None:
        said: list[object] = []

        async def work() -> None:
            said.append(asyncio.current_task())
            for _ in range(3):
                await wait()
            said.append(asyncio.current_task())

        at_once, task = done(work())
        assert not at_once
        assert task is not None
        assert task.exception() is None
        assert said == [None, task]

    def test_what_needs_a_task_says_so_first(self) -> None:
        said: list[object] = []

        async def work() -> None:
            await in_task()
            said.append(asyncio.current_task())
            await in_task()  # once is enough
            async with asyncio.timeout(5):
                said.append(await anyio.to_thread.run_sync(int))

        _, task = done(work())
        assert task is not None
        assert task.exception() is None
        assert said == [task, 0]

    def test_an_error_after_a_wait_is_the_tasks(self) -> None:
        async def work() -> None:
            await asyncio.sleep(0)
            raise LookupError

        _, task = done(work())
        assert task is not None
        assert isinstance(task.exception(), LookupError)

    def test_what_it_awaits_may_fail(self) -> None:
        said = []

        async def work() -> None:
            waited_for = loop().create_future()
            loop().call_soon(waited_for.set_exception, LookupError())
            try:
                await waited_for
            except LookupError:
                said.append("failed")
            await asyncio.sleep(0)
            said.append("went on")

        _, task = done(work())
        assert task is not None
        assert task.exception() is None
        assert said == ["failed", "went on"]

    def test_it_may_be_cancelled(self) -> None:
        said = []

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                said.append("tidied up")

        async def main() -> asyncio.Task[None]:
            begun: asyncio.Future[Any] = loop().create_future()
            loop().call_soon(lambda: begun.set_result(begin(work(), loop())))
            task: asyncio.Task[None] = await begun
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task], timeout=5)
            return task

        assert asyncio.run(main()).cancelled()
        assert said == ["tidied up"]

    def test_it_has_a_context_of_its_own_from_beginning_to_end(self) -> None:
        said = []

        async def work() -> None:
            label.set("mine")
            await asyncio.sleep(0)
            said.append(label.get())

        async def main() -> None:
            begun: asyncio.Future[Any] = loop().create_future()

            def callback() -> None:
                task = begin(work(), loop())
                said.append(label.get())
                begun.set_result(task)

            loop().call_soon(callback)
            await asyncio.wait([await begun])

        asyncio.run(main())
        assert said == ["-", "mine"]


class TestBeginnings:
    @pytest.fixture(autouse=True)
    def a_long_spell(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Longer than a busy machine keeps a process waiting."""
        monkeypatch.setattr(eager, "SPELL_SECONDS", 0.1)

    def turns(self, *seconds: float, fails: int = -1) -> list[int]:
        """In which turn of the loop works were begun that came up together and took so long."""
        beginnings, said, turn = Beginnings(), [], 0

        async def work(number: int, takes: float) -> None:
            said.append(turn)
            if number == fails:
                raise LookupError
            time.sleep(takes)  # noqa: ASYNC251 - as one that reads from a file

        async def main() -> None:
            nonlocal turn
            loop().set_exception_handler(lambda _loop, _context: None)
            for number, takes in enumerate(seconds):
                beginnings.add(partial(work, number, takes), set(), loop())
            while len(said) < len(seconds):
                turn += 1
                await asyncio.sleep(0)

        asyncio.run(main())
        return said

    def test_what_came_up_together_is_begun_in_the_next_turn(self) -> None:
        assert self.turns(0, 0, 0) == [1, 1, 1]

    def test_what_takes_long_lets_the_loop_have_a_turn(self) -> None:
        assert self.turns(0.11, 0.11, 0, 0) == [1, 2, 3, 3]

    def test_what_fails_holds_up_no_other(self) -> None:
        assert len(self.turns(0, 0, 0, fails=1)) == 3

    def test_what_is_put_off_is_done_in_its_order_when_all_are_begun(self) -> None:
        beginnings, said = Beginnings(), []

        async def work(number: int) -> None:
            said.append(f"begun {number}")
            beginnings.when_over(partial(say_last, number))
            if number == 1:
                await asyncio.sleep(0)
                beginnings.when_over(partial(said.append, "later"))

        def say_last(number: int) -> None:
            said.append(f"sent {number}")
            if number == 0:
                raise OSError

        async def main() -> list[Any]:
            failures: list[Any] = []
            loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))
            tasks: set[asyncio.Task[None]] = set()
            for number in range(3):
                beginnings.add(partial(work, number), tasks, loop())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            await asyncio.wait(tasks)
            return failures

        (failure,) = asyncio.run(main())
        assert isinstance(failure, OSError)
        begun, sent = ([f"{what} {number}" for number in range(3)] for what in ("begun", "sent"))
        assert said == [*begun, *sent, "later"]


BEGUN: list[tuple[float, float]] = []
"""When each request that the app was asked for had arrived, and when it was begun."""


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Says how it was called, in what way the path asks it to."""
    if scope["type"] != "http":
        return
    began_in = asyncio.current_task()
    BEGUN.append((scope["state"].get("arrived_at"), time.perf_counter()))
    if scope["path"] == "/blocks":
        time.sleep(0.3)  # noqa: ASYNC251 - so that others have to wait
    elif scope["path"] == "/waits":
        await asyncio.sleep(0.01)
    elif scope["path"] == "/lasts":
        await asyncio.sleep(1.5)
    elif scope["path"] == "/reads":
        await receive()
    said = b"at once" if began_in is None else b"task"
    head = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(app) as found:
        yield found


def how(port: int, *parts: bytes, pause: float = 0.0) -> list[bytes]:
    """How each request that the parts make was begun."""
    return re.findall(rb"at once|task", say(port, *parts, pause=pause).raw)


class TestServed:
    def test_a_read_is_begun_at_once(self, port: int) -> None:
        assert how(port, request("GET", "/")) == [b"at once"]
        assert how(port, b"GET / HTTP/1.1\r\nhost", b": localhost\r\n\r\n", pause=0.05) == [
            b"at once"
        ]

    def test_it_may_wait_all_the_same(self, port: int) -> None:
        assert how(port, request("GET", "/waits")) == [b"at once"]
        assert how(port, request("GET", "/reads")) == [b"at once"]

    def test_what_may_have_a_body_is_not(self, port: int) -> None:
        length = "content-length: 3"
        assert how(port, request("POST", "/", length, body=b"abc")) == [b"task"]
        assert how(port, request("GET", "/", length, body=b"abc")) == [b"task"]
        assert how(port, request("GET", "/", length), b"abc", pause=0.05) == [b"task"]

    def test_of_those_that_come_together_one_is(self, port: int) -> None:
        three = request("GET", "/") + request("GET", "/waits") + request("GET", "/")
        assert how(port, three) == [b"at once", b"task", b"task"]
        assert how(port, request("GET", "/waits") + request("GET", "/")) == [b"at once", b"task"]

    def test_what_came_with_an_answered_one_takes_as_long_as_it_takes(self) -> None:
        with served(app, idle_seconds=1) as port, connected(port) as connection:
            connection.sendall(request("GET", "/") + request("GET", "/lasts", "connection: close"))
            told = b""
            while part := connection.recv(65536):
                told += part
        assert re.findall(rb"at once|task", told) == [b"at once", b"task"]

    def test_all_that_come_in_one_turn_have_arrived_before_one_is_begun(self, port: int) -> None:
        with ExitStack() as stack:
            first, *others = (stack.enter_context(connected(port)) for _ in range(9))
            for each in others:  # the server knows them all
                each.sendall(request("GET", "/"))
                hear(each)
            BEGUN.clear()
            first.sendall(request("GET", "/blocks"))
            time.sleep(0.1)
            for each in others:
                each.sendall(request("GET", "/"))
            assert all(b"at once" in hear(each).raw for each in (first, *others))
        arrived, begun = zip(*BEGUN[1:], strict=True)
        assert len(begun) == 8
        assert max(arrived) < min(begun)

    def test_one_connection_is_asked_again_and_again(self, port: int) -> None:
        pieces = [request("GET", path) for path in ("/", "/waits", "/", "/reads", "/")]
        assert how(port, *pieces, pause=0.05) == [b"at once"] * 5
