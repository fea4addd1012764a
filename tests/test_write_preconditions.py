"""H10, for writes: which tags `If-Match` takes (RFC 9110), and that no republication makes an
editor stale.
"""

from itertools import count

import pytest

from tests.support.client import Answer
from tests.support.writing import Desk, Editor, check_problem, example, pointers, state

NUMBERS = count()


@pytest.fixture
def path(editor: Editor) -> str:
    """A record that nobody else has."""
    body = {**example("create_meeting"), "title": f"Talks, number {next(NUMBERS)}"}
    return editor.made("meetings", body)[0]


def tag_of(editor: Editor, target: str, coding: str | None = None) -> str:
    headers = {} if coding is None else {"Accept-Encoding": coding}
    answer = editor.http.get(target, headers)
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


def retitled(editor: Editor, path: str, tag: str) -> Answer:
    return editor.patch(path, {"title": f"Talks, number {next(NUMBERS)}"}, tag)


VIEWS = (
    "",
    "?include=sources",
    "?include=statements,commitments,sources",
    "?fields=title,rev",
    "?fields=rev,title&include=sources",
    "?lang=zh",
)


@pytest.mark.parametrize("view", VIEWS)
def test_any_tag_of_the_present_rev_will_do(editor: Editor, path: str, view: str) -> None:
    for coding in (None, "gzip"):
        tag = tag_of(editor, path + view, coding)
        assert retitled(editor, path, tag).status_code == 200, (view, tag)
        problem = check_problem(retitled(editor, path, tag), 412)
        assert "Read it again" in problem["detail"]
        check_problem(editor.delete(path, tag), 412)
    tag = tag_of(editor, path + view)
    assert editor.delete(path, tag).status_code == 204


def test_a_view_without_the_rev_says_nothing_of_the_state_of_an_edit(
    editor: Editor, path: str
) -> None:
    """Its tag changes only when its body does, so that it outlives edits of what it leaves out."""
    for view in ("?fields=title", "?fields=id,title"):
        tag = tag_of(editor, path + view)
        check_problem(retitled(editor, path, tag), 412)
        check_problem(editor.delete(path, tag), 412)


def test_the_tag_of_a_write_is_that_of_the_next_edit(editor: Editor, path: str) -> None:
    answer = retitled(editor, path, "*")
    for _ in range(3):
        answer = retitled(editor, path, answer.headers["etag"])
        assert answer.status_code == 200
        assert tag_of(editor, path) == answer.headers["etag"]
    assert editor.delete(path, answer.headers["etag"]).status_code == 204
    restored = editor.post(f"{path}/restore")
    assert retitled(editor, path, restored.headers["etag"]).status_code == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        *(("*", 200), (" * ", 200), ("{now}", 200), ('"x", {now}', 200), ('{now},"x"', 200)),
        *(('W/"x", {now}', 200), ('"x" , ,{now}', 200), ("{now}, {old}", 200)),
        *(("{old}", 412), ('"x"', 412), ('""', 412), ("W/{now}", 412), ('W/"x"', 412)),
        *(('W/{now}, "x"', 412), ("{old}, W/{now}", 412), ('"*"', 412), ('"1-1"', 412)),
        *(("2-1", 400), ("{bare}", 400), ('"x', 400), ("*, {now}", 400), ("w/{now}", 400)),
        *(('"x" "y"', 400), ("", 400), (",", 400), ("null", 400)),
    ],
)
def test_weak_tags_lists_and_a_star_are_read_as_rfc_9110_has_it(
    editor: Editor, newsroom: Desk, path: str, given: str, status: int
) -> None:
    old = tag_of(editor, path)
    now = retitled(editor, path, old).headers["etag"]
    before = state(newsroom.engine)
    header = given.format(now=now, old=old, bare=now.strip('"'))
    for act in ("patch", "delete"):
        answer = retitled(editor, path, header) if act == "patch" else editor.delete(path, header)
        if status == 200:
            assert answer.status_code == 200, (header, answer.text)
            break
        check_problem(answer, status)
        assert state(newsroom.engine) == before


