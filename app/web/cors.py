"""Which other sites a browser lets read, and which of them write (the Fetch standard's CORS).

Any site may read, without credentials. Sites that are listed may also send a key and write.
"""

from collections.abc import Iterable, Sequence

from starlette.types import Scope

from app.web.headers import EXPOSED, PREFLIGHT, READABLE_ANYWHERE, Header, value_of

ALLOWED_HEADERS: Header = (
    b"access-control-allow-headers",
    (
        b"Accept, Accept-Language, Authorization, Chancery-Min-Seq, Content-Type, "
        b"Idempotency-Key, If-Match, If-None-Match, X-Change-Reason, X-Request-Id"
    ),
)
MAX_AGE: Header = (b"access-control-max-age", b"7200")
VARY: Header = (b"vary", b"Origin")


class Cors:
    """`writers` are origins as browsers send them: `https://editor.example.org`."""

    def __init__(self, writers: Iterable[str] = ()) -> None:
        self.writers = frozenset(
            each.strip().rstrip("/").lower().encode() for each in writers if each.strip()
        )

    def shared(self, scope: Scope) -> tuple[Header, ...]:
        """What an answer to OPTIONS or to a write says of who may read it.

        To GET and HEAD every answer says `READABLE_ANYWHERE`.
        """
        origin = self.writer(scope)
        if origin is not None:
            return ((b"access-control-allow-origin", origin), EXPOSED, VARY)
        vary = (VARY,) if self.writers else ()
        return (*READABLE_ANYWHERE, *vary) if scope["method"] == "OPTIONS" else vary

    def preflight(self, scope: Scope, taken: Sequence[str]) -> tuple[Header, ...]:
        """What the answer to OPTIONS allows besides; `taken` are the methods of the address."""
        if self.writer(scope) is None:
            return PREFLIGHT
        methods = ", ".join(taken).encode()
        return ((b"access-control-allow-methods", methods), ALLOWED_HEADERS, MAX_AGE)

    def writer(self, scope: Scope) -> bytes | None:
        """The request's origin, if it is one that may write."""
        if not self.writers:
            return None
        origin = value_of(scope["headers"], b"origin")
        return origin if origin is not None and origin.lower() in self.writers else None
