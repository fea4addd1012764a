"""`/v1/search`: every record in which words occur."""

import html
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from app.queries import search as queries
from app.queries.resources import BY_KIND
from app.vocabulary import RecordKind
from tests.conftest import serving
from tests.support.api import DELETED, MERGED, NOUNS, Api, asking, name_of
from tests.support.editing import Desk

Json = Any
K = RecordKind
SEARCH = "/v1/search"
HITS, SHOWN, CALLED = 2, 1, 1
"""Statements: candidates in titles, then in all texts; documents; names."""

QUESTIONS = ("taiwan", "xi jinping", "习近平", "blinken 2023", "the", "US", "beijing wang yi")


def found(api: Api, q: str, **query: Any) -> list[Json]:
    return api.walk(SEARCH, q=q, **query)


def names(hits: list[Json]) -> list[str]:
    return [str(hit["ref"]["slug"] or hit["ref"]["id"]) for hit in hits]


def noun(hit: Json) -> str:
    return BY_KIND[RecordKind(hit["type"])].path


def document(api: Api, hit: Json) -> Json:
    return api.one(noun(hit), hit["ref"]["id"])


def counted(api: Api, hits: list[Json]) -> dict[str, Counter[str]]:
    """What the facets should say, from the documents."""
    found: dict[str, Counter[str]] = {"type": Counter(), "party": Counter(), "year": Counter()}
    for hit in hits:
        date = document(api, hit).get("date")
        found["type"][hit["type"]] += 1
        found["party"].update(hit["parties"])
        days = [date[name] for name in ("earliest", "latest") if date[name]] if date else []
        if days:
            first, last = int(days[0][:4]), int(days[-1][:4])
            years = range(first, last + 1) if last - first < 100 else (first, last)
            found["year"].update(f"{year:04}" for year in years)
    return found


class TestHits:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_every_record_is_found_that_its_list_finds(self, crowd: Api, question: str) -> None:
        hits = found(crowd, question, limit=200)
        for each in NOUNS:
            listed = crowd.ids(f"/v1/{each}", q=question)
            assert sorted(listed) == sorted(h["ref"]["id"] for h in hits if noun(h) == each)

    def test_the_best_come_first_and_in_the_same_order_on_both_databases(self, api: Api) -> None:
        assert names(found(api, "xi jinping"))[0] == "xi-jinping"
        assert names(found(api, "习近平"))[0] == "xi-jinping"
        assert names(found(api, "taiwan"))[:3] == [
            "taiwan",
            "us-no-support-taiwan-independence",
            "ndtv-bali",
        ]
        assert names(found(api, "foreign minister", type="position"))[0]
        assert found(api, "foreign minister")[0]["title"] == "Foreign Minister"

    def test_a_hit_says_where_the_record_is_and_what_it_is_called(self, api: Api) -> None:
        for hit in found(api, "blinken", limit=200):
            shown = document(api, hit)
            assert hit["ref"]["id"] == shown["id"]
            assert hit["ref"]["href"] == f"/v1/{noun(hit)}/{name_of(shown)}"
            assert api.read(hit["ref"]["href"])["id"] == shown["id"]
            assert hit["date"] == shown.get("date")
            if hit["type"] == "statement":
                assert hit["title"] in str(shown["speaker"]) or shown["speaker"]["party"]
            else:
                assert hit["title"] == shown.get("title", shown.get("name"))
            assert 0 <= hit["rank"] <= 1

    def test_ranks_fall_and_equals_have_a_fixed_order(self, crowd: Api) -> None:
        hits = found(crowd, "the", limit=200)
        ranks = [hit["rank"] for hit in hits]
        assert ranks == sorted(ranks, reverse=True)
        assert names(hits) == names(found(crowd, "the", limit=7))

    def test_a_phrase_occurs_as_it_stands(self, api: Api) -> None:
        apart = names(found(api, "independence taiwan", limit=200))
        together = names(found(api, '"Taiwan  independence"', limit=200))
        assert set(together) < set(apart)
        assert together
        assert found(api, '"china one"') == []
        assert found(api, "china one") != []
        assert names(found(api, '"XI  Jinping"'))[0] == "xi-jinping"
        assert names(found(api, '"近平"'))[0] == "xi-jinping"
        assert found(api, '"平近"') == []

    def test_a_beginning_finds_every_word_that_begins_so(self, api: Api) -> None:
        whole = set(names(found(api, "independence")))
        begun = set(names(found(api, "independen*", limit=200)))
        assert whole <= begun
        assert begun == set(names(found(api, "INDÉPENDEN*", limit=200)))
        assert found(api, "independen") == []
        assert names(found(api, "tai* indep*"))

    def test_nothing_found_is_an_answer(self, api: Api) -> None:
        assert api.read(SEARCH, q="nowhere to be found") == {
            "items": [],
            "facets": {"type": [], "party": [], "year": []},
            "total": 0,
            "capped": False,
            "next_cursor": None,
        }


