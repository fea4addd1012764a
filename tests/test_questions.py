"""The questions that the record has to answer, and what it must show to be believed.

The answers are written out from the research notes, not from the seed's files.
"""

from typing import Any

from tests.support.api import Api

VISIT = "blinken-beijing-2023-06"
QIN = "blinken-qin-beijing-2023-06-18"
WANG = "blinken-wang-beijing-2023-06-19"
XI = "blinken-xi-beijing-2023-06-19"
BALI = "biden-xi-bali-2022-11-14"
CALL = "qin-blinken-call-2023-06"

Json = Any


def cited(document: Json) -> set[str]:
    return {each["source"]["slug"] for each in document["citations"]}


def conflict(document: Json, field: str, official: str | None = None) -> dict[Any, set[str]]:
    """The rival values of a field, each with the sources that give it."""
    found = [
        each
        for each in document["conflicts"]
        if each["field"] == field
        and (each["participant"] and each["participant"]["slug"]) == official
    ]
    assert len(found) == 1, document["conflicts"]
    return {each["value"]: set(each["sources"]) for each in found[0]["values"]}


class TestWhichMeetingsDidBlinkenHoldInBeijing:
    """Question 1: in order, and which source attests each?"""

    def test_qin_then_wang_then_xi(self, api: Api) -> None:
        query = {"visit": VISIT, "participant": "antony-blinken", "city": "beijing"}
        assert api.names("/v1/meetings", **query, sort="sequence") == [QIN, WANG, XI]
        assert api.names("/v1/meetings", **query) == [QIN, WANG, XI]

    def test_each_with_the_sources_that_attest_it(self, api: Api) -> None:
        attested = {each["slug"]: cited(each) for each in api.items("/v1/meetings", visit=VISIT)}
        assert attested == {
            QIN: {
                *("eir", "eir-brief", "us-qin", "us-visit", "prc-qin", "prc-qin-en", "gt"),
                *("wapo", "pledge", "hist"),
            },
            # Xinhua's report of the next meeting styles Wang, and so speaks of this one.
            WANG: {"eir", "eir-brief", "us-wang", "us-visit", "prc-wang", "gt", "xinhua-xi"},
            XI: {
                *("eir", "eir-brief", "prc-xi", "xinhua-xi", "us-xi-remarks", "us-visit"),
                *("cctv-xi", "politico", "hist"),
            },
        }

    def test_the_historian_names_qin_and_xi_and_not_wang(self, api: Api) -> None:
        assert api.names("/v1/meetings", visit=VISIT, source="hist") == [QIN, XI]

    def test_everyone_has_the_title_as_given_and_the_office_held_that_day(self, api: Api) -> None:
        people = {
            (each["slug"], person["official"]["slug"]): (
                person["title_as_given"],
                person["position"]["title"],
                [held["title"] for held in person["position"]["concurrent"]],
            )
            for each in api.items("/v1/meetings", visit=VISIT)
            for person in each["participants"]
        }
        blinken: tuple[str, str, list[str]] = ("U.S. Secretary of State", "Secretary of State", [])
        assert people == {
            (QIN, "qin-gang"): ("Foreign Minister", "Foreign Minister", ["State Councilor"]),
            (QIN, "antony-blinken"): blinken,
            (WANG, "wang-yi"): (
                "State Councilor",
                "Director of the Office of the Central Foreign Affairs Commission",
                ["Member of the Politburo"],
            ),
            (WANG, "antony-blinken"): blinken,
            (XI, "xi-jinping"): (
                "Chinese President",
                "President",
                ["General Secretary of the Communist Party of China"],
            ),
            (XI, "antony-blinken"): blinken,
        }


