"""What comes in and is kept out: hosts, heads, bodies, slow senders. Over real sockets."""

import statistics
import threading
import time
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI, Request

from app.lane.answer import Answer
from app.web.bodies import LARGEST_BODY
from app.web.front import Front
from app.web.handlers import install
from app.web.hygiene import LARGEST_HEAD, host_name
from tests.conftest import Server
from tests.support.wire import Heard, connected, hear, request, say, served

JSON = "content-type: application/json"
MERGE_PATCH = "content-type: application/merge-patch+json"
EDITOR = "https://editor.example.org"


async def no_lane(_: object) -> Answer | None:
    return None


def small_app() -> FastAPI:
    """It says how long the body was that reached it."""
    router = APIRouter(prefix="/v1")

    async def take(request: Request) -> dict[str, int]:
        return {"read": len(await request.body())}

    async def read() -> dict[str, int]:
        return {"read": 0}

    router.add_api_route("/records", take, methods=["POST"])
    router.add_api_route("/records", read, methods=["GET"])
    router.add_api_route("/records/1", take, methods=["PATCH", "DELETE"])
    app = FastAPI(redirect_slashes=False)
    app.include_router(router)
    install(app)
    return app


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = small_app()
    with served(Front(app, no_lane, routes=lambda: app.routes)) as found:
        yield found


@pytest.fixture(scope="module")
def listed() -> Iterator[int]:
    app = small_app()
    hosts = ["api.example.org", " *.Records.example ", ""]
    with served(Front(app, no_lane, routes=lambda: app.routes, hosts=hosts)) as found:
        yield found


@pytest.fixture(scope="module")
def brief() -> Iterator[int]:
    app = small_app()
    with served(
        Front(app, no_lane, routes=lambda: app.routes), request_timeout_seconds=0.6
    ) as found:
        yield found


@pytest.fixture(scope="module")
def open_to_editor() -> Iterator[int]:
    app = small_app()
    with served(Front(app, no_lane, routes=lambda: app.routes, writers=[EDITOR])) as found:
        yield found


def post(port: int, body: bytes, *headers: str, method: str = "POST", path: str = "") -> Heard:
    target = path or ("/v1/records" if method == "POST" else "/v1/records/1")
    return say(port, request(method, target, *headers, f"content-length: {len(body)}", body=body))


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def is_problem(heard: Heard, status: int, name: str) -> bool:
    assert heard.headers["content-type"] == "application/problem+json"
    assert heard.body["request_id"] == heard.headers["x-request-id"]
    return heard.status == status and heard.body["type"] == f"/problems/{name}"


