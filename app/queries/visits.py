"""Visits as a list."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from app.folding import fold
from app.models import Official, Party, Position, Stop, StopLocality, Traveller, Visit, VisitParty
from app.queries import relations
from app.queries.base import (
    Bind,
    Conditions,
    Resource,
    alternatives,
    between_days,
    by_date,
    by_update,
    refers,
    refers_to_any,
)
from app.schemas.filters import CODE
from app.schemas.visits import VisitFilters, VisitRead
from app.vocabulary import RecordKind


def where(filters: VisitFilters, bind: Bind) -> Conditions:
    yield from one_traveller(filters, bind)
    yield from on_side("visitor", "visitor_party", filters, bind)
    yield from on_side("host", "host", filters, bind)
    yield from alternatives(Visit.kind, "kind", filters, bind)
    yield from alternatives(Visit.status, "status", filters, bind)
    yield from between_days(Visit, filters, bind)
    if filters.dataset is not None:
        yield Visit.dataset == bind.value("dataset")
    if filters.place is not None:
        folded = bind(lambda each: fold(each.place))
        code = bind(lambda each: each.place if CODE.fullmatch(each.place) else "")
        country = select(Party.id).where(Party.code == code).scalar_subquery()
        places = select(Stop.visit_id).where(
            or_(
                Stop.city_folded == folded,
                Stop.place_folded == folded,
                Stop.country_id == country,
            )
        )
        among = select(StopLocality.stop_id).where(
            or_(StopLocality.city_folded == folded, StopLocality.name_folded == folded)
        )
        several = select(Stop.visit_id).where(Stop.id.in_(among))
        yield Visit.id.in_(places.union(several))


def one_traveller(filters: VisitFilters, bind: Bind) -> Conditions:
    """`visitor` and `visitor_level` must hold for one and the same traveller.

    With `visitor_party` the office has to be one of these parties.
    """
    wanted = list(refers(Traveller.official_id, Official, "visitor", filters, bind))
    travelling = select(Traveller.visit_id)
    if filters.visitor_level is not None:
        journey = aliased(Visit)
        travelling = travelling.join(Position, Position.official_id == Traveller.official_id).join(
            journey, journey.id == Traveller.visit_id
        )
        wanted += [
            Position.deleted_seq.is_(None),
            *alternatives(Position.level, "visitor_level", filters, bind),
            *refers_to_any(Position.party_id, Party, "visitor_party", filters, bind),
            may_be_held_during(journey),
        ]
    if wanted:
        yield Visit.id.in_(travelling.where(*wanted))


def may_be_held_during(journey: type[Visit]) -> ColumnElement[bool]:
    """A position's tenure may cover some day of a journey; an undated one has no day."""
    begins, ends = Position.start_earliest, Position.end_latest
    first, last = journey.date_earliest, journey.date_latest
    return (
        journey.date_edtf.is_not(None)
        & or_(begins <= last, begins.is_(None), last.is_(None))
        & or_(ends >= first, ends.is_(None), first.is_(None))
    )


def on_side(side: str, field: str, filters: VisitFilters, bind: Bind) -> Conditions:
    """A party on the visiting or the receiving side."""
    if getattr(filters, field) is not None:
        named = list(refers_to_any(VisitParty.party_id, Party, field, filters, bind))
        yield Visit.id.in_(select(VisitParty.visit_id).where(VisitParty.side == side, *named))


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
