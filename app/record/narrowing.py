"""Whose accounts are asked for, out of all the sources that give one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.errors import Flaw, InvalidInput
from app.record.cards import Json


class Narrowing(NamedTuple):
    """Sources by slug or id, and sides by perspective; both must hold."""

    sources: Sequence[str] | None = None
    perspectives: Sequence[str] | None = None


EVERYBODY = Narrowing()


def chosen(everybody: Mapping[str, Json], narrowing: Narrowing) -> dict[str, Json]:
    """The sources that are asked for, by slug. A side may have none.

    Raises `InvalidInput` where a source is named that is not among them.
    """
    names, sides = narrowing
    known = {name for each in everybody.values() for name in (each["id"], each["slug"])}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        shown = ", ".join(name[:40] for name in unknown)
        detail = f"names no source that gives an account of this record: {shown}"
        raise InvalidInput([Flaw("sources", detail, tuple(everybody))])
    return {
        slug: each
        for slug, each in everybody.items()
        if (names is None or slug in names or each["id"] in names)
        and (sides is None or each["perspective"] in sides)
    }