class TestFacets:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_facets_are_the_hits_counted(self, crowd: Api, question: str) -> None:
        answer = crowd.read(SEARCH, q=question, limit=1)
        hits = found(crowd, question, limit=200)
        assert (answer["total"], answer["capped"]) == (len(hits), False)
        for name, counts in counted(crowd, hits).items():
            facet = answer["facets"][name]
            assert {each["value"]: each["count"] for each in facet} == counts
            order = [each["value"] for each in facet]
            if name == "year":
                assert order == sorted(order)
            else:
                assert order == sorted(counts, key=lambda value: (-counts[value], value))
        labels = {each["code"]: each["name"] for each in crowd.documents["parties"]}
        for each in answer["facets"]["party"]:
            assert each["label"] == labels[each["value"]]

    def test_parties_are_those_that_lists_filter_by(self, crowd: Api) -> None:
        for path, kind in (("meetings", "meeting"), ("statements", "statement")):
            for code in ("US", "CN"):
                hits = found(crowd, "the", type=kind, party=code, limit=200)
                listed = crowd.ids(f"/v1/{path}", q="the", party=code)
                assert sorted(hit["ref"]["id"] for hit in hits) == sorted(listed)


class TestFilters:
    def narrowed(self, api: Api, keep: Any, **query: Any) -> None:
        """A filter keeps of all hits those that it should, and says so in total and facets."""
        hits = found(api, "the", limit=200)
        kept = [hit for hit in hits if keep(hit, document(api, hit))]
        answer = api.read(SEARCH, q="the", limit=200, **query)
        assert names(answer["items"]) == names(kept)
        assert answer["total"] == len(kept)
        for name, counts in counted(api, kept).items():
            assert {each["value"]: each["count"] for each in answer["facets"][name]} == counts
        assert 0 < len(kept) < len(hits), query

    def test_filters_narrow_the_hits(self, crowd: Api) -> None:
        self.narrowed(crowd, lambda hit, _: hit["type"] == "meeting", type="meeting")
        self.narrowed(crowd, lambda hit, _: hit["type"] in ("visit", "source"), type="visit,source")
        self.narrowed(crowd, lambda hit, _: "CN" in hit["parties"], party="CN")
        self.narrowed(crowd, lambda hit, _: {"US", "CN"} <= set(hit["parties"]), party=["US", "CN"])
        self.narrowed(crowd, lambda hit, _: "CN" in hit["parties"], party="CN")
        self.narrowed(crowd, lambda _, doc: doc["dataset"] == "seed", dataset="seed")
        self.narrowed(
            crowd,
            lambda hit, doc: "taiwan" in (*doc.get("topics", ()), doc.get("code")),
            topic="taiwan",
        )

    @pytest.mark.parametrize(
        ("date_from", "date_to"),
        [
            ("2023", None),
            ("2023-06-19", None),
            (None, "1975"),
            (None, "2022-11-14"),
            ("2022-11-14", "2022-11-14"),
            ("1971", "1999"),
            ("1500", "1999"),
            ("2023", "9999"),
        ],
    )
    def test_dates_match_where_spans_overlap(
        self, crowd: Api, date_from: str | None, date_to: str | None
    ) -> None:
        low, high = (date_from or "0001"), f"{date_to or '9999'}-99"

        def may_fall(_: Json, doc: Json) -> bool:
            date = doc.get("date")
            if date is None:
                return False
            return (date["earliest"] or "0001") <= high and (date["latest"] or "9999") >= low

        given = {"date_from": date_from, "date_to": date_to}
        self.narrowed(
            crowd, may_fall, **{name: value for name, value in given.items() if value is not None}
        )

    def test_values_that_nothing_has_find_nothing(self, api: Api) -> None:
        for query in ({"party": "ZZ"}, {"topic": "nowhere"}, {"dataset": "no such & set"}):
            assert api.read(SEARCH, q="the", **query)["total"] == 0


