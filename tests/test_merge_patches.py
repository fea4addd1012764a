"""Merge patches: what RFC 7396 prescribes, and how the parts of a record stay what they are."""

from typing import Any

import pytest

from app.editing.merge_patch import merged
from app.errors import Flaw
from app.vocabulary import RecordKind
from tests.support.editing import Desk, consistent

Json = Any
K = RecordKind
MEETING = "blinken-wang-beijing-2023-06-19"
VISITOR, HOST = "antony-blinken", "wang-yi"


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_the_rfc_come_out_as_it_says(
    target: Json, patch: Json, result: Json
) -> None:
    flaws: list[Flaw] = []
    assert merged(target, patch, flaws) == result
    assert flaws == []


def test_elements_are_kept_by_id_merged_removed_added_and_put_in_order(desk: Desk) -> None:
    someone = {"name_as_given": "A", "role": "visitor"}
    body = {"title": "V", "status": "held", "citations": ["eir"]}
    made = desk.create(
        K.VISIT, body | {"travellers": [someone, someone | {"name_as_given": "B", "party": "US"}]}
    )
    one, other = made["travellers"]
    aide = {"name_as_given": "An aide", "role": "notetaker"}
    after = desk.patch(K.VISIT, "v", {"travellers": [{"id": other["id"]}, aide, {"id": one["id"]}]})
    assert after["travellers"][0] == other
    assert after["travellers"][2] == one
    aide = after["travellers"][1]
    assert aide["id"] not in {one["id"], other["id"]}
    titled = {"id": aide["id"], "title_as_given": "Aide"}
    after = desk.patch(K.VISIT, "v", {"travellers": [titled, {"id": one["id"]}]})
    assert after["travellers"] == [aide | {"title_as_given": "Aide"}, one]
    titled["title_as_given"] = None
    after = desk.patch(K.VISIT, "v", {"travellers": [titled, {"id": one["id"]}]})
    assert after["travellers"] == [aide, one]
    consistent(desk.engine)


def test_an_array_without_ids_is_replaced(desk: Desk) -> None:
    record = desk.create(
        K.OFFICIAL, {"name": "Ada", "names": [{"name": "A", "language": "en"}, {"name": "B"}]}
    )
    after = desk.patch(K.OFFICIAL, "ada", {"names": [{"name": "B"}]})
    assert [each["name"] for each in after["names"]] == ["B"]
    assert after["names"][0]["id"] == record["names"][1]["id"]
    assert desk.patch(K.OFFICIAL, "ada", {"names": None})["names"] == []


def test_an_id_must_be_of_an_element_of_that_array_and_stand_there_once(desk: Desk) -> None:
    own = desk.read(K.MEETING, MEETING)["participants"][0]["id"]
    others = desk.read(K.MEETING, "blinken-qin-beijing-2023-06-18")["participants"][0]["id"]
    unknown = "01a30000-0000-7000-8000-00000000ffff"
    for body, where, said in (
        ([{"id": others}], "/participants/0/id", "names no element of this array"),
        ([{"id": unknown}], "/participants/0/id", "names no element of this array"),
        ([{"id": 7}], "/participants/0/id", "names no element of this array"),
        ([{"id": {}}], "/participants/0/id", "names no element of this array"),
        ([{"id": own}, {"id": own}], "/participants/1/id", "names one twice"),
    ):
        flaws = desk.flaws(desk.patch, K.MEETING, MEETING, {"participants": body})
        assert flaws == {where: said}
    assert desk.read(K.MEETING, MEETING)["rev"] == 1


def test_two_who_take_part_can_change_places(desk: Desk) -> None:
    """No official takes part twice, and the database looks at one row at a time."""
    host, visitor = desk.read(K.MEETING, MEETING)["participants"]
    body = {
        "participants": [
            {"id": host["id"], "official": VISITOR},
            {"id": visitor["id"], "official": HOST},
        ]
    }
    after = desk.patch(K.MEETING, MEETING, body)
    assert [(each["id"], each["official"]["slug"]) for each in after["participants"]] == [
        (host["id"], VISITOR),
        (visitor["id"], HOST),
    ]
    # One who goes leaves the official to one who comes, whose id is new.
    body = {
        "participants": [
            {"id": host["id"], "official": None},
            {"official": VISITOR, "name_as_given": "B", "role": "visitor"},
        ]
    }
    after = desk.patch(K.MEETING, MEETING, body)
    assert [each["official"] and each["official"]["slug"] for each in after["participants"]] == [
        None,
        VISITOR,
    ]
    consistent(desk.engine)


