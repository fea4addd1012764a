"""Bringing the documents of an older release to the shape that this one writes.

Done in batches, each a transaction of its own, so that readers and writers go on; what a run
that was stopped has left is done by the next one. Former bodies stay in the log as they were.
"""

from datetime import UTC, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.models import RECORDS, DocumentShape, Revision
from app.record.documents import SHAPE
from app.record.loading import chunks
from app.record.recorder import Change, Recorder
from app.vocabulary import RecordKind

BATCH = 200


def is_reshaped(engine: Engine) -> bool:
    """Whether the documents are known to have this program's shape; a cheap question."""
    with engine.connect() as connection:
        return connection.scalar(select(func.max(DocumentShape.shape))) == SHAPE


def reshape(engine: Engine, change: Change) -> int:
    """Republish whatever reads differently in the present shape; the number of such documents.

    Raises `SchemaMismatch` where a newer program has written the log already.
    """
    republished = 0
    for kind in RECORDS:
        for ids in chunks(outdated(engine, kind), BATCH):
            with Session(engine, autoflush=False) as session, session.begin():
                republished += Recorder(session, change).reshape(kind, ids)
    with Session(engine) as session, session.begin():
        # Under the lock: another may have come to the same end, and a newer program further.
        Recorder(session, change).take_head()
        if session.get(DocumentShape, SHAPE) is None:
            row = DocumentShape(shape=SHAPE, reached_at=datetime.now(UTC), republished=republished)
            session.add(row)
    return republished


def outdated(engine: Engine, kind: RecordKind) -> list[str]:
    """The ids of the records whose newest document has an older shape."""
    model = RECORDS[kind]
    statement = (
        select(model.id)  # type: ignore[attr-defined]
        .join(Revision, Revision.seq == model.seq)  # type: ignore[attr-defined]
        .where(Revision.shape < SHAPE, model.deleted_seq.is_(None))  # type: ignore[attr-defined]
        .order_by(model.id)  # type: ignore[attr-defined]
    )
    with engine.connect() as connection:
        return list(connection.scalars(statement))
