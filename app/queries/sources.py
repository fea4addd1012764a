"""Sources as a list, and what other lists ask of them."""

from typing import Any

from sqlalchemy import select

from app.folding import fold
from app.models import Citation, Source
from app.queries.base import (
    Bind,
    Conditions,
    Resource,
    alternatives,
    between_days,
    by_date,
    by_update,
    refers,
)
from app.schemas.sources import SourceFilters, SourceRead
from app.vocabulary import RecordKind


def where(filters: SourceFilters, bind: Bind) -> Conditions:
    yield from alternatives(Source.kind, "kind", filters, bind)
    yield from alternatives(Source.perspective, "perspective", filters, bind)
    yield from alternatives(Source.language, "language", filters, bind)
    if filters.publisher is not None:
        yield Source.publisher_folded == bind(lambda each: fold(each.publisher))
    yield from between_days(Source, filters, bind)


def attested(subject: Any, owner: Any, filters: Any, bind: Bind) -> Conditions:
    """The record is cited by the `source`, and by one of the `perspective`s, asked for."""
    if getattr(filters, "source", None) is not None:
        cited = list(refers(Citation.source_id, Source, "source", filters, bind))
        yield owner.in_(select(subject).where(*cited))
    if getattr(filters, "perspective", None) is not None:
        speaking = list(alternatives(Source.perspective, "perspective", filters, bind))
        yield owner.in_(
            select(subject).join(Source, Source.id == Citation.source_id).where(*speaking)
        )


SOURCES = Resource(
    kind=RecordKind.SOURCE,
    path="sources",
    model=Source,
    read=SourceRead,
    filters=SourceFilters,
    where=where,
    sorts={"date": by_date(Source), "updated_at": by_update(Source)},
    key=Source.slug,
    relations={},
)
