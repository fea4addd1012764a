"""Bringing a database's schema to the one that this program works with.

`SCHEMA` is the newest revision in `migrations/`; a test holds the two equal, so that a start
needs no look at the migrations when there is nothing to do.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from app.errors import SchemaMismatch

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "0014"
DIRECTORY = Path(__file__).resolve().parents[2] / "migrations"


def current_schema(engine: Engine) -> str | None:
    """The revision that the database is at; None where it has no schema yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


def alembic_config(engine: Engine) -> "Config":
    # Deferred: a start that has nothing to migrate need not load it.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(DIRECTORY).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to `revision`; refuse a schema that is newer than this program."""
    from alembic import command  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = alembic_config(engine)
    at = current_schema(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if at is not None and at not in known:
        raise SchemaMismatch(newer(at))
    command.upgrade(config, revision)


def ensure_current(engine: Engine) -> None:
    """Raise `SchemaMismatch` unless the database is at the schema of this program."""
    at = current_schema(engine)
    if at is None:
        message = "The database has no schema yet; run `chancery migrate`."
        raise SchemaMismatch(message)
    if at < SCHEMA:
        message = f"The database is at schema {at} and needs {SCHEMA}; run `chancery migrate`."
        raise SchemaMismatch(message)
    if at > SCHEMA:
        raise SchemaMismatch(newer(at))


def newer(at: str) -> str:
    return (
        f"The database is at schema {at}, which this program ({SCHEMA}) does not know. "
        "Use the version of Chancery that wrote it, or a newer one."
    )