def test_tags_on_several_lines_are_one_list(editor: Editor, path: str) -> None:
    tag = tag_of(editor, path)
    body = b'{"title": "On several lines"}'
    headers = [
        *editor.headers.items(),
        ("If-Match", '"x"'),
        ("If-Match", tag),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
    ]
    assert editor.http.request("PATCH", path, headers, body).status_code == 200


def test_the_tag_of_another_record_is_not_this_ones(editor: Editor, path: str) -> None:
    other = editor.topic(f"another-{next(NUMBERS)}")
    editor.patch(other, {"label": "Twice"})
    tag = tag_of(editor, other)
    check_problem(retitled(editor, path, tag), 412)


def test_a_tag_that_is_yet_to_come_is_none(editor: Editor, newsroom: Desk, path: str) -> None:
    rev = editor.get(path).json()["rev"]
    for tag in (f'"{rev}-{newsroom.head() + 1}"', f'"{rev + 1}-{newsroom.head()}"', f'"{rev}-0x1"'):
        check_problem(retitled(editor, path, tag), 412)


@pytest.fixture
def neighbour(editor: Editor) -> str:
    """An official whose name others show."""
    answer = editor.post(
        "/v1/officials", {"name": "Neighbour", "slug": f"neighbour-{next(NUMBERS)}"}
    )
    assert answer.status_code == 201
    return str(answer.json()["slug"])


def test_a_republication_makes_no_editor_stale(
    editor: Editor, newsroom: Desk, neighbour: str
) -> None:
    person = {"official": neighbour, "name_as_given": "N.", "party": "CN", "role": "visitor"}
    body = {**example("create_meeting"), "participants": [person]}
    path, _ = editor.made("meetings", body)
    tags = [tag_of(editor, path + view) for view in VIEWS[:4]]
    began = newsroom.head()
    renamed = editor.patch(f"/v1/officials/{neighbour}", {"name": f"Another {neighbour}"})
    assert renamed.status_code == 200
    changes = editor.get(f"/v1/changes?after={began}").json()["items"]
    assert [(each["operation"], each["rev"]) for each in changes if each["cause"]] == [
        ("republish", 1)
    ]
    assert tag_of(editor, path) not in tags
    for tag in tags:
        answer = editor.patch(path, {}, tag)
        assert (answer.status_code, answer.json()["rev"]) == (200, 1), tag
    assert retitled(editor, path, tags[0]).json()["rev"] == 2
    for tag in tags:
        check_problem(retitled(editor, path, tag), 412)


def test_a_stale_or_blind_edit_is_told_before_its_body_is_judged(editor: Editor, path: str) -> None:
    check_problem(editor.patch(path, {"nonsense": 1}, '"x"'), 412)
    check_problem(editor.send("PATCH", path, {"nonsense": 1}), 428)
    assert pointers(check_problem(editor.patch(path, {"nonsense": 1}), 422)) == ["/nonsense"]


def test_a_merger_takes_a_condition_and_needs_none(editor: Editor) -> None:
    for name in ("one", "two"):
        body = {"name": f"Merged {name}", "slug": f"merged-{name}"}
        assert editor.post("/v1/officials", body).status_code == 201
    target, body = "/v1/officials/merged-one/merge", {"into": "merged-two"}
    check_problem(editor.post(target, body, If_Match='"9-9"'), 412)
    tag = tag_of(editor, "/v1/officials/merged-one")
    assert editor.post(target, body, If_Match=tag).status_code == 200
    assert editor.post("/v1/officials/merged-one/unmerge").status_code == 200


def test_a_tag_of_another_record_starts_from_nothing_that_is_there(newsroom: Desk) -> None:
    with newsroom.editor() as editor:
        one, other = editor.topic("tagged-one"), editor.topic("tagged-other")
        for query in ("", "?fields=rev,label"):
            tag = editor.get(one + query).headers["etag"]
            assert editor.patch(other, {"label": "Theirs"}, tag).status_code == 412
            assert editor.patch(one, {"label": f"Ours{query}"}, tag).status_code == 200
