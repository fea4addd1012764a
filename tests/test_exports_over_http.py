"""`/v1/{list}.ndjson`: a whole list in one answer, streamed from one view of the database."""

import json
from typing import Any

import pytest

from app.lane import exports
from app.lane.exports import chunks_of
from tests.conftest import Server
from tests.support.api import NOUNS, Api, asking
from tests.support.client import Answer
from tests.support.writing import check_problem

Json = Any

MANY = 20_000
"""Topics; they are small, so that many are made in a moment."""


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
