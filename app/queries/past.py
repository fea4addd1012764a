"""The record as it stood at some time, from the log.

A table is asked for one thing only, which record a slug or code names: that never changes, and
rows never go. Everything else is the newest revision of each record up to `head`, the number of
the newest revision of all at that time.
"""

from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import aliased

from app.database.dialects import among
from app.models import Document, Revision, RevisionParent
from app.queries.base import Bind, Hanging, Resource, identified
from app.schemas.filters import Reference
from app.vocabulary import RecordKind


def newest(record_id: Any, *conditions: Any) -> ScalarSelect[Any]:
    """The number of a record's newest revision under some conditions on `Earlier`."""
    return (
        select(func.max(Earlier.seq))
        .where(Earlier.record_id == record_id, *conditions)
        .scalar_subquery()
    )


Earlier = aliased(Revision, name="earlier")
UP_TO_HEAD = Earlier.seq <= bindparam("head")


def one_then(resource: Resource, reference: Reference, bind: Bind) -> Select[Any]:
    """One record at an instant: id, head, since when it exists, and of its revision then the
    rev, seq, operation, parents, shape and document; those are null before it existed.

    To be filled from an object with `reference` and `known_at`.
    """
    model = resource.model
    known_at = attrgetter("known_at")
    head = (
        select(Earlier.seq)
        .where(Earlier.at <= bind(known_at))
        .order_by(Earlier.at.desc(), Earlier.seq.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    since = (
        select(Earlier.at)
        .where(Earlier.record_id == model.id)
        .order_by(Earlier.seq)
        .limit(literal_column("1"))
        .correlate(model)
        .scalar_subquery()
    )
    then = newest(model.id, Earlier.at <= bind(known_at)).correlate(model)
    return (
        select(
            model.id,
            head.label("head"),
            since.label("since"),
            Revision.rev,
            Revision.seq,
            Revision.operation,
            Revision.parents,
            Revision.shape,
            Document.body,
        )
        .select_from(model)
        .outerjoin(Revision, Revision.seq == then)
        .outerjoin(Document, Document.seq == Revision.seq)
        .where(model.id == identified(model, reference, attrgetter("reference"), bind))
    )


def head_at(known_at: datetime | None) -> Select[Any]:
    """The newest revision of all, now or at an instant: seq, hash and instant."""
    newest_first = (Revision.at.desc(), Revision.seq.desc())
    columns: tuple[Any, ...] = (Revision.seq, Revision.hash, Revision.at)
    statement = select(*columns).order_by(*newest_first)
    if known_at is not None:
        statement = statement.where(Revision.at <= known_at)
    return statement.limit(1)


def documents_of(resource: Resource) -> Select[Any]:
    """The `most` records of a noun after the id `after`, in order of id, at `head`: id, shape and
    document, which is null for those that were not there, no longer or not yet.
    """
    model = resource.model
    # Ids first: a plan for a few hundred of them, whatever the statistics say of the rest.
    some = (
        select(model.id)
        .where(model.id > bindparam("after"))
        .order_by(model.id)
        .limit(bindparam("most"))
        .subquery()
    )
    then = newest(some.c.id, UP_TO_HEAD).correlate(some)
    return (
        select(some.c.id, Revision.shape, Document.body)
        .select_from(some)
        .outerjoin(Revision, Revision.seq == then)
        .outerjoin(Document, Document.seq == Revision.seq)
        .order_by(some.c.id)
    )


def newest_documents_of(resource: Resource) -> Select[Any]:
    """The same as `documents_of` for the newest `head` in the view of the database, which the rows
    of the records point at: no revision has to be looked for.
    """
    model = resource.model
    return (
        select(model.id, Revision.shape, Document.body)
        .join(Revision, Revision.seq == model.seq)
        .outerjoin(Document, Document.seq == model.seq)
        .where(model.id > bindparam("after"))
        .order_by(model.id)
        .limit(bindparam("most"))
    )


def by_id(resource: Resource, dialect: Dialect, *, last_words: bool = False) -> Select[Any]:
    """Several records, `ids`, at `head`: id, seq, shape and document; the deleted are left out.

    With `last_words` those have the document that they had last.
    """
    model = resource.model
    published = (Earlier.body_hash.is_not(None),) if last_words else ()
    then = newest(model.id, UP_TO_HEAD, *published).correlate(model)
    return (
        select(model.id, Revision.seq, Revision.shape, Document.body)
        .select_from(model)
        .join(Revision, Revision.seq == then)
        .join(Document, Document.seq == Revision.seq)
        .where(among(dialect, model.id, "ids"))
    )


def hanging(kind: RecordKind, how: Hanging, dialect: Dialect) -> Select[Any]:
    """What hung on `ids` at `head`: the id of those that it hung on, own id, seq, shape and
    document; the deleted are left out.
    """
    link: Any = aliased(RevisionParent)
    found: Any = select(link.parent_id.label("parent"), link.seq.label("seq")).where(
        among(dialect, link.parent_id, "ids"), *stands(link, kind)
    )
    if how.by_way_of is not None:
        middle: Any = aliased(RevisionParent)
        last: Any = aliased(RevisionParent)
        found = found.union(
            select(middle.parent_id, last.seq)
            .join(last, last.parent_id == middle.record_id)
            .where(
                among(dialect, middle.parent_id, "ids"),
                *stands(middle, how.by_way_of),
                *stands(last, kind),
            )
        )
    pairs = found.subquery()
    return (
        select(pairs.c.parent, Revision.record_id, Revision.seq, Revision.shape, Document.body)
        .select_from(pairs)
        .join(Revision, Revision.seq == pairs.c.seq)
        .join(Document, Document.seq == Revision.seq)
    )


def stands(link: Any, kind: RecordKind) -> tuple[ColumnElement[bool], ...]:
    """A link is of the newest revision of a record of this kind at `head`."""
    return (
        link.kind == literal_column(f"'{kind}'"),
        link.seq <= bindparam("head"),
        link.seq == newest(link.record_id, UP_TO_HEAD).correlate(link),
    )
