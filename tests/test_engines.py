"""Addresses of databases: what is understood, and what is said of the rest."""

from pathlib import Path

import pytest

from app.database.engines import make_engine
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
