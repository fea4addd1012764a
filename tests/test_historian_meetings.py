"""What the texts of trips and visits become: whom somebody met, at what, and how sure that is."""

from dataclasses import replace
from datetime import date as Day

from app.importers.historian.countries import countries
from app.importers.historian.keys import Slugs
from app.importers.historian.meetings import Meetings
from app.importers.historian.notes import Notes
from app.importers.historian.originals import Original
from app.importers.historian.people import People, may_be_identified
from app.importers.historian.places import localities
from app.importers.historian.standing import EMPTY, Known, Standing
from app.importers.historian.tellings import Telling
from app.importers.neutral import Meeting, Official, Traveller
from app.vocabulary import MeetingFormat, ParticipantRole

DOE = Traveller(
    official="doe-jane",
    name_as_given="Jane Doe",
    title_as_given="Secretary of State",
    party="US",
    role=ParticipantRole.VISITOR,
)
TRIP = Telling(
    original=Original("travels", "secretary-travels/doe-jane.xml", "trip", "11", "sha256:0"),
    kind="remarks",
    text="",
    raw="",
    source="historian-travels-trip-11",
    visit="doe-jane-1974-05-11",
    date="1974-05-01/1974-05-04",
    locale="Cairo",
    localities=localities("Cairo", "EG"),
    visitor="US",
    host="EG",
    traveller="Jane Doe",
    travellers=(DOE,),
)
VISIT = replace(
    TRIP,
    original=Original("visits", "data/1970.xml", "visit", "7", "sha256:0"),
    kind="description",
    locale="",
    localities=(),
    visitor="EG",
    host="US",
    traveller="President Sample",
    travellers=(
        Traveller(name_as_given="Sample", title_as_given="President", party="EG", role=DOE.role),
    ),
)


def teller(standing: Standing = EMPTY) -> Meetings:
    slugs = Slugs(standing)
    return Meetings(standing, slugs, Notes(), countries(), People(standing, slugs))


def told(text: str, telling: Telling = TRIP, meetings: Meetings | None = None) -> list[Meeting]:
    found = (meetings or teller())(replace(telling, text=text))
    return [each.record for each in found.records if isinstance(each.record, Meeting)]


def met(text: str, telling: Telling = TRIP) -> list[list[tuple[str | None, str, str | None]]]:
    """Title, name and party of those met, meeting by meeting; the travellers left out."""
    travellers = len(telling.travellers)
    return [
        [(each.title_as_given, each.name_as_given, each.party) for each in those]
        for those in (meeting.participants[travellers:] for meeting in told(text, telling))
    ]


def test_those_met_are_of_the_country_of_the_stop_and_of_one_meeting() -> None:
    text = "Met with President Sadat and Foreign Minister Fahmy."
    assert met(text) == [[("President", "Sadat", "EG"), ("Foreign Minister", "Fahmy", "EG")]]
    (meeting,) = told(text)
    expected = "Jane Doe with President Sadat and Foreign Minister Fahmy, Cairo, May 1974"
    assert meeting.title == expected
    assert meeting.visit == "doe-jane-1974-05-11"
    assert (meeting.place.city, meeting.place.country) == ("Cairo", "EG")
    assert [each.role.value for each in meeting.participants] == ["visitor", "host", "host"]
    assert meeting.participants[0].official == "doe-jane"


def test_the_date_is_the_span_of_the_stop_unless_the_text_states_the_day() -> None:
    (meeting,) = told("Met with President Sadat.")
    assert meeting.date == "1974-05-01/1974-05-04"
    (meeting,) = told("Met with President Sadat on May 3.")
    assert meeting.date == "1974-05-03"
    (meeting,) = told("Met with President Sadat on May 3.", replace(TRIP, date=None))
    assert meeting.date is None


def test_guests_of_several_parties_are_not_said_to_have_met_each_other() -> None:
    text = "Met with President Sadat and Israeli Prime Minister Golda Meir."
    assert met(text) == [
        [("President", "Sadat", "EG")],
        [("Prime Minister", "Golda Meir", "IL")],
    ]


def test_nothing_is_assumed_of_those_who_follow_somebody_from_elsewhere() -> None:
    text = "Met with Soviet Foreign Minister Gromyko and Deputy Foreign Minister Kuznetsov."
    assert met(text) == [
        [("Foreign Minister", "Gromyko", "SUHH")],
        [("Deputy Foreign Minister", "Kuznetsov", None)],
    ]


