"""S3: a key that writes leaves no trace of itself: not in what is answered, logged, exported or
kept, however it is sent.
"""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.base import Base
from app.queries.resources import RESOURCES
from tests.conftest import copy_of_seed
from tests.support.api import NOUNS
from tests.support.served import Office, office_of
from tests.support.writing import ENGINES, example


@pytest.fixture(params=ENGINES)
def talkative(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A server that logs each request."""
    with (
        copy_of_seed(request, tmp_path) as url,
        office_of(url, tmp_path, access_log="true", log_format="json") as office,
    ):
        yield office


def files_below(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield gzip.decompress(content) if path.suffix == ".gz" else content


def test_s3_a_canary_key_is_in_no_answer_log_export_or_history(
    talkative: Office, tmp_path: Path
) -> None:
    office, key = talkative, talkative.key
    heard: list[bytes] = []
    with office.editor() as editor:

        def send(method: str, target: str, body: object = None, **headers: str) -> int:
            answer = editor.send(method, target, body, **headers)
            heard.append(answer.content + repr(answer.headers).encode())
            return answer.status_code

        secret = key.reveal()
        for noun in NOUNS:
            body = example(f"create_{RESOURCES[noun].kind}")
            assert send("POST", f"/v1/{noun}", body) == 201
            assert send("POST", f"/v1/{noun}", {}) == 422
            assert send("POST", f"/v1/{noun}", b'{"broken') == 400
            assert send("PATCH", f"/v1/{noun}/nobody", {}, If_Match="*") == 404
            assert send("PUT", f"/v1/{noun}/nobody", {}) == 405
        once = {"code": "once", "label": "Once"}
        for body, status in ((once, 201), (once, 201), ({**once, "label": "Else"}, 422)):
            said = {"Idempotency_Key": "canary", "X_Change_Reason": "why"}
            assert send("POST", "/v1/topics", body, **said) == status
        assert send("DELETE", "/v1/topics/once", None, If_Match="*") == 204
        assert send("DELETE", "/v1/topics/once", None, If_Match='"1-1"') == 410
        assert send("POST", "/v1/topics/once/restore") == 200
        for wrong in (f"Basic {secret}", secret, f"Bearer {secret}x", f"Bearer {secret[:-1]}"):
            assert send("POST", "/v1/topics", once, Authorization=wrong) == 401
        office.keys.change(key, revoked_at=datetime.now(UTC))
        assert send("POST", "/v1/topics", once) == 401
        reads = ("/v1/changes?include=document&limit=200", "/v1/topics/once/revisions")
        heard += [editor.http.get(target).content for target in reads]
    done = office.command("export", str(tmp_path / "export"))
    heard += [done.stdout.encode(), done.stderr.encode()]
    assert done.returncode == 0, done.stderr
    with office.keys.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(text(f"SELECT * FROM {table.name}"))
            heard += [repr(tuple(row)).encode() for row in rows]
    log = office.served.said()
    assert log.count("POST") > 30, "the log says nothing of the requests"
    heard += [log.encode(), *files_below(tmp_path)]
    assert any(key.id.encode() in each for each in heard)
    for each in heard:
        assert key.secret.encode() not in each
        assert secret.encode() not in each