class TestHosts:
    """H5."""

    @pytest.mark.parametrize(
        "host",
        ["api.example.org", "API.example.org:8000", "api.example.org.", "a.b.records.example"],
    )
    def test_a_listed_host_is_answered_for(self, listed: int, host: str) -> None:
        assert (
            say(listed, f"GET /v1/records HTTP/1.1\r\nhost: {host}\r\n\r\n".encode()).status == 200
        )

    @pytest.mark.parametrize(
        "host", ["evil.example", "records.example", "evilrecords.example", "127.0.0.1", "", "[::1]"]
    )
    def test_h5_another_host_is_refused(self, listed: int, host: str) -> None:
        heard = say(listed, f"GET /v1/records HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        assert is_problem(heard, 400, "malformed-request")
        assert b"evil" not in heard.raw

    def test_two_hosts_or_none_are_refused(self, listed: int) -> None:
        two = b"GET /v1/records HTTP/1.1\r\nhost: api.example.org\r\nhost: evil.example\r\n\r\n"
        assert say(listed, two).status == 400
        assert say(listed, b"GET /v1/records HTTP/1.0\r\n\r\n").status == 400

    def test_any_host_will_do_where_none_is_listed(self, port: int) -> None:
        assert say(port, b"GET /v1/records HTTP/1.1\r\nhost: evil.example\r\n\r\n").status == 200

    def test_a_port_and_the_last_dot_do_not_count(self) -> None:
        assert host_name("[::1]:8000") == "[::1]"
        assert host_name("Example.org.:443") == "example.org"


class TestHeads:
    """H6 and H7."""

    def test_h7_more_than_a_hundred_headers_are_refused(self, port: int) -> None:
        most = [f"x-{number}: 1" for number in range(99)]
        assert say(port, request("GET", "/v1/records", *most)).status == 200
        heard = say(port, request("GET", "/v1/records", *most, "x-more: 1"))
        assert is_problem(heard, 431, "headers-too-large")

    def test_h7_headers_over_16_kib_are_refused(self, port: int) -> None:
        room = LARGEST_HEAD - len("host: localhost\r\n") - len("x: \r\n")
        assert say(port, request("GET", "/v1/records", "x: " + "a" * room)).status == 200
        heard = say(port, request("GET", "/v1/records", "x: " + "a" * (room + 1)))
        assert is_problem(heard, 431, "headers-too-large")

    def test_h7_a_head_without_end_is_cut_off_in_plain_text(self, port: int) -> None:
        start = b"GET /v1/records HTTP/1.1\r\nhost: localhost\r\nx: "
        heard = say(port, start, *[b"a" * 8192] * 64)
        assert (heard.status, heard.closed) == (431, True)
        assert heard.headers["content-type"].startswith("text/plain")

    def test_h6_an_address_without_end_is_cut_off_in_plain_text(self, port: int) -> None:
        heard = say(port, b"GET /v1/records?q=", *[b"a" * 8192] * 64)
        assert (heard.status, heard.closed) == (414, True)

    def test_h6_an_address_over_8_kib_is_a_problem(self, sqlite_server: Server) -> None:
        port = int(sqlite_server.url.rpartition(":")[2])
        heard = say(port, request("GET", "/v1/meetings?q=" + "a" * 8192))
        assert is_problem(heard, 414, "uri-too-long")

    def test_the_limits_hold_for_each_request_of_a_connection(self, port: int) -> None:
        one = request("GET", "/v1/records", "x: " + "a" * 12_000)
        heard = say(port, one, one, one, pause=0.05)
        assert heard.raw.count(b"HTTP/1.1 200 OK") == 3


class TestBodies:
    """H8, R19 and R20."""

    def test_h8_a_body_of_1_mib_is_read_and_a_longer_one_is_not(self, port: int) -> None:
        heard = post(port, b"a" * LARGEST_BODY, JSON)
        assert (heard.status, heard.body) == (200, {"read": LARGEST_BODY})
        heard = post(port, b"a" * (LARGEST_BODY + 1), JSON)
        assert is_problem(heard, 413, "body-too-large")
        assert heard.headers["connection"] == "close"
        assert heard.closed

    def test_h8_a_chunked_body_is_counted_as_it_comes(self, port: int) -> None:
        head = request("POST", "/v1/records", JSON, "transfer-encoding: chunked")
        whole = say(port, head, chunk(b"a" * 1000), chunk(b"b" * 1000), b"0\r\n\r\n")
        assert (whole.status, whole.body) == (200, {"read": 2000})
        heard = say(port, head, *[chunk(b"a" * 65536)] * 40)
        assert is_problem(heard, 413, "body-too-large")
        assert heard.closed

    def test_a_client_that_sends_first_and_reads_later_gets_the_answer(self, port: int) -> None:
        assert post(port, b"a" * 8 * LARGEST_BODY, JSON).status == 413

    def test_a_client_that_asks_before_it_sends_is_told_at_once(self, port: int) -> None:
        long = f"content-length: {LARGEST_BODY + 1}"
        heard = say(port, request("POST", "/v1/records", JSON, long, "expect: 100-continue"))
        assert heard.status == 413
        short = request("POST", "/v1/records", JSON, "content-length: 2", "expect: 100-continue")
        heard = say(port, short, b"{}", pause=0.1)
        assert heard.raw.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")

    @pytest.mark.parametrize(
        ("method", "header", "status"),
        [
            ("POST", JSON, 200),
            ("POST", "Content-Type: Application/JSON; charset=UTF-8", 200),
            ("PATCH", JSON, 200),
            ("PATCH", MERGE_PATCH, 200),
            ("DELETE", JSON, 200),
            ("POST", MERGE_PATCH, 415),
            ("DELETE", MERGE_PATCH, 415),
            ("POST", "content-type: text/plain", 415),
            ("POST", "content-type: application/x-www-form-urlencoded", 415),
            ("POST", "content-type: application/json; charset=latin-1", 415),
            ("POST", "content-type: application/jsonp", 415),
            ("POST", f"{JSON}\r\n{JSON}", 415),
            ("PATCH", "content-type: application/json-patch+json", 415),
            ("POST", "x-none: 1", 415),
            ("PATCH", "content-type:", 415),
        ],
    )
    def test_r19_a_body_has_to_say_that_it_is_json(
        self, port: int, method: str, header: str, status: int
    ) -> None:
        heard = post(port, b"{}", header, method=method)
        assert heard.status == status
        if status == 415:
            assert is_problem(heard, 415, "unsupported-media-type")
            taken = heard.headers["accept-patch" if method == "PATCH" else "accept-post"]
            assert "application/json" in taken

    def test_r19_a_chunked_body_has_to_say_so_too(self, port: int) -> None:
        head = request("POST", "/v1/records", "transfer-encoding: chunked")
        assert say(port, head, chunk(b"{}"), b"0\r\n\r\n").status == 415

    def test_no_body_needs_no_type(self, port: int) -> None:
        assert post(port, b"").status == 200
        assert say(port, request("DELETE", "/v1/records/1")).status == 200

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "x"])
    def test_r20_a_compressed_body_is_refused(self, port: int, coding: str) -> None:
        heard = post(port, b"{}", JSON, f"content-encoding: {coding}")
        assert is_problem(heard, 415, "unsupported-media-type")
        assert heard.headers["accept-encoding"] == "identity"
        assert post(port, b"{}", JSON, "content-encoding: identity").status == 200

    def test_the_address_and_the_method_are_looked_at_before_the_body(self, port: int) -> None:
        text = "content-type: text/plain"
        assert post(port, b"{}", text, path="/v1/nothing").status == 404
        assert post(port, b"{}", text, method="PUT").status == 405

    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
    def test_a_body_that_means_nothing_is_ignored_up_to_its_limit(
        self, port: int, method: str
    ) -> None:
        once = request(method, "/v1/records", "content-length: 5", body=b"hello")
        heard = say(port, once, once, pause=0.05)
        assert heard.raw.count(b"HTTP/1.1 20") == 2
        endless = request(method, "/v1/records", "transfer-encoding: chunked")
        heard = say(port, endless, *[chunk(b"a" * 65536)] * 40)
        assert heard.status in {200, 204}
        assert heard.closed