def test_what_may_not_be_unknown_can_change_places_too(desk: Desk) -> None:
    body = {
        "title": "A promise",
        "text": "T.",
        "kind": "process",
        "by": [{"party": "US", "official": VISITOR}, {"party": "US", "official": "joe-biden"}],
        "predecessors": [
            {"relation": "restates", "commitment": "us-one-china-policy", "source": "eir"},
            {"relation": "restates", "commitment": "keep-talking", "source": "eir"},
        ],
        "events": [{"event": "made", "citations": ["eir"]}],
        "citations": ["eir"],
    }
    made = desk.create(K.COMMITMENT, body)
    one, other = (each["id"] for each in made["predecessors"])
    first, second = (each["id"] for each in made["by"])
    after = desk.patch(
        K.COMMITMENT,
        "a-promise",
        {
            "by": [
                {"id": first, "official": "joe-biden"},
                {"id": second, "official": VISITOR},
            ],
            "predecessors": [
                {"id": one, "commitment": "keep-talking"},
                {"id": other, "commitment": "us-one-china-policy"},
            ],
        },
    )
    assert [(each["id"], each["commitment"]["slug"]) for each in after["predecessors"]] == [
        (one, "keep-talking"),
        (other, "us-one-china-policy"),
    ]
    assert [(each["id"], each["official"]["slug"]) for each in after["by"]] == [
        (first, "joe-biden"),
        (second, VISITOR),
    ]
    successors = desk.read(K.COMMITMENT, "keep-talking")["successors"]
    assert one in {each["id"] for each in successors}
    consistent(desk.engine)


def test_parts_that_nothing_tells_apart_get_ids_of_their_own(desk: Desk) -> None:
    alike = {"name_as_given": "An aide", "role": "notetaker"}
    made = desk.create(
        K.MEETING,
        {
            "title": "Two aides",
            "format": "bilateral",
            "status": "held",
            "participants": [alike, alike],
            "citations": ["eir"],
        },
    )
    first, second = (each["id"] for each in made["participants"])
    assert first != second
    # The id of the first would be derived again for the new one, but the second has its own.
    after = desk.patch(K.MEETING, "two-aides", {"participants": [alike, {"id": second}]})
    assert [each["id"] for each in after["participants"]] == [first, second]
    body = {"participants": [{"id": first, "name_as_given": "A"}, alike, {"id": second}, alike]}
    after = desk.patch(K.MEETING, "two-aides", body)
    ids = [each["id"] for each in after["participants"]]
    assert ids[0] == first
    assert ids[2] == second
    assert len(set(ids)) == 4
    assert after["participants"][0]["name_as_given"] == "A"
    consistent(desk.engine)


def test_a_topic_that_sources_are_asked_about_is_not_left_out_by_the_way(desk: Desk) -> None:
    form = desk.form(K.MEETING, MEETING)
    flaws = desk.flaws(desk.patch, K.MEETING, MEETING, {"topics": form["topics"][1:]})
    assert [*flaws] == ["/topics"]
    assert repr(form["topics"][0]) in flaws["/topics"]
    kept = [each for each in form["claims"] if each["value"] != form["topics"][0]]
    body = {"topics": form["topics"][1:], "claims": [{"id": each["id"]} for each in kept]}
    after = desk.patch(K.MEETING, MEETING, body)
    assert after["topics"] == form["topics"][1:]
    assert [each["id"] for each in after["claims"]] == [each["id"] for each in kept]


def test_what_never_changes_and_what_the_server_says_is_refused(desk: Desk) -> None:
    body = {"slug": "other", "rev": 7, "id": "x", "participants": {}, "nonsense": 1, "title": None}
    flaws = desk.flaws(desk.patch, K.MEETING, MEETING, body)
    assert flaws == {"/slug": "never changes"}
    del body["slug"]
    flaws = desk.flaws(desk.patch, K.MEETING, MEETING, body)
    assert flaws == {
        "/rev": "is set by the server",
        "/id": "is set by the server",
        "/nonsense": "is not a field of this",
        "/participants": "expected an array",
        "/title": "is required",
    }
