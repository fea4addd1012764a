"""When keys were last used: noted while requests are served, written behind their backs.

A use is written at most once a minute for each key, by the server's writer, several keys in one
transaction. What goes wrong with it is logged, and no request waits for it or fails with it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.models import ApiKey

SECONDS_BETWEEN_STAMPS = 60.0

log = logging.getLogger("chancery.keys")


@dataclass(frozen=True, slots=True)
class Use:
    """A key was used. `renewed` is its digest under the newest pepper, `digest` the stored one."""

    key_id: str
    at: datetime
    digest: str = field(repr=False)
    renewed: str = field(repr=False)
    pepper_version: int


class Runs(Protocol):
    """What runs a unit of work in a transaction of its own."""

    def run(self, work: Callable[[Session], None]) -> Awaitable[None]: ...


class Usage:
    """Notes uses on the event loop, and writes them in a task of its own."""

    def __init__(self, writer: Runs) -> None:
        self.writer = writer
        self.due: dict[str, Use] = {}
        self.tried: dict[str, tuple[float, int]] = {}
        """When each key's use was last noted, and for which version of the pepper."""
        self.task: asyncio.Task[None] | None = None

    def note(self, use: Use) -> None:
        """Have a use written soon, unless one was noted for the same key within the minute."""
        now = time.monotonic()
        last, version = self.tried.get(use.key_id, (now - SECONDS_BETWEEN_STAMPS, 0))
        if now - last < SECONDS_BETWEEN_STAMPS and version >= use.pepper_version:
            return
        self.tried[use.key_id] = (now, use.pepper_version)
        self.due[use.key_id] = use
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.write())

    async def write(self) -> None:
        """Write what is due, and what becomes due meanwhile."""
        while self.due:
            uses, self.due = tuple(self.due.values()), {}
            try:
                await self.writer.run(partial(record, uses))
            except Exception as error:  # noqa: BLE001 - nobody waits for this who could handle it
                # The type alone: a database's error may quote what it was given.
                log.warning(
                    "The last use of %d key(s) was not recorded: %s",
                    len(uses),
                    type(error).__name__,
                )

    async def close(self) -> None:
        """Let what was noted be written."""
        if self.task is not None:
            await self.task


def record(uses: Collection[Use], session: Session) -> None:
    """Nothing here takes the place of what another process has written later.

    In the order of the ids, so that two processes do not wait for each other's rows.
    """
    for use in sorted(uses, key=lambda use: use.key_id):
        on_key: Any = ApiKey.id == use.key_id
        session.execute(
            update(ApiKey)
            .where(on_key, or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < use.at))
            .values(last_used_at=use.at)
        )
        if use.renewed != use.digest:
            session.execute(
                update(ApiKey)
                .where(on_key, ApiKey.digest == use.digest)
                .values(digest=use.renewed, pepper_version=use.pepper_version)
            )
