"""The schema, brought up and down on both databases by the real migrations."""

import ast
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

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
from app.models import Base, RevisionParent
from tests.support import migrators
from tests.support.loading import load_seed
from tests.support.ready import done

SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "0014"


def rebuild(table):
    sqlite = op.get_bind().dialect.name == "sqlite"
    return op.batch_alter_table(table, recreate="always" if sqlite else "never")


def upgrade():
    {upgrade}


def downgrade():
    with rebuild("meetings") as batch:
        batch.drop_column("agenda")
"""
ADD_AGENDA = """
    with rebuild("meetings") as batch:
        batch.add_column(sa.Column("agenda", sa.Text(), nullable=True))
"""
BREAK_OFF = """
    op.add_column("meetings", sa.Column("agenda", sa.Text(), nullable=True))
    op.execute("UPDATE meetings SET agenda = title")
    op.execute("SELECT * FROM there_is_no_such_table")
"""
LOSE_TRIGGERS = """
    with rebuild("search_entries") as batch:
        batch.add_column(sa.Column("weight", sa.Integer(), nullable=True))
"""
LOSE_PARENTS = """
    op.execute("DELETE FROM officials")
"""
OBJECTS_ON_POSTGRESQL = """
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'column', attrelid::regclass || '.' || attname, concat_ws(
    ' ', format_type(atttypid, atttypmod), attnotnull, nullif(attidentity::text, ''), collname,
    pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_collation ON pg_collation.oid = attcollation
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND attnum > 0
AND NOT attisdropped
UNION ALL
SELECT 'options', oid::regclass::text, reloptions::text
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
"""


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    engine = make_engine(own_database)
    yield engine
    engine.dispose()


@pytest.fixture
def empty_engine(empty_database: str) -> Iterator[Engine]:
    engine = make_engine(empty_database)
    yield engine
    engine.dispose()


def shape(engine: Engine) -> dict[tuple[str, str], Any]:
    """Everything that a database says of its schema; of a table on SQLite its lines, sorted.

    A table that was rebuilt names its constraints in another order, and itself in quotes.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            objects = connection.exec_driver_sql(OBJECTS_ON_POSTGRESQL)
            return {(kind, name): sql for kind, name, sql in objects}
        objects = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master")
        return {
            (kind, name): sorted(
                line.strip().rstrip(",").rstrip()
                for line in (sql or "").replace('"', "").split("\n")
            )
            for kind, name, sql in objects
        }


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(text(f"SELECT count(*) FROM {table.name}")) or 0
            for table in Base.metadata.sorted_tables
        }


