"""Conditional reads: does the client already hold this representation (RFC 9110, 13.1.2)?"""

import re

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
