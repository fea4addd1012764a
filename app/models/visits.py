"""Visits: journeys of officials, their travellers, parties and stops."""

from datetime import date as Day

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    Base,
    Cited,
    Claimed,
    Dated,
    DateField,
    Identified,
    Listed,
    Part,
    PublicId,
    Record,
    SortText,
    date_checks,
    days_of_datasets,
    deleted,
    filled,
    live,
    spans,
    term_type,
)
from app.models.officials import Official
from app.models.parties import Party
from app.models.places import Placed, coordinate_checks
from app.vocabulary import EventStatus, ParticipantRole, VisitKind


class Visit(Identified, Claimed, Cited, Dated, Record, Base):
    """A journey; its `date` spans the whole of it."""

    __tablename__ = "visits"

    slug: Mapped[str] = mapped_column(String(128), unique=True)
    title: Mapped[str]
    summary: Mapped[str | None]
    kind: Mapped[VisitKind | None] = mapped_column(term_type(VisitKind, "kind"))
    status: Mapped[EventStatus] = mapped_column(term_type(EventStatus, "status"))

    parties: Mapped[list["VisitParty"]] = relationship(
        cascade="all, delete-orphan", order_by="VisitParty.ordinal", lazy="raise"
    )
    travellers: Mapped[list["Traveller"]] = relationship(
        cascade="all, delete-orphan", order_by="Traveller.ordinal", lazy="raise"
    )
    stops: Mapped[list["Stop"]] = relationship(
        cascade="all, delete-orphan", order_by="Stop.ordinal", lazy="raise"
    )

    __table_args__ = (
        *date_checks("date"),
        live("date_ascends", "id", name="ix_visits_by_date"),
        live("date_descends", "id", name="ix_visits_by_date_descending"),
        *spans("visits"),
        *days_of_datasets("visits"),
        deleted("visits"),
        live("kind", "date_ascends", "id", name="ix_visits_by_kind"),
        live("status", "date_ascends", "id", name="ix_visits_by_status"),
        live("dataset", "date_ascends", "id", name="ix_visits_by_dataset"),
        live("updated_at", "id", "date_ascends", name="ix_visits_by_update"),
    )


class VisitParty(Listed, Part, Base):
    """A party on the visiting or on the receiving side of a visit."""

    __tablename__ = "visit_parties"

    visit_id: Mapped[str] = mapped_column(PublicId, ForeignKey("visits.id"))
    party_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"))
    side: Mapped[str] = mapped_column(String(8))

    party: Mapped[Party] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("side IN ('visitor', 'host')", name="side_is_known"),
        UniqueConstraint("visit_id", "side", "party_id"),
        UniqueConstraint("party_id", "side", "visit_id"),
        Index("ix_visit_parties_by_party", "party_id", "side", "listed_on", "visit_id"),
    )


class Traveller(Listed, Part, Base):
    """Someone on a visit, as the sources name them; identified only where they can be."""

    __tablename__ = "visit_travellers"

    visit_id: Mapped[str] = mapped_column(PublicId, ForeignKey("visits.id"))
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    name_as_given: Mapped[str]
    title_as_given: Mapped[str | None]
    role: Mapped[ParticipantRole] = mapped_column(term_type(ParticipantRole, "role"))

    official: Mapped[Official | None] = relationship(lazy="raise")
    party: Mapped[Party | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("official_id", "visit_id"),
        Index("ix_visit_travellers_by_official", "official_id", "listed_on", "visit_id"),
        Index("ix_visit_travellers_by_party", "party_id", "visit_id"),
        Index("ix_visit_travellers_by_visit", "visit_id", "official_id"),
    )


class Stop(Placed, Part, Base):
    """One place on the way, with its own dates; several localities, where they are one stop."""

    __tablename__ = "visit_stops"

    visit_id: Mapped[str] = mapped_column(PublicId, ForeignKey("visits.id"), index=True)
    date = DateField()
    date_edtf: Mapped[str | None] = mapped_column(String(64))
    date_earliest: Mapped[Day | None]
    date_latest: Mapped[Day | None]

    localities: Mapped[list["StopLocality"]] = relationship(
        cascade="all, delete-orphan", order_by="StopLocality.ordinal", lazy="raise"
    )

    __table_args__ = (
        *date_checks("date"),
        *coordinate_checks(),
        Index("ix_visit_stops_by_city", "city_folded", "visit_id"),
        filled("place_folded", "visit_id", name="ix_visit_stops_by_place"),
        Index("ix_visit_stops_by_country", "country_id", "visit_id"),
    )


class StopLocality(Part, Base):
    """One of the localities that a stop comprises: its city, and another name that is stated."""

    __tablename__ = "stop_localities"

    stop_id: Mapped[str] = mapped_column(PublicId, ForeignKey("visit_stops.id"), index=True)
    name: Mapped[str | None]
    name_folded: Mapped[str | None] = mapped_column(SortText)
    city: Mapped[str]
    city_folded: Mapped[str] = mapped_column(SortText)

    __table_args__ = (
        Index("ix_stop_localities_by_city", "city_folded", "stop_id"),
        Index("ix_stop_localities_by_name", "name_folded", "stop_id"),
    )
