"""Meetings and who took part in them."""

from datetime import date as Day
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
    later,
    live,
    live_and_filled,
    spans,
    term_type,
)
from app.models.officials import Official
from app.models.parties import Party
from app.models.places import Placed, coordinate_checks
from app.models.topics import Topic
from app.models.visits import Visit
from app.vocabulary import DurationQualifier, EventStatus, MeetingFormat, ParticipantRole


class Meeting(Identified, Claimed, Cited, Placed, Dated, Record, Base):
    """An encounter.

    `date` covers every local date of the event; `starts_at` is the instant, where a source
    gives a time, and `time_zone` the IANA zone in which it was given. `has_conflicts` is
    derived from the claims when the document is published.
    """

    __tablename__ = "meetings"

    slug: Mapped[str] = mapped_column(String(128), unique=True)
    title: Mapped[str]
    sort_title: Mapped[str] = mapped_column(SortText)
    summary: Mapped[str | None]
    format: Mapped[MeetingFormat] = mapped_column(term_type(MeetingFormat, "format"))
    status: Mapped[EventStatus] = mapped_column(term_type(EventStatus, "status"))
    announced_beforehand: Mapped[bool | None]
    starts_at: Mapped[datetime | None]
    starts_at_approximate: Mapped[bool | None]
    time_zone: Mapped[str | None] = mapped_column(String(64))
    duration_minutes: Mapped[int | None]
    duration_qualifier: Mapped[DurationQualifier | None] = mapped_column(
        term_type(DurationQualifier, "duration_qualifier")
    )
    visit_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("visits.id"))
    sequence: Mapped[int | None] = mapped_column(SmallInteger)
    part_of_id: Mapped[str | None] = mapped_column(PublicId, later("meetings.id"))
    has_conflicts: Mapped[bool] = mapped_column(default=False)

    visit: Mapped[Visit | None] = relationship(lazy="raise")
    part_of: Mapped["Meeting | None"] = relationship(
        foreign_keys=[part_of_id], remote_side="Meeting.id", lazy="raise"
    )
    local_dates: Mapped[list["LocalDate"]] = relationship(
        cascade="all, delete-orphan", order_by="LocalDate.ordinal", lazy="raise"
    )
    participations: Mapped[list["Participation"]] = relationship(
        cascade="all, delete-orphan", order_by="Participation.ordinal", lazy="raise"
    )
    topic_links: Mapped[list["MeetingTopic"]] = relationship(
        cascade="all, delete-orphan", order_by="MeetingTopic.ordinal", lazy="raise"
    )

    __table_args__ = (
        *date_checks("date"),
        *coordinate_checks(),
        CheckConstraint("duration_minutes BETWEEN 0 AND 1000000", name="duration_in_range"),
        CheckConstraint(
            "(duration_minutes IS NULL) = (duration_qualifier IS NULL)",
            name="a_duration_is_qualified",
        ),
        CheckConstraint("sequence >= 1", name="sequence_starts_at_one"),
        CheckConstraint("sequence IS NULL OR visit_id IS NOT NULL", name="sequence_in_a_visit"),
        CheckConstraint("part_of_id <> id", name="not_part_of_itself"),
        CheckConstraint(
            "(starts_at IS NULL) = (starts_at_approximate IS NULL)", name="a_start_is_qualified"
        ),
        CheckConstraint("starts_at IS NULL OR time_zone IS NOT NULL", name="a_start_has_a_zone"),
        live("date_ascends", "id", name="ix_meetings_by_date"),
        live("date_descends", "id", name="ix_meetings_by_date_descending"),
        *spans("meetings"),
        *days_of_datasets("meetings"),
        deleted("meetings"),
        live(
            *("country_id", "date_ascends", "id", "format"),
            name="ix_meetings_by_country",
            tells_seq=True,
        ),
        live(
            *("city_folded", "date_ascends", "id", "format"),
            name="ix_meetings_by_city",
            tells_seq=True,
        ),
        live("format", "date_ascends", "id", name="ix_meetings_by_format"),
        live("status", "date_ascends", "id", name="ix_meetings_by_status"),
        live("dataset", "date_ascends", "id", name="ix_meetings_by_dataset"),
        live("has_conflicts", "date_ascends", "id", name="ix_meetings_by_conflict"),
        live_and_filled("visit_id", "sequence", "id", name="ix_meetings_by_visit"),
        live_and_filled("part_of_id", "id", name="ix_meetings_by_parent"),
        live("sort_title", "id", name="ix_meetings_by_title"),
        live("updated_at", "id", "date_ascends", name="ix_meetings_by_update"),
    )


class LocalDate(Part, Base):
    """The calendar date of a meeting in one time zone, where zones make it two."""

    __tablename__ = "meeting_local_dates"

    meeting_id: Mapped[str] = mapped_column(PublicId, ForeignKey("meetings.id"))
    date: Mapped[Day]
    time_zone: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("meeting_id", "time_zone"),)


class Participation(Listed, Part, Base):
    """Someone, or some body, at a meeting, as the sources name them.

    `official_id` only where the sources identify the person; a bare surname stays a name.
    """

    __tablename__ = "participations"

    meeting_id: Mapped[str] = mapped_column(PublicId, ForeignKey("meetings.id"))
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    name_as_given: Mapped[str]
    title_as_given: Mapped[str | None]
    role: Mapped[ParticipantRole] = mapped_column(term_type(ParticipantRole, "role"))

    official: Mapped[Official | None] = relationship(lazy="raise")
    party: Mapped[Party | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("meeting_id", "id"),
        UniqueConstraint("official_id", "meeting_id"),
        Index(
            "ix_participations_by_official", "official_id", "listed_on", "meeting_id", "party_id"
        ),
        Index("ix_participations_by_party", "party_id", "listed_on", "meeting_id"),
        Index("ix_participations_by_meeting", "meeting_id", "party_id"),
    )


class MeetingTopic(Listed, Base):
    """A topic of a meeting; which source attests it is a claim."""

    __tablename__ = "meeting_topics"

    meeting_id: Mapped[str] = mapped_column(PublicId, ForeignKey("meetings.id"))
    topic_id: Mapped[str] = mapped_column(PublicId, ForeignKey("topics.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger, default=0)

    topic: Mapped[Topic] = relationship(lazy="raise")

    __table_args__ = (
        PrimaryKeyConstraint("meeting_id", "topic_id"),
        Index("ix_meeting_topics_by_topic", "topic_id", "listed_on", "meeting_id"),
    )
