"""JSON Merge Patch (RFC 7396) on the form in which a record is written.

Arrays are replaced as the RFC has it, with one thing more: an element that names the `id` of one
which is there is merged into that one, so that it stays what it was but for what is sent.
"""

from typing import Any

from app.errors import Flaw
from app.schemas.bodies import pointer

Json = Any
Path = tuple[str | int, ...]


def merged(target: Json, patch: Json, flaws: list[Flaw], path: Path = ()) -> Json:
    """`target` as the patch leaves it; what is wrong with the patch is added to `flaws`."""
    if isinstance(patch, list):
        return merged_elements(target if isinstance(target, list) else [], patch, flaws, path)
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value, flaws, (*path, name))
    return found


def merged_elements(target: list[Json], patch: list[Json], flaws: list[Flaw], path: Path) -> Json:
    there = {each["id"]: each for each in target if isinstance(each, dict) and "id" in each}
    found = []
    named: set[Any] = set()
    for index, each in enumerate(patch):
        here = (*path, index)
        known = None
        if isinstance(each, dict) and each.get("id") is not None:
            known = there.get(each["id"]) if isinstance(each["id"], str) else None
            if known is None or each["id"] in named:
                said = "names no element of this array" if known is None else "names one twice"
                flaws.append(Flaw(pointer((*here, "id")), said))
            named.add(str(each["id"]))
        found.append(merged(known, each, flaws, here))
    return found
