"""`make bench`: what the front costs; our reads against a bare ASGI function that sends the same
bytes; then pages of a long history of two parties against its first page.

One worker on one core, the load from another, contenders in turn, medians of the rounds. What
counts is the ratio; the figures beside it are this machine's on this day. Every request is a
read of the database: there is no response cache yet.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from app.cli import SEED_DIRECTORY
from app.database.engines import make_engine
from app.database.migrations import migrate
from app.importers.loader import load_batch
from app.importers.seed import read as read_seed
from app.record.recorder import Change
from benchmarks import front, pairs
from benchmarks.computed import PLAIN, medians
from benchmarks.generator import CITIES, CODES, batch
from benchmarks.load import Load, python_load, wrk_load

SERVER_CORE, LOAD_CORE = 0, 1
BY_COUNTRY = ((1950 + 5 * step, f"country={code}") for step in range(8) for code in CODES)
BY_CITY = ((1951 + 20 * step, f"city={city}") for step in range(2) for city in CITIES)
NO_END = "1000000000/minute"
"""Requests are counted, and none is too many."""
LISTS = [
    f"/v1/meetings?limit=20&date_from={year}&{place}" for year, place in (*BY_COUNTRY, *BY_CITY)
]


@dataclass(frozen=True)
class Contender:
    """Something that answers: where, and to which requests."""

    name: str
    port: int
    paths: Sequence[str]
    headers: Sequence[str] = ()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pinned(core: int) -> list[str]:
    """The words that keep a program on one core, where the machine has them."""
    several = (os.cpu_count() or 1) > core
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and several else []


@contextmanager
def server(arguments: Sequence[str], port: int, **variables: str) -> Iterator[None]:
    """A server in a process of its own, ready to answer."""
    command = [*pinned(SERVER_CORE), sys.executable, *arguments]
    variables = {"CHANCERY_RATE_ANONYMOUS": NO_END, **variables}
    process = subprocess.Popen(command, env={**os.environ, **variables}, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def bare(name: str, body: bytes, folder: Path) -> Iterator[int]:
    file = folder / name
    file.write_bytes(body)
    port = free_port()
    arguments = ["-m", "uvicorn", "benchmarks.bare:app", "--port", str(port)]
    arguments += ["--no-access-log", "--log-level", "error"]
    with server(arguments, port, BENCH_BODY=str(file)):
        yield port


def read(port: int, path: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read(), answer.headers["etag"]


def measure(
    contenders: Sequence[Contender], *, rounds: int, seconds: float, load: Load
) -> dict[str, float]:
    """Requests a second of each contender: the median of rounds that they take in turn."""
    found: dict[str, list[float]] = {each.name: [] for each in contenders}
    for _ in range(rounds):
        for each in contenders:
            found[each.name].append(load(each.port, each.paths, each.headers, seconds))
    return {name: statistics.median(figures) for name, figures in found.items()}


def prepare(folder: Path, meetings: int) -> str:
    url = f"sqlite:///{folder / 'bench.db'}"
    engine = make_engine(url)
    migrate(engine)
    began = time.perf_counter()
    change = Change(actor="benchmark")
    load_batch(engine, batch(meetings), dataset="benchmark", change=change)
    engine.dispose()
    click.echo(f"{meetings} meetings loaded in {time.perf_counter() - began:.1f} s")
    return url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--pair", type=int, default=20_000, help="meetings of two parties")
    parser.add_argument("--postgres", help="an empty database to try the two parties on as well")
    given = parser.parse_args()
    load = wrk_load(pinned(LOAD_CORE)) if shutil.which("wrk") else python_load
    tell_front()
    click.echo(f"load: {'wrk' if shutil.which('wrk') else 'python (wrk is not installed)'}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = prepare(folder, given.meetings)
        port = free_port()
        details = [f"/v1/meetings/meeting-{number}" for number in range(0, given.meetings, 7)]
        serve = ["-c", "from app.cli import main; main()", "serve", "--port", str(port)]
        with server(serve, port, CHANCERY_DATABASE_URL=url):
            listed, tag = read(port, LISTS[0])
            one, _ = read(port, details[0])
            with bare("list", listed, folder) as list_port, bare("one", one, folder) as one_port:
                figures = measure(
                    [
                        Contender("list: bare", list_port, ["/"]),
                        Contender("list: chancery", port, LISTS),
                        Contender("list: 304", port, LISTS[:1], [f"If-None-Match: {tag}"]),
                        Contender("detail: bare", one_port, ["/"]),
                        Contender("detail: chancery", port, details),
                    ],
                    rounds=given.rounds,
                    seconds=given.seconds,
                    load=load,
                )
        computed = measure_computed(folder, rounds=given.rounds)
    tell(figures, len(listed), len(one))
    tell_computed(computed)
    with tempfile.TemporaryDirectory() as name:
        compare_pages(f"sqlite:///{Path(name) / 'pair.db'}", given.pair)
    if given.postgres:
        compare_pages(given.postgres, given.pair)


def tell_front() -> None:
    click.echo(f"{'the front around a hot read, in this process':46}{'µs':>8}{'of budget':>11}")
    for name, figure in front.measure().items():
        click.echo(f"{name:46}{figure:>8.2f}{figure / front.BUDGET_MICROSECONDS:>11.2f}")
    click.echo()


def measure_computed(folder: Path, *, rounds: int) -> dict[str, float]:
    """Milliseconds that each read takes which is computed at request time, on the seed."""
    url, port = f"sqlite:///{folder / 'seed.db'}", free_port()
    engine = make_engine(url)
    migrate(engine)
    load_batch(engine, read_seed(SEED_DIRECTORY), dataset="seed", change=Change(actor="benchmark"))
    engine.dispose()
    serve = ["-c", "from app.cli import main; main()", "serve", "--port", str(port)]
    with server(serve, port, CHANCERY_DATABASE_URL=url):
        return medians(port, rounds)


def tell_computed(figures: dict[str, float]) -> None:
    click.echo(f"\n{'computed at request time, on the seed':64}{'ms':>8}{'of detail':>11}")
    for path, figure in figures.items():
        click.echo(f"{path:64}{figure:>8.2f}{figure / figures[PLAIN]:>11.1f}")


def compare_pages(url: str, meetings: int) -> None:
    """Print what pages of a long history cost, beside its first page."""
    engine = make_engine(url)
    migrate(engine)
    pairs.fill(engine, meetings)
    engine.dispose()
    port = free_port()
    serve = ["-c", "from app.cli import main; main()", "serve", "--port", str(port)]
    with server(serve, port, CHANCERY_DATABASE_URL=url):
        figures = pairs.measure(port)
    name = url.partition(":")[0]
    click.echo(f"\ntwo parties with {meetings} meetings, {name}; medians of single requests\n")
    click.echo(f"{'':46}{'ms':>8}{'of page 1':>11}")
    for what, figure in figures.items():
        click.echo(f"{what:46}{figure:>8.2f}{figure / figures[pairs.FIRST_PAGE]:>11.1f}")


def tell(figures: dict[str, float], list_bytes: int, one_bytes: int) -> None:
    click.echo(f"\na list is {list_bytes} bytes, a detail {one_bytes}; medians\n")
    click.echo(f"{'':22}{'req/s':>10}{'of bare':>10}")
    for name, figure in figures.items():
        limit = figures[f"{name.partition(':')[0]}: bare"]
        click.echo(f"{name:22}{figure:>10,.0f}{figure / limit:>10.2f}")
    click.echo()
    click.echo(json.dumps({name: round(figure) for name, figure in figures.items()}))


if __name__ == "__main__":
    main()
