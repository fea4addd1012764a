"""What editors say becomes a claim of the source that they name; nobody else's claim is lost."""

from collections import Counter
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.editing import edits
from app.editing.drafts import form_of
from app.errors import InvalidInput
from app.vocabulary import RecordKind
from tests.support.editing import CHANGE, Desk, consistent
from tests.support.edits import whatever

Json = Any
K = RecordKind
MEETING = {
    "title": "M",
    "format": "bilateral",
    "status": "held",
    "date": "2024-01",
    "citations": ["eir"],
}
SOMEBODY = {"name_as_given": "Blinken", "official": "antony-blinken", "role": "visitor"}


def claims(document: Json, field: str) -> list[tuple[Any, ...]]:
    """The claims to a field: source, value and rank."""
    return [
        (each["source"]["slug"], each["value"], each["rank"])
        for each in document["claims"]
        if each["field"] == field
    ]


def cited(document: Json) -> list[str]:
    return [each["source"]["slug"] for each in document["citations"]]


def test_a_value_becomes_the_preferred_claim_of_the_only_source_cited(desk: Desk) -> None:
    made = desk.create(K.MEETING, MEETING)
    assert made["claims"] == []
    after = desk.patch(K.MEETING, "m", {"date": "2024-01-05"})
    assert claims(after, "date") == [("eir", "2024-01-05", "preferred")]
    assert after["date"]["edtf"] == "2024-01-05"
    assert (
        desk.patch(K.MEETING, "m", {"title": "Ours", "summary": "Too."})["claims"]
        == (after["claims"])
    )


def test_another_source_is_named_cited_and_preferred_to_the_one_before(desk: Desk) -> None:
    desk.create(K.MEETING, MEETING)
    desk.patch(K.MEETING, "m", {"date": "2024-01-05"})
    gt = desk.read(K.SOURCE, "gt")["id"]
    after = desk.patch(K.MEETING, "m", {"date": "2024-01-06", "according_to": gt})
    assert claims(after, "date") == [
        ("eir", "2024-01-05", "normal"),
        ("gt", "2024-01-06", "preferred"),
    ]
    assert cited(after) == ["eir", "gt"]
    assert [each["field"] for each in after["conflicts"]] == ["date"]
    # The same source, now by its slug, changes its mind.
    after = desk.patch(K.MEETING, "m", {"date": "2024-01-07", "according_to": "gt"})
    assert claims(after, "date") == [
        ("eir", "2024-01-05", "normal"),
        ("gt", "2024-01-07", "preferred"),
    ]
    # Without a source it is not clear which of the two says so.
    flaws = desk.flaws(desk.patch, K.MEETING, "m", {"date": "2024-01-08"})
    assert [*flaws] == ["/according_to"]
    consistent(desk.engine)


def test_a_claim_that_says_something_else_keeps_no_quotation(desk: Desk) -> None:
    quoted = {"source": "eir", "field": "date", "value": "2024-01", "quote": "in January"}
    desk.create(K.MEETING, MEETING | {"claims": [quoted]})
    after = desk.patch(K.MEETING, "m", {"date": "2024-01-05"})
    ((claim),) = after["claims"]
    assert (claim["value"], claim["quote"]) == ("2024-01-05", None)


def test_a_duration_is_claimed_with_what_bounds_it(desk: Desk) -> None:
    desk.create(K.MEETING, MEETING | {"duration_minutes": 30})
    after = desk.patch(K.MEETING, "m", {"duration_qualifier": "over"})
    assert [(each["value"], each["qualifier"]) for each in after["claims"]] == [(30, "over")]
    after = desk.patch(K.MEETING, "m", {"duration_minutes": 40})
    assert [(each["value"], each["qualifier"]) for each in after["claims"]] == [(40, "over")]
    after = desk.patch(K.MEETING, "m", {"duration_qualifier": "exact"})
    assert [(each["value"], each["qualifier"]) for each in after["claims"]] == [(40, "exact")]
    after = desk.patch(K.MEETING, "m", {"claims": [], "duration_minutes": None})
    assert (after["duration_minutes"], after["duration_qualifier"]) == (None, None)
    flaws = desk.flaws(desk.patch, K.MEETING, "m", {"duration_qualifier": "over"})
    assert [*flaws] == ["/duration_qualifier"]


