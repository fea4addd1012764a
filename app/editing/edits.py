"""Single records made, changed, deleted and restored: each function is one unit of work.

The caller has begun a transaction and commits it, or rolls it back for a dry run. The lock of
the log is taken first, so that what is read here stands until the end. Every accepted edit goes
through the checks and the loader that data sets go through.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from app.database.locks import lock_log
from app.editing.converting import Converted, validated
from app.editing.drafts import DRAFTS, form_of
from app.editing.merge_patch import merged
from app.editing.naming import free_slug, id_flaws
from app.editing.neighbours import neighbours
from app.editing.preferring import ACCORDING_TO, with_claims
from app.editing.references import find, resolve
from app.editing.remembering import forget_what_was_changed
from app.errors import Conflict, Flaw, InvalidInput, RecordDeleted, RecordMoved, RecordNotFound
from app.errors import Referrer as NamedReferrer
from app.importers import checks
from app.importers.batches import Batch, Origin, Problem, Sourced
from app.importers.loader import Run
from app.importers.neutral import AnyRecord
from app.importers.settling import settle
from app.importers.standing import given_elsewhere, key_column
from app.importers.texts import UUID7
from app.models import RECORDS, Document, Official, Revision, Utterance
from app.record.recorder import Change, Recorder
from app.record.referrers import MOST_NAMED, referrers
from app.schemas.bodies import pointer
from app.vocabulary import Operation, RecordKind

Json = Any
EDITORS = "editors"
"""The data set of records that editors make."""

HERE = Origin("this record", "", {})


class State(NamedTuple):
    """The state of a record that an edit finds."""

    id: str
    rev: int
    seq: int
    has_seq: Callable[[int], bool]
    """Whether a revision of this record's present `rev` has that number."""


Precondition = Callable[[State], None]
"""Raises where the edit starts from another state than the one that is there."""


class Written(NamedTuple):
    """A record as an edit leaves it; no body where it was deleted."""

    kind: RecordKind
    id: str
    key: str
    rev: int
    seq: int
    body: bytes | None


class Standing(NamedTuple):
    """The row of a record that is there in some state."""

    id: str
    key: str
    rev: int
    seq: int
    deleted_seq: int | None
    merged_into_id: str | None


def standing(session: Session, kind: RecordKind, reference: str) -> Standing:
    """The record that a path names, whatever its state. Raises `RecordNotFound`."""
    model: Any = RECORDS[kind]
    key = key_column(model)
    named = model.id if UUID7.fullmatch(reference) else key
    survivor = model.merged_into_id if kind is RecordKind.OFFICIAL else None
    columns = [model.id, key, model.rev, model.seq, model.deleted_seq]
    row = session.execute(
        select(*columns, *([] if survivor is None else [survivor])).where(named == reference)
    ).first()
    if row is None:
        raise RecordNotFound(kind, reference)
    record_id, name, rev, seq, deleted_seq, *merged_into = row
    return Standing(str(record_id), str(name), rev, seq, deleted_seq, *(merged_into or [None]))


def living(session: Session, kind: RecordKind, reference: str) -> Standing:
    """The same, where it is neither deleted nor merged away.

    Raises `RecordNotFound`, `RecordDeleted` or `RecordMoved` (to the survivor's id).
    """
    found = standing(session, kind, reference)
    if found.merged_into_id is not None:
        raise RecordMoved(kind, reference, found.merged_into_id)
    if found.deleted_seq is not None:
        raise RecordDeleted(kind, reference, found.deleted_seq)
    return found


def state(session: Session, now: Standing) -> State:
    def has_seq(seq: int) -> bool:
        if seq == now.seq:
            return True
        statement = select(Revision.seq).where(
            Revision.seq == seq, Revision.record_id == now.id, Revision.rev == now.rev
        )
        return session.scalar(statement) is not None

    return State(now.id, now.rev, now.seq, has_seq)


def written(session: Session, kind: RecordKind, record_id: str) -> Written:
    now = standing(session, kind, record_id)
    body = session.scalar(select(Document.body).where(Document.seq == now.seq))
    return Written(kind, now.id, now.key, now.rev, now.seq, body)


