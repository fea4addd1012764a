"""What the Historian's originals become: journeys, visits, offices, persons and their sources."""

from app.importers.historian.standing import Holder, Standing
from app.importers.neutral import Meeting
from app.vocabulary import EndStatus, PositionLevel
from tests.support.historian_files import SMALL, officials, positions, read, sources, visits

FOUND = read()
JOURNEYS = visits(FOUND, "historian-travels")
VISITS = visits(FOUND, "historian-visits")
TENURES = positions(FOUND)


def flags_of(record: str) -> list[str]:
    return [flag.oddity.value for flag in FOUND.flags if flag.record == record]


def test_stops_make_journeys_and_each_journey_cites_its_originals_and_the_rule() -> None:
    journey = JOURNEYS["11"]
    assert journey.date == "1931-05-01/1931-05-14"
    assert [stop.date for stop in journey.stops] == [
        "1931-05-01/1931-05-03",
        "1931-05-13/1931-05-14",
    ]
    assert (journey.visitor_parties, journey.host_parties) == (("US",), ("GB", "FR"))
    assert [each.source for each in journey.citations] == [
        "historian-travels-trip-11",
        "historian-travels-trip-12",
        "historian-rule-journeys-1",
        "historian-rule-remarks-1",
    ]
    assert journey.citations[0].quote == "Attended the Grain Conference."
    assert [each.source for each in JOURNEYS["13"].citations] == ["historian-travels-trip-13"]


def test_an_exact_duplicate_is_there_once_and_both_ids_lead_to_it() -> None:
    assert JOURNEYS["21"].identifiers == {"historian-travels": ("21", "22", "24")}
    assert len(JOURNEYS["21"].stops) == 2
    source = {each.slug: each for each in sources(FOUND, "historian-travels")}[
        "historian-travels-trip-22"
    ]
    assert source.identifiers == {"historian-original": ("travels/trip/22", "travels/trip/24")}
    assert flags_of("trip 24") == ["exact duplicate"]


def test_near_duplicates_stay_and_are_flagged() -> None:
    assert len(JOURNEYS["33"].stops) == 2
    assert flags_of("trip 34") == ["near duplicate", "overlap", "counterparts not named"]


def test_what_looks_wrong_is_imported_as_stated_and_flagged() -> None:
    assert "Accoompanied the President." in (JOURNEYS["21"].summary or "")
    assert flags_of("trip 31") == ["discontinuous stay", "counterparts not named"]
    assert set(flags_of("trip 41")) == {"unknown country", "after death"}
    assert flags_of("trip 51") == ["under its sovereign"]


def test_the_label_as_stated_is_kept_where_the_party_has_another_name() -> None:
    (accra, bahamas, *_) = JOURNEYS["51"].citations
    assert accra.locator == "trip 51; country as stated: Gold Coast"
    assert bahamas.locator == "trip 52"
    assert JOURNEYS["51"].stops[1].place.city == "The Bahamas"


def test_a_stop_with_several_localities_shows_each_and_one_is_its_city() -> None:
    (moscow, *_) = JOURNEYS["21"].stops
    assert (moscow.place.name, moscow.place.city) == ("Moscow, Kiev", None)
    assert [(each.name, each.city) for each in moscow.localities] == [
        (None, "Moscow"),
        ("Kiev", "Kyiv"),
    ]
    (london, _) = JOURNEYS["11"].stops
    assert (london.place.name, london.place.city, london.localities) == (None, "London", ())


def test_names_stand_raw_beside_what_they_are_with_white_space_collapsed() -> None:
    (example,) = VISITS["103"].travellers
    assert example.name_as_given == "Ádam Example"
    stated = 'visit 103; visitor as stated: "Prime Minister Ádam  Example"'
    assert VISITS["103"].citations[0].locator == stated
    assert VISITS["104"].citations[0].locator == "visit 104"
    (ivanov,) = [
        participant
        for record in FOUND.batches["historian-travels"].records
        if isinstance(record.record, Meeting)
        for participant in record.record.participants
        if participant.name_as_given == "Ivanov"
    ]
    assert ivanov.title_as_given == "Chairman"
    assert ivanov.claims[0].quote == "Chairman\u00a0Ivanov"


def test_a_source_says_from_which_original_it_is() -> None:
    source = sources(FOUND, "historian-visits")[0]
    assert source.slug == "historian-visits-visit-101"
    assert source.perspective == "US"
    assert source.licence == "CC0-1.0"
    assert source.date == "2010-10-25"
    assert source.note == "The data set visits, file data/1940.xml, visit 101."
    assert (source.content_hash or "").startswith("sha256:")
    rules = 1
    assert len(sources(FOUND, "historian-visits")) == 7 + rules


def test_a_president_is_not_the_person_of_pocom_with_the_same_id() -> None:
    president = officials(FOUND, "historian-travels")["president-roe-richard"]
    person = officials(FOUND, "historian-pocom")["roe-richard"]
    assert president.id != person.id
    assert (president.name, person.name) == ("Richard Roe", "Richard Roe, III")
    assert JOURNEYS["51"].travellers[0].official == "president-roe-richard"
    assert JOURNEYS["11"].travellers[0].official == "doe-jane"


