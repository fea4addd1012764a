"""Names of records that are made: slugs from their titles; and ids, which nobody else gives."""

import re
from collections.abc import Iterator
from typing import Any

from anyascii import anyascii
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Flaw
from app.importers.standing import key_column
from app.models import RECORDS
from app.schemas.bodies import pointer
from app.vocabulary import RecordKind

LONGEST_SLUG = 100
"""Of those that are made here, so that a number still fits behind one."""


def slug_of(text: str) -> str:
    """A readable address of a text in any script."""
    words = re.findall(r"[a-z0-9]+", anyascii(text).lower().replace("'", ""))
    slug = "-".join(words)[:LONGEST_SLUG].strip("-")
    return slug or "untitled"


def free_slug(session: Session, kind: RecordKind, values: dict[str, Any]) -> str:
    """A slug for a new record that no record of its kind has, or has had."""
    wanted = slug_of(str(values.get("title") or values.get("name")))
    key = key_column(RECORDS[kind])
    taken = set(session.scalars(select(key).where(key.like(f"{wanted}%"))))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def id_flaws(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Flaw]:
    """The ids of parts in a body that makes a record, which has none yet."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"id", "participant"} and path and path[-1] != "utterance":
                yield Flaw(pointer((*path, name)), "is given by the server")
            else:
                yield from id_flaws(part, (*path, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from id_flaws(part, (*path, index))
