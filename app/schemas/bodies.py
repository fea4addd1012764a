"""From the bytes of a request's body to JSON values, or to what is wrong with them.

Stricter than RFC 8259 where it leaves things open, so that no two readers can take one body for
two: a name once in an object, numbers that are numbers, text that is text.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from app.errors import Flaw, InvalidInput, MalformedRequest

DEEPEST = 32
LONGEST_NUMBER = 30
"""Digits of a whole number; what is longer is no number that anyone means."""
LARGEST_INTEGER = 2**63 - 1

STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


class Unusable(Exception):
    """A value that JSON's grammar or ours has no place for."""


def read_json(body: bytes) -> Any:
    """The value that a body holds.

    Raises `MalformedRequest` where it is no JSON, nests too deep or names something twice, and
    `InvalidInput` with a pointer to each value that no field can take.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequest("The body is not UTF-8.") from error
    check_depth(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=each_name_once,
            parse_constant=no_constant,
            parse_int=whole_number,
        )
    except Unusable as error:
        raise MalformedRequest(str(error)) from error
    except (ValueError, RecursionError) as error:
        where = (
            f" (line {error.lineno}, column {error.colno})"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise MalformedRequest(f"The body is not JSON{where}.") from error
    flaws = [Flaw(pointer(path), detail) for path, detail in unusable_values((), value)]
    if flaws:
        raise InvalidInput(flaws)
    return value


def check_depth(body: bytes) -> None:
    """Before anything recurses: how deep brackets nest, those in texts aside."""
    depth = 0
    for found in STRUCTURE.finditer(body):
        sign = found.group()
        if sign in b"[{":
            depth += 1
            if depth > DEEPEST:
                message = f"The body nests deeper than {DEEPEST} levels."
                raise MalformedRequest(message)
        elif sign in b"]}":
            depth -= 1


def each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        message = f"The body names {shown(twice)} twice in one object."
        raise Unusable(message)
    return found


def no_constant(name: str) -> Any:
    """NaN and the infinities: kept until they can be pointed at."""
    return float(name.replace("Infinity", "inf"))


def whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        message = f"The body holds a whole number of {len(digits)} digits."
        raise Unusable(message)
    return int(digits)


def unusable_values(path: tuple[str | int, ...], value: Any) -> Iterator[tuple[Any, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            flaw = unusable_text(name)
            if flaw:
                yield path, f"has a name that {flaw}"
            else:
                yield from unusable_values((*path, name), part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from unusable_values((*path, index), part)
    else:
        flaw = unusable(value)
        if flaw:
            yield path, flaw


def unusable(value: Any) -> str | None:
    match value:
        case str():
            return unusable_text(value)
        case float() if not math.isfinite(value):
            return "is no finite number"
        case int() if abs(value) > LARGEST_INTEGER:
            return "is a whole number beyond 63 bits"
    return None


def unusable_text(text: str) -> str | None:
    if "\x00" in text:
        return "holds a NUL"
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return "holds a lone surrogate"
    return None


def pointer(path: tuple[str | int, ...]) -> str:
    """A JSON pointer (RFC 6901); a slash alone for the whole body."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps) or "/"


def shown(name: str) -> str:
    """A name without whatever could break a line or a page."""
    return repr("".join(sign for sign in name[:64] if sign.isprintable()))
