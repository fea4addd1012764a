"""Who is measured beside this API: how each is started, asked, and understood."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from app.database.engines import parse_url, sqlite_path
from benchmarks.contenders.json_in_sql import MEETING
from benchmarks.machine import ROOT
from benchmarks.servers import UNCACHED, Server, chancery, free_port, serving

VENV = ROOT / "build" / "bench-venv"
"""Where the packages of others are; `make build/bench-venv/.made` puts them there."""

LIMIT = 20


@dataclass(frozen=True)
class Question:
    """A page of meetings in one country or city and of one format, in order of time."""

    place: str
    value: str
    format: str

    @property
    def query(self) -> str:
        return urlencode({self.place: self.value, "format": self.format})


@dataclass(frozen=True)
class Peer:
    """A contender in a run. `items` takes the meetings out of a list, `one` out of a detail."""

    name: str
    does: str
    engines: tuple[str, ...]
    start: Callable[[str], AbstractContextManager[Server]]
    list_path: Callable[[Question], str]
    one_path: Callable[[str], str]
    items: Callable[[bytes], list[Any]]
    one: Callable[[bytes], Any]


def page(question: Question) -> str:
    return f"/v1/meetings?limit={LIMIT}&{question.query}"


def detail(slug: str) -> str:
    return f"/v1/meetings/{slug}"


def items(body: bytes) -> list[Any]:
    found: list[Any] = json.loads(body)["items"]
    return found


def environment(program: str) -> str:
    """A program of the environment of others; FileNotFoundError where it was not made."""
    path = VENV / "bin" / program
    if not path.exists():
        message = f"{path} is missing; `make build/bench-venv/.made` installs it"
        raise FileNotFoundError(message)
    return str(path)


def file_of(url: str) -> str:
    return str(sqlite_path(parse_url(url)).absolute())


def ours(url: str) -> AbstractContextManager[Server]:
    return chancery(url, **UNCACHED)


@contextmanager
def built(url: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.contenders.built", str(port)]
    variables = {"CHANCERY_DATABASE_URL": url, **UNCACHED}
    with serving(command, port, variables, ready="/livez") as server:
        yield server


@contextmanager
def usual(url: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.contenders.usual:app"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "error"]
    with serving(command, port, {"CHANCERY_DATABASE_URL": url}, ready="/openapi.json") as server:
        yield server


QUERIES = {
    "by_country": f"""SELECT {MEETING} AS meeting FROM meetings m
        WHERE m.deleted_seq IS NULL AND m.format = :format
            AND m.country_id = (SELECT id FROM parties WHERE code = :country)
        ORDER BY m.date_ascends, m.id LIMIT {LIMIT}""",
    "by_city": f"""SELECT {MEETING} AS meeting FROM meetings m
        WHERE m.deleted_seq IS NULL AND m.format = :format
            AND m.city_folded = lower(:city)
        ORDER BY m.date_ascends, m.id LIMIT {LIMIT}""",
    "one": f"SELECT {MEETING} AS meeting FROM meetings m WHERE m.slug = :slug",
}


@contextmanager
def datasette(url: str) -> Iterator[Server]:
    """As its page on performance has it: immutable, with the counts made beforehand, a larger
    cache, and nothing suggested. `pysqlite3` in its environment gives it the SQLite that we use.
    """
    port, file = free_port(), Path(file_of(url))
    with TemporaryDirectory() as name:
        folder = Path(name)
        queries = {key: {"sql": sql} for key, sql in QUERIES.items()}
        metadata = folder / "metadata.json"
        metadata.write_text(json.dumps({"databases": {file.stem: {"queries": queries}}}))
        inspected = folder / "inspected.json"
        tables = {"hash": "0" * 64, "size": file.stat().st_size, "file": file.name, "tables": {}}
        inspected.write_text(json.dumps({file.stem: tables}))
        command = [environment("datasette"), "serve", "--immutable", str(file)]
        command += ["--inspect-file", str(inspected), "--metadata", str(metadata)]
        command += ["--port", str(port), "--setting", "cache_size_kb", "65536"]
        command += ["--setting", "suggest_facets", "off", "--setting", "allow_facet", "off"]
        with serving(command, port, {}, ready="/-/versions.json") as server:
            yield server


@contextmanager
def django(url: str) -> Iterator[Server]:
    port = free_port()
    command = [environment("gunicorn"), "benchmarks.contenders.django_rest.wsgi"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    command += ["--log-level", "error"]
    variables = {"BENCH_SQLITE_FILE": file_of(url)}
    with serving(command, port, variables, ready="/meetings?city=none") as server:
        yield server


def peers(url: str) -> list[Peer]:
    """Everyone who can be asked on this database."""
    both, sqlite = ("sqlite", "postgresql"), ("sqlite",)
    stem = Path(file_of(url)).stem if url.startswith("sqlite") else ""
    shown = urlencode({"_shape": "array", "_json": "meeting"})
    all_of_them = [
        Peer(
            "chancery",
            "finds the keys, joins documents that were published at write time",
            both,
            ours,
            page,
            detail,
            items,
            json.loads,
        ),
        Peer(
            "chancery, JSON built at request time",
            "the same lane and keys; SQLite builds each document from the rows",
            sqlite,
            built,
            page,
            detail,
            items,
            json.loads,
        ),
        Peer(
            "the usual way (FastAPI, SQLAlchemy ORM)",
            "loads objects with selectinload, makes dictionaries, validates a response_model",
            both,
            usual,
            page,
            detail,
            items,
            json.loads,
        ),
        Peer(
            "Datasette",
            "a canned query in a thread, in which SQLite builds the same JSON; immutable",
            sqlite,
            datasette,
            lambda asked: f"/{stem}/by_{asked.place}.json?{asked.query}&{shown}",
            lambda slug: f"/{stem}/one.json?slug={slug}&{shown}",
            lambda body: [each["meeting"] for each in json.loads(body)],
            lambda body: json.loads(body)[0]["meeting"],
        ),
        Peer(
            "Django REST framework",
            "loads objects with select_related and prefetch_related, serializers; gunicorn",
            sqlite,
            django,
            lambda asked: f"/meetings?{asked.query}",
            lambda slug: f"/meetings/{slug}",
            lambda body: json.loads(body)["results"],
            json.loads,
        ),
    ]
    engine = url.partition(":")[0]
    return [each for each in all_of_them if engine in each.engines]
