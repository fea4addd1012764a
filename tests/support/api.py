"""The API as tests read it: a client of a running server, and every document that it has.

`api` is the seed; `crowd` is the seed with `tests/support/crowd` beside it, some of which was
deleted or merged; `company` has `tests/support/company` beside it. Each comes once on each
database. All are only to be read.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from string import punctuation as PUNCTUATION
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.editing import edits, merging
from app.importers.loader import load_batch
from app.importers.seed import read
from app.models import Commitment, Meeting, Official, Position, Statement, Visit
from app.queries.resources import RESOURCES
from app.record.recorder import Change
from tests.conftest import Server, scratch_postgres, serving
from tests.support.client import Answer, Client
from tests.support.edits import CHANGE, whatever
from tests.support.loading import load_crowd
from tests.support.postgres import made_once, template_database

COMPANY = Path(__file__).with_name("company")
NOUNS = (
    "meetings",
    "visits",
    "officials",
    "positions",
    "statements",
    "commitments",
    "sources",
    "parties",
    "topics",
)
DELETED: dict[str, tuple[Any, str]] = {
    "officials": (Official, "01a30000-0000-7000-8000-000000000406"),
    "positions": (Position, "01a30000-0000-7000-8000-000000000506"),
    "visits": (Visit, "01a30000-0000-7000-8000-000000000605"),
    "meetings": (Meeting, "01a30000-0000-7000-8000-000000000710"),
    "statements": (Statement, "01a30000-0000-7000-8000-000000000806"),
    "commitments": (Commitment, "01a30000-0000-7000-8000-000000000a04"),
}
"""What was deleted from the crowd."""
MERGED, SURVIVOR = "01a30000-0000-7000-8000-000000000405", "01a20aea-e18d-77d9-b4e6-8eea5b18b307"
"""The official of the crowd that was merged into another, and that one."""

Json = Any


class Api:
    """Asks one server, over one connection that stays open."""

    def __init__(self, server: Server, http: Client) -> None:
        self.server = server
        self.http = http

    def get(self, path: str, /, **query: Any) -> Answer:
        target = quote(path, safe=PUNCTUATION)
        return self.http.get(f"{target}?{urlencode(query, doseq=True)}" if query else target)

    def read(self, path: str, /, **query: Any) -> Json:
        """The body of an answer that has to be 200."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, (answer.target, answer.text)
        return answer.json()

    def items(self, path: str, /, **query: Any) -> list[Json]:
        """The items of one page; as many as there are unless a limit is given."""
        return cast("list[Json]", self.read(path, **{"limit": 200, **query})["items"])

    def ids(self, path: str, /, **query: Any) -> list[str]:
        return [each["id"] for each in self.items(path, **query)]

    def names(self, path: str, /, **query: Any) -> list[str]:
        """The slugs, codes or else ids of the items."""
        return [name_of(each) for each in self.items(path, **query)]

    def walk(self, path: str, /, **query: Any) -> list[Json]:
        """Every item of a list, page after page, by the addresses in the `Link` headers."""
        found: list[Json] = []
        answer = self.get(path, **query)
        while True:
            assert answer.status_code == 200, (answer.target, answer.text)
            page = answer.json()
            found += page["items"]
            following = answer.links.get("next")
            assert (following is None) == (page["next_cursor"] is None)
            if following is None:
                return found
            address = urlsplit(following)
            assert dict(parse_qsl(address.query))["cursor"] == page["next_cursor"]
            assert len(page["items"]) == query.get("limit", 20)
            answer = self.http.get(following)

    @cached_property
    def documents(self) -> dict[str, list[Json]]:
        """Every record of every noun, in the default order of its list."""
        return {noun: self.items(f"/v1/{noun}") for noun in NOUNS}

    def one(self, noun: str, name: str) -> Json:
        """The document with that slug, code or id."""
        return next(each for each in self.documents[noun] if name in (each["id"], name_of(each)))


def name_of(document: Json) -> str:
    return str(document.get("slug") or document.get("code") or document["id"])


@contextmanager
def asking(server: Server) -> Iterator[Api]:
    with Client(server.url) as http:
        yield Api(server, http)


def add_crowd(database_url: str) -> None:
    """Put the crowd beside the seed."""
    engine = make_engine(database_url)
    load_crowd(engine)
    engine.dispose()


