"""What a draft refers to: found in the database by id, slug or code, and put as keys.

A reference to an official that was merged away goes to the one that survives.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.importers.batches import Path
from app.importers.checks import REFERENCES
from app.importers.parts import Ids
from app.importers.standing import key_column
from app.importers.texts import UUID7
from app.models import RECORDS, Official
from app.record.referrers import PARTIES_CLAIMED
from app.vocabulary import PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY, RecordKind

Json = Any
BY_ACTOR = {"by", "to", "actor"}
"""Fields in which a bare text is a party's code."""


class Mention(NamedTuple):
    """A reference: where it stands, and the object or array that holds it."""

    path: Path
    kind: RecordKind
    text: str
    holder: Any
    step: str | int


class Known(NamedTuple):
    id: str
    key: str
    is_deleted: bool


def mentions(value: Json, path: Path = ()) -> Iterator[Mention]:
    """Every reference in the values of a neutral record."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from mentions_in(value, name, part, (*path, name))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from mentions(part, (*path, index))


def mentions_in(holder: Json, name: str, part: Json, path: Path) -> Iterator[Mention]:
    kind = REFERENCES.get(name)
    if name == "perspective" and part not in {PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY}:
        kind = RecordKind.PARTY
    if name == "code" and len(path) > 1 and path[-3] == "topics":
        kind = RecordKind.TOPIC
    if name in BY_ACTOR or (name == "value" and holder.get("field") in PARTIES_CLAIMED):
        kind = RecordKind.PARTY
    if isinstance(part, str):
        if kind is not None:
            yield Mention(path, kind, part, holder, name)
    elif isinstance(part, list | tuple):
        for index, each in enumerate(part):
            if isinstance(each, str) and kind is not None:
                yield Mention((*path, index), kind, each, part, index)
            else:
                yield from mentions(each, (*path, index))
    else:
        yield from mentions(part, path)


def find(session: Session, kind: RecordKind, texts: set[str]) -> dict[str, Known]:
    """The records that texts name, by text; officials that were merged away are followed."""
    model: Any = RECORDS[kind]
    key = key_column(model)
    survivor: Any = getattr(model, "merged_into_id", None)
    columns = [model.id, key, model.deleted_seq] + ([] if survivor is None else [survivor])
    ids = {text for text in texts if UUID7.fullmatch(text)}
    rows = session.execute(select(*columns).where(or_(key.in_(texts - ids), model.id.in_(ids))))
    found = {}
    for record_id, name, deleted_seq, *merged in rows:
        known = Known(str(record_id), str(name), deleted_seq is not None)
        if merged and merged[0] is not None:
            known = survivor_of(session, str(merged[0]))
        for text in {str(record_id), str(name)} & texts:
            found[text] = known
    return found


def survivor_of(session: Session, official_id: str) -> Known:
    columns = (Official.id, Official.slug, Official.deleted_seq, Official.merged_into_id)
    row = session.execute(select(*columns).where(Official.id == official_id)).one()
    while row.merged_into_id is not None:  # no way leads round in a circle
        row = session.execute(select(*columns).where(Official.id == row.merged_into_id)).one()
    return Known(str(row.id), row.slug, row.deleted_seq is not None)


class Resolved(NamedTuple):
    ids: Ids
    problems: list[tuple[Path, str]]


def resolve(session: Session, values: Json) -> Resolved:
    """Put the key in the place of every reference, and say which refer to nothing."""
    asked: dict[RecordKind, list[Mention]] = {}
    for mention in mentions(values):
        asked.setdefault(mention.kind, []).append(mention)
    ids: dict[tuple[RecordKind, str], str] = {}
    problems = []
    for kind, those in asked.items():
        known = find(session, kind, {each.text for each in those})
        for mention in those:
            found = known.get(mention.text)
            if found is None:
                problems.append((mention.path, f"names no {kind} that exists"))
            elif found.is_deleted:
                problems.append((mention.path, f"names a {kind} that was deleted"))
            else:
                mention.holder[mention.step] = found.key
                ids[kind, found.key] = found.id
    return Resolved(ids, problems)
