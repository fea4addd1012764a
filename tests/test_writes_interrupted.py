"""C5, D1, D7: a server that is killed, or told to stop, while writes are on their way.

What was acknowledged is there, nothing is there twice or by half, and whoever follows the log ends
with an equal copy.
"""

import http.client
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from app.database.engines import ONLY_READS
from app.models import Revision, Topic
from app.vocabulary import Operation
from tests.support.api import NOUNS
from tests.support.client import Answer
from tests.support.consumer import Copy, json_of
from tests.support.served import Office
from tests.support.wire import request
from tests.support.writing import Editor, check_problem, head, verify, written_since

BROKEN = (OSError, http.client.HTTPException)
PATIENCE_SECONDS = 300
LARGE_ANSWERS = 12
"""More than lies on the way between two sockets."""

Json = Any


def until(said: str, true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, said
        time.sleep(0.02)


@contextmanager
def looking(office: Office, code: str) -> Iterator[Callable[[], bool]]:
    """Says whether a topic is in the database, by a connection of its own."""
    statement = select(func.count()).where(Topic.code == code)
    with office.keys.engine.connect() as connection:
        looks = connection.execution_options(**{ONLY_READS: True})

        def is_there() -> bool:
            with looks.begin():
                return bool(looks.scalar(statement))

        yield is_there


def cut_off(office: Office, code: str) -> bytes:
    """Post a topic, and kill the server when it is seen in the database: what was answered.

    On the same connection much was asked for before, and is read slowly: so the answer to the post
    waits behind it, in the server or on the way from it, and whoever asked is gone before it comes.
    """
    body = orjson.dumps({"code": code, "label": "Cut off"})
    raw = request(
        "POST",
        "/v1/topics",
        f"authorization: Bearer {office.key.reveal()}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        f"idempotency-key: {code}",
        body=body,
    )
    with looking(office, code) as is_there, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", office.served.port))
        assert not is_there()
        client.sendall(request("GET", "/openapi.json") * LARGE_ANSWERS + raw)
        heard = b""
        while not is_there():
            heard += client.recv(32_768)
            time.sleep(0.01)
        office.served.kill()
        return heard


def test_c5_who_got_no_answer_gets_it_by_sending_the_same_again(office: Office) -> None:
    began = head(office.keys.engine)
    heard = cut_off(office, "cut-off")
    assert 0 < heard.count(b"HTTP/1.1 200") <= LARGE_ANSWERS
    assert b"cut-off" not in heard
    assert len(written_since(office.keys.engine, began)) == 1
    office.served.start()
    body = {"code": "cut-off", "label": "Cut off"}
    with office.editor() as editor:
        for _ in range(2):
            answer = editor.post("/v1/topics", body, Idempotency_Key="cut-off")
            assert (answer.status_code, answer.headers["idempotency-replayed"]) == (201, "true")
            assert answer.headers["chancery-seq"] == str(began + 1)
            assert answer.content == editor.get(answer.headers["location"]).content
        answer = editor.post("/v1/topics", {**body, "label": "Else"}, Idempotency_Key="cut-off")
        check_problem(answer, 422)
    assert head(office.keys.engine) == began + 1


class Writer:
    """Edits records of its own, and sends each edit until it is answered, under one key."""

    def __init__(self, office: Office, number: int, round_: str) -> None:
        self.office = office
        self.name = f"{round_}-{number}"
        self.dice = Random(self.name)
        self.over = threading.Event()
        self.seqs: list[int] = []
        self.sent = 0
        self.editor = office.editor()

    def write(self) -> None:
        with self.editor:
            for act in (self.topic, self.official, self.meeting):
                act()
            while not self.over.is_set():
                self.dice.choice((self.topic, self.meeting, self.official))()

    def likely(self, chance: float) -> bool:
        """At first everything is done, so that there is some of all."""
        return self.sent < 7 or self.dice.random() < chance

    def topic(self) -> None:
        code = f"{self.name}-{self.sent}"
        self.surely("POST", "/v1/topics", {"code": code, "label": code})
        path = f"/v1/topics/{code}"
        if self.likely(0.6):
            self.surely("PATCH", path, {"label": f"{code}, changed"})
        if self.likely(0.6):
            self.surely("DELETE", path)
            if self.likely(0.5):
                self.surely("POST", f"{path}/restore")

    def meeting(self) -> None:
        """One that other records show."""
        title = f"As {self.name} had it, {self.sent}"
        self.surely("PATCH", "/v1/visits/blinken-beijing-2023-06", {"title": title})

    def official(self) -> None:
        slug = f"jd-{self.name}-{self.sent}"
        self.surely("POST", "/v1/officials", {"name": slug, "slug": slug})
        if self.likely(0.7):
            self.surely("POST", f"/v1/officials/{slug}/merge", {"into": "wang-yi"})
            if self.likely(0.5):
                self.surely("POST", f"/v1/officials/{slug}/unmerge")

    def surely(self, method: str, target: str, body: Json = None) -> None:
        self.sent += 1
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert time.monotonic() < deadline, (method, target)
            answer = self.tried(method, target, body)
            if answer is not None and answer.is_success:
                self.seqs.append(int(answer.headers["chancery-seq"]))
                return
            if answer is not None:
                check_problem(answer, 503, 409)
            time.sleep(0.03)

    def tried(self, method: str, target: str, body: Json) -> Answer | None:
        key = {"If_Match": "*", "Idempotency_Key": f"{self.name}:{self.sent}"}
        try:
            return self.editor.send(method, target, body, **key)
        except BROKEN:
            self.editor.http.connection.close()
            return None


def units(office: Office, after: int) -> list[int]:
    """Where each transaction since `after` ends in the log."""
    statement = (
        select(func.max(Revision.seq)).where(Revision.seq > after).group_by(Revision.request_id)
    )
    with office.keys.engine.connect() as connection:
        return sorted(connection.scalars(statement))


class Follower:
    """A consumer of the changes, in a process of its own."""

    def __init__(self, office: Office, file: Path) -> None:
        self.office = office
        self.file = file
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        url, file = self.office.served.url, str(self.file)
        self.process = self.office.python("tests.support.consumer", url, file)

    def kill(self) -> None:
        assert self.process is not None
        assert self.process.poll() is None, "the consumer ended by itself"
        self.process.kill()
        self.process.wait()

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        copy = Copy(self.file)
        yield copy
        copy.close()


def origin(editor: Editor) -> dict[str, str]:
    """Every record that there is, by its id."""
    found: dict[str, str] = {}
    for noun in NOUNS:
        target: str | None = f"/v1/{noun}?limit=200"
        while target is not None:
            answer = editor.get(target)
            found |= {each["id"]: json_of(each) for each in answer.json()["items"]}
            target = answer.links.get("next")
    return found


@pytest.mark.parametrize(
    ("writers", "kills"), [(4, 2), pytest.param(12, 25, marks=pytest.mark.long)]
)
def test_d1_what_was_acknowledged_outlives_every_kill_and_who_follows_has_it_all(
    office: Office, tmp_path: Path, writers: int, kills: int
) -> None:
    dice = Random(kills)
    engine = office.keys.engine
    began = head(engine)
    follower = Follower(office, tmp_path / "copy.db")
    crowd = [Writer(office, number, f"k{kills}") for number in range(writers)]
    with ThreadPoolExecutor(writers) as pool:
        done = [pool.submit(each.write) for each in crowd]
        try:
            follower.start()
            for kill in range(kills):
                time.sleep(dice.uniform(0.3, 1.5))
                office.served.kill()
                if kill % 2:
                    follower.kill()
                office.served.start()
                if kill % 2:
                    follower.start()
            time.sleep(0.3)
        finally:
            for each in crowd:
                each.over.set()
        for one in done:
            one.result(PATIENCE_SECONDS)
    acknowledged = sorted(seq for each in crowd for seq in each.seqs)
    assert len(acknowledged) > kills
    assert units(office, began) == acknowledged
    with follower.copy() as copy, office.editor() as editor:
        until("the copy has fallen behind", lambda: copy.after == head(engine))
        follower.kill()
        assert copy.documents() == origin(editor)
    with engine.connect() as connection:
        operations = set(connection.scalars(select(Revision.operation).where(Revision.seq > began)))
    assert operations == set(Operation) - {Operation.REDACT}
    verify(engine)


def test_d7_who_is_told_to_stop_ends_what_is_in_flight(office: Office) -> None:
    began = head(office.keys.engine)
    answered: list[str] = []
    stopped = threading.Event()

    def write(number: int) -> None:
        """Without a second try: what has no answer must not be there."""
        with office.editor() as editor:
            for count in range(10_000):
                body = orjson.dumps({"code": f"end-{number}-{count}", "label": "At the end"})
                headers = [
                    *editor.headers.items(),
                    ("Content-Type", "application/json"),
                    ("Content-Length", str(len(body))),
                ]
                try:
                    answer = editor.http.exchange("POST", "/v1/topics", headers, body)
                except BROKEN:
                    assert stopped.is_set()
                    return
                if answer.status_code != 201:
                    check_problem(answer, 503)
                    return
                answered.append(answer.headers["x-request-id"])

    with ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, number) for number in range(8)]
        until("nobody writes", lambda: len(answered) > 16)
        stopped.set()
        ended = time.monotonic()
        assert office.served.send(signal.SIGTERM) == 0
        assert time.monotonic() - ended < 20
        for each in writers:
            each.result(10)
    written = written_since(office.keys.engine, began)
    assert sorted(answered) == sorted(request_id or "" for *_, request_id in written)
    verify(office.keys.engine)
