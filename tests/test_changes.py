"""The feed of changes: whoever reads it from the start has every record, and stays in step."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.models import Meeting, Official
from app.record.recorder import Change, Recorder
from app.vocabulary import Operation, RecordKind
from tests.conftest import serving
from tests.support.api import Api, asking, name_of
from tests.support.loading import copied_seed, load_seed

Json = Any


@pytest.fixture
def own(own_database: str) -> Iterator[Api]:
    with serving(own_database) as server, asking(server) as found:
        yield found


def everything(api: Api, limit: int = 200, **query: Any) -> list[Json]:
    found: list[Json] = []
    after = 0
    while True:
        page = api.read("/v1/changes", after=after, limit=limit, **query)
        assert page["limit"] == limit
        if not page["items"]:
            assert page["next_after"] == after
            return found
        assert page["next_after"] == page["items"][-1]["seq"]
        found += page["items"]
        after = page["next_after"]


def copy_of(changes: list[Json]) -> dict[str, Json]:
    """What a consumer holds who does as the documentation says."""
    held: dict[str, Json] = {}
    for each in changes:
        if each["document"] is None:
            held.pop(each["id"], None)
        else:
            held[each["id"]] = each["document"]
    return held


def record(api: Api, operation: Operation, kind: RecordKind, model: Any, slug: str) -> int:
    """Append a deletion or a merger to the log, which nothing else writes yet."""
    engine = make_engine(api.server.database_url)
    with Session(engine) as session, session.begin():
        row = session.scalars(select(model).where(model.slug == slug)).one()
        recorder = Recorder(session, Change(actor="tests"))
        recorder.take_head()
        recorder.append(kind, row, None, operation, None)
        recorder.write()
        row.deleted_seq = seq = recorder.seq
    engine.dispose()
    return seq


class TestWhatChangedSinceYesterday:
    """Question 9: deletions and merges included? 304 when nothing did."""

    def test_everything_since_yesterday_and_nothing_since_tomorrow(self, api: Api) -> None:
        now = datetime.now(UTC)
        since = {
            day: (now + timedelta(days=day)).isoformat(timespec="seconds").replace("+00:00", "Z")
            for day in (-1, 1)
        }
        page = api.read("/v1/changes", since=since[-1], limit=200)
        assert [each["seq"] for each in page["items"]] == list(range(1, 141))
        assert {each["operation"] for each in page["items"]} == {"create"}
        nothing = api.read("/v1/changes", since=since[1])
        assert (nothing["items"], nothing["next_after"]) == ([], 140)

    def test_whoever_has_it_is_told_so_until_something_is_added(
        self, own: Api, tmp_path: Path
    ) -> None:
        target = "/v1/changes?after=140"
        held = {"if-none-match": own.http.get(target).headers["etag"]}
        answer = own.http.get(target, headers=held)
        assert (answer.status_code, answer.content) == (304, b"")
        engine = make_engine(own.server.database_url)
        assert not load_seed(engine).changed
        assert own.http.get(target, headers=held).status_code == 304
        title = ("title: Blinken's visit to Beijing, June 2023", "title: Another title")
        load_seed(engine, copied_seed(tmp_path, visits=title))
        engine.dispose()
        changed = own.http.get(target, headers=held)
        assert changed.status_code == 200
        update, *others = changed.json()["items"]
        assert (update["seq"], update["type"], update["operation"]) == (141, "visit", "update")
        assert (update["rev"], update["cause"]) == (2, None)
        # Meetings and statements show the title: published anew, and no change of theirs.
        assert {(each["operation"], each["cause"], each["rev"]) for each in others} == {
            ("republish", 141, 1)
        }
        assert {each["type"] for each in others} == {"meeting", "statement"}

    def test_deletions_and_mergers_stay_in_it(self, own: Api) -> None:
        call = "qin-blinken-call-2023-06"
        deleted = record(own, Operation.DELETE, RecordKind.MEETING, Meeting, call)
        merged = record(own, Operation.MERGE, RecordKind.OFFICIAL, Official, "qin-gang")
        page = own.read("/v1/changes", after=140, include="document")
        assert [(each["seq"], each["operation"], each["document"]) for each in page["items"]] == [
            (deleted, "delete", None),
            (merged, "merge", None),
        ]
        assert own.get(f"/v1/meetings/{call}").status_code == 410


class TestACopyInStep:
    @pytest.mark.parametrize("limit", [7, 200])
    def test_reading_it_from_the_start_gives_every_record(self, api: Api, limit: int) -> None:
        changes = everything(api, limit, include="document")
        assert [each["seq"] for each in changes] == list(range(1, len(changes) + 1))
        assert copy_of(changes) == {
            each["id"]: each for records in api.documents.values() for each in records
        }
        assert all(
            (each["rev"], each["at"]) == (each["document"]["rev"], each["document"]["updated_at"])
            for each in changes
        )

    def test_it_stays_in_step_through_changes(self, own: Api, tmp_path: Path) -> None:
        held = everything(own, include="document")
        engine = make_engine(own.server.database_url)
        for number, title in enumerate(("One title", "Another title", "Blinken")):
            edit = ("title: Blinken's visit to Beijing, June 2023", f"title: {title}")
            load_seed(engine, copied_seed(tmp_path / str(number), visits=edit))
        engine.dispose()
        after = held[-1]["seq"]
        more = own.read("/v1/changes", after=after, limit=200, include="document")["items"]
        assert more
        now = copy_of([*held, *more])
        assert now == {
            each["id"]: each for noun in own.documents for each in own.items(f"/v1/{noun}")
        }

    def test_without_include_there_are_no_documents(self, api: Api) -> None:
        (first,) = api.read("/v1/changes", limit=1)["items"]
        assert list(first) == ["seq", "type", "id", "operation", "rev", "at", "cause"]
        assert first["at"].endswith("Z")
        assert name_of(api.read("/v1/changes", limit=1, include="document")["items"][0]["document"])


def test_it_takes_two_statements_whatever_it_holds(api: Api) -> None:
    for query in ({}, {"limit": 1}, {"after": 140}, {"include": "document"}):
        api.server.statements.clear()
        api.read("/v1/changes", **query)
        assert len(api.server.statements) == 2, query


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("after", "-1"),
        ("after", "x"),
        ("after", str(2**63)),
        ("limit", "0"),
        ("limit", "201"),
        ("since", "2023-06-19"),
        ("since", "1687132800"),
        ("include", "documents"),
        ("wait", "-1"),
        ("wait", "31"),
        ("wait", "1.5"),
        ("wait", ""),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, name: str, value: str) -> None:
    answer = api.get("/v1/changes", **{name: value})
    assert answer.status_code == 422
    assert [each["parameter"] for each in answer.json()["errors"]] == [name]
