"""The history of a record over HTTP: what changed, when, why, and the record as it was."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.database.engines import make_engine
from app.importers.loader import load_batch
from app.importers.seed import read
from app.record.differences import differences
from app.record.recorder import Change
from app.vocabulary import Scope
from tests.conftest import copy_of_seed, serving
from tests.support.api import ENGINES, NOUNS, Api, asking, name_of
from tests.support.client import Client
from tests.support.loading import copied_seed
from tests.support.writing import Desk

Json = Any
CALL = "/v1/meetings/qin-blinken-call-2023-06/revisions"
VISIT = "/v1/visits/blinken-beijing-2023-06/revisions"
QIN = "/v1/meetings/blinken-qin-beijing-2023-06-18/revisions"
TITLE = "Blinken's visit to Beijing, June 2023"


@pytest.fixture(scope="module", params=ENGINES)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The seed, in which the visit got another title, and the former one back with a citation
    that points elsewhere. Only to be read.
    """
    folder = tmp_path_factory.mktemp("revisions")
    with copy_of_seed(request, folder) as url:
        engine = make_engine(url)
        edits = (
            (f"title: {TITLE}", "title: Another title"),
            ("- source: hist\n        locator: record 4145", "- source: hist"),
        )
        for edit, reason in zip(edits, ("A better title.", None), strict=True):
            change = Change(actor="tests", reason=reason)
            edited = copied_seed(folder / str(reason), visits=edit)
            load_batch(engine, read(edited), dataset="seed", change=change)
        engine.dispose()
        with serving(url) as server, asking(server) as found:
            yield found


class TestList:
    def test_a_record_that_never_changed_has_one(self, api: Api) -> None:
        (only,) = api.read(CALL)["items"]
        call = api.read("/v1/meetings/qin-blinken-call-2023-06")
        assert (only["operation"], only["rev"], only["at"]) == ("create", 1, call["created_at"])
        assert (only["reason"], only["cause"]) == (None, None)

    def test_every_change_the_newest_first_with_its_reason(self, own: Api) -> None:
        found = own.read(VISIT)["items"]
        assert [(each["operation"], each["rev"], each["reason"]) for each in found] == [
            ("update", 3, None),
            ("update", 2, "A better title."),
            ("create", 1, None),
        ]
        assert [each["seq"] for each in found] == sorted(
            (each["seq"] for each in found), reverse=True
        )

    def test_a_neighbours_change_is_a_republication_and_no_change(self, own: Api) -> None:
        found = own.read(QIN)["items"]
        title, *_ = [each for each in own.read(VISIT)["items"] if each["rev"] == 2]
        assert [(each["operation"], each["rev"]) for each in found] == [
            ("republish", 1),
            ("republish", 1),
            ("create", 1),
        ]
        assert found[1]["cause"] == title["seq"]

    def test_a_walk_shows_each_once(self, own: Api) -> None:
        everything = own.read(VISIT)["items"]
        walked: list[Json] = []
        page = own.read(VISIT, limit=1)
        while page["next_before"] is not None:
            walked += page["items"]
            page = own.read(VISIT, limit=1, before=page["next_before"])
        assert [*walked, *page["items"]] == everything

    @pytest.mark.parametrize("noun", NOUNS)
    def test_every_noun_has_them_by_any_name(self, crowd: Api, noun: str) -> None:
        record = crowd.documents[noun][0]
        by_name = crowd.read(f"/v1/{noun}/{name_of(record)}/revisions")
        assert by_name == crowd.read(f"/v1/{noun}/{record['id']}/revisions")
        (newest, *_) = by_name["items"]
        whole = crowd.read(f"/v1/{noun}/{record['id']}/revisions/{newest['seq']}")
        assert whole == {**newest, "document": record}

    def test_a_deleted_record_keeps_its_history(self, crowd: Api) -> None:
        deleted = crowd.get("/v1/commitments/deleted-commitment")
        assert deleted.status_code == 410
        assert crowd.read("/v1/commitments/deleted-commitment/revisions")["items"]

    def test_it_takes_two_statements(self, own: Api) -> None:
        number = own.read(VISIT)["items"][0]["seq"]
        for path in (VISIT, QIN, f"{VISIT}/{number}", f"{VISIT}/{number}/diff"):
            own.server.statements.clear()
            own.read(path)
            assert len(own.server.statements) == 2, path


