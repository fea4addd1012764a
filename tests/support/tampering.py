"""The log without its guards, for tests that alter what nobody may alter."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

GUARDED = ("revisions", "documents")


def drop_guards(connection: Connection) -> list[str]:
    """Take the triggers away; the statements that make SQLite's anew."""
    if connection.dialect.name == "postgresql":
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return []
    statement = text(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {GUARDED!r}"
    )
    triggers = connection.execute(statement).all()
    for name, _ in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _, sql in triggers]


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """A transaction in which the triggers that keep the log are away."""
    with engine.begin() as connection:
        triggers = drop_guards(connection)
        yield connection
        for sql in triggers:
            connection.exec_driver_sql(sql)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            for table in GUARDED:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
