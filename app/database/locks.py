"""The lock under which the log is appended to, held until the transaction ends."""

from sqlalchemy import text
from sqlalchemy.orm import Session

LOG_LOCK = 0x6C6F67


def lock_log(session: Session) -> None:
    """Wait for the log. On SQLite the transaction is the only writer already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK})
