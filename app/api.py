"""The FastAPI application: its routes, its documentation, and what its routes hold in common.

Nothing that the short lane needs is in here, so that `app.main` can load it later.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI

from app.explorer import pages
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
from app.web.edits import Editing
from app.web.exporting import Exports
from app.web.nouns import put_examples
from app.web.partial import put_partial_answers
from app.web.sharing import share
from app.web.writes import schemas

if TYPE_CHECKING:
    from app.main import Chancery

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


def api_of(chancery: "Chancery", settings: Settings) -> FastAPI:
    """The same, with a running application behind it."""
    api = document()
    api.state.chancery = chancery
    api.state.editing = Editing()
    api.state.exports = Exports(
        chancery.lane,
        most=settings.exports_at_once,
        idle_seconds=settings.export_idle_seconds,
        seconds=settings.export_seconds,
    )
    return api
