"""`chancery keys` as an administrator uses it, and a server that follows."""

import re
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from app.access.keys import Key, parse_key
from app.cli import main
from app.cli_keys import HEADINGS
from app.database.engines import make_engine
from app.database.migrations import migrate
from app.models import ApiKey
from tests.conftest import serving
from tests.support.client import Client
from tests.support.commands import Run, fails_in_one_line


@pytest.fixture
def keys(empty_database: str, tmp_path: Path) -> Run:
    """`chancery keys …` on an empty database; once on each engine. In this process, for speed."""
    engine = make_engine(empty_database)
    migrate(engine)
    engine.dispose()
    given = {
        "CHANCERY_DATABASE_URL": empty_database,
        "CHANCERY_PEPPER_FILE": str(tmp_path / "pepper"),
    }

    def run(*arguments: str) -> CompletedProcess[str]:
        done = CliRunner(env=given, catch_exceptions=False).invoke(main, ["keys", *arguments])
        return CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return run


def made(keys: Run, *arguments: str) -> Key:
    """The key that a command shows, alone on the only line of its standard output."""
    done = keys(*arguments)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    key = parse_key(line)
    assert key.secret not in done.stderr
    return key


def rows(keys: Run) -> dict[str, list[str]]:
    """The lines of the list by id: name, scopes, state, created, expires, last used, replaces."""
    head, *lines = keys("list").stdout.splitlines()
    assert re.split(r"\s{2,}", head) == list(HEADINGS)
    return {line.split()[0]: re.split(r"\s{2,}", line)[1:] for line in lines}


def days_from_now(text: str) -> float:
    at = datetime.strptime(text, "%Y-%m-%d %H:%M:%SZ").replace(tzinfo=UTC)
    return (at - datetime.now(UTC)) / timedelta(days=1)


