"""The response cache: answered from memory while nothing changes, never older than a write."""

import gzip
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Sent, Server, copy_of_seed, serving
from tests.support.client import Answer, Client
from tests.support.served import Office, Served, office_of
from tests.support.wire import connected, request
from tests.support.writing import ALL_SCOPES, ENGINES, Editor, keys_of

XI = "/v1/meetings/blinken-xi-beijing-2023-06-19"
KEPT = (
    "/v1/meetings",
    "/v1/meetings?country=CN&sort=-date",
    "/v1/meetings?q=xi&count=exact",
    "/v1/meetings?include=statements&lang=zh",
    "/v1/officials/xi-jinping/meetings",
    "/v1/officials/xi-jinping?as_of=2023-06-19",
    XI,
    f"{XI}/accounts",
    "/v1/visits/blinken-beijing-2023-06/accounts",
    "/v1/commitments/us-one-china-policy/history",
    "/v1/officials/antony-blinken/counterparts",
    "/v1/relations/US/CN",
    "/v1/stats/meetings?by=year",
    "/v1/stats/meetings.csv?by=year",
)
NOT_KEPT = (
    "/v1/changes",
    "/v1/status",
    f"{XI}?known_at=2040-01-01T00:00:00Z",
    f"{XI}?k%6eown_at=2040-01-01T00:00:00Z",
    f"{XI}/accounts?known_at=2040-01-01T00:00:00Z",
    "/v1/meetings/nobody",
    "/v1/meetings?nothing=1",
)
VARYING = {"x-request-id", "date"}


class House:
    """A server on a copy of the seed, and a client of it."""

    def __init__(self, server: Server, http: Client, folder: Path) -> None:
        self.server = server
        self.http = http
        self.folder = folder

    def get(self, target: str, **headers: str) -> tuple[Answer, int]:
        """The answer, and how many statements it took."""
        list.clear(self.server.statements)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.http.get(target, headers=given)
        return answer, len(self.server.statements)

    @property
    def cache(self) -> Any:
        assert isinstance(self.server.statements, Sent)
        return self.server.statements.cache


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    yield from housed(sqlite_template, tmp_path)


def housed(template: Path, folder: Path, **settings: Any) -> Iterator[House]:
    path = folder / "chancery.db"
    shutil.copyfile(template, path)
    with serving(f"sqlite:///{path}", **settings) as server, Client(server.url) as http:
        yield House(server, http, folder)