def create(session: Session, kind: RecordKind, body: Json, change: Change) -> Written:
    """A new record. Raises `InvalidInput` or `Conflict`."""
    lock_log(session)
    if flaws := list(id_flaws(body)):
        raise InvalidInput(flaws)
    validated(kind, body)
    form, made = with_claims(kind, {}, with_source(session, deepcopy(body)), body, flaws)
    if flaws:
        raise InvalidInput(flaws)
    converted = Converted(kind, validated(kind, form), str(uuid7()), made)
    if "slug" in DRAFTS[kind].model_fields and "slug" not in converted.values:
        converted.values["slug"] = free_slug(session, kind, converted.values)
    save(session, converted, change)
    return written(session, kind, converted.values["id"])


def patch(
    session: Session,
    kind: RecordKind,
    reference: str,
    body: Json,
    change: Change,
    precondition: Precondition,
) -> Written:
    """A record changed by a merge patch. Raises what `create` and `living` raise, and what
    `precondition` does.
    """
    lock_log(session)
    now = living(session, kind, reference)
    precondition(state(session, now))
    if not isinstance(body, dict):
        raise InvalidInput([Flaw("/", "expected an object")])
    document = orjson.loads(
        session.scalars(select(Document.body).where(Document.seq == now.seq)).one()
    )
    before = form_of(kind, document)
    flaws: list[Flaw] = []
    flaws += [
        Flaw(pointer((name,)), "never changes")
        for name in ("slug", "code")
        if name in before and body.get(name, before[name]) != before[name]
    ]
    after = merged(before, body, flaws)
    if flaws:
        raise InvalidInput(flaws)
    validated(kind, after)
    after, made = with_claims(kind, before, with_source(session, after), body, flaws)
    if flaws:
        raise InvalidInput(flaws)
    save(session, Converted(kind, validated(kind, after), now.id, made), change)
    return written(session, kind, now.id)


def with_source(session: Session, form: Json) -> Json:
    """The form with the slug of the source that its values come from, where it gives an id."""
    named = form.get(ACCORDING_TO)
    if named is None:
        return form
    found = find(session, RecordKind.SOURCE, {named}).get(named)
    if found is None or found.is_deleted:
        said = "names no source that exists" if found is None else "names a source that was deleted"
        raise InvalidInput([Flaw(pointer((ACCORDING_TO,)), said)])
    return {**form, ACCORDING_TO: found.key}


def save(session: Session, converted: Converted, change: Change) -> None:
    """Check a converted draft against the database, and load it."""
    place_utterance(session, converted)
    resolved = resolve(session, converted.values)
    if resolved.problems:
        # A value and the claim that was made of it stand at one place.
        found = {converted.pointer(path): detail for path, detail in resolved.problems}
        raise InvalidInput([Flaw(where, detail) for where, detail in found.items()])
    own = Sourced(converted.record(), HERE)
    beside = neighbours(session, own.record, resolved.ids)
    if flaws := new_flaws(converted, own, beside):
        raise InvalidInput(flaws)
    batch = settle(Batch((own,), ""))
    refuse_what_is_taken(session, batch, own.record)
    run = Run(session, EDITORS, batch, resolved.ids, remembers=False)
    run.load(change, dry_run=False)
    forget_what_was_changed(session, own.record.kind_of_record, own.record.id)


MEANT = {"lineage": "date"}
"""What of a record is at odds with a field of its neighbour, where it is not the same field."""


def new_flaws(converted: Converted, own: Sourced, beside: Sequence[Sourced]) -> list[Flaw]:
    """What is wrong with a record, or else with its neighbours because of it."""
    others = []
    found = []
    for problem in new_problems(own, beside):
        other = problem.record.record
        if other.id == own.record.id:
            found.append(Flaw(converted.pointer(problem.path), problem.text))
            continue
        field = str(problem.path[0])
        field = MEANT.get(field, field)
        where = pointer((field,)) if field in DRAFTS[converted.kind].model_fields else "/"
        others.append(Flaw(where, f"{other.kind_of_record} {other.key!r}: {problem.text}"))
    return found or others


def new_problems(own: Sourced, beside: Sequence[Sourced]) -> list[Problem]:
    """What is wrong with a record among its neighbours, and was not without it."""
    before = Batch(tuple(beside), "", told_in_order=False)
    known = {str(problem) for problem in checks.check_within(before)}
    # Last, so that what may be there once is found again in the record itself.
    found = checks.check_within(replace(before, records=(*beside, own)))
    return [problem for problem in found if str(problem) not in known]