def test_where_a_conference_was_attended_the_party_has_to_be_stated() -> None:
    text = (
        "Attended the Cairo Conference. Met with President Sadat and British Prime Minister Heath."
    )
    assert met(text) == [
        [("President", "Sadat", None)],
        [("Prime Minister", "Heath", "GB")],
        [],
    ]


def test_generals_and_heads_of_bodies_belong_to_no_country_by_themselves() -> None:
    assert met("Met with General Ismail.") == [[("General", "Ismail", None)]]
    assert met("Met with NATO Secretary General Joseph Luns.") == [
        [("NATO Secretary General", "Joseph Luns", None)]
    ]
    assert met("Met with Pope Paul VI.") == [[("Pope", "Paul VI", "VA")]]


def test_form_of_address_and_office_stand_before_the_name_as_they_are_given() -> None:
    assert met("Met with Governor General Lord Tweedsmuir.", replace(TRIP, host="CA")) == [
        [("Governor General Lord", "Tweedsmuir", "CA")]
    ]


def test_a_conference_is_one_as_such_with_those_who_are_told_to_be_there() -> None:
    (meeting,) = told("Attended the Yalta Conference with Premier Stalin of the Soviet Union.")
    assert meeting.format is MeetingFormat.MULTILATERAL
    assert meeting.title == "Jane Doe at the Yalta Conference, Cairo, May 1974"
    assert [each.name_as_given for each in meeting.participants] == ["Jane Doe", "Stalin"]
    (claim,) = meeting.claims
    assert (claim.field, claim.value) == ("title", "Yalta Conference")
    (summit,) = told("Attended the NATO Summit.")
    assert summit.format is MeetingFormat.SUMMIT


def test_a_conference_that_is_only_mentioned_was_not_attended() -> None:
    assert told("En route to the Yalta Conference.") == []


def test_bodies_are_met_as_such_and_are_nobody() -> None:
    (nac,) = told("Met with the North Atlantic Council.")
    assert nac.format is MeetingFormat.MULTILATERAL
    assert nac.participants[1].name_as_given == "North Atlantic Council"
    assert (nac.participants[1].official, nac.participants[1].title_as_given) == (None, None)
    cabinet = replace(TRIP, host="IL")
    assert met("Met with Prime Minister Meir and the Israeli War Cabinet.", cabinet) == [
        [("Prime Minister", "Meir", "IL")],
        [(None, "Israeli War Cabinet", "IL")],
    ]
    assert told("Met with members of the Israeli War Cabinet.", cabinet) == []
    assert told("Attended a meeting with the Cabinet Secretary.") == []


def test_every_part_says_by_which_rule_it_was_found_and_how_sure_that_is() -> None:
    (meeting,) = told("Met with President Sadat.")
    text, rule = meeting.citations
    assert (text.source, text.quote) == ("historian-travels-trip-11", "Met with President Sadat.")
    assert (rule.source, rule.locator) == (
        "historian-rule-remarks-1",
        "rule meeting-with, confidence 0.95",
    )
    (claim,) = meeting.participants[1].claims
    assert (claim.source, claim.field, claim.value) == (
        "historian-travels-trip-11",
        "name_as_given",
        "Sadat",
    )
    assert claim.locator == "trip 11; rule meeting-with, confidence 0.95"
    assert meeting.participants[0].claims == ()


def test_a_text_that_names_nobody_makes_no_meeting_and_is_flagged() -> None:
    meetings = teller()
    assert told("Met with senior Egyptian officials.", meetings=meetings) == []
    (flag,) = meetings.notes.flags
    assert str(flag).endswith(
        "trip 11: counterparts not named: tells of meeting senior Egyptian officials"
    )


def test_a_day_outside_the_stay_is_kept_as_stated_and_flagged() -> None:
    meetings = teller()
    (meeting,) = told("Met with President Sadat on May 9.", meetings=meetings)
    assert meeting.date == "1974-05-09"
    assert [flag.oddity.value for flag in meetings.notes.flags] == ["day outside the stay"]


def test_an_american_host_is_known_by_office_and_is_nobody_by_the_surname() -> None:
    (meeting,) = told("Met with President Nixon in Washington.", VISIT)
    visitor, host = meeting.participants
    assert (visitor.role.value, host.role.value) == ("visitor", "host")
    assert (host.party, host.official) == ("US", None)
    assert met("Attended a session of the UN General Assembly; met with King Example.", VISIT)[
        0
    ] == [("King", "Example", None)]


