"""Who may do what, asked over a real socket of an application with routes that need keys."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from app.access import register
from app.access.keys import Key, new_key
from app.access.peppers import read_peppers
from app.access.principals import Principal
from app.errors import NotAllowed
from app.vocabulary import Scope
from tests.support.client import Answer, Client
from tests.support.keyed import Keyed, bearer, keyed, small_app

BODY = b'{"name": "a treaty"}'
INVALID = 'Bearer error="invalid_token"'


@pytest.fixture
def app(own_database: str, tmp_path: Path) -> Iterator[Keyed]:
    with keyed(own_database, tmp_path) as app:
        yield app


def problem(answer: Answer) -> tuple[int, str, str | None]:
    """Status, type and challenge of an answer that is a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["status"] == answer.status_code
    kind = said["type"].removeprefix("/problems/")
    return answer.status_code, kind, answer.headers.get("www-authenticate")


def with_another_secret(key: Key) -> Key:
    return Key(key.id, new_key().secret)


def no_key(_: Keyed) -> tuple[str, ...]:
    return ()


def nonsense(_: Keyed) -> tuple[str, ...]:
    return ("Bearer hunter2",)


def empty(_: Keyed) -> tuple[str, ...]:
    return ("Bearer",)


def mistyped(app: Keyed) -> tuple[str, ...]:
    return (bearer(app.key(Scope.WRITE).reveal().swapcase()),)


def unknown(_: Keyed) -> tuple[str, ...]:
    return (bearer(new_key()),)


def wrong(app: Keyed) -> tuple[str, ...]:
    return (bearer(with_another_secret(app.key(Scope.WRITE))),)


def of_another_row(app: Keyed) -> tuple[str, ...]:
    mine, other = app.key(), app.key(Scope.WRITE)
    app.change(other, digest=app.row(mine).digest)
    return (bearer(Key(other.id, mine.secret)),)


def expired(app: Keyed) -> tuple[str, ...]:
    key = app.key(Scope.WRITE)
    app.expire(key)
    return (bearer(key),)


def revoked(app: Keyed) -> tuple[str, ...]:
    key = app.key(Scope.WRITE)
    app.revoke(key)
    return (bearer(key),)


def other_scheme(app: Keyed) -> tuple[str, ...]:
    return (f"Basic {app.key(Scope.WRITE).reveal()}",)


def twice(app: Keyed) -> tuple[str, ...]:
    key = app.key(Scope.WRITE)
    return (bearer(key), bearer(key))


def wrong_scope(app: Keyed) -> tuple[str, ...]:
    return (bearer(app.key(Scope.DELETE, Scope.IMPORT, Scope.AUDIT)),)


def right(app: Keyed) -> tuple[str, ...]:
    return (bearer(app.key(Scope.WRITE)),)


Presented = Callable[[Keyed], tuple[str, ...]]
REFUSED = (401, "unauthenticated", INVALID)
CASES: list[tuple[Presented, tuple[int, str, str | None] | None, bool]] = [
    (no_key, (401, "unauthenticated", "Bearer"), True),
    (nonsense, REFUSED, False),
    (empty, REFUSED, False),
    (mistyped, REFUSED, False),
    (unknown, REFUSED, False),
    (wrong, REFUSED, False),
    (of_another_row, REFUSED, False),
    (expired, REFUSED, False),
    (revoked, REFUSED, False),
    (other_scheme, (401, "unauthenticated", "Bearer"), False),
    (twice, (400, "malformed-request", None), False),
    (wrong_scope, (403, "forbidden", 'Bearer error="insufficient_scope", scope="write"'), True),
    (right, None, True),
]


@pytest.mark.parametrize(
    ("presented", "refusal", "may_read"), CASES, ids=[case[0].__name__ for case in CASES]
)
def test_a_key_opens_what_it_should_and_a_bad_one_nothing_not_even_a_read(
    app: Keyed, presented: Presented, refusal: tuple[int, str, str | None] | None, may_read: bool
) -> None:
    given = presented(app)
    answer = app.ask("POST", "/things", *given, body=BODY)
    if refusal is None:
        assert answer.status_code == 200
        assert answer.json()["name"] == "a treaty"
    else:
        assert problem(answer) == refusal
    for path in ("/open", "/v1/meetings?limit=1"):
        for method in ("GET", "HEAD"):
            answer = app.ask(method, path, *given)
            # The routes of the record are not part of this app, but the lane answers for them.
            assert answer.status_code == (200 if may_read else (refusal or (0,))[0]), (method, path)


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_a_route_learns_whose_key_it_is_and_what_it_allows(app: Keyed) -> None:
    key = app.key(Scope.WRITE, Scope.DELETE)
    said = app.ask("POST", "/things", bearer(key), body=BODY).json()
    assert said["actor"] == f"key:{key.id}"
    assert said["scopes"] == ["delete", "read", "write"]
    assert app.ask("DELETE", "/things", bearer(key)).json() == f"key:{key.id}"
    refused = app.ask("GET", "/audits", bearer(key))
    assert "`audit`" in refused.json()["detail"]
    for scheme in ("bearer", "BEARER", "Bearer "):
        answer = app.ask("POST", "/things", f"{scheme} {key.reveal()}", body=BODY)
        assert answer.status_code == 200


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_who_has_no_key_is_told_so_before_the_body_is_looked_at(app: Keyed) -> None:
    for body in (b'{"name": ', b'{"other": 1}', b"\xff"):
        for presented, refusal, _ in (CASES[0], CASES[1], CASES[11]):
            answer = app.ask("POST", "/things", *presented(app), body=body)
            assert problem(answer) == refusal
        assert app.ask("POST", "/things", *right(app), body=body).status_code in (400, 422)


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_only_who_has_the_whole_key_learns_what_became_of_it(app: Keyed) -> None:
    key = app.key(Scope.WRITE)
    app.expire(key)
    others = {
        app.ask("GET", "/open", bearer(each)).json()["detail"]
        for each in (with_another_secret(key), new_key())
    }
    assert len(others) == 1
    assert "expired" in app.ask("GET", "/open", bearer(key)).json()["detail"]
    app.revoke(key)
    assert "revoked" in app.ask("GET", "/open", bearer(key)).json()["detail"]


