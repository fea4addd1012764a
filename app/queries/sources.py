"""Sources as a list, and what other lists ask of them."""

from typing import Any

from sqlalchemy import ColumnElement

from app.folding import fold
from app.models import Citation, Source
from app.queries.base import (
    Bind,
    Parts,
    Resource,
    alternatives,
    by_date,
    by_update,
    holds,
    on_days,
    refers,
)
from app.queries.selections import Range, hanging, holding
from app.schemas.sources import SourceFilters, SourceRead
from app.vocabulary import RecordKind


def where(filters: SourceFilters, bind: Bind) -> Parts:
    yield from holds(Source.kind, "kind", filters, bind)
    yield from holds(Source.perspective, "perspective", filters, bind)
    yield from holds(Source.language, "language", filters, bind)
    if filters.publisher is not None:
        publisher, day = bind(lambda each: fold(each.publisher)), Source.date_ascends
        yield holding(bind.dialect, Source.publisher_folded, "publisher", [publisher], day=day)
    yield from on_days(Source, filters, bind)


def speaks(filters: Any, bind: Bind) -> list[ColumnElement[bool]]:
    """A source has one of the `perspective`s asked for, in the words of the index."""
    found = list(alternatives(Source.perspective, "perspective", filters, bind))
    return [Source.deleted_seq.is_(None), *found] if found else []


def attested(owner: Any, model: Any, filters: Any, bind: Bind) -> Parts:
    """The record is cited by the `source`, and by one of the `perspective`s, asked for."""
    if filters.source is not None:
        cited = list(refers(Citation.source_id, Source, "source", filters, bind))
        ranges = [Range(owner, (*cited, owner.is_not(None)), Citation.listed_on)]
        yield hanging(model, ("source",), ranges)
    if getattr(filters, "perspective", None) is not None:
        speaking = speaks(filters, bind)
        source = (Source, Source.id == Citation.source_id)
        wanted = (*speaking, owner.is_not(None))
        ranges = [Range(owner, wanted, through=[source], listed=Citation.listed_on)]
        yield hanging(model, ("perspective",), ranges)


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
