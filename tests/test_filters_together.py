"""Filters together: all must hold, and those that speak of one child must hold for the same."""

from itertools import product
from typing import Any

import pytest

from tests.support.api import Api
from tests.test_filters import (
    folded,
    is_card,
    may_be_from,
    may_be_to,
    may_last_on,
    offices_of_travellers,
)

Json = Any
DAYS = ("1971-07-09", "2019-01-01", "2022-12-31", "2023-06-18", "2024-04-26")


class TestSameChild:
    def test_an_event_its_meeting_and_its_time_are_those_of_one_event(self, crowd: Api) -> None:
        kinds = ("made", "reaffirmed", "clarified", "progressed", "reaffirmed,weakened")
        meetings = ("gathering", "biden-xi-bali-2022-11-14", "blinken-wang-beijing-2023-06-19")
        times = (None, "1971", "1990", "2023-06-19")
        for kind, meeting, first, last in product(kinds, (None, *meetings), times, times):
            if first and last and first > last:
                continue
            query = {"event": kind, "event_in": meeting, "event_from": first, "event_to": last}
            query = {name: value for name, value in query.items() if value is not None}
            wanted = [
                each["slug"]
                for each in crowd.documents["commitments"]
                if any(
                    event["event"] in kind.split(",")
                    and (meeting is None or is_card(event["meeting"], meeting))
                    and (first is None or may_be_from(event["date"], first))
                    and (last is None or may_be_to(event["date"], last))
                    for event in each["events"]
                )
            ]
            assert crowd.names("/v1/commitments", **query) == wanted, query

    def test_having_each_of_two_traits_in_two_events_is_not_enough(self, crowd: Api) -> None:
        wang = "blinken-wang-beijing-2023-06-19"
        assert "keep-talking" in crowd.names("/v1/commitments", event="reaffirmed")
        assert "keep-talking" in crowd.names("/v1/commitments", event_in=wang)
        assert "keep-talking" not in crowd.names(
            "/v1/commitments", event="reaffirmed", event_in=wang
        )
        # Where it was made is another question, and may be asked of another event.
        assert crowd.names("/v1/commitments", made_in="gathering", event_in=wang) == [
            "keep-talking"
        ]

    def test_a_verdict_and_its_assessor_are_those_of_one_assessment(self, crowd: Api) -> None:
        assessors = ("Observatório da Paz", "executive intelligence review")
        for verdict, assessor in product(("partial", "fulfilled", "not_fulfilled"), assessors):
            wanted = [
                each["slug"]
                for each in crowd.documents["commitments"]
                if any(
                    found["verdict"] == verdict and folded(found["assessor"]) == folded(assessor)
                    for found in each["assessments"]
                )
            ]
            found = crowd.names("/v1/commitments", verdict=verdict, assessor=assessor)
            assert found == wanted, (verdict, assessor)

    def test_party_level_and_day_are_those_of_one_position(self, crowd: Api) -> None:
        parties, levels = ("CN", "SU", "CN,RU"), ("foreign_minister", "envoy", "head_of_state")
        for party, level, day in product((None, *parties), (None, *levels), (None, *DAYS)):
            query = {"party": party, "level": level, "in_office_on": day}
            query = {name: value for name, value in query.items() if value is not None}
            wanted = [
                each["slug"]
                for each in crowd.documents["officials"]
                if not query
                or any(
                    (party is None or (held["party"] or "") in party.split(","))
                    and (level is None or held["level"] == level)
                    and (day is None or may_last_on(held["start"], held["end"], day))
                    for held in each["positions"]
                )
            ]
            assert crowd.names("/v1/officials", **query) == wanted, query

    def test_a_visitor_and_the_office_are_those_of_one_traveller(self, crowd: Api) -> None:
        visitors = (None, "ana-nunez", "zofie-oberg", "antony-blinken")
        parties = (None, "US", "SU", "MM", "US,SU")
        levels = ("foreign_minister", "envoy", "head_of_state", "other")
        for visitor, party, level in product(visitors, parties, levels):
            query = {"visitor": visitor, "visitor_party": party, "visitor_level": level}
            query = {name: value for name, value in query.items() if value is not None}
            wanted = [
                each["slug"]
                for each in crowd.documents["visits"]
                if (party is None or not set(party.split(",")).isdisjoint(each["visitor_parties"]))
                and any(
                    held["level"] == level and (party is None or held["party"] in party.split(","))
                    for held in offices_of_travellers(each, crowd, visitor)
                )
            ]
            assert crowd.names("/v1/visits", **query) == wanted, query

    def test_an_aide_is_not_of_the_rank_of_somebody_who_travels_along(self, crowd: Api) -> None:
        query = {"visitor_level": "foreign_minister", "date_to": "1971-07-09"}
        assert crowd.names("/v1/visits", **query, visitor_party="SU") == ["round-trip"]
        assert "round-trip" in crowd.names("/v1/visits", visitor_party="US")
        assert crowd.names("/v1/visits", **query, visitor_party="US") == []


