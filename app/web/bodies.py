"""What a request's body may be, before anything reads it: its size, its coding, its type."""

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

LARGEST_BODY = 2**20

JSON = b"application/json"
MERGE_PATCH = b"application/merge-patch+json"
TAKEN: dict[str, tuple[bytes, ...]] = {"PATCH": (MERGE_PATCH, JSON)}
"""The types that a method takes; every other method takes JSON alone."""


def check_body(scope: Scope) -> None:
    """Refuse a body by what the headers say of it.

    Raises an HTTPException of 413 or 415. Where a body does not say how long it is, `counted`
    finds out.
    """
    size: bytes | None = None
    types: list[bytes] = []
    coding = b"identity"
    is_chunked = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            size = value
        elif name == b"transfer-encoding":
            is_chunked = True
        elif name == b"content-type":
            types.append(value)
        elif name == b"content-encoding":
            coding = value
    if not is_chunked and (size is None or size.strip(b"0") == b""):
        return
    if size is not None and int(size) > LARGEST_BODY:
        raise too_large()
    if coding.strip().lower() != b"identity":
        message = "The body is compressed; it is taken as it is, without a content coding."
        raise HTTPException(415, message, {"Accept-Encoding": "identity"})
    taken = TAKEN.get(scope["method"], (JSON,))
    if len(types) != 1 or not is_one_of(types[0], taken):
        expected = " or ".join(each.decode() for each in taken)
        message = (
            f"The body has to be {expected}, in UTF-8."
            if types
            else f"The body has no content type; expected {expected}."
        )
        header = "Accept-Patch" if scope["method"] == "PATCH" else "Accept-Post"
        raise HTTPException(415, message, {header: b", ".join(taken).decode()})


def is_one_of(given: bytes, taken: tuple[bytes, ...]) -> bool:
    """Whether a content type is one of those, in UTF-8 if it names a character set."""
    media_type, *parameters = given.lower().split(b";")
    if media_type.strip() not in taken:
        return False
    for parameter in parameters:
        name, _, value = parameter.strip().partition(b"=")
        if name == b"charset" and value.strip(b'"') != b"utf-8":
            return False
    return True


def counted(receive: Receive) -> Receive:
    """The same body, read no further than it may be long: then an HTTPException of 413."""
    read = 0

    async def take() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise too_large()
        return message

    return take


def too_large() -> HTTPException:
    message = f"A body may be {LARGEST_BODY:,} bytes long, and this one is longer."
    return HTTPException(413, message, {"Connection": "close"})
