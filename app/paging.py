"""Keyset cursors: where a page ended, bound to the query that it belongs to."""

import base64
import binascii
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from app.errors import Flaw, InvalidInput

Position = tuple[Any, str]
"""The sort key and the id of the last row of a page."""


def text_of(key: Any) -> Any:
    """A sort key as JSON holds it; the same whichever database it comes from."""
    if isinstance(key, datetime):
        return key.astimezone(UTC).isoformat()
    if isinstance(key, date):
        return key.isoformat()
    return key


@lru_cache(1_000)
def seal_key(query: bytes) -> bytes:
    return blake2b(query, digest_size=32).digest()


def seal(payload: bytes, query: bytes) -> bytes:
    return blake2b(payload, key=seal_key(query), digest_size=8).digest()


def encode_cursor(position: Position, query: bytes) -> str:
    """An opaque text for a position; `query` is the normalised query that it belongs to."""
    payload = orjson.dumps([text_of(position[0]), str(position[1])])
    return armour(seal(payload, query) + payload)


def armour(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(cursor: str, query: bytes, key_type: type) -> Position:
    """The position in a cursor.

    Raises `InvalidInput` for one that was altered, or made by another query or another sort.
    """
    flaw = Flaw("cursor", "is not a cursor of this query; start again without it")
    try:
        raw = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
        digest, payload = raw[:8], raw[8:]
        # Base64 has several texts for the same bytes; only the one that was given out counts.
        if seal(payload, query) != digest or armour(raw) != cursor:
            raise InvalidInput([flaw])
        key, record_id = orjson.loads(payload)
        return typed(key, key_type), str(record_id)
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInput([flaw]) from error


def typed(key: Any, key_type: type) -> Any:
    if key_type is datetime:
        instant = datetime.fromisoformat(key)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    if key_type is date:
        return date.fromisoformat(key)
    if not isinstance(key, key_type):
        raise TypeError(key)
    return key
