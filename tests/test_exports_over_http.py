"""`/v1/{list}.ndjson`: a whole list in one answer, streamed from one view of the database."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx2
import pytest
from sqlalchemy import func, insert, select, text

from app.database.engines import make_engine
from app.lane import exports
from app.lane.exports import chunks_of
from app.models import Document, Revision, Topic
from app.record.documents import SHAPE
from app.vocabulary import Operation, RecordKind
from benchmarks.machine import memory_mib
from tests.conftest import Server, copy_of_seed, scratch_postgres, serving
from tests.support.api import NOUNS, Api, asking
from tests.support.client import Answer
from tests.support.served import Served
from tests.support.writing import ENGINES, check_problem

Json = Any

MANY, BYTES = 20_000, 4_000
"""Topics, and the size of their documents: together more than any buffer on the way takes."""


def lines(answer: Answer) -> list[Json]:
    """The documents of an export; each line ends, the last one too."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.content.endswith(b"\n") or not answer.content
    return [json.loads(line) for line in answer.content.splitlines()]


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of some dozens then comes in many stretches."""
    monkeypatch.setattr(exports, "STRETCH", 3)
    monkeypatch.setattr(exports, "STRETCH_OF_KEYS", 5)
    monkeypatch.setattr(exports, "CHUNK", 3_000)


@pytest.mark.usefixtures("short_stretches")
class TestWhatItHolds:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_it_is_the_list_in_its_order(self, crowd: Api, noun: str) -> None:
        assert lines(crowd.get(f"/v1/{noun}.ndjson")) == crowd.documents[noun]

    @pytest.mark.parametrize(
        ("noun", "query"),
        [
            ("meetings", {"sort": "-date"}),
            ("meetings", {"sort": "title"}),
            ("meetings", {"sort": "-updated_at"}),
            ("meetings", {"sort": "-sequence"}),
            ("meetings", {"party": ["CN", "US"]}),
            ("meetings", {"country": "CN,US", "sort": "-date"}),
            ("meetings", {"date_from": "2022", "date_to": "2023-06"}),
            ("meetings", {"date_from": "1900", "sort": "-date"}),
            ("meetings", {"q": "beijing"}),
            ("meetings", {"q": "beijing", "sort": "-date"}),
            ("meetings", {"participant": "antony-blinken", "has_conflicts": "true"}),
            ("visits", {"visitor": "US"}),
            ("officials", {"sort": "-name"}),
            ("officials", {"q": "xi"}),
            ("positions", {"sort": "-start"}),
            ("statements", {"topic": "taiwan"}),
            ("commitments", {"topic": "taiwan"}),
            ("sources", {"sort": "-updated_at"}),
            ("parties", {"kind": "state"}),
            ("topics", {"updated_since": "2020-01-01T00:00:00Z"}),
        ],
    )
    def test_it_takes_the_filters_and_the_order_of_the_list(
        self, crowd: Api, noun: str, query: dict[str, Any]
    ) -> None:
        listed = crowd.walk(f"/v1/{noun}", **query)
        assert lines(crowd.get(f"/v1/{noun}.ndjson", **query)) == listed

    def test_it_has_an_end_of_its_own_only_where_one_is_asked_for(self, crowd: Api) -> None:
        every = crowd.documents["statements"]
        for limit in (1, 2, 3, 4, 6, len(every), len(every) + 1, 1_000_000_000):
            found = lines(crowd.get("/v1/statements.ndjson", limit=limit))
            assert found == every[:limit]
        searched = crowd.walk("/v1/statements", q="taiwan")
        assert len(searched) > 2
        assert lines(crowd.get("/v1/statements.ndjson", q="taiwan", limit=2)) == searched[:2]

    def test_where_there_is_nothing_it_is_empty(self, crowd: Api) -> None:
        answer = crowd.get("/v1/meetings.ndjson", city="Nowhere")
        assert (lines(answer), answer.content) == ([], b"")

    def test_the_lines_are_the_bytes_that_were_published(self, crowd: Api) -> None:
        shown = crowd.http.get("/v1/meetings/blinken-xi-beijing-2023-06-19").content
        assert shown in crowd.http.get("/v1/meetings.ndjson").content.split(b"\n")


class TestHowItIsAnswered:
    def test_its_tag_is_that_of_the_log_and_of_the_query(self, api: Api) -> None:
        paths = (
            "/v1/meetings.ndjson",
            "/v1/visits.ndjson",
            "/v1/meetings.ndjson?limit=1",
            "/v1/meetings.ndjson?sort=-date",
        )
        tags = [api.http.get(path).headers["etag"] for path in paths]
        assert len(set(tags)) == len(tags)
        same = ("/v1/meetings.ndjson?sort=date", "/v1/meetings.ndjson?sort=%64ate")
        assert {api.http.get(path).headers["etag"] for path in same} == {tags[0]}

    def test_what_the_client_has_is_not_sent_again(self, api: Api) -> None:
        whole = api.http.get("/v1/topics.ndjson")
        assert "link" not in whole.headers
        held = api.http.get("/v1/topics.ndjson", {"If-None-Match": whole.headers["etag"]})
        assert (held.status_code, held.content) == (304, b"")
        for name in ("etag", "cache-control", "chancery-seq"):
            assert held.headers[name] == whole.headers[name]
        other = api.http.get("/v1/topics.ndjson", {"If-None-Match": '"another"'})
        assert other.content == whole.content

    def test_head_says_the_same_and_reads_nothing(self, server: Server) -> None:
        with asking(server) as api:
            got = api.http.get("/v1/meetings.ndjson")
            server.statements.clear()
            head = api.http.head("/v1/meetings.ndjson")
            assert (head.status_code, head.content) == (200, b"")
            assert len(server.statements) == 1
            for name in ("etag", "content-type", "cache-control", "chancery-seq"):
                assert head.headers[name] == got.headers[name]
            tag = {"If-None-Match": got.headers["etag"]}
            assert api.http.head("/v1/meetings.ndjson", tag).status_code == 304

    def test_an_export_of_a_few_is_two_statements(self, server: Server) -> None:
        with asking(server) as api:
            api.http.get("/v1/meetings.ndjson")
            server.statements.clear()
            api.http.get("/v1/meetings.ndjson")
            assert len(server.statements) == 2

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("fields=id", "as it was published"),
            ("lang=zh", "as it was published"),
            ("as_of=2023-06-19", "as it was published"),
            ("include=statements", "export the other list too"),
            ("cursor=abc", "in one answer"),
            ("count=exact", "in one answer"),
            ("known_at=2030-01-01T00:00:00Z", "chancery export --known-at"),
            ("nonsense=1", "is not a parameter"),
            ("limit=0", "greater than or equal to 1"),
            ("limit=1e3", "expected a whole number"),
            ("format=nonsense", "input should be"),
            ("date_from=2023&date_to=2022", "lies after"),
            ("q=%21", "no word to search for"),
        ],
    )
    def test_what_it_does_not_take_it_refuses_and_says_why(
        self, api: Api, query: str, said: str
    ) -> None:
        refused = api.http.get(f"/v1/meetings.ndjson?{query}")
        check_problem(refused, 422)
        assert said in refused.json()["detail"]

    def test_there_are_no_exports_of_what_is_no_list(self, api: Api) -> None:
        for path in ("/v1/nothing.ndjson", "/v1/meetings.xml", "/v1/meetings/x.ndjson"):
            assert api.http.get(path).status_code == 404


def test_chunks_are_of_some_size_and_lines_are_whole() -> None:
    bodies = [b"x" * 40_000] * 10
    chunks = list(chunks_of(bodies))
    assert b"".join(chunks) == b"".join(body + b"\n" for body in bodies)
    assert [len(chunk) // 40_000 for chunk in chunks] == [4, 4, 2]
    assert list(chunks_of([])) == []


# Streams: readers that are slow or go away, writers, and what cannot be brought to its end.


def add_topics(database_url: str, numbers: range) -> None:
    """Put topics with large documents into the tables and at the end of the log."""
    engine = make_engine(database_url)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        head = connection.scalar(select(func.max(Revision.seq))) or 0
        revisions, documents, topics = [], [], []
        for seq, number in enumerate(numbers, head + 1):
            found, code = f"01a40000-0000-7000-8000-{number:012}", f"zz-{number:06}"
            revisions.append(
                {
                    "seq": seq,
                    "kind": RecordKind.TOPIC,
                    "record_id": found,
                    "rev": 1,
                    "operation": Operation.CREATE,
                    "at": now,
                    "actor": "tests",
                    "parents": [],
                    "shape": SHAPE,
                    "body_hash": f"body {number}",
                    "prev_hash": f"before {number}",
                    "hash": f"hash {number}",
                }
            )
            body = b'{"id":"%b","filling":"%b"}' % (found.encode(), b"x" * BYTES)
            documents.append({"seq": seq, "body": body})
            topics.append(
                {"id": found, "rev": 1, "dataset": "many", "created_at": now, "updated_at": now}
                | {"seq": seq, "code": code, "label": code}
            )
        connection.execute(insert(Revision), revisions)
        connection.execute(insert(Document), documents)
        connection.execute(insert(Topic), topics)
    engine.dispose()


@pytest.fixture(scope="module", params=ENGINES)
def crowded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a database with very many topics besides the seed."""
    with copy_of_seed(request, tmp_path_factory.mktemp("crowded")) as url:
        add_topics(url, range(MANY))
        yield url


