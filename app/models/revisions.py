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
        # All revisions of one transaction have one instant, and the last of them is looked for.
        Index("ix_revisions_by_time", "at", "seq"),
    )


class RevisionParent(Base):
    """What each revision's record hung on: the log's `parents`, to be found from the other end.

    An index of the log and no part of it, for includes as they stood at some time. It holds one
    thing that `parents` does not: a statement that published a document also hangs on its
    utterance, as its renderings have nothing else in common. `kind` and `record_id` are those of
    what hangs there.
    """

    __tablename__ = "revision_parents"

    parent_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(term_type(RecordKind, "kind"), primary_key=True)
    seq: Mapped[int] = mapped_column(SequenceNumber, ForeignKey("revisions.seq"), primary_key=True)
    record_id: Mapped[str] = mapped_column(PublicId)

    # The key is the one way in, so that the rows may as well lie in its order.
    __table_args__ = ({"sqlite_with_rowid": False},)


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


class RecordCount(Base):
    """How many live records of a kind a data set has.

    Changed by whatever appends to the log, in the same transaction, as to count them anew would
    take as long as there are many.
    """

    __tablename__ = "record_counts"

    dataset: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(term_type(RecordKind, "kind"), primary_key=True)
    records: Mapped[int]

    __table_args__ = (CheckConstraint("records >= 0", name="records_are_counted"),)
