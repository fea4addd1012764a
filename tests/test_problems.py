"""Problems: which error answers what, what the answer tells, and the pages that explain it."""

import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from openapi_spec_validator import validate
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Scope

from app import errors
from app.errors import ChanceryError, Flaw, InvalidInput
from app.lane.answer import Answer
from app.routers import operations, problems, vocabularies
from app.web.catalogue import CATALOGUE
from app.web.front import Front
from app.web.handlers import install, refusal
from app.web.negotiation import prefers_html
from app.web.problems import answer, documented

SCOPE: Scope = {
    "type": "http",
    "method": "GET",
    "path": "/v1/meetings/ü",
    "raw_path": b"/v1/meetings/%C3%BC",
    "query_string": b"secret=1",
    "headers": [],
    "state": {"request_id": "mine"},
}


def told(error: Exception, **scope: Any) -> dict[str, Any]:
    found = answer(error, {**SCOPE, **scope})
    assert (b"content-type", b"application/problem+json") in found.headers
    said: dict[str, Any] = orjson.loads(found.body)
    assert said["status"] == found.status
    return said


class TestAnswers:
    @pytest.mark.parametrize(
        ("error", "status", "name"),
        [
            (errors.MalformedRequest("no UTF-8"), 400, "malformed-request"),
            (errors.Unauthenticated("no key"), 401, "unauthenticated"),
            (errors.NotAllowed("write"), 403, "forbidden"),
            (errors.RecordNotFound("meeting", "x"), 404, "not-found"),
            (errors.RecordDeleted("meeting", "x", 7), 410, "gone"),
            (InvalidInput([Flaw("sort", "is wrong")]), 422, "invalid-parameters"),
            (errors.QueryTooSlow("SELECT"), 503, "too-slow"),
            (errors.DatabaseUnavailable("dsn"), 503, "unavailable"),
            (errors.SchemaMismatch("0001"), 503, "unavailable"),
            (errors.PepperMissing("gone"), 503, "unavailable"),
            (errors.SeedRefused(["line 1"]), 500, "internal-error"),
            (ChanceryError("inside"), 500, "internal-error"),
            (ValueError("inside"), 500, "internal-error"),
            (HTTPException(404), 404, "not-found"),
            (HTTPException(405), 405, "method-not-allowed"),
            (HTTPException(414), 414, "uri-too-long"),
            (HTTPException(500, "inside"), 500, "internal-error"),
        ],
    )
    def test_every_error_answers_its_problem(
        self, error: Exception, status: int, name: str
    ) -> None:
        said = told(error)
        assert (said["status"], said["type"]) == (status, f"/problems/{name}")
        assert said["title"] == CATALOGUE[name].title
        assert list(said)[:6] == ["type", "title", "status", "detail", "instance", "request_id"]
        assert said["request_id"] == "mine"
        assert said["instance"] == "/v1/meetings/%C3%BC"

    def test_what_went_wrong_inside_stays_inside(self) -> None:
        for error in (
            ValueError("hunter2"),
            HTTPException(500, "hunter2"),
            errors.QueryTooSlow("hunter2"),
            errors.DatabaseUnavailable("hunter2"),
            errors.SchemaMismatch("hunter2"),
            errors.PepperUnusable("hunter2"),
        ):
            assert b"hunter2" not in answer(error, SCOPE).body

    def test_every_flaw_is_named_by_parameter_or_by_pointer(self) -> None:
        flaws = [Flaw("sort", "is wrong", ("date", "-date")), Flaw("/title", "is empty")]
        said = told(InvalidInput(flaws))
        assert said["errors"] == [
            {"parameter": "sort", "detail": "is wrong", "allowed": ["date", "-date"]},
            {"pointer": "/title", "detail": "is empty", "allowed": []},
        ]
        assert told(InvalidInput(flaws[:1]))["detail"] == "sort: is wrong"

    def test_a_deleted_record_names_the_revision(self) -> None:
        assert told(errors.RecordDeleted("meeting", "x", 7))["revision"] == 7

    def test_only_what_the_input_is_to_blame_for_has_errors(self) -> None:
        assert "errors" not in told(HTTPException(404))
        assert "revision" not in told(HTTPException(404))

    @pytest.mark.parametrize(
        ("loc", "kind", "name", "where"),
        [
            (("path", "n"), "int_parsing", "not-found", None),
            (("body", 3), "json_invalid", "malformed-request", None),
            (("body", "a/b", 0), "missing", "invalid-parameters", {"pointer": "/a~1b/0"}),
            (("query", "n"), "missing", "invalid-parameters", {"parameter": "n"}),
        ],
    )
    def test_what_fastapi_refuses_is_told_alike(
        self, loc: tuple[Any, ...], kind: str, name: str, where: dict[str, str] | None
    ) -> None:
        error = RequestValidationError([{"loc": loc, "type": kind, "msg": "Wrong"}])
        said = told(refusal(error))
        assert said["type"] == f"/problems/{name}"
        if where:
            assert said["errors"] == [{**where, "detail": "Wrong", "allowed": []}]

    def test_a_status_without_a_type_says_all_by_itself(self) -> None:
        said = told(HTTPException(418, headers={"X-Pot": "tea"}))
        assert (said["type"], said["title"]) == ("about:blank", "I'm a Teapot")
        assert (b"x-pot", b"tea") in answer(
            HTTPException(418, headers={"X-Pot": "tea"}), {**SCOPE}
        ).headers

    def test_a_problem_that_may_pass_says_when_to_come_back(self) -> None:
        headers = dict(answer(errors.DatabaseUnavailable(), SCOPE).headers)
        assert int(headers[b"retry-after"]) > 0
        assert b"retry-after" not in dict(answer(errors.QueryTooSlow(), SCOPE).headers)

    def test_input_is_told_back_escaped_and_shortened(self) -> None:
        nasty = "</script>\r\nSet-Cookie: a=b\x00\ud800" + "x" * 9000
        found = answer(errors.RecordNotFound("meeting", nasty), SCOPE)
        assert not any(b"Set-Cookie" in value for _, value in found.headers)
        assert len(orjson.loads(found.body)["detail"]) == 1000
        assert b"\r" not in found.body
        assert b"\n" not in found.body
        assert told(InvalidInput([Flaw("/\ud800", "is wrong")]))["errors"][0]["pointer"] == "/?"

    def test_the_prefix_of_a_proxy_stands_before_the_type(self) -> None:
        assert told(HTTPException(404), root_path="/api")["type"] == "/api/problems/not-found"

    def test_a_fault_of_the_server_is_logged_under_the_request_id(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer(ValueError("hunter2"), SCOPE)
        answer(errors.DatabaseUnavailable("down"), SCOPE)
        answer(HTTPException(404), SCOPE)
        unexpected, unavailable = caplog.records
        assert (unexpected.levelno, unavailable.levelno) == (logging.ERROR, logging.WARNING)
        assert "[mine]" in unexpected.message
        assert unexpected.exc_info
        assert not unavailable.exc_info
        assert "secret" not in caplog.text


async def no_lane(_: Scope) -> Answer | None:
    return None


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    for part in (operations.router, problems.router, vocabularies.router):
        app.include_router(part)
    everything = APIRouter(responses=documented(*CATALOGUE))

    @everything.get("/everything")
    async def read_everything() -> None: ...

    app.include_router(everything)
    install(app)
    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(Front(app, no_lane, routes=lambda: app.routes)) as client:
        yield client


class TestPages:
    @pytest.mark.parametrize("name", CATALOGUE)
    def test_every_type_is_explained_to_people_and_to_programs(
        self, client: TestClient, name: str
    ) -> None:
        kind = CATALOGUE[name]
        page = client.get(f"/problems/{name}", headers={"accept": "text/html"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f"<h1>{kind.title}</h1>" in page.text
        shown = client.get(f"/problems/{name}")
        assert shown.json() == {
            "name": name,
            "type": f"/problems/{name}",
            "status": kind.status,
            "title": kind.title,
            "meaning": kind.meaning,
            "remedy": kind.remedy,
        }
        assert page.headers["vary"] == shown.headers["vary"] == "Accept"
        assert page.headers["etag"] != shown.headers["etag"]

    def test_the_index_names_them_all(self, client: TestClient) -> None:
        shown = client.get("/problems").json()["problems"]
        assert [kind["name"] for kind in shown] == list(CATALOGUE)
        page = client.get("/problems", headers={"accept": "text/html"}).text
        for name in CATALOGUE:
            assert f'href="problems/{name}"' in page

    def test_a_page_loads_nothing_and_runs_nothing(self, client: TestClient) -> None:
        page = client.get("/problems/gone", headers={"accept": "text/html"})
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert not any(sign in page.text for sign in ("http:", "https:", "<script", "src="))

    @pytest.mark.parametrize("name", ["nothing", "<script>alert(1)</script>", 'a"b'])
    @pytest.mark.parametrize("accept", ["text/html", "*/*"])
    def test_an_unknown_type_is_a_problem_itself(
        self, client: TestClient, name: str, accept: str
    ) -> None:
        answer = client.get(f"/problems/{name}", headers={"accept": accept})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize(
        ("accept", "page"),
        [
            ("", False),
            ("*/*", False),
            ("application/json", False),
            ("text/html", True),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
            ("text/*;q=0.5, application/json", False),
            ("text/html;q=0.1, application/json;q=0", True),
            ("application/json, text/html", False),
            ("text/html;q=nonsense", False),
            ("TEXT/HTML", True),
        ],
    )
    def test_who_prefers_a_page_gets_one(self, accept: str, *, page: bool) -> None:
        assert prefers_html(accept) is page


class TestDocumentation:
    def test_the_document_is_valid_and_has_the_schema_of_problems(self, app: FastAPI) -> None:
        document = app.openapi()
        validate(document)
        assert {"ProblemRead", "FlawRead"} <= set(document["components"]["schemas"])
        assert app.openapi() == document

    def test_no_other_form_of_error_is_documented(self, app: FastAPI) -> None:
        document = app.openapi()
        assert "HTTPValidationError" not in document["components"]["schemas"]
        for path, operations_of in document["paths"].items():
            for status, response in operations_of["get"]["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"], path

    def test_each_documented_problem_has_an_example(self, app: FastAPI) -> None:
        responses = app.openapi()["paths"]["/everything"]["get"]["responses"]
        examples = {
            name: example["value"]
            for response in responses.values()
            for content in response["content"].values()
            for name, example in content.get("examples", {}).items()
        }
        assert set(examples) == set(CATALOGUE)
        for name, example in examples.items():
            assert example["type"] == f"/problems/{name}"
        assert set(responses["503"]["content"]["application/problem+json"]["examples"]) == {
            "too-slow",
            "unavailable",
        }

    def test_every_operation_is_explained(self, app: FastAPI) -> None:
        for path, operations_of in app.openapi()["paths"].items():
            if path != "/everything":
                operation = operations_of["get"]
                assert operation["summary"], path
                assert operation["description"], path
                assert {"400", "422", "500"} <= set(operation["responses"]), path