class TestAllTookPart:
    def test_a_repeated_participant_means_that_all_of_them_took_part(self, crowd: Api) -> None:
        slugs = [each["slug"] for each in crowd.documents["officials"]]
        for first, second in product(slugs, slugs):
            wanted = [
                each["slug"]
                for each in crowd.documents["meetings"]
                if {first, second}
                <= {who["official"]["slug"] for who in each["participants"] if who["official"]}
            ]
            found = crowd.names("/v1/meetings", participant=[first, second])
            assert found == wanted, (first, second)

    def test_a_repeated_party_means_that_all_of_them_took_part(self, crowd: Api) -> None:
        for parties in (["CN", "US"], ["US", "SU"], ["CN", "SU"], ["CN", "US", "SU"], ["RU", "US"]):
            wanted = [
                each["slug"]
                for each in crowd.documents["meetings"]
                if set(parties) <= {who["party"] for who in each["participants"]}
            ]
            assert crowd.names("/v1/meetings", party=parties) == wanted, parties
        both = {"participant": ["ana-nunez", "antony-blinken"], "party": ["CN", "SU"]}
        assert crowd.names("/v1/meetings", **both) == ["gathering"]

    def test_a_participant_or_party_cannot_be_an_alternative(self, crowd: Api) -> None:
        for query in ({"participant": "wang-yi,qin-gang"}, {"party": "CN,US"}):
            answer = crowd.get("/v1/meetings", **query)
            assert answer.status_code == 422
            assert [each["parameter"] for each in answer.json()["errors"]] == list(query)

    def test_twenty_repetitions_are_taken_and_no_more(self, crowd: Api) -> None:
        assert crowd.names("/v1/meetings", party=["CN", "US"] * 10)
        assert crowd.get("/v1/meetings", party=["CN"] * 21).status_code == 422


class TestTime:
    TIMES = (None, "1900", "1971-07", "1972", "1980-01-01", "2022-11-14", "2023-06-18", "2023")

    @pytest.mark.parametrize("noun", ["visits", "meetings", "statements", "commitments", "sources"])
    def test_a_record_matches_when_its_span_overlaps_the_range(self, crowd: Api, noun: str) -> None:
        for first, last in product(self.TIMES, self.TIMES):
            if first and last and first > last:
                continue
            query = {"date_from": first, "date_to": last}
            wanted = [
                each["id"]
                for each in crowd.documents[noun]
                if (first is None or may_be_from(each["date"], first))
                and (last is None or may_be_to(each["date"], last))
            ]
            given = {name: value for name, value in query.items() if value}
            assert crowd.ids(f"/v1/{noun}", **given) == wanted, query

    def test_a_range_that_ends_before_it_starts_is_refused(self, crowd: Api) -> None:
        for path, start, end in (
            ("/v1/meetings", "date_from", "date_to"),
            ("/v1/commitments", "event_from", "event_to"),
        ):
            answer = crowd.get(path, **{start: "2023-06-19", end: "2023-05"})
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["parameter"] == start
            assert crowd.get(path, **{start: "2023-06-19", end: "2023-06"}).is_success


def test_filters_of_different_children_must_all_hold(crowd: Api) -> None:
    query = {"source": "eir", "topic": "taiwan", "by": "US", "latest_event": "reaffirmed"}
    wanted = [
        each["slug"]
        for each in crowd.documents["commitments"]
        if {"taiwan"} <= set(each["topics"])
        and "US" in [who["party"] for who in each["by"]]
        and each["latest_event"]["event"] == "reaffirmed"
        and any(cited["source"]["slug"] == "eir" for cited in each["citations"])
    ]
    assert crowd.names("/v1/commitments", **query) == wanted != []
    assert crowd.names("/v1/commitments", **query, q="one-China") == ["us-one-china-policy"]
    assert crowd.names("/v1/commitments", **query, kind="action") == []


