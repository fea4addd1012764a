"""How migrations run: one transaction, one migrator at a time, on SQLite and on PostgreSQL.

The versions import nothing from the application; only comparing the schema with the models
(`check`, `--autogenerate`) does, and only then.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.schema import SchemaItem

MIGRATION_LOCK = 0x6368616E
LOCK_TIMEOUT = "30s"


def engine_from_settings() -> Engine:
    from app.database.engines import make_engine  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    return make_engine(Settings().database_url)


OF_POSTGRESQL = {"ix_search_entries_tokens", "ix_parties_by_code"}


def metadata_of_models() -> Any:
    from app.models import Base  # noqa: PLC0415

    return Base.metadata


def include_object(
    _object: SchemaItem, name: str | None, kind: str, _reflected: bool, _compared: object
) -> bool:
    """The full-text index of SQLite and its shadow tables are the migrations' own business; some
    indexes are of PostgreSQL only.
    """
    if kind == "table":
        return not (name or "").startswith("search_index")
    return name not in OF_POSTGRESQL or context.get_context().dialect.name == "postgresql"


def render_item(kind: str, item: Any, _context: Any) -> Any:
    """Write our own column types as the plain ones that they stand on."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def driver_connection(connection: Connection) -> Any:
    return connection.connection.driver_connection


def triggers(connection: Connection) -> dict[str, str]:
    """Each trigger with its table."""
    found = connection.exec_driver_sql(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    return {str(row.name): str(row.tbl_name) for row in found}


def check_what_sqlite_forgets(connection: Connection, before: dict[str, str]) -> None:
    """Refuse a migration after which rows refer to nothing, or a table has lost a trigger.

    A migration that drops one on purpose says so in the attribute `dropped_triggers`.
    """
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        message = f"the migration leaves {len(broken)} rows that refer to nothing"
        raise RuntimeError(message)
    tables, after = inspect(connection).get_table_names(), triggers(connection)
    meant = context.config.attributes.get("dropped_triggers", ())
    lost = [
        name
        for name, table in before.items()
        if table in tables and name not in after and name not in meant
    ]
    if lost:
        message = f"the migration rebuilds a table and loses its triggers: {', '.join(lost)}"
        raise RuntimeError(message)


def run(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        run_alone(connection)
        return
    # Rebuilding a table in batch mode drops it, and with it or in spite of it the rows that
    # refer to it. SQLite only listens outside a transaction: hence past SQLAlchemy.
    driver_connection(connection).execute("PRAGMA foreign_keys = OFF")
    try:
        run_alone(connection)
    finally:
        driver_connection(connection).execute("PRAGMA foreign_keys = ON")


def run_alone(connection: Connection) -> None:
    """All migrations that are due in one transaction, in which no other migrator runs."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata_of_models(),
        include_object=include_object,
        render_item=render_item,
        render_as_batch=sqlite,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if sqlite:
            before = triggers(connection)
            context.run_migrations()
            check_what_sqlite_forgets(connection, before)
        else:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            context.run_migrations()


given = context.config.attributes.get("engine")
with (given or engine_from_settings()).connect() as the_connection:
    run(the_connection)
