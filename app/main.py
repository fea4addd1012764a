"""The application: `create_app` puts the parts together and opens nothing but the reader."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, select, table

from app.access.keyring import Keyring
from app.access.peppers import pepper_path
from app.access.usage import Usage
from app.database.migrations import SCHEMA, newer
from app.database.reading import Reader, make_reader
from app.database.writing import Writer
from app.errors import SchemaMismatch
from app.lane.cache import ResponseCache
from app.lane.lane import Lane
from app.lane.waiting import Waiters
from app.settings import Settings
from app.web.addresses import Addresses
from app.web.authentication import Bearer
from app.web.front import Front
from app.web.later import Later, give_up
from app.web.limiting import Limiter

if TYPE_CHECKING:
    from fastapi import FastAPI

PIECES = (
    *("fastapi", "app.web.nouns", "app.web.writes"),
    *("app.routers.accounts", "app.routers.revisions", "app.api"),
)
"""Modules in an order in which each takes a while to load, and none longer than FastAPI."""


@dataclass(frozen=True, slots=True)
class Ready:
    database: str
    schema: str


class Chancery:
    """What a running application holds: its reader, its lane, its writer and its keys."""

    def __init__(self, settings: Settings) -> None:
        self.reader: Reader = make_reader(
            settings.database_url,
            timeout_seconds=settings.read_timeout_seconds,
            pool_size=settings.pool_size,
        )
        self.lane = Lane(self.reader)
        self.cache = ResponseCache(
            self.lane, self.reader, most_bytes=settings.response_cache_mib * 2**20
        )
        self.waiters = Waiters(self.reader, most=settings.waiting_requests)
        self.writer = Writer(settings.database_url, timeout_seconds=settings.write_timeout_seconds)
        self.usage = Usage(self.writer)
        self.keyring = Keyring(self.reader, pepper_path(settings), self.usage)
        self.schema = self.reader.compile(
            select(column("version_num")).select_from(table("alembic_version"))
        )

    def head_moved(self) -> None:
        """To be called when something was written here: whoever waits for it is told at once."""
        self.waiters.head_moved()

    async def ready(self) -> Ready:
        """Raises `DatabaseUnavailable` or `SchemaMismatch` where reads would fail."""
        rows = await self.reader.fetch(self.schema, [])
        at = str(rows[0][0]) if rows else "none"
        if at != SCHEMA:
            message = newer(at) if at > SCHEMA else f"The schema is {at}; {SCHEMA} is needed."
            raise SchemaMismatch(message)
        return Ready(self.reader.dialect.name, at)

    async def close(self) -> None:
        """Let what is being written end, and let go of the database."""
        await self.usage.close()
        await self.writer.close()
        await self.reader.close()


def create_app(
    settings: Settings | None = None,
    *,
    when_loaded: Callable[[], None] = lambda: None,
    when_broken: Callable[[], None] = give_up,
) -> Any:
    """The whole application as ASGI. Opens the database for reading; writes nothing.

    What the short lane does not answer is loaded soon after the start, and `when_loaded` called
    then, or `when_broken`.
    """
    settings = settings or Settings()
    chancery = Chancery(settings)

    def load() -> "FastAPI":
        from app.api import api_of  # noqa: PLC0415

        api = api_of(chancery, settings)
        when_loaded()
        return api

    later = Later(load, pieces=PIECES, close=chancery.close, give_up=when_broken)
    front = Front(
        later,
        chancery.cache,
        routes=later.routes,
        authenticate=Bearer(chancery.keyring),
        access_log=settings.access_log,
        hosts=settings.allowed_hosts.split(","),
        limiter=Limiter(settings, Addresses(settings.trusted_proxies.split(","))),
        writers=settings.cors_origins_for_writes.split(","),
    )
    front.wind_down = chancery.waiters.end
    front.whole = chancery.cache.whole
    return front
