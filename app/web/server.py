"""How the application is served: one way for `chancery serve` and for the tests."""

import socket
from functools import partial
from typing import Any

import uvicorn

from app.eager import Beginnings
from app.settings import Settings
from app.web.protocol import LimitedProtocol

SHUTDOWN_SECONDS = 20


class Server(uvicorn.Server):
    """Tells the application that the end has come before it waits for what is in flight."""

    is_broken = False

    def give_up(self) -> None:
        """End as at a signal, though not for a good reason."""
        self.is_broken = self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        wind_down = getattr(self.config.loaded_app, "wind_down", None)
        if wind_down is not None:  # apps of tests have nothing that waits
            wind_down()
        await super().shutdown(sockets)


def make_server(app: Any, settings: Settings, **options: Any) -> Server:
    """A server of the app, which is a `Front`; the rest are options of uvicorn's."""
    protocol = partial(
        LimitedProtocol,
        request_seconds=settings.request_timeout_seconds,
        beginnings=Beginnings(),
    )
    given = {
        "http": protocol,
        "ws": "none",
        "log_config": None,
        "log_level": "warning",
        "access_log": False,
        "root_path": settings.root_path,
        "server_header": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS,
    }
    return Server(uvicorn.Config(app, **{**given, **options}))