def with_a_second_migration(engine: Engine, folder: Path, upgrade: str) -> Config:
    """Alembic's configuration over the real migrations and one more."""
    scripts = folder / "migrations"
    shutil.copytree(DIRECTORY, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    source = SECOND.replace("{upgrade}", upgrade.strip())
    (scripts / "versions" / "9000_more.py").write_text(source)
    config = alembic_config(engine)
    config.set_main_option("script_location", str(scripts))
    return config


def check_that_sqlite_is_whole(connection: Connection) -> None:
    """Foreign keys are enforced again, none dangles, and the full text follows its table."""
    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert not connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    found = "SELECT count(*) FROM search_index WHERE search_index MATCH 'unheardof'"
    assert connection.scalar(text(found)) == 0
    connection.execute(text("UPDATE search_entries SET tokens = 'unheardof' WHERE number = 1"))
    assert connection.scalar(text(found)) == 1
    connection.execute(text("INSERT INTO search_index(search_index) VALUES ('integrity-check')"))
    connection.rollback()


def test_the_program_works_with_the_only_head() -> None:
    assert ScriptDirectory(str(DIRECTORY)).get_heads() == [SCHEMA]


def test_versions_import_nothing_from_the_application() -> None:
    for file in (DIRECTORY / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert not node.level, file.name
                names.append(node.module or "")
            assert not any(name.split(".")[0] == "app" for name in names), file.name


def test_models_and_migrations_do_not_drift_apart(engine: Engine) -> None:
    command.check(alembic_config(engine))


def test_up_down_and_up_again_on_populated_data_ends_where_it_began(engine: Engine) -> None:
    before, filled = shape(engine), rows(engine)
    command.downgrade(alembic_config(engine), "base")
    assert all("alembic_version" in name for _, name in shape(engine))
    assert current_schema(engine) is None
    migrate(engine)
    assert shape(engine) == before
    load_seed(engine)
    assert rows(engine) == filled


@pytest.mark.parametrize("own_database", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_documents_are_stored_as_they_are_unless_they_are_very_long(engine: Engine) -> None:
    stored = text(
        "SELECT octet_length(body), pg_column_size(body) FROM documents"
        " WHERE octet_length(body) > 2500"
    )
    with engine.connect() as connection:
        sizes = connection.execute(stored).fetchall()
    short = [(size, taken) for size, taken in sizes if size < 8000]
    long = [(size, taken) for size, taken in sizes if size > 8200]
    assert short
    assert all(taken >= size for size, taken in short)
    assert long
    assert all(taken < size for size, taken in long)


def test_going_down_to_the_first_release_ends_where_that_had_come(empty_engine: Engine) -> None:
    migrate(empty_engine, "0001")
    before = shape(empty_engine)
    migrate(empty_engine)
    assert shape(empty_engine) != before
    command.downgrade(alembic_config(empty_engine), "0001")
    assert shape(empty_engine) == before


def test_rebuilding_a_table_loses_no_row_trigger_index_or_constraint(
    engine: Engine, tmp_path: Path
) -> None:
    config = with_a_second_migration(engine, tmp_path, ADD_AGENDA)
    before, filled = shape(engine), rows(engine)
    command.upgrade(config, "head")
    assert rows(engine) == filled
    if engine.dialect.name == "sqlite":
        before["table", "meetings"] = sorted([*before["table", "meetings"], "agenda TEXT"])
        assert shape(engine) == before
        before["table", "meetings"].remove("agenda TEXT")
    else:
        assert shape(engine) == {**before, ("column", "meetings.agenda"): "text f default"}
    with engine.connect() as connection:
        connection.execute(text("UPDATE meetings SET agenda = title"))
        connection.rollback()
        if engine.dialect.name == "sqlite":
            check_that_sqlite_is_whole(connection)
    command.downgrade(config, SCHEMA)
    assert rows(engine) == filled
    assert shape(engine) == before
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            check_that_sqlite_is_whole(connection)


def test_a_migration_that_fails_leaves_everything_as_it_was(engine: Engine, tmp_path: Path) -> None:
    before, filled = shape(engine), rows(engine)
    with pytest.raises(DBAPIError, match="there_is_no_such_table"):
        command.upgrade(with_a_second_migration(engine, tmp_path, BREAK_OFF), "head")
    assert (shape(engine), rows(engine), current_schema(engine)) == (before, filled, SCHEMA)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            check_that_sqlite_is_whole(connection)


@pytest.mark.parametrize(
    ("upgrade", "complaint"),
    [(LOSE_TRIGGERS, "search_entries_inserted"), (LOSE_PARENTS, "rows that refer to nothing")],
)
def test_a_migration_that_loses_what_sqlite_forgets_is_refused(
    sqlite_template: Path, tmp_path: Path, upgrade: str, complaint: str
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "chancery.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'chancery.db'}")
    before, filled = shape(engine), rows(engine)
    with pytest.raises(RuntimeError, match=complaint):
        command.upgrade(with_a_second_migration(engine, tmp_path, upgrade), "head")
    assert (shape(engine), rows(engine), current_schema(engine)) == (before, filled, SCHEMA)
    with engine.connect() as connection:
        check_that_sqlite_is_whole(connection)
    engine.dispose()


def test_an_older_log_gets_the_index_that_the_recorder_would_have_written(
    engine: Engine, tmp_path: Path
) -> None:
    written = links(engine)
    assert {kind for _, kind, _, _ in written} >= {"position", "meeting", "statement"}
    scripts = tmp_path / "migrations"
    shutil.copytree(DIRECTORY, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    version = scripts / "versions" / "0005_revision_parents.py"
    source = version.read_text(encoding="utf-8")
    version.write_text(source.replace("BATCH = 1_000", "BATCH = 7"), encoding="utf-8")
    config = alembic_config(engine)
    config.set_main_option("script_location", str(scripts))
    command.downgrade(config, "0001")
    command.upgrade(config, "head")
    assert links(engine) == written


def links(engine: Engine) -> list[tuple[Any, ...]]:
    key = (RevisionParent.parent_id, RevisionParent.kind, RevisionParent.seq)
    with engine.connect() as connection:
        found = connection.execute(select(*key, RevisionParent.record_id).order_by(*key))
        return [tuple(row) for row in found]


def test_of_four_migrators_at_once_one_runs_and_all_end_well(empty_engine: Engine) -> None:
    url = empty_engine.url.render_as_string(hide_password=False)
    ended = done(migrators.main, url, 4, folder=DIRECTORY.parent, variables=os.environ)
    assert ended.stdout.strip() == "[0, 0, 0, 0]", ended.stderr
    ensure_current(empty_engine)
    assert set(rows(empty_engine).values()) == {0}


def test_a_schema_newer_than_the_program_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape(engine)
    for refuse in (ensure_current, migrate):
        with pytest.raises(SchemaMismatch, match="9999"):
            refuse(engine)
    assert (shape(engine), current_schema(engine)) == (before, "9999")


def test_a_database_without_a_schema_says_what_to_run(empty_engine: Engine) -> None:
    with pytest.raises(SchemaMismatch, match="chancery migrate"):
        ensure_current(empty_engine)