class TestWhatTheSourcesDoNotAgreeOn:
    def test_four_durations_of_the_talks_with_qin(self, api: Api) -> None:
        talks = api.read(f"/v1/meetings/{QIN}")
        assert conflict(talks, "duration_minutes") == {
            420: {"eir"},
            360: {"gt"},
            450: {"wapo"},
            330: {"pledge"},
        }
        bounds = {
            claim["source"]["slug"]: claim["qualifier"]
            for claim in talks["claims"]
            if claim["field"] == "duration_minutes"
        }
        assert bounds == {"eir": "exact", "gt": "under", "wapo": "over", "pledge": "exact"}

    def test_both_characterisations_of_the_talks_with_qin(self, api: Api) -> None:
        assert conflict(api.read(f"/v1/meetings/{QIN}"), "characterisation") == {
            "candid, in-depth and constructive": {"eir", "eir-brief", "prc-qin"},
            "candid, substantive, and constructive": {"us-qin"},
        }

    def test_two_durations_of_the_meeting_with_xi_and_two_of_bali(self, api: Api) -> None:
        xi, bali = api.read(f"/v1/meetings/{XI}"), api.read(f"/v1/meetings/{BALI}")
        assert conflict(xi, "duration_minutes") == {30: {"eir"}, 35: {"politico"}}
        assert conflict(bali, "duration_minutes") == {180: {"gna-bali"}, 210: {"ndtv-bali"}}
        assert (xi["duration_minutes"], xi["duration_qualifier"]) == (30, "about")
        assert (bali["duration_minutes"], bali["duration_qualifier"]) == (180, "about")

    def test_two_spans_of_the_visit(self, api: Api) -> None:
        assert conflict(api.read(f"/v1/visits/{VISIT}"), "date") == {
            "2023-06-18/2023-06-19": {"eir", "us-visit"},
            "2023-06-17/2023-06-19": {"hist"},
        }

    def test_only_what_is_in_dispute_is_found_so(self, api: Api) -> None:
        assert set(api.names("/v1/meetings", has_conflicts="true")) == {BALI, QIN, WANG, XI}
        assert api.names("/v1/meetings", has_conflicts="false") == [CALL]

    def test_silence_on_the_balloon_is_a_finding_and_no_conflict(self, api: Api) -> None:
        assert api.names("/v1/meetings", topic="balloon-incident") == [QIN]
        talks = api.read(f"/v1/meetings/{QIN}")
        assert [
            (each["source"]["slug"], each["attestation"])
            for each in talks["claims"]
            if (each["field"], each["value"]) == ("topics", "balloon-incident")
        ] == [("eir", "silent")]
        assert "topics" not in {each["field"] for each in talks["conflicts"]}
        # What the record itself shows says so as well, for whoever reads no claims.
        assert "whether the balloon came up" in talks["summary"]
        assert api.names("/v1/statements", topic="balloon-incident") == []


class TestWhichPromisesOfBaliWereRepeated:
    """Question 3: made in Bali in 2022 and reaffirmed in June 2023: by whom, in whose account?"""

    QUERY = {  # noqa: RUF012
        "made_in": BALI,
        "event": "reaffirmed",
        "event_from": "2023-06",
        "event_to": "2023-06",
    }

    def test_by_whom_where_and_in_whose_account(self, api: Api) -> None:
        found = {
            each["slug"]: {
                (
                    event["actor"] and event["actor"]["official"]["slug"],
                    event["meeting"] and event["meeting"]["slug"],
                    frozenset(cited(event)),
                )
                for event in each["events"]
                if event["event"] == "reaffirmed"
            }
            for each in api.items("/v1/commitments", **self.QUERY)
        }
        blinken = "antony-blinken"
        eir = (blinken, WANG, frozenset({"eir"}))
        cctv = (blinken, XI, frozenset({"cctv-xi"}))
        press = (blinken, None, frozenset({"us-presser"}))
        assert found == {
            "us-one-china-policy": {eir, press},
            "us-no-new-cold-war": {eir, cctv},
            "us-no-support-taiwan-independence": {eir, cctv, press},
            "us-alliances-not-against-china": {eir, cctv},
            "us-no-change-of-chinas-system": {cctv},
            "us-no-conflict-with-china": {cctv},
            "guiding-principles-and-working-groups": {(None, None, frozenset({"us-visit"}))},
        }

    def test_each_account_by_itself(self, api: Api) -> None:
        in_retrospect = {
            each["slug"]
            for each in api.items("/v1/commitments", **self.QUERY)
            for event in each["events"]
            if event["event"] == "made" and event["in_retrospect"]
        }
        assert in_retrospect == {
            *("us-no-new-cold-war", "us-alliances-not-against-china"),
            *("us-no-change-of-chinas-system", "us-no-conflict-with-china"),
        }