class Reader:
    """A client that takes no more than it asks for: little is on its way to it."""

    def __init__(self, url: str, path: str = "/v1/topics.ndjson", version: str = "1.1") -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", int(url.rpartition(":")[2])))
        self.socket.sendall(f"GET {path} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
        self.response = http.client.HTTPResponse(self.socket)
        self.response.begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self.socket.close()

    def take(self, size: int) -> int:
        return len(self.response.read(size))

    def dawdle(self) -> None:
        """Take all of it, but only after a while."""
        time.sleep(1.5)
        self.rest()

    def rest(self) -> bytes:
        return self.response.read()


BROKEN_OFF = (http.client.IncompleteRead, ConnectionResetError)
"""What a client is told of an answer that is not whole."""


def test_memory_does_not_depend_on_the_list_nor_on_the_reader(crowded: str, tmp_path: Path) -> None:
    served = Served(tmp_path, {"database_url": crowded})
    try:
        served.start()
        assert served.process is not None
        httpx2.get(f"{served.url}/v1/topics?limit=200")
        before = memory_mib(served.process.pid, "VmHWM")
        with ExitStack() as several:
            readers = [several.enter_context(Reader(served.url)) for _ in range(3)]
            for reader in readers:
                assert reader.take(1_000) == 1_000
            with Reader(served.url) as reader:
                assert len(reader.rest()) > MANY * BYTES
            for reader in readers:
                assert reader.take(1_000) == 1_000
            grown = memory_mib(served.process.pid, "VmHWM") - before
        assert grown < 64 < MANY * BYTES / 2**20
    finally:
        served.end()


def test_what_is_written_meanwhile_is_not_in_it(own_database: str) -> None:
    add_topics(own_database, range(5_000))
    with serving(own_database) as server:
        with Reader(server.url) as reader:
            reader.take(1_000)
            head = int(str(reader.response.headers["Chancery-Seq"]))
            add_topics(own_database, range(5_000, 5_010))
            found = reader.rest()
        assert found.count(b'"filling"') == 5_000
        with Reader(server.url) as reader:
            assert int(str(reader.response.headers["Chancery-Seq"])) == head + 10
            assert reader.rest().count(b'"filling"') == 5_010


def test_one_too_many_is_told_to_come_again_and_a_reader_who_leaves_makes_room(
    crowded: str,
) -> None:
    with serving(crowded, exports_at_once=1) as server, server.client() as http:
        with Reader(server.url) as reader:
            reader.take(1_000)
            refused = http.get("/v1/parties.ndjson")
            assert refused.status_code == 503
            assert refused.json()["type"] == "/problems/unavailable"
            assert "1 exports are running" in refused.json()["detail"]
            assert int(refused.headers["retry-after"]) > 0
            assert http.get("/v1/parties").status_code == 200
            assert http.head("/v1/parties.ndjson").status_code == 200
        deadline = time.monotonic() + 20
        while http.get("/v1/parties.ndjson").status_code == 503:
            assert time.monotonic() < deadline, "the export goes on though nobody reads it"
            time.sleep(0.05)


@pytest.mark.parametrize("setting", ["export_idle_seconds", "export_seconds"])
def test_a_reader_who_is_too_slow_gets_no_end(
    crowded: str, setting: str, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(crowded, exports_at_once=1, **{setting: 0.2}) as server:
        with Reader(server.url) as reader, pytest.raises(BROKEN_OFF):
            reader.dawdle()
        with server.client() as http:
            assert http.get("/v1/parties.ndjson").status_code == 200
    (said,) = [each for each in caplog.records if each.name == "chancery.errors"]
    assert "ClientTooSlow" in said.getMessage()
    assert said.levelname == "WARNING"
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


@pytest.mark.postgres
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_database_that_goes_away_does_not_look_like_the_end(
    postgres_base_url: str, postgres_template: str, version: str
) -> None:
    with scratch_postgres(postgres_base_url, postgres_template) as url:
        add_topics(url, range(MANY))
        engine = make_engine(url)
        with serving(url) as server:
            with Reader(server.url, version=version) as reader:
                reader.take(1_000)
                with engine.begin() as connection:
                    ended = connection.execute(
                        text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            "WHERE datname = current_database() AND xact_start IS NOT NULL "
                            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                        )
                    )
                    assert ended.all() == [(True,)]
                with pytest.raises(BROKEN_OFF):
                    reader.rest()
            with Reader(server.url) as reader:
                assert reader.rest().count(b'"filling"') == MANY
        engine.dispose()
