"""How many statements each address sends: a constant, whatever the page holds."""

from typing import Any

import pytest

from app.queries.parameters import SUBLISTS
from app.queries.resources import RESOURCES
from app.schemas.parsing import allowed_values
from tests.support.api import NOUNS, Api, name_of

PAGE, RECORD, RELATION, COUNT, OWNER = 1, 1, 1, 1, 1
NAMES = 2
"""Names in a language: those of officials and those of parties."""

WAYS: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, PAGE),
    ({"fields": "id", "sort": "-updated_at", "updated_since": "2023-06-19T00:00:00Z"}, PAGE),
    ({"q": "a"}, PAGE),
    ({"count": "exact"}, PAGE + COUNT),
    ({"lang": "zh"}, PAGE + NAMES),
    ({"q": "a", "count": "exact", "lang": "zh"}, PAGE + COUNT + NAMES),
)


def asked(api: Api, path: str, **query: Any) -> tuple[Any, int]:
    """The answer, and the number of statements that it took."""
    api.server.statements.clear()
    answer = api.read(path, **query)
    return answer, len(api.server.statements)


def sent(api: Api, path: str, **query: Any) -> int:
    return asked(api, path, **query)[1]


def sent_for_any_page(api: Api, path: str, **query: Any) -> int:
    """The number of statements for one row, for all of them, for the second and for none.

    Where several filters could lead, how much each selects is counted once, and then remembered.
    """
    api.read(path, **query)
    first, number = asked(api, path, **query, limit=1)
    pages: list[dict[str, Any]] = [{"limit": 200}, {"id": "01a30000-0000-7000-8000-00000000ffff"}]
    if first["next_cursor"] is not None:
        pages.append({"limit": 1, "cursor": first["next_cursor"]})
    for page in pages:
        assert sent(api, path, **query, **page) == number, (query, page)
    return number


@pytest.mark.parametrize("noun", NOUNS)
class TestLists:
    def test_a_list_takes_one_statement_and_one_for_each_thing_more(
        self, crowd: Api, noun: str
    ) -> None:
        for query, number in WAYS:
            assert sent_for_any_page(crowd, f"/v1/{noun}", **query) == number, query

    def test_every_relation_takes_one_more(self, crowd: Api, noun: str) -> None:
        paths = allowed_values(RESOURCES[noun].filters, "include")
        for path in paths:
            relations = RELATION * (1 + path.count("."))
            found = sent_for_any_page(crowd, f"/v1/{noun}", include=path)
            assert found == PAGE + relations, path
        if paths:
            query = {"include": ",".join(paths), "lang": "zh", "count": "exact"}
            found = sent_for_any_page(crowd, f"/v1/{noun}", **query)
            assert found == PAGE + len(paths) * RELATION + COUNT + NAMES

    def test_a_record_takes_one_and_as_many_more(self, crowd: Api, noun: str) -> None:
        for each in crowd.documents[noun][:3]:
            path = f"/v1/{noun}/{name_of(each)}"
            assert sent(crowd, path) == sent(crowd, f"/v1/{noun}/{each['id']}") == RECORD
            assert sent(crowd, path, fields="id") == RECORD
            assert sent(crowd, path, lang="zh") == RECORD + NAMES
            for included in allowed_values(RESOURCES[noun].filters, "include"):
                relations = RELATION * (1 + included.count("."))
                assert sent(crowd, path, include=included) == RECORD + relations

    def test_who_holds_the_page_is_told_so_by_one_statement(self, crowd: Api, noun: str) -> None:
        for path in (f"/v1/{noun}", f"/v1/{noun}/{name_of(crowd.documents[noun][0])}"):
            tag = crowd.get(path).headers["etag"]
            crowd.server.statements.clear()
            answer = crowd.http.get(path, headers={"if-none-match": tag})
            assert (answer.status_code, len(crowd.server.statements)) == (304, 1)

    def test_what_is_refused_asks_the_database_nothing(self, crowd: Api, noun: str) -> None:
        crowd.server.statements.clear()
        for query in ({"limit": 0}, {"nonsense": "1"}, {"q": "?!"}, {"fields": "nothing"}):
            assert crowd.get(f"/v1/{noun}", **query).status_code == 422
        assert crowd.get(f"/v1/{noun}", cursor="x").status_code == 422
        assert crowd.get(f"/v1/{noun}/not_a_name").status_code == 404
        assert crowd.server.statements == []


@pytest.mark.parametrize(("parent", "name"), SUBLISTS)
def test_a_list_below_a_record_takes_one_more_to_find_that_record(
    crowd: Api, parent: str, name: str
) -> None:
    path = f"/v1/{parent}/antony-blinken/{name}"
    for query, number in WAYS:
        assert sent_for_any_page(crowd, path, **query) == OWNER + number, query
    found = sent_for_any_page(crowd, path, include="sources,officials")
    assert found == OWNER + PAGE + 2 * RELATION


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/meetings", {"participant": ["xi-jinping", "antony-blinken"], "party": ["CN", "US"]}),
        ("/v1/meetings", {"visit": "blinken-beijing-2023-06", "sort": "sequence"}),
        ("/v1/positions", {"level": "foreign_minister", "party": "CN", "as_of": "2023-06-18"}),
        ("/v1/officials", {"party": "CN", "level": "minister", "in_office_on": "2023-06-18"}),
        ("/v1/commitments", {"event": "made", "event_in": "biden-xi-bali-2022-11-14"}),
        ("/v1/commitments", {"by": "US", "perspective": "CN", "topic": "taiwan,one-china"}),
        ("/v1/statements", {"speaker": "xi-jinping", "visit": "blinken-beijing-2023-06"}),
        ("/v1/visits", {"visitor": "antony-blinken", "place": "Beijing", "date_from": "2023"}),
        ("/v1/sources", {"publisher": "xinhua", "perspective": "CN,press"}),
    ],
)
def test_filters_take_no_statement_of_their_own(
    crowd: Api, path: str, query: dict[str, Any]
) -> None:
    assert crowd.items(path, **query)
    assert sent(crowd, path, **query) == PAGE
