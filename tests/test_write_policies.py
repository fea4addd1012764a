"""S1: who may write what. The table is made from the routes, so that a new one has a place in it.

Every operation that writes is sent the example that the OpenAPI document gives for it, under each
kind of key.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

from app.api import document
from app.vocabulary import Scope
from app.web.authorization import needed, needs
from tests.support.client import Answer
from tests.support.writing import Desk, Editor, check_problem, example, operations, state

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ALL = sorted(operations())


def without_policy(routes: Sequence[BaseRoute]) -> list[str]:
    """The routes that write and do not say what a key has to allow."""
    found = []
    for context in iter_route_contexts(routes):
        route = context.original_route
        if not (set(context.methods or WRITING) & WRITING):
            continue
        if not (isinstance(route, APIRoute) and len(list(needed(route.dependant))) == 1):
            found.append(f"{sorted(context.methods or ['any'])} {context.path}")
    return found


def scope_of(operation_id: str) -> Scope:
    (named,) = operations()[operation_id][2]["security"]
    (scope,) = named["key"]
    return Scope(scope)


def sent(editor: Editor, operation_id: str, reference: str = "no-such-record") -> Answer:
    method, path, _ = operations()[operation_id]
    target = path.format(reference=reference)
    return editor.send(method, target, example(operation_id), If_Match="*")


def test_every_route_that_writes_names_one_scope() -> None:
    assert without_policy(document().routes) == []


def test_the_table_has_every_route_that_writes() -> None:
    routes = {
        (method, context.path)
        for context in iter_route_contexts(document().routes)
        for method in set(context.methods or ()) & WRITING
    }
    assert {(method, path) for method, path, _ in operations().values()} == routes
    assert len(routes) >= 9 * 4 + 2


def test_a_route_without_a_policy_would_be_found() -> None:
    app = FastAPI()

    @app.post("/guarded")
    async def guarded(_: Annotated[Any, needs(Scope.WRITE)]) -> None: ...

    @app.patch("/open")
    async def open_to_all() -> None: ...

    @app.api_route("/any", methods=["GET", "DELETE"])
    async def several() -> None: ...

    assert without_policy(app.routes) == ["['PATCH'] /open", "['DELETE', 'GET'] /any"]


@pytest.fixture(scope="module")
def wrong(newsroom: Desk) -> Iterator[dict[str, tuple[Editor, int]]]:
    """Editors who may not, with the status that they get; `scope` has all scopes but one."""
    good = newsroom.keys.make(*Scope)
    text = good.reveal()
    found = {
        "none": (Editor(newsroom.url, None), 401),
        "no key": (Editor(newsroom.url, "what-is-no-key"), 401),
        "mistyped": (Editor(newsroom.url, text[:-1] + ("a" if text[-1] != "a" else "b")), 401),
        "expired": (newsroom.editor(newsroom.keys.expired(*Scope)), 401),
        "revoked": (newsroom.editor(newsroom.keys.revoked(*Scope)), 401),
    }
    for scope in (Scope.WRITE, Scope.DELETE):
        others = [each for each in Scope if each is not scope]
        found[f"without {scope}"] = (newsroom.editor(newsroom.keys.make(*others)), 403)
    with ExitStack() as stack:
        yield {
            kind: (stack.enter_context(editor), status) for kind, (editor, status) in found.items()
        }


def test_s1_nobody_writes_without_the_right_key(
    newsroom: Desk, wrong: dict[str, tuple[Editor, int]]
) -> None:
    before = state(newsroom.engine)
    for operation_id in ALL:
        scope = scope_of(operation_id)
        for kind, (editor, status) in wrong.items():
            if status == 403 and kind != f"without {scope}":
                continue
            answer = sent(editor, operation_id)
            check_problem(answer, status)
            assert answer.headers["www-authenticate"].startswith("Bearer"), (operation_id, kind)
    assert state(newsroom.engine) == before


def test_s1_with_the_right_key_the_examples_of_the_document_are_written(newsroom: Desk) -> None:
    """Each operation has a key of its scope and of no other."""
    order = ("create", "patch", "delete", "restore", "merge", "unmerge")
    assert {each.partition("_")[0] for each in ALL} == set(order)
    made: dict[str, str] = {}
    with (
        newsroom.editor(newsroom.keys.make(Scope.WRITE)) as writer,
        newsroom.editor(newsroom.keys.make(Scope.DELETE)) as deleter,
    ):
        editors = {Scope.WRITE: writer, Scope.DELETE: deleter}
        for operation_id in sorted(ALL, key=lambda each: order.index(each.partition("_")[0])):
            act, _, kind = operation_id.partition("_")
            answer = sent(editors[scope_of(operation_id)], operation_id, made.get(kind, ""))
            expected = {"create": 201, "delete": 204}.get(act, 200)
            assert answer.status_code == expected, (operation_id, answer.text)
            assert answer.headers["chancery-seq"] == str(newsroom.head())
            if act == "create":
                made[kind] = answer.json()["id"]
