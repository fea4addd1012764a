"""Identifiers under which other systems know a record."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Part, PublicId, exactly_one, filled

IDENTIFIED = (
    "party_id",
    "official_id",
    "position_id",
    "visit_id",
    "meeting_id",
    "statement_id",
    "commitment_id",
    "source_id",
)


class Identifier(Part, Base):
    """A value under a scheme (`wikidata`, `pocom`, …); no two records share one."""

    __tablename__ = "identifiers"

    scheme: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(256))
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    position_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("positions.id"))
    visit_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("visits.id"))
    meeting_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("meetings.id"))
    statement_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("statements.id"))
    commitment_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("commitments.id"))
    source_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("sources.id"))

    __table_args__ = (
        UniqueConstraint("scheme", "value"),
        CheckConstraint(exactly_one(*IDENTIFIED), name="one_subject"),
        *(filled(column, name=f"ix_identifiers_by_{column[:-3]}") for column in IDENTIFIED),
    )