def thin_out(database_url: str) -> None:
    """Do to some of the crowd what is to be seen in lists."""
    engine = make_engine(database_url)
    with Session(engine, autoflush=False) as session, session.begin():
        for noun, (_, record_id) in reversed(DELETED.items()):
            edits.delete(session, RESOURCES[noun].kind, record_id, CHANGE, whatever)
        merging.merge(session, MERGED, SURVIVOR, CHANGE, whatever)
    engine.dispose()


def accompany(database_url: str, folder: Path = COMPANY) -> None:
    """Put the company, or a changed copy of it, beside the seed."""
    engine = make_engine(database_url)
    load_batch(engine, read(folder), dataset="company", change=Change(actor="tests"))
    engine.dispose()


def template_file(name: str, template: Path, fill: Callable[[str], None]) -> Path:
    """A SQLite database that the first worker makes of another one and fills, to be copied by all.

    What `template_database` is on PostgreSQL.
    """

    def make(path: Path) -> None:
        shutil.copyfile(template, path)
        fill(f"sqlite:///{path}")

    return made_once(f"{name}.db", make)


@contextmanager
def asking_a_copy(template: Path, folder: Path) -> Iterator[Api]:
    path = folder / "chancery.db"
    shutil.copyfile(template, path)
    with serving(f"sqlite:///{path}") as server, asking(server) as api:
        yield api


@contextmanager
def asking_a_scratch(base_url: str, template: str) -> Iterator[Api]:
    with (
        scratch_postgres(base_url, template) as url,
        serving(url) as server,
        asking(server) as api,
    ):
        yield api


@pytest.fixture(scope="session")
def sqlite_crowd_template(sqlite_template: Path) -> Path:
    """A SQLite database with the seed and the whole crowd, to be copied."""
    return template_file("crowd", sqlite_template, add_crowd)


@pytest.fixture(scope="session")
def postgres_crowd_template(postgres_template: str) -> str:
    """The name of a PostgreSQL database with the seed and the whole crowd, to be copied."""
    return template_database("crowd", postgres_template, add_crowd)


@pytest.fixture(scope="session")
def sqlite_api(sqlite_server: Server) -> Iterator[Api]:
    with asking(sqlite_server) as api:
        yield api


@pytest.fixture(scope="session")
def postgres_api(postgres_server: Server) -> Iterator[Api]:
    with asking(postgres_server) as api:
        yield api


@pytest.fixture(scope="session")
def sqlite_crowd(
    sqlite_crowd_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    template = template_file("thinned", sqlite_crowd_template, thin_out)
    with asking_a_copy(template, tmp_path_factory.mktemp("crowd")) as api:
        yield api


@pytest.fixture(scope="session")
def postgres_crowd(postgres_base_url: str, postgres_crowd_template: str) -> Iterator[Api]:
    template = template_database("thinned", postgres_crowd_template, thin_out)
    with asking_a_scratch(postgres_base_url, template) as api:
        yield api


@pytest.fixture(scope="session")
def sqlite_company(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    template = template_file("company", sqlite_template, accompany)
    with asking_a_copy(template, tmp_path_factory.mktemp("company")) as api:
        yield api


@pytest.fixture(scope="session")
def postgres_company(postgres_base_url: str, postgres_template: str) -> Iterator[Api]:
    template = template_database("company", postgres_template, accompany)
    with asking_a_scratch(postgres_base_url, template) as api:
        yield api


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def chosen(request: pytest.FixtureRequest, name: str) -> Api:
    prefix = "sqlite" if request.param == "sqlite" else "postgres"
    found: Api = request.getfixturevalue(f"{prefix}_{name}")
    return found


@pytest.fixture(params=ENGINES)
def api(request: pytest.FixtureRequest) -> Api:
    """The seed, once on each database."""
    return chosen(request, "api")


@pytest.fixture(params=ENGINES)
def crowd(request: pytest.FixtureRequest) -> Api:
    """The seed and the crowd, once on each database."""
    return chosen(request, "crowd")


@pytest.fixture(params=ENGINES)
def company(request: pytest.FixtureRequest) -> Api:
    """The seed and the company, once on each database."""
    return chosen(request, "company")
