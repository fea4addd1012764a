"""Parties: states, historic states, territories and international bodies, with dated names."""

from datetime import date as Day

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    Base,
    DateField,
    Identified,
    Named,
    Part,
    PublicId,
    Record,
    SortText,
    date_checks,
    later,
    live,
    term_type,
)
from app.vocabulary import NameKind, PartyKind


class Party(Identified, Record, Base):
    """A party under its code: ISO 3166-1 alpha-2, 3166-3 once dissolved, our own for bodies."""

    __tablename__ = "parties"

    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[PartyKind] = mapped_column(term_type(PartyKind, "kind"))
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(SortText)
    existed_from = DateField()
    existed_from_edtf: Mapped[str | None] = mapped_column(String(64))
    existed_from_earliest: Mapped[Day | None]
    existed_from_latest: Mapped[Day | None]
    existed_until = DateField()
    existed_until_edtf: Mapped[str | None] = mapped_column(String(64))
    existed_until_earliest: Mapped[Day | None]
    existed_until_latest: Mapped[Day | None]

    names: Mapped[list["PartyName"]] = relationship(
        cascade="all, delete-orphan", order_by="PartyName.ordinal", lazy="raise"
    )
    successions: Mapped[list["Succession"]] = relationship(
        cascade="all, delete-orphan",
        foreign_keys="Succession.predecessor_id",
        order_by="Succession.ordinal",
        lazy="raise",
    )
    preceded_by: Mapped[list["Succession"]] = relationship(
        foreign_keys="Succession.successor_id", lazy="raise", viewonly=True
    )

    __table_args__ = (
        CheckConstraint("code = upper(code)", name="code_is_upper_case"),
        *date_checks("existed_from", "existed_until"),
        live("sort_name", "id", name="ix_parties_by_name"),
        live("kind", "sort_name", "id", name="ix_parties_by_kind"),
        live("updated_at", "id", name="ix_parties_by_update"),
        # PostgreSQL would rather read all parties than a page of the index and one of the table.
        Index("ix_parties_by_code", "code", postgresql_include=["id"]).ddl_if(dialect="postgresql"),
        Index("ix_parties_by_existence", "existed_from_earliest", "existed_until_latest"),
    )


class PartyName(Named, Part, Base):
    """A name of a party, with the time in which it was its name."""

    __tablename__ = "party_names"

    party_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"), index=True)
    kind: Mapped[NameKind] = mapped_column(term_type(NameKind, "kind"))

    __table_args__ = tuple(date_checks("valid_from", "valid_until"))


class Succession(Part, Base):
    """One party succeeding another; a party may have several successors."""

    __tablename__ = "party_successions"

    predecessor_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"))
    successor_id: Mapped[str] = mapped_column(PublicId, later("parties.id"), index=True)

    predecessor: Mapped[Party] = relationship(
        foreign_keys=[predecessor_id], lazy="raise", viewonly=True
    )
    successor: Mapped[Party] = relationship(foreign_keys=[successor_id], lazy="raise")

    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id <> successor_id", name="not_its_own_successor"),
    )
