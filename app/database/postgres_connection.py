"""A connection to PostgreSQL that sends quick statements with few words, several at once.

A cursor of psycopg's makes a dozen objects for each statement, and puts its socket into the event
loop and takes it out again: several times the work that libpq has with it. So quick statements
go by libpq itself, as psycopg wraps it (`psycopg.pq`), in its pipeline mode; their values and rows
go by psycopg's `Transformer`. Everything else on the connection is psycopg's as ever.

A connection has one user at a time, who sends some statements together or has it for psycopg.
The event loop listens on its socket from the first statements on, until something of psycopg's
is about to wait there: `leave` comes first.
"""

import asyncio
import re
import socket
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

from psycopg import AsyncConnection, Error, OperationalError, ProgrammingError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from app.database.postgres_errors import FORGOTTEN, spoils

MOST_PREPARED = 200
"""Statements that a connection keeps prepared: lists come in many forms."""

CANCEL_SECONDS = 1.0

BINARY = Format.BINARY
AUTO = PyFormat.AUTO
TUPLES_OK = ExecStatus.TUPLES_OK
COMMAND_OK = ExecStatus.COMMAND_OK
FATAL_ERROR = ExecStatus.FATAL_ERROR
ABORTED = ExecStatus.PIPELINE_ABORTED
SYNC = ExecStatus.PIPELINE_SYNC

PLACE = re.compile("%([%s])")

Key = tuple[str, tuple[int, ...]]
"""What tells prepared statements apart: the text, and the types of the values."""


class Asked:
    """A statement that somebody waits for."""

    __slots__ = ("connection", "is_known", "result", "sent_at", "sql", "until", "values")

    def __init__(
        self,
        sql: str,
        values: Sequence[Any],
        result: "asyncio.Future[tuple[ReadingConnection, PGresult]]",
        until: float,
    ) -> None:
        self.sql, self.values, self.result, self.until = sql, values, result, until
        self.connection: ReadingConnection | None = None
        """Over which it was sent, at `sent_at` by the event loop's clock."""
        self.sent_at = 0.0
        self.is_known = False
        """Whether the server had it prepared, as far as is known."""

    def fail(self, error: Exception) -> None:
        if not self.result.done():
            self.result.set_exception(error)


class Preparing:
    """The request to prepare a statement, or to forget it."""

    __slots__ = ("asked", "key")

    def __init__(self, key: Key, asked: Asked) -> None:
        self.key, self.asked = key, asked


