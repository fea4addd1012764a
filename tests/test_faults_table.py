"""Every row of the table of faults has its tests, and they exist."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.support.faults import NOT_DUE, ROWS

FOLDER = Path(__file__).parent
DUE = {"R": 25, "H": 11, "C": 7, "S": 6}
"""How many rows there are of each sort of which none may be without a test."""
OTHERS = ("L1", "L7")


@cache
def names_in(module: str) -> frozenset[str]:
    """The tests in a module: those in a class after its name."""
    file = FOLDER / f"test_{module}.py"
    if not file.exists():
        return frozenset()
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            found |= {f"{node.name}::{each.name}" for each in methods}
    return frozenset(found)


def test_every_row_that_is_due_has_a_test() -> None:
    due = {f"{sort}{number}" for sort in DUE for number in range(1, DUE[sort] + 1)} | {*OTHERS}
    assert due - set(ROWS) == set(NOT_DUE)
    assert not set(ROWS) & set(NOT_DUE)


@pytest.mark.parametrize("row", ROWS)
def test_what_a_row_names_exists(row: str) -> None:
    said, named = ROWS[row]
    assert said
    assert named
    for each in named:
        module, _, name = each.partition("::")
        assert name in names_in(module), each
        assert name.rpartition("::")[2].startswith("test_")
