"""An official is renamed whose name many documents carry, while others read."""

import http.client
import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from app.importers.loader import load_batch
from app.importers.neutral import Meeting, NeutralRecord, Source
from app.importers.parts import derived_id
from benchmarks.databases import CHANGE, opened
from benchmarks.generator import CODES, ROOT_ID, batch_of, official, party
from benchmarks.machine import ROOT
from benchmarks.people import FIRST_DAY
from benchmarks.reading import Reading, waited
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import CHANCERY, UNCACHED, chancery

OTHERS = 50
RENAMED = "person-0"
NEW_NAME = "Somebody Else"
BEFORE_SECONDS = 2.0
PATIENCE_SECONDS = 300
WAIT = {"CHANCERY_WRITE_TIMEOUT_SECONDS": "60"}


def fill(engine: Engine, meetings: int) -> None:
    """Meetings of one official with many others."""
    records: list[NeutralRecord] = [party(code) for code in CODES[:2]]
    records += [gazette(), *(official(number) for number in range(OTHERS + 1))]
    records += [met(number, 1 + number % OTHERS) for number in range(meetings)]
    load_batch(engine, batch_of(records), dataset="rename", change=CHANGE)


def gazette() -> Source:
    return Source.model_validate(
        {
            "id": derived_id(ROOT_ID, "source"),
            "slug": "gazette",
            "title": "The gazette",
            "kind": "official_record",
            "publisher": "The printers",
            "perspective": "third_party",
        }
    )


def met(number: int, other: int) -> Meeting:
    return Meeting.model_validate(
        {
            "id": derived_id(ROOT_ID, "meeting", number),
            "slug": f"meeting-{number}",
            "title": "Talks",
            "format": "bilateral",
            "status": "held",
            "date": (FIRST_DAY + timedelta(days=number)).isoformat(),
            "participants": [
                {
                    "official": f"person-{person}",
                    "name_as_given": "Somebody",
                    "party": CODES[side],
                    "role": "principal",
                }
                for side, person in enumerate((0, other))
            ],
            "citations": ["gazette"],
        }
    )


def key_for(url: str, pepper: Path) -> str:
    """A key that may write."""
    made = subprocess.run(
        [*CHANCERY, "keys", "create", "--name", "benchmark", "--scope", "write"],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings(url, pepper)},
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def settings(url: str, pepper: Path) -> dict[str, str]:
    return {"CHANCERY_DATABASE_URL": url, "CHANCERY_PEPPER_FILE": str(pepper)}


def rename(port: int, key: str) -> float:
    """The seconds until it is done."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/merge-patch+json",
        "If-Match": "*",
    }
    began = time.perf_counter()
    names = [{"name": NEW_NAME, "kind": "display", "language": "en"}]
    body = json.dumps({"name": NEW_NAME, "names": names})
    connection.request("PATCH", f"/v1/officials/{RENAMED}", body, headers)
    answer = connection.getresponse()
    said = answer.read()
    seconds = time.perf_counter() - began
    if answer.status != http.client.OK:
        raise RuntimeError(answer.status, said)
    return seconds


def measure(run: Run) -> Iterator[Row]:
    meetings = run.sizes.renamed
    with run.store.empty() as url, TemporaryDirectory() as folder:
        with opened(url) as engine:
            fill(engine, meetings)
        pepper = Path(folder) / "pepper"
        key = key_for(url, pepper)
        with chancery(url, **settings(url, pepper), **UNCACHED, **WAIT) as server:
            paths = [f"/v1/meetings/meeting-{number * 7 % meetings}" for number in range(meetings)]
            with Reading(server.port, paths) as before:
                time.sleep(BEFORE_SECONDS)
            with Reading(server.port, paths) as meanwhile:
                seconds = rename(server.port, key)
            carried = server.read("/v1/meetings/meeting-0").body
    if NEW_NAME.encode() not in carried:
        message = "A document still carries the former name."
        raise RuntimeError(message)
    does = f"{meetings:,} documents carry the name"
    yield row("rename", "renaming an official", run.engine, seconds, "s", does=does)
    yield from waited("rename", run.engine, {"before": before, "meanwhile": meanwhile})


STAGE = Stage(
    "rename",
    "An official whose name many documents carry gets another one",
    ("sqlite", "postgresql"),
    measure,
)
