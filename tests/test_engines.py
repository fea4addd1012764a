"""Addresses of databases: what is understood, and what is said of the rest; and opening a file."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.database.engines import SQLITE_MODULE, make_engine
from app.errors import InvalidInput


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nonsense", "is not understood"),
        ("mysql://somewhere/records", "is not understood"),
        ("postgresql://somebody@somewhere:port/records", "is not understood"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///records.db?timeout=soon", "holds options"),
        ("sqlite:///file:records?mode=memory&uri=true", "holds options"),
        ("sqlite:////dev/null/records.db", "cannot be made"),
    ],
)
def test_an_address_that_is_of_no_use_is_refused_with_the_reason(address: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refusal:
        make_engine(address)
    (flaw,) = refusal.value.flaws
    assert flaw.where == "CHANCERY_DATABASE_URL"
    assert flaw.allowed


def test_a_refusal_does_not_tell_the_password() -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_engine("postgresql://somebody:secret@somewhere:port/records")
    assert "secret" not in str(refusal.value)


def test_the_folders_above_a_new_file_are_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/some/where/records.db")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    assert (tmp_path / "some" / "where" / "records.db").exists()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Any]:
    """Somebody who is writing to a file that keeps no log yet."""
    opened = SQLITE_MODULE.connect(
        tmp_path / "chancery.db", isolation_level=None, check_same_thread=False
    )
    opened.execute("CREATE TABLE things (name TEXT)")
    opened.execute("BEGIN IMMEDIATE")
    opened.execute("INSERT INTO things VALUES ('one')")
    yield opened
    opened.close()


def test_who_opens_a_file_that_another_writes_waits_for_that_one(
    writer: Any, tmp_path: Path
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/chancery.db")
    timer = threading.Timer(0.3, writer.execute, ["COMMIT"])
    timer.start()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("SELECT name FROM things").scalar() == "one"
    timer.join()
    engine.dispose()


def test_who_waits_for_too_long_is_told_so(writer: Any, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/chancery.db", busy_timeout_seconds=0.1)
    with pytest.raises(OperationalError, match="locked"):
        engine.connect()
    writer.execute("COMMIT")
    engine.connect().close()
    engine.dispose()
