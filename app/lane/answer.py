"""What the short lane hands to the edge: a status, headers and bytes, ready to be sent."""

from typing import NamedTuple


class Answer(NamedTuple):
    """A whole answer. Headers are lower-case names with values, as ASGI wants them."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
