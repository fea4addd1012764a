"""The schema, brought up and down on both databases by the real migrations."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from app.database.engines import make_engine
from app.database.migrations import (
    DIRECTORY,
    SCHEMA,
    alembic_config,
    current_schema,
    ensure_current,
    migrate,
)
from app.errors import SchemaMismatch
from app.models import Base
from tests.support.loading import load_seed

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def recreate():
    return "always" if op.get_bind().dialect.name == "sqlite" else "auto"


def upgrade():
    with op.batch_alter_table("meetings", recreate=recreate()) as batch:
        batch.add_column(sa.Column("agenda", sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table("meetings", recreate=recreate()) as batch:
        batch.drop_column("agenda")
"""

BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("meetings", sa.Column("agenda", sa.Text(), nullable=True))
    op.execute("SELECT * FROM there_is_no_such_table")


def downgrade():
    pass
"""


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that a database says of its schema."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master"))
            return {f"{row.type} {row.name}": row.sql for row in rows}
        inspector = inspect(connection)
        return {
            table: (
                sorted(
                    (str(each["name"]), str(each["type"])) for each in inspector.get_columns(table)
                ),
                sorted(str(each["name"]) for each in inspector.get_indexes(table)),
                sorted(str(each["sqltext"]) for each in inspector.get_check_constraints(table)),
                sorted(str(each["name"]) for each in inspector.get_foreign_keys(table)),
                sorted(str(each["name"]) for each in inspector.get_unique_constraints(table)),
            )
            for table in inspector.get_table_names()
        }


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(text(f"SELECT count(*) FROM {table.name}")) or 0
            for table in Base.metadata.sorted_tables
        }


def with_second_migration(engine: Engine, folder: Path, source: str) -> Any:
    """Alembic's configuration over the real migrations and one more."""
    scripts = folder / "migrations"
    shutil.copytree(DIRECTORY, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "0002_more.py").write_text(source)
    config = alembic_config(engine)
    config.set_main_option("script_location", str(scripts))
    return config


def test_the_program_works_with_the_only_head() -> None:
    engine = make_engine("sqlite:///unused.db")
    assert ScriptDirectory.from_config(alembic_config(engine)).get_heads() == [SCHEMA]


def test_versions_import_nothing_from_the_application() -> None:
    for file in (DIRECTORY / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [each.name for each in getattr(node, "names", ())]
            names.append(getattr(node, "module", "") or "")
            assert not any(name.split(".")[0] == "app" for name in names), file.name


def test_models_and_migrations_do_not_drift_apart(own_database: str) -> None:
    engine = make_engine(own_database)
    command.check(alembic_config(engine))
    engine.dispose()


def test_up_down_and_up_again_on_populated_data_ends_where_it_began(own_database: str) -> None:
    engine = make_engine(own_database)
    before, filled = shape(engine), counts(engine)
    command.downgrade(alembic_config(engine), "base")
    assert set(shape(engine)) <= {"table alembic_version", "alembic_version"} | {
        name for name in shape(engine) if "alembic_version" in name
    }
    migrate(engine)
    assert shape(engine) == before
    load_seed(engine)
    assert counts(engine) == filled
    engine.dispose()


def test_rebuilding_a_table_loses_no_child_no_trigger_and_no_index(
    own_database: str, tmp_path: Path
) -> None:
    engine = make_engine(own_database)
    config = with_second_migration(engine, tmp_path, REBUILD)
    before, filled = shape(engine), counts(engine)
    command.upgrade(config, "head")
    assert counts(engine) == filled
    assert set(shape(engine)) == set(before)
    command.downgrade(config, SCHEMA)
    assert counts(engine) == filled
    assert set(shape(engine)) == set(before)
    with engine.begin() as connection:
        connection.execute(text("UPDATE search_entries SET tokens = 'unheardof' WHERE number = 1"))
        if engine.dialect.name == "sqlite":
            found = "SELECT count(*) FROM search_index WHERE search_index MATCH 'unheardof'"
            assert connection.scalar(text(found)) == 1
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_migration_that_fails_leaves_the_schema_as_it_was(
    own_database: str, tmp_path: Path
) -> None:
    engine = make_engine(own_database)
    before = shape(engine)
    with pytest.raises(Exception, match="there_is_no_such_table"):
        command.upgrade(with_second_migration(engine, tmp_path, BROKEN), "head")
    assert shape(engine) == before
    assert current_schema(engine) == SCHEMA
    engine.dispose()


def test_four_migrators_at_once_all_end_well(empty_database: str) -> None:
    # A process each: Alembic keeps its context in module globals, which threads would share.
    command_line = [sys.executable, "-c", "from app.cli import main; main()", "migrate"]
    environment = {**os.environ, "CHANCERY_DATABASE_URL": empty_database}
    running = [
        subprocess.Popen(command_line, env=environment, cwd=DIRECTORY.parent) for _ in range(4)
    ]
    assert [each.wait(timeout=60) for each in running] == [0] * 4
    engine = make_engine(empty_database)
    assert current_schema(engine) == SCHEMA
    load_seed(engine)
    engine.dispose()


def test_a_schema_newer_than_the_program_is_refused(own_database: str) -> None:
    engine = make_engine(own_database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refuse in (ensure_current, migrate):
        with pytest.raises(SchemaMismatch, match="9999"):
            refuse(engine)
    engine.dispose()


def test_a_database_without_a_schema_is_named_as_such(empty_database: str) -> None:
    engine = make_engine(empty_database)
    with pytest.raises(SchemaMismatch, match="chancery migrate"):
        ensure_current(engine)
    engine.dispose()
