"""The front, spoken to over a real socket: what holds for every request, whatever it asks for."""

import asyncio
import http.client
import logging
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import iter_route_contexts
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.errors import DatabaseUnavailable, RecordNotFound
from app.lane.answer import Answer
from app.lane.conditional import etag_matches
from app.routers import operations, problems, vocabularies
from app.schemas.filters import ListFilters
from app.schemas.parties import PartyFilters
from app.settings import Settings
from app.vocabulary import VOCABULARIES, PartyKind
from app.web import request_ids
from app.web.dependencies import StrictRoute, parameters
from app.web.front import Front
from app.web.handlers import install
from app.web.server import make_server

BODY = b'{"items":["Xi Jinping"]}'
TAG = b'"toy-1"'
REVALIDATED = "public, max-age=0, must-revalidate"


async def lane(scope: Scope) -> Answer | None:
    """Answers one address, and none of the others."""
    if scope["path"] == "/v1/lane-broken":
        message = "the password is hunter2"
        raise ZeroDivisionError(message)
    if scope["path"] == "/v1/lane-unknown":
        kind = "meeting"
        raise RecordNotFound(kind, "nowhere")
    if scope["path"] == "/v1/lane-splitting":
        return Answer(200, [(b"link", scope["query_string"].replace(b"~", b"\r\nevil: "))], BODY)
    if scope["path"] != "/v1/toys":
        return None
    headers = [(b"content-type", b"application/json"), (b"etag", TAG)]
    given = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
    if given and etag_matches(given, TAG.decode()):
        return Answer(304, headers[1:], b"")
    return Answer(200, headers, BODY)


router = APIRouter(prefix="/v1", route_class=StrictRoute)


@router.get("/toys")
async def list_toys() -> None:
    """Declared for the documentation; the lane answers it."""


@router.get("/things")
async def list_things(filters: Annotated[ListFilters, parameters(ListFilters)]) -> dict[str, int]:
    return {"limit": filters.limit}


@router.post("/things")
async def make_thing() -> dict[str, str]:
    return {"made": request_ids.current.get()}


@router.post("/orders")
async def make_order() -> None: ...


@router.get("/own-headers")
async def read_own_headers() -> Response:
    headers = {"etag": 'W/"own"', "cache-control": "no-store", "content-security-policy": "x"}
    return Response("page", media_type="text/html", headers=headers)


@router.get("/stream")
async def read_stream() -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one,"
        yield b"two"

    return StreamingResponse(parts(), media_type="text/csv")


@router.get("/tagged-stream")
async def read_tagged_stream() -> StreamingResponse:
    answer = await read_stream()
    answer.headers["etag"] = '"head-7"'
    return answer


@router.get("/broken")
async def read_broken() -> None:
    message = "the password is hunter2"
    raise ZeroDivisionError(message)


@router.get("/half-broken")
async def read_half_broken() -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one,"
        raise ZeroDivisionError

    return StreamingResponse(parts(), media_type="text/csv")


@router.get("/broken-afterwards")
async def read_broken_afterwards() -> Response:
    async def fail() -> None:
        raise ZeroDivisionError

    return Response("done", background=BackgroundTask(fail))


@router.get("/given-up")
async def read_given_up() -> None:
    raise ClientDisconnect


@router.get("/unavailable")
async def read_unavailable() -> None:
    message = "postgresql://chancery:hunter2@db is down"
    raise DatabaseUnavailable(message)


@dataclass
class Ready:
    """Stands where the app keeps what watches over its database."""

    database: str = "sqlite"
    schema: str = "0001"
    down: bool = False

    async def ready(self) -> "Ready":
        if self.down:
            message = "no connection"
            raise DatabaseUnavailable(message)
        return self


