"""The runs of the loader: what was brought in, from what, and how it ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.claims import JsonValue


class ImportRun(Base):
    """One run of the loader that was kept, whether it changed anything or not.

    `content_hash` is over the files read, so that the same files are not read twice.
    """

    __tablename__ = "import_runs"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    dataset: Mapped[str] = mapped_column(String(64), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]] = mapped_column(JsonValue)
