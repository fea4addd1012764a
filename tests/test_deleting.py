"""Deleting and restoring: who stands in the way, what goes along, and that it comes back."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy.orm import Session

from app.editing.converting import Converted, validated
from app.editing.drafts import form_of
from app.errors import Conflict, RecordDeleted
from app.importers.checks import references
from app.record.referrers import MOST_NAMED, pointers, referrers
from app.vocabulary import Operation, RecordKind
from tests.conftest import serving
from tests.support.api import NOUNS, Api, asking
from tests.support.editing import Desk, consistent, derived

Json = Any
K = RecordKind

POINTERS = {
    K.PARTY: {
        *("commitment_actors.party_id", "commitment_events.actor_party_id"),
        *("commitment_wordings.party_id", "meetings.country_id", "participations.party_id"),
        *("party_successions.successor_id", "positions.party_id", "sources.perspective_party_id"),
        *("statement_addressees.party_id", "statement_co_speakers.party_id"),
        *("statements.on_behalf_of_party_id", "statements.party_id", "visit_parties.party_id"),
        *("visit_stops.country_id", "visit_travellers.party_id"),
    },
    K.OFFICIAL: {
        *("commitment_actors.official_id", "commitment_events.actor_id"),
        *("participations.official_id", "positions.official_id", "visit_travellers.official_id"),
        *("statement_addressees.official_id", "statement_co_speakers.official_id"),
        *("statements.on_behalf_of_official_id", "statements.speaker_id"),
    },
    K.POSITION: set(),
    K.VISIT: {"meetings.visit_id", "statements.visit_id"},
    K.MEETING: {"commitment_events.meeting_id", "meetings.part_of_id", "statements.meeting_id"},
    K.STATEMENT: set(),
    K.COMMITMENT: {"commitment_lineage.earlier_id"},
    K.SOURCE: {
        *("citations.source_id", "claims.source_id", "commitment_lineage.source_id"),
        *("commitment_wordings.source_id", "sources.known_through_id"),
    },
    K.TOPIC: {
        *("commitment_topics.topic_id", "meeting_topics.topic_id", "statement_topics.topic_id"),
        "topics.parent_id",
    },
}
"""By which columns records of each kind are referred to, written by hand."""

MEETING = {
    "title": "M",
    "format": "bilateral",
    "status": "held",
    "date": "2023-06-19",
    "citations": ["eir"],
}
SPEECH = {"text": "T", "language": "en", "wording": "reported", "citations": ["eir"]}
PROMISE = {
    "text": "T",
    "kind": "process",
    "by": ["US"],
    "events": [{"event": "made", "citations": ["eir"]}],
    "citations": ["eir"],
}


def test_the_columns_that_refer_are_the_ones_that_we_know_of() -> None:
    found = {
        kind: {f"{table.name}.{column.name}" for table, column in pointers(kind)} for kind in K
    }
    assert found == POINTERS


def test_whoever_refers_to_a_record_is_found(desk: Desk) -> None:
    """Held against every reference in every document."""
    documents = desk.documents()
    ids = {
        (kind, document.get("slug") or document.get("code") or record_id): record_id
        for (kind, record_id), document in documents.items()
    }
    expected: dict[tuple[RecordKind, str], set[str]] = {
        (kind, record_id): set() for kind, record_id in documents
    }
    for (kind, record_id), document in documents.items():
        form = validated(kind, form_of(kind, document))
        for _, target, key in references(Converted(kind, form, record_id).record()):
            if ids[target, key] != record_id:
                expected[target, ids[target, key]].add(record_id)
    with Session(desk.engine) as session:
        for (kind, record_id), owners in expected.items():
            found = {each for _, each, _ in referrers(session, kind, record_id)}
            if len(owners) <= MOST_NAMED:
                assert found == owners, (kind, record_id)
            else:
                assert len(found) > MOST_NAMED
                assert found <= owners


def test_a_party_that_is_only_claimed_stands_in_the_way_too(desk: Desk) -> None:
    desk.create(K.PARTY, {"code": "ZZA", "kind": "state", "name": "Z"})
    claim = {"source": "eir", "field": "place.country", "value": "ZZA", "rank": "deprecated"}
    desk.create(K.MEETING, MEETING | {"claims": [claim]})
    refused = desk.conflict(desk.delete, K.PARTY, "ZZA")
    assert [(each.type, each.slug) for each in refused.referrers] == [("meeting", "m")]
    desk.patch(K.MEETING, "m", {"claims": []})
    desk.delete(K.PARTY, "ZZA")


def plain(documents: dict[Any, Json]) -> dict[Any, Json]:
    return {
        key: {name: each for name, each in document.items() if name not in {"rev", "updated_at"}}
        for key, document in documents.items()
    }


def test_whatever_is_deleted_comes_back_as_it_was(desk: Desk) -> None:
    before, derived_before = desk.documents(), derived(desk.engine)
    waiting = [key for key, document in before.items() if document["dataset"] == "company"]
    order = []
    for _ in range(len(waiting)):
        left = []
        for kind, record_id in waiting:
            head = desk.head()
            try:
                desk.delete(kind, record_id)
            except Conflict:
                assert desk.head() == head
                left.append((kind, record_id))
            else:
                order.append((kind, record_id))
                first, *others = desk.revisions(head)
                assert (first.record_id, first.operation) == (record_id, Operation.DELETE)
                assert all(
                    (each.operation, each.cause) == (Operation.REPUBLISH, first.seq)
                    for each in others
                )
        if not left:
            break
        waiting = left
    consistent(desk.engine)
    assert {key for key in before if key not in set(order)} == set(desk.documents())
    for kind, record_id in reversed(order):
        head = desk.head()
        back = desk.restore(kind, record_id)
        assert back["rev"] == before[kind, record_id]["rev"] + 2
        first, *others = desk.revisions(head)
        assert (first.record_id, first.operation) == (record_id, Operation.RESTORE)
        assert all(
            (each.operation, each.cause) == (Operation.REPUBLISH, first.seq) for each in others
        )
    assert plain(desk.documents()) == plain(before)
    assert derived(desk.engine) == derived_before
    consistent(desk.engine)


def test_a_name_is_never_given_twice(desk: Desk) -> None:
    gone = desk.create(K.MEETING, MEETING | {"external_ids": [{"scheme": "viaf", "value": "u-1"}]})
    desk.delete(K.MEETING, "m")
    assert "for ever" in str(desk.conflict(desk.create, K.MEETING, MEETING | {"slug": "m"}))
    assert desk.create(K.MEETING, MEETING)["slug"] == "m-2"
    again = MEETING | {"external_ids": [{"scheme": "viaf", "value": "u-1"}]}
    assert gone["id"] in str(desk.conflict(desk.create, K.MEETING, again))
    desk.create(K.TOPIC, {"code": "zz", "label": "Z"})
    desk.delete(K.TOPIC, "zz")
    desk.conflict(desk.create, K.TOPIC, {"code": "zz", "label": "Z"})
    assert desk.restore(K.MEETING, "m")["external_ids"] == gone["external_ids"]


def test_what_is_deleted_cannot_be_edited_referred_to_or_deleted_again(desk: Desk) -> None:
    desk.create(K.MEETING, MEETING)
    desk.conflict(desk.restore, K.MEETING, "m")
    desk.delete(K.MEETING, "m")
    for edit in (
        lambda: desk.patch(K.MEETING, "m", {"title": "N"}),
        lambda: desk.delete(K.MEETING, "m"),
    ):
        with pytest.raises(RecordDeleted):
            edit()
    said = SPEECH | {"speaker": {"party": "US"}, "meeting": "m"}
    assert desk.flaws(desk.create, K.STATEMENT, said) == {
        "/meeting": "names a meeting that was deleted"
    }


def test_a_record_comes_back_only_when_what_it_refers_to_is_there(desk: Desk) -> None:
    somebody = desk.create(K.OFFICIAL, {"name": "Ada"})
    people = [{"name_as_given": "A", "official": "ada", "role": "visitor"}]
    made = desk.create(K.MEETING, MEETING | {"participants": people})
    desk.delete(K.MEETING, "m")
    desk.delete(K.OFFICIAL, "ada")
    assert "/participants/0/official" in str(desk.conflict(desk.restore, K.MEETING, "m"))
    assert desk.read(K.MEETING, "m") is None
    desk.restore(K.OFFICIAL, somebody["id"])
    desk.patch(K.OFFICIAL, "ada", {"name": "Ada L."})
    back = desk.restore(K.MEETING, "m")
    assert back["participants"][0]["id"] == made["participants"][0]["id"]
    assert back["participants"][0]["official"]["name"] == "Ada L."
    consistent(desk.engine)


def test_neighbours_show_what_is_gone_no_more_and_again_when_it_is_back(desk: Desk) -> None:
    def held() -> Any:
        return desk.read(K.MEETING, "m")["participants"][0]["position"]

    desk.create(K.OFFICIAL, {"name": "Ada"})
    people = [{"name_as_given": "A", "official": "ada", "role": "visitor"}]
    desk.create(K.MEETING, MEETING | {"participants": people})
    office = {"official": "ada", "title": "Envoy", "level": "other", "start": "2022", "end": "2024"}
    before = held()
    position = desk.create(K.POSITION, office | {"end_status": "ended"})
    with_position = held()
    assert with_position["title"] == "Envoy"
    desk.delete(K.POSITION, position["id"])
    assert held() == before
    desk.restore(K.POSITION, position["id"])
    assert held() == with_position

    desk.create(K.TOPIC, {"code": "above", "label": "A"})
    desk.create(K.TOPIC, {"code": "below", "label": "B", "parent": "above"})
    desk.create(K.PARTY, {"code": "ZZB", "kind": "state", "name": "B"})
    desk.create(K.PARTY, {"code": "ZZA", "kind": "state", "name": "A", "successors": ["ZZB"]})
    desk.create(K.COMMITMENT, PROMISE | {"title": "First"})
    earlier = {"relation": "restates", "commitment": "first", "source": "eir"}
    desk.create(K.COMMITMENT, PROMISE | {"title": "Second", "predecessors": [earlier]})
    for kind, shown, field, other in (
        (K.TOPIC, "above", "children", "below"),
        (K.PARTY, "ZZB", "predecessors", "ZZA"),
        (K.COMMITMENT, "first", "successors", "second"),
    ):
        there = desk.read(kind, shown)[field]
        assert len(there) == 1
        desk.conflict(desk.delete, kind, shown)
        desk.delete(kind, other)
        assert desk.read(kind, shown)[field] == []
        desk.restore(kind, other)
        assert desk.read(kind, shown)[field] == there
    consistent(desk.engine)


@pytest.fixture
def api(desk: Desk, archive_url: str) -> Iterator[Api]:
    with serving(archive_url) as server, asking(server) as found:
        yield found


def test_nothing_that_is_read_shows_a_deleted_record(desk: Desk, api: Api) -> None:
    people = [
        {"name_as_given": each, "official": each, "role": "visitor", "party": party}
        for each, party in (("antony-blinken", "US"), ("wang-yi", "CN"))
    ]
    title = {"title": "Unmistakable"}
    meeting = desk.create(K.MEETING, MEETING | title | {"participants": people})
    paths = (
        *(f"/v1/{noun}?limit=200&count=exact" for noun in NOUNS),
        "/v1/meetings?q=unmistakable&count=exact",
        "/v1/meetings?participant=wang-yi&count=exact",
        "/v1/officials/wang-yi/meetings",
        "/v1/officials/wang-yi/counterparts",
        "/v1/relations/US/CN?limit=200",
        "/v1/stats/meetings?by=year",
        f"/v1/meetings?id={meeting['id']}",
    )

    def answers() -> list[Any]:
        return [api.get(path).json() for path in paths]

    there = answers()
    assert sum(meeting["id"] in orjson.dumps(each).decode() for each in there) >= 6
    desk.delete(K.MEETING, meeting["id"])
    gone = answers()
    assert meeting["id"] not in orjson.dumps(gone).decode()
    assert all(one != other for one, other in zip(there[9:], gone[9:], strict=True))
    for name in ("unmistakable", meeting["id"]):
        answer = api.get(f"/v1/meetings/{name}")
        assert answer.status_code == 410
        assert str(desk.head()) in answer.json()["detail"]
    assert api.get(f"/v1/meetings/{meeting['id']}/revisions").status_code == 200
    desk.restore(K.MEETING, "unmistakable")

    def content(answer: Json) -> Json:
        if isinstance(answer, dict):
            return {
                name: content(each)
                for name, each in answer.items()
                if name not in {"rev", "updated_at"}
            }
        return [*map(content, answer)] if isinstance(answer, list) else answer

    assert content(answers()) == content(there)
