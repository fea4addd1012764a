"""The text by which records are found: folded tokens, one row a record."""

from datetime import date as Day

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, PublicId, term_type
from app.vocabulary import RecordKind


class SearchEntry(Base):
    """The tokens of one record, and what its hits are ranked, counted and filtered by.

    On PostgreSQL `tokens` is a tsvector under a GIN index. On SQLite it is text, and an FTS5
    table over it is kept in step by triggers that the migrations make. `head` has the words of
    titles and names in order, `body` those of all other texts, for phrases and for the rank;
    `marks` the type, parties, years, topics and data set (`app.questions`), which are tokens as
    well. `length` is the number of words; null where an earlier release wrote the row. `digest`
    tells whether anything of it has changed.
    """

    __tablename__ = "search_entries"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(term_type(RecordKind, "kind"))
    record_id: Mapped[str] = mapped_column(PublicId)
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    digest: Mapped[str] = mapped_column(String(32))
    head: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str] = mapped_column(server_default="")
    marks: Mapped[str] = mapped_column(server_default="")
    length: Mapped[int | None]
    date_earliest: Mapped[Day | None]
    date_latest: Mapped[Day | None]

    __table_args__ = (
        UniqueConstraint("record_id"),
        Index("ix_search_entries_tokens", "tokens", postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
        Index(
            "ix_search_entries_outdated",
            "number",
            sqlite_where=text("length IS NULL"),
            postgresql_where=text("length IS NULL"),
        ),
    )
