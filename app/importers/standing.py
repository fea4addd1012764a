"""What is in the database already, and what a batch may not take from it.

Each problem is a line like those of `app.importers.checks`.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.importers.batches import Batch, Problems
from app.importers.parts import Ids
from app.models import RECORDS, Identifier
from app.models.identifiers import IDENTIFIED
from app.record.loading import chunks
from app.vocabulary import RecordKind

Owners = Mapping[str, tuple[RecordKind, str]]
"""The kind and the key of each record, by its id."""


def key_column(model: Any) -> Any:
    """The column by which people refer to records of a kind."""
    return getattr(model, "slug", None) or getattr(model, "code", None) or model.id


def known_ids(session: Session) -> dict[tuple[RecordKind, str], str]:
    return {
        (kind, str(key)): record_id
        for kind, model in RECORDS.items()
        for key, record_id in session.execute(select(key_column(model), model.id))  # type: ignore[attr-defined]
    }


def known_keys(ids: Ids) -> dict[RecordKind, set[str]]:
    keys: dict[RecordKind, set[str]] = {kind: set() for kind in RECORDS}
    for kind, key in ids:
        keys[kind].add(key)
    return keys


def moved_keys(batch: Batch, ids: Ids) -> Problems:
    """Keys never change and are never reused: one key, one id, one record, for ever."""
    owners: Owners = {record_id: found for found, record_id in ids.items()}
    for each in batch.records:
        record, kind = each.record, each.record.kind_of_record
        owner = ids.get((kind, record.key))
        former_kind, former = owners.get(record.id, (kind, record.key))
        if owner is not None and owner != record.id:
            yield each.problem(
                ("id",), f"expected the id {owner}, which has this key already, found {record.id}"
            )
        elif former_kind is not kind:
            yield each.problem(
                ("id",), f"expected an id of its own, found that of the {former_kind} {former!r}"
            )
        elif former != record.key:
            yield each.problem(
                ("id",),
                f"expected the key {former!r}, which this id has and which never changes, "
                f"found {record.key!r}",
            )


def given_elsewhere(session: Session, batch: Batch) -> Iterator[tuple[Identifier, str]]:
    """The identifiers that a batch gives to other records than those that have them.

    Each with the id of the record that has it.
    """
    wanted = {
        identifier: each.record.id
        for each in batch.records
        for identifier in each.record.scheme_values
    }
    owner = func.coalesce(*(getattr(Identifier, column) for column in IDENTIFIED))
    for values in chunks(sorted({value for _, value in wanted})):
        statement = select(Identifier, owner).where(Identifier.value.in_(values))
        for row, owner_id in session.execute(statement):
            asking = wanted.get((row.scheme, row.value))
            if asking is not None and asking != str(owner_id):
                yield row, str(owner_id)


def taken_identifiers(
    session: Session, batch: Batch, ids: Ids, gone: Collection[str] = ()
) -> Problems:
    """No two records share an identifier; one that the batch does not hold keeps its own.

    But for one that was deleted, and for those of which the data set says that they are `gone`.
    """
    owners: Owners = {record_id: found for found, record_id in ids.items()}
    held = {each.record.id for each in batch.records}
    asking = {
        identifier: each for each in batch.records for identifier in each.record.scheme_values
    }
    for row, owner_id in given_elsewhere(session, batch):
        if owner_id not in held and owner_id not in gone:
            kind, key = owners[owner_id]
            if is_deleted(session, kind, owner_id):
                continue
            yield asking[row.scheme, row.value].problem(
                ("identifiers", row.scheme),
                f"expected an identifier of its own, found that of the {kind} {key!r}",
            )


def is_deleted(session: Session, kind: RecordKind, record_id: str) -> bool:
    model: Any = RECORDS[kind]
    return session.scalar(select(model.deleted_seq).where(model.id == record_id)) is not None
