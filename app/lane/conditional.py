"""Conditional reads: does the client already hold this representation (RFC 9110, 13.1.2)?"""

import re
from collections.abc import Iterable

from app.lane.coding import coded_tag

ENTITY_TAG = re.compile(r'(?:W/)?("[!#-~\x80-\xff]*")')


def etag_matches(header: str, etag: str) -> bool:
    """Whether `If-None-Match: header` names `etag`, so that the answer to a read is 304.

    `etag` is a whole entity tag, quotes included. The comparison is weak: `W/` counts on
    neither side. `*` matches whatever there is. Several header lines are joined with a comma.
    """
    if header == etag:
        return True
    if header.strip(" \t") == "*":
        return True
    opaque = etag.removeprefix("W/")
    return opaque in header and opaque in ENTITY_TAG.findall(header)


def held_tag(header: bytes, etag: bytes, *, gzip: bool) -> bytes | None:
    """The tag under which a client holds what `etag` stands for, by its `If-None-Match`; None
    where it holds neither that nor, if it takes `gzip`, the compressed form.
    """
    said, plain = header.decode("latin-1"), etag.decode("latin-1")
    if etag_matches(said, plain):
        return etag
    coded = coded_tag(etag)
    return coded if gzip and etag_matches(said, coded.decode("latin-1")) else None


def conditions(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """`If-None-Match` and `Accept-Encoding` of a request; several lines are joined, and what is
    not there is empty.
    """
    if_none_match = accept_encoding = b""
    for name, value in headers:
        if name == b"if-none-match":
            if_none_match = b"%b, %b" % (if_none_match, value) if if_none_match else value
        elif name == b"accept-encoding":
            accept_encoding = b"%b, %b" % (accept_encoding, value) if accept_encoding else value
    return if_none_match, accept_encoding
