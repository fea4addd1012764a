"""The stage for the tests: the real seed, in real databases, behind a real server."""

import gc
import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.lane.cache import ResponseCache
from app.main import create_app
from app.settings import Settings
from app.web.server import make_server
from tests.support.loading import load_seed

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.compiled",
    "tests.support.api",
    "tests.support.editing",
    "tests.support.commands",
    "tests.support.plans",
    "tests.support.filled",
    "tests.support.writing",
    "tests.support.served",
]

# Few tests, and long ones. A worker takes a file after another: what takes longest has to be begun
# first, or one worker is busy with it long after the others have nothing left. Those of reading
# wait for deadlines, beside a browser that has work for more than one core.
BEGUN_FIRST = (
    "test_docs_page",
    "test_reading",
    "test_dependencies",
    "test_cli",
    "test_interruptions",
    "test_migrations",
    "test_standing",
    "test_loader",
    "test_openapi",
    "test_historian_killed",
    "test_writes_interrupted",
    "test_write_faults",
    "test_database_faults",
    "test_concurrent_writes",
    "test_lists_at_scale",
    "test_stats_at_scale",
    "test_edits_at_random",
    "test_benchmarks",
)

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    if is_roomy(MEMORY) and not config.option.basetemp:
        # Thousands of small databases, each of whose commits would wait for the disk.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # xdist would begin with the files of most tests


def is_roomy(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK) and shutil.disk_usage(folder).free > ENOUGH_BYTES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the files that take longest to the front; the others stay in their order."""
    places = {f"{name}.py": place for place, name in enumerate(BEGUN_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    gc.freeze()  # see tests/__init__.py


@contextmanager
def scratch_postgres(base_url: str, template: str = "template0") -> Iterator[str]:
    """A new database on the tests' server, empty or a copy of another; dropped at the end."""
    # Imported late: pytest has to load the plugin first, to rewrite its assertions.
    from tests.support.postgres import create_database, drop_database  # noqa: PLC0415

    name = f"test_{uuid.uuid4().hex[:12]}"
    yield create_database(base_url, name, template)
    drop_database(base_url, name)


class Sent(list[str]):
    """The statements that a server has sent. To forget them is to have them sent again."""

    def __init__(self, cache: ResponseCache) -> None:
        self.cache = cache

    def clear(self) -> None:
        self.cache.clear()
        super().clear()


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, what it reads, and the statements that it sends."""

    url: str
    database_url: str
    statements: list[str]

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url)


def prepare(database_url: str) -> None:
    """Migrate a new database and load the seed into it."""
    engine = make_engine(database_url)
    migrate(engine)
    load_seed(engine)
    engine.dispose()


PATIENCE_SECONDS = 20
RATES = ("rate_anonymous", "rate_key", "rate_writes", "rate_failed_authentications")


@contextmanager
def serving(database_url: str, **given: Any) -> Iterator[Server]:
    """Serve a database on a free port of this machine, in a thread; `given` are settings.

    Nothing is too often and hardly anything too slow unless the settings say so: a busy machine
    may stand still for seconds.
    """
    patient = {**dict.fromkeys(RATES, ""), "read_timeout_seconds": PATIENCE_SECONDS}
    settings = Settings(database_url=database_url, _env_file=None, **{**patient, **given})
    app = create_app(settings)
    statements = Sent(app.lane)
    app.lane.reader.watchers.append(statements.append)
    with running(app, settings) as url:
        yield Server(url, database_url, statements)


@contextmanager
def running(app: Any, settings: Settings | None = None) -> Iterator[str]:
    """Run an app on a free port of this machine, in a thread; gives its address."""
    given = settings or Settings(_env_file=None)
    server = make_server(app, given, port=0, log_level="error")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            pytest.fail("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A SQLite database with the seed in it, to be copied; nothing else opens it."""
    from tests.support.postgres import made_once  # noqa: PLC0415

    return made_once("seed.db", lambda path: prepare(f"sqlite:///{path}"))


@pytest.fixture(scope="session")
def postgres_template() -> str:
    """The name of a PostgreSQL database with the seed in it, to be copied."""
    from tests.support.postgres import template_database  # noqa: PLC0415

    return template_database("seed", "template0", prepare)


@contextmanager
def copy_of_seed(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a new copy, on the engine that is the parameter of the request."""
    if request.param == "sqlite":
        path = folder / "chancery.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    base_url = request.getfixturevalue("postgres_base_url")
    with scratch_postgres(base_url, request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_seed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a SQLite database with the seed in it; only to be read."""
    path = tmp_path_factory.mktemp("seed") / "chancery.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_seed(postgres_base_url: str, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database with the seed in it; only to be read."""
    with scratch_postgres(postgres_base_url, postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_server(sqlite_seed: str) -> Iterator[Server]:
    with serving(sqlite_seed) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server(postgres_seed: str) -> Iterator[Server]:
    with serving(postgres_seed) as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest) -> Server:
    """The seed behind a server, once on each database."""
    name = "sqlite_server" if request.param == "sqlite" else "postgres_server"
    found: Server = request.getfixturevalue(name)
    return found


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as client:
        yield client


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own, without a schema; once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'chancery.db'}"
        return
    with scratch_postgres(request.getfixturevalue("postgres_base_url")) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own with the seed in it; once on each engine."""
    with copy_of_seed(request, tmp_path) as url:
        yield url
