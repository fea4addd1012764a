"""What no address may hold, whatever it names: looked at before anything else is done with it."""

from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.errors import Flaw, InvalidInput, MalformedRequest
from app.schemas.parsing import decode, split_query

LONGEST_URL = 8192
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
    if len(raw) + len(query) >= LONGEST_URL and len(raw) + len(query) + bool(query) > LONGEST_URL:
        raise HTTPException(414)
    if (raw + query).translate(None, PLAIN):
        if b"%" in raw:
            check_path(raw)
        check_query(query)
    if path[-1:] == "/" and path != "/" and path != scope.get("root_path", "") + "/":
        raise HTTPException(404)


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
