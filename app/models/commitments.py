"""Commitments, what happened to them, and what assessors make of them.

The project passes no verdict: an assessment always has an assessor and a source.
"""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.dialects import LONG_SPAN
from app.models.base import (
    Base,
    Cited,
    Claimed,
    Dated,
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
    later,
    live,
    spans,
    term_type,
)
from app.models.meetings import Meeting
from app.models.officials import Official
from app.models.parties import Party
from app.models.sources import Source
from app.models.topics import Topic
from app.vocabulary import CommitmentEventKind, CommitmentKind, LineageRelation, Verdict


class Commitment(Identified, Claimed, Cited, Dated, Record, Base):
    """A promise, assurance or agreed step; its `date` is the day on which it was made.

    `latest_event` is derived from the events when the document is published.
    """

    __tablename__ = "commitments"

    slug: Mapped[str] = mapped_column(String(128), unique=True)
    title: Mapped[str]
    text: Mapped[str]
    kind: Mapped[CommitmentKind] = mapped_column(term_type(CommitmentKind, "kind"))
    latest_event: Mapped[CommitmentEventKind | None] = mapped_column(
        term_type(CommitmentEventKind, "latest_event")
    )

    actors: Mapped[list["CommitmentActor"]] = relationship(
        cascade="all, delete-orphan", order_by="CommitmentActor.ordinal", lazy="raise"
    )
    wordings: Mapped[list["CommitmentWording"]] = relationship(
        cascade="all, delete-orphan", order_by="CommitmentWording.ordinal", lazy="raise"
    )
    events: Mapped[list["CommitmentEvent"]] = relationship(
        cascade="all, delete-orphan", order_by="CommitmentEvent.ordinal", lazy="raise"
    )
    assessments: Mapped[list["Assessment"]] = relationship(
        cascade="all, delete-orphan", order_by="Assessment.ordinal", lazy="raise"
    )
    lineage: Mapped[list["Lineage"]] = relationship(
        cascade="all, delete-orphan",
        foreign_keys="Lineage.commitment_id",
        order_by="Lineage.ordinal",
        lazy="raise",
    )
    taken_up_by: Mapped[list["Lineage"]] = relationship(
        foreign_keys="Lineage.earlier_id", lazy="raise", viewonly=True
    )
    topic_links: Mapped[list["CommitmentTopic"]] = relationship(
        cascade="all, delete-orphan", order_by="CommitmentTopic.ordinal", lazy="raise"
    )

    __table_args__ = (
        *date_checks("date"),
        live("date_ascends", "id", name="ix_commitments_by_date"),
        live("date_descends", "id", name="ix_commitments_by_date_descending"),
        *spans("commitments"),
        *days_of_datasets("commitments"),
        deleted("commitments"),
        live("kind", "date_ascends", "id", name="ix_commitments_by_kind"),
        live("latest_event", "date_ascends", "id", name="ix_commitments_by_latest_event"),
        live("updated_at", "id", "date_ascends", name="ix_commitments_by_update"),
    )


class CommitmentActor(Listed, Part, Base):
    """Who gave a commitment (`by`) or to whom it was given (`to`)."""

    __tablename__ = "commitment_actors"

    commitment_id: Mapped[str] = mapped_column(PublicId, ForeignKey("commitments.id"))
    side: Mapped[str] = mapped_column(String(2))
    party_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"))
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))

    party: Mapped[Party] = relationship(lazy="raise")
    official: Mapped[Official | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("side IN ('by', 'to')", name="side_is_known"),
        UniqueConstraint("commitment_id", "side", "party_id", "official_id"),
        Index("ix_commitment_actors_by_party", "party_id", "side", "listed_on", "commitment_id"),
        filled(
            "official_id",
            "side",
            "listed_on",
            "commitment_id",
            name="ix_commitment_actors_by_official",
        ),
    )


class CommitmentWording(Part, Base):
    """How one side words the commitment, according to a source."""

    __tablename__ = "commitment_wordings"

    commitment_id: Mapped[str] = mapped_column(PublicId, ForeignKey("commitments.id"), index=True)
    party_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"), index=True)
    source_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sources.id"), index=True)
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(35))

    party: Mapped[Party] = relationship(lazy="raise")
    source: Mapped[Source] = relationship(lazy="raise")


