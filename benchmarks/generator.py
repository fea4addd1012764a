"""A made-up record of any size, the same on every run, one record after another.

`stream` gives it as a data set would hand it over, so that whatever a record refers to has come
before; nothing is kept of what was given. Each record is made from its number alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from app.importers import neutral
from app.importers.batches import Batch, Origin, Sourced
from app.importers.neutral import NeutralRecord, Official, Party
from app.vocabulary import RecordKind
from benchmarks import gatherings, people
from benchmarks.people import CITIES, CODES, ROOT_ID, SEED, Size

__all__ = ["CITIES", "CODES", "ROOT_ID", "SEED", "batch", "batch_of", "official", "party"]

Given = Mapping[str, Any]
K = RecordKind
MODELS: dict[RecordKind, type[NeutralRecord]] = {
    K.PARTY: neutral.Party,
    K.TOPIC: neutral.Topic,
    K.SOURCE: neutral.Source,
    K.OFFICIAL: neutral.Official,
    K.POSITION: neutral.Position,
    K.VISIT: neutral.Visit,
    K.MEETING: neutral.Meeting,
    K.STATEMENT: neutral.Statement,
    K.COMMITMENT: neutral.Commitment,
}


def stream(meetings: int) -> Iterator[tuple[RecordKind, Given]]:
    """The record with that many meetings, each record as a file would have it."""
    size = Size.of(meetings)
    members = people.members(size)
    for number in range(size.parties):
        yield K.PARTY, people.party(people.code(number))
    for number in range(len(people.TOPICS)):
        yield K.TOPIC, people.topic(number)
    for number in range(size.sources):
        yield K.SOURCE, people.source(number, size)
    for number in range(size.officials):
        yield K.OFFICIAL, people.official(number)
        for each in people.positions(number, size):
            yield K.POSITION, each
    for number in range(meetings):
        if number % gatherings.MEETINGS_A_VISIT == 0:
            yield K.VISIT, gatherings.visit(number, size, members)
        yield K.MEETING, gatherings.meeting(number, size, members)
        for each in gatherings.statements(number, size, members):
            yield K.STATEMENT, each
        if number % gatherings.MEETINGS_A_COMMITMENT == 0:
            yield K.COMMITMENT, gatherings.commitment(number, size, members)


def records(meetings: int) -> Iterator[Sourced]:
    """The same, checked and each with the place where it was read."""
    for number, (kind, given) in enumerate(stream(meetings)):
        yield sourced(MODELS[kind].model_validate(given), number)


def sourced(record: NeutralRecord, number: int) -> Sourced:
    return Sourced(record, Origin("generated", f"records[{number}]", {}))  # type: ignore[arg-type]


def content_hash(meetings: int) -> str:
    return sha256(f"{SEED} {meetings}".encode()).hexdigest()


def batch(meetings: int) -> Batch:
    """All of it at once."""
    return Batch(records=tuple(records(meetings)), content_hash=content_hash(meetings))


def batch_of(given: Iterable[NeutralRecord]) -> Batch:
    """A batch of some records of one's own."""
    found = tuple(sourced(record, number) for number, record in enumerate(given))
    return Batch(records=found, content_hash=content_hash(len(found)))


def party(code: str) -> Party:
    return Party.model_validate(people.party(code))


def official(number: int) -> Official:
    return Official.model_validate(people.official(number))