class TestOrderAndPages:
    @pytest.mark.parametrize("sort", ["rank", "date", "-date"])
    def test_a_walk_of_any_step_sees_every_hit_once(self, crowd: Api, sort: str) -> None:
        whole = found(crowd, "the", sort=sort, limit=200)
        assert len({hit["ref"]["id"] for hit in whole}) == len(whole) > 20
        for limit in (1, 7):
            assert found(crowd, "the", sort=sort, limit=limit) == whole

    def test_dates_are_in_order_and_the_undated_last(self, crowd: Api) -> None:
        for sort in ("date", "-date"):
            days = [
                hit["date"] and (hit["date"]["earliest"] or hit["date"]["latest"])
                for hit in found(crowd, "the", sort=sort, limit=200)
            ]
            dated = [day for day in days if day]
            assert dated == sorted(dated, reverse=sort == "-date")
            assert days[: len(dated)] == dated
            assert len(dated) < len(days)

    def test_a_cursor_belongs_to_its_question(self, api: Api) -> None:
        cursor = api.read(SEARCH, q="the", limit=2)["next_cursor"]
        assert api.read(SEARCH, q="the", limit=3, cursor=cursor)["items"]
        for other in ({"q": "taiwan"}, {"q": "the", "sort": "date"}, {"q": "the", "type": "topic"}):
            answer = api.get(SEARCH, cursor=cursor, **other)
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["parameter"] == "cursor"


class TestMoreHitsThanAreLookedAt:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "MOST_HITS", 10)

    def test_the_answer_says_so_and_counts_those_that_it_shows(self, crowd: Api) -> None:
        answer = crowd.read(SEARCH, q="the", limit=3)
        assert (answer["capped"], answer["total"]) == (True, None)
        hits = found(crowd, "the", limit=3)
        assert len(hits) == len({hit["ref"]["id"] for hit in hits}) == 10
        for name, counts in counted(crowd, hits).items():
            assert {each["value"]: each["count"] for each in answer["facets"][name]} == counts

    def test_titles_come_before_what_was_recorded_later(
        self, crowd: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "MOST_HITS", 2_000)
        everything = names(found(crowd, "xi jinping", limit=200))
        ranks = [hit["rank"] for hit in found(crowd, "xi jinping", limit=200)]
        titled = [name for name, rank in zip(everything, ranks, strict=True) if rank > 0.6]
        assert titled[0] == "xi-jinping"
        monkeypatch.setattr(queries, "MOST_HITS", len(titled) + 2)
        bounded = found(crowd, "xi jinping", limit=200)
        assert names(bounded)[:-2] == titled
        assert set(names(bounded)) < set(everything)
        monkeypatch.setattr(queries, "MOST_HITS", len(titled) - 1)
        assert set(names(found(crowd, "xi jinping", limit=200))) < set(titled)

    def test_one_hit_more_or_less_makes_the_difference(
        self, crowd: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "MOST_HITS", 2_000)
        number = crowd.read(SEARCH, q="taiwan")["total"]
        for most, total in ((number + 1, number), (number, number), (number - 1, None)):
            monkeypatch.setattr(queries, "MOST_HITS", most)
            answer = crowd.read(SEARCH, q="taiwan")
            assert (answer["total"], answer["capped"]) == (total, total is None)


class TestWhatIsNotThere:
    def test_deleted_records_and_merged_ones_are_not_found(self, crowd: Api) -> None:
        gone = {MERGED, *(record_id for _, record_id in DELETED.values())}
        hits = found(crowd, "the", limit=200) + found(crowd, "minister", limit=200)
        assert not gone & {hit["ref"]["id"] for hit in hits}


class TestProblems:
    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("", "q"),
            ("q=", "q"),
            ("q=%22", "q"),
            ("q=...%20*", "q"),
            ("q=ab*", "q"),
            (f"q={'a' * 4097}", "q"),
            ("q=a&q=b", "q"),
            ("q=%00", "q"),
            ("q=a&type=person", "type"),
            ("q=a&party=cn", "party"),
            ("q=a&sort=-rank", "sort"),
            ("q=a&limit=0", "limit"),
            ("q=a&limit=201", "limit"),
            ("q=a&count=exact", "count"),
            ("q=a&date_from=2024&date_to=2023", "date_from"),
            ("q=a&date_from=soon", "date_from"),
            ("q=a&cursor=abc", "cursor"),
        ],
    )
    def test_what_cannot_be_used_is_named(self, api: Api, query: str, parameter: str) -> None:
        answer = api.http.get(f"{SEARCH}?{query}")
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert [flaw["parameter"] for flaw in answer.json()["errors"]] == [parameter]

    @pytest.mark.parametrize(
        "text",
        [
            "'; DROP TABLE x; --",
            "a & b | !c",
            "NEAR(a b)",
            "a:*",
            "\\'a",
            "§kmeeting",
            "%",
            "\ud7a3",
        ],
    )
    def test_nothing_is_an_operator(self, api: Api, text: str) -> None:
        assert api.get(SEARCH, q=text).status_code in (200, 422)

    def test_a_question_as_long_as_may_be_is_answered(self, api: Api) -> None:
        for text in ("a " * 2_048, "习" * 4_096, '"a b" ' * 682, "abc* " * 800):
            assert api.http.get(f"{SEARCH}?q={quote(text[:4096])}").status_code in (200, 414)


