"""Making a stored record read as a data set has it now, without undoing what editors have done."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import inspect

from app.importers.making_room import make_room
from app.models.plain import mapped, model_of, part_relations

KEPT = {
    "rev",
    "seq",
    "deleted_seq",
    "created_at",
    "updated_at",
    "dataset",
    "has_conflicts",
    "latest_event",
    "listed_on",
    "merged_into_id",
}
"""Columns of a record and its parts that the log, and no data set, decides."""


def reconcile(row: Any, wanted: Any, former: Any = None, owned: Collection[str] = ()) -> bool:
    """Make a row, and its parts, read as the wanted ones do; say whether anything changed.

    `former` are the rows that were wanted the last time: where the row reads otherwise than
    these, an editor has changed it since, and it stays so. `owned` are the columns that point
    at the row's owner; the mapper fills them.
    """
    mapper = inspect(type(row))
    changed = False
    for column in mapper.column_attrs:
        if column.key in KEPT or column.key in owned:
            continue
        value, there = getattr(wanted, column.key), getattr(row, column.key)
        was_changed = former is not None and there != getattr(former, column.key)
        if there != value and not was_changed:
            setattr(row, column.key, value)
            changed = True
    for relation in part_relations(mapper):
        changed |= reconcile_parts(
            getattr(row, relation.key),
            getattr(wanted, relation.key),
            None if former is None else getattr(former, relation.key),
            {str(remote.key) for _, remote in relation.local_remote_pairs},
        )
    return changed


def reads_as(row: Any, former: Any, owned: Collection[str]) -> bool:
    """Whether a part is what the last import had made of it, its own parts aside."""
    return former is not None and all(
        getattr(row, column.key) == getattr(former, column.key)
        for column in inspect(type(row)).column_attrs
        if column.key not in KEPT and column.key not in owned
    )


def reconcile_parts(
    rows: list[Any], wanted: list[Any], former: list[Any] | None, owned: Collection[str]
) -> bool:
    """Match parts by their primary key, the owner's columns aside."""

    def key(part: Any) -> tuple[Any, ...]:
        columns = inspect(model_of(part)).primary_key
        return tuple(getattr(part, column.key) for column in columns if column.key not in owned)

    loosened = make_room(rows, wanted, owned)
    there = {key(row): row for row in rows}
    asked = {key(each): each for each in wanted}
    before = None if former is None else {key(each): each for each in former}
    # What an editor took out stays out, what an editor put in stays in.
    added = [each for each in asked if each not in there and each not in (before or ())]
    removed = [each for each in there if each not in asked and (before is None or each in before)]
    changed = bool(added or removed)
    for each in removed:
        rows.remove(there[each])
    for each, part in asked.items():
        if each in there:
            is_loose = any(there[each] is row for row in loosened)
            base = None if is_loose else (before or {}).get(each)
            changed |= reconcile(there[each], part, base, owned)
    rows.extend(mapped(asked[each]) for each in added)
    return changed
