"""What a running server answers while its database hangs, is broken, or is not what it was."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import text

from app.database.engines import SQLITE_MODULE, make_engine
from app.database.migrations import SCHEMA, migrate
from tests.conftest import serving
from tests.support.postgres import OwnServer, create_database, own_server

READ_TIMEOUT_SECONDS = 1.0
LIST, SNAPSHOT = "/v1/meetings", "/v1/meetings?include=sources"
SEARCH, COUNTS = "/v1/search?q=talks", "/v1/stats/meetings?by=year"


def change(database_url: str, statement: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def until(client: httpx2.Client, path: str, status: int) -> float:
    """How many seconds pass until a path is answered with a status."""
    began = time.monotonic()
    while client.get(path).status_code != status:
        assert time.monotonic() - began < 10
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.fixture
def hanging() -> Iterator[OwnServer]:
    with own_server() as server:
        try:
            yield server
        finally:
            server.send(signal.SIGCONT)


@pytest.mark.postgres
def test_a_postgresql_that_hangs_costs_503s_in_time_and_no_more_once_it_goes_on(
    hanging: OwnServer,
) -> None:
    url = create_database(hanging.url, "hanging")
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    with (
        serving(url, read_timeout_seconds=READ_TIMEOUT_SECONDS) as server,
        httpx2.Client(base_url=server.url, timeout=20) as client,
        ThreadPoolExecutor(30) as crowd,
    ):

        def ask(path: str) -> tuple[int, str | None, float]:
            began = time.monotonic()
            answer = client.get(path)
            return answer.status_code, answer.headers.get("retry-after"), time.monotonic() - began

        paths = [LIST, SNAPSHOT, SEARCH, COUNTS, "/readyz"] * 6
        assert {ask(path)[0] for path in paths} == {200}
        assert {status for status, *_ in crowd.map(ask, paths)} == {200}
        hanging.send(signal.SIGSTOP)
        for _ in range(2):
            answers = crowd.map(ask, paths)
            assert ask("/livez")[0] == 200
            for status, retry_after, seconds in answers:
                assert (status, retry_after) == (503, "2")
                assert seconds < READ_TIMEOUT_SECONDS + 2
        hanging.send(signal.SIGCONT)
        assert until(client, LIST, 200) < 5
        assert {status for status, *_ in crowd.map(ask, paths)} == {200}
        hanging.send(signal.SIGSTOP)
        asked = crowd.submit(ask, LIST)
        began = time.monotonic()
    assert time.monotonic() - began < 8
    assert asked.result()[0] == 503


def test_a_fault_of_ours_is_an_internal_error_and_a_schema_on_its_way_is_not(
    own_database: str,
) -> None:
    change(own_database, "ALTER TABLE documents RENAME TO something_else")
    with serving(own_database) as server, server.client() as client:
        answer = client.get(LIST)
        assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")
        assert "documents" not in answer.text
        assert client.get("/readyz").status_code == 200
        change(own_database, "UPDATE alembic_version SET version_num = '0000'")
        for path in (LIST, SNAPSHOT, "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        change(own_database, f"UPDATE alembic_version SET version_num = '{SCHEMA}'")
        change(own_database, "ALTER TABLE something_else RENAME TO documents")
        assert client.get(SNAPSHOT).status_code == 200


def test_a_database_without_a_schema_is_unavailable_until_it_has_one(empty_database: str) -> None:
    engine = make_engine(empty_database)
    with engine.connect():
        pass
    with serving(empty_database) as server, server.client() as client:
        assert [client.get(path).status_code for path in (LIST, "/readyz")] == [503, 503]
        migrate(engine)
        assert [client.get(path).status_code for path in (LIST, "/readyz")] == [200, 200]
    engine.dispose()


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_a_corrupt_file_is_503_until_it_is_whole_again(own_database: str) -> None:
    file = Path(urlsplit(own_database).path)
    whole = file.read_bytes()
    with serving(own_database) as server, server.client() as client:
        with file.open("r+b") as opened:
            opened.write(os.urandom(len(whole)))
        paths = (LIST, SNAPSHOT, SEARCH, COUNTS, "/readyz", "/livez")
        seen = [client.get(path).status_code for path in paths]
        assert seen == [503, 503, 503, 503, 503, 200]
        with file.open("r+b") as opened:
            opened.write(whole)
        seen = [client.get(path).status_code for path in paths]
        assert seen == [200] * len(paths)


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_a_file_that_is_replaced_is_read_and_one_that_is_gone_is_503(own_database: str) -> None:
    file = Path(urlsplit(own_database).path)
    other = file.with_name("other.db")
    shutil.copyfile(file, other)
    with closing(SQLITE_MODULE.connect(str(other))) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()
    with serving(own_database) as server, server.client() as client:
        assert client.get("/readyz").status_code == 200
        kept = file.rename(file.with_name("kept.db"))
        until(client, "/readyz", 503)
        kept.rename(file)
        until(client, "/readyz", 200)
        other.replace(file)
        until(client, "/readyz", 503)
        assert client.get(f"{LIST}?count=exact").status_code == 200
