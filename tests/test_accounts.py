"""Rival accounts of the seed's events, right to the last source.

What is expected is written out from the research notes, not from the seed's files.
"""

from collections import defaultdict
from typing import Any

import pytest

from tests.support.accounts import accounts, field, renderings, slugs, stances, topic
from tests.support.api import Api

VISIT = "blinken-beijing-2023-06"
QIN = "blinken-qin-beijing-2023-06-18"
WANG = "blinken-wang-beijing-2023-06-19"
XI = "blinken-xi-beijing-2023-06-19"

Json = Any


class TestWhichSourceAttestsEachMeeting:
    """Question 1, its last part."""

    def test_the_historian_leaves_out_the_meeting_with_wang(self, api: Api) -> None:
        visit = api.read(f"/v1/visits/{VISIT}/accounts")
        assert [
            (
                each["meeting"]["slug"],
                each["sequence"],
                each["attested_by"],
                each["not_attested_by"],
            )
            for each in visit["meetings"]
        ] == [
            (QIN, 1, ["eir", "us-visit", "hist"], []),
            (WANG, 2, ["eir", "us-visit"], ["hist"]),
            (XI, 3, ["eir", "us-visit", "hist"], []),
        ]

    @pytest.mark.parametrize(
        ("meeting", "expected"),
        [
            (
                QIN,
                {
                    *("eir", "eir-brief", "us-qin", "us-visit", "prc-qin", "prc-qin-en", "gt"),
                    *("wapo", "pledge", "hist"),
                },
            ),
            (WANG, {"eir", "eir-brief", "us-wang", "us-visit", "prc-wang", "gt", "xinhua-xi"}),
            (
                XI,
                {
                    *("eir", "eir-brief", "prc-xi", "xinhua-xi", "us-xi-remarks", "us-visit"),
                    *("cctv-xi", "politico", "hist"),
                },
            ),
        ],
    )
    def test_each_meeting_with_all_its_sources(
        self, api: Api, meeting: str, expected: set[str]
    ) -> None:
        answer = accounts(api, meeting)
        assert set(slugs(answer)) == expected
        assert len(slugs(answer)) == len(expected)
        assert all(each["cited"] for each in answer["sources"])


