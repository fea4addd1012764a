"""Parts of one record that change places: two who swap what only one of them may have.

The database checks what is unique row by row, so whoever is to have it last must let go first.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import UniqueConstraint, inspect
from sqlalchemy.orm import object_session

Mark = tuple[Any, ...]


def make_room(rows: list[Any], wanted: list[Any], owned: Collection[str]) -> list[Any]:
    """Take from parts that are there what others of the same owner are to have; those parts.

    A part that cannot be without it is taken out, to be put in again. `owned` are the columns
    that point at the owner.
    """
    loosened: list[Any] = []
    if not rows or not wanted:
        return loosened
    session: Any = object_session(rows[0])
    for names in distinct_within(type(rows[0]), owned):
        held = {mark: row for row in rows if (mark := mark_of(row, names)) is not None}
        losing = [
            held[mark]
            for each in wanted
            if (mark := mark_of(each, names)) in held and held[mark].id != each.id
        ]
        if not losing:
            continue
        columns = inspect(type(rows[0])).columns
        spare = next((name for name in names if columns[name].nullable), None)
        for row in losing:
            if spare is None:
                rows.remove(row)
            else:
                setattr(row, spare, None)
        session.flush()
        loosened += losing
    return loosened


def distinct_within(model: Any, owned: Collection[str]) -> Iterator[list[str]]:
    """The columns of each constraint by which no two parts of one owner are alike."""
    mapper = inspect(model)
    for constraint in mapper.local_table.constraints:
        if isinstance(constraint, UniqueConstraint):
            names = [each.name for each in constraint.columns]
            if set(owned) & set(names) and "id" not in names:
                yield [name for name in names if name not in owned]


def mark_of(part: Any, names: list[str]) -> Mark | None:
    """What tells a part apart; None where something of it is unknown, as unknowns never clash."""
    mark = tuple(getattr(part, name) for name in names)
    return None if None in mark else mark
