"""Edits of every kind in a random order: each leaves one revision of what it changed, with what
followed from it, and nothing that is derived falls behind.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, RecordDeleted, RecordMoved
from app.models import Document
from app.vocabulary import Operation, RecordKind
from tests.support.editing import Desk, consistent

Json = Any
K = RecordKind
EDITS = 36
BETWEEN_CHECKS = 20
PATCHES: dict[RecordKind, Callable[[Random, int], Json]] = {
    K.PARTY: lambda dice, n: {"existed_from": str(1900 + n)},
    K.TOPIC: lambda dice, n: {"label": f"Label {n}"},
    K.SOURCE: lambda dice, n: {"title": f"Title {n}"},
    K.OFFICIAL: lambda dice, n: {"names": [{"name": f"Name {n}"}]},
    K.POSITION: lambda dice, n: {"attested_until": f"20{n:02}-01-01"},
    K.VISIT: lambda dice, n: {"title": f"Title {n}", "stops": [{"place": {"city": f"City {n}"}}]},
    K.MEETING: lambda dice, n: {"title": f"Title {n}", "according_to": "eir", "participants": []},
    K.STATEMENT: lambda dice, n: {"text": f"Text {n}", "addressees": [{"party": "US"}]},
    K.COMMITMENT: lambda dice, n: {"text": f"Text {n}", "assessments": []},
}
DONE = {
    "patch": Operation.UPDATE,
    "delete": Operation.DELETE,
    "restore": Operation.RESTORE,
    "merge": Operation.MERGE,
    "unmerge": Operation.UNMERGE,
}


def test_edits_in_any_order_leave_a_whole_record(desk: Desk) -> None:
    dice, done = Random(11), dict.fromkeys(DONE, 0)
    deleted: list[tuple[RecordKind, str]] = []
    merged: list[str] = []
    for number in range(EDITS):
        head, before = desk.head(), desk.documents()
        by_kind = {kind: [key for key in before if key[0] is kind] for kind in K}
        kind, record_id = dice.choice(by_kind[dice.choice([*K])])
        way = dice.choice([*DONE])
        if way in {"merge", "unmerge"}:
            kind, record_id = dice.choice(by_kind[K.OFFICIAL])
        if way == "restore" and deleted:
            kind, record_id = dice.choice(deleted)
        if way == "unmerge" and merged:
            record_id = dice.choice(merged)
        try:
            match way:
                case "patch":
                    desk.patch(kind, record_id, PATCHES[kind](dice, number))
                case "delete":
                    desk.delete(kind, record_id)
                    deleted.append((kind, record_id))
                case "restore":
                    desk.restore(kind, record_id)
                    deleted.remove((kind, record_id))
                case "merge":
                    desk.merge(record_id, dice.choice(by_kind[K.OFFICIAL])[1])
                    merged.append(record_id)
                case "unmerge":
                    desk.unmerge(record_id)
                    merged.remove(record_id)
        except (Conflict, InvalidInput, RecordDeleted, RecordMoved):
            assert desk.head() == head
            assert desk.documents() == before
            continue
        done[way] += 1
        check_what_was_done(desk, head, before, (kind, record_id), DONE[way])
        if number % BETWEEN_CHECKS == 0:
            consistent(desk.engine)
    consistent(desk.engine)
    assert min(done.values()) > 0, done


def check_what_was_done(
    desk: Desk, head: int, before: Json, edited: tuple[RecordKind, str], operation: Operation
) -> None:
    """One revision of what was edited comes first; the others say that they follow from it."""
    after = desk.documents()
    first, *others = desk.revisions(head)
    assert (first.kind, first.record_id, first.operation) == (*edited, operation)
    assert (first.actor, first.cause) == ("key:tester", None)
    assert first.rev == (before.get(edited) or {"rev": first.rev - 1})["rev"] + 1
    assert {(each.operation, each.cause) for each in others} <= {(Operation.REPUBLISH, first.seq)}
    revised = [(each.kind, each.record_id) for each in (first, *others)]
    assert len(set(revised)) == len(revised)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed == set(revised)
    for each in others:
        assert each.rev == before[each.kind, each.record_id]["rev"]
    with Session(desk.engine) as session:
        bodies = dict(
            session.execute(select(Document.seq, Document.body).where(Document.seq > head)).all()
        )
    assert {seq: orjson.loads(body) for seq, body in bodies.items()} == {
        each.seq: after[each.kind, each.record_id]
        for each in (first, *others)
        if (each.kind, each.record_id) in after
    }
