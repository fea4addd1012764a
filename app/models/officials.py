"""Officials and the positions that they held."""

from datetime import date as Day

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    Base,
    Cited,
    Claimed,
    DateField,
    Identified,
    Named,
    Part,
    PublicId,
    Record,
    SortedDateField,
    SortText,
    date_checks,
    filled,
    live,
    term_type,
)
from app.models.parties import Party
from app.vocabulary import EndStatus, NameKind, PositionLevel


class Official(Identified, Cited, Record, Base):
    """A person. One merged into another keeps its row and points at the survivor."""

    __tablename__ = "officials"

    slug: Mapped[str] = mapped_column(String(128), unique=True)
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(SortText)
    birth = DateField()
    birth_edtf: Mapped[str | None] = mapped_column(String(64))
    birth_earliest: Mapped[Day | None]
    birth_latest: Mapped[Day | None]
    death = DateField()
    death_edtf: Mapped[str | None] = mapped_column(String(64))
    death_earliest: Mapped[Day | None]
    death_latest: Mapped[Day | None]
    merged_into_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))

    names: Mapped[list["OfficialName"]] = relationship(
        cascade="all, delete-orphan", order_by="OfficialName.ordinal", lazy="raise"
    )
    positions: Mapped[list["Position"]] = relationship(
        primaryjoin="and_(Official.id == foreign(Position.official_id), "
        "Position.deleted_seq.is_(None))",
        order_by="(Position.start_ascends, Position.id)",
        lazy="raise",
        viewonly=True,
    )

    __table_args__ = (
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        *date_checks("birth", "death"),
        live("sort_name", "id", name="ix_officials_by_name"),
        live("updated_at", "id", name="ix_officials_by_update"),
        filled("merged_into_id", name="ix_officials_merged_into_id"),
    )


class OfficialName(Named, Part, Base):
    """A name of an official in one language and script."""

    __tablename__ = "official_names"

    official_id: Mapped[str] = mapped_column(PublicId, ForeignKey("officials.id"))
    kind: Mapped[NameKind] = mapped_column(term_type(NameKind, "kind"))

    __table_args__ = (
        Index("ix_official_names_by_language", "official_id", "language"),
        Index("ix_official_names_name_folded", "name_folded"),
        *date_checks("valid_from", "valid_until"),
    )


class Position(Identified, Claimed, Cited, Record, Base):
    """An office held by one official, from an uncertain start to an uncertain or unknown end.

    `attested_until` is the last day on which a source shows the tenure going on; it is what
    keeps an unknown end from being read as incumbency.
    """

    __tablename__ = "positions"

    official_id: Mapped[str] = mapped_column(PublicId, ForeignKey("officials.id"))
    title: Mapped[str]
    title_folded: Mapped[str] = mapped_column(SortText)
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    body: Mapped[str | None]
    level: Mapped[PositionLevel] = mapped_column(term_type(PositionLevel, "level"))
    start = SortedDateField()
    start_edtf: Mapped[str | None] = mapped_column(String(64))
    start_earliest: Mapped[Day | None]
    start_latest: Mapped[Day | None]
    start_ascends: Mapped[Day]
    start_descends: Mapped[Day]
    end = DateField()
    end_edtf: Mapped[str | None] = mapped_column(String(64))
    end_earliest: Mapped[Day | None]
    end_latest: Mapped[Day | None]
    end_status: Mapped[EndStatus] = mapped_column(term_type(EndStatus, "end_status"))
    attested_until: Mapped[Day | None]
    acting: Mapped[bool] = mapped_column(default=False)

    official: Mapped[Official] = relationship(lazy="raise")
    party: Mapped[Party | None] = relationship(lazy="raise")

    __table_args__ = (
        *date_checks("start", "end"),
        CheckConstraint("start_earliest <= end_latest", name="starts_before_it_ends"),
        CheckConstraint(
            "end_edtf IS NULL OR end_status = 'ended'", name="only_an_ended_tenure_has_an_end"
        ),
        live("start_ascends", "id", name="ix_positions_by_start"),
        live("start_descends", "id", name="ix_positions_by_start_descending"),
        live("official_id", "start_ascends", "id", "level", name="ix_positions_by_official"),
        live(
            "party_id", "level", "start_ascends", "id", "official_id", name="ix_positions_by_party"
        ),
        live("party_id", "start_ascends", "id", name="ix_positions_of_party"),
        live("start_earliest", "end_latest", "official_id", name="ix_positions_by_tenure"),
        live("level", "start_ascends", "id", "official_id", name="ix_positions_by_level"),
        live("title_folded", "start_ascends", "id", name="ix_positions_by_title"),
        live("updated_at", "id", "start_ascends", name="ix_positions_by_update"),
        live(
            *("dataset", "start_earliest", "end_latest", "attested_until", "start_latest"),
            name="ix_positions_days",
        ),
    )
