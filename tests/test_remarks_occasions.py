"""Remarks: conferences, days, places, and the kind of a visit."""

from datetime import date as Day

import pytest

from app.vocabulary import VisitKind
from tests.support.remarks import abroad, at_home, attended


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Attended NATO Ministerial Meeting.", ["NATO Ministerial Meeting"]),
        ("Attended the Council of Foreign Ministers.", ["Council of Foreign Ministers"]),
        ("Attended London Naval Conference.", ["London Naval Conference"]),
        ("Attended the 9th Conference on Tin.", ["9th Conference on Tin"]),
        (
            "Attended SEATO, ANZUS, and Five-Nation Meetings.",
            ["SEATO, ANZUS, and Five-Nation Meetings"],
        ),
        (
            "Attended the ASEAN Regional Forum and the East Asia Summit.",
            ["ASEAN Regional Forum", "East Asia Summit"],
        ),
        (
            "Attended the First Coastal (Anchor) Conference with Premier Alder.",
            ["First Coastal (Anchor) Conference"],
        ),
        (
            "Attended Conference on Security and Cooperation in Europe (CSCE) Summit.",
            ["Conference on Security and Cooperation in Europe (CSCE) Summit"],
        ),
        (
            "Attended opening session of the Tin Conference; met with King Alder.",
            ["opening session of the Tin Conference"],
        ),
        ("Attended conference with King Alder.", []),
        ("Stopped en route to the Moscow Conference.", []),
        ("Discussed preparations for the Vienna Summit.", []),
        ("Addressed a joint session of Congress.", []),
        ("Addressed the National Assembly.", []),
        ("Held bilateral meetings with Foreign Minister Alder.", []),
    ],
)
def test_conferences_are_named_as_the_text_names_them(text: str, expected: list[str]) -> None:
    assert attended(abroad(text)) == expected


def test_a_conference_on_the_way_is_only_mentioned() -> None:
    (one,) = abroad("Stopped en route to the Moscow Conference.").conferences
    assert (one.name, one.attendance) == ("Moscow Conference", "mentioned")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("State visit. Addressed Congress.", VisitKind.STATE),
        ("Official visit; private visit to Boston.", VisitKind.OFFICIAL),
        ("Offical Visit.", VisitKind.OFFICIAL),
        ("Official Working Visit.", VisitKind.OFFICIAL_WORKING),
        ("Informal working visit.", VisitKind.WORKING),
        ("Unofficial visit.", VisitKind.PRIVATE),
        (
            "Private visit while attending a session of the U.N. General Assembly.",
            VisitKind.PRIVATE,
        ),
        ("Good will visit.", VisitKind.GOODWILL),
        ("Attended the funeral of President Alder.", VisitKind.CEREMONIAL),
        ("Attended the U.S.-Atlantis Leaders' Summit.", VisitKind.CONFERENCE),
        ("Led Atlantean delegation to the UN General Assembly.", VisitKind.CONFERENCE),
        ("In transit to Canada.", VisitKind.TRANSIT),
    ],
)
def test_the_kind_of_a_visit_is_the_one_that_the_text_names(text: str, kind: VisitKind) -> None:
    found = at_home(text).kind
    assert found is not None
    assert found.kind is kind
    assert found.words in text


def test_an_informal_visit_has_words_and_no_kind_of_ours() -> None:
    found = at_home("Informal visit.").kind
    assert found is not None
    assert (found.kind, found.words) == (None, "Informal visit")
    assert at_home("Met with President Alder.").kind is None


def test_days_take_their_year_from_the_record_unless_they_have_one() -> None:
    remark = abroad("Left U.S. December 30; returned January 9, 1939.", start=Day(1939, 1, 2))
    assert [(day.edtf, day.context) for day in remark.days] == [
        ("1938-12-30", "left"),
        ("1939-01-09", "returned"),
    ]


def test_spans_of_days_are_intervals_over_months_too() -> None:
    remark = at_home("In U.S. April 28–May 3.", start=Day(1961, 5, 1))
    assert [(day.edtf, day.context) for day in remark.days] == [("1961-04-28/1961-05-03", "in")]


def test_enumerated_days_are_each_stated() -> None:
    remark = abroad("Was in Damascus May 3-4, 12, and 14.", start=Day(1974, 5, 3))
    assert [day.edtf for day in remark.days] == [
        "1974-05-03/1974-05-04",
        "1974-05-12",
        "1974-05-14",
    ]


def test_what_is_no_day_of_the_calendar_is_left_out() -> None:
    assert abroad("Met with King Alder February 31.").days == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Met with President Alder April 25.", "1950-04-25"),
        ("Met with President Alder in Boston on April 2–4.", "1950-04-02/1950-04-04"),
        ("Met with President Alder. Departed U.S. April 25.", None),
        ("Met with President Alder and departed April 25.", None),
        ("Met with President Alder on May 3, 5 and 7.", None),
    ],
)
def test_a_meeting_has_a_day_only_where_the_text_states_it(text: str, day: str | None) -> None:
    (person,) = at_home(text).counterparts
    assert person.day == day


def test_a_day_before_a_name_is_that_name_s_alone() -> None:
    remark = abroad("Met with King Alder and, on March 4, with President Birch.")
    assert [person.day for person in remark.counterparts] == [None, "1950-03-04"]


def test_places_keep_the_state_that_is_named_with_them() -> None:
    remark = at_home(
        "In U.S. May 2–9. Met with President Alder at Hyde Park (New York). Visited Boston, "
        "El Paso, and Lee (Massachusetts). Attended the Tin Summit at Point Loma, CA."
    )
    assert [(place.name, place.region, place.presence.value) for place in remark.places] == [
        ("Hyde Park", "New York", "held_at"),
        ("Boston", None, "visited"),
        ("El Paso", None, "visited"),
        ("Lee", "Massachusetts", "visited"),
        ("Point Loma", "CA", "held_at"),
    ]
