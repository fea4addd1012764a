"""What data sets said last of each record, so that an import can tell its news from edits."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, PublicId
from app.models.claims import JsonValue


class ImportedRecord(Base):
    """A record as the last import handed it over: a neutral record, in JSON."""

    __tablename__ = "imported_records"

    record_key: Mapped[str] = mapped_column(PublicId, primary_key=True)
    dataset: Mapped[str] = mapped_column(String(64))
    content: Mapped[Any] = mapped_column(JsonValue)