class TestTheTalksWithQinByTheUSAndByThePRC:
    """Question 2: duration, characterisation, topics; what is in one and not in the other."""

    SIDES = {  # noqa: RUF012
        "us-qin": "US",
        "us-visit": "US",
        "prc-qin": "CN",
        "prc-qin-en": "CN",
        "gt": "CN",
        "hist": "US",
    }

    def both(self, api: Api) -> Json:
        return accounts(api, QIN, perspective="US,CN")

    def test_only_their_sources_speak(self, api: Api) -> None:
        answer = self.both(api)
        assert {each["slug"]: each["perspective"] for each in answer["sources"]} == self.SIDES

    def test_duration(self, api: Api) -> None:
        assert field(self.both(api), "duration_minutes") == ("single", {"gt": (360, "under")})
        # The record goes by eir, which is neither side's.
        agreement, everybody = field(accounts(api, QIN), "duration_minutes")
        assert agreement == "conflict"
        assert everybody == {
            "eir": (420, "exact"),
            "gt": (360, "under"),
            "wapo": (450, "over"),
            "pledge": (330, "exact"),
        }
        (shown,) = [
            each for each in self.both(api)["fields"] if each["field"] == "duration_minutes"
        ]
        assert (shown["value"], shown["qualifier"]) == (420, "exact")

    def test_characterisation(self, api: Api) -> None:
        assert field(self.both(api), "characterisation") == (
            "conflict",
            {
                "prc-qin": "candid, in-depth and constructive",
                "us-qin": "candid, substantive, and constructive",
            },
        )
        assert field(accounts(api, QIN), "characterisation") == (
            "conflict",
            {
                "eir": "candid, in-depth and constructive",
                "eir-brief": "candid, in-depth and constructive",
                "prc-qin": "candid, in-depth and constructive",
                "us-qin": "candid, substantive, and constructive",
            },
        )

    def test_date_and_titles(self, api: Api) -> None:
        answer = self.both(api)
        assert field(answer, "date") == ("single", {"prc-qin": "2023-06-18"})
        assert field(answer, "title_as_given", "qin-gang") == (
            "conflict",
            {
                "us-visit": "State Councilor and Foreign Minister",
                "prc-qin": "State Councilor and Foreign Minister",
                "hist": "Foreign Minister",
            },
        )
        assert field(answer, "title_as_given", "antony-blinken") == (
            "single",
            {"prc-qin": "U.S. Secretary of State"},
        )
        assert len(answer["fields"]) == 5

    def test_topics(self, api: Api) -> None:
        found = {
            each["topic"]: (each["agreement"], stances(each)) for each in self.both(api)["topics"]
        }
        of_china = {"prc-qin": "affirmed", "prc-qin-en": "affirmed"}
        assert found == {
            "us-china-relations": ("agree", {"us-qin": "said", **of_china}),
            "taiwan": ("agree", of_china),
            "one-china": ("agree", of_china),
            "high-level-exchanges": ("single", {"us-qin": "affirmed"}),
            "people-to-people": ("single", {"us-qin": "affirmed"}),
            "flights": ("single", {"prc-qin": "affirmed"}),
            "working-groups": ("single", {"prc-qin": "affirmed"}),
        }

    def test_what_is_in_one_and_not_in_the_other(self, api: Api) -> None:
        named: dict[str, set[str]] = defaultdict(set)
        for each in self.both(api)["topics"]:
            for source in stances(each):
                named[self.SIDES[source]].add(each["topic"])
        assert named["US"] & named["CN"] == {"us-china-relations"}
        assert named["US"] - named["CN"] == {"high-level-exchanges", "people-to-people"}
        assert named["CN"] - named["US"] == {"taiwan", "one-china", "flights", "working-groups"}

    def test_what_each_has_said_there(self, api: Api) -> None:
        answer = self.both(api)
        (relations, taiwan) = (topic(answer, code) for code in ("us-china-relations", "taiwan"))
        assert len(relations["statements"]) == 5
        assert [each["sources"] for each in taiwan["statements"]] == [
            ["prc-qin-en"],
            ["prc-qin"],
            ["prc-qin", "prc-qin-en"],
        ]
        (invitation, visit) = topic(answer, "high-level-exchanges")["statements"]
        assert invitation["speaker"]["official"]["slug"] == "antony-blinken"
        assert (
            visit["text"]
            == "they agreed to schedule a reciprocal visit at a mutually suitable time"
        )
        assert visit["sources"] == ["us-qin"]
        assert answer["statements_without_topic"] == []
        said = renderings(answer, "Qin to Blinken on Taiwan")
        assert list(said.values()) == [("translated", ["prc-qin-en"]), ("translated", ["prc-qin"])]

    def test_what_each_has_become_of_commitments(self, api: Api) -> None:
        assert [
            (each["commitment"]["slug"], each["event"], each["sources"])
            for each in self.both(api)["commitments"]
        ] == [
            ("us-no-support-taiwan-independence", "invoked_by_other", ["prc-qin"]),
            ("reciprocal-visit-to-washington", "made", ["us-qin"]),
        ]

    def test_silence_is_told_from_what_was_not_examined(self, api: Api) -> None:
        answer = accounts(api, QIN)
        flights = topic(answer, "flights")
        assert flights["agreement"] == "single"
        assert stances(flights) == {"eir": "silent", "prc-qin": "affirmed"}
        assert set(flights["not_examined"]) == set(slugs(answer)) - {"eir", "prc-qin"}
        balloon = topic(answer, "balloon-incident")
        assert (balloon["agreement"], stances(balloon)) == (None, {"eir": "silent"})
        assert len(balloon["not_examined"]) == 9
        assert balloon["statements"] == []
        counted = {
            each["slug"]: (each["claims"], each["topics"], each["statements"])
            for each in answer["sources"]
        }
        # eir claims date, duration, characterisation and two titles, and names one topic.
        assert (counted["eir"], counted["prc-qin"]) == ((5, 1, 0), (4, 5, 5))


