"""What differs between two documents, field by field, as JSON pointers (RFC 6901).

Elements of lists are matched by their `id` where all of them have one, so that a participant
who moves up is not another one; other lists are compared as wholes.
"""

from collections.abc import Iterator
from typing import Any

import orjson

Json = Any
Path = tuple[str, ...]

BOOKKEEPING = {"rev", "updated_at"}
"""What changes with every change, and says nothing of it."""


def differences(before: Json, after: Json) -> list[Json]:
    """The differences between two documents, either of which may be None where there is none.

    Each has a `pointer`, an `operation` (`add`, `remove` or `replace`), and the values `before`
    and `after`, null where there is none. In a list whose elements have ids, the pointer names
    an element by its id. The order of such elements is no difference.
    """
    if before is None or after is None:
        return [] if before is after else [difference((), before, after)]
    kept = [{key: each[key] for key in each if key not in BOOKKEEPING} for each in (before, after)]
    return [difference(*found) for found in compared((), *kept)]


def difference(path: Path, before: Json, after: Json) -> Json:
    operation = "add" if before is MISSING else "remove" if after is MISSING else "replace"
    if not path:
        operation = "add" if before is None else "remove"
    return {
        "pointer": "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in path),
        "operation": operation,
        "before": None if before is MISSING else before,
        "after": None if after is MISSING else after,
    }


class Missing:
    """Stands for a member that is not there, which is not the same as null."""


MISSING = Missing()


def compared(path: Path, before: Json, after: Json) -> Iterator[tuple[Path, Json, Json]]:
    if same(before, after):
        return
    ones, others = members(before), members(after)
    if ones is None or others is None or type(before) is not type(after):
        yield path, before, after
        return
    for key in dict.fromkeys((*ones, *others)):
        yield from compared((*path, key), ones.get(key, MISSING), others.get(key, MISSING))


def same(before: Json, after: Json) -> bool:
    """Equal as JSON, at any depth: true is not 1."""
    if type(before) is not type(after) or before != after:
        return False
    if isinstance(before, dict | list):
        return canonical(before) == canonical(after)
    return True


def canonical(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def members(value: Json) -> dict[str, Json] | None:
    """What a value consists of, by name or id; None where it is compared as a whole."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(each, dict) and "id" in each for each in value):
        found = {each["id"]: each for each in value}
        return found if len(found) == len(value) else None
    return None
