"""The whole record as it stands, or stood at some time, noun by noun, in constant memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from app.database.engines import read_through, reading
from app.queries.base import Resource
from app.queries.past import documents_of, head_at, newest_documents_of
from app.record.chain import GENESIS
from app.record.documents import SHAPE
from app.record.upcasting import upcast_body

STRETCH = 500
FIRST_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The record after one revision of the log, in one view of the database.

    `at` is the instant of that revision, None where there was none yet. Asked for as known at
    that instant, the record is the same for ever; an instant before the present may still be
    that of a transaction under way.
    """

    connection: Connection
    seq: int
    hash: str
    at: datetime | None
    known_at: datetime | None
    """The instant that was asked for."""

    def documents(self, resource: Resource) -> Iterator[list[bytes]]:
        """The documents of a noun in the present shape, in order of id, a stretch at a time."""
        is_newest = self.known_at is None
        statement = newest_documents_of(resource) if is_newest else documents_of(resource)
        after = FIRST_ID
        while True:
            given = {"after": after, "most": STRETCH} | ({} if is_newest else {"head": self.seq})
            rows = self.connection.execute(statement, given).all()
            yield [
                body if shape == SHAPE else upcast_body(resource.kind, shape, body)
                for _, shape, body in rows
                if body is not None
            ]
            if len(rows) < STRETCH:
                return
            after = rows[-1].id


@contextmanager
def snapshot(engine: Engine, known_at: datetime | None = None) -> Iterator[Snapshot]:
    """The record as it was known at an instant, or is known now."""
    with reading(engine) as connection:
        read_through(connection)
        head = connection.execute(head_at(known_at)).first()
        if head is None:
            yield Snapshot(connection, 0, GENESIS, None, known_at)
        else:
            yield Snapshot(connection, head.seq, head.hash, head.at, known_at)
