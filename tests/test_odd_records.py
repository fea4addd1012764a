"""Records that are easily got wrong: a meeting that was called off, one of which only the month
is known, and words that nobody in particular spoke. All of them are invented."""

from collections.abc import Iterator

import pytest

from app.database.engines import make_engine
from tests.conftest import copy_of_seed, serving
from tests.support.api import ENGINES, Api, asking
from tests.support.loading import load_text

STORY = """\
parties:
  - { id: 01a60000-0000-7000-8000-000000000001, code: AA, kind: state, name: Aland }
  - { id: 01a60000-0000-7000-8000-000000000002, code: BB, kind: state, name: Beland }
topics:
  - { id: 01a60000-0000-7000-8000-000000000011, code: fishing, label: Fishing }
sources:
  - id: 01a60000-0000-7000-8000-000000000021
    slug: chronicle
    title: Chronicle
    kind: press
    publisher: Chronicle
    perspective: press
officials:
  - { id: 01a60000-0000-7000-8000-000000000031, slug: ada, name: Ada }
  - { id: 01a60000-0000-7000-8000-000000000032, slug: bo, name: Bo }
positions:
  - id: 01a60000-0000-7000-8000-000000000041
    official: ada
    title: Minister
    party: AA
    level: foreign_minister
    start: "1951-03-20"
    end: "1951-12-01"
    end_status: ended
meetings:
  - id: 01a60000-0000-7000-8000-000000000051
    slug: called-off
    title: Talks that were called off
    format: bilateral
    status: cancelled
    announced_beforehand: true
    date: "1951-03-25"
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
      - { official: bo, name_as_given: Bo, party: BB, role: principal }
    citations: [chronicle]
  - id: 01a60000-0000-7000-8000-000000000052
    slug: some-day-in-march
    title: Talks on some day in March
    format: bilateral
    status: held
    date: "1951-03"
    topics: [fishing]
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
      - { official: bo, name_as_given: Bo, party: BB, role: principal }
    citations: [chronicle]
  - id: 01a60000-0000-7000-8000-000000000053
    slug: day-in-march
    title: Talks on a day in March
    format: bilateral
    status: held
    date: "1951-03-02"
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
    citations: [chronicle]
statements:
  - id: 01a60000-0000-7000-8000-000000000061
    speaker: { name_as_given: those present }
    addressees: [{ party: BB }, { name_as_given: the fishermen }]
    text: There is fish enough for all.
    language: en
    wording: reported
    speech_act: state_position
    date: "1951-03"
    meeting: some-day-in-march
    topics: [fishing]
    citations: [chronicle]
  - id: 01a60000-0000-7000-8000-000000000062
    speaker: { party: AA, name_as_given: both delegations }
    joint_with: [{ party: BB }, { official: bo }]
    text: They will share it.
    language: en
    wording: reported
    date: "1951-03"
    meeting: some-day-in-march
    topics: [fishing]
    citations: [chronicle]
"""
MARCH = {
    "edtf": "1951-03",
    "earliest": "1951-03-01",
    "latest": "1951-03-31",
    "precision": "month",
}
CROWD_SPEAKS = "01a60000-0000-7000-8000-000000000061"
BOTH_SPEAK = "01a60000-0000-7000-8000-000000000062"


@pytest.fixture(scope="module", params=ENGINES)
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("odd")
    with copy_of_seed(request, folder) as url:
        engine = make_engine(url)
        load_text(engine, folder / "story", STORY)
        engine.dispose()
        with serving(url) as server, asking(server) as opened:
            yield opened


def test_a_meeting_that_was_called_off_is_listed_and_says_so(api: Api) -> None:
    assert "called-off" in api.names("/v1/meetings", party="AA")
    assert "called-off" in api.names("/v1/officials/ada/meetings")
    document = api.read("/v1/meetings/called-off")
    assert (document["status"], document["announced_beforehand"]) == ("cancelled", True)
    assert [each["official"]["slug"] for each in document["participants"]] == ["ada", "bo"]
    assert document["duration_minutes"] is None


def test_a_status_tells_it_from_those_that_were_held(api: Api) -> None:
    assert api.names("/v1/meetings", party="AA", status="cancelled") == ["called-off"]
    held = api.names("/v1/meetings", party="AA", status="held", sort="date")
    assert held == ["some-day-in-march", "day-in-march"]


@pytest.mark.parametrize(
    ("days", "is_found"),
    [
        ({"date_from": "1951-03-31"}, True),
        ({"date_from": "1951-04"}, False),
        ({"date_to": "1951-03-01"}, True),
        ({"date_to": "1951-02"}, False),
        ({"date_from": "1951-03-15", "date_to": "1951-03-15"}, True),
        ({"date_from": "1951", "date_to": "1951"}, True),
        ({"date_from": "1951-04", "date_to": "1951-12"}, False),
    ],
)
def test_a_meeting_of_some_day_in_a_month_is_found_on_each_of_its_days(
    api: Api, days: dict[str, str], *, is_found: bool
) -> None:
    found = api.names("/v1/meetings", party="AA", **days)
    assert ("some-day-in-march" in found) == is_found


def test_its_date_is_not_sharpened(api: Api) -> None:
    assert api.read("/v1/meetings/some-day-in-march")["date"] == MARCH
    assert api.read(f"/v1/statements/{BOTH_SPEAK}")["date"] == MARCH


def test_it_stands_where_its_month_begins_in_either_direction(api: Api) -> None:
    in_order = ["some-day-in-march", "day-in-march", "called-off"]
    assert api.names("/v1/meetings", party="AA", sort="date") == in_order
    assert api.names("/v1/meetings", party="AA", sort="-date") == in_order[::-1]


def test_an_office_that_began_in_that_month_was_perhaps_held(api: Api) -> None:
    ada = api.read("/v1/meetings/some-day-in-march")["participants"][0]
    assert ada["position"]["resolved"] is False
    assert [each["title"] for each in ada["position"]["candidates"]] == ["Minister"]
    sure = api.read("/v1/meetings/called-off")["participants"][0]
    assert (sure["position"]["resolved"], sure["position"]["title"]) == (True, "Minister")
    assert api.read("/v1/meetings/day-in-march")["participants"][0]["position"] is None


def test_words_of_nobody_in_particular_are_nobodys(api: Api) -> None:
    said = api.read(f"/v1/statements/{CROWD_SPEAKS}")
    assert said["speaker"] == {
        "official": None,
        "party": None,
        "name_as_given": "those present",
        "title_as_given": None,
    }
    assert api.ids("/v1/statements", meeting="some-day-in-march", sort="date") == [
        CROWD_SPEAKS,
        BOTH_SPEAK,
    ]
    for speaker in ("ada", "bo", "AA", "BB"):
        assert CROWD_SPEAKS not in api.ids("/v1/statements", speaker=speaker)
    assert api.ids("/v1/statements", q="those present") == [CROWD_SPEAKS]
    assert api.ids("/v1/statements", addressee="BB") == [CROWD_SPEAKS]


def test_words_of_both_are_found_by_each_of_them(api: Api) -> None:
    for speaker in ("AA", "BB", "bo"):
        assert api.ids("/v1/statements", speaker=speaker, topic="fishing") == [BOTH_SPEAK]
    assert api.ids("/v1/officials/bo/statements") == [BOTH_SPEAK]
    assert api.ids("/v1/statements", speaker="ada") == []
