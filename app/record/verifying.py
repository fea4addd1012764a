"""Checking the log: is it whole, does each revision follow from the one before, is every body the
one that was published?

Reads in short transactions, a stretch of the log at a time, so that writers go on: what was
appended is never altered. Changes nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.models import RECORDS, Document, Revision
from app.record.chain import GENESIS, SEALED, body_hash, seal
from app.record.documents import DOCUMENTS
from app.record.listing import listed_elsewhere
from app.record.loading import chunks, load

STRETCH = 1_000


class Head(NamedTuple):
    """Where a log ends: the number and the hash of its newest revision."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Broken(Exception):
    """The first revision at which the log is not what it was when it was written."""

    def __init__(self, seq: int, problem: str) -> None:
        super().__init__(f"revision {seq} {problem}")
        self.seq = seq


def verify_log(
    engine: Engine, *, kept: Head | None = None, tell: Callable[[int], None] | None = None
) -> Head:
    """Walk the whole log and say where it ends.

    `kept` is a head that was written down elsewhere, of this log at an earlier time: without
    it, a tail that was written anew with all its hashes cannot be told from the true one.
    `tell` is called with the number reached. Raises `Broken`.
    """
    head = Head(0, GENESIS)
    with Session(engine) as session:
        end = session.scalar(select(func.max(Revision.seq))) or 0
    while head.seq < end:
        with Session(engine) as session:
            for row, body in stretch(session, head.seq):
                check_revision(row, body, head)
                head = Head(row.seq, row.hash)
                if kept is not None and kept.seq == head.seq and kept.hash != head.hash:
                    raise Broken(head.seq, f"has another hash than the head that was kept, {kept}")
        if tell is not None:
            tell(head.seq)
    if kept is not None and kept.seq > head.seq:
        raise Broken(
            kept.seq, f"is missing: the log ends with {head.seq}, and a later head was kept"
        )
    return head


def stretch(session: Session, after: int) -> list[tuple[Any, bytes | None]]:
    """The next revisions by number, each with its body, which may have been blanked."""
    columns = [getattr(Revision, name) for name in (*SEALED, "prev_hash", "hash")]
    rows = session.execute(
        select(*columns, Document.body)
        .outerjoin(Document, Document.seq == Revision.seq)
        .where(Revision.seq > after)
        .order_by(Revision.seq)
        .limit(STRETCH)
    )
    return [(row, row.body) for row in rows]


def check_revision(row: Any, body: bytes | None, before: Head) -> None:
    """Hold one revision against the one before it, and its body against what it says of it."""
    if row.seq != before.seq + 1:
        raise Broken(before.seq + 1, f"is missing: {row.seq} comes next")
    if row.prev_hash != before.hash:
        raise Broken(row.seq, "does not follow from the one before it")
    if seal(row.prev_hash, {name: getattr(row, name) for name in SEALED}) != row.hash:
        raise Broken(row.seq, f"({row.kind} {row.record_id}) was altered: its hash is another")
    if row.body_hash is None:
        if body is not None:
            raise Broken(row.seq, f"({row.kind} {row.record_id}) published nothing, and has a body")
    elif body is None:
        raise Broken(row.seq, f"({row.kind} {row.record_id}) has lost its body")
    elif body_hash(body) != row.body_hash:
        raise Broken(row.seq, f"({row.kind} {row.record_id}) has another body than it published")


def stale_documents(engine: Engine) -> Iterator[str]:
    """The records whose newest document does not read as the record does."""
    for kind, model in RECORDS.items():
        columns: Any = model
        with engine.connect() as connection:
            ids = list(connection.scalars(select(columns.id).order_by(columns.id)))
        for some in chunks(ids, STRETCH):
            with Session(engine) as session:
                stored = {
                    seq: bytes(body)
                    for seq, body in session.execute(
                        select(Document.seq, Document.body)
                        .join(model, columns.seq == Document.seq)
                        .where(columns.id.in_(some))
                    )
                }
                for row in load(session, kind, some):
                    if row.deleted_seq is not None:
                        continue
                    if stored.get(row.seq) != orjson.dumps(DOCUMENTS[kind](row)):
                        yield f"{kind} {row.id} reads otherwise than its document"
                    if any(listed_elsewhere(row)):
                        yield f"{kind} {row.id} is listed on another day than its own"
