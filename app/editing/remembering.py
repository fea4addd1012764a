"""What a merger remembers of a record ends where an edit of that record says otherwise."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.editing.references import survivor_of
from app.models import MergedReference
from app.record.referrers import pointers, ways_up
from app.vocabulary import RecordKind


def forget_what_was_changed(session: Session, kind: RecordKind, record_id: str) -> None:
    """A reference of the record that no longer leads to the survivor is nobody's to get back."""
    for table, column in pointers(RecordKind.OFFICIAL):
        for way in ways_up(table):
            if way.kind is not kind:
                continue
            belongs = way.steps[0][1] if way.steps else table.c.id
            rows = session.execute(
                select(MergedReference, column)
                .join(table, table.c.id == MergedReference.referring_row)
                .where(
                    MergedReference.table_name == table.name,
                    MergedReference.column_name == column.name,
                    belongs == record_id,
                )
            )
            for remembered, official_id in rows.all():
                if official_id != survivor_of(session, remembered.merged_id).id:
                    session.delete(remembered)