def test_an_answer_is_not_sent_twice_to_who_holds_it(api: Api) -> None:
    target = f"{SEARCH}?q=taiwan"
    answer = api.http.get(target)
    again = api.http.request("GET", target, {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = api.http.request("HEAD", target)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]


def test_a_search_takes_as_many_statements_whatever_it_finds(crowd: Api) -> None:
    newest = int("postgresql" in crowd.server.database_url)
    for query in (
        {"q": "the", "limit": 1},
        {"q": "the", "limit": 200},
        {"q": "习近平 taiwan"},
        {"q": "nowhere"},
        {"q": '"the" tai*', "date_from": "2022", "party": "US"},
    ):
        crowd.server.statements.clear()
        crowd.read(SEARCH, **query)
        assert len(crowd.server.statements) == newest + HITS + SHOWN + CALLED, query


ODD = {
    "html": 'He said <b>Zürich</b> & "peace" </script>',
    "decomposed": "Talks in Zu\u0308rich went on",
    "cjk": "主席习近平在北京会见了客人。",
    "arabic": "قال: السَّلام عليكم",
    "long": "word " * 400 + "Zürich" + " word" * 400,
    "overlong": "z" * 150 + "urich",
}


@pytest.fixture
def odd(desk: Desk, archive_url: str) -> Iterator[tuple[Api, dict[str, str]]]:
    """Statements with odd texts; their ids by what is odd about them."""
    ids = {}
    for name, text in ODD.items():
        said = {"text": text, "language": "en", "wording": "reported", "citations": ["eir"]}
        made = desk.create(K.STATEMENT, said | {"speaker": {"official": "wang-yi"}})
        ids[name] = made["id"]
    with serving(archive_url) as server, asking(server) as api:
        yield api, ids


def test_odd_texts_are_found_and_shown_as_they_are(odd: tuple[Api, dict[str, str]]) -> None:
    api, ids = odd
    for question, expected, marks in (
        ("zurich", {"html", "decomposed", "long"}, {"Zürich"}),
        ("习近平", {"cjk"}, {"习近平"}),
        ('"平在"', {"cjk"}, {"平在"}),
        ("السلام", {"arabic"}, {"السَّلام"}),
        (ODD["overlong"], {"overlong"}, {ODD["overlong"]}),
    ):
        hits = {
            hit["ref"]["id"]: hit["snippet"]
            for hit in api.items(SEARCH, q=question, type="statement")
            if hit["ref"]["id"] in ids.values()
        }
        assert set(hits) == {ids[name] for name in expected}, question
        for name in expected:
            shown = hits[ids[name]]
            assert shown["field"] == "text"
            assert {part["text"] for part in shown["parts"] if part["match"]} == marks
            whole = "".join(part["text"] for part in shown["parts"])
            plain = shown["html"].replace("<mark>", "").replace("</mark>", "")
            assert html.unescape(plain) == whole
            assert "<" not in plain
            assert whole.strip("… ") in unicodedata.normalize("NFC", ODD[name])
            assert len(whole) < 250


def test_people_are_found_by_names_that_were_merged_away(desk: Desk, archive_url: str) -> None:
    names_of = [{"name": "Эйнс", "language": "ru"}]
    gone = desk.create(K.OFFICIAL, {"name": "Onesimus", "names": names_of})["slug"]
    stays = desk.create(K.OFFICIAL, {"name": "Twyla"})["slug"]
    person = {"name_as_given": "T.", "official": stays, "role": "visitor", "party": "US"}
    meeting = desk.create(
        K.MEETING,
        {
            "title": "A talk",
            "format": "bilateral",
            "status": "held",
            "date": "2024-01",
            "citations": ["eir"],
            "participants": [person],
        },
    )["slug"]
    with serving(archive_url) as server, asking(server) as api:
        assert names(found(api, "эйнс")) == [gone]
        desk.merge(gone, stays)
        hits = {hit["ref"]["slug"]: hit["snippet"] for hit in found(api, "эйнс")}
        assert set(hits) == {stays, meeting}
        assert {shown["field"] for shown in hits.values()} == {"names"}
        assert {shown["html"] for shown in hits.values()} == {"<mark>Эйнс</mark>"}
        assert api.names("/v1/meetings", q="эйнс") == [meeting]
        desk.unmerge(gone)
        assert names(found(api, "эйнс")) == [gone]