class TestWhereTheCommitmentsOfBaliWereRenewed:
    BY_EIR = (
        *("us-one-china-policy", "us-no-new-cold-war"),
        *("us-no-support-taiwan-independence", "us-alliances-not-against-china"),
    )

    def renewed(self, api: Api, meeting: str) -> dict[str, list[str]]:
        return {
            each["commitment"]["slug"]: each["sources"]
            for each in accounts(api, meeting)["commitments"]
            if each["event"] == "reaffirmed"
        }

    def test_with_wang_by_eirs_account(self, api: Api) -> None:
        assert self.renewed(api, WANG) == {slug: ["eir"] for slug in self.BY_EIR}
        taiwan = topic(accounts(api, WANG), "one-china")
        assert (taiwan["agreement"], stances(taiwan)) == (
            "single",
            {"eir": "affirmed", "us-wang": "silent"},
        )

    def test_with_xi_by_cctvs(self, api: Api) -> None:
        by_cctv = {*self.BY_EIR[1:], "us-no-change-of-chinas-system", "us-no-conflict-with-china"}
        assert self.renewed(api, XI) == {slug: ["cctv-xi"] for slug in by_cctv}
        assert [
            each["commitment"]["slug"] for each in accounts(api, XI, sources="eir")["commitments"]
        ] == ["high-level-exchanges"]


class TestOneUtteranceInTwoRenderings:
    def test_both_english_renderings_of_xis_sentence_are_one(self, api: Api) -> None:
        answer = accounts(api, XI)
        assert renderings(answer, "Xi's hope") == {
            (
                "I hope that Secretary Blinken, through this visit, could make positive "
                "contributions to stabilizing China-U.S. relations."
            ): ("translated", ["eir", "xinhua-xi", "prc-xi"]),
            (
                "I hope that through this visit, Mr. Secretary, you will make more positive "
                "contributions to stabilizing China-U.S. relations."
            ): ("interpreted", ["us-xi-remarks"]),
        }
        assert renderings(answer, "Xi to Blinken on the understandings") == {
            "made its position clear": ("translated", ["xinhua-xi"]),
            "made our decision clear": ("interpreted", ["us-xi-remarks"]),
        }
        assert len(answer["utterances"]) == 2

    def test_one_side_alone_has_its_own(self, api: Api) -> None:
        answer = accounts(api, XI, perspective="US")
        assert [
            (rendering["wording"], rendering["sources"])
            for each in answer["utterances"]
            for rendering in each["renderings"]
        ] == [("interpreted", ["us-xi-remarks"])] * 2

    def test_what_both_sides_say_is_no_single_speakers(self, api: Api) -> None:
        exchanges = topic(accounts(api, XI), "high-level-exchanges")
        (together,) = [each for each in exchanges["statements"] if each["joint_with"]]
        assert [each["party"] for each in (together["speaker"], *together["joint_with"])] == [
            *("CN", "US")
        ]


class TestTheVisitAsAWhole:
    def test_two_spans(self, api: Api) -> None:
        visit = api.read(f"/v1/visits/{VISIT}/accounts")
        assert (visit["visit"]["slug"], visit["date"]["edtf"]) == (VISIT, "2023-06-18/2023-06-19")
        assert [each["field"] for each in visit["fields"]] == ["date"]
        both = "2023-06-18/2023-06-19"
        assert field(visit, "date") == (
            "conflict",
            {"eir": both, "us-visit": both, "hist": "2023-06-17/2023-06-19"},
        )

    def test_what_was_said_at_its_meetings_belongs_to_it(self, api: Api) -> None:
        visit = api.read(f"/v1/visits/{VISIT}/accounts")
        assert [each["slug"] for each in visit["sources"] if each["cited"]] == [
            *("eir", "us-visit", "hist")
        ]
        flights = topic(visit, "flights")
        assert stances(flights) == {"us-visit": "said", "prc-qin": "said"}
        assert len(visit["utterances"]) == 5
        said = api.ids("/v1/statements", visit=VISIT)
        assert {each["id"] for one in visit["topics"] for each in one["statements"]} == set(said)

    def test_it_is_narrowed_like_a_meeting(self, api: Api) -> None:
        visit = api.read(f"/v1/visits/{VISIT}/accounts", perspective="US")
        assert field(visit, "date")[0] == "conflict"
        assert [(each["attested_by"], each["not_attested_by"]) for each in visit["meetings"]] == [
            (["us-visit", "hist"], []),
            (["us-visit"], ["hist"]),
            (["us-visit", "hist"], []),
        ]
        alone = api.read(f"/v1/visits/{VISIT}/accounts", sources="hist")
        assert field(alone, "date") == ("single", {"hist": "2023-06-17/2023-06-19"})
        assert (alone["topics"], alone["utterances"]) == ([], [])