def test_one_official_is_made_for_an_equal_name_and_party_and_none_for_a_surname() -> None:
    meetings = teller()
    text = "Met with Foreign Minister Ismaïl Fahmy and President Sadat."
    found = meetings(replace(TRIP, text=text)).records
    again = replace(TRIP, text=text.replace("ï", "i"), original=replace(TRIP.original, id="12"))
    found += meetings(again).records
    officials = [each.record for each in found if isinstance(each.record, Official)]
    assert [each.name for each in officials] == ["Ismaïl Fahmy"]
    assert [
        participant.official
        for each in found
        if isinstance(each.record, Meeting)
        for participant in each.record.participants[1:]
    ] == [officials[0].slug, None] * 2


def test_two_surnames_are_no_name_where_people_have_two() -> None:
    assert not may_be_identified("Diaz Ordaz", "MX")
    assert not may_be_identified("Giscard d'Estaing", "FR")
    assert not may_be_identified("de la Flor", "PE")
    assert not may_be_identified("Lloyd George", "GB")
    assert may_be_identified("Gustavo Diaz Ordaz", "MX")
    assert may_be_identified("Gabriel Boric", "CL")
    assert may_be_identified("Qin Gang", "CN")
    assert not may_be_identified("Franklin D. Roosevelt", "US")
    assert not may_be_identified("Boris Johnson", None)


KNOWN = Standing(
    met={
        "doe-jane": (
            Known(
                "doe-sadat-1974",
                Day(1974, 5, 2),
                Day(1974, 5, 2),
                (frozenset(("anwar", "sadat")), frozenset(("jane", "doe"))),
            ),
        )
    }
)


def test_a_meeting_of_which_the_record_has_another_account_is_joined_and_not_made_again() -> None:
    meetings = teller(KNOWN)
    text = "Met with President Sadat and Foreign Minister Fahmy."
    (meeting,) = told(text, meetings=meetings)
    assert [each.name_as_given for each in meeting.participants[1:]] == ["Fahmy"]
    assert [(original.name, into) for original, into in meetings.joined] == [
        ("trip 11", "doe-sadat-1974")
    ]
    later = replace(TRIP, date="1974-06-01/1974-06-02")
    (meeting,) = told("Met with President Sadat.", later, teller(KNOWN))
    assert meeting.participants[1].name_as_given == "Sadat"


def test_of_a_visit_that_is_joined_nothing_is_made_and_what_it_lacks_is_flagged() -> None:
    meetings = teller(KNOWN)
    joined = replace(TRIP, joined=True, visit="doe-cairo")
    text = "Met with President Sadat and Foreign Minister Fahmy. Attended the Cairo Conference."
    assert told(text, joined, meetings) == []
    (flag,) = meetings.notes.flags
    assert flag.oddity.value == "not in the record joined"
    assert flag.text == "names Foreign Minister Fahmy, whom no meeting of doe-cairo has"


def test_several_places_are_shown_and_none_of_them_is_chosen() -> None:
    (meeting,) = told(
        "Met with President Sadat.",
        replace(TRIP, locale="Cairo; Aswan", localities=localities("Cairo; Aswan", "EG")),
    )
    assert (meeting.place.name, meeting.place.city) == ("Cairo; Aswan", None)
    peking = replace(TRIP, host="CN", locale="Peking", localities=localities("Peking", "CN"))
    (meeting,) = told("Met with Premier Chou.", peking)
    assert (meeting.place.name, meeting.place.city) == ("Peking", "Beijing")


def test_localities_that_a_description_names_are_those_of_the_visit() -> None:
    text = "Met with President Nixon at Camp David (Maryland). Visited Boston and Boston."
    found = teller()(replace(VISIT, text=text))
    assert [(each.name, each.city) for each in found.localities] == [
        ("Camp David, Maryland", "Camp David"),
        (None, "Boston"),
    ]
    (meeting,) = [each.record for each in found.records if isinstance(each.record, Meeting)]
    assert (meeting.place.city, meeting.place.country) == (None, "US")
    assert teller()(replace(TRIP, text="Visited Boston.")).localities == ()


def test_the_id_is_that_of_the_original_and_of_the_place_in_its_text() -> None:
    (one,) = told("Met with President Sadat.")
    (corrected,) = told("Met with President Anwar Sadat.")
    (another,) = told("Met with President Sadat.", VISIT)
    assert one.id == corrected.id != another.id
