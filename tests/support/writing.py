"""Writing over HTTP: a server that takes writes, the keys to it, and editors who send them.

`newsroom` is the seed behind a server in this process, once on each engine for every module that
asks for it: what a test writes there stays for the next one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

import orjson
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access import register
from app.access.keys import Key
from app.access.peppers import pepper_path
from app.api import document
from app.database.engines import make_engine
from app.models import ApiKey, Revision
from app.models.base import Base
from app.record.counting import miscounted
from app.record.verifying import stale_documents, verify_log
from app.settings import Settings
from app.vocabulary import Operation, Scope
from tests.conftest import copy_of_seed, serving
from tests.support.client import Answer, Client
from tests.support.openapi import written_out

ALL_SCOPES = (Scope.WRITE, Scope.DELETE)
MERGE_PATCH = "application/merge-patch+json"
INSIDE = ("Traceback", "sqlalchemy", "psycopg", "sqlite", "pydantic", "SELECT", "/app/", ".py")
"""What would tell a client how the server is made."""

Json = Any


@cache
def openapi() -> Json:
    """The document, with what it refers to written out."""
    return written_out(document().openapi())


@cache
def operations() -> dict[str, tuple[str, str, Json]]:
    """Every operation of the OpenAPI document that writes, by its id: method, path, itself."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in openapi()["paths"].items()
        for method, operation in methods.items()
        if method not in ("get", "head", "options")
    }


def example(operation_id: str) -> Json:
    """A copy of the example body that the document gives; None where none is taken."""
    taken = operations()[operation_id][2].get("requestBody")
    if taken is None:
        return None
    (content,) = taken["content"].values()
    return orjson.loads(orjson.dumps(content["example"]))


class Editor:
    """Sends writes under one key, over one connection that stays open. For a `with` statement."""

    def __init__(self, url: str, key: Key | str | None) -> None:
        self.http = Client(url)
        self.headers: dict[str, str] = {}
        if key is not None:
            text = key.reveal() if isinstance(key, Key) else key
            self.headers["Authorization"] = f"Bearer {text}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.connection.close()

    def send(self, method: str, target: str, body: Json = None, /, **headers: str) -> Answer:
        """`body` is sent as it stands where it is bytes. Underscores in names stand for hyphens."""
        given = {**self.headers, **{name.replace("_", "-"): headers[name] for name in headers}}
        raw = b""
        if body is not None:
            raw = body if isinstance(body, bytes) else orjson.dumps(body)
            media_type = MERGE_PATCH if method == "PATCH" else "application/json"
            given = {"Content-Type": media_type, "Content-Length": str(len(raw)), **given}
        return self.http.request(method, target, given, raw)

    def get(self, target: str) -> Answer:
        return self.send("GET", target)

    def post(self, target: str, body: Json = None, /, **headers: str) -> Answer:
        return self.send("POST", target, body, **headers)

    def patch(self, target: str, body: Json, tag: str = "*", /, **headers: str) -> Answer:
        return self.send("PATCH", target, body, If_Match=tag, **headers)

    def delete(self, target: str, tag: str = "*", /, **headers: str) -> Answer:
        return self.send("DELETE", target, If_Match=tag, **headers)

    def made(self, noun: str, body: Json) -> tuple[str, Json]:
        """The path and the document of a new record."""
        answer = self.post(f"/v1/{noun}", body)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"], answer.json()

    def topic(self, code: str) -> str:
        """The path of a new topic."""
        return self.made("topics", {"code": code, "label": f"Topic {code}"})[0]


