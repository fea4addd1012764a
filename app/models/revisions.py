"""The log: one row for each change to each record, and the document that it published."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, PublicId, term_type
from app.models.claims import JsonValue
from app.vocabulary import Operation, RecordKind

SequenceNumber = BigInteger().with_variant(Integer(), "sqlite")


class Revision(Base):
    """One change to one record; never altered, never removed.

    `seq` counts all changes without holes, `rev` those of this record's content. `cause` is
    the change of a neighbour that made a republication necessary. `hash` covers every other
    column and the hash of the row before; `body_hash` stands in for the body, so that a body
    can be blanked and the chain still verify.
    """

    __tablename__ = "revisions"

    seq: Mapped[int] = mapped_column(SequenceNumber, primary_key=True, autoincrement=False)
    kind: Mapped[RecordKind] = mapped_column(term_type(RecordKind, "kind"))
    record_id: Mapped[str] = mapped_column(PublicId)
    rev: Mapped[int]
    operation: Mapped[Operation] = mapped_column(term_type(Operation, "operation"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(128))
    request_id: Mapped[str | None] = mapped_column(String(128))
    reason: Mapped[str | None]
    cause: Mapped[int | None] = mapped_column(SequenceNumber, ForeignKey("revisions.seq"))
    parents: Mapped[list[Any]] = mapped_column(JsonValue)
    shape: Mapped[int] = mapped_column(SmallInteger)
    body_hash: Mapped[str | None] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_starts_at_one"),
        CheckConstraint("cause < seq", name="cause_comes_first"),
        CheckConstraint(
            "(cause IS NOT NULL) = (operation = 'republish')", name="a_republication_has_a_cause"
        ),
        Index("ix_revisions_by_record", "record_id", "seq"),
        Index("ix_revisions_by_time", "at"),
    )


class DocumentShape(Base):
    """A shape that all documents of this database have been brought to, and when."""

    __tablename__ = "document_shapes"

    shape: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reached_at: Mapped[datetime]
    republished: Mapped[int]


class Document(Base):
    """The body that a revision published: JSON in UTF-8, as the API shows it."""

    __tablename__ = "documents"

    seq: Mapped[int] = mapped_column(SequenceNumber, ForeignKey("revisions.seq"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
