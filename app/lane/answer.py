"""What the short lane hands to the edge: a status, headers and bytes, ready to be sent."""

from collections.abc import Sequence

Header = tuple[bytes, bytes]
WITHOUT_LENGTH = frozenset({204, 304})
IN_A_FIELD = bytes(sign for sign in range(256) if (sign >= 0x20 and sign != 0x7F) or sign == 0x09)
"""The signs that may stand in the line of a header."""


class Answer:
    """A whole answer; not to be changed, so that it may be kept. Headers are lower-case names with
    values, as ASGI wants them, and need not say how long the body is.
    """

    __slots__ = ("_fields", "body", "headers", "status")

    def __init__(self, status: int, headers: list[Header], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self._fields: bytes | None = None

    def all_headers(self) -> list[Header]:
        """The headers, with the body's length where the answer has one."""
        if self.status in WITHOUT_LENGTH:
            return self.headers
        for name, _ in self.headers:
            if name == b"content-length":
                return self.headers
        return [*self.headers, (b"content-length", b"%d" % len(self.body))]

    @property
    def fields(self) -> bytes:
        """All headers as they go over the wire, written once."""
        if self._fields is None:
            self._fields = fields_of(self.all_headers())
        return self._fields


def fields_of(headers: Sequence[Header]) -> bytes:
    """Headers as they go over the wire, each with the end of its line.

    Raises ValueError where one holds a control sign: another header could hide behind it.
    """
    fields = b"".join([b"%b: %b\r\n" % header for header in headers])
    if fields.translate(None, IN_A_FIELD) != b"\r\n" * len(headers):
        message = "A header holds a control sign."
        raise ValueError(message)
    return fields
