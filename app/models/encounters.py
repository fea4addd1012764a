"""Who met whom, and what lies between two parties: rows derived from records, only to be read.

They hold nothing that the records do not say. `app.record.encounters` makes them whenever a
record is published; what they are for is to find a pair's entries, in order, by an index.
"""

from datetime import date as Day

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.dialects import LONG_SPAN
from app.models.base import Base, PublicId, term_type
from app.vocabulary import TimelineKind


class Encounter(Base):
    """Two officials of different sides at one meeting that was held; one row in each direction.

    The days are those that meetings are sorted by: undated ones come last in either order.
    """

    __tablename__ = "encounters"

    official_id: Mapped[str] = mapped_column(PublicId, ForeignKey("officials.id"))
    counterpart_id: Mapped[str] = mapped_column(PublicId, ForeignKey("officials.id"))
    meeting_id: Mapped[str] = mapped_column(PublicId, ForeignKey("meetings.id"), index=True)
    date_ascends: Mapped[Day]
    date_descends: Mapped[Day]

    __table_args__ = (
        PrimaryKeyConstraint("official_id", "counterpart_id", "meeting_id"),
        CheckConstraint("official_id <> counterpart_id", name="two_people"),
        Index(
            "ix_encounters_by_pair",
            "official_id",
            "counterpart_id",
            "date_ascends",
            "date_descends",
            "meeting_id",
        ),
    )


PAIR_AND_KIND = ("low_id", "high_id", "kind")


class TimelineEntry(Base):
    """Something between two parties, once for each pair; `low_id` is the lesser of their ids.

    An entry that spans a range of days begins at most a year before it, unless it is among the
    few that an index of their own finds.

    `entry_id` is the id of the visit, meeting or commitment, or of a commitment's event;
    `record_id` that of the record which shows it.
    """

    __tablename__ = "timeline_entries"

    low_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"))
    high_id: Mapped[str] = mapped_column(PublicId, ForeignKey("parties.id"))
    entry_id: Mapped[str] = mapped_column(PublicId)
    record_id: Mapped[str] = mapped_column(PublicId, index=True)
    kind: Mapped[TimelineKind] = mapped_column(term_type(TimelineKind, "kind"))
    date_earliest: Mapped[Day | None]
    date_latest: Mapped[Day | None]
    date_ascends: Mapped[Day]
    date_descends: Mapped[Day]

    __table_args__ = (
        PrimaryKeyConstraint("low_id", "high_id", "entry_id"),
        CheckConstraint("low_id < high_id", name="in_order"),
        Index("ix_timeline_entries_by_date", *PAIR_AND_KIND, "date_ascends", "entry_id"),
        Index(
            "ix_timeline_entries_by_date_descending", *PAIR_AND_KIND, "date_descends", "entry_id"
        ),
        Index(
            "ix_timeline_entries_of_long_spans",
            *PAIR_AND_KIND,
            "date_ascends",
            "entry_id",
            sqlite_where=text(LONG_SPAN["sqlite"]),
            postgresql_where=text(LONG_SPAN["postgresql"]),
        ),
    )