def test_null_leaves_a_value_to_the_sources(desk: Desk) -> None:
    desk.create(K.MEETING, MEETING | {"place": {"city": "Paris"}})
    claim = {"source": "gt", "field": "place.city", "value": "Paris"}
    desk.patch(K.MEETING, "m", {"claims": [claim]})
    after = desk.patch(K.MEETING, "m", {"place": None, "date": None})
    assert (after["place"]["city"], after["date"]) == ("Paris", None)
    after = desk.patch(K.MEETING, "m", {"claims": []})
    assert after["place"]["city"] is None


def test_what_claims_settled_they_settle_again(desk: Desk) -> None:
    zone = {"source": "eir", "field": "time_zone", "value": "Asia/Shanghai"}
    title = {"source": "gt", "field": "title_as_given", "value": "Secretary"}
    made = desk.create(
        K.MEETING,
        MEETING | {"claims": [zone], "participants": [SOMEBODY | {"claims": [title]}]},
    )
    (person,) = made["participants"]
    assert (made["time_zone"], person["title_as_given"]) == ("Asia/Shanghai", "Secretary")
    one, two = (each["id"] for each in made["claims"])
    changed = [{"id": one, "value": "Asia/Tokyo"}, {"id": two, "value": "Minister"}]
    after = desk.patch(K.MEETING, "m", {"claims": changed})
    assert after["time_zone"] == "Asia/Tokyo"
    assert after["participants"] == [person | {"title_as_given": "Minister"}]
    rivals = [*({"id": each} for each in (one, two)), zone | {"source": "gt"}]
    after = desk.patch(K.MEETING, "m", {"claims": rivals})
    assert after["time_zone"] is None
    after = desk.patch(K.MEETING, "m", {"claims": []})
    assert after["participants"] == [person | {"title_as_given": None}]
    consistent(desk.engine)


def test_one_who_takes_part_has_claims_of_their_own(desk: Desk) -> None:
    made = desk.create(
        K.MEETING, MEETING | {"participants": [SOMEBODY, {"name_as_given": "W", "role": "host"}]}
    )
    one, other = (each["id"] for each in made["participants"])
    body = {
        "participants": [{"id": one, "title_as_given": "Sec."}, {"id": other, "party": "CN"}],
        "according_to": "gt",
    }
    after = desk.patch(K.MEETING, "m", body)
    assert [(each["participant"], each["field"], each["value"]) for each in after["claims"]] == [
        (one, "title_as_given", "Sec."),
        (other, "party", "CN"),
    ]
    assert {each["source"]["slug"] for each in after["claims"]} == {"gt"}
    body = {"participants": [{"id": one, "title_as_given": "Secretary"}, {"id": other}]}
    assert [*desk.flaws(desk.patch, K.MEETING, "m", body)] == ["/according_to"]
    body["according_to"] = "eir"
    after = desk.patch(K.MEETING, "m", body)
    assert claims(after, "title_as_given") == [
        ("gt", "Sec.", "normal"),
        ("eir", "Secretary", "preferred"),
    ]
    # Who goes takes along what was claimed of them.
    after = desk.patch(K.MEETING, "m", {"participants": [{"id": other}]})
    assert [each["participant"] for each in after["claims"]] == [other]
    consistent(desk.engine)


def test_a_new_record_is_claimed_where_a_source_is_named(desk: Desk) -> None:
    made = desk.create(K.MEETING, MEETING | {"participants": [SOMEBODY], "according_to": "gt"})
    (person,) = made["participants"]
    assert [
        (each["participant"], each["field"], each["rank"], each["source"]["slug"])
        for each in made["claims"]
    ] == [
        (None, "date", "preferred", "gt"),
        (None, "format", "preferred", "gt"),
        (person["id"], "name_as_given", "preferred", "gt"),
        (person["id"], "role", "preferred", "gt"),
    ]
    assert cited(made) == ["eir", "gt"]


def test_our_own_words_are_bound_by_no_claim_that_was_preferred(desk: Desk) -> None:
    status = {"source": "eir", "field": "status", "value": "held", "rank": "preferred"}
    desk.create(K.MEETING, MEETING | {"claims": [status]})
    after = desk.patch(K.MEETING, "m", {"status": "reported_unconfirmed"})
    assert after["status"] == "reported_unconfirmed"
    assert claims(after, "status") == [("eir", "held", "normal")]