class TestWhatThePrcAttributesToTheUnitedStates:
    """Question 4: and what US sources say of it."""

    def test_six_of_its_assurances_and_two_of_them_in_american_sources(self, api: Api) -> None:
        attributed = api.items("/v1/commitments", by="US", to="CN", perspective="CN")
        own = [each for each in attributed if [actor["party"] for actor in each["by"]] == ["US"]]
        said_by_us = {
            each["slug"]: {
                citation["source"]["slug"]
                for part in (each, *each["events"])
                for citation in part["citations"]
                if citation["source"]["perspective"] == "US"
            }
            for each in own
        }
        assert said_by_us == {
            # The PRC words it as a principle, which is how it comes to be attributed.
            "us-one-china-policy": {"wh-bali", "us-presser"},
            "us-no-new-cold-war": set(),
            "us-no-support-taiwan-independence": {"us-presser"},
            "us-alliances-not-against-china": set(),
            "us-no-change-of-chinas-system": set(),
            "us-no-conflict-with-china": set(),
        }

    def test_each_side_keeps_its_words(self, api: Api) -> None:
        policy = api.read("/v1/commitments/us-one-china-policy")
        words = {each["party"]: each["text"] for each in policy["wordings"]}
        assert ("policy" in words["US"], "principle" in words["CN"]) == (True, True)

    def test_there_is_no_verdict_but_an_assessors(self, api: Api) -> None:
        assessed = api.items("/v1/commitments", assessor="executive intelligence review")
        assert {(a["assessor"], a["score"]) for each in assessed for a in each["assessments"]} == {
            ("Executive Intelligence Review", "the opposite message")
        }
        assert len(assessed) == 4


class TestWhatWasWangYi:
    """Question 6: his position on 2023-06-19 and on 2024-04-26, and how each source styled him."""

    def held(self, api: Api, day: str) -> set[str]:
        return {each["title"] for each in api.items("/v1/officials/wang-yi/positions", as_of=day)}

    def test_on_the_day_of_the_meeting_he_directed_the_partys_office(self, api: Api) -> None:
        assert self.held(api, "2023-06-19") == {
            "Director of the Office of the Central Foreign Affairs Commission",
            "Member of the Politburo",
        }

    def test_in_april_of_the_next_year_he_was_foreign_minister_as_well(self, api: Api) -> None:
        assert self.held(api, "2024-04-26") == {
            "Foreign Minister",
            "Director of the Office of the Central Foreign Affairs Commission",
            "Member of the Politburo",
        }
        query = {"as_of": "2024-04-26", "level": "foreign_minister"}
        (minister,) = api.items("/v1/positions", official="wang-yi", **query)
        # Nobody says that he left, and nobody that he did not.
        assert (minister["start"]["edtf"], minister["end"]) == ("2023-07-25", None)
        assert (minister["end_status"], minister["attested_until"]) == ("unknown", "2023-10-23")
        directs = "director of the office of the central foreign affairs commission"
        (director,) = api.items("/v1/positions", official="wang-yi", title=directs)
        # The announcement of his journey to Washington styles him so as well.
        assert director["attested_until"] == "2023-10-23"
        assert "us-wang-visit" in cited(director)

    def test_three_stylings_each_by_its_sources(self, api: Api) -> None:
        assert conflict(api.read(f"/v1/meetings/{WANG}"), "title_as_given", "wang-yi") == {
            "State Councilor": {"eir"},
            "Director of the CCP Central Foreign Affairs Office": {"us-wang", "us-visit"},
            (
                "director of the Office of the Foreign Affairs Commission "
                "of the CPC Central Committee"
            ): {"xinhua-xi"},
        }

    def test_the_title_that_eir_gives_him_he_had_laid_down_three_months_before(
        self, api: Api
    ) -> None:
        (councilor,) = api.items("/v1/positions", official="wang-yi", title="state councilor")
        assert (councilor["end"]["edtf"], councilor["end_status"]) == ("2023-03", "ended")


