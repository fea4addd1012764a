"""The text by which records are found: folded tokens, one row a record."""

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, PublicId, term_type
from app.vocabulary import RecordKind


class SearchEntry(Base):
    """The tokens of one record.

    On PostgreSQL `tokens` is a tsvector under a GIN index. On SQLite it is text, and an FTS5
    table over it is kept in step by triggers that the migrations make. `digest` tells whether
    the tokens have changed.
    """

    __tablename__ = "search_entries"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(term_type(RecordKind, "kind"))
    record_id: Mapped[str] = mapped_column(PublicId)
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    digest: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        UniqueConstraint("record_id"),
        Index("ix_search_entries_tokens", "tokens", postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )
