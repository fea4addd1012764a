"""D3, D4, D5, P2, P3: what a write is told when its database cannot take it.

Nothing is written by half, reads go on, and it heals by itself.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.database.engines import make_engine
from tests.conftest import serving
from tests.support.client import Answer
from tests.support.mounts import filled, only_to_be_read, small_disk
from tests.support.writing import (
    ALL_SCOPES,
    Editor,
    check_problem,
    desk_of,
    head,
    keys_of,
    state,
    verify,
    written_since,
)

MANY = 7
READS = ("/v1/meetings", "/v1/officials/wang-yi", "/v1/changes?after=100&include=document")


def check_reads(editor: Editor) -> None:
    for target in READS:
        assert editor.get(target).status_code == 200, target


def refused(answer: Answer) -> Any:
    problem = check_problem(answer, 503)
    assert answer.headers["retry-after"]
    return problem


def new_topic(editor: Editor, code: str) -> Answer:
    return editor.post("/v1/topics", {"code": code, "label": code})


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_d3_where_there_is_no_room_writes_are_507_until_there_is(
    own_database: str, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 24) as disk:
        file = shutil.copy(own_database.removeprefix("sqlite:///"), disk)
        with desk_of(f"sqlite:///{file}", tmp_path) as desk, desk.editor() as editor:
            assert new_topic(editor, "before").status_code == 201
            before = state(desk.engine)
            with filled(disk):
                for number in range(3):
                    problem = check_problem(new_topic(editor, f"full-{number}"), 507)
                    assert "room" in problem["detail"]
                    path = "/v1/visits/blinken-beijing-2023-06"
                    check_problem(editor.patch(path, {"title": "Full"}), 507)
                    check_problem(editor.delete("/v1/topics/before"), 507)
                check_reads(editor)
                assert state(desk.engine) == before
            assert new_topic(editor, "after").status_code == 201
            assert len(written_since(desk.engine, before["head"][0])) == 1
            verify(desk.engine)


@contextmanager
def read_only(database_url: str, folder: Path) -> Iterator[str]:
    """The address under which a database can only be read."""
    if database_url.startswith("sqlite"):
        with small_disk(folder / "disk", 64) as disk:
            file = shutil.copy(database_url.removeprefix("sqlite:///"), disk)
            only_to_be_read(disk)
            yield f"sqlite:///{file}"
        return
    set_default(database_url, "default_transaction_read_only", "on")
    yield database_url


def set_default(database_url: str, name: str, value: str) -> None:
    """Give a PostgreSQL database a default, for connections that are made after this."""
    engine = make_engine(database_url)
    database = engine.url.database
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE \"{database}\" SET {name} = '{value}'"))
    engine.dispose()


def test_d4_a_database_that_can_only_be_read_is_read(own_database: str, tmp_path: Path) -> None:
    with keys_of(own_database, tmp_path) as (keys, settings):
        key = keys.make(*ALL_SCOPES)
        before = head(keys.engine)
    with (
        read_only(own_database, tmp_path) as url,
        serving(url, pepper_file=settings["pepper_file"]) as server,
        Editor(server.url, key) as editor,
    ):
        (statement,) = editor.get("/v1/statements?limit=1").json()["items"]
        for answer in (
            new_topic(editor, "not-to-be"),
            editor.patch("/v1/topics/taiwan", {"label": "Not to be"}),
            editor.delete(f"/v1/statements/{statement['id']}"),
            editor.post("/v1/topics", {"code": "x", "label": "X"}, Idempotency_Key="not to be"),
        ):
            refused(answer)
        check_reads(editor)
        assert editor.get("/readyz").status_code == 200
        assert editor.get("/v1/changes").json()["next_after"] <= before


HOLD = """
import sys
from sqlalchemy.orm import Session
from app.database.engines import make_engine
from app.database.locks import lock_log
with Session(make_engine(sys.argv[1])) as session, session.begin():
    session.connection()
    lock_log(session)
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(database_url: str) -> Iterator[None]:
    """Another process is writing, and does not end before the block does."""
    command = [sys.executable, "-c", HOLD, database_url]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"held\n"
            yield
            assert process.poll() is None
        finally:
            process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("seconds", [2, pytest.param(5, marks=pytest.mark.long)])
def test_d5_a_lock_that_another_process_holds_costs_writes_503_in_time(
    own_database: str, tmp_path: Path, seconds: int
) -> None:
    with desk_of(own_database, tmp_path, write_timeout_seconds=seconds) as desk:
        with desk.editor() as editor:
            assert new_topic(editor, "at-first").status_code == 201
        before = state(desk.engine)

        def write(number: int) -> float:
            """They come one after the other, and one waits for those before it as well."""
            time.sleep(number * seconds / MANY)
            with desk.editor() as editor:
                began = time.monotonic()
                refused(new_topic(editor, f"held-{number}"))
                return time.monotonic() - began

        with desk.editor() as editor, ThreadPoolExecutor(MANY) as pool, held(own_database):
            waiting = [pool.submit(write, number) for number in range(MANY)]
            while not all(each.done() for each in waiting):
                check_reads(editor)
                time.sleep(0.05)
            assert max(each.result() for each in waiting) < seconds + 1
        assert state(desk.engine) == before
        with desk.editor() as editor:
            assert new_topic(editor, "at-last").status_code == 201
