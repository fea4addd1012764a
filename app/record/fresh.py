"""New records that are published from the rows they were made of, without a look at the database.

What a document shows of neighbours is looked up a few hundred records at a time and kept for the
next ones, within bounds. Only records to which nothing stored refers yet can be published so:
whoever would be shown with them is new as well.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import RelationshipDirection

from app.database.bulk import put_rows
from app.database.dialects import one_of
from app.models import (
    RECORDS,
    Commitment,
    Lineage,
    Meeting,
    Official,
    OfficialName,
    Party,
    Position,
    Source,
    Topic,
    Utterance,
    Visit,
)
from app.models.base import Base
from app.models.plain import Plain, neighbour, part_relations
from app.record.dependencies import DEPENDS_ON, SHOWN_WHEN_MADE, parents
from app.vocabulary import RecordKind

K = RecordKind

CARDS: Mapping[Any, tuple[str, ...]] = {
    Party: ("id", "code"),
    Topic: ("id", "code", "label"),
    Source: ("id", "slug", "title", "publisher", "kind", "perspective", "url"),
    Official: ("id", "slug", "name"),
    Visit: ("id", "slug", "title"),
    Meeting: ("id", "slug", "title"),
    Commitment: ("id", "slug", "title"),
    Utterance: ("id", "label"),
}
"""What documents and search text read of their neighbours, besides the two kinds of row below."""
NAME = ("official_id", "name")
OFFICE = (
    *("id", "official_id", "title", "level", "start_edtf", "end_edtf", "end_status"),
    "attested_until",
)
MOST_KEPT = 20_000
"""Neighbours of one kind that are kept; then all are forgotten, and looked up anew."""


class Tie(NamedTuple):
    """A relationship of a row to a neighbour."""

    name: str
    column: str
    model: Any


@cache
def ties_of(model: Any) -> tuple[Tie, ...]:
    return tuple(
        Tie(each.key, next(iter(each.local_columns)).key, each.mapper.class_)
        for each in inspect(model).relationships
        if each.direction is RelationshipDirection.MANYTOONE and each.mapper.class_ in CARDS
    )


@cache
def models_of_parts(model: Any) -> Mapping[str, tuple[Any, str]]:
    """The relationships of a model to its parts: their model, and its column for the owner's id."""
    return {
        each.key: (each.mapper.class_, next(iter(each.remote_side)).key)
        for each in part_relations(inspect(model))
    }


def with_parts(row: Any) -> Iterator[Any]:
    """A row, its parts and theirs, each knowing whose it is."""
    yield row
    for name, (_, owner) in models_of_parts(row.model).items():
        for part in getattr(row, name):
            setattr(part, owner, row.id)
            yield from with_parts(part)