def test_a_person_keeps_old_ids_as_aliases_and_is_known_by_the_oldest() -> None:
    person = officials(FOUND, "historian-pocom")["doe-jane"]
    assert person.identifiers == {"pocom": ("doe-jane", "doe-j")}
    assert [name.name for name in person.names] == ["Jane Doe", "Jane Q. Doe"]
    assert (person.birth, person.death) == ("1890", "1980")


def test_only_those_who_served_hold_a_position() -> None:
    assert set(TENURES) == {
        "secr-1929-doe",
        "secr-1961-doe",
        "bm-1950-poe-01",
        "bm-1952-roe-01",
        "bm-1954-noe-01",
        "bm-1956-poe-01",
        "lg-1958-roe",
    }


def test_the_dates_of_a_tenure_are_kept_apart_with_their_precision() -> None:
    ambassador = TENURES["bm-1950-poe-01"]
    assert (ambassador.start, ambassador.end) == ("1950-03~", "1951-11-08")
    assert ambassador.level is PositionLevel.AMBASSADOR
    assert ambassador.body == "Mission to Burma"
    first, concurrent = ambassador.citations
    assert first.locator == (
        "chief bm-1950-poe-01; appointed 1950-01-10; presented credentials 1950-03 (About); "
        "ended 1951-11-08 (Died at post on)"
    )
    assert first.quote == "Commissioned to Burma."
    assert concurrent.locator == "concurrent with others; resident at rangoon"
    assert TENURES["bm-1952-roe-01"].start == "1952-05-06"
    assert TENURES["bm-1954-noe-01"].start == "1954-01-10/1955-02-01"


def test_no_end_is_made_up_for_an_open_tenure() -> None:
    open_one = TENURES["secr-1961-doe"]
    assert (open_one.end, open_one.end_status) == (None, EndStatus.UNKNOWN)
    assert TENURES["secr-1929-doe"].end_status is EndStatus.ENDED
    assert TENURES["secr-1929-doe"].level is PositionLevel.FOREIGN_MINISTER


def test_an_end_before_the_start_is_no_end_but_stays_in_the_evidence() -> None:
    tenure = TENURES["bm-1956-poe-01"]
    assert (tenure.start, tenure.end) == ("1957-04-03/1957-05-01", None)
    assert tenure.end_status is EndStatus.ENDED
    assert "ended 1956-02-01" in (tenure.citations[0].locator or "")


def test_visitors_are_one_person_for_an_equal_name_and_country_only() -> None:
    travellers = {
        key: [each.official for each in visit.travellers] for key, visit in VISITS.items()
    }
    assert travellers["101"] == travellers["103"] == ["adam-example-ca"]
    assert travellers["104"] == ["adam-example-nz"]
    assert travellers["102"] == travellers["105"] == [None]
    assert travellers["201"] == ["basil-ii-jo", None]
    (example,) = VISITS["103"].travellers
    assert (example.title_as_given, example.name_as_given) == ("Prime Minister", "Ádam Example")


def test_a_visit_is_received_by_the_united_states_at_no_stated_place() -> None:
    visit = VISITS["101"]
    assert (visit.visitor_parties, visit.host_parties) == (("CA",), ("US",))
    (stop,) = visit.stops
    assert (stop.place.city, stop.place.name, stop.place.country) == (None, None, "US")
    assert stop.date == "1943-06-02/1943-06-05"
    assert VISITS["105"].identifiers == {"historian-visits": ("105", "106")}


def test_what_another_data_set_tells_of_already_is_joined_and_made_once() -> None:
    standing = Standing(
        identified={
            ("pocom", "doe-j"): Holder("x", "jane", "seed"),
            ("pocom", "secr-1929-doe"): Holder("y", "y", "seed"),
            ("historian-travels", "12"): Holder("z", "doe-paris", "seed"),
            ("historian-original", "travels/trip/12"): Holder("s", "hist", "seed"),
        },
        people={("xi jinping", "CN"): "xi"},
    )
    found = read(standing=standing)
    journeys = visits(found, "historian-travels")
    assert len(journeys["11"].stops) == 1
    assert journeys["11"].travellers[0].official == "jane"
    assert "doe-jane" not in officials(found, "historian-pocom")
    assert "secr-1929-doe" not in positions(found)
    assert positions(found)["secr-1961-doe"].official == "jane"
    assert "hist" not in [each.slug for each in sources(found, "historian-travels")]
    assert visits(found, "historian-visits")["202"].travellers[0].official == "xi"
    assert ("trip 12", "doe-paris") in [(each.record, each.into) for each in found.joined]


def test_ids_are_the_same_wherever_the_same_originals_are_read() -> None:
    again = read()
    for dataset, batch in FOUND.batches.items():
        assert batch == again.batches[dataset]
    assert JOURNEYS["11"].id.startswith("01941f29-7c00-7")


def test_secretaries_are_persons_of_pocom_also_where_only_their_travels_are_read() -> None:
    alone = read(SMALL, "travels")
    made = officials(alone, "historian-travels")["doe-jane"]
    assert made.identifiers == {"pocom": "doe-jane"}
