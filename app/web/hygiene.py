"""What no address and no head may hold, whatever they ask for: looked at before anything else."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.errors import Flaw, InvalidInput, MalformedRequest
from app.schemas.parsing import decode, split_query

LONGEST_URL = 8192
LARGEST_HEAD = 16 * 1024
"""Bytes of all headers together, with the signs that stand between them."""
MOST_HEADERS = 100
SIGNS_OF_A_HEADER = 4
"""A colon, a space, and the end of the line."""
PLAIN = bytes(sign for sign in range(0x21, 0x7F) if sign != ord("%"))
BREAKS_LINES = frozenset("\x00\r\n")


def check_address(scope: Scope) -> None:
    """Refuse an address that is too long, is no text, or ends in a slash.

    The servers let no raw control sign through, so that only a `%` calls for a closer look.
    It is taken here once for all routes, even those that read their query strictly themselves.

    Raises `MalformedRequest` (no UTF-8), `InvalidInput` (a line break or NUL in the query) or
    an HTTPException of 404 or 414.
    """
    path: str = scope["path"]
    query: bytes = scope["query_string"]
    raw: bytes = scope.get("raw_path") or path.encode("utf-8", "surrogateescape")
    both = raw + query
    if len(both) >= LONGEST_URL and len(both) + bool(query) > LONGEST_URL:
        raise HTTPException(414)
    if both.translate(None, PLAIN):
        if b"%" in raw:
            check_path(raw)
        check_query(query)
    if path[-1:] == "/" and path != "/" and path != scope.get("root_path", "") + "/":
        raise HTTPException(404)


def check_headers(scope: Scope) -> None:
    """Raises an HTTPException of 431 for more headers, or longer ones, than anyone needs.

    They are measured where the server says by `large_head` that it may be worth it.
    """
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS:
        raise HTTPException(431, f"A request may have {MOST_HEADERS} headers.")
    if "large_head" not in scope["state"]:
        return
    size = sum(map(len, chain.from_iterable(headers))) + SIGNS_OF_A_HEADER * len(headers)
    if size > LARGEST_HEAD:
        raise HTTPException(431, f"Headers may be {LARGEST_HEAD:,} bytes together.")


def host_check(names: Iterable[str]) -> Callable[[Scope], None] | None:
    """What refuses requests for other hosts than these; None where every name will do.

    `*.example.org` stands for every name below that domain. A port does not count. What is
    made raises `MalformedRequest`.
    """
    listed = [name.strip().lower() for name in names if name.strip()]
    if not listed:
        return None
    exact = frozenset(name for name in listed if not name.startswith("*."))
    below = tuple(name[1:] for name in listed if name.startswith("*."))

    @lru_cache(256)
    def is_listed(host: bytes) -> bool:
        name = host_name(host.decode("latin-1"))
        return name in exact or (bool(below) and name.endswith(below))

    def check(scope: Scope) -> None:
        named = None
        several = False
        for name, value in scope["headers"]:
            if name == b"host":
                several = named is not None
                named = value
        if several or named is None or not is_listed(named):
            message = "This server does not answer for the host that the request names."
            raise MalformedRequest(message)

    return check


def host_name(host: str) -> str:
    """A Host header without its port and without the dot at its end."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].removesuffix(".")


def check_path(raw: bytes) -> None:
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as error:
        message = "The path is not UTF-8 once its percent signs are decoded."
        raise MalformedRequest(message) from error
    if any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in path):
        raise HTTPException(404)


def check_query(query: bytes) -> None:
    if BREAKS_LINES.isdisjoint(decode(query)):
        return
    flaws = [
        Flaw("".join(filter(str.isprintable, name[:64])), "holds a NUL or a line break")
        for name, value in split_query(query)
        if not BREAKS_LINES.isdisjoint(name + value)
    ]
    raise InvalidInput(flaws)