class TestWhatDidXiSayToBlinkenAboutTheBaliUnderstandings:
    """Question 7: verbatim, with every rendering."""

    QUERY = {  # noqa: RUF012
        "speaker": "xi-jinping",
        "addressee": "antony-blinken",
        "topic": "bali-understandings",
    }
    RENDERINGS = {  # noqa: RUF012
        "made its position clear": ("translated", {"xinhua-xi"}),
        "made our decision clear": ("interpreted", {"us-xi-remarks"}),
    }

    def test_two_renderings_of_one_utterance_and_the_sense_of_the_rest(self, api: Api) -> None:
        said = {
            each["text"]: (each["wording"], cited(each))
            for each in api.items("/v1/statements", **self.QUERY)
        }
        paraphrase = {text: of for text, of in said.items() if of[0] == "paraphrase"}
        assert said == self.RENDERINGS | paraphrase
        assert list(paraphrase.values()) == [("paraphrase", {"xinhua-xi", "us-xi-remarks"})]

    def test_the_words_alone_are_one_utterance(self, api: Api) -> None:
        words = api.items("/v1/statements", **self.QUERY, wording="verbatim,interpreted,translated")
        assert {each["text"] for each in words} == set(self.RENDERINGS)
        assert len({each["utterance"]["id"] for each in words}) == 1

    def test_each_rendering_leads_to_the_others(self, api: Api) -> None:
        first, *_ = api.items(
            "/v1/statements", **self.QUERY, wording="interpreted", include="renderings,sources"
        )
        assert [each["text"] for each in first["renderings"]] == ["made its position clear"]
        assert [each["slug"] for each in first["sources"]] == ["us-xi-remarks"]
        together = api.items("/v1/statements", utterance=first["utterance"]["id"])
        assert {each["text"] for each in together} == set(self.RENDERINGS)

    def test_so_does_xis_hope_for_the_visit(self, api: Api) -> None:
        query = {"speaker": "xi-jinping", "addressee": "antony-blinken", "speech_act": "request"}
        found = {
            each["wording"]: (each["utterance"]["id"], each["text"], cited(each))
            for each in api.items("/v1/statements", **query, q="stabilizing")
        }
        assert found.keys() == {"translated", "interpreted"}
        assert found["translated"][0] == found["interpreted"][0]
        assert found["translated"][1:] == (
            (
                "I hope that Secretary Blinken, through this visit, could make positive "
                "contributions to stabilizing China-U.S. relations."
            ),
            {"eir", "xinhua-xi", "prc-xi"},
        )
        assert found["interpreted"][1:] == (
            (
                "I hope that through this visit, Mr. Secretary, you will make more positive "
                "contributions to stabilizing China-U.S. relations."
            ),
            {"us-xi-remarks"},
        )


class TestWhenWasTheTelephoneCall:
    """Question 8: either local date finds it, once."""

    def test_either_local_date_finds_it_once(self, api: Api) -> None:
        for day in ("2023-06-13", "2023-06-14"):
            query = {"date_from": day, "date_to": day}
            assert api.names("/v1/meetings", **query, count="exact") == [CALL]
        assert api.names("/v1/meetings", format="phone_call", date_from="2023-06-13") == [CALL]
        for day in ("2023-06-12", "2023-06-15"):
            assert api.names("/v1/meetings", date_from=day, date_to=day) == []

    def test_it_says_which_date_was_where(self, api: Api) -> None:
        call = api.read(f"/v1/meetings/{CALL}")
        assert call["local_dates"] == [
            {"date": "2023-06-13", "time_zone": "America/New_York"},
            {"date": "2023-06-14", "time_zone": "Asia/Shanghai"},
        ]
        assert call["date"]["edtf"] == "2023-06-13/2023-06-14"
        assert cited(call) == {"ap-call", "reuters-call"}