@dataclass(frozen=True)
class Keys:
    """Makes keys as `chancery keys` does."""

    engine: Engine
    settings: Settings

    def make(self, *scopes: Scope, name: str = "Ann") -> Key:
        with Session(self.engine) as session, session.begin():
            peppers = register.peppers_for_new_keys(session, pepper_path(self.settings))
            key, _ = register.create(session, peppers, name=name, scopes=scopes)
        return key

    def change(self, key: Key, **values: Any) -> None:
        with Session(self.engine) as session, session.begin():
            row = session.get_one(ApiKey, key.id)
            for name, value in values.items():
                setattr(row, name, value)

    def expired(self, *scopes: Scope) -> Key:
        key = self.make(*scopes)
        self.change(key, expires_at=datetime.now(UTC) - timedelta(seconds=1))
        return key

    def revoked(self, *scopes: Scope) -> Key:
        key = self.make(*scopes)
        self.change(key, revoked_at=datetime.now(UTC))
        return key


@dataclass(frozen=True)
class Desk:
    """A server that takes writes, with what its database holds."""

    url: str
    engine: Engine
    keys: Keys
    key: Key

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def editor(self, key: Key | str | None = None) -> Editor:
        return Editor(self.url, key or self.key)

    def head(self) -> int:
        return head(self.engine)


def head(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.max(Revision.seq))) or 0


def state(engine: Engine) -> dict[str, Any]:
    """The number of rows of every table, and the head of the log."""
    with engine.connect() as connection:
        found: dict[str, Any] = {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
        newest = select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)
        found["head"] = tuple(connection.execute(newest).one())
    return found


def written_since(engine: Engine, seq: int) -> list[tuple[int, str, str, int, str | None]]:
    """The revisions after `seq` that are no republications, in order: `seq`, operation, record,
    `rev` and request.
    """
    wanted = (
        Revision.seq,
        Revision.operation,
        Revision.record_id,
        Revision.rev,
        Revision.request_id,
    )
    statement: Any = (
        select(*wanted)
        .where(Revision.seq > seq, Revision.operation != Operation.REPUBLISH)
        .order_by(Revision.seq)
    )
    with engine.connect() as connection:
        return list(map(tuple, connection.execute(statement)))


def verify(engine: Engine) -> None:
    """What `chancery verify --documents` looks at."""
    verify_log(engine)
    assert list(stale_documents(engine)) == []
    assert list(miscounted(engine)) == []


def check_problem(answer: Answer, *statuses: int) -> Json:
    """The problem that an answer is, which has to have one of the statuses."""
    assert answer.status_code in statuses, (answer.target, answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert not any(word in answer.text for word in INSIDE), answer.text
    return problem


def pointers(problem: Json) -> list[str]:
    return [each.get("pointer") or each["parameter"] for each in problem.get("errors", ())]


@contextmanager
def keys_of(database_url: str, folder: Path) -> Iterator[tuple[Keys, Mapping[str, str]]]:
    """Keys for a database, and the settings under which a server knows them."""
    given = {"database_url": database_url, "pepper_file": str(folder / "pepper")}
    engine = make_engine(database_url)
    try:
        yield Keys(engine, Settings(_env_file=None, **given)), given  # type: ignore[arg-type]
    finally:
        engine.dispose()


@contextmanager
def desk_of(database_url: str, folder: Path, **given: Any) -> Iterator[Desk]:
    """A server in this process; `given` are settings."""
    with keys_of(database_url, folder) as (keys, settings):
        rest = {name: settings[name] for name in settings if name != "database_url"}
        with serving(database_url, **rest, **given) as server:
            yield Desk(server.url, keys.engine, keys, keys.make(*ALL_SCOPES))


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=ENGINES)
def newsroom(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("newsroom")
    with copy_of_seed(request, folder) as url, desk_of(url, folder) as newsroom:
        yield newsroom


@pytest.fixture
def own_desk(own_database: str, tmp_path: Path) -> Iterator[Desk]:
    """One for the test alone."""
    with desk_of(own_database, tmp_path) as newsroom:
        yield newsroom


@pytest.fixture
def editor(newsroom: Desk) -> Iterator[Editor]:
    with newsroom.editor() as editor:
        yield editor
