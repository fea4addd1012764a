"""What `known_at` answers at its edges: before and after, deleted, merged, and what it refuses."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, delete, select

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.models import Document, Meeting, Official, Revision, Statement
from app.queries.parameters import SUBLISTS
from app.queries.resources import RESOURCES
from app.record.recorder import Change
from app.record.reshaping import reshape
from app.schemas.parsing import allowed_values
from tests.conftest import copy_of_seed, serving
from tests.support.api import ENGINES, NOUNS, Api, asking, name_of
from tests.support.edits import delete_at, edit_row_at, merge_at, restore_at, when
from tests.support.first_release import as_the_first_release_left_it
from tests.support.tampering import unguarded
from tests.test_statement_counts import sent

Json = Any
MEETING = "/v1/meetings/blinken-qin-beijing-2023-06-18"
NOON = datetime(2031, 1, 1, 12, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(milliseconds=1)


def said(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


class Own(NamedTuple):
    api: Api
    engine: Engine

    def known(self, path: str, instant: datetime, **query: Any) -> Any:
        return self.api.get(path, **query, known_at=said(instant))


@pytest.fixture(params=ENGINES)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """A server of the test's own, which it may write to."""
    with (
        copy_of_seed(request, tmp_path_factory.mktemp("own")) as url,
        serving(url) as server,
        asking(server) as api,
    ):
        engine = make_engine(url)
        yield Own(api, engine)
        engine.dispose()


def id_of(api: Api, path: str) -> str:
    found: str = api.read(path)["id"]
    return found


def test_a_record_is_there_from_the_instant_of_its_revision_on(own: Own) -> None:
    before = own.api.read(MEETING)
    edit_row_at(own.engine, NOON, Meeting, before["id"], title="Talks")
    (_, created, _), (seq, edited, _) = when(own.engine, before["id"])
    assert edited == NOON
    for instant in (created, NOON - TICK, NOON - timedelta(microseconds=1)):
        assert own.known(MEETING, instant).json() == before
    for instant in (NOON, NOON + HOUR, datetime(9999, 12, 31, tzinfo=UTC)):
        answer = own.known(MEETING, instant)
        assert answer.json()["title"] == "Talks"
        assert answer.headers["etag"] == own.api.get(MEETING).headers["etag"] == f'"2-{seq}"'
    answer = own.known(MEETING, created - TICK)
    assert answer.status_code == 404
    assert said(created)[:19] in answer.json()["detail"]
    assert own.known("/v1/meetings/nowhere", NOON).status_code == 404


def test_an_instant_may_be_given_in_any_zone(own: Own) -> None:
    before = own.api.read(MEETING)
    edit_row_at(own.engine, NOON, Meeting, before["id"], title="Talks")
    for text, title in (
        ("2031-01-01T20:00:00%2B08:00", "Talks"),
        ("2031-01-01T19:59:59.999999%2B08:00", before["title"]),
        ("2031-01-01t12:00:00z", "Talks"),
    ):
        assert own.api.http.get(f"{MEETING}?known_at={text}").json()["title"] == title


def test_what_was_deleted_is_gone_only_from_then_on(own: Own) -> None:
    statement = own.api.items("/v1/statements", meeting=name_of(own.api.read(MEETING)))[0]
    path, record_id = f"/v1/statements/{statement['id']}", statement["id"]
    delete_at(own.engine, NOON, Statement, record_id)
    restore_at(own.engine, NOON + 2 * HOUR, Statement, record_id)
    delete_at(own.engine, NOON + 4 * HOUR, Statement, record_id)
    _, (deleted, *_), _, (again, *_) = when(own.engine, record_id)
    listed = []
    for hours, status in ((-1, 200), (1, 410), (3, 200), (5, 410)):
        answer = own.known(path, NOON + hours * HOUR)
        assert answer.status_code == status
        if status == 410:
            assert answer.json()["revision"] == (deleted if hours == 1 else again)
        meeting = own.known(MEETING, NOON + hours * HOUR, include="statements").json()
        listed.append(record_id in [each["id"] for each in meeting["statements"]])
    assert listed == [True, False, True, False]
    assert own.api.get(path).status_code == 410


def test_what_was_merged_away_leads_to_the_survivor_at_that_instant(own: Own) -> None:
    before = own.api.read("/v1/officials/wang-yi")
    survivor = own.api.read("/v1/officials/xi-jinping")
    (shown, *_) = own.api.items("/v1/meetings", participant=before["id"])
    merge_at(own.engine, NOON, before["id"], survivor["id"])
    path = "/v1/officials/wang-yi"
    assert own.known(path, NOON - HOUR).json() == before
    answer = own.known(path, NOON + HOUR, include="sources")
    assert answer.status_code == 308
    location = answer.headers["location"]
    assert location.startswith(f"/v1/officials/{survivor['id']}?include=sources&known_at=")
    assert own.api.http.get(location).json()["slug"] == "xi-jinping"
    # What showed the one shows the other from then on, by every name.
    shown = f"/v1/meetings/{shown['id']}"
    assert own.known(shown, NOON + HOUR, lang="zh").text == own.api.get(shown, lang="zh").text
    for instant, name in ((NOON - HOUR, "王毅"), (NOON + HOUR, "习近平")):
        assert name in own.known(shown, instant, lang="zh").text


def test_a_document_that_was_redacted_is_told_from_a_deletion(own: Own) -> None:
    record_id = id_of(own.api, MEETING)
    ((first, created, _),) = when(own.engine, record_id)
    edit_row_at(own.engine, NOON, Meeting, record_id, title="Talks")
    with unguarded(own.engine) as connection:
        connection.execute(delete(Document).where(Document.seq == first))
    answer = own.known(MEETING, created)
    assert (answer.status_code, answer.json()["revision"]) == (410, first)
    assert "redacted" in answer.json()["detail"]
    assert own.known(MEETING, NOON).status_code == 200


