"""Officials and positions as lists."""

from sqlalchemy import ColumnElement, or_, select

from app.folding import fold
from app.models import Identifier, Official, Party, Position
from app.queries import relations
from app.queries.base import (
    Bind,
    Parts,
    Resource,
    alternatives,
    belongs,
    by_date,
    by_text,
    by_update,
    holds,
    refers_to_any,
    ways_to_hold_on,
)
from app.queries.selections import Range, Selection, hanging, holding
from app.queries.survivors import survivor
from app.schemas.officials import OfficialFilters, OfficialRead
from app.schemas.positions import PositionFilters, PositionRead
from app.vocabulary import RecordKind


def where_official(filters: OfficialFilters, bind: Bind) -> Parts:
    held = [
        *refers_to_any(Position.party_id, Party, "party", filters, bind),
        *alternatives(Position.level, "level", filters, bind),
    ]
    ways = [held]
    if filters.in_office_on is not None:
        day = bind.value("in_office_on")
        ways = [[*held, way] for way in ways_to_hold_on(Position, "start", "end", day)]
    if any(ways):
        # All of them on one position: `party` with `level` means that party's office.
        owner, live = Position.official_id, Position.deleted_seq.is_(None)
        offices = [Range(owner, (live, *wanted)) for wanted in ways]
        yield hanging(Official, ("party", "level", "in_office_on"), offices)
    if filters.identifier is not None:
        scheme = bind(lambda each: each.identifier.partition(":")[0])
        value = bind(lambda each: each.identifier.partition(":")[2])
        known_by = select(Identifier.official_id).where(
            Identifier.scheme == scheme, Identifier.value == value
        )
        wanted = Official.id == survivor(Official.id == known_by.scalar_subquery())
        only = Range(Official.id, (wanted,), once=True)
        yield Selection(("identifier",), (only,), wanted, wanted, size=1)


def where_position(filters: PositionFilters, bind: Bind) -> Parts:
    yield from belongs(Position.official_id, Official, "official", filters, bind)
    yield from belongs(Position.party_id, Party, "party", filters, bind)
    yield from holds(Position.level, "level", filters, bind)
    if filters.title is not None:
        title = bind(lambda each: fold(each.title))
        day = Position.start_ascends
        yield holding(bind.dialect, Position.title_folded, "title", [title], day=day)
    if filters.as_of is not None:
        ways = ways_to_hold_on(Position, "start", "end", bind.value("as_of"))
        yield from_ways("as_of", ways)


def from_ways(field: str, ways: list[ColumnElement[bool]]) -> Selection:
    """Positions of which one of several things is true; they come in no order."""
    live = Position.deleted_seq.is_(None)
    ranges = tuple(Range(Position.id, (live, way), once=True) for way in ways)
    return Selection((field,), ranges, or_(*ways), or_(*ways))


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
