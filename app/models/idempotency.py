"""What was answered to requests that carry an `Idempotency-Key`."""

from datetime import datetime

from sqlalchemy import LargeBinary, PrimaryKeyConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.claims import JsonValue


class IdempotentAnswer(Base):
    """An answer, kept in the transaction of what it tells of.

    `actor` is who sent the key, so that no two clients share one; `request_hash` is the
    SHA-256 of what was asked. `headers` are those that belong to the answer itself.
    """

    __tablename__ = "idempotent_answers"

    actor: Mapped[str] = mapped_column(String(128))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[list[list[str]]] = mapped_column(JsonValue)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (PrimaryKeyConstraint("actor", "key"),)
