"""The id of a request: the client's own where it is harmless, a new one otherwise.

Log lines read it from `current`, problems from the scope's state.
"""

import re
from contextvars import ContextVar
from typing import Any

from uuid_utils import uuid7

HARMLESS = re.compile(rb"[A-Za-z0-9._-]{1,128}").fullmatch

current: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being served; a dash outside of any."""


def request_id(named: bytes | None) -> bytes:
    """What the client names, its first `X-Request-Id`, if that can be written anywhere without
    harm; else a UUIDv7.
    """
    if named is not None and HARMLESS(named):
        return named
    return uuid7().hex.encode()


def of_scope(scope: Any) -> str:
    """The id that the front has put into an ASGI scope; a dash where no front stands before."""
    found: str = scope.get("state", {}).get("request_id", "-")
    return found
