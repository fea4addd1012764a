"""Statements that are compiled once in a run, and not once more for every test. A pytest plugin.

SQLAlchemy keeps what it has compiled with the engine, by the engine's dialect, and nearly every
test that writes has an engine of its own: most of the time it took went into compiling the same
some hundred statements. All engines on one kind of database share one cache here, handed over
by the option of a connection that SQLAlchemy has for this.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

STATEMENTS = 2_000
"""So many are kept of each kind of database: more than the tests send."""


class Shared(MutableMapping[Any, Any]):
    """A cache for dialects that are alike. SQLAlchemy's keys begin with the dialect itself."""

    def __init__(self) -> None:
        self.kept: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def __getitem__(self, key: Any) -> Any:
        return self.kept[key[1:]]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.kept[key[1:]] = value

    def __delitem__(self, key: Any) -> None:
        del self.kept[key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)


CACHES: dict[str, Shared] = {}


@event.listens_for(Engine, "engine_connect")
def share(connection: Connection) -> None:
    cache = CACHES.setdefault(connection.dialect.name, Shared())
    connection.execution_options(compiled_cache=cache)
