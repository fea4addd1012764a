"""A validated import with documents, history and full text; and what publishing costs of it."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Meeting
from app.record.documents import meeting
from app.record.loading import load
from app.vocabulary import RecordKind
from benchmarks.databases import opened
from benchmarks.machine import ROOT, SERVER_CORE, pinned
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage

LOG = ("revisions", "revision_parents", "documents")
"""The tables of the log."""

RENDERED = 1_000


def imported(url: str, meetings: int) -> Any:
    """What `benchmarks.importing` tells of one import, on the core of the server."""
    command = [*pinned(SERVER_CORE), sys.executable, "-m", "benchmarks.importing"]
    done = subprocess.run(
        [*command, url, str(meetings)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def measure(run: Run) -> Iterator[Row]:
    meetings = run.sizes.imported
    with run.store.empty() as url:
        told = imported(url, meetings)
    rows = sum(told["rows"].values())
    log = sum(told["rows"].get(name, 0) for name in LOG)
    a_meeting = told["seconds"] * 1e6 / meetings
    yield row(
        "bulk",
        "validated import",
        run.engine,
        rows / told["seconds"],
        "rows/s",
        does=f"{meetings:,} meetings with all that belongs to them, in an empty database",
        beside={
            "rows a meeting": rows / meetings,
            "µs a meeting": a_meeting,
            "memory MiB": told["memory_mib"],
            "seconds": told["seconds"],
        },
    )
    yield row(
        "bulk",
        "of which in the log",
        run.engine,
        log / meetings,
        "rows a meeting",
        does="revisions, their parents and the published documents",
    )
    yield row(
        "bulk",
        "publishing a meeting",
        run.engine,
        rendering(run),
        "µs",
        does="what reads are spared: its rows are loaded, and its document made and written",
    )


def rendering(run: Run) -> float:
    """Microseconds for one meeting's document from its rows, in batches as imports make them."""
    with opened(run.store.filled(run.sizes.meetings)) as engine, Session(engine) as session:
        ids = list(session.scalars(select(Meeting.id).order_by(Meeting.id).limit(RENDERED)))
        taken = []
        for _ in range(run.sizes.rounds):
            began = time.process_time()
            for each in load(session, RecordKind.MEETING, ids):
                orjson.dumps(meeting(each))
            taken.append((time.process_time() - began) * 1e6 / len(ids))
            session.expunge_all()
    return statistics.median(taken)


STAGE = Stage(
    "bulk",
    "Importing a data set, every row that is inserted in any table counted",
    ("sqlite", "postgresql"),
    measure,
)
