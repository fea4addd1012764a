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
from app.database.locks import LOG_LOCK
from tests.conftest import serving
from tests.support.client import Answer
from tests.support.mounts import filled, only_to_be_read, small_disk
from tests.support.postgres_proxy import Lost, proxied
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
        with desk_of(f"sqlite:///{file}", tmp_path) as newsroom, newsroom.editor() as editor:
            assert new_topic(editor, "before").status_code == 201
            before = state(newsroom.engine)
            with filled(disk):
                for number in range(3):
                    problem = check_problem(new_topic(editor, f"full-{number}"), 507)
                    assert "room" in problem["detail"]
                    path = "/v1/visits/blinken-beijing-2023-06"
                    check_problem(editor.patch(path, {"title": "Full"}), 507)
                    check_problem(editor.delete("/v1/topics/before"), 507)
                check_reads(editor)
                assert state(newsroom.engine) == before
            assert new_topic(editor, "after").status_code == 201
            assert len(written_since(newsroom.engine, before["head"][0])) == 1
            verify(newsroom.engine)


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
from app.database.locks import LOG_LOCK
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
    with desk_of(own_database, tmp_path, write_timeout_seconds=seconds) as newsroom:
        with newsroom.editor() as editor:
            assert new_topic(editor, "at-first").status_code == 201
        before = state(newsroom.engine)

        def write(number: int) -> float:
            """They come one after the other, and one waits for those before it as well."""
            time.sleep(number * seconds / MANY)
            with newsroom.editor() as editor:
                began = time.monotonic()
                refused(new_topic(editor, f"held-{number}"))
                return time.monotonic() - began

        with newsroom.editor() as editor, ThreadPoolExecutor(MANY) as pool, held(own_database):
            waiting = [pool.submit(write, number) for number in range(MANY)]
            while not all(each.done() for each in waiting):
                check_reads(editor)
                time.sleep(0.05)
            assert max(each.result() for each in waiting) < seconds + 1
        assert state(newsroom.engine) == before
        with newsroom.editor() as editor:
            assert new_topic(editor, "at-last").status_code == 201


postgres = pytest.mark.parametrize(
    "own_database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@postgres
@pytest.mark.parametrize("lost", Lost)
def test_p2_a_commit_without_an_answer_is_settled_by_the_key(
    own_database: str, tmp_path: Path, lost: Lost
) -> None:
    with (
        proxied(own_database) as proxy,
        desk_of(proxy.url, tmp_path) as newsroom,
        newsroom.editor() as editor,
    ):
        assert new_topic(editor, "at-first").status_code == 201
        began = newsroom.head()
        body = {"code": "perhaps", "label": "Perhaps"}
        proxy.lose = lost
        problem = refused(editor.post("/v1/topics", body, Idempotency_Key="perhaps"))
        assert "Idempotency-Key" in problem["detail"]
        assert not proxy.is_armed
        check_reads(editor)
        answer = editor.post("/v1/topics", body, Idempotency_Key="perhaps")
        assert answer.status_code == 201
        assert ("idempotency-replayed" in answer.headers) == (lost is Lost.ANSWER)
        assert len(written_since(newsroom.engine, began)) == 1
        verify(newsroom.engine)


@postgres
def test_p3_serialisation_failures_are_tried_again_and_then_503(
    own_database: str, tmp_path: Path
) -> None:
    """Where every transaction is serialisable, those who wait for the log read a former one."""
    set_default(own_database, "default_transaction_isolation", "serializable")
    with desk_of(own_database, tmp_path) as newsroom:
        began = newsroom.head()

        def write(number: int) -> list[Answer]:
            with newsroom.editor() as editor:
                return [new_topic(editor, f"s-{number}-{count}") for count in range(4)]

        with ThreadPoolExecutor(8) as pool:
            answers = [each for some in pool.map(write, range(8)) for each in some]
        for answer in answers:
            if answer.status_code != 201:
                refused(answer)
        made = sorted(each.headers["x-request-id"] for each in answers if each.is_success)
        assert made
        assert made == sorted(str(each[-1]) for each in written_since(newsroom.engine, began))
        verify(newsroom.engine)


@postgres
def test_p3_who_is_chosen_to_end_a_deadlock_tries_again(own_database: str, tmp_path: Path) -> None:
    """Somebody has a row that a write needs, and then waits for the log that the write has."""
    with desk_of(own_database, tmp_path) as newsroom, newsroom.editor() as editor:
        path = editor.topic("wanted")
        with ThreadPoolExecutor(1) as pool, newsroom.engine.begin() as other:
            other.execute(text("SET LOCAL deadlock_timeout = '20s'"))
            other.execute(text("SELECT * FROM topics WHERE code = 'wanted' FOR UPDATE"))
            patched = pool.submit(editor.patch, path, {"label": "After all"})
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            deadline = time.monotonic() + 5
            while not other.scalar(waiting):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK})
            other.rollback()
            answer = patched.result(20)
        assert (answer.status_code, answer.json()["label"]) == (200, "After all")
        verify(newsroom.engine)
