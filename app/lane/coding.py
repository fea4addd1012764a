"""Content codings: answers as gzip for clients that take it (RFC 9110, 8.4 and 12.5.3).

The compressed form of an answer is another representation, and has another tag: that of the plain
one with a suffix.
"""

import re
import zlib
from functools import lru_cache

from app.lane.answer import Answer

ACCEPTS_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:,|$))|,|$)", re.IGNORECASE)

SMALLEST = 1400
"""Bytes of a body that is worth compressing: what is shorter goes in one packet anyway."""

LEVEL = 1
"""Of a list of 53 kB this leaves 6.9 kB in 180 µs; level 6 leaves 5.8 kB in 380 µs."""

GZIP_FORMAT = 31
"""A window of 2^15 bytes, and the head and the end of a gzip file instead of zlib's."""

VARY = (b"vary", b"Accept-Encoding")


@lru_cache(256)
def takes_gzip(accept_encoding: bytes) -> bool:
    """Whether a client with this `Accept-Encoding` takes gzip."""
    return ACCEPTS_GZIP.search(accept_encoding.decode("latin-1")) is not None


def coded_tag(etag: bytes) -> bytes:
    """The tag of the compressed form of what `etag` stands for."""
    return b'%b-gzip"' % etag[:-1]


def compress(body: bytes) -> bytes:
    """The same bytes for the same body, whenever and wherever they are made."""
    compressor = zlib.compressobj(LEVEL, wbits=GZIP_FORMAT)
    return compressor.compress(body) + compressor.flush()


def coded(answer: Answer) -> Answer:
    """The answer in its compressed form."""
    body = compress(answer.body)
    headers = [
        (name, coded_tag(value) if name == b"etag" else value)
        for name, value in answer.headers
        if name != b"content-length"
    ]
    length = b"%d" % len(body)
    headers += [(b"content-encoding", b"gzip"), (b"content-length", length)]
    return Answer(answer.status, headers, body)
