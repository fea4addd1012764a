"""`/v1/changes?wait=`: held until there is something, and holding nothing up meanwhile."""

import asyncio
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.database.reading import make_reader
from app.lane.waiting import Waiters
from app.models import Meeting, Official
from app.vocabulary import Operation, RecordKind
from tests.conftest import serving
from tests.support.api import Api, asking
from tests.support.commands import COMMAND, environment
from tests.support.wire import connected, hear, request
from tests.test_changes import record
from tests.test_cli import answers

CALL = "qin-blinken-call-2023-06"


@pytest.fixture
def own(own_database: str) -> Iterator[Api]:
    with serving(own_database) as server, asking(server) as found:
        yield found


def delete(api: Api, slug: str = CALL) -> int:
    return record(api, Operation.DELETE, RecordKind.MEETING, Meeting, slug)


def soon(act: Callable[[], Any], seconds: float = 0.4) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


def timed(api: Api, **query: Any) -> tuple[Any, float]:
    began = time.monotonic()
    page = api.read("/v1/changes", **query)
    return page, time.monotonic() - began


def waiting(api: Api, query: str) -> socket.socket:
    """A connection over which somebody waits."""
    connection = connected(int(api.server.url.rpartition(":")[2]))
    connection.sendall(request("GET", f"/v1/changes?{query}", "connection: close"))
    return connection


def test_what_is_there_already_is_not_waited_for(own: Api) -> None:
    page, seconds = timed(own, after=139, wait=20)
    assert [each["seq"] for each in page["items"]] == [140]
    assert seconds < 2


def test_where_nothing_comes_the_answer_is_empty_at_the_end(own: Api) -> None:
    page, seconds = timed(own, after=140, wait=1)
    assert (page["items"], page["next_after"]) == ([], 140)
    assert 0.9 < seconds < 10


def test_it_is_held_until_something_is_added(own: Api) -> None:
    timer = soon(lambda: delete(own))
    page, seconds = timed(own, after=140, wait=20)
    timer.join()
    assert [(each["seq"], each["operation"]) for each in page["items"]] == [(141, "delete")]
    assert page["next_after"] == 141
    assert 0.3 < seconds < 5


def test_since_and_include_hold_as_they_do_without_it(own: Api) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    timer = soon(lambda: delete(own), 1.1)
    page, _ = timed(own, since=now, wait=20, include="document")
    timer.join()
    assert [(each["seq"], each["document"]) for each in page["items"]] == [(141, None)]
    timer = soon(lambda: record(own, Operation.MERGE, RecordKind.OFFICIAL, Official, "qin-gang"))
    page, seconds = timed(own, since=later, wait=1)
    timer.join()
    assert (page["items"], page["next_after"]) == ([], 142)
    assert seconds > 0.9


def test_beyond_the_end_of_the_log_it_waits_for_what_lies_beyond(own: Api) -> None:
    timer = soon(lambda: delete(own), 0.2)
    page, seconds = timed(own, after=141, wait=1)
    timer.join()
    assert (page["items"], page["next_after"]) == ([], 141)
    assert seconds > 0.9


def test_whoever_has_the_answer_is_told_so_at_the_end(own: Api) -> None:
    target = "/v1/changes?after=140"
    held = {"if-none-match": own.http.get(target).headers["etag"]}
    assert own.http.get(f"{target}&wait=1", held).status_code == 304
    timer = soon(lambda: delete(own))
    assert own.http.get(f"{target}&wait=20", held).status_code == 200
    timer.join()


def test_many_wait_without_holding_a_connection_or_a_thread(own: Api) -> None:
    """More than either database has of them; all are woken by one change."""
    sockets = [waiting(own, "after=140&wait=20&include=document") for _ in range(120)]

    def polls() -> int:
        return len([each for each in own.server.statements if "max(" in each and "seq" in each])

    deadline = time.monotonic() + 30
    while polls() < len(sockets):  # each looks once before it waits
        assert time.monotonic() < deadline
        time.sleep(0.05)
    own.server.statements.clear()
    began = time.monotonic()
    for _ in range(20):
        assert own.read("/v1/meetings", limit=1, count="exact")["total"] == 5
    assert time.monotonic() - began < 3
    assert polls() < 40
    delete(own)
    began = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        heard = list(pool.map(hear, sockets))
    assert time.monotonic() - began < 5
    assert {(each.status, each.body["next_after"]) for each in heard} == {(200, 141)}
    for connection in sockets:
        connection.close()


class TestPlaces:
    @pytest.fixture
    def narrow(self, own_database: str) -> Iterator[Api]:
        with serving(own_database, waiting_requests=1) as server, asking(server) as found:
            yield found

    def test_where_all_places_are_taken_it_is_503_with_the_time_to_wait(self, narrow: Api) -> None:
        with waiting(narrow, "after=140&wait=20"):
            time.sleep(0.3)
            answer = narrow.get("/v1/changes", after=140, wait=20)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()["type"] == "/problems/unavailable"
            assert "without `wait`" in answer.json()["detail"]
            assert narrow.get("/v1/changes", after=140).status_code == 200
            assert narrow.get("/v1/changes", after=139, wait=20).status_code == 200

    def test_a_client_that_goes_away_leaves_its_place(self, narrow: Api) -> None:
        waiting(narrow, "after=140&wait=20").close()
        time.sleep(0.3)
        assert narrow.get("/v1/changes", after=140, wait=1).status_code == 200


def test_the_own_writer_wakes_them_at_once(sqlite_seed: str) -> None:
    """Without it the watcher would look again only after a minute."""

    async def scenario() -> float:
        reader = make_reader(sqlite_seed, timeout_seconds=2, pool_size=1)
        waiters = Waiters(reader, most=10, seconds_between_looks=60)
        with waiters.place(beyond=140) as none, waiters.place(beyond=139) as one:
            await asyncio.wait_for(one, 5)
            assert not none.done()
            with waiters.place(beyond=1) as late:
                began = time.monotonic()
                await asyncio.to_thread(waiters.head_moved)
                await asyncio.wait_for(late, 5)
            assert not none.done()
            waiters.end()
            await asyncio.wait_for(none, 5)
        with waiters.place(beyond=140) as after_the_end:
            assert after_the_end.done()
        await reader.close()
        return time.monotonic() - began

    assert asyncio.run(scenario()) < 3


def test_d7_whoever_waits_is_answered_at_once_when_the_server_stops(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "serve", "--prepare", "--port", str(port)],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        answers(f"http://127.0.0.1:{port}", process)
        with ThreadPoolExecutor(5) as pool:
            target = f"http://127.0.0.1:{port}/v1/changes?after=140&wait=30"
            asked = [pool.submit(httpx2.get, target, timeout=40) for _ in range(5)]
            time.sleep(0.7)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            heard = [each.result() for each in asked]
            assert process.wait(timeout=20) == 0
            assert time.monotonic() - began < 3
    finally:
        process.kill()
        process.wait()
    assert {(each.status_code, each.json()["next_after"]) for each in heard} == {(200, 140)}
