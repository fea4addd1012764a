"""Which references went to another official when theirs was merged away."""

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, PublicId


class MergedReference(Base):
    """A row that referred to an official who was merged away, and refers to the survivor now.

    What undoes the merger puts `merged_id` back into `column_name` of the row `referring_row` of
    `table_name`; so it is exact, whatever else refers to the survivor.
    """

    __tablename__ = "merged_references"

    merged_id: Mapped[str] = mapped_column(PublicId, ForeignKey("officials.id"))
    table_name: Mapped[str] = mapped_column(String(64))
    column_name: Mapped[str] = mapped_column(String(64))
    referring_row: Mapped[str] = mapped_column(PublicId)

    __table_args__ = (
        PrimaryKeyConstraint("merged_id", "table_name", "column_name", "referring_row"),
        Index("ix_merged_references_by_row", "table_name", "column_name", "referring_row"),
    )
