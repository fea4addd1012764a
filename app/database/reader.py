"""What a reader is, whichever database it reads: compiled statements on raw connections.

Every read has a deadline, and a snapshot has one for all its statements, unless it is to last.
What the database or its operator is to blame for becomes an error of the domain: `QueryTooSlow`,
`SchemaMismatch` or `DatabaseUnavailable`. A statement that is wrong stays the driver's error, for
it is our fault.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Dialect, Select

from app.errors import DatabaseUnavailable, QueryTooSlow, SchemaMismatch

Row = Sequence[Any]
T = TypeVar("T")

VERSION_QUERY = "SELECT version_num FROM alembic_version"

HEAD_QUERY = (
    "SELECT seq, hash, (SELECT version_num FROM alembic_version)"
    " FROM revisions ORDER BY seq DESC LIMIT 1"
)
"""The newest revision, whose hash covers all before it, and the schema that the tables are in."""


class Compiled(NamedTuple):
    """A statement as the driver takes it, the names of its values in their order, and the
    values that belong to the statement itself.
    """

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]


Fetch = Callable[[Compiled, Sequence[Any]], Awaitable[list[Any]]]


class Reader(Protocol):
    """Reads from one database."""

    watchers: list[Callable[[str], None]]

    @property
    def dialect(self) -> Dialect: ...

    def compile(self, statement: Select[Any]) -> Compiled: ...

    def snapshot(
        self, *, slow: bool = False, brief: bool = False
    ) -> AbstractAsyncContextManager[Fetch]:
        """One consistent view of the database for as many statements as are fetched in it
        before one deadline.

        Nothing but `fetch` may be awaited inside. `slow` says that a statement may take
        longer than the event loop should wait; `brief` that a server has little to do for it all
        the same, so that it needs no place among those that keep one busy.
        """

    async def apart(self, work: Callable[[Fetch], Coroutine[Any, Any, T]]) -> T:
        """What `work` makes of a view that it has to itself, which is a snapshot's that is slow.

        It may await what `fetch` and `in_background` give, and nothing else: where the driver
        blocks, all of it runs in one thread, which takes a turn where each statement would.
        """

    def lasting(self) -> AbstractAsyncContextManager[Fetch]:
        """One consistent view of the database for as long as it is needed, on a connection of its
        own. Each statement has the deadline to itself, and anything may be awaited in between.
        """

    async def fetch(self, statement: Compiled, values: Sequence[Any]) -> list[Any]:
        """The rows of one quick statement."""

    def state(self) -> object:
        """What stands for the log as it is at this moment: one object until something is
        committed to it, by whomever, and another one after that.

        None where the database cannot say so at once, or cannot be read.
        """

    async def close(self) -> None: ...


def compile_for(dialect: Dialect, statement: Select[Any]) -> Compiled:
    compiled = statement.compile(dialect=dialect)
    constants = {
        name: str(value) if isinstance(value, str) else value
        for name, value in compiled.params.items()
        if value is not None
    }
    return Compiled(str(compiled), tuple(compiled.positiontup or ()), constants)


def too_slow(seconds: float) -> QueryTooSlow:
    return QueryTooSlow(f"The read took more than {seconds:g} seconds and was stopped; narrow it.")


def unavailable() -> DatabaseUnavailable:
    return DatabaseUnavailable("The database cannot be read at the moment.")


def mismatch() -> SchemaMismatch:
    return SchemaMismatch("The database's schema is not the one that this program works with.")
