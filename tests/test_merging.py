"""Mergers of officials: where every reference goes, where it comes back to, what is found."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, RecordMoved
from app.record.referrers import pointers
from app.vocabulary import Operation, RecordKind
from tests.conftest import serving
from tests.support.api import Api, asking
from tests.support.editing import Desk, consistent, derived

Json = Any
K = RecordKind
BOOKKEEPING = {"rev", "updated_at"}
MEETING = {"format": "bilateral", "status": "held", "date": "2024-01", "citations": ["eir"]}


def plain(desk: Desk) -> dict[Any, Json]:
    """Every document, but for how often it was edited."""
    return {
        key: {name: value for name, value in document.items() if name not in BOOKKEEPING}
        for key, document in desk.documents().items()
    }


def references(desk: Desk) -> dict[tuple[str, str, str], str]:
    """The official to whom each reference leads: by table, column and row."""
    with Session(desk.engine) as session:
        return {
            (table.name, column.name, str(row_id)): str(official_id)
            for table, column in pointers(K.OFFICIAL)
            for row_id, official_id in session.execute(
                select(table.c.id, column).where(column.is_not(None))
            )
        }


def somebody(desk: Desk, name: str, **given: Any) -> str:
    return str(desk.create(K.OFFICIAL, {"name": name, **given})["slug"])


def met(desk: Desk, title: str, *officials: str) -> Json:
    people = [
        {"name_as_given": each, "official": each, "role": "visitor", "party": party}
        for each, party in zip(officials, ("US", "CN"), strict=False)
    ]
    return desk.create(K.MEETING, MEETING | {"title": title, "participants": people})


def test_mergers_in_any_order_lead_to_survivors_and_are_undone_exactly(desk: Desk) -> None:
    dice = Random(20)
    before, at_first, derived_at_first = plain(desk), references(desk), derived(desk.engine)
    names = {
        doc["slug"]: doc["id"] for (kind, _), doc in desk.documents().items() if kind is K.OFFICIAL
    }
    into: dict[str, str] = {}

    def survivor(official_id: str) -> str:
        while official_id in into:
            official_id = into[official_id]
        return official_id

    refused = 0
    for _ in range(24):
        if into and dice.random() < 0.35:
            back = dice.choice(sorted(into))
            desk.unmerge(back)
            del into[back]
        else:
            gone, stays = dice.sample(sorted(names.values()), 2)
            if survivor(gone) != gone or survivor(stays) == gone:
                continue
            try:
                desk.merge(gone, stays)
            except Conflict:
                refused += 1
                continue
            into[gone] = survivor(stays)
    assert into
    assert refused
    assert references(desk) == {row: survivor(each) for row, each in at_first.items()}
    consistent(desk.engine)
    for each in dice.sample(sorted(into), len(into)):
        desk.unmerge(each)
    assert references(desk) == at_first
    assert plain(desk) == before
    assert derived(desk.engine) == derived_at_first
    consistent(desk.engine)


def test_what_was_changed_meanwhile_stays_as_it_was_changed(desk: Desk) -> None:
    """Also where it leads to the same survivor again, by another merger."""
    one, other, stays = (somebody(desk, each) for each in ("One", "Other", "Stays"))
    meeting, second = met(desk, "M", one), met(desk, "N", one)
    desk.merge(one, stays)
    (person,) = meeting["participants"]
    desk.patch(K.MEETING, "m", {"participants": [{"id": person["id"], "official": other}]})
    desk.merge(other, stays)
    desk.unmerge(one)
    assert desk.read(K.MEETING, "m")["participants"][0]["official"]["slug"] == stays
    assert desk.read(K.MEETING, "n")["participants"] == second["participants"]
    desk.unmerge(other)
    assert desk.read(K.MEETING, "m")["participants"][0]["official"]["slug"] == other
    consistent(desk.engine)


def test_each_record_that_names_them_is_published_anew_with_the_cause(desk: Desk) -> None:
    one, stays = somebody(desk, "One"), somebody(desk, "Stays")
    met(desk, "M", one, "wang-yi")
    desk.create(K.POSITION, {"official": one, "title": "Envoy", "level": "other"})
    head = desk.head()
    desk.merge(one, stays)
    first, *others = desk.revisions(head)
    assert (first.kind, first.operation, first.body_hash) == (K.OFFICIAL, Operation.MERGE, None)
    assert {(each.operation, each.cause) for each in others} == {(Operation.REPUBLISH, first.seq)}
    assert sorted(str(each.kind) for each in others) == ["meeting", "official", "position"]
    assert [each["title"] for each in desk.read(K.OFFICIAL, stays)["positions"]] == ["Envoy"]
    head = desk.head()
    desk.unmerge(one)
    first, *others = desk.revisions(head)
    assert (first.kind, first.operation) == (K.OFFICIAL, Operation.UNMERGE)
    assert {(each.operation, each.cause) for each in others} == {(Operation.REPUBLISH, first.seq)}
    assert sorted(str(each.kind) for each in others) == ["meeting", "official", "position"]


def test_two_in_one_place_are_not_merged_even_where_it_was_deleted(desk: Desk) -> None:
    one, stays = somebody(desk, "One"), somebody(desk, "Stays")
    met(desk, "M", one, stays)
    travellers = [
        {"name_as_given": each, "official": each, "role": "visitor"} for each in (one, stays)
    ]
    body = {"title": "V", "status": "held", "citations": ["eir"], "travellers": travellers}
    desk.create(K.VISIT, body)
    by = [{"party": "US", "official": each} for each in (one, stays)]
    made = [{"event": "made", "citations": ["eir"]}]
    promise = {"title": "C", "text": "T", "kind": "process", "by": by, "events": made}
    desk.create(K.COMMITMENT, promise | {"citations": ["eir"]})
    both = {("meeting", "m"), ("visit", "v"), ("commitment", "c")}
    for kind, slug in ((K.MEETING, "m"), (K.VISIT, "v"), (K.COMMITMENT, "c")):
        refused = desk.conflict(desk.merge, one, stays)
        assert {(each.type, each.slug) for each in refused.referrers} == both
        desk.delete(kind, slug)
    refused = desk.conflict(desk.merge, one, stays)
    assert {(each.type, each.slug) for each in refused.referrers} == both
    assert "restoring" in str(refused)
    assert desk.read(K.OFFICIAL, one) is not None
    # Apart, they may well be in one place: one said it, the other was addressed.
    other = somebody(desk, "Other")
    said = {"text": "T", "language": "en", "wording": "reported", "citations": ["eir"]}
    people = {"speaker": {"official": other}, "addressees": [{"official": stays}]}
    statement = desk.create(K.STATEMENT, said | people)
    desk.merge(other, stays)
    assert desk.read(K.STATEMENT, statement["id"])["speaker"]["official"]["slug"] == stays


def test_who_can_be_merged_into_whom(desk: Desk) -> None:
    one, two, three, gone = (somebody(desk, each) for each in ("One", "Two", "Three", "Gone"))
    desk.delete(K.OFFICIAL, gone)
    assert desk.flaws(desk.merge, one, one) == {"/into": "is the official itself"}
    assert [*desk.flaws(desk.merge, one, "nobody-at-all")] == ["/into"]
    assert desk.flaws(desk.merge, one, gone) == {"/into": "names an official that was deleted"}
    desk.merge(one, two)
    # Whoever is named by what it was before stands for its survivor.
    assert desk.merge(three, one)["slug"] == two
    with pytest.raises(InvalidInput):
        desk.merge(two, one)
    with pytest.raises(RecordMoved):
        desk.merge(one, three)
    for edit in (
        lambda: desk.patch(K.OFFICIAL, one, {"name": "X"}),
        lambda: desk.delete(K.OFFICIAL, one),
        lambda: desk.restore(K.OFFICIAL, one),
    ):
        with pytest.raises(RecordMoved):
            edit()
    refused = desk.conflict(desk.delete, K.OFFICIAL, two)
    assert {each.slug for each in refused.referrers} == {one, three}
    desk.conflict(desk.unmerge, two)
    # A new record that names the one is a record of the other.
    assert met(desk, "M", one)["participants"][0]["official"]["slug"] == two
    desk.unmerge(one)
    assert desk.read(K.MEETING, "m")["participants"][0]["official"]["slug"] == two
    desk.conflict(desk.unmerge, one)


@pytest.fixture
def merged(desk: Desk, archive_url: str) -> Iterator[tuple[Desk, Api]]:
    """A chain of mergers: one into two, and two into three; each was somewhere before."""
    names = [{"name": "Эйнс", "language": "ru"}]
    one = somebody(desk, "Onesimus", names=names, identifiers=[{"scheme": "viaf", "value": "u-1"}])
    two, three = somebody(desk, "Twyla"), somebody(desk, "Threnody")
    for each in (one, two, three):
        met(desk, f"With {each}", each, "wang-yi")
    desk.create(K.POSITION, {"official": one, "title": "Envoy", "level": "other"})
    said = {"text": "T", "language": "en", "wording": "reported", "citations": ["eir"]}
    desk.create(K.STATEMENT, said | {"speaker": {"official": one}})
    desk.merge(one, two)
    desk.merge(two, three)
    with serving(archive_url) as server, asking(server) as api:
        yield desk, api


def test_filters_find_the_survivor_by_whatever_name(merged: tuple[Desk, Api]) -> None:
    desk, api = merged
    (one,) = [each.record_id for each in desk.revisions() if each.operation is Operation.MERGE][:1]
    for name in ("onesimus", "twyla", "threnody", one):
        found = api.read("/v1/meetings", participant=name, count="exact", sort="title")
        assert [each["slug"] for each in found["items"]] == [
            "with-onesimus",
            "with-threnody",
            "with-twyla",
        ]
        assert found["total"] == 3
        both = api.read("/v1/meetings", participant=[name, "wang-yi"])
        assert len(both["items"]) == 3
        assert len(api.items("/v1/statements", speaker=name)) == 1
        assert len(api.items("/v1/positions", official=name)) == 1
        assert api.read("/v1/stats/meetings", by="year", participant=name)["total"] == 3
    for query in (
        {"q": "onesimus"},
        {"q": "Эйнс"},
        {"q": "twyla"},
        {"q": "threnody envoy"},
        {"identifier": "viaf:u-1"},
    ):
        assert [each["slug"] for each in api.items("/v1/officials", **query)] == ["threnody"]
    counterparts = api.read("/v1/officials/threnody/counterparts")["items"]
    assert [(each["official"]["slug"], each["meetings"]) for each in counterparts] == [
        ("wang-yi", 3)
    ]
    desk.unmerge("onesimus")
    assert [each["slug"] for each in api.items("/v1/officials", q="onesimus")] == ["onesimus"]
    assert [each["slug"] for each in api.items("/v1/officials", q="twyla")] == ["threnody"]
    assert len(api.items("/v1/meetings", participant="onesimus")) == 1
    assert len(api.items("/v1/meetings", participant="twyla")) == 2


def test_what_is_below_the_address_of_one_merged_away_moves_with_it(
    merged: tuple[Desk, Api],
) -> None:
    _, api = merged
    for below in ("", "/meetings", "/positions", "/statements", "/counterparts"):
        address = f"/v1/officials/onesimus{below}?limit=1" if below else "/v1/officials/onesimus"
        for _ in range(2):  # into two, and from there into three
            answer = api.get(address)
            assert answer.status_code == 308, address
            address = answer.headers["location"]
        assert api.get(address).status_code == 200
