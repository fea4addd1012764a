"""The chain of hashes over the log: each revision is sealed together with the one before.

The chain covers the hash of a body and not the body, so that a body which the law wants gone
can be blanked and the chain still holds.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

GENESIS = "0" * 64


def body_hash(body: bytes) -> str:
    return sha256(body).hexdigest()


SEALED = (
    "seq",
    "kind",
    "record_id",
    "rev",
    "operation",
    "at",
    "actor",
    "request_id",
    "reason",
    "cause",
    "parents",
    "shape",
    "body_hash",
)
"""The columns of a revision that its hash covers, besides the hash of the one before."""


def seal(prev_hash: str, said: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON of what a revision says; `at` in UTC."""
    content = {name: said[name] for name in SEALED}
    content["prev_hash"] = prev_hash
    content["at"] = said["at"].isoformat()
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
