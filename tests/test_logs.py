"""The log: what a line holds, that a request's lines can be found, and that no key is in it."""

import io
import json
import logging
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.web import request_ids
from app.web.logs import Format, Lines, configure, json_line, mask
from tests.support.commands import COMMAND, ROOT, environment
from tests.test_cli import answers

CANARY = "chancery_abcdefghjk_" + "CanarySecret" * 4 + "x"
SECRET = "CanarySecret"
ODD = "BA\N{LATIN SMALL LETTER LONG S}\N{LATIN SMALL LETTER DOTLESS I}C"
"""Signs that count as an s and an i where case does not."""


@contextmanager
def logging_to(stream: io.StringIO, wanted: Format) -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    try:
        configure(wanted, stream)
        yield
    finally:
        root.handlers, root.level = before, level


def lines(wanted: Format) -> list[str]:
    """Two lines, of which one is part of a request and has all that a line may have."""
    stream = io.StringIO()
    log = logging.getLogger("chancery.tests")
    with logging_to(stream, wanted):
        log.info("one")
        token = request_ids.current.set("mine")
        try:
            raise_with_key()
        except ValueError:
            log.exception("two %s", CANARY, extra={"status": 500, "header": f"Bearer {CANARY}"})
        finally:
            request_ids.current.reset(token)
    return stream.getvalue().splitlines()


def raise_with_key() -> None:
    message = f"the key is {CANARY}"
    raise ValueError(message)


def test_a_line_for_programs_is_a_json_object() -> None:
    first, second = (json.loads(line) for line in lines("json"))
    assert (first["message"], first["level"], first["logger"]) == ("one", "info", "chancery.tests")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", first["timestamp"])
    assert "request_id" not in first
    assert (second["request_id"], second["status"], second["level"]) == ("mine", 500, "error")
    assert "ValueError" in second["exception"]


def test_a_line_for_people_has_it_all_too() -> None:
    first, second, *traceback = lines("console")
    assert "one" in first
    assert "request_id=mine" in second
    assert "status=500" in second
    assert any("ValueError" in line for line in traceback)


@pytest.mark.parametrize("wanted", ["json", "console"])
def test_s3_no_key_is_in_it_whoever_logs_one(wanted: Format) -> None:
    said = "\n".join(lines(wanted))
    assert SECRET not in said
    assert "chancery_abcdefghjk_…" in said


def test_what_does_not_read_on_a_terminal_gets_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(lines("auto")[0])["message"] == "one"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (CANARY, "chancery_abcdefghjk_…"),
        ("chancery_notquiteakey", "chancery_…"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer …"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic …"),
        (f"{ODD} dXNlcjpwYXNz", f"{ODD} …"),
        ("chancery.access", "chancery.access"),
        ("the bearer of good news", "the bearer of good news"),
        ("sqlite:///chancery.db", "sqlite:///chancery.db"),
    ],
)
def test_what_looks_like_a_key_is_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


def test_a_line_without_a_traceback_is_as_structlog_writes_it() -> None:
    extra = {"status": 200, "path": "/v1/meetings", "at": Path("x"), "share": 0.5, "key_id": None}
    log = logging.getLogger("chancery.tests")
    record = log.makeRecord(log.name, logging.INFO, "", 0, "%s of %d", ("a", 2), None, extra=extra)
    token = request_ids.current.set("mine")
    try:
        ours, theirs = (
            json.loads(each(record)) for each in (json_line, Lines("json").make().format)
        )
    finally:
        request_ids.current.reset(token)
    assert [*ours] == [*theirs]
    assert {**ours, "timestamp": ""} == {**theirs, "timestamp": ""}


def test_structlog_is_loaded_for_the_first_traceback_and_not_before() -> None:
    program = (
        "import logging, sys; from app.web.logs import configure; configure('json');"
        "logging.warning('a'); print('structlog' in sys.modules);"
        "logging.error('b', exc_info=ValueError()); print('structlog' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_the_lines_of_a_request_are_found_by_its_id(tmp_path: Path) -> None:
    """A whole server: its access log, an error of its database, uvicorn's own words; S3 again."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--prepare", "--port", str(port)],
            env=environment(tmp_path, CHANCERY_ACCESS_LOG="true"),
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            text=True,
        )
    try:
        answers(f"http://127.0.0.1:{port}", process)
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            client.get("/v1/meetings?q=Blinken", headers={"x-request-id": "reading"})
            (tmp_path / "records.db").unlink()
            (tmp_path / "records.db").mkdir()
            found = client.get("/readyz", headers={"x-request-id": "failing"})
            while found.status_code == 200:
                time.sleep(0.2)
                found = client.get("/readyz", headers={"x-request-id": "failing"})
            key = {"authorization": f"Bearer {CANARY}", "x-request-id": CANARY}
            client.get(f"/v1/{CANARY}?key={CANARY}", headers=key)
            client.post(f"/v1/meetings/{CANARY}", headers=key)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"nonsense {CANARY}\r\n\r\n".encode())
            connection.recv(1000)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    said = log.read_text()
    entries: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines()]
    (reading,) = [entry for entry in entries if entry.get("request_id") == "reading"]
    assert (reading["logger"], reading["path"]) == ("chancery.access", "/v1/meetings")
    assert (reading["method"], reading["status"]) == ("GET", 200)
    assert (reading["client"], reading["duration_ms"] > 0) == ("127.0.0.1", True)
    failing = [entry for entry in entries if entry.get("request_id") == "failing"]
    loggers = [entry["logger"] for entry in failing if entry.get("status") != 200]
    assert loggers == ["chancery.errors", "chancery.access"]
    assert "uvicorn.error" in {entry["logger"] for entry in entries}
    assert "Blinken" not in said
    assert SECRET not in said


def test_lines_are_made_once() -> None:
    lines = Lines("json")
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "b", (), None)
    assert lines.format(record)
    made = lines.made
    assert lines.format(record)
    assert lines.made is made
