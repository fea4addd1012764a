"""`python -m tests.support.fuzzing`: schemathesis against real servers, on both databases.

Each database gets a process of `chancery serve` over a copy of the seed of its own, and a key that
may do everything. What schemathesis finds is told with a command that repeats it and the id of the
request, by which the server's log has it. When it has ended, the log of changes and every document
have to verify.

Without `--minutes` it is the same run each time, and takes about a minute: each database gets a
part of the systematic cases (the phase `coverage`), and all else is done on both.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.vocabulary import Scope
from tests.conftest import RATES, prepare, scratch_postgres
from tests.support.commands import COMMAND, ROOT, environment
from tests.support.postgres import postgres_url

CONFIGURATION = Path(__file__).with_suffix(".toml")
ENGINES = ("sqlite", "postgresql")
SEED = 1814
EXAMPLES = {"fuzzing": 2, "stateful": 10}
"""In the short run: random requests of each operation, and walks along the links."""
COVERED = {
    "sqlite": "^/v1/(meetings|officials|topics|changes|relations|vocabularies)|^/[^v]",
    "postgresql": "^/v1/(positions|parties)",
}
"""What is gone through systematically in the short run; the nouns left out are made alike."""
START_SECONDS = 30
STOP_SECONDS = 30
LONGEST_LOG = 5_000


class Failed(Exception):
    """Something about the run itself, rather than what it was to find."""


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The address of a new database with the seed in it."""
    if engine == "sqlite":
        url = f"sqlite:///{folder / 'chancery.db'}"
        prepare(url)
        yield url
        return
    with postgres_url() as base, scratch_postgres(base) as url:
        prepare(url)
        yield url


def chancery(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def make_key(variables: dict[str, str]) -> str:
    scopes = [part for scope in Scope for part in ("--scope", scope.value)]
    done = chancery(variables, "keys", "create", "--name", "fuzzing", *scopes)
    if done.returncode:
        raise Failed(done.stderr)
    return done.stdout.strip()


@contextmanager
def served(variables: dict[str, str], folder: Path) -> Iterator[str]:
    """`chancery serve` on a free port, its log in `server.log`; it must not end by itself."""
    log, said = folder / "server.log", folder / "server.out"
    with log.open("wb") as errors, said.open("wb") as output:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"],
            env=variables,
            cwd=ROOT,
            stdout=output,
            stderr=errors,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (found := re.search(r"serves at (\S+)", said.read_text())):
            if server.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"The server did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield found[1]
        if server.poll() is not None:
            raise Failed(f"The server ended by itself, with {server.returncode}.")
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


def schemathesis(
    address: str, key: str, folder: Path, *, engine: str, seed: int, minutes: float | None
) -> subprocess.CompletedProcess[str]:
    configuration = folder / "schemathesis.toml"
    text = CONFIGURATION.read_text(encoding="utf-8")
    limit: list[str] = []
    if minutes is None:
        for phase, number in EXAMPLES.items():
            text += f"\n[phases.{phase}.generation]\nmax-examples = {number}\n"
        text += f"\n[[operations]]\nexclude-path-regex = '{COVERED[engine]}'\n"
        text += "phases.coverage.enabled = false\n"
    else:
        limit = ["--max-time", str(max(1, round(minutes * 60)))]
    configuration.write_text(text, encoding="utf-8")
    program = Path(sys.executable).with_name("schemathesis")
    arguments = [str(program), "--config-file", str(configuration)]
    arguments += ["run", f"{address}/openapi.json", "--seed", str(seed), "--no-color"]
    arguments += ["--report", "ndjson", "--report-ndjson-path", str(folder / "report.ndjson")]
    return subprocess.run(
        [*arguments, *limit],
        env={**os.environ, "FUZZING_KEY": key, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def findings(report: Path) -> Iterator[str]:
    """Which requests failed which checks: by the case's id and by the request's."""
    for line in report.read_text(encoding="utf-8").splitlines():
        recorded: dict[str, Any] = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case, checks in recorded.get("checks", {}).items():
            failed = [each["name"] for each in checks if each["status"] == "failure"]
            response = recorded["interactions"].get(case, {}).get("response") or {}
            ids = response.get("headers", {}).get("x-request-id", ["none"])
            if failed:
                yield f"Test case {case} is request {ids[0]}: {', '.join(failed)}"


def try_engine(engine: str, *, seed: int, minutes: float | None) -> tuple[bool, str]:
    """Whether all is well on one database, and what there is to tell."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="chancery-fuzzing-"))
    with database(engine, folder) as url:
        variables = environment(
            folder,
            CHANCERY_DATABASE_URL=url,
            CHANCERY_PEPPER_FILE=str(folder / "pepper"),
            **{f"CHANCERY_{name.upper()}": "" for name in RATES},
        )
        key = make_key(variables)
        with served(variables, folder) as address:
            done = schemathesis(address, key, folder, engine=engine, seed=seed, minutes=minutes)
        verified = chancery(variables, "verify", "--documents")
    well = not done.returncode and not verified.returncode
    said = [f"== {engine}, seed {seed}, {time.monotonic() - began:.0f} s"]
    if well:
        said += [line for line in done.stdout.splitlines() if " generated, " in line]
        shutil.rmtree(folder)
    else:
        log = (folder / "server.log").read_text()[-LONGEST_LOG:]
        said += [done.stdout, done.stderr, *findings(folder / "report.ndjson")]
        said += ["The end of the server's log:", log, f"All of it is in {folder}"]
    return well, "\n".join([*said, verified.stdout + verified.stderr])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, help="go on for so long, on both at once")
    parser.add_argument("--seed", type=int, help="of a run that is to be repeated")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="one alone")
    given = parser.parse_args()
    seed = given.seed
    if seed is None:
        seed = SEED if given.minutes is None else secrets.randbelow(2**31)
    engines = given.engine or ENGINES
    sys.stdout.write(f"schemathesis on {' and '.join(engines)}, seed {seed}\n")
    sys.stdout.flush()
    failed = []
    with ThreadPoolExecutor(len(engines)) as pool:
        runs = {
            engine: pool.submit(try_engine, engine, seed=seed, minutes=given.minutes)
            for engine in engines
        }
        for engine, run in runs.items():
            well, told = run.result()
            sys.stdout.write(f"{told}\n")
            if not well:
                failed.append(engine)
    if failed:
        sys.stdout.write(f"Failed on {' and '.join(failed)}. Repeat with --seed {seed}.\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
