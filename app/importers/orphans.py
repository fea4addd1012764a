"""News about what an editor has deleted: it is left out.

Nothing can be deleted that something living refers to. So an import makes nothing that would
refer to a record that is deleted, and that this run does not bring back: the conversations of a
visit that an editor took out of the record, say. What refers to something that was left out is
left as it is.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.importers.batches import Batch, Sourced
from app.importers.checks import references
from app.importers.standing import KnownIds
from app.importers.withdrawing import was_withdrawn
from app.models import RECORDS, Official
from app.record.loading import chunks
from app.vocabulary import RecordKind

Key = tuple[RecordKind, str]


def without_orphans(
    session: Session, batch: Batch, ids: KnownIds
) -> tuple[Batch, tuple[Sourced, ...]]:
    """The batch as it can be loaded, and the records that are left out of it."""
    gone = deleted_for_good(session, batch, ids)
    if not gone:
        return batch, ()
    left = orphans(batch.records, gone, stored=set(ids.values()))
    kept = tuple(each for each in batch.records if each.record.id not in left)
    return replace(batch, records=kept), tuple(left.values())


def deleted_for_good(session: Session, batch: Batch, ids: KnownIds) -> set[Key]:
    """What the batch refers to, is deleted, and stays so."""
    by_kind: dict[RecordKind, dict[str, Key]] = {}
    for each in ids.referred:
        if (record_id := ids.get(each)) is not None:
            by_kind.setdefault(each[0], {})[record_id] = each
    given = {each.record.id for each in batch.records}
    found = set()
    for kind, keys in by_kind.items():
        model: Any = RECORDS[kind]
        deleted = select(model.id, model.deleted_seq).where(model.deleted_seq.is_not(None))
        if model is Official:  # one who was merged is another one, and not gone
            deleted = deleted.where(Official.merged_into_id.is_(None))
        for some in chunks(keys):
            for record_id, seq in session.execute(deleted.where(model.id.in_(some))):
                if record_id not in given or not was_withdrawn(session, seq):
                    found.add(keys[record_id])
    return found


def orphans(records: Iterable[Sourced], gone: set[Key], *, stored: set[str]) -> dict[str, Sourced]:
    """New records that refer to what is gone, and all that refer to one of those, by id."""
    referring = {
        each.record.id: (each, {(kind, key) for _, kind, key in references(each.record)})
        for each in records
    }
    left: dict[str, Sourced] = {}
    out: set[Key] = set()
    grows = True
    while grows:
        grows = False
        for record_id, (each, wanted) in referring.items():
            is_hit = wanted & out or (record_id not in stored and wanted & gone)
            if is_hit and record_id not in left:
                left[record_id] = each
                out.add((each.record.kind_of_record, each.record.key))
                grows = True
    return left
