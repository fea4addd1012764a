"""The revisions of one record, from the log."""

from operator import itemgetter
from typing import Any

from sqlalchemy import Select, literal_column, select

from app.models import Document, Revision
from app.queries.base import Bind

COLUMNS: list[Any] = [
    Revision.seq,
    Revision.rev,
    Revision.operation,
    Revision.at,
    Revision.reason,
    Revision.cause,
    Revision.actor,
    Revision.request_id,
    Revision.shape,
    Revision.body_hash,
    Revision.hash,
]


def of_record(bind: Bind, limit: int, *, further: bool) -> Select[Any]:
    """The newest first, of `record_id`; `before` is where an earlier page ended."""
    statement = select(*COLUMNS).where(Revision.record_id == bind(itemgetter("record_id")))
    if further:
        statement = statement.where(Revision.seq < bind(itemgetter("before")))
    return statement.order_by(Revision.seq.desc()).limit(literal_column(str(limit + 1)))


def with_the_one_before(bind: Bind) -> Select[Any]:
    """Revision `number` of `record_id` with what it published, and the one before it, in this
    order; only that one where the record has no such revision.
    """
    return (
        select(*COLUMNS, Document.body)
        .outerjoin(Document, Document.seq == Revision.seq)
        .where(
            Revision.record_id == bind(itemgetter("record_id")),
            Revision.seq <= bind(itemgetter("number")),
        )
        .order_by(Revision.seq.desc())
        .limit(literal_column("2"))
    )