class TestOne:
    def test_the_record_as_it_was_byte_for_byte(self, own: Api) -> None:
        for each in own.read(VISIT)["items"]:
            answer = own.get(f"{VISIT}/{each['seq']}")
            body = answer.content.partition(b'"document":')[2][:-1]
            assert sha256(body).hexdigest() == each["body_hash"]
            assert answer.json()["document"]["rev"] == each["rev"]
        first = own.read(VISIT)["items"][-1]["seq"]
        assert own.read(f"{VISIT}/{first}")["document"]["title"] == TITLE

    @pytest.mark.parametrize("number", ["0", "1", "x", "-1", "1.0", "²", str(2**63), "9" * 400])
    def test_no_such_revision_of_this_record(self, api: Api, number: str) -> None:
        for path in (f"{VISIT}/{number}", f"{VISIT}/{number}/diff"):
            answer = api.get(path)
            assert (answer.status_code, answer.json()["title"]) == (404, "There is nothing here")

    def test_no_such_record(self, api: Api) -> None:
        for path in ("/v1/visits/nowhere/revisions", "/v1/visits/NOT_A_NAME/revisions/1"):
            assert api.get(path).status_code == 404

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"before": 0}, {"after": 1}])
    def test_what_makes_no_sense_is_refused(self, api: Api, query: dict[str, int]) -> None:
        assert api.get(VISIT, **query).status_code == 422


class TestDifferences:
    def test_a_new_title_is_one_difference(self, own: Api) -> None:
        second = own.read(VISIT)["items"][1]["seq"]
        found = own.read(f"{VISIT}/{second}/diff")
        assert found["differences"] == [
            {
                "pointer": "/title",
                "operation": "replace",
                "before": TITLE,
                "after": "Another title",
            }
        ]
        assert found["before"] == own.read(VISIT)["items"][2]["seq"]

    def test_a_part_is_named_by_its_id(self, own: Api) -> None:
        third = own.read(VISIT)["items"][0]["seq"]
        found = {
            each["pointer"]: each["operation"]
            for each in own.read(f"{VISIT}/{third}/diff")["differences"]
        }
        # The id of a citation says where in its source it points.
        was, now = (own.read(f"{VISIT}/{seq}")["document"]["citations"] for seq in self.two(own))
        (removed,) = {each["id"] for each in was} - {each["id"] for each in now}
        (added,) = {each["id"] for each in now} - {each["id"] for each in was}
        assert found == {
            "/title": "replace",
            f"/citations/{removed}": "remove",
            f"/citations/{added}": "add",
        }

    def two(self, own: Api) -> tuple[int, int]:
        newest, before, _ = (each["seq"] for each in own.read(VISIT)["items"])
        return before, newest

    def test_the_first_revision_adds_everything(self, api: Api) -> None:
        (only,) = api.read(CALL)["items"]
        found = api.read(f"{CALL}/{only['seq']}/diff")
        (added,) = found["differences"]
        assert (found["before"], added["pointer"], added["operation"]) == (None, "", "add")
        assert added["after"] == api.read("/v1/meetings/qin-blinken-call-2023-06")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text("ab~/", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.sampled_from(["a", "b", "rev", "list"]), VALUES)


@given(DOCUMENTS, DOCUMENTS)
@example({"a": {"a": True}}, {"a": {"a": 1}})
def test_equal_documents_and_only_they_have_no_difference(one: Json, other: Json) -> None:
    assert differences(one, one) == []
    kept = [{key: each[key] for key in each if key != "rev"} for each in (one, other)]
    assert bool(differences(one, other)) == (repr(kept[0]) != repr(kept[1]) and not alike(*kept))


def alike(one: Json, other: Json) -> bool:
    """Equal as JSON, in whatever order the members stand."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


@given(DOCUMENTS, DOCUMENTS)
def test_turned_around_they_are_the_same_differences(one: Json, other: Json) -> None:
    turned = {"add": "remove", "remove": "add", "replace": "replace"}
    there = {each["pointer"]: each for each in differences(one, other)}
    back = {each["pointer"]: each for each in differences(other, one)}
    assert {
        pointer: (turned[each["operation"]], each["after"], each["before"])
        for pointer, each in there.items()
    } == {
        pointer: (each["operation"], each["before"], each["after"])
        for pointer, each in back.items()
    }


def test_who_made_a_change_is_for_keys_that_may_audit(newsroom: Desk) -> None:
    with newsroom.editor() as editor:
        path = editor.topic("audited")
        editor.patch(path, {"label": "Audited"}, X_Request_Id="a-request", X_Change_Reason="so")
    address = f"{path}/revisions"
    with (
        newsroom.editor(newsroom.keys.make(Scope.WRITE)) as writer,
        Client(newsroom.url) as anybody,
    ):
        for shown in (writer.get(address), anybody.request("GET", address, {}, b"")):
            newest = shown.json()["items"][0]
            assert (newest["actor"], newest["request_id"], newest["reason"]) == (None, None, "so")
            assert shown.headers["vary"].split(", ")[0] == "Authorization"
    with newsroom.editor(newsroom.keys.make(Scope.AUDIT)) as auditor:
        shown = auditor.get(address)
        newest = shown.json()["items"][0]
        assert (newest["actor"], newest["request_id"]) == (f"key:{newsroom.key.id}", "a-request")
        assert shown.headers["cache-control"].startswith("private")
        one = auditor.get(f"{address}/{newest['seq']}").json()
        assert (one["actor"], one["document"]["label"]) == (newest["actor"], "Audited")
