"""What the record knows of each official that tells persons apart: names, offices, days, company.

Read as a whole, in a handful of statements, for the review of identities.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.folding import fold
from app.models import (
    Identifier,
    Meeting,
    Official,
    OfficialName,
    Participation,
    Party,
    Position,
    Succession,
    Traveller,
    Visit,
)


@dataclass(frozen=True, slots=True)
class Life:
    """A birth or a death as stated, with the first and the last day on which it may fall."""

    stated: str | None = None
    earliest: date | None = None
    latest: date | None = None


@dataclass(slots=True)
class Known:
    """An official, as far as others may be taken for the same person."""

    id: str
    slug: str
    name: str
    birth: Life
    death: Life
    names: dict[str, str] = field(default_factory=dict)
    """Every name, by its folded form."""
    titles: dict[str, None] = field(default_factory=dict)
    parties: dict[str, None] = field(default_factory=dict)
    """Codes of the parties that the official spoke for, in the order in which they were met."""
    identifiers: dict[str, set[str]] = field(default_factory=dict)
    """Values by scheme."""
    events: set[str] = field(default_factory=set)
    """Ids of the meetings and visits where the official was."""
    first: date | None = None
    last: date | None = None
    """The first and the last day on which the official may have been active."""

    def was_active(self, earliest: date | None, latest: date | None) -> None:
        for day in (earliest, latest):
            if day is not None:
                self.first = day if self.first is None else min(self.first, day)
                self.last = day if self.last is None else max(self.last, day)


@dataclass(frozen=True, slots=True)
class Persons:
    """All living officials, and which parties count as one country."""

    officials: tuple[Known, ...]
    countries: dict[str, str]
    """For each party that succeeded another, or was succeeded, the code that stands for them."""

    def countries_of(self, known: Known) -> set[str]:
        return {self.countries.get(code, code) for code in known.parties}


def persons(session: Session) -> Persons:
    found = {
        row.id: Known(
            row.id,
            row.slug,
            row.name,
            Life(row.birth_edtf, row.birth_earliest, row.birth_latest),
            Life(row.death_edtf, row.death_earliest, row.death_latest),
            {fold(row.name): row.name},
        )
        for row in session.execute(
            select(
                Official.id,
                Official.slug,
                Official.name,
                *(Official.birth_edtf, Official.birth_earliest, Official.birth_latest),
                *(Official.death_edtf, Official.death_earliest, Official.death_latest),
            )
            .where(Official.deleted_seq.is_(None))
            .order_by(Official.id)
        )
    }
    names = select(OfficialName.official_id, OfficialName.name_folded, OfficialName.name)
    for owner, folded, name in session.execute(names.order_by(OfficialName.ordinal)):
        if owner in found:
            found[owner].names.setdefault(folded, name)
    identifiers = select(Identifier.official_id, Identifier.scheme, Identifier.value)
    identifiers = identifiers.where(Identifier.official_id.is_not(None))
    for identified, scheme, value in session.execute(identifiers):
        if identified in found:
            found[identified].identifiers.setdefault(scheme, set()).add(value)
    codes = dict(session.execute(select(Party.id, Party.code)).all())
    read_positions(session, found, codes)
    for part, event, key in (
        (Traveller, Visit, Traveller.visit_id),
        (Participation, Meeting, Participation.meeting_id),
    ):
        read_events(session, found, codes, part, event, key)
    successions = select(Succession.predecessor_id, Succession.successor_id)
    pairs = ((codes[one], codes[other]) for one, other in session.execute(successions))
    return Persons(tuple(found.values()), as_one(pairs))


def read_positions(session: Session, found: dict[str, Known], codes: dict[str, str]) -> None:
    held = select(
        Position.official_id,
        Position.party_id,
        Position.title,
        *(Position.start_earliest, Position.start_latest),
        *(Position.end_earliest, Position.end_latest),
    ).where(Position.deleted_seq.is_(None))
    for official_id, party_id, title, *days in session.execute(held.order_by(Position.id)):
        known = found.get(official_id)
        if known is None:
            continue
        known.titles.setdefault(title)
        if party_id is not None:
            known.parties.setdefault(codes[party_id])
        for day in days:
            known.was_active(day, day)


def read_events(
    session: Session,
    found: dict[str, Known],
    codes: dict[str, str],
    part: Any,
    event: Any,
    key: Any,
) -> None:
    """The events at which officials were, those that were not deleted."""
    rows = session.execute(
        select(
            *(part.official_id, part.party_id, part.title_as_given, event.id),
            *(event.date_earliest, event.date_latest),
        )
        .join(event, event.id == key)
        .where(part.official_id.is_not(None), event.deleted_seq.is_(None))
        .order_by(event.id, part.ordinal)
    )
    for official_id, party_id, title, event_id, earliest, latest in rows:
        known = found.get(official_id)
        if known is None:
            continue
        known.events.add(event_id)
        if title:
            known.titles.setdefault(title)
        if party_id is not None:
            known.parties.setdefault(codes[party_id])
        known.was_active(earliest, latest)


def as_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For every code in pairs of predecessor and successor, one code for all that hang together."""
    chief: dict[str, str] = {}

    def of(code: str) -> str:
        while chief.setdefault(code, code) != code:
            code = chief[code]
        return code

    for one, other in pairs:
        first, second = sorted((of(one), of(other)))
        chief[second] = first
    return {code: of(code) for code in chief}
