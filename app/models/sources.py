"""Sources: the documents that claim things."""

from datetime import date as Day

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    Base,
    Dated,
    Identified,
    PublicId,
    Record,
    SortText,
    date_checks,
    days_of_datasets,
    filled,
    later,
    live,
    spans,
    term_type,
)
from app.models.parties import Party
from app.vocabulary import SourceKind


class Source(Identified, Dated, Record, Base):
    """A document; its `date` is the day of publication.

    `perspective` is the code of the party whose government or state media speaks, or `press`,
    or `third_party`. `republished_by` names who carries the copy at `url` where that is not
    the publisher; `known_through` is the source that reports this one, where nobody here has
    read it.
    """

    __tablename__ = "sources"

    slug: Mapped[str] = mapped_column(String(128), unique=True)
    title: Mapped[str]
    kind: Mapped[SourceKind] = mapped_column(term_type(SourceKind, "kind"))
    publisher: Mapped[str]
    publisher_folded: Mapped[str] = mapped_column(SortText)
    perspective: Mapped[str] = mapped_column(String(16))
    perspective_party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    url: Mapped[str | None]
    archived_url: Mapped[str | None]
    republished_by: Mapped[str | None]
    known_through_id: Mapped[str | None] = mapped_column(PublicId, later("sources.id"))
    accessed_on: Mapped[Day | None]
    language: Mapped[str | None] = mapped_column(String(35))
    licence: Mapped[str | None]
    content_hash: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None]

    perspective_party: Mapped[Party | None] = relationship(lazy="raise")
    known_through: Mapped["Source | None"] = relationship(remote_side="Source.id", lazy="raise")

    __table_args__ = (
        *date_checks("date"),
        CheckConstraint(
            "(perspective IN ('press', 'third_party')) = (perspective_party_id IS NULL)",
            name="perspective_is_known",
        ),
        CheckConstraint("known_through_id <> id", name="not_known_through_itself"),
        live("date_ascends", "id", name="ix_sources_by_date"),
        live("date_descends", "id", name="ix_sources_by_date_descending"),
        *spans("sources"),
        *days_of_datasets("sources"),
        live("kind", "date_ascends", "id", name="ix_sources_by_kind"),
        live("perspective", "date_ascends", "id", name="ix_sources_by_perspective"),
        live("publisher_folded", "date_ascends", "id", name="ix_sources_by_publisher"),
        live("language", "date_ascends", "id", name="ix_sources_by_language"),
        live("updated_at", "id", "date_ascends", name="ix_sources_by_update"),
        filled("perspective_party_id", name="ix_sources_perspective_party_id"),
        filled("known_through_id", name="ix_sources_known_through_id"),
    )
