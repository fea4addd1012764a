"""Caching: a strong tag on every good answer, and no body for who holds it already."""

import re

from tests.support.api import NOUNS, Api

STRONG = re.compile(r'"[0-9a-f-]+"')
XI = "blinken-xi-beijing-2023-06-19"
CONTROL = "public, max-age=0, must-revalidate"

ADDRESSES = (
    *(f"/v1/{noun}" for noun in NOUNS),
    "/v1/meetings?limit=1",
    "/v1/meetings?limit=2",
    "/v1/meetings?limit=2&sort=-title",
    "/v1/meetings?count=exact",
    "/v1/meetings?q=xi",
    "/v1/meetings?q=xi&count=exact",
    "/v1/meetings?city=nowhere",
    "/v1/meetings?include=sources",
    "/v1/meetings?include=statements.sources,commitments",
    "/v1/meetings?lang=zh",
    "/v1/meetings?lang=de",
    "/v1/meetings?fields=slug",
    "/v1/meetings?fields=title&limit=2",
    "/v1/visits?include=meetings",
    "/v1/visits?include=statements",
    "/v1/officials?as_of=2023-06-19",
    "/v1/officials?as_of=1970-01-01",
    "/v1/officials?lang=zh&fields=name",
    "/v1/parties?as_of=1970-01-01&lang=zh",
    "/v1/positions?as_of=2023-06-18&level=foreign_minister",
    "/v1/officials/xi-jinping/meetings",
    "/v1/officials/xi-jinping/meetings?lang=zh",
    "/v1/officials/qin-gang/statements?include=officials",
    "/v1/officials/wang-yi/positions?limit=2",
    f"/v1/meetings/{XI}",
    f"/v1/meetings/{XI}?include=statements,commitments,sources",
    f"/v1/meetings/{XI}?fields=slug",
    f"/v1/meetings/{XI}?fields=title,rev",
    f"/v1/meetings/{XI}?lang=zh",
    "/v1/officials/xi-jinping",
    "/v1/officials/xi-jinping?lang=zh",
    "/v1/officials/qin-gang?as_of=2023-06-18",
    "/v1/officials/qin-gang?as_of=2023-06-18&fields=names",
    "/v1/parties/CN?lang=zh&fields=name",
    "/v1/topics/taiwan",
    "/v1/sources/eir",
)


def test_every_answer_has_a_strong_tag_and_says_that_it_has_to_be_revalidated(api: Api) -> None:
    for address in ADDRESSES:
        first, again = api.http.get(address), api.http.get(address)
        assert first.status_code == 200, address
        assert STRONG.fullmatch(first.headers["etag"]), address
        assert first.headers["cache-control"] == CONTROL
        assert again.headers["etag"] == first.headers["etag"], address


def test_who_holds_the_answer_is_told_so_without_a_body(api: Api) -> None:
    for address in ADDRESSES:
        tag = api.http.get(address).headers["etag"]
        for given in (tag, "*", f'W/"y" , W/{tag},"z"'):
            answer = api.http.get(address, headers={"if-none-match": given})
            assert (answer.status_code, answer.content) == (304, b""), (address, given)
            assert answer.headers["etag"] == tag
            assert answer.headers["cache-control"] == CONTROL
            assert "content-type" not in answer.headers
        lines = [("if-none-match", '"x"'), ("if-none-match", tag)]
        assert api.http.head(address, headers=lines).status_code == 304, address


def test_who_holds_another_answer_gets_this_one(api: Api) -> None:
    for address in ADDRESSES:
        answer = api.http.get(address)
        tag = answer.headers["etag"]
        for given in ('W/"x", "y"', tag.strip('"'), f'"-{tag[1:]}', ""):
            again = api.http.get(address, headers={"if-none-match": given})
            assert (again.status_code, again.content) == (200, answer.content), (address, given)


def test_answers_that_differ_have_tags_that_differ(api: Api) -> None:
    tags: dict[str, bytes] = {}
    for address in ADDRESSES:
        answer = api.http.get(address)
        assert tags.setdefault(answer.headers["etag"], answer.content) == answer.content
    cursor = api.read("/v1/meetings", limit=1)["next_cursor"]
    second = api.get("/v1/meetings", limit=1, cursor=cursor)
    assert second.headers["etag"] not in tags


def test_one_query_has_one_tag_however_it_is_written(api: Api) -> None:
    tags = {
        api.http.get(f"/v1/meetings?{query}").headers["etag"]
        for query in (
            "city=Beijing&limit=2&topic=taiwan",
            "topic=taiwan&limit=2&city=Beijing",
            "limit=2&&city=%42eijing&topic=taiwan&",
            "limit=2&city=Beijing&topic=taiwan&sort=date",
        )
    }
    assert len(tags) == 1


def test_no_problem_has_a_tag_or_may_be_kept(api: Api) -> None:
    for address in ("/v1/meetings/nowhere", "/v1/meetings?limit=0", "/v1/nowhere"):
        answer = api.http.get(address, headers={"if-none-match": "*"})
        assert answer.status_code in (404, 422)
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