class TestTheWholeMeetingPageInOneRequest:
    """Question 10: with names in Chinese where there are any, and found under any of them."""

    def test_one_request_draws_the_page(self, api: Api) -> None:
        answer = api.get(f"/v1/meetings/{XI}", include="statements,commitments,sources", lang="zh")
        page = answer.json()
        assert answer.headers["content-language"] == "zh"
        assert {each["official"]["name"] for each in page["participants"]} == {"习近平", "布林肯"}
        assert {each["slug"] for each in page["sources"]} == cited(page)
        assert {each["slug"] for each in page["commitments"]} == {
            *("us-no-new-cold-war", "us-no-support-taiwan-independence"),
            *("us-alliances-not-against-china", "us-no-change-of-chinas-system"),
            *("us-no-conflict-with-china", "high-level-exchanges"),
        }
        assert len(page["statements"]) == 18
        assert {each["meeting"]["slug"] for each in page["statements"]} == {XI}
        speakers = {
            each["speaker"]["official"] and each["speaker"]["official"]["name"]
            for each in page["statements"]
        }
        assert speakers == {"习近平", "布林肯", None}
        greetings = [each for each in page["statements"] if each["on_behalf_of"]]
        assert [each["on_behalf_of"]["official"]["name"] for each in greetings] == ["拜登"]
        # What the source wrote stays as it wrote it.
        assert page["participants"][0]["name_as_given"] == "Xi Jinping"
        assert page["place"]["name"] == "Great Hall of the People"

    def test_every_way_of_writing_his_name_finds_xi(self, api: Api) -> None:
        for q in (
            *("习近平", "習近平", "Xi Jinping", "xi jinping", "XI JINPING", "Jinping Xi"),
            *(
                "Ｘｉ　Ｊｉｎｐｉｎｇ",
                "ｘｉ ｊｉｎｐｉｎｇ",
                "Xí Jìnpíng",
                "xi\u0301 jinping",
                "近平",
            ),
        ):
            assert api.names("/v1/officials", q=q) == ["xi-jinping"], q
        assert api.names("/v1/officials", q="王毅") == ["wang-yi"]
        assert api.names("/v1/officials", q="秦剛") == ["qin-gang"]
        assert api.names("/v1/officials", q="平近习") == []

    def test_every_way_of_writing_his_name_finds_his_meetings(self, api: Api) -> None:
        for q in ("习近平", "XI JINPING", "Ｘｉ Ｊｉｎｐｉｎｇ"):
            assert {BALI, XI} <= set(api.names("/v1/meetings", q=q)), q
            assert CALL not in api.names("/v1/meetings", q=q)


class TestHowItIsJudged:
    def test_eir_hears_the_opposite_message_and_rates_nothing(self, api: Api) -> None:
        of_eir = {"assessor": "executive intelligence review"}
        judged = {
            each["slug"]: [(each["verdict"], each["score"]) for each in each["assessments"]]
            for each in api.items("/v1/commitments", **of_eir)
        }
        assert set(map(tuple, judged.values())) == {(("not_yet_rated", "the opposite message"),)}
        assert judged.keys() == set(api.names("/v1/commitments", verdict="not_yet_rated"))
        assert judged.keys() == {
            *("us-one-china-policy", "us-no-new-cold-war"),
            *("us-no-support-taiwan-independence", "us-alliances-not-against-china"),
        }
        assert api.names("/v1/commitments", verdict="not_fulfilled,unverifiable") == []

    def test_only_qin_gang_was_chinas_foreign_minister_that_day(self, api: Api) -> None:
        found = api.items("/v1/positions", level="foreign_minister", party="CN", as_of="2023-06-18")
        assert [each["official"]["slug"] for each in found] == ["qin-gang"]

    def test_the_commitments_of_bali_come_with_what_happened_last(self, api: Api) -> None:
        found = {
            each["slug"]: (
                each["latest_event"]["event"],
                each["latest_event"]["date"]["edtf"],
                each["reaffirmed_count"],
            )
            for each in api.items("/v1/commitments", made_in=BALI)
        }
        that_day = ("reaffirmed", "2023-06-19")
        assert found == {
            "us-one-china-policy": (*that_day, 2),
            "us-no-new-cold-war": (*that_day, 2),
            "us-no-support-taiwan-independence": (*that_day, 3),
            "us-alliances-not-against-china": (*that_day, 2),
            "us-no-change-of-chinas-system": (*that_day, 1),
            "us-no-conflict-with-china": (*that_day, 1),
            "guiding-principles-and-working-groups": ("reaffirmed", "2023-06-18/2023-06-19", 1),
        }

    def test_cctv_and_eir_place_the_reaffirmation_differently(self, api: Api) -> None:
        def reaffirmed(meeting: str, source: str) -> set[str]:
            return set(
                api.names("/v1/commitments", event="reaffirmed", event_in=meeting, source=source)
            )

        by_eir = {
            *("us-one-china-policy", "us-no-new-cold-war"),
            *("us-no-support-taiwan-independence", "us-alliances-not-against-china"),
        }
        assert reaffirmed(WANG, "eir") == by_eir
        assert reaffirmed(XI, "cctv-xi") == by_eir - {"us-one-china-policy"} | {
            "us-no-change-of-chinas-system",
            "us-no-conflict-with-china",
        }
