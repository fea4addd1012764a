"""What the record holds already, as far as an import of the Historian's data has to know it.

Read before the import, outside its lock: what other data sets say of the same persons, offices and
journeys is joined and never written, and keys that were given once are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from app.database.engines import reading
from app.importers.historian.visitors import same_name
from app.models import (
    RECORDS,
    Identifier,
    ImportedRecord,
    Meeting,
    Official,
    OfficialName,
    Participation,
    Party,
    Position,
    Source,
    Visit,
)
from app.models.identifiers import IDENTIFIED

HISTORIAN = "historian-"
"""What the names of the Historian's data sets begin with."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The record that has an identifier: its id, its key, and the data set that last wrote it.

    One that `is_gone` was deleted, or withdrawn by an import; merged officials are not.
    """

    id: str
    key: str
    dataset: str
    is_gone: bool = False

    @property
    def is_ours(self) -> bool:
        return self.dataset.startswith(HISTORIAN)


@dataclass(frozen=True, slots=True)
class Known:
    """A meeting that another data set tells of: its slug, its first and last day, who was there.

    `names` are the folded words of each name that somebody there has.
    """

    slug: str
    earliest: date
    latest: date
    names: tuple[frozenset[str], ...]

    def was_attended_by(self, name: str) -> bool:
        """Whether every word of a name is in one that somebody there has."""
        words = frozenset(same_name(name).split())
        return any(words <= each for each in self.names)


@dataclass(frozen=True, slots=True)
class Standing:
    """Empty for a database with nothing in it."""

    identified: Mapping[tuple[str, str], Holder] = field(default_factory=dict)
    """By scheme and value."""
    slugs: Mapping[str, str] = field(default_factory=dict)
    """By id, of officials, visits, meetings and sources."""
    datasets: Mapping[str, str] = field(default_factory=dict)
    """The data set that last wrote a record, by id."""
    parties: Mapping[str, str] = field(default_factory=dict)
    """Ids by code."""
    people: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The slugs of other data sets' officials by name (`same_name`) and party of an office."""
    deaths: Mapping[str, date] = field(default_factory=dict)
    """The last possible day of the lives of officials, by slug."""
    met: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    """Meetings of other data sets, by the slugs of the officials who took part."""

    def elsewhere(self, scheme: str, value: str) -> Holder | None:
        """The record of another data set that has an identifier."""
        holder = self.identified.get((scheme, value))
        return None if holder is None or holder.is_ours else holder


EMPTY = Standing()


def standing_of(engine: Engine) -> Standing:
    with reading(engine) as connection, Session(connection) as session:
        slugs = {
            record_id: slug
            for model in (Official, Visit, Meeting, Source)
            for record_id, slug in session.execute(select(model.id, model.slug))
        }
        imported = select(ImportedRecord.record_key, ImportedRecord.dataset)
        datasets = dict(session.execute(imported).all())
        owner = func.coalesce(*(getattr(Identifier, column) for column in IDENTIFIED))
        owners = [
            (scheme, value, str(owner_id))
            for scheme, value, owner_id in session.execute(
                select(Identifier.scheme, Identifier.value, owner)
            )
        ]
        stated, gone = {}, set()
        for model in RECORDS.values():
            columns: Any = model
            for record_id, dataset, deleted_seq in session.execute(
                select(columns.id, columns.dataset, columns.deleted_seq)
            ):
                stated[record_id] = dataset or ""
                if deleted_seq is not None:
                    gone.add(record_id)
        merged = select(Official.id).where(Official.merged_into_id.is_not(None))
        gone -= set(session.scalars(merged))
        identified = {
            (scheme, value): Holder(
                record_id,
                slugs.get(record_id, record_id),
                datasets.get(record_id) or stated.get(record_id, ""),
                record_id in gone,
            )
            for scheme, value, record_id in owners
        }
        return Standing(
            identified=identified,
            slugs=slugs,
            datasets=datasets,
            parties=dict(session.execute(select(Party.code, Party.id)).all()),
            people={
                (same_name(name), code): slug
                for name, code, slug in session.execute(
                    select(OfficialName.name, Party.code, Official.slug)
                    .join(Official, Official.id == OfficialName.official_id)
                    .join(Position, Position.official_id == Official.id)
                    .join(Party, Party.id == Position.party_id)
                    .where(Official.deleted_seq.is_(None), Position.deleted_seq.is_(None))
                    .where(Official.dataset.not_like(f"{HISTORIAN}%"))
                    .order_by(Official.id.desc())
                )
            },
            deaths={
                slug: day
                for slug, day in session.execute(select(Official.slug, Official.death_latest))
                if day is not None
            },
            met=meetings_elsewhere(session),
        )


def meetings_elsewhere(session: Session) -> dict[str, tuple[Known, ...]]:
    """The dated meetings of other data sets by the officials who took part in them.

    Of those only at which somebody was whom the Historian knows as a traveller or an officer.
    """
    travels = (
        select(Participation.meeting_id)
        .join(Identifier, Identifier.official_id == Participation.official_id)
        .where(Identifier.scheme.in_(("historian-travels", "pocom")))
    )
    elsewhere = or_(Meeting.dataset.is_(None), Meeting.dataset.not_like(f"{HISTORIAN}%"))
    rows = session.execute(
        select(
            Meeting.slug,
            Meeting.date_earliest,
            Meeting.date_latest,
            Official.slug,
            Official.name,
            Participation.name_as_given,
        )
        .join(Participation, Participation.meeting_id == Meeting.id)
        .outerjoin(Official, Official.id == Participation.official_id)
        .where(Meeting.deleted_seq.is_(None), elsewhere, Meeting.id.in_(travels))
        .order_by(Meeting.id, Participation.ordinal)
    )
    days: dict[str, tuple[date, date]] = {}
    names: dict[str, list[frozenset[str]]] = {}
    officials: dict[str, list[str]] = {}
    for slug, earliest, latest, official, *called in rows:
        if earliest is None or latest is None:
            continue
        days[slug] = (earliest, latest)
        there = (frozenset(same_name(name).split()) for name in called if name)
        names.setdefault(slug, []).extend(there)
        if official is not None:
            officials.setdefault(official, []).append(slug)
    return {
        official: tuple(Known(slug, *days[slug], tuple(names[slug])) for slug in slugs)
        for official, slugs in officials.items()
    }
