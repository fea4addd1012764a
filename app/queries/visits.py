"""Visits as a list."""

from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from app.folding import fold
from app.models import Official, Party, Position, Stop, StopLocality, Traveller, Visit, VisitParty
from app.queries import relations
from app.queries.base import (
    Bind,
    Parts,
    Resource,
    alternatives,
    by_date,
    by_update,
    holds,
    linked,
    on_days,
    refers,
    refers_to_any,
)
from app.queries.selections import Range, hanging
from app.schemas.filters import CODE
from app.schemas.visits import VisitFilters, VisitRead
from app.vocabulary import RecordKind


def where(filters: VisitFilters, bind: Bind) -> Parts:
    yield from one_traveller(filters, bind)
    yield from on_side("visitor", "visitor_party", filters, bind)
    yield from on_side("host", "host", filters, bind)
    yield from holds(Visit.kind, "kind", filters, bind)
    yield from holds(Visit.status, "status", filters, bind)
    yield from on_days(Visit, filters, bind)
    yield from holds(Visit.dataset, "dataset", filters, bind)
    if filters.place is not None:
        folded = bind(lambda each: fold(each.place))
        code = bind(lambda each: each.place if CODE.fullmatch(each.place) else "")
        country = select(Party.id).where(Party.code == code).scalar_subquery()
        names = (Stop.city_folded == folded, Stop.place_folded == folded)
        ranges = [Range(Stop.visit_id, (each,)) for each in (*names, Stop.country_id == country)]
        locality = ((StopLocality, StopLocality.stop_id == Stop.id),)
        ranges += [
            Range(Stop.visit_id, (each == folded,), through=locality)
            for each in (StopLocality.city_folded, StopLocality.name_folded)
        ]
        yield hanging(Visit, ("place",), ranges)


LEVELS = ("visitor", "visitor_level", "visitor_party")


def one_traveller(filters: VisitFilters, bind: Bind) -> Parts:
    """`visitor` and `visitor_level` must hold for one and the same traveller.

    With `visitor_party` the office has to be one of these parties.
    """
    wanted = list(refers(Traveller.official_id, Official, "visitor", filters, bind))
    if filters.visitor_level is None:
        if wanted:
            one = Range(Traveller.visit_id, wanted, Traveller.listed_on, once=True)
            yield hanging(Visit, ("visitor",), [one])
    else:
        journey = aliased(Visit)
        wanted += [
            Position.deleted_seq.is_(None),
            *alternatives(Position.level, "visitor_level", filters, bind),
            *refers_to_any(Position.party_id, Party, "visitor_party", filters, bind),
        ]
        office = (Position, Position.official_id == Traveller.official_id)
        made = (journey, journey.id == Traveller.visit_id)
        owner, during = Traveller.visit_id, (*wanted, may_be_held_during(journey))
        exact = hanging(Visit, LEVELS, [Range(owner, during, through=[office, made])])
        # Whenever it was: the visits need not be looked up to be found and sorted.
        ever = Range(owner, wanted, through=[office], listed=Traveller.listed_on)
        then = Range(owner, (*wanted, may_be_held_during(Visit)), through=[office])
        yield replace(exact, ranges=(ever,), asked=then.leads_to(Visit), loose=True)


def may_be_held_during(journey: type[Visit]) -> ColumnElement[bool]:
    """A position's tenure may cover some day of a journey; an undated one has no day."""
    begins, ends = Position.start_earliest, Position.end_latest
    first, last = journey.date_earliest, journey.date_latest
    return (
        journey.date_edtf.is_not(None)
        & or_(begins <= last, begins.is_(None), last.is_(None))
        & or_(ends >= first, ends.is_(None), first.is_(None))
    )


def on_side(side: str, field: str, filters: VisitFilters, bind: Bind) -> Parts:
    """A party on the visiting or the receiving side."""
    owner, party = VisitParty.visit_id, VisitParty.party_id
    on_it = VisitParty.side == side
    yield from linked(owner, party, Party, field, filters, bind, on_it, model=Visit, once=True)


VISITS = Resource(
    kind=RecordKind.VISIT,
    path="visits",
    model=Visit,
    read=VisitRead,
    filters=VisitFilters,
    where=where,
    sorts={"date": by_date(Visit), "updated_at": by_update(Visit)},
    key=Visit.slug,
    relations={
        "meetings": relations.MEETINGS_OF_VISIT,
        "statements": relations.STATEMENTS_OF_VISIT,
        "sources": relations.sources_of("visit_id"),
        "officials": relations.OFFICIALS_OF_VISIT,
    },
)