@dataclass
class Server:
    """A running server, and two ways to speak to it."""

    app: FastAPI
    port: int
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}")

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, path, headers=named)

    def verbatim(self, method: str, target: str, **headers: str) -> httpx2.Response:
        """Sends the target as it stands: no client library puts it right."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.putrequest(method, target, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return httpx2.Response(
                answer.status, headers=answer.getheaders(), content=answer.read()
            )
        finally:
            connection.close()


def problem(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    said: dict[str, Any] = answer.json()
    assert said["status"] == answer.status_code
    assert said["request_id"] == answer.headers["x-request-id"]
    return said


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    static = tmp_path_factory.mktemp("static")
    (static / "style.css").write_text("p { margin: 0 }")
    app = FastAPI(redirect_slashes=False)
    app.state.chancery = Ready()
    for part in (router, operations.router, problems.router, vocabularies.router):
        app.include_router(part)
    app.mount("/static", StaticFiles(directory=static))
    install(app)
    front = Front(app, lane, routes=lambda: app.routes, access_log=True)
    with serving(front) as port:
        held = Server(app, port)
        with held.client:
            yield held


@contextmanager
def serving(app: Front, **options: Any) -> Iterator[int]:
    """Runs the app under uvicorn in a thread, on a free port."""
    running = make_server(app, Settings(_env_file=None), lifespan="off", **options)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            running.should_exit = True
            thread.join(5)


class TestRequestId:
    def test_a_new_id_is_given_to_each_request(self, server: Server) -> None:
        ids = {server.get("/v1/toys").headers["x-request-id"] for _ in range(3)}
        assert len(ids) == 3

    @pytest.mark.parametrize("given", ["a", "trace-1.2_3", "f" * 128])
    @pytest.mark.parametrize("path", ["/v1/toys", "/livez", "/v1/nothing"])
    def test_a_harmless_id_of_the_client_is_kept(
        self, server: Server, given: str, path: str
    ) -> None:
        assert server.get(path, x_request_id=given).headers["x-request-id"] == given

    @pytest.mark.parametrize("given", ["", "a b", "f" * 129, "<script>", "a\u00e9", "a;b", "a\tb"])
    def test_a_harmful_id_of_the_client_is_replaced(self, server: Server, given: str) -> None:
        answer = server.verbatim("GET", "/v1/toys", X_Request_Id=given)
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])

    def test_the_routes_know_the_id(self, server: Server) -> None:
        answer = server.ask("POST", "/v1/things", x_request_id="mine")
        assert answer.json() == {"made": "mine"}


class TestAddresses:
    @pytest.mark.parametrize("bad", ["%ff", "%ed%a0%80", "%c3", "%C0%AF"])
    @pytest.mark.parametrize(
        "target", ["/v1/{}", "/v1/toys?q={}", "/v1/toys?{}=1", "/v1/things?q={}"]
    )
    def test_bytes_that_are_no_utf_8_are_malformed(
        self, server: Server, target: str, bad: str
    ) -> None:
        answer = server.verbatim("GET", target.format(bad))
        assert answer.status_code == 400
        assert problem(answer)["type"] == "/problems/malformed-request"

    @pytest.mark.parametrize("bad", ["%00", "%0d%0a", "%1b", "%7f", "%c2%85"])
    def test_a_control_sign_in_the_path_names_nothing(self, server: Server, bad: str) -> None:
        answer = server.verbatim("GET", f"/v1/vocabularies/{bad}")
        assert answer.status_code == 404
        assert problem(answer)["instance"] == f"/v1/vocabularies/{bad}"

    @pytest.mark.parametrize("bad", ["%00", "%0d", "%0a", "a%0D%0ASet-Cookie:%20a=b"])
    @pytest.mark.parametrize("path", ["/v1/toys", "/v1/things", "/livez", "/v1/nothing"])
    def test_a_line_break_or_nul_in_the_query_is_named(
        self, server: Server, path: str, bad: str
    ) -> None:
        answer = server.verbatim("GET", f"{path}?limit=1&q={bad}")
        assert answer.status_code == 422
        assert [flaw["parameter"] for flaw in problem(answer)["errors"]] == ["q"]
        assert "set-cookie" not in answer.headers

    def test_a_line_break_in_a_parameters_name_is_not_reflected(self, server: Server) -> None:
        answer = server.verbatim("GET", "/v1/toys?li%0d%0amit=1")
        assert [flaw["parameter"] for flaw in problem(answer)["errors"]] == ["limit"]

    def test_text_in_any_script_passes(self, server: Server) -> None:
        assert server.get("/v1/things?q=习近平").status_code == 200
        assert server.get("/v1/things?q=a+b%20c%25").status_code == 200

    def test_an_address_of_8_kib_is_read_and_a_longer_one_is_not(self, server: Server) -> None:
        start = "/v1/toys?q="
        most = start + "a" * (8192 - len(start))
        assert server.verbatim("GET", most).status_code == 200
        answer = server.verbatim("GET", most + "a")
        assert answer.status_code == 414
        assert problem(answer)["type"] == "/problems/uri-too-long"
        answer = server.verbatim("GET", "/v1/" + "a" * 9 * 1024)
        assert answer.status_code == 414
        assert len(problem(answer)["instance"]) == 1000

    @pytest.mark.parametrize("path", ["/v1/toys/", "/v1/things/", "/livez/", "/static/", "/docs/"])
    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
    def test_a_trailing_slash_is_not_found_and_never_redirects(
        self, server: Server, method: str, path: str
    ) -> None:
        answer = server.verbatim(method, path, Host="evil.example")
        assert answer.status_code == 404
        assert "location" not in answer.headers
        assert "evil" not in answer.text

    def test_an_unknown_address_is_not_found(self, server: Server) -> None:
        answer = server.get("/v1/nothing?q=1")
        assert problem(answer) == {
            "type": "/problems/not-found",
            "title": "There is nothing here",
            "status": 404,
            "detail": "There is nothing at this address.",
            "instance": "/v1/nothing",
            "request_id": answer.headers["x-request-id"],
        }


class TestReading:
    def test_the_lane_is_asked_first(self, server: Server) -> None:
        answer = server.get("/v1/toys")
        assert (answer.status_code, answer.content) == (200, BODY)
        assert answer.headers["content-length"] == str(len(BODY))

    def test_head_has_the_headers_of_get_on_every_route(self, server: Server) -> None:
        samples = {"/v1/vocabularies/{name}": "verdict", "/problems/{name}": "gone"}
        paths = [
            re.sub(r"{.*}", samples.get(route.path or "", ""), route.path or "")
            for route in iter_route_contexts(server.app.routes)
            if "GET" in (route.methods or ())
        ]
        assert {"/v1/toys", "/v1/vocabularies/verdict", "/docs", "/openapi.json"} <= set(paths)
        for path in [*paths, "/static/style.css", "/static/none", "/v1/nothing", "/v1/orders"]:
            if "broken" in path or "given-up" in path:
                continue
            get = server.get(path, x_request_id="same")
            head = server.ask("HEAD", path, x_request_id="same")
            apart = {"date", "transfer-encoding"}
            assert head.status_code == get.status_code, path
            assert head.content == b"", path
            assert unlike(head, apart) == unlike(get, apart), path

    def test_head_of_a_whole_answer_gives_its_length_and_no_body(self, server: Server) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            for path in ("/v1/toys", "/livez"):
                connection.sendall(f"HEAD {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
                received = connection.recv(65536)
                assert b"\r\ncontent-length: " in received
                assert received.endswith(b"\r\n\r\n")

    def test_a_stream_is_passed_on(self, server: Server) -> None:
        answer = server.get("/v1/stream")
        assert answer.text == "one,two"
        assert "etag" not in answer.headers

    @pytest.mark.parametrize("path", ["/v1/toys", "/livez", "/v1/stream", "/static/style.css"])
    def test_any_site_may_read(self, server: Server, path: str) -> None:
        headers = server.get(path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in headers
        exposed = headers["access-control-expose-headers"].split(", ")
        assert {"ETag", "Link", "Location", "Retry-After", "X-Request-Id"} <= set(exposed)
        assert {"RateLimit", "RateLimit-Policy", "Chancery-Seq"} <= set(exposed)

    def test_other_sites_may_not_write(self, server: Server) -> None:
        assert "access-control-allow-origin" not in server.ask("POST", "/v1/things").headers

    @pytest.mark.parametrize("path", ["/v1/toys", "/livez", "/v1/nothing", "/v1/lane-broken"])
    def test_json_is_safe_to_open_in_a_browser(self, server: Server, path: str) -> None:
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert policy == "default-src 'none'; frame-ancestors 'none'"

    def test_what_a_route_says_itself_stands(self, server: Server) -> None:
        headers = server.get("/v1/own-headers").headers
        assert headers["content-security-policy"] == "x"
        assert headers["cache-control"] == "no-store"
        assert headers["etag"] == 'W/"own"'

    @pytest.mark.parametrize("path", ["/docs", "/static/style.css", "/v1/stream"])
    def test_what_brings_no_policy_gets_the_strictest(self, server: Server, path: str) -> None:
        headers = server.get(path).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def unlike(answer: httpx2.Response, apart: set[str]) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in apart}


class TestConditionalReading:
    def test_a_whole_answer_has_a_strong_tag_of_its_bytes(self, server: Server) -> None:
        answer = server.get("/v1/things")
        assert re.fullmatch(r'"[0-9a-f]{32}"', answer.headers["etag"])
        assert answer.headers["cache-control"] == REVALIDATED
        assert server.get("/v1/things").headers["etag"] == answer.headers["etag"]
        assert server.get("/v1/things?limit=2").headers["etag"] != answer.headers["etag"]

    @pytest.mark.parametrize("form", ["{}", "W/{}", '"a", {}', '"a,b" , W/{},"c"', "*", ", {} ,"])
    @pytest.mark.parametrize("path", ["/v1/toys", "/v1/things", "/docs", "/v1/tagged-stream"])
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_what_the_client_holds_is_not_sent_again(
        self, server: Server, method: str, path: str, form: str
    ) -> None:
        etag = server.get(path).headers["etag"]
        answer = server.ask(method, path, if_none_match=form.format(etag))
        assert answer.status_code == 304
        assert answer.headers["etag"] == etag
        assert answer.content == b""
        assert not {"content-length", "content-type"} & set(answer.headers)

    @pytest.mark.parametrize("given", ['"other"', "", "toy-1", '"toy-1', '"x", *', '"toy-1 "'])
    @pytest.mark.parametrize("path", ["/v1/toys", "/v1/things"])
    def test_what_the_client_does_not_hold_is_sent(
        self, server: Server, path: str, given: str
    ) -> None:
        assert server.get(path, if_none_match=given).status_code == 200

    def test_tags_may_stand_on_several_lines(self, server: Server) -> None:
        etag = server.get("/v1/things").headers["etag"]
        lines = [("if-none-match", '"other"'), ("if-none-match", etag)]
        assert server.client.get("/v1/things", headers=lines).status_code == 304

    def test_a_weak_tag_of_a_route_is_compared_weakly(self, server: Server) -> None:
        answer = server.get("/v1/own-headers", if_none_match='"own"')
        assert answer.status_code == 304
        assert answer.headers["content-security-policy"] == "x"

    def test_a_problem_has_no_tag_and_is_sent_whatever_the_client_holds(
        self, server: Server
    ) -> None:
        answer = server.get("/v1/nothing", if_none_match="*")
        assert answer.status_code == 404
        assert "etag" not in answer.headers


class TestMethods:
    @pytest.mark.parametrize(
        ("path", "allow"),
        [
            ("/v1/toys", "GET, HEAD, OPTIONS"),
            ("/v1/things", "GET, HEAD, OPTIONS, POST"),
            ("/v1/orders", "OPTIONS, POST"),
            ("/v1/vocabularies/verdict", "GET, HEAD, OPTIONS"),
            ("/static/style.css", "GET, HEAD, OPTIONS"),
            ("/docs", "GET, HEAD, OPTIONS"),
        ],
    )
    def test_options_says_what_an_address_takes_and_so_does_a_405(
        self, server: Server, path: str, allow: str
    ) -> None:
        answer = server.ask("OPTIONS", path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["allow"] == allow
        for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "TRACE"} - set(allow.split(", ")):
            answer = server.verbatim(method, path)
            assert answer.status_code == 405
            assert answer.headers["allow"] == allow
            if method != "HEAD":
                assert problem(answer)["type"] == "/problems/method-not-allowed"

    def test_a_preflight_lets_any_site_read_without_credentials(self, server: Server) -> None:
        asked = {"origin": "https://a.example", "access-control-request-method": "GET"}
        asked["access-control-request-headers"] = "if-none-match"
        headers = server.client.options("/v1/toys", headers=asked).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in headers["access-control-allow-headers"]
        assert int(headers["access-control-max-age"]) > 0
        assert "access-control-allow-credentials" not in headers

    def test_options_of_the_server_as_a_whole(self, server: Server) -> None:
        assert server.verbatim("OPTIONS", "*").status_code == 204

    @pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "DELETE", "POST"])
    def test_an_unknown_address_takes_no_method(self, server: Server, method: str) -> None:
        answer = server.verbatim(method, "/v1/nothing")
        assert answer.status_code == 404
        assert "allow" not in answer.headers


class TestErrors:
    @pytest.mark.parametrize("path", ["/v1/broken", "/v1/lane-broken"])
    def test_an_unexpected_error_is_logged_and_tells_the_client_nothing(
        self, server: Server, caplog: pytest.LogCaptureFixture, path: str
    ) -> None:
        answer = server.get(path)
        assert answer.status_code == 500
        said = problem(answer)
        assert said["type"] == "/problems/internal-error"
        assert "hunter2" not in answer.text
        assert "Traceback" not in answer.text
        wait_until(lambda: bool(errors(caplog)))
        (entry,) = errors(caplog)
        assert said["request_id"] in entry.message
        assert entry.exc_info
        assert server.get("/livez").status_code == 200

    def test_an_error_of_ours_in_the_lane_is_its_problem(self, server: Server) -> None:
        said = problem(server.get("/v1/lane-unknown"))
        assert said["detail"] == "There is no meeting with the id or slug 'nowhere'."

    def test_an_unavailable_database_is_503_with_the_time_to_wait(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = server.get("/v1/unavailable")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert problem(answer)["type"] == "/problems/unavailable"
        assert "hunter2" not in answer.text
        assert [entry.levelno for entry in errors(caplog)] == [logging.WARNING]

    def test_an_error_in_the_middle_of_an_answer_breaks_it_off(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        with pytest.raises(httpx2.RemoteProtocolError):
            server.get("/v1/half-broken")
        wait_until(lambda: bool(errors(caplog)))

    def test_an_error_after_the_answer_is_logged_and_changes_nothing(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert server.get("/v1/broken-afterwards").text == "done"
        wait_until(lambda: bool(errors(caplog)))
        assert len(errors(caplog)) == 1

    def test_a_client_that_goes_away_is_no_error(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get("/v1/given-up")
        assert errors(caplog) == []


def errors(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [entry for entry in caplog.records if entry.name == "chancery.errors"]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class TestQueries:
    def test_an_unknown_parameter_is_refused_with_the_valid_names(self, server: Server) -> None:
        (flaw,) = problem(server.get("/v1/things?colour=red"))["errors"]
        assert flaw["parameter"] == "colour"
        assert "limit" in flaw["allowed"]

    @pytest.mark.parametrize("query", ["limit=0", "limit=1&limit=2", "limit=1_0", "limit=9" * 9])
    def test_a_parameter_that_is_not_what_it_should_be_is_refused(
        self, server: Server, query: str
    ) -> None:
        answer = server.get(f"/v1/things?{query}")
        assert answer.status_code == 422
        assert problem(answer)["errors"][0]["parameter"] == "limit"

    @pytest.mark.parametrize(
        "path", ["/livez", "/readyz", "/v1/vocabularies", "/v1/vocabularies/verdict", "/problems"]
    )
    def test_a_route_without_parameters_refuses_every_one(self, server: Server, path: str) -> None:
        answer = server.get(f"{path}?verbose=1")
        assert answer.status_code == 422
        (flaw,) = problem(answer)["errors"]
        assert (flaw["parameter"], flaw["allowed"]) == ("verbose", [])

    def test_two_models_cannot_read_one_query(self) -> None:
        async def ask(
            one: Annotated[ListFilters, parameters(ListFilters)],
            two: Annotated[PartyFilters, parameters(PartyFilters)],
        ) -> None: ...

        with pytest.raises(TypeError, match="refuse each other"):
            APIRouter(route_class=StrictRoute).get("/both")(ask)

    def test_the_document_says_what_is_taken(self) -> None:
        app = FastAPI()
        parties = APIRouter(route_class=StrictRoute)

        @parties.get("/parties")
        async def list_parties(
            filters: Annotated[PartyFilters, parameters(PartyFilters)],
        ) -> None: ...

        app.include_router(parties, prefix="/v1")
        said = app.openapi()["paths"]["/v1/parties"]["get"]["parameters"]
        by_name = {parameter["name"]: parameter for parameter in said}
        assert set(by_name) == set(PartyFilters.model_fields)
        assert by_name["limit"]["schema"] == {
            "type": "integer",
            "minimum": 1,
            "maximum": 200,
            "default": 20,
        }
        assert by_name["limit"]["description"] == "Items on a page."
        kind = by_name["kind"]
        assert (kind["style"], kind["explode"], kind["required"]) == ("form", False, False)
        assert kind["schema"]["items"]["enum"] == [term.value for term in PartyKind]
        assert kind["schema"]["examples"] == [["state"]]
        assert said[0]["name"] == "kind"


class TestOperations:
    def test_a_live_process_says_so(self, server: Server) -> None:
        answer = server.get("/livez")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"

    def test_a_ready_process_names_its_database(self, server: Server) -> None:
        answer = server.get("/readyz")
        assert answer.json() == {"status": "ready", "database": "sqlite", "schema": "0001"}

    def test_a_process_without_its_database_is_alive_and_not_ready(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server.app.state.chancery, "down", True)
        answer = server.get("/readyz")
        assert problem(answer)["type"] == "/problems/unavailable"
        assert server.get("/livez").status_code == 200


class TestVocabularies:
    def test_every_closed_list_is_there_with_its_meanings(self, server: Server) -> None:
        shown = server.get("/v1/vocabularies").json()["vocabularies"]
        assert [vocabulary["name"] for vocabulary in shown] == list(VOCABULARIES)
        for vocabulary in shown:
            assert vocabulary["description"]
            assert vocabulary["members"]
            assert all(member["meaning"] for member in vocabulary["members"])

    def test_one_list_is_what_all_lists_say_of_it(self, server: Server) -> None:
        shown = server.get("/v1/vocabularies").json()["vocabularies"]
        for vocabulary in shown:
            assert server.get(f"/v1/vocabularies/{vocabulary['name']}").json() == vocabulary

    @pytest.mark.parametrize("name", ["nothing", "Verdict", "verdict.", "%20verdict"])
    def test_an_unknown_list_is_not_found(self, server: Server, name: str) -> None:
        assert server.get(f"/v1/vocabularies/{name}").status_code == 404


class TestServing:
    def test_each_request_has_a_line_in_the_access_log_when_it_is_on(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "chancery.access")
        server.get("/v1/toys?q=1", x_request_id="mine")
        server.verbatim("GET", "/v1/%0aevil", X_Request_Id="yours")
        wait_until(lambda: len(accesses(caplog)) == 2)
        first, second = (vars(entry) for entry in accesses(caplog))
        assert (first["method"], first["path"], first["status"]) == ("GET", "/v1/toys", 200)
        assert (first["request_id"], first["client"]) == ("mine", "127.0.0.1")
        assert first["duration_ms"] > 0
        assert (second["path"], second["status"]) == ("/v1/%0aevil", 404)
        assert second["request_id"] == "yours"

    def test_the_access_log_is_off_unless_asked_for(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "chancery.access")
        quiet = Front(server.app, lane, routes=lambda: server.app.routes)
        with serving(quiet) as port:
            assert httpx2.get(f"http://127.0.0.1:{port}/v1/toys").status_code == 200
        assert accesses(caplog) == []

    def test_no_answer_leaves_with_a_header_that_another_could_hide_in(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert server.get("/v1/lane-splitting?1").headers["link"] == "1"
        split = server.get("/v1/lane-splitting?1~2")
        assert (split.status_code, "evil" in split.headers) == (500, False)
        caplog.clear()

    def test_behind_a_prefix_addresses_keep_it(self, server: Server) -> None:
        prefixed = Front(server.app, lane, routes=lambda: server.app.routes)
        with serving(prefixed, root_path="/api") as port:
            base = f"http://127.0.0.1:{port}"
            said = problem(httpx2.get(f"{base}/v1/nothing"))
            assert said["type"] == "/api/problems/not-found"
            assert said["instance"] == "/api/v1/nothing"
            assert httpx2.options(f"{base}/v1/things").headers["allow"].endswith("POST")
            assert httpx2.get(f"{base}/livez").status_code == 200
            types = httpx2.get(f"{base}/problems").json()["problems"]
            assert types[0]["type"] == "/api/problems/malformed-request"

    def test_what_is_not_http_passes_through(self, server: Server) -> None:
        seen = []

        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(scope["type"])

        async def ignore(*_: Any) -> Any: ...

        front = Front(inner, lane, routes=list)
        for kind in ("lifespan", "websocket"):
            asyncio.run(front({"type": kind}, ignore, ignore))
        assert seen == ["lifespan", "websocket"]


def accesses(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [entry for entry in caplog.records if entry.name == "chancery.access"]