class Neighbours:
    """What is stored of the records that new ones refer to."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.kept: dict[Any, dict[str, Plain]] = {model: {} for model in CARDS}

    def fetch(self, wanted: Mapping[Any, Collection[str]]) -> None:
        for model, ids in wanted.items():
            kept = self.kept[model]
            missing = [each for each in ids if each not in kept]
            if len(kept) + len(missing) > MOST_KEPT:
                kept.clear()
                missing = list(ids)
            if missing:
                self.look_up(model, missing)

    def look_up(self, model: Any, ids: list[str]) -> None:
        kept = self.kept[model]
        wanted = self.among(model.id, ids)
        found = [*rows_of(self.session, model, CARDS[model], wanted)]
        kept.update((row.id, row) for row in found)
        if model is Official:
            self.complete(found)

    def among(self, column: Any, ids: Iterable[str]) -> Any:
        return one_of(self.session.get_bind().dialect, column, ids)

    def complete(self, officials: list[Any]) -> None:
        """Give officials their names and the offices that they held, in order."""
        by_id = {row.id: row for row in officials}
        for row in officials:
            row.names, row.positions = [], []
        named = self.among(OfficialName.official_id, by_id)
        held = self.among(Position.official_id, by_id)
        for name in rows_of(self.session, OfficialName, NAME, named, OfficialName.ordinal):
            by_id[name.official_id].names.append(name)
        alive = held & Position.deleted_seq.is_(None)
        order = (Position.start_ascends, Position.id)
        for position in rows_of(self.session, Position, OFFICE, alive, *order):
            by_id[position.official_id].positions.append(position)


def rows_of(
    session: Session, model: Any, names: tuple[str, ...], condition: Any, *order: Any
) -> Iterator[Any]:
    make = neighbour(model)
    statement = select(*(getattr(model, name) for name in names)).where(condition)
    for values in session.execute(statement.order_by(*order)):
        yield make(**dict(zip(names, values, strict=True)))


class Fresh:
    """The new records of one load, by kind and id, until they are published."""

    def __init__(self, session: Session, neighbours: Neighbours | None = None) -> None:
        self.session = session
        self.neighbours = neighbours or Neighbours(session)
        self.rows: dict[RecordKind, dict[str, Any]] = {kind: {} for kind in RECORDS}

    def add(self, kind: RecordKind, row: Any) -> None:
        self.rows[kind][row.id] = row

    def wire_backwards(self) -> None:
        """Show records what refers to them: offices, successions, topics below, later commitments.

        Whatever refers to a new record is new.
        """
        for row in self.rows[K.OFFICIAL].values():
            row.positions = []
        offices = self.rows[K.POSITION].values()
        for row in sorted(offices, key=lambda each: (each.start_ascends, each.id)):
            self.append(K.OFFICIAL, row.official_id, "positions", row)
        for party in self.rows[K.PARTY].values():
            party.preceded_by = []
        for party in self.rows[K.PARTY].values():
            for succession in party.successions:
                succession.predecessor = party
                self.append(K.PARTY, succession.successor_id, "preceded_by", succession)
        for topic in self.rows[K.TOPIC].values():
            topic.children = []
        for topic in sorted(self.rows[K.TOPIC].values(), key=lambda each: each.code):
            self.append(K.TOPIC, topic.parent_id, "children", topic)
        for commitment in self.rows[K.COMMITMENT].values():
            commitment.taken_up_by = []
        for commitment in self.rows[K.COMMITMENT].values():
            for tie in commitment.lineage:
                tie.commitment = commitment
                self.append(K.COMMITMENT, tie.earlier_id, "taken_up_by", tie)

    def append(self, kind: RecordKind, record_id: str | None, name: str, row: Any) -> None:
        found = self.rows[kind].get(record_id or "")
        if found is not None:
            getattr(found, name).append(row)

    def wire(self, rows: Collection[Any]) -> dict[Any, list[Any]]:
        """Put their neighbours beside some rows and their parts, which it gives by model."""
        found: dict[Any, list[Any]] = {}
        for row in rows:
            for each in with_parts(row):
                found.setdefault(each.model, []).append(each)
        self.tie(found)
        self.tie({Position: [each for row in found.get(Official, ()) for each in row.positions]})
        later = [each for row in found.get(Commitment, ()) for each in row.taken_up_by]
        self.tie({Lineage: later})
        return found

    def tie(self, found: Mapping[Any, Collection[Any]]) -> None:
        wanted: dict[Any, set[str | None]] = {}
        for model, those in found.items():
            for tie in ties_of(model):
                ids = {getattr(each, tie.column) for each in those}
                wanted.setdefault(tie.model, set()).update(ids)
        here = {RECORDS[kind]: rows for kind, rows in self.rows.items()}
        outside = {
            model: {each for each in ids if each is not None and each not in here.get(model, ())}
            for model, ids in wanted.items()
        }
        self.neighbours.fetch(outside)
        for model, those in found.items():
            for tie in ties_of(model):
                new, kept = here.get(tie.model, {}), self.neighbours.kept[tie.model]
                for each in those:
                    other = getattr(each, tie.column)
                    beside = None if other is None else new.get(other) or kept[other]
                    setattr(each, tie.name, beside)

    def done(self, kind: RecordKind) -> None:
        """The new records of a kind are stored now; officials have more offices than were seen."""
        if kind is K.POSITION:
            self.neighbours.kept[Official].clear()

    def concerning(self, kind: RecordKind) -> list[str]:
        """The new records of a kind that a stored one may show, which is not new itself."""
        if kind not in SHOWN_WHEN_MADE:
            return []
        return [
            row.id
            for row in self.rows[kind].values()
            if any(
                (above, kind) in DEPENDS_ON and other not in self.rows[above]
                for above, other in parents(kind, row)
            )
        ]


def insert_rows(session: Session, rows: Mapping[Any, Iterable[Any]]) -> None:
    """Insert rows by model, whatever they point at first."""
    connection = session.connection()
    for model in sorted(rows, key=places().__getitem__):
        put_rows(connection, model.__table__, list(rows[model]))


@cache
def places() -> dict[Any, int]:
    """Where each model comes when what is pointed at goes first."""
    order: dict[Any, int] = {
        table: place for place, table in enumerate(Base.metadata.sorted_tables)
    }
    return {each.class_: order[each.local_table] for each in Base.registry.mappers}
