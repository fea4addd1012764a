"""A small application with routes that need keys, over a database of the test's own."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.orm import Session, selectinload
from starlette.types import ASGIApp

from app.access import register
from app.access.keys import Key
from app.access.peppers import pepper_path
from app.access.principals import Principal
from app.database.engines import make_engine
from app.main import Chancery
from app.models import ApiKey
from app.settings import Settings
from app.vocabulary import Scope
from app.web.authentication import Bearer
from app.web.authorization import needs
from app.web.dependencies import StrictRoute
from app.web.front import Front
from app.web.handlers import install
from tests.conftest import running
from tests.support.client import Answer, Client

router = APIRouter(route_class=StrictRoute)


class Thing(BaseModel):
    name: str


@router.get("/open")
async def read_open() -> str:
    return "open"


@router.get("/audits")
async def read_audits(principal: Annotated[Principal, needs(Scope.AUDIT)]) -> str:
    return principal.actor


@router.post("/things")
async def make_thing(
    thing: Thing, principal: Annotated[Principal, needs(Scope.WRITE)]
) -> dict[str, Any]:
    return {"actor": principal.actor, "scopes": sorted(principal.scopes), "name": thing.name}


@router.delete("/things")
async def remove_things(principal: Annotated[Principal, needs(Scope.DELETE)]) -> str:
    return principal.actor


@router.post("/broken")
async def break_down(principal: Annotated[Principal, needs(Scope.WRITE)]) -> None:
    message = f"broken for {principal!r}"
    raise ZeroDivisionError(message)


def small_app() -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    app.include_router(router)
    install(app)
    return app


@dataclass
class Keyed:
    """The running application, its keys, and a client that sends what it is told to."""

    url: str
    settings: Settings
    chancery: Chancery
    engine: Engine
    statements: list[str]

    @property
    def pepper(self) -> Path:
        return pepper_path(self.settings)

    def key(self, *scopes: Scope, name: str = "Ann") -> Key:
        with Session(self.engine) as session, session.begin():
            peppers = register.peppers_for_new_keys(session, self.pepper)
            key, _ = register.create(session, peppers, name=name, scopes=scopes)
        return key

    def change(self, key: Key, **values: Any) -> None:
        with Session(self.engine) as session, session.begin():
            row = session.get_one(ApiKey, key.id)
            for name, value in values.items():
                setattr(row, name, value)

    def row(self, key: Key) -> ApiKey:
        with Session(self.engine) as session:
            return session.get_one(ApiKey, key.id, options=[selectinload(ApiKey.scopes)])

    def expire(self, key: Key) -> None:
        self.change(key, expires_at=datetime.now(UTC) - timedelta(seconds=1))

    def revoke(self, key: Key) -> None:
        self.change(key, revoked_at=datetime.now(UTC))

    def ask(
        self, method: str, path: str, *authorizations: str, body: bytes | None = None
    ) -> Answer:
        headers = [("Authorization", each) for each in authorizations]
        if body is not None:
            headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        with Client(self.url) as client:
            return client.request(method, path, headers, body or b"")

    def until_used(self, key: Key, after: datetime | None = None) -> datetime:
        """When the key was last used, once that is recorded and later than `after`."""
        deadline = time.monotonic() + 10
        while (used := self.row(key).last_used_at) is None or (after and used <= after):
            assert time.monotonic() < deadline, "the use was not recorded"
            time.sleep(0.02)
        return used


def bearer(key: Key | str) -> str:
    return f"Bearer {key.reveal() if isinstance(key, Key) else key}"


@contextmanager
def keyed(
    database_url: str, folder: Path, *, server: Callable[[ASGIApp], ASGIApp] = lambda app: app
) -> Iterator[Keyed]:
    """`server` may stand between the application and the real server."""
    settings = Settings(
        database_url=database_url,
        pepper_file="" if database_url.startswith("sqlite") else str(folder / "chancery.pepper"),
        _env_file=None,
    )
    chancery = Chancery(settings)
    statements: list[str] = []
    chancery.reader.watchers.append(statements.append)
    app = small_app()
    app.state.chancery = chancery

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await chancery.close()

    app.router.lifespan_context = lifespan
    front = Front(
        app,
        chancery.lane,
        routes=lambda: app.routes,
        authenticate=Bearer(chancery.keyring),
        access_log=True,
    )
    engine = make_engine(database_url)
    with running(server(front)) as url:
        yield Keyed(url, settings, chancery, engine, statements)
    engine.dispose()