def shown(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    headers = {name: answer.headers[name] for name in answer.headers if name not in VARYING}
    return answer.status_code, headers, answer.content


class TestWhatIsKept:
    def test_a_repeated_read_asks_the_database_for_nothing_and_answers_the_same(
        self, house: House
    ) -> None:
        for target in KEPT:
            first, cost = house.get(target)
            again, later_cost = house.get(target)
            assert first.status_code == 200, target
            assert (cost > 0, later_cost) == (True, 0), target
            assert shown(again) == shown(first), target
            assert again.headers["x-request-id"] != first.headers["x-request-id"]

    def test_what_depends_on_the_clock_or_is_an_error_is_read_each_time(self, house: House) -> None:
        for target in NOT_KEPT:
            house.get(target)
        assert house.cache.kept.keys() == set()
        assert house.get(f"{XI}?known_at=2040-01-01T00:00:00Z")[1] > 0

    def test_head_is_answered_by_what_get_left_and_the_other_way_round(self, house: House) -> None:
        whole, _ = house.get(XI)
        list.clear(house.server.statements)
        head = house.http.request("HEAD", XI)
        assert house.server.statements == []
        assert (head.content, head.headers["etag"]) == (b"", whole.headers["etag"])
        assert head.headers["content-length"] == str(len(whole.content))
        house.cache.clear()
        house.http.request("HEAD", XI)
        again, cost = house.get(XI)
        assert (cost, again.content) == (0, whole.content)

    def test_every_way_of_writing_a_query_has_its_own_links(self, house: House) -> None:
        for target in ("/v1/meetings?limit=1", "/v1/meetings?limit=1&", "/v1/meetings?limit=%31"):
            for _ in range(2):
                answer, _ = house.get(target)
                first = answer.links["first"]
                assert first == target.removesuffix("&"), target

    def test_whoever_holds_the_answer_is_told_so_from_memory(self, house: House) -> None:
        for target in KEPT:
            tag = house.get(target)[0].headers["etag"]
            answer, cost = house.get(target, If_None_Match=tag)
            assert (answer.status_code, answer.content, cost) == (304, b"", 0), target
            assert answer.headers["etag"] == tag
            assert answer.headers["vary"] == "Accept-Encoding"
            answer, cost = house.get(target, If_None_Match='"other"')
            assert (answer.status_code, answer.headers["etag"], cost) == (200, tag, 0), target

    def test_a_tag_alone_is_kept_where_nobody_needed_the_body(self, house: House) -> None:
        tag = house.get("/v1/meetings")[0].headers["etag"]
        house.cache.clear()
        first, cost = house.get("/v1/meetings", If_None_Match=tag)
        assert (first.status_code, cost) == (304, 1)
        again, cost = house.get("/v1/meetings", If_None_Match=tag)
        assert (shown(again), cost) == (shown(first), 0)
        whole, cost = house.get("/v1/meetings")
        assert (whole.status_code, whole.headers["etag"], cost) == (200, tag, 1)
        assert house.get("/v1/meetings")[1] == 0

    def test_links_keep_the_prefix_of_a_proxy(self, sqlite_template: Path, tmp_path: Path) -> None:
        for house in housed(sqlite_template, tmp_path, root_path="/records"):
            for cost in (1, 0):
                answer, found = house.get("/v1/meetings?limit=1")
                assert answer.links["first"] == "/records/v1/meetings?limit=1"
                assert found == cost
            house.get("/v1/stats/meetings?by=year")
            assert house.get("/v1/stats/meetings?by=year")[1] == 0

    def test_what_is_said_to_one_client_alone_is_not_kept(
        self, sqlite_template: Path, tmp_path: Path
    ) -> None:
        """Neither what is left of a rate, nor an id of a request, nor who may read it."""
        path = tmp_path / "chancery.db"
        shutil.copyfile(sqlite_template, path)
        limits = {"rate_anonymous": "100/minute", "rate_key": "50/minute"}
        with (
            keys_of(f"sqlite:///{path}", tmp_path) as (keys, given),
            serving(**given, **limits) as server,
            Editor(server.url, keys.make(*ALL_SCOPES)) as ann,
            Editor(server.url, keys.make(*ALL_SCOPES)) as ben,
            Editor(server.url, None) as anyone,
            Editor(server.url, "chancery_nobody") as nobody,
        ):
            for number in range(1, 4):
                for editor, amount in ((anyone, 100), (ann, 50), (ben, 50)):
                    answer = editor.send("GET", XI, X_Request_Id=f"{amount}-{number}")
                    assert f"r={amount - number};" in answer.headers["ratelimit"]
                    assert answer.headers["x-request-id"] == f"{amount}-{number}"
            assert nobody.get(XI).status_code == 401


class TestRoom:
    def test_it_stays_within_its_bound_and_forgets_what_was_not_asked_for_the_longest(
        self, sqlite_template: Path, tmp_path: Path
    ) -> None:
        for house in housed(sqlite_template, tmp_path, response_cache_mib=1):
            house.get(XI)
            for number in range(400):
                house.get(XI)
                house.get(f"/v1/meetings?limit=2&date_to={1000 + number}")
                house.get(f"/v1/meetings?limit=8&date_to={2024 + number}", Accept_Encoding="gzip")
                assert house.cache.bytes <= 2**20
            assert house.cache.bytes == sum(each.size for each in house.cache.kept.values())
            assert 20 < len(house.cache.kept) < 800
            assert house.get(XI)[1] == 0
            assert house.get("/v1/meetings?limit=2&date_to=1000")[1] == 1

    def test_a_long_query_counts_as_often_as_links_repeat_it(self, house: House) -> None:
        query = f"limit=1&q=xi{'+xi' * 1_300}"
        answer, _ = house.get(f"/v1/meetings?{query}")
        assert answer.links.keys() == {"first", "next"}
        assert house.cache.bytes > 5 * len(query)

    def test_without_room_nothing_is_kept(self, sqlite_template: Path, tmp_path: Path) -> None:
        for house in housed(sqlite_template, tmp_path, response_cache_mib=0):
            assert [house.get(XI)[1] for _ in range(2)] == [1, 1]


class TestCodings:
    def test_who_takes_gzip_gets_the_same_in_gzip_with_a_tag_of_its_own(self, house: House) -> None:
        for target in ("/v1/meetings", XI, "/v1/relations/US/CN", "/v1/changes"):
            plain, _ = house.get(target)
            packed, _ = house.get(target, Accept_Encoding="br, gzip")
            again, _ = house.get(target, Accept_Encoding="gzip;q=0.5")
            assert shown(again) == shown(packed)
            assert packed.headers["content-encoding"] == "gzip", target
            assert gzip.decompress(packed.content) == plain.content
            assert int(packed.headers["content-length"]) == len(packed.content)
            assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
            assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
            assert "content-encoding" not in plain.headers
            for refused in ("gzip;q=0", "identity", ""):
                answer, _ = house.get(target, Accept_Encoding=refused)
                assert shown(answer) == shown(plain), refused

    def test_what_is_short_goes_as_it_is(self, house: House) -> None:
        for target in ("/v1/meetings?city=nowhere", f"{XI}?fields=slug"):
            plain, _ = house.get(target)
            assert shown(house.get(target, Accept_Encoding="gzip")[0]) == shown(plain)

    @pytest.mark.parametrize("is_kept", [True, False])
    def test_a_client_is_told_that_it_holds_the_form_that_it_takes(
        self, house: House, *, is_kept: bool
    ) -> None:
        for target in ("/v1/meetings", XI, "/v1/relations/US/CN", f"{XI}?fields=claims,citations"):
            packed, _ = house.get(target, Accept_Encoding="gzip")
            tag = packed.headers["etag"]
            assert tag.endswith('-gzip"')
            for given, status, said in (
                ({"Accept_Encoding": "gzip", "If_None_Match": tag}, 304, tag),
                ({"Accept_Encoding": "gzip", "If_None_Match": f'"x", W/{tag}'}, 304, tag),
                ({"If_None_Match": tag}, 200, tag.replace("-gzip", "")),
                ({"If_None_Match": tag.replace("-gzip", "")}, 304, tag.replace("-gzip", "")),
            ):
                if not is_kept:
                    house.cache.clear()
                answer, _ = house.get(target, **given)
                assert (answer.status_code, answer.headers["etag"]) == (status, said), given


class TestWrites:
    def test_a_commit_that_appends_nothing_leaves_what_is_kept(self, house: House) -> None:
        house.get(XI)
        with sqlite3.connect(house.folder / "chancery.db") as other:
            other.execute("CREATE TABLE somebody_elses (number INTEGER)")
        other.close()
        assert house.get(XI)[1] == 0

    def test_a_key_that_is_stamped_as_used_leaves_what_is_kept(
        self, sqlite_template: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "chancery.db"
        shutil.copyfile(sqlite_template, path)
        url = f"sqlite:///{path}"
        with (
            keys_of(url, tmp_path) as (keys, given),
            serving(**given) as server,
            Editor(server.url, keys.make(*ALL_SCOPES)) as editor,
        ):
            anonymous = editor.get(XI)
            statements = server.statements
            for _ in range(5):
                list.clear(statements)
                assert editor.get(XI).content == anonymous.content
                # The key is read each time, so that one that was revoked is refused at once.
                assert len(statements) == 1
                assert "api_keys" in statements[0]
            key = keys.make(*ALL_SCOPES)
            with Editor(server.url, key) as other:
                assert other.get(XI).status_code == 200
                keys.change(key, revoked_at=datetime.now(UTC))
                assert other.get(XI).status_code == 401

    def test_a_read_that_was_sent_along_behind_a_write_is_not_older(
        self, sqlite_template: Path, tmp_path: Path
    ) -> None:
        """It arrived before the write, and is answered after it (RFC 9112, 9.3.2)."""
        path = tmp_path / "chancery.db"
        shutil.copyfile(sqlite_template, path)
        with (
            keys_of(f"sqlite:///{path}", tmp_path) as (keys, given),
            serving(**given) as server,
            Client(server.url) as others,
        ):
            others.get("/v1/topics/taiwan")
            body = b'{"label":"Changed"}'
            key = f"authorization: Bearer {keys.make(*ALL_SCOPES).reveal()}"
            length = f"content-length: {len(body)}"
            kind = "content-type: application/merge-patch+json"
            write = request(
                "PATCH", "/v1/topics/taiwan", key, length, kind, "if-match: *", body=body
            )
            with connected(int(server.url.rpartition(":")[2])) as connection:
                with sqlite3.connect(path) as other:
                    other.execute("BEGIN IMMEDIATE")  # the write has to wait
                    connection.sendall(write + request("GET", "/v1/topics/taiwan"))
                    for _ in range(10):
                        others.get("/v1/topics/taiwan")
                        time.sleep(0.02)
                other.close()
                raw = b""
                while raw.count(b'"label":') < 2:
                    raw += connection.recv(65536)
        assert raw.count(b'"label":"Changed"') == 2

    def test_another_file_in_its_place_is_another_log(
        self, house: House, sqlite_template: Path
    ) -> None:
        house.get("/v1/topics/taiwan")
        spare = house.folder / "spare.db"
        shutil.copyfile(sqlite_template, spare)
        with serving(f"sqlite:///{spare}"):
            pass
        with sqlite3.connect(spare) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        for end in ("-wal", "-shm"):
            (house.folder / f"chancery.db{end}").unlink(missing_ok=True)
        os.replace(spare, house.folder / "chancery.db")  # noqa: PTH105 - says what is meant
        house.cache.reader.look_again_at = 0.0
        assert house.get("/v1/topics/taiwan")[1] == 1


@pytest.fixture(params=ENGINES)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Office, Served]]:
    """Two servers, each a process of its own, on one database."""
    with copy_of_seed(request, tmp_path) as url, office_of(url, tmp_path) as office:
        other = Served(tmp_path, {})
        other.settings = office.served.settings
        try:
            other.start()
            yield office, other
        finally:
            other.end()