def place_utterance(session: Session, converted: Converted) -> None:
    """Give a new utterance an id, and a known one its label."""
    utterance = converted.values.get("utterance")
    if utterance is None:
        return
    if utterance.get("id") is None:
        if utterance.get("label") is None:
            converted.flaw(("utterance",), "expected the `id` of one, or the `label` of a new one")
            return
        utterance["id"] = str(uuid7())
        return
    label = session.scalar(select(Utterance.label).where(Utterance.id == utterance["id"]))
    if label is None:
        converted.flaw(("utterance", "id"), "names no utterance that exists")
    elif utterance.get("label") is None:
        utterance["label"] = label


def refuse_what_is_taken(session: Session, batch: Batch, record: AnyRecord) -> None:
    """Raises `Conflict`: a key or an identifier belongs to another record."""
    kind = record.kind_of_record
    if record.key != record.id:
        model: Any = RECORDS[kind]
        key = key_column(model)
        owner = session.scalar(select(model.id).where(key == record.key, model.id != record.id))
        if owner is not None:
            message = f"The {key.key} {record.key!r} belongs to another {kind}, {owner}, for ever."
            raise Conflict(message)
    for row, owner_id in given_elsewhere(session, batch):
        message = (
            f"The {row.scheme} identifier {row.value!r} belongs to another record, {owner_id}."
        )
        raise Conflict(message)


def delete(
    session: Session,
    kind: RecordKind,
    reference: str,
    change: Change,
    precondition: Precondition,
) -> Written:
    """A record deleted. Raises `Conflict` with those that refer to it, and what `living` does."""
    lock_log(session)
    now = living(session, kind, reference)
    precondition(state(session, now))
    found = [
        NamedReferrer(str(each), other_id, None if key == other_id else key)
        for each, other_id, key in referrers(session, kind, now.id)
    ]
    if kind is RecordKind.OFFICIAL:
        merged_away = select(Official.id, Official.slug).where(Official.merged_into_id == now.id)
        found += [
            NamedReferrer("official", other_id, slug)
            for other_id, slug in session.execute(merged_away)
        ]
    if found:
        named = ", ".join(f"{each.type} {each.slug or each.id}" for each in found[:3])
        message = (
            f"{'More than ' * (len(found) > MOST_NAMED)}{min(len(found), MOST_NAMED)} record(s) "
            f"refer to this {kind}, such as {named}. Change or delete those first."
        )
        raise Conflict(message, found[:MOST_NAMED])
    Recorder(session, change).publish({}, withdrawn={kind: [now.id]})
    return written(session, kind, now.id)


def restore(session: Session, kind: RecordKind, reference: str, change: Change) -> Written:
    """A deleted record brought back as it was. Raises `Conflict` where it is not deleted, or
    where what it refers to is, or where what was written since leaves no room for it.
    """
    lock_log(session)
    now = standing(session, kind, reference)
    if now.merged_into_id is not None:
        raise RecordMoved(kind, reference, now.merged_into_id)
    if now.deleted_seq is None:
        message = f"The {kind} {reference!r} is not deleted."
        raise Conflict(message)
    model: Any = RECORDS[kind]
    row = session.get_one(model, now.id)
    row.deleted_seq = None
    done = Recorder(session, change).publish({kind: [now.id]}, operation=Operation.RESTORE)
    if now.id not in done[Operation.RESTORE]:
        message = f"The {kind} {now.id} was restored and not published."
        raise AssertionError(message)
    found = written(session, kind, now.id)
    body = form_of(kind, orjson.loads(found.body or b"{}"))
    converted = Converted(kind, validated(kind, body), now.id)
    resolved = resolve(session, converted.values)
    if resolved.problems:
        said = "; ".join(
            f"{converted.pointer(path)} {text}" for path, text in resolved.problems[:3]
        )
        message = f"The {kind} refers to what is gone ({said}). Restore that first."
        raise Conflict(message)
    own = Sourced(converted.record(), HERE)
    if flaws := new_flaws(converted, own, neighbours(session, own.record, resolved.ids)):
        said = "; ".join(f"{flaw.where} {flaw.detail}" for flaw in flaws[:3])
        message = f"The {kind} is at odds with what was written since ({said}). Change that first."
        raise Conflict(message)
    return found
