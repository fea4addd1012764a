"""H: what HTTP asks of every address of the whole server, found in its OpenAPI document.

The parts behind it are tried one by one in `test_front` and `test_ingress`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import copy_of_seed
from tests.support.client import Client
from tests.support.wire import request, say
from tests.support.writing import (
    ALL_SCOPES,
    ENGINES,
    Desk,
    Editor,
    check_problem,
    desk_of,
    example,
    openapi,
    state,
)

APART = {"date", "x-request-id", "transfer-encoding"}
KNOWN = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def addresses() -> dict[str, set[str]]:
    """Every path, with examples in its places, and the methods that it takes."""
    found = {}
    for path, methods in openapi()["paths"].items():
        given = {
            each["name"]: "1" if each["name"] == "number" else each["schema"]["examples"][0]
            for operation in methods.values()
            for each in operation.get("parameters", ())
            if each["in"] == "path"
        }
        taken = {method.upper() for method in methods} | {"OPTIONS"}
        found[path.format(**given)] = taken | ({"HEAD"} if "GET" in taken else set())
    return found


def asked(http: Client, path: str) -> str:
    """The path as it is read, with a revision that the record has."""
    if path.startswith("/v1/stats"):
        return f"{path}?by=year"
    if path == "/v1/search":
        return f"{path}?q=taiwan"
    record, of_one, rest = path.partition("/revisions/1")
    if of_one:
        newest = http.get(f"{record}/revisions").json()["items"][0]
        return f"{record}/revisions/{newest['seq']}{rest}"
    return path


@pytest.fixture
def http(newsroom: Desk) -> Iterator[Client]:
    with Client(newsroom.url) as http:
        yield http


def test_h1_head_has_the_headers_of_get_and_no_body(http: Client) -> None:
    for path, methods in addresses().items():
        if "GET" in methods:
            target = asked(http, path)
            get, head = (http.request(each, target) for each in ("GET", "HEAD"))
            assert get.status_code == 200, (path, get.text)
            assert (head.status_code, head.content) == (200, b"")
            one, other = (
                {name: value for name, value in each.headers.items() if name not in APART}
                for each in (get, head)
            )
            assert one == other, path
    for path in ("/v1/meetings/nobody", "/v1/nothing"):
        assert http.head(path).status_code == http.get(path).status_code == 404


def test_h2_and_h3_an_address_says_what_it_takes(
    http: Client, editor: Editor, newsroom: Desk
) -> None:
    before = state(newsroom.engine)
    for path, methods in addresses().items():
        answer = http.request("OPTIONS", path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert set(answer.headers["allow"].split(", ")) == methods, path
        for method in set(KNOWN) - methods:
            wrong = editor.send(method, path)
            assert wrong.status_code == 405, (method, path)
            assert set(wrong.headers["allow"].split(", ")) == methods
            if method != "HEAD":
                check_problem(wrong, 405)
    assert state(newsroom.engine) == before


def test_h4_a_slash_at_the_end_leads_nowhere(newsroom: Desk, editor: Editor) -> None:
    before = state(newsroom.engine)
    key = f"authorization: {editor.headers['Authorization']}"
    for path in addresses():
        for method in ("GET", "POST", "PATCH", "DELETE"):
            line = f"{method} {path}/ HTTP/1.1\r\nhost: evil.example\r\n{key}\r\n"
            heard = say(newsroom.port, f"{line}if-match: *\r\nconnection: close\r\n\r\n".encode())
            assert heard.status == 404, (method, path)
            assert "location" not in heard.headers
            assert b"evil.example" not in heard.raw
    assert state(newsroom.engine) == before


def test_h6_to_h8_what_is_too_large_is_not_written(newsroom: Desk, editor: Editor) -> None:
    before = state(newsroom.engine)
    long = "a" * 8192
    for target in (f"/v1/topics/{long}", f"/v1/topics/taiwan?dry_run={long}"):
        check_problem(editor.patch(target, {}), 414)
        check_problem(editor.delete(target), 414)
    many = [*editor.headers.items(), *((f"x-{number}", "1") for number in range(101))]
    assert editor.http.request("DELETE", "/v1/topics/taiwan", many).status_code == 431
    large = {"X_Large": "a" * 17_000}
    assert editor.delete("/v1/topics/taiwan", "*", **large).status_code == 431
    body = b'{"code": "large", "label": "%s"}' % (b"a" * 2**20)
    key = f"authorization: {editor.headers['Authorization']}"
    for noun in ("topics", "meetings"):
        check_problem(editor.post(f"/v1/{noun}", body), 413)
        chunks = b"".join(
            b"%x\r\n%s\r\n" % (len(part), part)
            for part in (body[at : at + 65536] for at in range(0, len(body), 65536))
        )
        head = (key, "content-type: application/json", "transfer-encoding: chunked")
        heard = say(newsroom.port, request("POST", f"/v1/{noun}", *head), chunks, b"0\r\n\r\n")
        assert heard.status == 413
    assert state(newsroom.engine) == before


def test_h9_what_can_be_read_in_two_ways_is_not_written(newsroom: Desk, editor: Editor) -> None:
    before = state(newsroom.engine)
    key = f"authorization: {editor.headers['Authorization']}"
    body = b'{"code": "smuggled", "label": "Smuggled"}'
    length = f"content-length: {len(body)}"
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    for headers, sent in (
        ((length, "transfer-encoding: chunked"), chunked),
        (("transfer-encoding: chunked", length), chunked),
        ((length, "content-length: 5"), body),
        (("transfer-encoding: chunked",), b"nonsense\r\n" + body),
        (("transfer-encoding: gzip, chunked, identity",), chunked),
    ):
        raw = request("POST", "/v1/topics", key, "content-type: application/json", *headers)
        heard = say(newsroom.port, raw + sent)
        assert (heard.status, heard.closed) == (400, True), (headers, heard.raw)
        assert heard.raw.count(b"HTTP/1.1") == 1
    assert state(newsroom.engine) == before


@pytest.fixture(params=ENGINES)
def strict(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Desk]:
    """A server for one host, that takes few writes."""
    given = {"allowed_hosts": "chancery.example", "rate_writes": "3/hour"}
    with copy_of_seed(request, tmp_path) as url, desk_of(url, tmp_path, **given) as newsroom:
        yield newsroom


def test_h5_and_l7_another_host_and_one_write_too_many(strict: Desk) -> None:
    before = state(strict.engine)
    with strict.editor() as editor:
        check_problem(editor.post("/v1/topics", example("create_topic")), 400)
        assert state(strict.engine) == before
    lines = [
        "host: chancery.example",
        f"authorization: Bearer {strict.keys.make(*ALL_SCOPES).reveal()}",
        "content-type: application/json",
    ]
    heard = []
    for number in range(5):
        body = b'{"code": "t-%d", "label": "T"}' % number
        head = "\r\n".join(["POST /v1/topics HTTP/1.1", *lines, f"content-length: {len(body)}"])
        heard.append(say(strict.port, f"{head}\r\n\r\n".encode() + body))
    assert [each.status for each in heard] == [201, 201, 201, 429, 429]
    assert int(heard[-1].headers["retry-after"]) > 0
    with strict.engine.connect() as connection:
        made = connection.scalar(text("SELECT count(*) FROM topics WHERE code LIKE 't-%'"))
    assert made == 3