class Reading(threading.Thread):
    """Reads some addresses again and again, so that they are kept; notes what was wrong."""

    def __init__(self, url: str, targets: list[str], stop: threading.Event) -> None:
        super().__init__()
        self.url = url
        self.targets = targets
        self.stop = stop
        self.wrong: list[str] = []
        self.done = 0

    def run(self) -> None:
        seen = dict.fromkeys(self.targets, 0)
        with Client(self.url) as http:
            while not self.stop.is_set():
                for target in self.targets:
                    answer = http.get(target)
                    if answer.status_code != 200:
                        self.wrong.append(f"{target}: {answer.status_code}")
                        continue
                    found = number_in(answer)
                    if found < seen[target]:
                        self.wrong.append(f"{target}: {found} after {seen[target]}")
                    seen[target] = found
                    self.done += 1


def number_in(answer: Answer) -> int:
    """The number that the newest label said, from the topic or from the list of topics."""
    document = answer.json()
    items = document.get("items", [document])
    labels = [each["label"] for each in items if each["code"] == "hammered"]
    return int(labels[0].rsplit(" ", 1)[1])


def test_no_server_answers_older_than_a_write_that_was_acknowledged(
    two: tuple[Office, Served],
) -> None:
    office, other = two
    stop = threading.Event()
    with office.editor() as editor:
        path, _ = editor.made("topics", {"code": "hammered", "label": "Label 0"})
        targets = [path, "/v1/topics?limit=200", "/v1/topics?limit=200&sort=-updated_at"]
        readers = [Reading(url, targets, stop) for url in (office.served.url, other.url) * 2]
        for reader in readers:
            reader.start()
        try:
            with Client(office.served.url) as here, Client(other.url) as there:
                for number in range(1, 30):
                    written = editor.patch(path, {"label": f"Label {number}"})
                    assert written.status_code == 200, written.text
                    for http in (there, here):
                        for target in targets:
                            plain = http.get(target)
                            assert number_in(plain) == number, (http.connection.port, target)
                            tag = {"If-None-Match": plain.headers["etag"]}
                            assert http.get(target, headers=tag).status_code == 304
        finally:
            stop.set()
            for reader in readers:
                reader.join()
    assert [each for reader in readers for each in reader.wrong] == []
    assert all(reader.done > 20 for reader in readers)
