"""Documents of an older shape, brought to the present one: pure steps that are kept for ever.

`chancery migrate` publishes the newest documents anew; older ones stay in the log as they were,
and come through here when they are read as they stood then. A step has nothing but the document,
so that what only a neighbour knew is null, and what there was none of is empty.

A change of `SHAPE` adds its step to `STEPS`.
"""

from collections.abc import Callable
from typing import Any

import orjson

from app.record.documents import SHAPE
from app.vocabulary import RecordKind

Json = dict[str, Any]
Step = Callable[[Json], Json]


def after(document: Json, name: str, **added: Any) -> Json:
    """The document with keys added behind one that it has."""
    found: Json = {}
    for key, value in document.items():
        found[key] = value
        if key == name:
            found |= added
    return found


def position_from_1(document: Json) -> Json:
    return after(document, "acting", held=None)


def official_from_1(document: Json) -> Json:
    """Until when an office is attested was in the position's own document only."""
    positions = [
        after(after(each, "end_status", attested_until=None), "acting", held=None)
        for each in document["positions"]
    ]
    return {**document, "positions": positions}


def statement_from_1(document: Json) -> Json:
    return after(document, "speaker", joint_with=[])


def commitment_from_1(document: Json) -> Json:
    return after(document, "wordings", predecessors=[], successors=[])


def visit_from_2(document: Json) -> Json:
    """Localities were in the stop's place alone."""
    stops = [after(each, "place", localities=[]) for each in document["stops"]]
    return {**document, "stops": stops}


STEPS: dict[int, dict[RecordKind, Step]] = {
    1: {
        RecordKind.POSITION: position_from_1,
        RecordKind.OFFICIAL: official_from_1,
        RecordKind.STATEMENT: statement_from_1,
        RecordKind.COMMITMENT: commitment_from_1,
    },
    2: {RecordKind.VISIT: visit_from_2},
}
"""From each former shape to the next one. Kinds that are missing read the same in both."""


def upcast(kind: RecordKind, shape: int, document: Json) -> Json:
    """A document of that shape in the present one; the one given is left as it is."""
    for former in range(shape, SHAPE):
        step = STEPS[former].get(kind)
        if step is not None:
            document = step(document)
    return document


def upcast_body(kind: RecordKind, shape: int, body: bytes) -> bytes:
    """The same for the bytes of a body, which are passed on where nothing has changed."""
    if all(kind not in STEPS[former] for former in range(shape, SHAPE)):
        return body
    return orjson.dumps(upcast(kind, shape, orjson.loads(body)))