class TestBrokenFraming:
    """H9."""

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            (("content-length: 5", "transfer-encoding: chunked"), b"0\r\n\r\n"),
            (("transfer-encoding: chunked", "content-length: 5"), b"0\r\n\r\n"),
            (("content-length: 5", "content-length: 6"), b"hello"),
            (("content-length: -1",), b""),
            (("content-length: 1_0",), b"0123456789"),
            (("transfer-encoding: chunked",), b"nonsense\r\n\r\n"),
            (("transfer-encoding: chunked",), b"5\r\nhelloXX\r\n0\r\n\r\n"),
            (("transfer-encoding: gzip, chunked, identity",), b"0\r\n\r\n"),
            (("bad header: 1",), b""),
            (("x: a\x00b",), b""),
        ],
    )
    @pytest.mark.parametrize("method", ["POST", "GET"])
    def test_h9_what_can_be_read_in_two_ways_is_400_and_the_end(
        self, port: int, method: str, headers: tuple[str, ...], body: bytes
    ) -> None:
        heard = say(port, request(method, "/v1/records", JSON, *headers, body=body))
        assert (heard.status, heard.closed) == (400, True)
        assert heard.raw.count(b"HTTP/1.1") == 1

    def test_after_the_last_answer_nothing_is_answered(
        self, port: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A client says that it is done, and goes on; what it sends is not finished either."""
        last = request(
            "POST", "/v1/records", JSON, "connection: close", "content-length: 2", body=b"{}"
        )
        more = request("POST", "/v1/records", JSON, "content-length: 5", body=b"{")
        heard = say(port, last + more)
        assert heard.raw.count(b"HTTP/1.1") == 1
        assert (heard.status, heard.closed) == (200, True)
        assert not [entry for entry in caplog.records if entry.levelname == "ERROR"]

    def test_r24_a_line_break_in_a_header_reaches_no_header(self, port: int) -> None:
        heard = say(port, request("GET", "/v1/records", "x-request-id: a\rset-cookie: b"))
        assert "set-cookie" not in heard.headers


class TestSlowSenders:
    """L1; the seconds are shorter here than by default."""

    def test_a_connection_that_says_nothing_is_closed(self, brief: int) -> None:
        with connected(brief) as connection:
            heard = hear(connection)
        assert (heard.raw, heard.closed) == (b"", True)
        assert 0.5 < heard.seconds < 2

    @pytest.mark.parametrize("before", [b"", request("GET", "/v1/records")])
    def test_a_head_that_does_not_end_is_cut_off(self, brief: int, before: bytes) -> None:
        with connected(brief) as connection:
            connection.sendall(before + b"GET /v1/rec")
            heard = hear(connection, silence=2)
        assert heard.closed
        assert heard.raw.count(b"HTTP/1.1 408") == 1
        assert heard.seconds < 2

    def test_a_body_that_does_not_come_is_cut_off(self, brief: int) -> None:
        with connected(brief) as connection:
            connection.sendall(request("POST", "/v1/records", JSON, "content-length: 9", body=b"{"))
            heard = hear(connection, silence=2)
        assert (heard.status, heard.closed) == (408, True)

    def test_a_body_that_comes_slowly_but_comes_is_read(self, brief: int) -> None:
        head = request("POST", "/v1/records", JSON, "content-length: 40960")
        heard = say(brief, head, *[b"a" * 8192] * 5, pause=0.2)
        assert (heard.status, heard.body) == (200, {"read": 40960})

    def test_empty_lines_keep_no_connection(self, brief: int) -> None:
        with connected(brief) as connection:
            connection.sendall(request("GET", "/v1/records"))
            assert hear(connection).status == 200
            for _ in range(4):
                connection.sendall(b"\r\n")
                time.sleep(0.2)
            connection.settimeout(0.2)
            assert connection.recv(1) == b""

    def test_a_connection_is_kept_until_nothing_was_asked_for_a_while(self) -> None:
        app = small_app()
        front = Front(app, no_lane, routes=lambda: app.routes)
        with served(front, idle_seconds=1) as port, connected(port) as connection:
            for _ in range(3):  # together longer than it is kept idle
                connection.sendall(request("GET", "/v1/records"))
                assert hear(connection).status == 200
                time.sleep(0.6)
            told = hear(connection)
            assert (told.raw, told.closed) == (b"", True)
            assert told.seconds < 2

    def test_l1_slow_senders_are_closed_and_hold_nobody_up(self, brief: int) -> None:
        """200 of them, and for a while one byte after another from each."""
        slow = [connected(brief) for _ in range(200)]
        ended = threading.Event()

        def drip() -> None:
            sign = 0
            while not ended.wait(0.2):
                for connection in slow:
                    try:
                        connection.send(b"GET /v1/records HTTP/1.1\r\nx: "[sign : sign + 1] or b"a")
                    except OSError:
                        continue
                sign += 1

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            began = time.monotonic()
            taken = []
            while time.monotonic() < began + 1.2:
                asked = time.monotonic()
                assert say_once(brief) == 200
                taken.append(time.monotonic() - asked)
            assert statistics.quantiles(taken, n=100)[98] < 1
            assert all(hear(connection).closed for connection in slow)
        finally:
            ended.set()
            thread.join()
            for connection in slow:
                connection.close()


def say_once(port: int) -> int:
    with connected(port) as connection:
        connection.sendall(request("GET", "/v1/records", "connection: close"))
        return hear(connection).status


class TestOtherSites:
    """CORS for those that may write."""

    def preflight(self, port: int, origin: str, method: str) -> Heard:
        asked = ("access-control-request-headers: authorization,if-match", f"origin: {origin}")
        wanted = f"access-control-request-method: {method}"
        return say(port, request("OPTIONS", "/v1/records/1", wanted, *asked))

    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_a_listed_site_may_send_keys_and_write(self, open_to_editor: int, method: str) -> None:
        heard = self.preflight(open_to_editor, EDITOR, method)
        assert heard.status == 204
        assert heard.headers["access-control-allow-origin"] == EDITOR
        assert method in heard.headers["access-control-allow-methods"]
        allowed = heard.headers["access-control-allow-headers"]
        for name in ("Authorization", "Content-Type", "If-Match", "Idempotency-Key"):
            assert name in allowed
        assert "X-Change-Reason" in allowed
        assert heard.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in heard.headers

    def test_its_pages_see_the_answers_and_the_problems(self, open_to_editor: int) -> None:
        origin = f"origin: {EDITOR}"
        for heard in (
            post(open_to_editor, b"{}", JSON, origin),
            post(open_to_editor, b"{}", origin),
        ):
            assert heard.headers["access-control-allow-origin"] == EDITOR
            assert "ETag" in heard.headers["access-control-expose-headers"]
            assert heard.headers["vary"] == "Origin"

    def test_another_site_may_only_read(self, open_to_editor: int) -> None:
        heard = self.preflight(open_to_editor, "https://evil.example", "PATCH")
        assert heard.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
        assert "Authorization" not in heard.headers["access-control-allow-headers"]
        heard = post(open_to_editor, b"{}", JSON, "origin: https://evil.example")
        assert "access-control-allow-origin" not in heard.headers
        assert heard.headers["vary"] == "Origin"
        heard = say(open_to_editor, request("GET", "/v1/records", "origin: https://evil.example"))
        assert heard.headers["access-control-allow-origin"] == "*"


class TestSafeHeaders:
    """S4: what a browser is told of every answer of the real application."""

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/meetings",
            "/v1/meetings/nowhere",
            "/v1/changes",
            "/v1/stats/meetings.csv?by=year",
            "/docs",
            "/redoc",
            "/openapi.json",
            "/livez",
            "/problems",
            "/nothing",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
    def test_every_answer_is_safe_to_open(
        self, sqlite_server: Server, method: str, path: str
    ) -> None:
        with sqlite_server.client() as client:
            headers = client.request(method, path, headers={"accept": "text/html"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy or path == "/problems"
        scripts = [part for part in policy.split("; ") if part.startswith("script-src")]
        assert not any("unsafe" in part or "*" in part for part in scripts)


def test_h11_the_tag_of_one_coding_does_not_stand_for_another(sqlite_server: Server) -> None:
    with sqlite_server.client() as client:
        codings = ("gzip", "identity")
        tags = {
            coding: client.get("/redoc", headers={"accept-encoding": coding}).headers["etag"]
            for coding in codings
        }
        for coding in codings:
            for held in codings:
                headers = {"accept-encoding": coding, "if-none-match": tags[held]}
                answer = client.get("/redoc", headers=headers)
                assert answer.status_code == (304 if coding == held else 200)
                assert answer.headers["etag"] == tags[coding]