def test_it_has_a_tag_that_is_that_of_the_bytes(own: Own) -> None:
    edit_row_at(own.engine, NOON, Meeting, id_of(own.api, MEETING), title="Talks")
    for query in ({}, {"include": "sources"}, {"fields": "id,title"}, {"lang": "zh"}):
        tags = []
        for instant in (NOON - HOUR, NOON):
            answer = own.known(MEETING, instant, **query)
            headers = {"if-none-match": answer.headers["etag"]}
            again = own.api.http.get(answer.target, headers)
            assert (again.status_code, again.content) == (304, b"")
            assert own.api.http.head(answer.target).headers["etag"] == answer.headers["etag"]
            tags.append(answer.headers["etag"])
        assert len(set(tags)) == 2
        assert tags[1] == own.api.get(MEETING, **query).headers["etag"]


def test_names_in_a_language_are_those_of_that_time(own: Own) -> None:
    xi = id_of(own.api, "/v1/officials/xi-jinping")
    before = own.api.read(MEETING.replace("qin", "xi").replace("18", "19"), lang="zh")
    rename = {"names": {"习近平": "习主席"}}
    edit_row_at(own.engine, NOON, Official, xi, **rename)
    path = f"/v1/meetings/{before['slug']}"
    assert "习主席" in own.api.get(path, lang="zh").text
    answer = own.known(path, NOON - HOUR, lang="zh")
    assert answer.json() == before
    assert answer.headers["content-language"] == "zh"


@pytest.fixture
def former(own: Own) -> datetime:
    """The last instant of the first release; its documents have been published anew since."""
    with own.engine.connect() as connection:
        last = connection.scalar(select(Revision.at).order_by(Revision.seq.desc()).limit(1))
    assert last is not None
    as_the_first_release_left_it(own.engine)
    migrate(own.engine)
    assert reshape(own.engine, Change(actor="tests")) > 0
    return last


def test_documents_of_the_first_release_come_in_the_present_shape(
    own: Own, former: datetime
) -> None:
    for noun in NOUNS:
        for document in own.api.documents[noun]:
            path = f"/v1/{noun}/{document['id']}"
            then = own.known(path, former)
            assert list(then.json()) == list(document)
            ((first, _, _), *_) = when(own.engine, document["id"])
            shown = own.api.read(f"{path}/revisions/{first}")
            assert shown["shape"] == 1
            changed = shown["document"] != then.json()
            assert then.headers["etag"].startswith('"1-')
            assert (then.headers["etag"] == f'"1-{first}"') == (not changed)
    included = own.known(MEETING, former, include="statements,officials").json()
    assert all(each["joint_with"] == [] for each in included["statements"])
    assert all(each["held"] is None for one in included["officials"] for each in one["positions"])


class TestRefusals:
    @pytest.mark.parametrize(
        "text",
        [
            *("2023", "2023-06-19", "1687163400", "0", "", "now", "2023-06-19T08:30:00"),
            *("2023-06-19 08:30:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
            *("2023-02-30T00:00:00Z", "２023-06-19T08:30:00Z", "2023-06-19T08:30:00Z\x00"),
        ],
    )
    def test_only_instants_are_taken(self, api: Api, text: str) -> None:
        for path in (MEETING, f"{MEETING}/accounts", "/v1/commitments/us-one-china-policy/history"):
            answer = api.get(path, known_at=text)
            assert answer.status_code == 422
            (flaw,) = answer.json()["errors"]
            assert flaw["parameter"] == "known_at"

    def test_it_is_taken_once(self, api: Api) -> None:
        instant = "known_at=2030-01-01T00:00:00Z"
        assert api.http.get(f"{MEETING}?{instant}&{instant}").status_code == 422

    def test_lists_say_what_takes_it(self, api: Api) -> None:
        lists = [f"/v1/{noun}" for noun in NOUNS]
        lists += [f"/v1/{parent}/xi-jinping/{name}" for parent, name in SUBLISTS]
        lists += ["/v1/officials/xi-jinping/counterparts", "/v1/relations/US/CN", "/v1/changes"]
        lists += ["/v1/stats/meetings", f"{MEETING}/revisions"]
        for path in lists:
            answer = api.get(path, known_at="2030-01-01T00:00:00Z")
            assert answer.status_code == 422, path
            detail = next(
                each["detail"]
                for each in answer.json()["errors"]
                if each["parameter"] == "known_at"
            )
            assert "single records" in detail
            assert "chancery export --known-at" in detail


@pytest.mark.parametrize("noun", NOUNS)
def test_it_takes_as_many_statements_as_the_present(crowd: Api, noun: str) -> None:
    known = {"known_at": "2030-01-01T00:00:00Z"}
    for each in crowd.documents[noun][:3]:
        path = f"/v1/{noun}/{each['id']}"
        for query in ({}, {"fields": "id"}, {"lang": "zh"}):
            assert sent(crowd, path, **query, **known) == sent(crowd, path, **query)
        for included in allowed_values(RESOURCES[noun].filters, "include"):
            query = {"include": included}
            assert sent(crowd, path, **query, **known) == sent(crowd, path, **query)
        below = {"meetings": "accounts", "visits": "accounts", "commitments": "history"}.get(noun)
        if below is not None:
            assert sent(crowd, f"{path}/{below}", **known) == sent(crowd, f"{path}/{below}")
