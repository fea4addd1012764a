"""What the lane keeps of lists' queries, and that a page is found before its documents are read."""

import sqlite3
from pathlib import Path

import pytest

from app.database.sqlite_reading import SqliteReader, adapt
from app.errors import InvalidInput
from app.lane.questions import LONGEST_QUERY, MOST_QUESTIONS
from app.lane.statements import Statements
from app.queries.leading import PLAIN, Lead
from app.queries.resources import RESOURCES
from app.schemas.parsing import known_query, parse_query
from tests.conftest import Server, serving
from tests.support.client import Client


def test_a_query_that_was_understood_is_found_again_and_a_flawed_one_refused_again() -> None:
    filters = RESOURCES["meetings"].filters
    known_query.cache_clear()
    assert parse_query(b"country=CN&limit=2", filters) is parse_query(
        b"country=CN&limit=2", filters
    )
    for _ in range(2):
        with pytest.raises(InvalidInput):
            parse_query(b"country=cn", filters)
    assert known_query.cache_info().currsize == 1


def test_the_same_query_is_another_question_of_another_list(sqlite_server: Server) -> None:
    paths = (
        "/v1/meetings",
        "/v1/officials/xi-jinping/meetings",
        "/v1/officials/qin-gang/meetings",
        "/v1/officials/xi-jinping/statements",
        "/v1/officials",
    )
    with Client(sqlite_server.url) as http:
        first, again = ([http.get(f"{path}?limit=9").content for path in paths] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(paths)


def test_an_id_and_a_slug_lead_to_one_list_with_links_of_their_own(sqlite_server: Server) -> None:
    with Client(sqlite_server.url) as http:
        record = http.get("/v1/officials/xi-jinping").json()["id"]
        for name in ("xi-jinping", record) * 2:
            answer = http.get(f"/v1/officials/{name}/meetings?limit=1")
            assert answer.links["first"] == f"/v1/officials/{name}/meetings?limit=1"


def test_what_is_kept_of_queries_has_a_bound(sqlite_seed: str) -> None:
    with serving(sqlite_seed, response_cache_mib=0) as server, Client(server.url) as http:
        questions = server.statements.cache.lane.questions.kept  # type: ignore[attr-defined]
        for number in range(MOST_QUESTIONS + 50):
            year = 1000 + number
            assert http.get(f"/v1/topics?limit=1&updated_since={year}-01-01T00:00:00Z").is_success
        assert len(questions) == MOST_QUESTIONS
        long = "&".join(["limit=1", "q=" + "x" * LONGEST_QUERY])
        assert http.get(f"/v1/topics?{long}").is_success
        assert not any(long.encode() in key for key in questions)


def test_where_no_index_gives_the_order_rows_are_sorted_without_documents(
    sqlite_template: Path,
) -> None:
    statements = Statements(Compiling())  # type: ignore[arg-type]
    resource = RESOURCES["meetings"]
    for query in (b"sort=title&country=CN", b"sort=-title&city=Rome", b"sort=-sequence&party=US"):
        filters = parse_query(query, resource.filters)
        page = statements.page(resource, filters, Lead(PLAIN), further=False, bodies=True)
        with sqlite3.connect(sqlite_template) as connection:
            values = [adapt(value) for value in page.values(filters)]
            plan = connection.execute(f"EXPLAIN QUERY PLAN {page.compiled.sql}", values)
            steps = [row[3] for row in plan]
        connection.close()
        sorts = [number for number, step in enumerate(steps) if "ORDER BY" in step]
        reads = [number for number, step in enumerate(steps) if "documents" in step]
        assert min(sorts) < min(reads), steps


def test_many_alternatives_have_one_statement_however_many_they_are() -> None:
    statements = Statements(Compiling())  # type: ignore[arg-type]
    resource = RESOURCES["statements"]
    for many in (21, 22, 200):
        names = ",".join(f"topic-{number}" for number in range(many))
        filters = parse_query(f"topic={names}".encode(), resource.filters)
        page = statements.page(resource, filters, Lead(PLAIN), further=False, bodies=True)
        assert len(page.values(filters)) == len(page.compiled.names) < 10
    assert len(statements.kept) == 1


class Compiling:
    """As much of a reader as makes statements."""

    dialect = SqliteReader.dialect
    compile = SqliteReader.compile