def test_one_instant_in_two_zones_is_one_value(desk: Desk) -> None:
    start = {"date": "2024-01-05", "time_zone": "Asia/Shanghai"}
    desk.create(K.MEETING, MEETING | start | {"starts_at": "2024-01-05T10:00:00+08:00"})
    after = desk.patch(K.MEETING, "m", {"starts_at": "2024-01-05T11:00:00+09:00"})
    assert (after["rev"], after["claims"]) == (1, [])


@pytest.mark.parametrize("source", ["nobodys", "01a30000-0000-7000-8000-00000000ffff"])
def test_the_source_has_to_be_there_whatever_is_said(desk: Desk, source: str) -> None:
    desk.create(K.MEETING, MEETING)
    for body in ({"according_to": source}, {"according_to": source, "date": "2024-02"}):
        flaws = desk.flaws(desk.patch, K.MEETING, "m", body)
        assert flaws == {"/according_to": "names no source that exists"}
    nowhere = {"according_to": "eir", "place": {"country": "XX"}}
    flaws = desk.flaws(desk.patch, K.MEETING, "m", nowhere)
    assert flaws == {"/place/country": "names no party that exists"}


SOURCES = ["eir", "gt", "prc-wang", "politico"]
VALUES: dict[str, st.SearchStrategy[Json]] = {
    "date": st.sampled_from(["2023-06-19", "2023-06", "2023-06-19~", None]),
    "duration_minutes": st.sampled_from([30, 35, 180, None]),
    "duration_qualifier": st.sampled_from(["about", "exact", None]),
    "format": st.sampled_from(["bilateral", "courtesy_call"]),
    "status": st.sampled_from(["held", "reported_unconfirmed"]),
    "announced_beforehand": st.sampled_from([True, False, None]),
    "time_zone": st.sampled_from(["Asia/Shanghai", "Asia/Tokyo", None]),
    "place": st.fixed_dictionaries(
        {},
        optional={
            "city": st.sampled_from(["Beijing", "Tianjin", None]),
            "country": st.sampled_from(["CN", "US", None]),
        },
    ),
    "title": st.sampled_from(["A", "B"]),
}
PATCHES = st.fixed_dictionaries(
    {}, optional=VALUES | {"according_to": st.sampled_from(SOURCES)}
).filter(bool)
MEETINGS = ("blinken-wang-beijing-2023-06-19", "blinken-qin-beijing-2023-06-18", "gathering")


def said_by_others(document: Json, source: str | None) -> Counter[Any]:
    """What other sources claim, whatever rank it has."""
    return Counter(
        (each["source"]["slug"], each["field"], str(each["value"]), each["quote"], each["locator"])
        for each in document["claims"]
        if each["source"]["slug"] != source
    )


def test_no_patch_of_values_loses_what_another_source_says(desk: Desk) -> None:
    accepted: Counter[str] = Counter()
    pointed_at: set[str] = set()

    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[*HealthCheck],
    )
    @given(st.sampled_from(MEETINGS), st.lists(PATCHES, min_size=1, max_size=2))
    def try_patches(slug: str, patches: list[Json]) -> None:
        nonlocal pointed_at
        before = desk.read(K.MEETING, slug)
        with Session(desk.engine, autoflush=False) as session, session.begin() as transaction:
            for body in patches:
                try:
                    done = edits.patch(session, K.MEETING, slug, body, CHANGE, whatever)
                except InvalidInput as refused:
                    pointed_at |= {flaw.where.split("/")[1] for flaw in refused.flaws} - {*body}
                    continue
                after = orjson.loads(done.body or b"")
                source = body.get("according_to")
                lost = said_by_others(before, source) - said_by_others(after, source)
                if source is None and len(cited(before)) == 1:
                    lost = said_by_others(before, cited(before)[0]) - said_by_others(after, None)
                assert not lost, (body, lost)
                preferred = Counter(
                    (each["field"], each["participant"])
                    for each in after["claims"]
                    if each["rank"] == "preferred"
                )
                assert not preferred or max(preferred.values()) == 1
                form = form_of(K.MEETING, after)
                again = edits.patch(session, K.MEETING, slug, form, CHANGE, whatever)
                assert again.rev == after["rev"]
                accepted[slug] += 1
                before = after
            transaction.rollback()

    try_patches()
    assert pointed_at <= {"", "according_to"}
    assert sum(accepted.values()) > 5