def test_a_reference_may_be_an_id_a_slug_or_a_code(crowd: Api) -> None:
    for path, name, noun in (
        ("/v1/meetings", "visit", "visits"),
        ("/v1/meetings", "participant", "officials"),
        ("/v1/meetings", "topic", "topics"),
        ("/v1/meetings", "country", "parties"),
        ("/v1/meetings", "source", "sources"),
        ("/v1/commitments", "made_in", "meetings"),
        ("/v1/commitments", "by", "parties"),
        ("/v1/commitments", "by", "officials"),
        ("/v1/statements", "on_behalf_of", "officials"),
    ):
        found = 0
        for each in crowd.documents[noun][:8]:
            by_id = crowd.ids(path, **{name: each["id"]})
            assert crowd.ids(path, **{name: each.get("slug") or each["code"]}) == by_id
            assert crowd.ids(path, **{name: each["id"].upper()}) == by_id
            found += len(by_id)
        assert found, (path, name)


@pytest.mark.parametrize(
    ("path", "name", "some", "none"),
    [
        ("/v1/meetings", "country", ("CN", "ID"), "Q{}"),
        ("/v1/meetings", "topic", ("taiwan", "trade"), "none-{}"),
        ("/v1/statements", "topic", ("taiwan", "trade"), "none-{}"),
        ("/v1/statements", "party", ("CN", "US"), "Q{}"),
        ("/v1/statements", "perspective", ("CN", "press"), "Q{}"),
        ("/v1/statements", "language", ("en", "zh"), "xx-y{}"),
        ("/v1/visits", "visitor_party", ("US", "SU"), "Q{}"),
        ("/v1/visits", "host", ("CN",), "Q{}"),
        ("/v1/officials", "party", ("CN", "SU"), "Q{}"),
        ("/v1/positions", "party", ("CN", "SU"), "Q{}"),
        ("/v1/commitments", "topic", ("taiwan", "trade"), "none-{}"),
        ("/v1/commitments", "perspective", ("CN", "press"), "Q{}"),
        ("/v1/sources", "perspective", ("CN", "press"), "Q{}"),
    ],
)
def test_many_alternatives_are_asked_for_like_few(
    crowd: Api, path: str, name: str, some: tuple[str, ...], none: str
) -> None:
    others = [none.format(number) for number in range(100, 190)]
    nouns = {"topic": "topics", "perspective": "none", "language": "none"}
    ids = {each["code"]: each["id"] for each in crowd.documents.get(nouns.get(name, "parties"), ())}
    wanted = crowd.ids(path, **{name: ",".join(some)})
    assert wanted
    assert crowd.ids(path, **{name: ",".join([*others, *some])}) == wanted
    assert (
        crowd.ids(path, **{name: ",".join([*(ids.get(each, each) for each in some), *others])})
        == wanted
    )
    assert crowd.ids(path, **{name: ",".join(others)}) == []
    one = [wanted[0], *(f"00000000-0000-7000-8000-{number:012}" for number in range(150))]
    assert crowd.ids(path, **{name: ",".join([*others, *some]), "id": ",".join(one)}) == wanted[:1]


def test_names_and_places_are_folded_whatever_way_they_are_written(crowd: Api) -> None:
    for city in ("Zürich", "zu\u0308rich", "ZURICH", "Ｚürich", "  zürich "):
        assert set(crowd.names("/v1/meetings", city=city)) == {"gathering", "gathering-aside"}


def test_search_asks_for_all_words_in_any_writing(crowd: Api) -> None:
    for q in ("naïve café", "NAIVE CAFE", "cafe\u0301  naïve", "“café” (naïve)", "naïve & café"):
        (found,) = crowd.items("/v1/statements", q=q)
        assert found["text"] == "Naïve café talk."
    assert crowd.items("/v1/statements", q="naïve coffee") == []
    # The signs and words of search languages are text like any other.
    (found,) = crowd.items("/v1/statements", q='100% sure_of it "quoted" (bracketed) NEAR OR NOT')
    assert found["speaker"]["name_as_given"] == "someone"
    for q in ("quot*", "quoted OR naïve", "NOT quoted naïve", "quoted NEAR/2 naïve", "tokens:talk"):
        assert crowd.items("/v1/statements", q=q) == [], q


def test_names_are_found_in_every_recorded_script_and_time(crowd: Api) -> None:
    for q, slug in (
        ("ŽOFIE öberg", "zofie-oberg"),
        ("Жофие", "zofie-oberg"),
        ("若菲", "zofie-oberg"),
        ("ana peña", "ana-nunez"),
        ("陳", "chen-da"),
        ("陈大", "chen-da"),
    ):
        assert crowd.names("/v1/officials", q=q) == [slug]
    assert crowd.names("/v1/parties", q="burma") == ["MM"]
    assert crowd.names("/v1/parties", q="ссср") == ["SU"]
    assert set(crowd.names("/v1/meetings", q="布林肯")) == {
        each["slug"]
        for each in crowd.documents["meetings"]
        if any(is_card(who["official"], "antony-blinken") for who in each["participants"])
    }
