"""Citations (a source attests a record) and claims (a source gives a value to a field of it).

A row belongs to exactly one subject, by a real foreign key for each kind of subject, so that
neither can outlive or miss what it speaks of.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Listed, Part, PublicId, exactly_one, partial, term_type
from app.models.sources import Source
from app.vocabulary import Attestation, ClaimRank, DurationQualifier

JsonValue = JSON().with_variant(JSONB(), "postgresql")


class Evidence:
    """Where in its source the evidence stands: a text quote after the W3C annotation model."""

    locator: Mapped[str | None]
    quote: Mapped[str | None]
    prefix: Mapped[str | None]
    suffix: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(35))


CITED = (
    "official_id",
    "position_id",
    "visit_id",
    "meeting_id",
    "statement_id",
    "commitment_id",
    "commitment_event_id",
    "assessment_id",
)

LISTED_BY_SOURCE = ("meeting_id", "statement_id", *CITED[-3:])
"""What lists find by a source."""


class Citation(Listed, Evidence, Part, Base):
    """A source that attests a record, event or assessment as a whole."""

    __tablename__ = "citations"

    source_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sources.id"), index=True)
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    position_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("positions.id"))
    visit_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("visits.id"))
    meeting_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("meetings.id"))
    statement_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("statements.id"))
    commitment_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("commitments.id"))
    commitment_event_id: Mapped[str | None] = mapped_column(
        PublicId, ForeignKey("commitment_events.id")
    )
    assessment_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("assessments.id"))

    source: Mapped[Source] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(exactly_one(*CITED), name="one_subject"),
        *(Index(f"ix_citations_by_{column[:-3]}", column, "source_id") for column in CITED),
        *(
            partial(
                "source_id",
                "listed_on",
                column,
                name=f"ix_citations_of_{column[:-3]}_by_source",
                where=f"{column} IS NOT NULL",
            )
            for column in LISTED_BY_SOURCE
        ),
    )


CLAIMED = ("position_id", "visit_id", "meeting_id", "commitment_id")


class Claim(Evidence, Part, Base):
    """A source giving a value to one field of a record, or of one participation in it.

    `value` is the field's value as the API shows it. On the field `topics` it is a topic's
    code, and `attestation` says how the source treats that topic; silence is data.
    """

    __tablename__ = "claims"

    source_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sources.id"), index=True)
    position_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("positions.id"))
    visit_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("visits.id"))
    meeting_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("meetings.id"))
    commitment_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("commitments.id"))
    participation_id: Mapped[str | None] = mapped_column(PublicId)
    field: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JsonValue)
    qualifier: Mapped[DurationQualifier | None] = mapped_column(
        term_type(DurationQualifier, "qualifier")
    )
    rank: Mapped[ClaimRank] = mapped_column(term_type(ClaimRank, "rank"), default=ClaimRank.NORMAL)
    attestation: Mapped[Attestation | None] = mapped_column(term_type(Attestation, "attestation"))

    source: Mapped[Source] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(exactly_one(*CLAIMED), name="one_subject"),
        # Both columns at once: a claim on a participation is a claim on its own meeting.
        ForeignKeyConstraint(
            ["meeting_id", "participation_id"],
            ["participations.meeting_id", "participations.id"],
            name="fk_claims_participation",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint(
            "participation_id IS NULL OR meeting_id IS NOT NULL", name="participation_of_a_meeting"
        ),
        CheckConstraint("(attestation IS NULL) = (field <> 'topics')", name="topics_are_attested"),
        *(Index(f"ix_claims_by_{column[:-3]}", column, "field") for column in CLAIMED),
        Index("ix_claims_by_participation", "participation_id"),
    )
