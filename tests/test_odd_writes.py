"""Writes that nobody would send on purpose, and that schemathesis sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access import register
from app.database.engines import make_engine
from app.vocabulary import Scope
from tests.conftest import serving
from tests.support.client import Answer, Client
from tests.support.keyed import bearer

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class Editor:
    """Somebody with a key that may do everything."""

    def __init__(self, client: Client, authorization: str) -> None:
        self.client = client
        self.authorization = authorization

    def send(self, method: str, path: str, value: Any = None, **headers: str) -> Answer:
        body = b"" if value is None else json.dumps(value).encode()
        given = {"Authorization": self.authorization}
        given |= {name.replace("_", "-"): text for name, text in headers.items()}
        if body:
            given["Content-Type"] = MERGE_PATCH if method == "PATCH" else JSON
            given["Content-Length"] = str(len(body))
        return self.client.request(method, path, given, body)


@pytest.fixture
def editor(own_database: str, tmp_path: Path) -> Iterator[Editor]:
    pepper = tmp_path / "pepper"
    engine = make_engine(own_database)
    with Session(engine) as session, session.begin():
        peppers = register.peppers_for_new_keys(session, pepper)
        scopes = (Scope.WRITE, Scope.DELETE)
        key, _ = register.create(session, peppers, name="Ann", scopes=scopes)
    engine.dispose()
    with (
        serving(own_database, pepper_file=str(pepper)) as server,
        Client(server.url) as client,
    ):
        yield Editor(client, bearer(key))


def test_what_a_record_is_called_elsewhere_can_be_written(editor: Editor) -> None:
    elsewhere = [{"scheme": "iso3166", "value": "XK"}, {"scheme": "wikidata", "value": "Q1246"}]
    made = editor.send(
        "POST",
        "/v1/parties",
        {"code": "XKX", "kind": "territory", "name": "An example", "external_ids": elsewhere},
    )
    assert made.status_code == 201, made.text
    assert made.json()["external_ids"] == elsewhere
    changed = editor.send(
        "PATCH", "/v1/parties/XKX", {"external_ids": elsewhere[1:]}, If_Match=made.headers["etag"]
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["external_ids"] == elsewhere[1:]


def test_a_patch_without_a_body_is_no_patch(editor: Editor) -> None:
    answer = editor.send("PATCH", "/v1/topics/taiwan", If_Match="*")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/", "detail": "expected an object", "allowed": []}
    ]
    assert editor.send("PATCH", "/v1/topics/taiwan", {}, If_Match="*").status_code == 200
