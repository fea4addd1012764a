"""The log as a list: changes in the order in which they were made.

They are appended one after another and become visible in that order, so that a reader who has
seen a sequence number has seen all before it.
"""

from typing import Any

from sqlalchemy import Select, func, literal_column, select

from app.models import Document, Revision
from app.queries.base import Bind
from app.schemas.changes import ChangesParameters

HEAD = select(func.coalesce(func.max(Revision.seq), 0))
"""The sequence number of the newest change; 0 in an empty log."""


def changes(asked: ChangesParameters, bind: Bind) -> Select[Any]:
    """Rows of seq, kind, record's id, operation, rev, instant, cause and, if asked, document."""
    columns: list[Any] = [
        Revision.seq,
        Revision.kind,
        Revision.record_id,
        Revision.operation,
        Revision.rev,
        Revision.at,
        Revision.cause,
    ]
    statement = select(*columns).where(Revision.seq > bind.value("after"))
    if asked.since is not None:
        statement = statement.where(Revision.at >= bind.value("since"))
    if asked.include:
        statement = statement.add_columns(Document.body).outerjoin(
            Document, Document.seq == Revision.seq
        )
    return statement.order_by(Revision.seq).limit(literal_column(str(asked.limit)))
