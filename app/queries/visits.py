"""Visits as a list."""

from sqlalchemy import or_, select

from app.folding import fold
from app.models import Official, Party, Stop, Traveller, Visit, VisitParty
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
    if filters.visitor is not None:
        travelling = list(refers(Traveller.official_id, Official, "visitor", filters, bind))
        yield Visit.id.in_(select(Traveller.visit_id).where(*travelling))
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
        yield Visit.id.in_(
            select(Stop.visit_id).where(
                or_(
                    Stop.city_folded == folded,
                    Stop.place_folded == folded,
                    Stop.country_id == country,
                )
            )
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
