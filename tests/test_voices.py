"""Who speaks and who is spoken to: alone, jointly, as a party, or as nobody in particular."""

from typing import Any

import pytest

from tests.support.api import Api

JOINT = "01a30000-0000-7000-8000-000000000807"
MINISTRY = "01a30000-0000-7000-8000-000000000808"
BOTH_PARTIES = {
    "01a20aea-e18f-72e0-ac40-74a44e819bc5",
    "01a20aec-5681-7414-b7e7-240797f3f0ee",
}
"""What eir has both sides say after the talks."""


def test_both_parties_speak_together_where_eir_says_so(api: Api) -> None:
    found = {each["id"]: each for each in api.items("/v1/statements", speaker="CN", source="eir")}
    assert set(found) >= BOTH_PARTIES
    for record_id in BOTH_PARTIES:
        speaker, (other,) = found[record_id]["speaker"], found[record_id]["joint_with"]
        assert (speaker["party"], speaker["name_as_given"]) == ("CN", "both parties")
        assert (other["party"], other["official"], other["name_as_given"]) == ("US", None, None)


@pytest.mark.parametrize("party", ["CN", "US"])
def test_what_both_say_each_says(api: Api, party: str) -> None:
    for name in ("speaker", "party"):
        query: dict[str, Any] = {name: party, "visit": "blinken-beijing-2023-06"}
        assert set(api.ids("/v1/statements", **query)) >= BOTH_PARTIES


def test_a_joint_statement_is_found_once_by_each_of_its_voices(crowd: Api) -> None:
    for speaker in ("ana-nunez", "zofie-oberg", "CN"):
        assert crowd.ids("/v1/statements", speaker=speaker).count(JOINT) == 1
    for party in ("SU", "RU", "CN"):
        assert crowd.ids("/v1/statements", party=party).count(JOINT) == 1
    assert crowd.ids("/v1/statements", party="SU,RU,CN").count(JOINT) == 1


def test_an_official_who_speaks_for_a_party_is_not_the_party(crowd: Api) -> None:
    for party in ("SU", "RU"):
        assert JOINT not in crowd.ids("/v1/statements", speaker=party)


def test_a_party_is_a_voice_by_its_id_as_well(crowd: Api) -> None:
    china = crowd.one("parties", "CN")["id"]
    by_code = crowd.ids("/v1/statements", speaker="CN")
    assert {JOINT, MINISTRY, *BOTH_PARTIES} <= set(by_code)
    assert crowd.ids("/v1/statements", speaker=china) == by_code


def test_a_party_may_be_spoken_to(crowd: Api) -> None:
    states = crowd.one("parties", "US")["id"]
    for addressee in ("US", states):
        found = crowd.items("/v1/statements", addressee=addressee)
        assert JOINT in [each["id"] for each in found]
        for each in found:
            assert any(to["party"] == "US" and not to["official"] for to in each["addressees"])


def test_what_an_official_said_has_what_was_said_jointly(crowd: Api) -> None:
    for slug in ("ana-nunez", "zofie-oberg"):
        found = crowd.ids(f"/v1/officials/{slug}/statements")
        assert JOINT in found
        assert found == crowd.ids("/v1/statements", speaker=slug)
        one = crowd.read(f"/v1/officials/{slug}/statements", limit=1, count="exact")
        assert one["total"] == len(found)


def test_a_joint_statement_shows_all_its_voices_in_order(crowd: Api) -> None:
    document = crowd.read(f"/v1/statements/{JOINT}", include="officials")
    others = document["joint_with"]
    assert [each["party"] for each in others] == ["RU", "CN", None]
    assert [each["official"] and each["official"]["slug"] for each in others] == [
        "zofie-oberg",
        None,
        None,
    ]
    assert (others[2]["name_as_given"], others[2]["title_as_given"]) == ("the others", "guests")
    slugs = {each["slug"] for each in document["officials"]}
    assert slugs == {"ana-nunez", "zofie-oberg"}


def test_a_joint_statement_is_found_by_the_words_for_any_of_its_voices(crowd: Api) -> None:
    for words in ("Núñez", "Öberg", "the others", "guests"):
        assert JOINT in crowd.ids("/v1/statements", q=words)
