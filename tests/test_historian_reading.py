"""The Historian's XML: read safely, as stated, with every fault named."""

from hashlib import sha256
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring, tostring

from app.errors import SeedRefused
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import hash_of
from app.importers.historian.pocom import Moment, read_pocom
from app.importers.historian.travels import read_presidents, read_trips
from app.importers.historian.visits import read_visits
from tests.support.historian_files import SMALL, copied, read

TRIPS = "travels/secretary-travels/doe-jane.xml"
BURMA = "pocom/missions-countries/burma.xml"


def problems(folder: Path, edits: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    with pytest.raises(SeedRefused) as refused:
        read(copied(folder, edits))
    return refused.value.problems


def flagged(folder: Path, edits: dict[str, tuple[str, str]], oddity: Oddity) -> list[str]:
    return [str(flag) for flag in read(copied(folder, edits)).flags if flag.oddity is oddity]


def test_every_element_of_a_trip_is_kept_with_its_raw_text_beside_the_collapsed() -> None:
    trips = {trip.original.id: trip for trip in read_trips(SMALL / "travels", Notes())}
    trip = trips["21"]
    assert (trip.who, trip.role, trip.name) == ("doe-jane", "secretary", "Jane Q. Doe")
    assert (trip.start, trip.end) == ("1962-06-01", "1962-06-04")
    assert (trip.country_id, trip.country) == ("russia", "U.S.S.R.")
    assert trip.locale == "Moscow, Kiev"
    assert trip.remarks == "Met with Chairman Ivanov."
    assert trip.remarks_raw == "Met with\n            Chairman\u00a0Ivanov."
    assert trip.created == "2011-03-04"
    assert trip.original.file == TRIPS
    assert len(trip.original.content_hash) == len("sha256:") + 64


def test_text_inside_inner_elements_belongs_to_the_description() -> None:
    visit = next(read_visits(SMALL / "visits", Notes()))
    assert visit.description == "Met with the President at Hyde Park."


def test_persons_appointments_and_presidents_are_read_whole() -> None:
    notes = Notes()
    pocom = read_pocom(SMALL / "pocom", notes)
    assert notes.faults == []
    assert pocom.people["doe-jane"].old_ids == ("doe-j",)
    assert pocom.people["roe-richard"].gen_name == "III"
    appointments = {each.original.id: each for each in pocom.appointments}
    assert appointments["bm-1950-poe-01"].started == Moment("1950-03", "About")
    assert appointments["bm-1952-roe-01"].arrived == Moment("1952-05-06", "")
    assert appointments["secr-1961-doe"].consecutive
    assert not appointments["secr-1960-poe"].served
    assert appointments["bm-1950-poe-01"].office.mission_notes == ("The mission was moved.",)
    assert [each.chief_ids for each in pocom.concurrent] == [("bm-1950-poe-01",)]
    first, second = read_presidents(SMALL / "travels", Notes())
    assert (first.who, first.left_office) == ("roe-richard", "1957-01-20")
    assert second.still_alive
    assert second.still_in_office


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE trips SYSTEM "http://127.0.0.1/trips.dtd">',
        '<!DOCTYPE trips [<!ENTITY a "b">]>',
        '<!DOCTYPE trips [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_dtd_is_refused(prologue: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {TRIPS: ("<trips>", f"{prologue}<trips>")})
    assert problem.startswith(f"{TRIPS}: trips: expected plain XML, found a DTD or an entity")


def test_a_file_that_is_no_xml_is_refused_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {TRIPS: ("</trip>", "</trap>")})
    assert f"{TRIPS}: trips: expected XML, found a fault in line 16" in problem


def test_another_root_is_refused(tmp_path: Path) -> None:
    path = copied(tmp_path) / "visits" / "data" / "1940.xml"
    path.write_text("<trips/>", encoding="utf-8")
    with pytest.raises(SeedRefused) as refused:
        read(tmp_path / "historian")
    assert refused.value.problems == (
        "visits/data/1940.xml: visits: expected the root <visits>, found <trips>",
    )


def test_what_is_missing_names_file_record_and_element(tmp_path: Path) -> None:
    edits = {
        TRIPS: ("<end-date>1931-05-03</end-date>", ""),
        "visits/data/1940.xml": ('<from id="canada">', "<from>"),
        "pocom/people/d/doe-jane.xml": ("<surname>Doe</surname>", ""),
        BURMA: ("<person-id>poe-paul</person-id>", ""),
    }
    assert set(problems(tmp_path, edits)) == {
        f"{TRIPS}: trip 11: expected the element <end-date>, found none",
        "visits/data/1940.xml: visit 101: expected the attribute id on <from>, found none",
        "pocom/people/d/doe-jane.xml: person doe-jane: expected the element <surname>, found none",
        f"{BURMA}: chief bm-1950-poe-01: expected the element <person-id>, found none",
    }


def test_an_element_that_no_schema_has_is_flagged_and_no_fault(tmp_path: Path) -> None:
    edits = {TRIPS: ("<locale>London</locale>", "<locale>London</locale><mood>good</mood>")}
    assert flagged(tmp_path, edits, Oddity.UNEXPECTED) == [
        f"{TRIPS}: trip 11: unexpected element: <mood> in <trip>"
    ]


def test_an_id_that_is_used_twice_is_told_apart_and_flagged(tmp_path: Path) -> None:
    edits = {TRIPS: ("<id>13</id>", "<id>11</id>")}
    (flag,) = flagged(tmp_path, edits, Oddity.REPEATED_ID)
    assert "trip 11: repeated id: the id 11 was used before" in flag


def test_an_end_before_its_start_is_flagged_and_left_out(tmp_path: Path) -> None:
    edits = {TRIPS: ("<end-date>1931-05-25</end-date>", "<end-date>1931-05-24</end-date>")}
    said = "date missing or out of order: ends on 1931-05-24, before it starts on 1931-05-25"
    assert f"{TRIPS}: trip 13: {said}" in flagged(tmp_path, edits, Oddity.DATE_UNREADABLE)


def test_the_hash_changes_with_the_content_of_its_record_alone(tmp_path: Path) -> None:
    before = {
        each.original.id: each.original.content_hash
        for each in read_trips(SMALL / "travels", Notes())
    }
    folder = copied(tmp_path, {TRIPS: ("Grain Conference", "Wheat Conference")})
    after = {
        each.original.id: each.original.content_hash
        for each in read_trips(folder / "travels", Notes())
    }
    assert {key for key in before if before[key] != after[key]} == {"11"}


@pytest.mark.parametrize(
    "xml",
    [
        "<trip><id>1</id>\n  <remarks>Bread &amp; &lt;butter&gt; \u00a0\u2019s</remarks>\n</trip>",
        """<trip who="a&amp;b &quot;c&quot; &lt;d&gt; &#9;&#10;&#13;'e'"><role></role></trip>""",
        "<trip>before<id>1</id>between<id/>after &amp; more</trip>",
        "<trip><remarks> </remarks><!-- unread --><?unread too?></trip>",
        '<trip xml:lang="en"><id>1</id></trip>',
        '<trip><id/><note xmlns="urn:other">of another kind</note></trip>',
        '<o:trip xmlns:o="urn:other"><o:id o:n="1"/></o:trip>',
    ],
)
def test_an_original_hashes_as_the_library_writes_it(xml: str) -> None:
    element = fromstring(xml)
    written = tostring(element, encoding="utf-8")
    element.tail = "what follows it"
    assert hash_of(element) == f"sha256:{sha256(written).hexdigest()}"
    assert element.tail == "what follows it"
