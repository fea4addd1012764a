"""The documentation as a reader meets it: in a browser, and with nothing asked of another host."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    sync_playwright,
)

from app.explorer import mount

PATIENCE_MILLISECONDS = 60_000
STATIC = Path(__file__).parents[1] / "app" / "explorer" / "static"

# Chromium as root in a container: no sandbox, and no talk with its maker's hosts at each start.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Server(Protocol):
    """A running server; `url` is its address without a slash at the end."""

    url: str


class Visit:
    """A browser's page that remembers what must not happen: foreign requests and errors."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = urlsplit(home).netloc
        self.foreign_requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", self.note_request)
        page.on("console", self.note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.home:
            self.foreign_requests.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location})")

    def was_clean(self) -> bool:
        return not self.foreign_requests and not self.errors


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("There is no Chromium here; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, sqlite_server: Server) -> Iterator[Visit]:
    context = browser.new_context(base_url=sqlite_server.url)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield Visit(context.new_page(), sqlite_server.url)
    context.close()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    mount(app)
    return TestClient(app)


def await_sight(locator: Locator) -> None:
    """Wait until one element is visible.

    `expect(…).to_be_visible()` says the same, but describes the whole page, element by element,
    each time that it looks in vain: a minute's work on a page of a hundred thousand elements.
    """
    locator.wait_for(state="visible")


def opened(page: Page, method: str, path: str) -> Locator:
    operation = page.locator(f".opblock-{method}").filter(
        has=page.locator(f'.opblock-summary-path[data-path="{path}"]')
    )
    operation.locator(".opblock-summary-control").click()
    return operation


def has_met(meeting: dict[str, Any], name: str) -> bool:
    return any(participant["official"]["name"] == name for participant in meeting["participants"])


@pytest.mark.browser
def test_a_reader_executes_the_list_of_meetings_and_sees_the_one_with_xi(visit: Visit) -> None:
    page = visit.page
    page.goto("/docs")
    operation = opened(page, "get", "/v1/meetings")
    operation.locator("button.execute").click()

    answer = operation.locator(".live-responses-table tbody tr.response")
    await_sight(answer.locator(".response-col_status").filter(has_text=re.compile("^200")))
    body = answer.locator(".highlight-code pre").first
    shown = json.loads(body.inner_text())
    assert any(has_met(meeting, "Xi Jinping") for meeting in shown["items"])
    # A long answer has no colours, which would take the browser a while; what is short has.
    assert body.locator("span").count() == 0
    assert operation.locator(".curl-command pre span").count() > 0

    # Swagger UI is given no more to read than what an operation refers to: that has to be enough.
    made = opened(page, "post", "/v1/meetings").locator('tr.response[data-code="201"]')
    await_sight(made.locator(".response-col_links").filter(has_text="patch_meeting"))
    assert page.locator(".errors-wrapper").count() == 0
    assert visit.was_clean(), (visit.foreign_requests, visit.errors)


@pytest.mark.browser
def test_a_reader_finds_the_operations_in_redoc(visit: Visit) -> None:
    page = visit.page
    deep = "tag/topics/operation/read_topic"
    page.goto(f"/redoc#{deep}")
    section = page.locator('[data-section-id="tag/meetings/operation/list_meetings"]')
    await_sight(section.locator("h2"))
    assert "/v1/meetings" in (section.text_content() or "")
    # Sections above it have no heights yet; it is to be at the top of the window all the same.
    page.wait_for_function(
        """name => {
            const section = document.querySelector(`[data-section-id="${name}"]`);
            return Math.abs(section.getBoundingClientRect().top) < 2;
        }""",
        arg=deep,
    )
    assert page.locator('.menu-content [data-item-id*="/operation/"]').count() >= 2
    # Its search runs in a worker, which the page's policy has to allow.
    page.get_by_role("textbox", name="Search").fill("meetings")
    await_sight(page.locator('[data-role="search:results"] li').first)
    assert visit.was_clean(), (visit.foreign_requests, visit.errors)


@pytest.mark.browser
def test_redoc_is_drawn_where_an_address_names_what_cannot_be_decoded(visit: Visit) -> None:
    page = visit.page
    short = {"openapi": "3.1.0", "info": {"title": "In short", "version": "1"}, "paths": {}}
    page.route("**/openapi.json", lambda route: route.fulfill(json=short))
    page.goto("/redoc#%E0%A4%A")
    await_sight(page.get_by_role("heading", name="In short"))
    assert visit.was_clean(), (visit.foreign_requests, visit.errors)


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_page_allows_this_host_only_and_no_script_in_its_html(
    client: TestClient, path: str
) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.findall(r"<script(?! src=)", answer.text) == []
    assert re.findall(r'(?:src|href)="(?:https?:|/)', answer.text) == []


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_every_asset_of_a_page_may_be_kept_for_ever(client: TestClient, path: str) -> None:
    addresses = re.findall(r'(?:src|href)="(docs/static/[^"]+)"', client.get(path).text)
    assert len(addresses) >= 4
    for address in addresses:
        answer = client.get(f"/{address}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert hashlib.sha256(answer.content).hexdigest()[:16] in address


def test_an_asset_of_another_version_is_not_found(client: TestClient) -> None:
    assert client.get("/docs/static/page.0000000000000000.css").status_code == 404
    assert client.get("/docs/static/page.css").status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_a_page_that_the_browser_has_is_not_sent_again(client: TestClient, path: str) -> None:
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": f'"other", W/{etag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == etag


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip", "gzip"), ("br, GZIP;q=0.5", "gzip"), ("gzip;q=0", None), ("identity", None)],
)
def test_a_page_is_compressed_for_those_who_take_it(
    client: TestClient, path: str, accepted: str, coding: str | None
) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.text == plain.text
    assert (answer.headers["ETag"] == plain.headers["ETag"]) == (coding is None)
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_the_document_says_below_which_prefix_the_server_is() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    mount(app)
    plain = TestClient(app).get("/openapi.json").json()
    below = TestClient(app, root_path="/records").get("/openapi.json").json()
    assert "servers" not in plain
    assert below == {**plain, "servers": [{"url": "/records"}]}


def test_the_vendored_files_are_those_on_record() -> None:
    record = (STATIC / "VENDORED.md").read_text(encoding="utf-8")
    recorded = dict(re.findall(r"\| `(vendor/\S+)` \| `([0-9a-f]{64})` \|", record))
    found = {
        str(file.relative_to(STATIC)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in STATIC.glob("vendor/*/*")
        if file.suffix in {".css", ".js"}
    }
    assert found == recorded
