"""What is in the database already, and what a batch may not take from it.

Each problem is a line like those of `app.importers.checks`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database.dialects import one_of, one_of_pairs
from app.importers.batches import Batch, Problems, Sourced, value_of_field
from app.importers.checks import references
from app.importers.parts import Ids
from app.models import RECORDS, Identifier, Revision
from app.models.identifiers import IDENTIFIED
from app.record.loading import chunks
from app.vocabulary import RecordKind

MANY = 5_000
"""Keys or ids that are asked for at once."""

Owners = Mapping[str, tuple[RecordKind, str]]
"""The kind and the key of each record, by its id."""


def key_column(model: Any) -> Any:
    """The column by which people refer to records of a kind."""
    return getattr(model, "slug", None) or getattr(model, "code", None) or model.id


class KnownIds(dict[tuple[RecordKind, str], str]):
    """The ids of stored records by kind and key, as far as they were asked for.

    A key that was not is looked up when it is needed; one that nothing has is a KeyError.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.referred: set[tuple[RecordKind, str]] = set()
        """What the batch refers to."""
        self.nowhere: set[tuple[RecordKind, str]] = set()
        """What of that nobody has."""

    def __missing__(self, wanted: tuple[RecordKind, str]) -> str:
        kind, key = wanted
        self.look_up(kind, [key])
        if wanted not in self:
            raise KeyError(wanted)
        return self[wanted]

    def look_up(self, kind: RecordKind, keys: Iterable[str]) -> None:
        self.find(kind, key_column(RECORDS[kind]), keys)

    def find(self, kind: RecordKind, column: Any, values: Iterable[str]) -> None:
        model: Any = RECORDS[kind]
        for some in chunks(values):
            rows = self.session.execute(select(key_column(model), model.id).where(column.in_(some)))
            self.update({(kind, str(key)): record_id for key, record_id in rows})


def known_ids(session: Session, batch: Batch) -> KnownIds:
    """What is stored of the records of a batch, by key and by id, and of those they refer to."""
    given = [each.record for each in batch.records]
    own = {(record.kind_of_record, record.key) for record in given}
    wanted = {(kind, key) for record in given for _, kind, key in references(record)}
    found = KnownIds(session)
    stored: dict[RecordKind, set[str]] = {kind: set() for kind in RECORDS}
    dialect = session.get_bind().dialect
    for some in chunks({record.id for record in given}, MANY):
        # One id is one record, of whatever kind.
        statement = select(Revision.kind, Revision.record_id).where(
            one_of(dialect, Revision.record_id, some)
        )
        for kind, record_id in session.execute(statement.distinct()):
            stored[kind].add(record_id)
    for kind, model in RECORDS.items():
        found.look_up(kind, {key for other, key in own | wanted if other is kind})
        found.find(kind, model.id, stored[kind])  # type: ignore[attr-defined]
    found.referred = wanted
    found.nowhere = {each for each in wanted if each not in own and each not in found}
    return found


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


def merged_together(each: Sourced, former: Mapping[str, Any] | None, ids: Ids) -> Problems:
    """An event names an official once, under whichever of the names that were merged into one.

    What the last import told of stands already, or was taken out; `ids` lead to survivors.
    """
    for field in ("travellers", "participants"):
        stood = {person.get("official") for person in (former or {}).get(field, ())}
        seen: dict[str, str] = {}
        for index, person in enumerate(value_of_field(each.record, field)):
            if person.official is None:
                continue
            other = seen.setdefault(ids[RecordKind.OFFICIAL, person.official], person.official)
            if other != person.official and not {other, person.official} <= stood:
                yield each.problem(
                    (field, index, "official"),
                    f"expected another official than {other!r}, with whom this one was merged, "
                    f"found {person.official!r}",
                )


def given_elsewhere(session: Session, batch: Batch) -> Iterator[tuple[Identifier, str]]:
    """The identifiers that a batch gives to other records than those that have them.

    Each with the id of the record that has it. They are asked for by scheme and value, as no index
    has the values alone.
    """
    wanted = {
        identifier: each.record.id
        for each in batch.records
        for identifier in each.record.scheme_values
    }
    dialect = session.get_bind().dialect
    owner = func.coalesce(*(getattr(Identifier, column) for column in IDENTIFIED))
    for pairs in chunks(sorted(wanted), MANY):
        asked = one_of_pairs(dialect, (Identifier.scheme, Identifier.value), pairs)
        for row, owner_id in session.execute(select(Identifier, owner).where(asked)):
            if wanted[row.scheme, row.value] != str(owner_id):
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
            kind, key = owners.get(owner_id) or owner_of(session, row)
            if is_deleted(session, kind, owner_id):
                continue
            yield asking[row.scheme, row.value].problem(
                ("identifiers", row.scheme),
                f"expected an identifier of its own, found that of the {kind} {key!r}",
            )


def owner_of(session: Session, row: Identifier) -> tuple[RecordKind, str]:
    """The kind and the key of the record that has an identifier."""
    column = next(each for each in IDENTIFIED if getattr(row, each) is not None)
    kind = RecordKind(column.removesuffix("_id"))
    model: Any = RECORDS[kind]
    key = session.scalar(select(key_column(model)).where(model.id == getattr(row, column)))
    return kind, str(key)


def is_deleted(session: Session, kind: RecordKind, record_id: str) -> bool:
    model: Any = RECORDS[kind]
    return session.scalar(select(model.deleted_seq).where(model.id == record_id)) is not None