def careless(app: ASGIApp) -> ASGIApp:
    """A server that gives no request a copy of the state, against the protocol."""
    shared: dict[str, object] = {}

    async def serve(scope: Connection, receive: Receive, send: Send) -> None:
        scope["state"] = shared
        await app(scope, receive, send)

    return serve


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
def test_a_key_holds_for_one_request_even_where_a_server_shares_its_state_among_all(
    own_database: str, tmp_path: Path
) -> None:
    with keyed(own_database, tmp_path, server=careless) as app, Client(app.url) as client:
        given = {"Authorization": bearer(app.key(Scope.DELETE))}
        seen = [
            client.request("DELETE", "/things", headers).status_code
            for headers in (given, {}, given, {})
        ]
    assert seen == [200, 401, 200, 401]


def test_a_revoked_key_is_refused_from_the_next_request_on(app: Keyed) -> None:
    key = app.key(Scope.WRITE)
    for _ in range(3):
        assert app.ask("POST", "/things", bearer(key), body=BODY).status_code == 200
    app.revoke(key)
    assert problem(app.ask("POST", "/things", bearer(key), body=BODY)) == REFUSED


def until_refused(app: Keyed, key: Key, ends_at: datetime) -> None:
    """A key is valid until it ends, and no longer."""
    while (answer := app.ask("GET", "/open", bearer(key))).status_code == 200:
        assert datetime.now(UTC) < ends_at + timedelta(seconds=5)
        time.sleep(0.05)
    assert problem(answer) == REFUSED
    assert datetime.now(UTC) >= ends_at


def test_a_key_ends_by_itself(app: Keyed) -> None:
    key = app.key(Scope.WRITE)
    ends_at = datetime.now(UTC) + timedelta(seconds=2)
    app.change(key, expires_at=ends_at)
    until_refused(app, key, ends_at)


def test_while_a_key_is_rotated_both_are_valid(app: Keyed) -> None:
    old = app.key(Scope.WRITE)
    with Session(app.engine) as session, session.begin():
        row = register.find(session, old.id)
        peppers = read_peppers(app.pepper)
        new, _ = register.rotate(session, peppers, row, overlap=timedelta(seconds=3))
    for key in (old, new):
        assert app.ask("POST", "/things", bearer(key), body=BODY).status_code == 200
    ends_at = app.row(old).expires_at
    assert ends_at is not None
    until_refused(app, old, ends_at)
    assert app.ask("POST", "/things", bearer(new), body=BODY).status_code == 200


def test_a_request_with_a_key_costs_one_indexed_read_and_one_without_none(
    app: Keyed,
) -> None:
    key = app.key(Scope.WRITE)
    app.ask("GET", "/open")
    assert app.statements == []
    app.ask("GET", "/open", bearer(key))
    (statement,) = app.statements
    assert "FROM api_keys LEFT OUTER JOIN api_key_scopes" in statement
    explain = "EXPLAIN QUERY PLAN" if app.engine.dialect.name == "sqlite" else "EXPLAIN"
    asked = re.sub(r"\?|%\(?\w*\)?s", "NULL", statement)
    with app.engine.connect() as connection:
        if app.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
            asked = asked.replace("api_keys.id = NULL", f"api_keys.id = '{key.id}'")
        plan = str(connection.exec_driver_sql(f"{explain} {asked}").fetchall())
    assert "SCAN api" not in plan
    assert "Seq Scan" not in plan


def test_a_key_that_cannot_be_one_is_not_looked_up(app: Keyed) -> None:
    mistyped = bearer(app.key().reveal().swapcase())
    for given in ("Bearer", "Bearer hunter2", "Basic eDp5", mistyped):
        app.ask("GET", "/open", given)
    assert app.statements == []


def test_what_is_kept_is_an_hmac_under_the_pepper(app: Keyed) -> None:
    key = app.key(Scope.WRITE)
    row = app.row(key)
    assert row.digest == key.digest(read_peppers(app.pepper).by_version[row.pepper_version])
    assert [each.scope for each in row.scopes] == [Scope.WRITE]


def test_the_document_says_which_routes_need_a_key_with_which_scope() -> None:
    document = small_app().openapi()
    validate(document)
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    paths = document["paths"]
    assert paths["/things"]["post"]["security"] == [{"key": ["write"]}]
    assert paths["/things"]["delete"]["security"] == [{"key": ["delete"]}]
    assert "security" not in paths["/open"]["get"]


def test_a_principal_may_what_its_key_allows() -> None:
    principal = Principal("0000000000", frozenset({Scope.READ, Scope.WRITE}))
    principal.require(Scope.WRITE)
    with pytest.raises(NotAllowed, match="`delete`"):
        principal.require(Scope.DELETE)
