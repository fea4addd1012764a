"""Reading past SQLAlchemy's execution: it writes every statement, once for each of its forms;
after that only the driver runs.
"""

from app.database.engines import parse_url
from app.database.reader import Compiled, Fetch, Reader

__all__ = ["Compiled", "Fetch", "Reader", "make_reader"]


def make_reader(url: str, *, timeout_seconds: float, pool_size: int) -> Reader:
    """The reader for a database's address."""
    # Deferred: a driver takes a while to load, and only one of them is used.
    if parse_url(url).get_backend_name() == "sqlite":
        from app.database.sqlite_reading import SqliteReader  # noqa: PLC0415

        return SqliteReader(url, timeout_seconds)
    from app.database.postgres_reading import PostgresReader  # noqa: PLC0415

    return PostgresReader(url, timeout_seconds, pool_size)
