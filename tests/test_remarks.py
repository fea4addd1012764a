"""Remarks on trips and descriptions of visits: who was met, and who was not."""

from typing import Any

import pytest

from tests.support.remarks import abroad, at_home, names, table

SENTENCES = table("remark_sentences.yaml")


@pytest.mark.parametrize("case", SENTENCES["abroad"], ids=lambda case: str(case["text"])[:60])
def test_those_met_on_a_trip_are_named_and_nobody_else(case: dict[str, Any]) -> None:
    assert names(abroad(case["text"])) == case["met"]


@pytest.mark.parametrize("case", SENTENCES["at_home"], ids=lambda case: str(case["text"])[:60])
def test_the_hosts_of_a_visit_are_named_and_nobody_else(case: dict[str, Any]) -> None:
    assert names(at_home(case["text"])) == case["met"]


@pytest.mark.parametrize(
    ("text", "title", "honorific", "name", "party"),
    [
        ("Met with Soviet Premier Kosygin.", "Premier", None, "Kosygin", "Soviet"),
        ("Met with King Leka of Albania.", "King", None, "Leka", "Albania"),
        (
            "Met with Jordan’s Foreign Minister Safadi.",
            "Foreign Minister",
            None,
            "Safadi",
            "Jordan",
        ),
        ("Met with Foreign Minister Cook (UK).", "Foreign Minister", None, "Cook", "UK"),
        ("Met with Foreign Minister Prince Saud.", "Foreign Minister", "Prince", "Saud", None),
        ("Met with President Dr. Irfaan Ali.", "President", "Dr.", "Irfaan Ali", None),
        ("Met with His Holiness Pope John XXIII.", "Pope", "His Holiness", "John XXIII", None),
        ("Met with Mr. Begin.", None, "Mr.", "Begin", None),
        ("Met with the Duke of Gloucester.", None, None, "Duke of Gloucester", None),
        (
            "Met with Crown Prince-Prime Minister Salman bin Hamad.",
            "Crown Prince-Prime Minister",
            None,
            "Salman bin Hamad",
            None,
        ),
        (
            "Met with Minister for Foreign Affairs and Trade Bob Day.",
            "Minister for Foreign Affairs and Trade",
            None,
            "Bob Day",
            None,
        ),
        (
            "Met with the Danish Deputy Prime Minister and Minister of Finance Ann Bo.",
            "Deputy Prime Minister and Minister of Finance",
            None,
            "Ann Bo",
            "Danish",
        ),
    ],
)
def test_office_honorific_name_and_party_are_told_apart(
    text: str, title: str | None, honorific: str | None, name: str, party: str | None
) -> None:
    (person,) = abroad(text).counterparts
    assert (person.title, person.honorific, person.name, person.party) == (
        title,
        honorific,
        name,
        party,
    )


def test_an_office_alone_is_a_counterpart_without_a_name() -> None:
    (person,) = abroad("Met with the Prime Minister in Oslo.").counterparts
    assert (person.title, person.name, person.group) == ("Prime Minister", None, False)


def test_officials_whom_nobody_names_are_a_group() -> None:
    (group,) = abroad("Met with senior Danish officials.").counterparts
    assert (group.title, group.party, group.group) == ("senior Danish officials", "Danish", True)


def test_each_party_of_an_office_in_the_plural_is_a_counterpart_of_its_own() -> None:
    met = abroad("Met with the Prime Ministers of Norway, Iceland, and Sweden.").counterparts
    assert [person.party for person in met] == ["Norway", "Iceland", "Sweden"]
    assert all(person.name is None for person in met)


def test_whoever_is_accompanied_is_company() -> None:
    remark = abroad("Accoompanied President Truman; met with King Haakon.")
    assert names(remark) == ["Haakon"]
    assert [person.name for person in remark.companions] == ["Truman"]


def test_the_own_president_is_company_even_where_the_verb_says_met() -> None:
    remark = abroad("Met with President Truman and General Smuts.")
    assert names(remark) == ["Smuts"]
    assert [person.name for person in remark.companions] == ["Truman"]


def test_the_dead_and_the_absent_are_nobody_s_counterparts() -> None:
    for text in (
        "Attended the funeral of Prime Minister Alder.",
        "Attended memorial services for former President Birch.",
        "Offered condolences on the death of President Cedar.",
        "Paid respects to the family of King Dogwood.",
        "Delivered a message from Queen Elm.",
        "Prepared for President Fir’s visit.",
        "Unveiled a statue of President Hazel.",
    ):
        assert names(abroad(text)) == [], text


def test_one_who_is_named_again_by_the_surname_is_one_person() -> None:
    remark = abroad(
        "Met with Foreign Minister Yara Alder. Attended a summit with Alder and King B."
    )
    assert names(remark)[0] == "Yara Alder"
    assert "Alder" not in names(remark)


def test_every_finding_says_by_which_rule_and_how_surely() -> None:
    sure, less = abroad(
        "Met with King Alder. Attended inauguration of President Birch."
    ).counterparts
    assert (sure.occasion, sure.rule) == ("Met with", "meeting-with")
    assert (less.occasion, less.rule) == ("inauguration of", "ceremony-of")
    assert 0 < less.confidence < sure.confidence <= 1


def test_misprints_are_kept_as_they_stand() -> None:
    (person,) = abroad("Met with Prime MinisterAlder.").counterparts
    assert (person.title, person.name) == ("Prime Minister", "Alder")
    (again,) = abroad("Met with met\u00a0with King\n Baudonin.").counterparts
    assert again.name == "Baudonin"
