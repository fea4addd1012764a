"""Recognising a key that comes with a request: one indexed read, and nothing remembered.

The row is read anew each time, so that a key which was revoked is refused from the next request
on. Whether a key has expired or was revoked is told only to somebody who has all of it.
"""

import hmac
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.access.keys import Key, parse_key
from app.access.peppers import Peppers, read_peppers
from app.access.principals import Principal
from app.access.usage import Usage, Use
from app.database.reading import Reader
from app.errors import Unauthenticated
from app.models import ApiKey, ApiKeyScope
from app.vocabulary import Scope

BETWEEN_STAMPS = timedelta(minutes=1)
"""How far `last_used_at` may lag behind."""

UNKNOWN = "The key is not known here, or a part of it is wrong."
EXPIRED = "The key has expired. Whoever runs the server makes another: `chancery keys create`."
REVOKED = "The key was revoked. Whoever runs the server makes another: `chancery keys create`."

log = logging.getLogger("chancery.keys")


def stored_key() -> Select[Any]:
    """A row for each scope of a key, and one without a scope where it has none."""
    columns: list[Any] = [
        ApiKey.digest,
        ApiKey.pepper_version,
        ApiKey.expires_at <= bindparam("now", type_=ApiKey.expires_at.type),
        ApiKey.revoked_at.is_not(None),
        ApiKey.last_used_at > bindparam("lately", type_=ApiKey.last_used_at.type),
        ApiKeyScope.scope,
    ]
    joined = select(*columns).outerjoin(ApiKeyScope, ApiKeyScope.key_id == ApiKey.id)
    return joined.where(ApiKey.id == bindparam("id", type_=ApiKey.id.type))


class PepperFile:
    """The pepper as its file has it now; read again when the file has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: tuple[int, ...] = ()
        self.held: Peppers | None = None

    def read(self) -> Peppers:
        """Raises `PepperUnusable`; the server goes on, and looks again with the next key."""
        seen = self.look()
        if self.held is None or not seen or seen != self.seen:
            self.held = read_peppers(self.path)
            self.seen = seen
        return self.held

    def look(self) -> tuple[int, ...]:
        try:
            found = self.path.stat()
        except OSError:
            return ()
        return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode)


class Keyring:
    """Turns the text of a key into its holder."""

    def __init__(self, reader: Reader, pepper: Path, usage: Usage) -> None:
        self.reader = reader
        self.pepper = PepperFile(pepper)
        self.usage = usage
        self.statement = reader.compile(stored_key())
        self.missed: set[int] = set()
        """Versions of the pepper that keys need and the file does not have; told once."""

    async def principal(self, text: str) -> Principal:
        """Raises `Unauthenticated`, `PepperUnusable`, or what a read raises."""
        key = parse_key(text)
        now = datetime.now(UTC)
        given = {"id": key.id, "now": now, "lately": now - BETWEEN_STAMPS}
        given |= self.statement.constants
        rows = await self.reader.fetch(
            self.statement, [given[name] for name in self.statement.names]
        )
        if not rows:
            raise Unauthenticated(UNKNOWN)
        return self.recognised(key, rows, now)

    def recognised(self, key: Key, rows: Sequence[Sequence[Any]], now: datetime) -> Principal:
        digest, version, has_expired, is_revoked, was_used_lately, _ = rows[0]
        peppers = self.pepper.read()
        pepper = peppers.by_version.get(version)
        if pepper is None and version not in self.missed:
            self.missed.add(version)
            log.warning(
                "Keys need version %d of the pepper, which its file does not have.", version
            )
        # Without its pepper the key is compared as well, with what cannot be right.
        made = "" if pepper is None else key.digest(pepper)
        if not hmac.compare_digest(made, digest):
            raise Unauthenticated(UNKNOWN)
        if is_revoked:
            raise Unauthenticated(REVOKED)
        if has_expired:
            raise Unauthenticated(EXPIRED)
        is_outdated = version < peppers.newest
        if is_outdated or not was_used_lately:
            newest = peppers.newest
            renewed = key.digest(peppers.by_version[newest]) if is_outdated else digest
            self.usage.note(Use(key.id, now, digest, renewed, max(version, newest)))
        scopes = {Scope(row[-1]) for row in rows if row[-1] is not None}
        return Principal(key.id, frozenset({Scope.READ, *scopes}))