class Lineage(Part, Base):
    """A commitment restating, narrowing or superseding an earlier one, according to a source."""

    __tablename__ = "commitment_lineage"

    commitment_id: Mapped[str] = mapped_column(PublicId, ForeignKey("commitments.id"))
    earlier_id: Mapped[str] = mapped_column(PublicId, later("commitments.id"), index=True)
    relation: Mapped[LineageRelation] = mapped_column(term_type(LineageRelation, "relation"))
    source_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sources.id"), index=True)
    note: Mapped[str | None]

    commitment: Mapped[Commitment] = relationship(
        foreign_keys=[commitment_id], lazy="raise", viewonly=True
    )
    earlier: Mapped[Commitment] = relationship(foreign_keys=[earlier_id], lazy="raise")
    source: Mapped[Source] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("commitment_id", "earlier_id"),
        CheckConstraint("commitment_id <> earlier_id", name="not_its_own_lineage"),
    )


class CommitmentEvent(Listed, Cited, Dated, Part, Base):
    """One thing that happened to a commitment, with its date, meeting and actor."""

    __tablename__ = "commitment_events"

    commitment_id: Mapped[str] = mapped_column(PublicId, ForeignKey("commitments.id"))
    event: Mapped[CommitmentEventKind] = mapped_column(term_type(CommitmentEventKind, "event"))
    meeting_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("meetings.id"))
    actor_party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    actor_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    note: Mapped[str | None]
    in_retrospect: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    actor: Mapped[Official | None] = relationship(lazy="raise")
    actor_party: Mapped[Party | None] = relationship(lazy="raise")

    __table_args__ = (
        *date_checks("date"),
        Index("ix_commitment_events_by_commitment", "commitment_id", "event", "date_ascends"),
        filled("meeting_id", "event", "commitment_id", name="ix_commitment_events_by_meeting"),
        Index(
            "ix_commitment_events_by_event", "event", "date_ascends", "commitment_id", "listed_on"
        ),
        Index("ix_commitment_events_by_date", "date_ascends", "commitment_id", "listed_on"),
        Index(
            "ix_commitment_events_of_long_spans",
            "date_ascends",
            "commitment_id",
            sqlite_where=text(LONG_SPAN["sqlite"]),
            postgresql_where=text(LONG_SPAN["postgresql"]),
        ),
        filled("actor_id", name="ix_commitment_events_by_actor"),
        filled("actor_party_id", name="ix_commitment_events_by_actor_party"),
    )


class Assessment(Listed, Cited, Dated, Part, Base):
    """What an assessor finds: in its own scheme and score, and mapped to our verdicts."""

    __tablename__ = "assessments"

    commitment_id: Mapped[str] = mapped_column(PublicId, ForeignKey("commitments.id"), index=True)
    assessor: Mapped[str]
    assessor_folded: Mapped[str] = mapped_column(SortText)
    verdict: Mapped[Verdict] = mapped_column(term_type(Verdict, "verdict"))
    scheme: Mapped[str | None]
    score: Mapped[str | None]
    note: Mapped[str | None]

    __table_args__ = (
        *date_checks("date"),
        Index(
            "ix_assessments_by_verdict", "verdict", "assessor_folded", "commitment_id", "listed_on"
        ),
        Index("ix_assessments_by_assessor", "assessor_folded", "commitment_id", "listed_on"),
    )


class CommitmentTopic(Listed, Base):
    """A topic of a commitment."""

    __tablename__ = "commitment_topics"

    commitment_id: Mapped[str] = mapped_column(PublicId, ForeignKey("commitments.id"))
    topic_id: Mapped[str] = mapped_column(PublicId, ForeignKey("topics.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger, default=0)

    topic: Mapped[Topic] = relationship(lazy="raise")

    __table_args__ = (
        PrimaryKeyConstraint("commitment_id", "topic_id"),
        Index("ix_commitment_topics_by_topic", "topic_id", "listed_on", "commitment_id"),
    )
