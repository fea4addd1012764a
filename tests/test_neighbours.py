"""What a record must be at one with, through the database; and where in what was sent it is not."""

from typing import Any

import pytest

from app.vocabulary import RecordKind
from tests.support.editing import Desk, consistent

Json = Any
K = RecordKind
VISIT = {"status": "held", "citations": ["eir"]}
MEETING = {"format": "bilateral", "status": "held", "date": "2023-06-19", "citations": ["eir"]}
SOURCE = {"kind": "readout", "publisher": "P", "perspective": "US"}
SPEECH = {
    "text": "T",
    "language": "en",
    "wording": "reported",
    "speaker": {"party": "US"},
    "citations": ["eir"],
}
MADE = {"event": "made", "citations": ["eir"]}
PROMISE = {"text": "T", "kind": "process", "by": ["US"], "events": [MADE], "citations": ["eir"]}


@pytest.fixture
def visit(desk: Desk) -> str:
    """A visit with a first meeting, `a`, at which something is said; and a second, `b`."""
    desk.create(K.VISIT, VISIT | {"title": "V"})
    for number, title in enumerate("ab", start=1):
        desk.create(K.MEETING, MEETING | {"title": title, "visit": "v", "sequence": number})
    made = desk.create(K.STATEMENT, SPEECH | {"meeting": "a", "visit": "v"})
    return str(made["id"])


def test_a_number_in_a_visit_is_given_once(desk: Desk, visit: str) -> None:
    third = MEETING | {"title": "C", "visit": "v", "sequence": 1}
    assert [*desk.flaws(desk.create, K.MEETING, third)] == ["/sequence"]
    assert [*desk.flaws(desk.patch, K.MEETING, "b", {"sequence": 1})] == ["/sequence"]
    desk.patch(K.MEETING, "b", {"sequence": 3})
    desk.delete(K.MEETING, "b")
    desk.create(K.MEETING, third | {"sequence": 3})
    assert "/sequence" in str(desk.conflict(desk.restore, K.MEETING, "b"))
    desk.patch(K.MEETING, "c", {"sequence": None})
    desk.restore(K.MEETING, "b")
    consistent(desk.engine)


def test_what_is_said_at_a_meeting_is_said_on_its_visit(desk: Desk, visit: str) -> None:
    desk.create(K.VISIT, VISIT | {"title": "Other"})
    for wrong in ({}, {"visit": "other"}):
        assert [*desk.flaws(desk.create, K.STATEMENT, SPEECH | {"meeting": "a"} | wrong)] == [
            "/visit"
        ]
    assert [*desk.flaws(desk.patch, K.STATEMENT, visit, {"visit": None})] == ["/visit"]
    flaws = desk.flaws(desk.patch, K.MEETING, "a", {"visit": "other"})
    assert [*flaws] == ["/visit"]
    assert visit in flaws["/visit"]
    desk.delete(K.STATEMENT, visit)
    desk.patch(K.MEETING, "a", {"visit": "other"})
    assert "/visit" in str(desk.conflict(desk.restore, K.STATEMENT, visit))


def test_a_source_is_not_silent_on_what_it_reports(desk: Desk, visit: str) -> None:
    silent = {"source": "eir", "field": "topics", "value": "taiwan", "attestation": "silent"}
    other = silent | {"source": "gt"}
    desk.patch(K.MEETING, "a", {"topics": ["taiwan"], "claims": [other, silent]})
    flaws = desk.flaws(desk.patch, K.STATEMENT, visit, {"topics": ["taiwan"]})
    assert [*flaws] == ["/topics"]
    assert "meeting 'a'" in flaws["/topics"]
    desk.patch(K.MEETING, "a", {"claims": [other]})
    desk.patch(K.STATEMENT, visit, {"topics": ["taiwan"]})
    flaws = desk.flaws(desk.patch, K.MEETING, "a", {"claims": [other, silent]})
    assert [*flaws] == ["/claims/1"]


