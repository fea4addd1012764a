"""The application: `create_app` puts the parts together and opens nothing but the reader."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy import column, select, table

from app.access.keyring import Keyring
from app.access.peppers import pepper_path
from app.access.usage import Usage
from app.database.migrations import SCHEMA, newer
from app.database.reading import Reader, make_reader
from app.database.writing import Writer
from app.errors import SchemaMismatch
from app.explorer import pages
from app.lane.cache import ResponseCache
from app.lane.lane import Lane
from app.lane.waiting import Waiters
from app.routers import (
    accounts,
    changes,
    commitments,
    meetings,
    mergers,
    officials,
    operations,
    parties,
    positions,
    problems,
    relations,
    revisions,
    search,
    sources,
    statements,
    stats,
    status,
    topics,
    visits,
    vocabularies,
)
from app.settings import Settings
from app.web import handlers
from app.web.addresses import Addresses
from app.web.authentication import Bearer
from app.web.edits import Editing
from app.web.exporting import Exports
from app.web.front import Front
from app.web.limiting import Limiter
from app.web.nouns import put_examples
from app.web.partial import put_partial_answers
from app.web.sharing import share
from app.web.writes import schemas

VERSION = "0.1.0"
SUMMARY = "The diplomatic record as an API."
DESCRIPTION = """\
Who met whom, what each side says was said, what was promised, what became of it, and **which
source says so**.

Start with `GET /v1/meetings`: who did Blinken meet in Beijing, and do both sides agree how
long it took? Every meeting lists its participants with the title that the source gives and the
office held that day, every source's claims, and the fields on which they conflict;
`GET /v1/meetings/{reference}/accounts` puts the accounts side by side.

* Dates are as uncertain as their sources leave them: `edtf`, with the earliest and the latest
  day that it may mean. Filters match when spans overlap.
* Every list is read with `limit` and `cursor`; every answer has an `ETag`.
* Reading needs no key. Writing does (**Authorize**, or `Authorization: Bearer …`), names the state
  that it starts from (`If-Match`), and loses nothing: every former state stays in `/revisions`.
* Every error is a problem (RFC 9457) that says what was wrong and what was expected.
"""
TAGS = {
    "meetings": "Encounters, in person or not, with what their sources agree on.",
    "visits": "Journeys of officials.",
    "officials": "Persons, with names in several scripts.",
    "positions": "Offices held, with uncertain starts and ends.",
    "statements": "What was said, to whom, about what, in which rendering.",
    "commitments": "Promises, what became of them, and what assessors say.",
    "sources": "The documents that claim things.",
    "parties": "States and bodies.",
    "topics": "Controlled subjects.",
    "changes": "What changed, in order, to stay in step with.",
    "stats": "How many records there are of each year, party, topic and so on.",
    "search": "Words in every record at once.",
    "relations": "What lies between two parties, in order of time.",
    "vocabularies": "The closed lists, with what each member means.",
    "operations": "Liveness and readiness.",
    "problems": "What the types of errors mean.",
}


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
        self.exports = Exports(
            self.lane,
            most=settings.exports_at_once,
            idle_seconds=settings.export_idle_seconds,
            seconds=settings.export_seconds,
        )
        self.waiters = Waiters(self.reader, most=settings.waiting_requests)
        self.writer = Writer(settings.database_url, timeout_seconds=settings.write_timeout_seconds)
        self.editing = Editing()
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


ROUTERS: tuple[APIRouter, ...] = (
    meetings.router,
    visits.router,
    officials.router,
    positions.router,
    statements.router,
    commitments.router,
    sources.router,
    parties.router,
    topics.router,
    mergers.router,
    accounts.router,
    revisions.router,
    changes.router,
    stats.router,
    status.router,
    relations.router,
    search.router,
    vocabularies.router,
    operations.router,
    problems.router,
)


def document() -> FastAPI:
    """The FastAPI application without anything behind it: routes, schemas, documentation."""
    api = FastAPI(
        title="Chancery",
        version=VERSION,
        summary=SUMMARY,
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        openapi_tags=[{"name": name, "description": said} for name, said in TAGS.items()],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for router in ROUTERS:
        api.include_router(router)
    pages.mount(api)
    handlers.install(api)
    described = api.openapi

    @cache
    def openapi() -> dict[str, Any]:
        found = described()
        found["components"]["schemas"] |= schemas()
        put_examples(found)
        put_partial_answers(found)
        share(found)
        return found

    api.openapi = openapi  # type: ignore[method-assign]
    return api


def create_app(settings: Settings | None = None) -> Any:
    """The whole application as ASGI. Opens the database for reading; writes nothing."""
    settings = settings or Settings()
    chancery = Chancery(settings)
    api = document()
    api.state.chancery = chancery

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await chancery.close()

    api.router.lifespan_context = lifespan
    front = Front(
        api,
        chancery.cache,
        routes=api.routes,
        authenticate=Bearer(chancery.keyring),
        access_log=settings.access_log,
        hosts=settings.allowed_hosts.split(","),
        limiter=Limiter(settings, Addresses(settings.trusted_proxies.split(","))),
        writers=settings.cors_origins_for_writes.split(","),
    )
    front.wind_down = chancery.waiters.end
    front.whole = chancery.cache.whole
    return front
