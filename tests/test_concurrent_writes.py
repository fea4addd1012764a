"""C: many who write at once. Nobody's edit is lost, and the log has no holes at any moment."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Revision, Topic
from app.record.recorder import Change, Recorder
from app.vocabulary import RecordKind, Scope
from tests.support.client import Answer, Client
from tests.support.served import Office
from tests.support.writing import (
    Desk,
    Editor,
    check_problem,
    example,
    head,
    state,
    verify,
    written_since,
)

MANY = 20
T = TypeVar("T")


def at_once(many: int, act: Callable[[int], T]) -> list[T]:
    """What comes of an act that as many threads begin at the same moment."""
    together = threading.Barrier(many)

    def begin(number: int) -> T:
        together.wait(20)
        return act(number)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(begin, range(many)))


def test_c1_of_twenty_edits_with_one_tag_one_is_made(newsroom: Desk, editor: Editor) -> None:
    path = editor.topic("contended")
    tag = editor.get(path).headers["etag"]
    before = newsroom.head()

    def edit(number: int) -> Answer:
        with newsroom.editor() as own:
            return own.patch(path, {"label": f"By {number}"}, tag)

    answers = at_once(MANY, edit)
    assert Counter(each.status_code for each in answers) == {200: 1, 412: MANY - 1}
    for answer in answers:
        if answer.status_code == 412:
            check_problem(answer, 412)
    (winner,) = (each.json()["label"] for each in answers if each.status_code == 200)
    now = editor.get(path).json()
    assert (now["label"], now["rev"]) == (winner, 2)
    assert [operation for _, operation, *_ in written_since(newsroom.engine, before)] == ["update"]


def test_c2_an_edit_that_has_seen_nothing_is_refused(newsroom: Desk, editor: Editor) -> None:
    path = editor.topic("blind")
    before = state(newsroom.engine)
    for method, body in (("PATCH", {"label": "Blind"}), ("DELETE", None)):
        problem = check_problem(editor.send(method, path, body), 428)
        assert "If-Match" in problem["detail"]
    assert state(newsroom.engine) == before


def test_c3_one_key_sent_twenty_times_at_once_makes_one_record(newsroom: Desk) -> None:
    before = newsroom.head()
    body = {"code": "once", "label": "Once"}

    def post(_: int) -> Answer:
        with newsroom.editor() as own:
            return own.post("/v1/topics", body, Idempotency_Key="one and the same")

    answers = at_once(MANY, post)
    statuses = Counter(each.status_code for each in answers)
    assert set(statuses) <= {201, 409}
    made = [each for each in answers if each.status_code == 201]
    assert len({each.content for each in made}) == 1
    assert sum("idempotency-replayed" not in each.headers for each in made) == 1
    for answer in answers:
        if answer.status_code == 409:
            check_problem(answer, 409)
    assert len(written_since(newsroom.engine, before)) == 1
    again = post(0)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == made[0].content
    for name in ("etag", "location", "chancery-seq"):
        assert again.headers[name] == made[0].headers[name]
    assert newsroom.head() == before + 1


def test_c3_edits_and_deletions_are_done_once_too(newsroom: Desk, editor: Editor) -> None:
    path = editor.topic("edited-once")
    tag = editor.get(path).headers["etag"]
    before = newsroom.head()

    def edit(_: int) -> Answer:
        with newsroom.editor() as own:
            return own.patch(path, {"label": "Edited"}, tag, Idempotency_Key="the edit")

    def delete(_: int) -> Answer:
        with newsroom.editor() as own:
            return own.delete(path, "*", Idempotency_Key="the end")

    for act, status in ((edit, 200), (delete, 204)):
        statuses = Counter(each.status_code for each in at_once(MANY, act))
        assert set(statuses) <= {status, 409}
        assert act(0).status_code == status
    assert [each[1] for each in written_since(newsroom.engine, before)] == ["update", "delete"]


def test_c4_a_key_belongs_to_one_request(newsroom: Desk, editor: Editor) -> None:
    key = "for one request"
    body = {"code": "first", "label": "First"}
    assert editor.post("/v1/topics", body, Idempotency_Key=key).status_code == 201
    path = editor.topic("another")
    before = state(newsroom.engine)
    for answer in (
        editor.post("/v1/topics", {**body, "label": "Second"}, Idempotency_Key=key),
        editor.post("/v1/topics", {**body, "code": "second"}, Idempotency_Key=key),
        editor.post("/v1/sources", example("create_source"), Idempotency_Key=key),
        editor.patch(path, {"label": "Else"}, "*", Idempotency_Key=key),
        editor.delete(path, "*", Idempotency_Key=key),
    ):
        problem = check_problem(answer, 422)
        assert problem["errors"][0].get("parameter") == "Idempotency-Key", problem
    assert state(newsroom.engine) == before
    with newsroom.editor(newsroom.keys.make(Scope.WRITE, name="Bob")) as other:
        answer = other.post("/v1/topics", {"code": "bobs", "label": "Bob's"}, Idempotency_Key=key)
        assert answer.status_code == 201


def test_c4_a_refusal_takes_no_key(newsroom: Desk, editor: Editor) -> None:
    """What was not done may be put right and sent again under the same key."""
    key = "until it is right"
    assert editor.post("/v1/topics", {"code": "right"}, Idempotency_Key=key).status_code == 422
    body = {"code": "right", "label": "Right"}
    assert editor.post("/v1/topics", body, Idempotency_Key=key).status_code == 201


def test_c7_a_clock_that_goes_back_takes_nothing_with_it(newsroom: Desk, editor: Editor) -> None:
    """The newest revision was made by a machine whose clock is an hour ahead."""
    path = editor.topic("in-time")
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with Session(newsroom.engine) as session, session.begin():
        row = session.scalars(select(Topic).where(Topic.code == "in-time")).one()
        row.label = "From the future"
        Recorder(session, Change(actor="tests", clock=lambda: ahead)).publish(
            {RecordKind.TOPIC: [row.id]}
        )
    before = newsroom.head()
    answers = [editor.patch(path, {"label": f"Later {number}"}) for number in range(3)]
    answers.append(editor.post("/v1/topics", {"code": "after-all", "label": "After all"}))
    assert [each.headers["chancery-seq"] for each in answers] == [
        str(before + number) for number in (1, 2, 3, 4)
    ]
    changes = editor.get(f"/v1/changes?after={before - 1}").json()["items"]
    assert [each["seq"] for each in changes] == list(range(before, before + 5))
    instants = [each["at"] for each in changes]
    assert instants == sorted(set(instants))
    assert answers[-1].json()["updated_at"] == instants[-1] > instants[0]
    since = editor.get(f"/v1/changes?since={instants[1]}").json()["items"]
    assert [each["seq"] for each in since] == [each["seq"] for each in changes[1:]]
    verify(newsroom.engine)


class Watcher:
    """Reads the changes for as long as it is asked to, and notes each that it sees."""

    def __init__(self, url: str, after: int, seed: int) -> None:
        self.url = url
        self.seen: list[int] = []
        self.after = self.began = after
        self.dice = Random(seed)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self) -> None:
        with Client(self.url) as http:
            while not self.over.is_set():
                self.look(http, self.dice.choice((0, 0, 1)))
            while self.look(http, 0):
                pass

    def look(self, http: Client, wait: int) -> bool:
        limit = self.dice.choice((1, 5, 50, 200))
        page = http.get(f"/v1/changes?after={self.after}&limit={limit}&wait={wait}").json()
        self.seen += [each["seq"] for each in page["items"]]
        self.after = page["next_after"]
        return bool(page["items"])


@contextmanager
def watched(url: str, after: int, many: int) -> Iterator[list[Watcher]]:
    """Readers of the changes while the block runs; at its end they have read all of them."""
    watchers = [Watcher(url, after, seed) for seed in range(many)]
    for each in watchers:
        each.thread.start()
    try:
        yield watchers
    finally:
        for each in watchers:
            each.over.set()
        for each in watchers:
            each.thread.join(60)


class Crowd:
    """Writers who count together: each adds one to what they have read, and tries again where
    another was quicker. Some make and delete records of their own on the way.
    """

    def __init__(self, office: Office, counters: list[str], seconds: float) -> None:
        self.office = office
        self.counters = counters
        self.end = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.acknowledged: list[str] = []
        self.added: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()

    def note(self, answer: Answer) -> bool:
        """Whether a write was accepted."""
        with self.lock:
            self.statuses[answer.status_code] += 1
            if answer.is_success:
                self.acknowledged.append(answer.headers["x-request-id"])
            elif answer.status_code != 412:
                check_problem(answer, 503)
        return answer.is_success

    def write(self, number: int) -> None:
        dice = Random(number)
        with self.office.editor() as editor:
            made = 0
            while time.monotonic() < self.end:
                if dice.random() < 0.2:
                    made += 1
                    body = {"code": f"w-{number}-{made}", "label": "A new one"}
                    answer = editor.post("/v1/topics", body)
                    if self.note(answer) and dice.random() < 0.5:
                        tag = answer.headers["etag"]
                        self.note(editor.delete(answer.headers["location"], tag))
                else:
                    self.count(editor, dice.choice(self.counters))

    def count(self, editor: Editor, path: str) -> None:
        read = editor.get(path)
        reached = int(read.json()["summary"].split()[-1])
        change: dict[str, Any] = {"summary": f"Counted {reached + 1}"}
        if "visits" in path:  # its meetings show its title, and are republished
            change["title"] = f"Visit {reached + 1}"
        if self.note(editor.patch(path, change, read.headers["etag"])):
            with self.lock:
                self.added[path] += 1


@pytest.mark.parametrize(
    ("writers", "seconds"), [(10, 3), pytest.param(50, 30, marks=pytest.mark.long)]
)
def test_c6_what_many_write_at_once_is_all_there_and_nothing_else(
    office: Office, writers: int, seconds: int
) -> None:
    engine = office.keys.engine
    with office.editor() as editor:
        body = example("create_meeting")
        counters = [editor.made("meetings", body)[0] for _ in range(3)]
        counters.append("/v1/visits/blinken-beijing-2023-06")
        for path in counters:
            assert editor.patch(path, {"summary": "Counted 0"}).status_code == 200
        began = head(engine)
        crowd = Crowd(office, counters, seconds)
        with watched(office.served.url, began, 4) as watchers, ThreadPoolExecutor(writers) as pool:
            list(pool.map(crowd.write, range(writers)))
        written = written_since(engine, began)
        assert set(crowd.statuses) <= {200, 201, 204, 412, 503}, crowd.statuses
        assert crowd.statuses[412]
        assert sorted(crowd.acknowledged) == sorted(request or "" for *_, request in written)
        ended = head(engine)
        with engine.connect() as connection:
            total = connection.scalar(
                select(func.count()).select_from(Revision).where(Revision.seq > began)
            )
        assert total == ended - began > len(written), "nothing was republished"
        for watcher in watchers:
            assert watcher.seen == list(range(began + 1, ended + 1))
        for path in counters:
            assert editor.get(path).json()["summary"] == f"Counted {crowd.added[path]}"
    done = office.command("verify", "--documents")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert "Traceback" not in office.served.said()
