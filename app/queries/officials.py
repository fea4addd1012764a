"""Officials and positions as lists."""

from sqlalchemy import select

from app.folding import fold
from app.models import Identifier, Official, Party, Position
from app.queries import relations
from app.queries.base import (
    Bind,
    Conditions,
    Resource,
    alternatives,
    by_date,
    by_text,
    by_update,
    may_hold_on,
    refers,
    refers_to_any,
)
from app.queries.survivors import survivor
from app.schemas.officials import OfficialFilters, OfficialRead
from app.schemas.positions import PositionFilters, PositionRead
from app.vocabulary import RecordKind


def where_official(filters: OfficialFilters, bind: Bind) -> Conditions:
    held = [
        *refers_to_any(Position.party_id, Party, "party", filters, bind),
        *alternatives(Position.level, "level", filters, bind),
    ]
    if filters.in_office_on is not None:
        held.append(may_hold_on(Position, "start", "end", bind.value("in_office_on")))
    if held:
        # All of them on one position: `party` with `level` means that party's office.
        yield Official.id.in_(
            select(Position.official_id).where(Position.deleted_seq.is_(None), *held)
        )
    if filters.identifier is not None:
        scheme = bind(lambda each: each.identifier.partition(":")[0])
        value = bind(lambda each: each.identifier.partition(":")[2])
        owner = select(Identifier.official_id).where(
            Identifier.scheme == scheme, Identifier.value == value
        )
        yield Official.id == survivor(Official.id == owner.scalar_subquery())


def where_position(filters: PositionFilters, bind: Bind) -> Conditions:
    yield from refers(Position.official_id, Official, "official", filters, bind)
    yield from refers_to_any(Position.party_id, Party, "party", filters, bind)
    yield from alternatives(Position.level, "level", filters, bind)
    if filters.title is not None:
        yield Position.title_folded == bind(lambda each: fold(each.title))
    if filters.as_of is not None:
        yield may_hold_on(Position, "start", "end", bind.value("as_of"))


OFFICIALS = Resource(
    kind=RecordKind.OFFICIAL,
    path="officials",
    model=Official,
    read=OfficialRead,
    filters=OfficialFilters,
    where=where_official,
    sorts={"name": by_text(Official.sort_name), "updated_at": by_update(Official)},
    key=Official.slug,
    relations={"sources": relations.sources_of("official_id")},
)

POSITIONS = Resource(
    kind=RecordKind.POSITION,
    path="positions",
    model=Position,
    read=PositionRead,
    filters=PositionFilters,
    where=where_position,
    sorts={"start": by_date(Position, "start"), "updated_at": by_update(Position)},
    key=Position.id,
    relations={
        "officials": relations.OFFICIALS_OF_POSITION,
        "sources": relations.sources_of("position_id"),
    },
)