def test_a_key_is_made_listed_rotated_and_revoked(keys: Run, empty_database: str) -> None:
    assert "no keys" in keys("list").stderr
    old = made(keys, "create", "--name", "安 Ann", "--scope", "delete", "--scope", "write")
    said = rows(keys)[old.id]
    assert said[:3] == ["安 Ann", "read, write, delete", "valid"]
    assert said[4:] == ["-", "-", "-"]
    new = made(keys, "rotate", old.id)
    listed = rows(keys)
    assert listed[new.id][:3] == said[:3]
    assert (listed[new.id][4], listed[new.id][6]) == ("-", old.id)
    assert listed[old.id][2] == "valid"
    assert days_from_now(listed[old.id][4]) == pytest.approx(7, abs=0.01)
    assert new.id in fails_in_one_line(keys("rotate", old.id))
    assert keys("revoke", old.id).returncode == 0
    assert rows(keys)[old.id][2] == "revoked"
    assert "revoked before" in keys("revoke", old.id).stderr
    assert "revoked" in fails_in_one_line(keys("rotate", old.id))
    assert rows(keys)[new.id][2] == "valid"
    engine = make_engine(empty_database)
    with Session(engine) as session:
        kept = session.get_one(ApiKey, new.id)
    engine.dispose()
    assert new.secret not in str(vars(kept))


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_key_ends_when_it_was_told_to(keys: Run) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    for given, days in (("90d", 90), ("12h", 0.5), (tomorrow.isoformat(), None)):
        key = made(keys, "create", "--name", "Bo", "--expires", given)
        ends = rows(keys)[key.id][4]
        if days is None:
            assert ends == f"{tomorrow + timedelta(days=1)} 00:00:00Z"
        else:
            assert days_from_now(ends) == pytest.approx(days, abs=0.01)
    key = made(keys, "create", "--name", "Bo", "--expires", "30d")
    heir = made(keys, "rotate", key.id, "--overlap", "12h")
    assert days_from_now(rows(keys)[heir.id][4]) == pytest.approx(30, abs=0.01)
    assert days_from_now(rows(keys)[key.id][4]) == pytest.approx(0.5, abs=0.01)
    last = made(keys, "rotate", heir.id, "--overlap", "0d", "--expires", "60d")
    assert rows(keys)[heir.id][2] == "expired"
    assert days_from_now(rows(keys)[last.id][4]) == pytest.approx(60, abs=0.01)
    brief = made(keys, "create", "--name", "Bo", "--expires", "1h")
    made(keys, "rotate", brief.id, "--overlap", "7d")
    assert days_from_now(rows(keys)[brief.id][4]) < 1, "rotating made the old key live longer"


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_leaked_key_is_revoked_by_itself_and_repeated_nowhere(keys: Run) -> None:
    key = made(keys, "create", "--name", "Cy")
    for nearly in (key.reveal()[:-1], key.reveal() + "x", key.secret):
        done = keys("revoke", nearly)
        assert "keys list" in fails_in_one_line(done)
        assert key.secret[:20] not in done.stdout + done.stderr
    done = keys("revoke", key.reveal())
    assert done.returncode == 0
    assert key.secret not in done.stdout + done.stderr
    assert rows(keys)[key.id][2] == "revoked"


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("create", "--name", " "), "A name has"),
        (("create", "--name", "a\nb"), "A name has"),
        (("create", "--name", "a" * 101), "A name has"),
        (("create", "--name", "a", "--expires", "2020-01-01"), "already"),
        (("create", "--name", "a", "--expires", "0d"), "already"),
        (("create", "--name", "a", "--expires", "soon"), "90d"),
        (("create", "--name", "a", "--expires", "9999-12-31"), "90d"),
        (("create", "--name", "a", "--expires", "999999d"), "90d"),
        (("create", "--name", "a", "--scope", "all"), "'write'"),
        (("create",), "--name"),
        (("rotate", "0000000000"), "no key 0000000000"),
        (("rotate", "0000000000", "--overlap", "7"), "7d"),
        (("revoke", "nobody"), "keys list"),
        (("rotate-pepper",), "CHANCERY_PEPPER_FILE"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_made(
    keys: Run, arguments: tuple[str, ...], complaint: str
) -> None:
    done = keys(*arguments)
    assert done.returncode != 0
    assert complaint in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert (done.stdout, keys("list").stdout) == ("", "")


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_database_without_the_tables_is_said_to_be_in_want_of_them(
    run: Run, empty_database: str, tmp_path: Path
) -> None:
    assert "chancery migrate" in fails_in_one_line(run("keys", "create", "--name", "a"))
    assert not list(tmp_path.glob("*.pepper"))


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_lost_pepper_is_not_replaced_while_keys_need_it(keys: Run, tmp_path: Path) -> None:
    pepper = tmp_path / "pepper"
    key = made(keys, "create", "--name", "a")
    assert stat.S_IMODE(pepper.stat().st_mode) == 0o600
    pepper.unlink()
    said = fails_in_one_line(keys("create", "--name", "b"))
    assert "1 valid key" in said
    assert str(pepper) in said
    assert not pepper.exists()
    assert keys("revoke", key.id).returncode == 0
    made(keys, "create", "--name", "b")
    assert pepper.read_text().startswith("2 "), "an old key would seem to be of the new pepper"


def test_a_running_server_follows_what_the_commands_do(
    run: Run, own_database: str, tmp_path: Path
) -> None:
    pepper = tmp_path / "pepper"
    given = {"CHANCERY_DATABASE_URL": own_database, "CHANCERY_PEPPER_FILE": str(pepper)}

    def keys(*arguments: str) -> CompletedProcess[str]:
        return run("keys", *arguments, **given)

    serves = serving(own_database, pepper_file=str(pepper))
    with serves as server, Client(server.url) as client:

        def status(key: Key) -> int:
            asked = client.get("/v1/meetings?limit=1", {"Authorization": f"Bearer {key.reveal()}"})
            return asked.status_code

        key = made(keys, "create", "--name", "Ann", "--scope", "write")
        assert status(key) == 200
        keys("rotate-pepper")
        heir = made(keys, "rotate", key.id, "--overlap", "2h")
        assert [status(key), status(heir)] == [200, 200]
        keys("revoke", key.id)
        assert [status(key), status(heir)] == [401, 200]
        deadline = time.monotonic() + 10
        while (used := rows(keys)[heir.id][5]) == "-":
            assert time.monotonic() < deadline
        assert abs(days_from_now(used)) < 0.01
