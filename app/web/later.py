"""The application behind the front, loaded when the first answers have been given.

What the short lane answers needs nothing of it, and it takes as long to load as all the rest: a
server that has just been started answers reads that much sooner. It is loaded on the event loop,
in pieces, with requests answered in between; whoever asks for it earlier has the rest of it loaded
at once. So readiness, which is a route of its own, is told when all is there.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Router
from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from fastapi import FastAPI

FIRST_ANSWERS_SECONDS = 0.1
"""How long after the start nothing is loaded, for those to be answered who were waiting for it."""

log = logging.getLogger("chancery")


def give_up() -> None:
    """Where nobody knows how to end the server in good order."""
    raise SystemExit(1)


class Later:
    """An ASGI application that `load` makes. `pieces` name the modules that it would import, in an
    order in which each takes a while; `close` is awaited when the server ends, which `give_up` has
    it do where the application cannot be loaded.
    """

    def __init__(
        self,
        load: "Callable[[], FastAPI]",
        *,
        pieces: Sequence[str],
        close: Callable[[], Awaitable[None]],
        give_up: Callable[[], None],
    ) -> None:
        self._load = load
        self._pieces = pieces
        self._close = close
        self._give_up = give_up
        self._life = Router(lifespan=self._lifespan)

    @cached_property
    def app(self) -> "FastAPI":
        return self._load()

    def routes(self) -> Sequence[BaseRoute]:
        return self.app.routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._life.lifespan(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: object) -> AsyncIterator[None]:
        loading = asyncio.create_task(self._load_soon())
        try:
            yield
        finally:
            loading.cancel()
            await self._close()

    async def _load_soon(self) -> None:
        """Ends the program where it cannot be loaded: a server that answers some requests and
        never the others would be taken for a good one.
        """
        await asyncio.sleep(FIRST_ANSWERS_SECONDS)
        try:
            for name in self._pieces:
                import_module(name)
                await asyncio.sleep(0)
            _ = self.app
        except Exception as error:
            log.critical("The application cannot be loaded.", exc_info=error)
            self._give_up()
