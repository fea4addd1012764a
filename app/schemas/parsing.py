"""From the raw query of a request to validated parameters, or to every flaw in it.

Both the short lane and the ordinary routes read their queries here, so that all of them
refuse the same things: unknown names, a scalar given twice, bytes that are no UTF-8.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from urllib.parse import unquote_to_bytes

from pydantic import ValidationError

from app.errors import Flaw, InvalidInput, MalformedRequest
from app.schemas.filters import Parameters, Several

P = TypeVar("P", bound=Parameters)
MOST_PARAMETERS = 100
MOST_KEPT = 1_000
LONGEST_KEPT = 256
"""Bytes of a query that is kept when it was read; together some megabytes at most."""


def decode(part: bytes) -> str:
    """Percent-decode a name or value; `+` is a blank."""
    if b"%" in part or b"+" in part:
        part = unquote_to_bytes(part.replace(b"+", b" "))
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "The query is not UTF-8 once its percent signs are decoded."
        raise MalformedRequest(message) from error


def split_query(raw: bytes) -> list[tuple[str, str]]:
    """The pairs of a query in the order sent; a name without `=` has an empty value."""
    pairs = raw.split(b"&")
    if len(pairs) > MOST_PARAMETERS:
        message = f"The query has {len(pairs)} parameters; at most {MOST_PARAMETERS} are read."
        raise MalformedRequest(message)
    return [
        (decode(name), decode(value))
        for name, _, value in (pair.partition(b"=") for pair in pairs)
        if name or value
    ]


@cache
def repeatable(model: type[Parameters]) -> frozenset[str]:
    """The parameters that may be given several times."""
    several = get_args(Several)[1]
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if any(several in getattr(part, "__metadata__", ()) for part in parts_of(field.annotation))
        or several in field.metadata
    )


def parts_of(annotation: Any) -> list[Any]:
    """An annotation's alternatives, unions taken apart."""
    if get_origin(annotation) in (Union, UnionType):
        return [part for arg in get_args(annotation) for part in parts_of(arg)]
    return [annotation]


@cache
def allowed_values(model: type[Parameters], name: str) -> tuple[str, ...]:
    """The values that a closed parameter takes; empty for an open one."""
    field = model.model_fields.get(name)
    return () if field is None else tuple(dict.fromkeys(closed(field.annotation)))


def closed(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    if annotation is bool:
        return ["true", "false"]
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return [str(arg) for arg in args]
    if origin is Annotated:
        return closed(args[0])
    return [value for arg in args for value in closed(arg)]


def parse_query(raw: bytes, model: type[P]) -> P:
    """Validate a raw query against its model.

    Raises `MalformedRequest` where the bytes make no text, `InvalidInput` with one flaw for
    each parameter that is unknown, repeated or not what it should be.
    """
    return known_query(raw, model) if len(raw) <= LONGEST_KEPT else read_query(raw, model)


@lru_cache(MOST_KEPT)
def known_query(raw: bytes, model: type[P]) -> P:
    """The queries read last; parameters are frozen, and errors are not kept."""
    return read_query(raw, model)


def read_query(raw: bytes, model: type[P]) -> P:
    if not raw:
        return validate({}, model)
    values: dict[str, Any] = {}
    flaws: list[Flaw] = []
    several = repeatable(model)
    known = model.model_fields
    for name, value in split_query(raw):
        if name not in known:
            flaws.append(unknown(name, model))
        elif "\x00" in value:
            flaws.append(Flaw(name, "holds a NUL"))
        elif name in several:
            values[name] = (*values.get(name, ()), value)
        elif name in values:
            flaws.append(Flaw(name, "is given more than once"))
        else:
            values[name] = value
    if flaws:
        raise InvalidInput(flaws)
    return validate(values, model)


MISPLACED = {
    "known_at": "is taken by single records, accounts and histories, and for everything at once "
    "by `chancery export --known-at`; it is not a parameter of this address",
}
"""What to say of a parameter that other addresses take."""


def unknown(name: str, model: type[Parameters]) -> Flaw:
    """An unknown name is shown without whatever could break a line or a page."""
    shown = "".join(sign for sign in name[:64] if sign.isprintable())
    reasons = {**MISPLACED, **model.elsewhere}
    said = reasons.get(name, "is not a parameter of this address")
    return Flaw(shown, said, tuple(sorted(model.model_fields)))


def validate(values: Mapping[str, Any], model: type[P]) -> P:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(flaws_of(error, model)) from None


def flaws_of(error: ValidationError, model: type[Parameters]) -> list[Flaw]:
    """One flaw for each parameter, in the words of the first complaint about it."""
    flaws: dict[str, Flaw] = {}
    for complaint in error.errors(include_url=False, include_context=True):
        name = str(complaint["loc"][0]) if complaint["loc"] else ""
        missing = complaint["type"] == "missing"
        detail = "is required" if missing else complaint["msg"].removeprefix("Value error, ")
        flaws.setdefault(
            name, Flaw(name, detail[:1].lower() + detail[1:], allowed_values(model, name))
        )
    return list(flaws.values())