def test_nothing_leads_back_to_itself(desk: Desk) -> None:
    desk.create(K.TOPIC, {"code": "zz-one", "label": "1"})
    desk.create(K.TOPIC, {"code": "zz-two", "label": "2", "parent": "zz-one"})
    for parent in ("zz-one", "zz-two"):
        assert [*desk.flaws(desk.patch, K.TOPIC, "zz-one", {"parent": parent})] == ["/parent"]
    desk.create(K.SOURCE, SOURCE | {"title": "s1"})
    desk.create(K.SOURCE, SOURCE | {"title": "s2", "known_through": "s1"})
    flaws = desk.flaws(desk.patch, K.SOURCE, "s1", {"known_through": "s2"})
    assert [*flaws] == ["/known_through"]
    for title in "abc":
        desk.create(K.MEETING, MEETING | {"title": title})
    desk.patch(K.MEETING, "a", {"part_of": "b"})
    desk.patch(K.MEETING, "b", {"part_of": "c"})
    assert [*desk.flaws(desk.patch, K.MEETING, "c", {"part_of": "a"})] == ["/part_of"]
    desk.create(K.COMMITMENT, PROMISE | {"title": "c1"})
    for later, earlier in (("c2", "c1"), ("c3", "c2")):
        tie = {"relation": "restates", "commitment": earlier, "source": "eir"}
        desk.create(K.COMMITMENT, PROMISE | {"title": later, "predecessors": [tie]})
    for later in ("c1", "c3"):
        tie = {"relation": "restates", "commitment": later, "source": "eir"}
        flaws = desk.flaws(desk.patch, K.COMMITMENT, "c1", {"predecessors": [tie]})
        assert [*flaws] == ["/predecessors/0/commitment"]
    assert [*desk.flaws(desk.patch, K.PARTY, "US", {"successors": ["CN", "US"]})] == [
        "/successors/1"
    ]


def test_what_takes_up_a_commitment_was_made_later(desk: Desk) -> None:
    tie = {"relation": "restates", "commitment": "c1", "source": "eir"}
    desk.create(K.COMMITMENT, PROMISE | {"title": "c1", "date": "2001"})
    early = PROMISE | {"title": "c2", "date": "2000", "predecessors": [tie]}
    flaws = desk.flaws(desk.create, K.COMMITMENT, early)
    assert [*flaws] == ["/predecessors/0/commitment"]
    desk.create(K.COMMITMENT, early | {"date": "2002"})
    flaws = desk.flaws(desk.patch, K.COMMITMENT, "c1", {"date": "2003"})
    assert [*flaws] == ["/date"]
    assert "commitment 'c2'" in flaws["/date"]


def test_what_cannot_have_happened_to_a_commitment_is_refused(desk: Desk) -> None:
    desk.create(K.COMMITMENT, PROMISE | {"title": "c1"})
    made = MADE | {"date": "2005"}

    def flaws(*events: Json) -> list[str]:
        cited = [MADE | each for each in events]
        return [*desk.flaws(desk.patch, K.COMMITMENT, "c1", {"events": cited})]

    assert flaws(made, {"event": "fulfilled", "date": "2004"}) == ["/events/1/date"]
    withdrawn = {"event": "withdrawn", "date": "2006"}
    assert flaws(made, withdrawn, {"event": "reaffirmed", "date": "2007"}) == ["/events/2"]
    assert flaws({"event": "fulfilled"}) == ["/events"]
    assert flaws(made, {"event": "fulfilled", "citations": []}) == ["/events/1/citations"]
    assert [*desk.flaws(desk.patch, K.COMMITMENT, "c1", {"events": []})] == ["/events"]


def test_an_array_is_not_longer_than_any_record_has(desk: Desk) -> None:
    names = [{"name": "n"}] * 1001
    flaws = desk.flaws(desk.create, K.OFFICIAL, {"name": "N", "names": names})
    assert flaws == {"/names": "expected at most 1000 elements"}
    desk.create(K.OFFICIAL, {"name": "N", "names": names[:20]})
