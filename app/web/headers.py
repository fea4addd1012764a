"""The headers that every answer carries: safe for browsers, readable from any site."""

from collections.abc import Sequence

Header = tuple[bytes, bytes]

SAFE: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""Whatever is opened by itself runs and loads nothing; pages bring a policy of their own."""
EXPOSED: Header = (
    b"access-control-expose-headers",
    b"ETag, Link, Location, Retry-After, X-Request-Id, RateLimit, RateLimit-Policy, Chancery-Seq",
)
READABLE_ANYWHERE: tuple[Header, ...] = ((b"access-control-allow-origin", b"*"), EXPOSED)
PREFLIGHT: tuple[Header, ...] = (
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Language, Content-Type, If-None-Match, X-Request-Id",
    ),
    (b"access-control-max-age", b"7200"),
)
REVALIDATE: Header = (b"cache-control", b"public, max-age=0, must-revalidate")

KEPT_WHEN_NOT_MODIFIED = frozenset(
    {
        b"cache-control",
        b"chancery-seq",
        b"content-location",
        b"content-security-policy",
        b"date",
        b"etag",
        b"expires",
        b"vary",
    }
)
"""What a 304 repeats of the answer it stands for (RFC 9110, 15.4.5). A cache replaces the
stored headers by those of the 304, so that the policy of a page has to be the page's own."""


def value_of(headers: Sequence[Header], name: bytes) -> bytes | None:
    """The first header of that lower-case name."""
    return next((value for found, value in headers if found == name), None)


def headers_in(fields: bytes) -> list[Header]:
    """What `fields_of` wrote, as ASGI wants it."""
    pairs = (line.partition(b": ") for line in fields.split(b"\r\n")[:-1])
    return [(name, value) for name, _, value in pairs]


def completed(
    headers: Sequence[Header], request_id: bytes, shared: Sequence[Header]
) -> list[Header]:
    """An answer's headers with the common ones, which take the place of none that it has."""
    full = [header for header in headers if header[0] != b"x-request-id"]
    full.append((b"x-request-id", request_id))
    given = {name for name, _ in headers}
    full += [header for header in SAFE if header[0] not in given]
    full += [header for header in shared if header[0] not in given or header[0] == b"vary"]
    return full
