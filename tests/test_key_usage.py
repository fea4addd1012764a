"""What becomes of a key while it is used: its last use, its pepper, and no trace of itself."""

import logging
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.access.keys import Key, new_key
from app.access.peppers import read_peppers, rotate_peppers
from app.models import Base
from app.vocabulary import Scope
from tests.support.keyed import Keyed, bearer, keyed

BODY = b'{"name": "a treaty"}'
LOCKED = {  # on SQLite every transaction of a writer's engine begins with the lock
    "sqlite": "SELECT 1",
    "postgresql": "SELECT * FROM api_keys FOR UPDATE",
}
NO_STAMPS = {
    "sqlite": "CREATE TRIGGER no_stamps BEFORE UPDATE ON api_keys "
    "BEGIN SELECT RAISE(ABORT, 'not today'); END",
    "postgresql": "ALTER TABLE api_keys ADD CONSTRAINT no_stamps CHECK (last_used_at IS NULL)",
}


@pytest.fixture
def app(own_database: str, tmp_path: Path) -> Iterator[Keyed]:
    with keyed(own_database, tmp_path) as app:
        yield app


def with_another_secret(key: Key) -> Key:
    return Key(key.id, new_key().secret)


class TestLastUse:
    def test_it_is_recorded_once_a_minute(self, app: Keyed) -> None:
        key, other = app.key(), app.key()
        before = datetime.now(UTC)
        for _ in range(5):
            app.ask("GET", "/open", bearer(key))
        first = app.until_used(key)
        assert before <= first <= datetime.now(UTC)
        app.ask("GET", "/open", bearer(key))
        app.ask("GET", "/open", bearer(other))
        app.until_used(other)
        assert app.row(key).last_used_at == first

    def test_what_another_worker_recorded_lately_is_enough(self, app: Keyed) -> None:
        key, other = app.key(), app.key()
        lately = datetime.now(UTC) - timedelta(seconds=50)
        app.change(key, last_used_at=lately)
        app.ask("GET", "/open", bearer(key))
        app.ask("GET", "/open", bearer(other))
        app.until_used(other)
        assert app.row(key).last_used_at == lately

    def test_a_longer_while_ago_is_recorded_anew(self, app: Keyed) -> None:
        key = app.key()
        ago = datetime.now(UTC) - timedelta(seconds=61)
        app.change(key, last_used_at=ago)
        app.ask("GET", "/open", bearer(key))
        assert app.until_used(key, after=ago) > ago

    def test_who_is_refused_has_not_used_the_key(self, app: Keyed) -> None:
        expired, other = app.key(), app.key()
        app.expire(expired)
        for key in (expired, with_another_secret(other), other):
            app.ask("GET", "/open", bearer(key))
        app.until_used(other)
        assert app.row(expired).last_used_at is None

    def test_no_answer_waits_for_it(self, app: Keyed) -> None:
        key = app.key()
        with app.engine.connect() as connection:
            connection.exec_driver_sql(LOCKED[app.engine.dialect.name])
            began = time.monotonic()
            for _ in range(3):
                assert app.ask("GET", "/open", bearer(key)).status_code == 200
            assert time.monotonic() - began < 3
            time.sleep(0.2)
            assert connection.scalar(text("SELECT last_used_at FROM api_keys")) is None
            connection.rollback()
        app.until_used(key)

    def test_no_answer_fails_with_it_and_the_log_says_that_it_did(
        self, app: Keyed, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = app.key()
        with app.engine.begin() as connection:
            connection.exec_driver_sql(NO_STAMPS[app.engine.dialect.name])
        for _ in range(3):
            assert app.ask("GET", "/open", bearer(key)).status_code == 200
        deadline = time.monotonic() + 10
        while not (told := [r for r in caplog.records if r.name == "chancery.keys"]):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert len(told) == 1
        assert "The last use of 1 key(s) was not recorded" in told[0].getMessage()
        assert "api_keys" not in told[0].getMessage(), "a statement may hold more than it should"

    def test_what_was_noted_is_written_before_the_server_ends(
        self, own_database: str, tmp_path: Path
    ) -> None:
        with keyed(own_database, tmp_path) as app:
            key = app.key()
            app.ask("GET", "/open", bearer(key))
        assert app.row(key).last_used_at is not None
        app.engine.dispose()


class TestPeppers:
    def test_a_key_goes_over_to_a_new_pepper_when_it_is_used(self, app: Keyed) -> None:
        key, unused = app.key(Scope.WRITE), app.key()
        assert app.ask("GET", "/open", bearer(key)).status_code == 200
        used = app.until_used(key)
        before = app.row(key)
        rotate_peppers(app.pepper)
        app.change(key, last_used_at=datetime.now(UTC) - timedelta(minutes=2))
        assert app.ask("POST", "/things", bearer(key), body=BODY).status_code == 200
        app.until_used(key, after=used)
        after = app.row(key)
        assert (before.pepper_version, after.pepper_version) == (1, 2)
        assert after.digest == key.digest(read_peppers(app.pepper).by_version[2])
        assert app.row(unused).pepper_version == 1
        for each in (key, unused):
            assert app.ask("GET", "/open", bearer(each)).status_code == 200
        assert app.ask("GET", "/open", bearer(with_another_secret(key))).status_code == 401

    def test_it_does_so_within_the_minute_of_its_last_use_too(self, app: Keyed) -> None:
        key = app.key()
        app.ask("GET", "/open", bearer(key))
        app.until_used(key)
        rotate_peppers(app.pepper)
        app.ask("GET", "/open", bearer(key))
        deadline = time.monotonic() + 10
        while app.row(key).pepper_version == 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def test_without_the_pepper_no_key_is_recognised_and_that_is_the_servers_fault(
        self, app: Keyed, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = app.key()
        kept = app.pepper.rename(app.pepper.with_name("kept"))
        assert app.ask("GET", "/open", bearer(key)).status_code == 503
        assert str(app.pepper) in caplog.text
        assert app.ask("GET", "/open", bearer(new_key())).status_code == 401
        assert app.ask("GET", "/open").status_code == 200
        kept.rename(app.pepper)
        assert app.ask("GET", "/open", bearer(key)).status_code == 200

    def test_one_that_others_may_read_is_not_used(
        self, app: Keyed, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = app.key()
        assert app.ask("GET", "/open", bearer(key)).status_code == 200
        app.pepper.chmod(0o644)
        assert app.ask("GET", "/open", bearer(key)).status_code == 503
        assert "chmod 600" in caplog.text
        app.pepper.chmod(0o600)
        assert app.ask("GET", "/open", bearer(key)).status_code == 200

    def test_another_pepper_recognises_no_key_of_before(
        self, app: Keyed, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = app.key()
        app.pepper.write_text(f"1 {os.urandom(32).hex()}\n")
        assert app.ask("GET", "/open", bearer(key)).status_code == 401
        app.pepper.write_text(f"2 {os.urandom(32).hex()}\n")
        for _ in range(2):
            assert app.ask("GET", "/open", bearer(key)).status_code == 401
        assert caplog.text.count("version 1 of the pepper") == 1


def all_rows(app: Keyed) -> str:
    with app.engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in Base.metadata.sorted_tables
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))
        )


def test_a_canary_key_leaves_no_trace(app: Keyed, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary, lost = app.key(Scope.WRITE), app.key(Scope.WRITE)
    text_of = canary.reveal()
    asked = [
        app.ask("POST", "/things", bearer(canary), body=BODY),
        app.ask("POST", "/things", bearer(canary), body=b'{"nothing": '),
        app.ask("POST", "/broken", bearer(canary)),
        app.ask("DELETE", "/things", bearer(canary)),
        app.ask("GET", "/open", bearer(text_of[:-1])),
        app.ask("GET", "/open", bearer(text_of + "x")),
        app.ask("GET", "/open", bearer(text_of.swapcase())),
        app.ask("GET", "/open", f"Basic {text_of}"),
        app.ask("GET", "/open", text_of),
        app.ask("GET", "/open", bearer(canary), bearer(canary)),
        app.ask("GET", "/nowhere", bearer(canary)),
        app.ask("PUT", "/things", bearer(canary)),
    ]
    app.until_used(canary)
    app.expire(canary)
    asked.append(app.ask("POST", "/things", bearer(canary), body=BODY))
    app.revoke(canary)
    asked.append(app.ask("POST", "/things", bearer(canary), body=BODY))
    pepper = app.pepper.rename(app.pepper.with_name("kept"))
    asked.append(app.ask("POST", "/things", bearer(canary), body=BODY))
    pepper.rename(app.pepper)
    with app.engine.begin() as connection:
        connection.execute(text("ALTER TABLE api_keys RENAME TO elsewhere"))
    asked.append(app.ask("POST", "/things", bearer(canary), body=BODY))
    with app.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO api_keys"))
    statuses = [answer.status_code for answer in asked]
    assert statuses == [
        *(200, 400, 500, 403, 401, 401, 401, 401, 401, 400, 404, 405),
        *(401, 401, 503, 500),
    ]
    assert canary.id in caplog.text, "the log says nothing of the broken route"
    told = [caplog.text, all_rows(app), *(f"{each.headers} {each.text}" for each in asked)]
    told += [repr(vars(app.chancery)), repr(vars(app.chancery.keyring)), repr(canary)]
    told += [repr(app.chancery.usage.due), repr(app.chancery.usage.tried)]
    if app.engine.dialect.name == "sqlite":
        file = Path(app.engine.url.database or "")
        told += [each.read_bytes().decode("latin-1") for each in file.parent.glob(file.name + "*")]
    peppers = read_peppers(app.pepper).by_version.values()
    for secret in (canary.secret, canary.secret.swapcase(), lost.secret):
        assert not any(secret in each for each in told)
    for pepper_text in (each.hex() for each in peppers):
        assert not any(pepper_text in each for each in told[: 2 + len(asked)])
