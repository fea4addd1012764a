"""Topics: a small tree of controlled subjects."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, PublicId, Record, later, live


class Topic(Record, Base):
    """A subject under its kebab-case code."""

    __tablename__ = "topics"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str]
    parent_id: Mapped[str | None] = mapped_column(PublicId, later("topics.id"), index=True)

    parent: Mapped["Topic | None"] = relationship(remote_side="Topic.id", lazy="raise")
    children: Mapped[list["Topic"]] = relationship(
        primaryjoin="and_(Topic.id == foreign(remote(Topic.parent_id)), "
        "remote(Topic.deleted_seq).is_(None))",
        order_by="Topic.code",
        lazy="raise",
        viewonly=True,
    )

    __table_args__ = (
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        live("code", "id", name="ix_topics_by_code"),
        live("updated_at", "id", name="ix_topics_by_update"),
    )