class ReadingConnection(AsyncConnection[Any]):
    """A connection that does not wait long for a server to hear that a read is off."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.used_at = 0.0
        """When it was last given back, by the event loop's clock."""
        self.loop: asyncio.AbstractEventLoop | None = None
        """The event loop that listens on the socket."""
        self.number = -1
        """The socket's, which libpq forgets as soon as the connection breaks."""
        self.due: deque[Asked | Preparing | None] = deque()
        """What the server has still to answer, in this order; None is the end of it."""
        self.undone: list[Asked] = []
        """What the server passed over, because something before it failed."""
        self.is_spoilt = False
        """Whether an error has come up that another connection may not have."""
        self.free: Callable[[ReadingConnection], None] = lambda _: None
        """Told when everything is answered, or the connection broken."""
        self.transformer = Transformer(self)
        self.prepared: OrderedDict[Key, bytes] = OrderedDict()
        """The names of statements on the server, the one used last at the end."""
        self.names = (b"quick_%d" % number for number in count())

    async def cancel_safe(self, *, timeout: float = CANCEL_SECONDS) -> None:  # noqa: ASYNC109 - psycopg's
        await super().cancel_safe(timeout=min(timeout, CANCEL_SECONDS))

    async def close(self) -> None:
        self.leave()
        await super().close()

    def is_alive(self) -> bool:
        """Whether the server has not ended the connection while it was idle, as far as is known."""
        try:
            # The server's parting words come first, and only then the end.
            self.pgconn.consume_input()
            self.pgconn.consume_input()
        except OperationalError:
            self.leave()
            return False
        return True

    def cut(self) -> None:
        """End it from our side, whatever the server does; who waits for it fails at once.

        The socket stays open until its owner closes it, so that its number is not given away.
        """
        with suppress(OSError, OperationalError):  # it is closed, or broken already
            double = socket.fromfd(self.fileno(), socket.AF_INET, socket.SOCK_STREAM)
            with double:
                double.shutdown(socket.SHUT_RDWR)

    def send(
        self, statements: Sequence[Asked], free: Callable[["ReadingConnection"], None]
    ) -> None:
        """Send statements to be answered one after the other; `free` is called after the last."""
        self.free = free
        self.undone = [*statements]
        try:
            loop = self.loop or self.listen()
            now = loop.time()
            for asked in statements:
                asked.connection, asked.sent_at = self, now
                self.ask(asked)
            self.due.append(None)
            self.pgconn.pipeline_sync()
            self.flush()
        except Error as error:
            self.end(error)
            return
        self.undone = []

    def ask(self, asked: Asked) -> None:
        transformer, pgconn, prepared = self.transformer, self.pgconn, self.prepared
        values = asked.values
        try:
            given = transformer.dump_sequence(values, [AUTO] * len(values))
        except Exception as error:  # noqa: BLE001 - the asker's, not the connection's
            asked.fail(error)
            return
        formats = transformer.formats
        key = (asked.sql, transformer.types or ())
        name = prepared.get(key)
        asked.is_known = name is not None
        if name is None:
            name = self.prepare(key, asked)
        else:
            prepared.move_to_end(key)
        pgconn.send_query_prepared(name, given, formats, BINARY)
        self.due.append(asked)

    def prepare(self, key: Key, asked: Asked) -> bytes:
        if len(self.prepared) >= MOST_PREPARED:
            oldest, name = self.prepared.popitem(last=False)
            self.pgconn.send_query_params(b"DEALLOCATE " + name, None)
            self.due.append(Preparing(oldest, asked))
        name = self.prepared[key] = next(self.names)
        text = numbered(key[0]).encode(self.transformer.encoding)
        self.pgconn.send_prepare(name, text, key[1])
        self.due.append(Preparing(key, asked))
        return name

    def listen(self) -> asyncio.AbstractEventLoop:
        self.number = self.pgconn.socket
        self.pgconn.enter_pipeline_mode()
        self.loop = asyncio.get_running_loop()
        self.loop.add_reader(self.number, self.hear)
        return self.loop

    def leave(self) -> None:
        """Leave the socket to psycopg, which listens there whenever it waits."""
        if self.loop is not None:
            self.loop.remove_reader(self.number)
            self.loop.remove_writer(self.number)
            self.loop = None
            with suppress(OperationalError):  # it is broken, or to be closed
                self.pgconn.exit_pipeline_mode()

    def flush(self) -> None:
        if self.pgconn.flush() and self.loop is not None:
            self.loop.add_writer(self.number, self.push)

    def push(self) -> None:
        """Send what the socket did not take at once."""
        try:
            if self.pgconn.flush():
                return
        except Error as error:
            self.end(error)
            return
        if self.loop is not None:
            self.loop.remove_writer(self.number)
        # libpq reads as well where it cannot write, so that nothing may be left to hear.
        self.hear()

    def hear(self) -> None:
        """Take what has arrived; also while nothing is due, when it is the end, or a notice."""
        pgconn, due = self.pgconn, self.due
        try:
            pgconn.consume_input()
            while not pgconn.is_busy() and due:
                result = pgconn.get_result()
                if result is None:  # between two answers
                    continue
                of = due.popleft()
                if isinstance(of, Asked):
                    self.take(of, result)
                elif of is not None:
                    self.note(of, result)
                elif result.status == SYNC:
                    self.free(self)
                else:
                    self.end(self.error(result))
        except Error as error:
            self.end(error)

    def take(self, asked: Asked, result: PGresult) -> None:
        """The result of a statement, or what has become of it."""
        status = result.status
        if asked.result.done():  # nobody waits any more
            return
        if status == TUPLES_OK:
            asked.result.set_result((self, result))
        elif asked.connection is not self:  # it has been taken back, and may do better elsewhere
            return
        elif status == ABORTED:
            self.undone.append(asked)
        else:
            error = self.error(result)
            if error.sqlstate == FORGOTTEN and asked.is_known:
                # psycopg, where it rolls back, has all prepared statements forgotten.
                self.prepared.clear()
                self.undone.append(asked)
            else:
                asked.fail(error)

    def note(self, of: Preparing, result: PGresult) -> None:
        if result.status == COMMAND_OK:
            return
        self.prepared.pop(of.key, None)
        if result.status != ABORTED:
            error = self.error(result)
            if error.sqlstate == FORGOTTEN:
                self.prepared.clear()
            else:
                of.asked.fail(error)

    def rows(self, result: PGresult) -> list[Any]:
        transformer = self.transformer
        transformer.set_pgresult(result)
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None)  # what it holds is not needed until the next one
        return rows

    def error(self, result: PGresult) -> Error:
        if result.status != FATAL_ERROR:
            self.is_spoilt = True
            return ProgrammingError(f"{ExecStatus(result.status).name} is no answer to a read")
        error = error_from_result(result, self.transformer.encoding)
        self.is_spoilt = self.is_spoilt or spoils(error)
        return error

    def waiting(self) -> list[Asked]:
        """What is due, and not taken back."""
        return [each for each in self.due if isinstance(each, Asked) and each.connection is self]

    def take_back(self) -> list[Asked]:
        """What is not answered, to be sent over other connections; the first answer counts."""
        found = [each for each in self.waiting() if not each.result.done()]
        for each in found:
            each.connection = None
        return found

    def end(self, error: Error) -> None:
        """The connection is broken. What it was at fails; what was to follow is as good as new."""
        self.leave()
        due = self.waiting()
        is_busy = bool(self.due or self.undone)
        self.due.clear()
        undone = [each for each in dict.fromkeys([*self.undone, *due]) if not each.result.done()]
        if undone and not self.is_spoilt:
            undone.pop(0).fail(error)
        self.undone = undone
        self.is_spoilt = True
        if is_busy:
            self.free(self)


def numbered(sql: str) -> str:
    """A statement with its values' places as the server knows them: `$1` for the first `%s`."""
    numbers = count(1)
    return PLACE.sub(lambda found: "%" if found[1] == "%" else f"${next(numbers)}", sql)
