"""Publishing: from changed rows to revisions, documents and search text, in one transaction.

The caller has changed rows and flushed nothing yet, or all of it; `publish` does the rest and
leaves the commit to the caller. Appending is serial: SQLite has one writer, and on PostgreSQL
a lock is held until the transaction ends, so that the log has no holes and the chain of hashes
no forks.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.database.bulk import put_mappings, set_values
from app.database.locks import lock_log
from app.errors import SchemaMismatch
from app.models import (
    RECORDS,
    Document,
    DocumentShape,
    Revision,
    RevisionParent,
    SearchEntry,
)
from app.models.base import table_of
from app.record import documents, encounters, searching
from app.record.chain import GENESIS, body_hash, seal
from app.record.counting import add_up
from app.record.dependencies import concerns_others, dependents, hangs_on, parents
from app.record.fresh import Fresh, Neighbours, insert_rows
from app.record.listing import list_parts
from app.record.loading import CHUNK, chunks, load
from app.record.stored import LOADED_PLAINLY, load_plainly
from app.vocabulary import Operation, RecordKind

BEGINS = frozenset({Operation.CREATE, Operation.RESTORE, Operation.UNMERGE})
"""What makes one live record more; what leaves no document makes one less."""

TICK = timedelta(milliseconds=1)
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes the record, why and when; the same for every revision of one transaction."""

    actor: str
    reason: str | None = None
    request_id: str | None = None
    clock: Callable[[], datetime] = now


@dataclass(frozen=True, slots=True)
class Published:
    """The ids of the records of which a revision was appended, by operation."""

    by_operation: Mapping[Operation, frozenset[str]]

    def __getitem__(self, operation: Operation) -> frozenset[str]:
        return self.by_operation.get(operation, frozenset())


Rendered = tuple[Any, bytes, Any]
"""A record, its document as it reads now, and its newest revision, if any."""


def reads_differently(each: Rendered) -> bool:
    """Whether a published record reads differently now; one that never was is left alone."""
    _, body, previous = each
    return previous is not None and body_hash(body) != previous.body_hash


def listed(kind: RecordKind, row: Any) -> list[list[str]]:
    """A record's parents as the log has them."""
    return [[str(each), parent] for each, parent in parents(kind, row)]


@dataclass(slots=True)
class Doings:
    """What was done to which records in one publication."""

    done: dict[Operation, set[str]] = field(default_factory=dict)
    changed: dict[RecordKind, set[str]] = field(default_factory=dict)
    former: dict[RecordKind, set[str]] = field(default_factory=dict)
    """The records on which changed ones hung before."""

    def note(self, kind: RecordKind, row: Any, said: Operation, parents: Any = ()) -> None:
        self.done.setdefault(said, set()).add(row.id)
        self.changed.setdefault(kind, set()).add(row.id)
        for parent_kind, parent_id in parents or ():
            self.former.setdefault(RecordKind(parent_kind), set()).add(parent_id)


@dataclass(slots=True)
class Recorder:
    """Appends to the log on behalf of one change."""

    session: Session
    change: Change
    tell: Callable[[int], None] = lambda _: None
    """Hears how many more of the touched records have been gone through."""
    seq: int = 0
    at: datetime = BEFORE_ALL
    prev_hash: str = GENESIS
    revisions: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    stamps: dict[RecordKind, list[dict[str, Any]]] = field(default_factory=dict)
    withdrawals: dict[RecordKind, list[dict[str, Any]]] = field(default_factory=dict)
    counts: Counter[tuple[str, RecordKind]] = field(default_factory=Counter)
    """How many records more each data set has of each kind."""

    def publish(
        self,
        touched: Mapping[RecordKind, Collection[str]],
        *,
        withdrawn: Mapping[RecordKind, Collection[str]] | None = None,
        operation: Operation | None = None,
        stirred: Mapping[RecordKind, Collection[str]] | None = None,
        fresh: Fresh | None = None,
    ) -> Published:
        """Append a revision for each touched record whose document differs from its last one,
        and for each that is withdrawn, and republish the documents that show something of them.

        A touched record that reads as before gets none. Search text is brought up to date for
        all of them. `operation` says what was done where it was no plain create or update; what
        is withdrawn was deleted unless it says otherwise. `stirred` are records of which others
        may show something else now, though their own content is what it was. `fresh` are new
        ones that are in no table yet; the touched ones know nothing of them.
        """
        self.session.flush()
        self.session.expire_all()
        self.take_head()
        doings = Doings()
        concerning: dict[RecordKind, set[str]] = {}
        for kind in RECORDS:
            concerning[kind] = self.alter(kind, touched.get(kind, ()), operation, doings)
            if fresh is not None:
                for row in self.create(kind, fresh):
                    doings.note(kind, row, Operation.CREATE)
                concerning[kind].update(fresh.concerning(kind))
            for row, parents_before in self.withdraw(kind, (withdrawn or {}).get(kind, ())):
                said = operation or Operation.DELETE
                self.end(kind, row, said)
                doings.note(kind, row, said, parents_before)
                concerning[kind].add(row.id)
        cause = self.seq
        self.write()
        if withdrawn:
            self.session.expire_all()  # what others show of them was loaded with them in it
        looked_at = {kind: {*concerning[kind], *(stirred or {}).get(kind, ())} for kind in RECORDS}
        dependent = dependents(self.session, looked_at, doings.former)
        for kind, ids in (stirred or {}).items():
            dependent[kind].update(ids)
        self.republish(dependent, doings.changed, cause, doings.done, moved=stirred is not None)
        self.write()
        return Published({each: frozenset(ids) for each, ids in doings.done.items()})

    def alter(
        self,
        kind: RecordKind,
        ids: Collection[str],
        operation: Operation | None,
        doings: Doings,
    ) -> set[str]:
        """Publish touched records; those of which others may show something else now."""
        concerning: set[str] = set()
        for chunk in chunks(sorted(ids)):
            altered: list[Rendered] = []
            for row, body, previous in self.rendered(kind, chunk):
                said = self.record(kind, row, body, previous, operation)
                if said is not None:
                    moved = previous is not None and previous.parents != listed(kind, row)
                    doings.note(kind, row, said, previous.parents if moved else ())
                    altered.append((row, body, previous))
            self.session.flush()
            encounters.renew(self.session, kind, [row for row, _, _ in altered])
            if operation is None:
                concerning |= self.concerning(kind, altered)
            else:
                concerning.update(row.id for row, _, _ in altered)
            self.tell(len(chunk))
            if len(self.revisions) >= CHUNK:
                self.write()  # or an import would hold all its documents in memory
        return concerning

    def create(self, kind: RecordKind, fresh: Fresh) -> Iterator[Any]:
        """Insert and publish the new records of a kind, and give them."""
        rows = fresh.rows[kind]
        for chunk in chunks(sorted(rows)):
            new = [rows[record_id] for record_id in chunk]
            found = fresh.wire(new)
            for row in new:
                row.rev, row.created_at, row.updated_at = 1, self.at, self.at
                self.derive(kind, row)
                self.log(kind, row, self.render(kind, row), Operation.CREATE, None)
                row.seq = self.seq
            self.write()
            insert_rows(self.session, found)
            searching.add(self.session, kind, new)
            encounters.add(self.session, kind, new)
            self.tell(len(chunk))
            yield from new
        fresh.done(kind)

    def concerning(self, kind: RecordKind, altered: list[Rendered]) -> set[str]:
        """The altered records of which others may show something else now."""
        found = set()
        for some in chunks(altered):
            seqs = [previous.seq for _, _, previous in some if previous is not None]
            bodies = {
                seq: orjson.loads(body)
                for seq, body in self.session.execute(
                    select(Document.seq, Document.body).where(Document.seq.in_(seqs))
                )
            }
            for row, body, previous in some:
                before = None if previous is None else bodies.get(previous.seq)
                is_lost = previous is not None and before is None
                if is_lost or concerns_others(kind, before, orjson.loads(body)):
                    found.add(row.id)
        return found

    def republish(
        self,
        dependent: Mapping[RecordKind, Collection[str]],
        changed: Mapping[RecordKind, Collection[str]],
        cause: int,
        done: dict[Operation, set[str]],
        *,
        moved: bool = False,
    ) -> None:
        """Append a republication of each dependent document that reads differently now.

        `moved` says that references in them may have been moved to another record.
        """
        neighbours = Neighbours(self.session)
        for kind, ids in dependent.items():
            for chunk in chunks(sorted(set(ids) - set(changed.get(kind, ())))):
                found = self.rendered_anew(kind, chunk, neighbours)
                anew = [each for each in found if reads_differently(each)]
                self.session.flush()
                # What has the present shape is passed over by `reshape`, so it must lack nothing;
                # and a merger moves references, though nobody touched the records that hold them.
                old = [row for row, _, before in anew if moved or before.shape < documents.SHAPE]
                encounters.renew(self.session, kind, old)
                for row, body, _ in anew:
                    self.append(kind, row, body, Operation.REPUBLISH, cause)
                    done.setdefault(Operation.REPUBLISH, set()).add(row.id)
                self.write()

    def withdraw(self, kind: RecordKind, ids: Collection[str]) -> list[tuple[Any, Any]]:
        """Take records out of what is searched and derived; each with its parents of before."""
        found = []
        for chunk in chunks(sorted(ids)):
            rows = list(load(self.session, kind, chunk))
            newest = select(Revision.seq, Revision.parents).where(
                Revision.seq.in_([row.seq for row in rows])
            )
            before = {row.seq: row.parents for row in self.session.execute(newest)}
            encounters.forget(self.session, kind, chunk)
            self.session.execute(delete(SearchEntry).where(SearchEntry.record_id.in_(chunk)))
            found += [(row, before.get(row.seq)) for row in rows]
        return found

    def end(self, kind: RecordKind, row: Any, said: Operation) -> None:
        """Append the end of a record that was withdrawn."""
        row.rev += 1
        row.updated_at = self.at
        self.append(kind, row, None, said, None)
        self.withdrawals.setdefault(kind, []).append({"id": row.id, "deleted_seq": self.seq})

    def reshape(self, kind: RecordKind, ids: Collection[str]) -> int:
        """Bring documents to the present shape, and what is derived from their records with them.

        Says how many read differently; each of those is a republication whose cause is the
        revision that it replaces.
        """
        self.take_head()
        found = self.rendered(kind, ids)
        self.session.flush()
        encounters.renew(self.session, kind, [row for row, _, _ in found])
        begun = self.seq
        for row, body, _ in filter(reads_differently, found):
            self.append(kind, row, body, Operation.REPUBLISH, row.seq)
        self.write()
        return self.seq - begun

    def take_head(self) -> None:
        """Lock the log and read where it stands. `at` is the clock, but never behind the log.

        Raises `SchemaMismatch` where a newer program has written documents of another shape.
        """
        lock_log(self.session)
        head = self.session.execute(
            select(Revision.seq, Revision.hash, Revision.at, Revision.shape)
            .order_by(Revision.seq.desc())
            .limit(1)
        ).first()
        reached = self.session.scalar(select(func.max(DocumentShape.shape))) or 0
        newest = reached if head is None else max(reached, head.shape)
        if newest > documents.SHAPE:
            message = (
                f"The log holds documents of shape {newest}, and this program writes "
                f"{documents.SHAPE}. Use the version of Chancery that wrote them, or a newer one."
            )
            raise SchemaMismatch(message)
        clock = self.change.clock()
        self.at = clock.replace(microsecond=clock.microsecond // 1000 * 1000)
        if head is not None:
            self.seq, self.prev_hash = head.seq, head.hash
            self.at = max(self.at, head.at + TICK)

    def rendered(self, kind: RecordKind, ids: Collection[str]) -> list[Rendered]:
        """Each record with its document as it reads now and its newest revision, if any.

        What is derived for filters is set on the row on the way, and the search text renewed.
        A deleted record has no document any more, whatever its neighbours do.
        """
        found: list[Rendered] = []
        for chunk in chunks(sorted(ids)):
            rows = [row for row in load(self.session, kind, chunk) if row.deleted_seq is None]
            for row in rows:
                self.derive(kind, row)
            found += self.beside_newest(kind, rows)
        return found

    def rendered_anew(
        self, kind: RecordKind, ids: Collection[str], neighbours: Neighbours
    ) -> list[Rendered]:
        """The same for records that nobody has touched, whatever became of their neighbours."""
        if kind not in LOADED_PLAINLY:
            return self.rendered(kind, ids)
        return self.beside_newest(kind, load_plainly(self.session, neighbours, kind, ids))

    def beside_newest(self, kind: RecordKind, rows: list[Any]) -> list[Rendered]:
        """Loaded records with their documents and their newest revisions; they are indexed too."""
        seqs = [row.seq for row in rows if row.seq is not None]
        revisions = {
            revision.seq: revision
            for revision in self.session.execute(
                select(Revision.seq, Revision.body_hash, Revision.parents, Revision.shape).where(
                    Revision.seq.in_(seqs)
                )
            )
        }
        searching.index(self.session, kind, rows)
        return [(row, self.render(kind, row), revisions.get(row.seq)) for row in rows]

    def render(self, kind: RecordKind, row: Any) -> bytes:
        return orjson.dumps(documents.DOCUMENTS[kind](row))

    def derive(self, kind: RecordKind, row: Any) -> None:
        """Set the columns that only exist to be filtered by."""
        list_parts(row)
        if kind is RecordKind.MEETING:
            has_conflicts = bool(documents.meeting_conflicts(row))
            if row.has_conflicts != has_conflicts:
                row.has_conflicts = has_conflicts
        elif kind is RecordKind.COMMITMENT:
            latest = documents.latest_event(row)
            happened = None if latest is None else latest.event
            if row.latest_event != happened:
                row.latest_event = happened

    def record(
        self,
        kind: RecordKind,
        row: Any,
        body: bytes,
        previous: Any,
        operation: Operation | None = None,
    ) -> Operation | None:
        """Append what was done; nothing where the document reads as before.

        A record whose newest revision left no document was deleted, and comes back.
        """
        if previous is not None and body_hash(body) == previous.body_hash:
            return None
        if operation is None:
            was_deleted = previous is not None and previous.body_hash is None
            changed = Operation.RESTORE if was_deleted else Operation.UPDATE
            operation = Operation.CREATE if row.rev == 0 else changed
        row.rev += 1
        row.updated_at = self.at
        if operation is Operation.CREATE:
            row.created_at = self.at
        self.append(kind, row, self.render(kind, row), operation, None)
        return operation

    def append(
        self,
        kind: RecordKind,
        row: Any,
        body: bytes | None,
        operation: Operation,
        cause: int | None,
    ) -> None:
        """Add a revision, and have the row of its record point at it."""
        self.log(kind, row, body, operation, cause)
        self.stamps.setdefault(kind, []).append({"id": row.id, "seq": self.seq})

    def log(
        self,
        kind: RecordKind,
        row: Any,
        body: bytes | None,
        operation: Operation,
        cause: int | None,
    ) -> None:
        """Add a revision; one that leaves no document, such as a deletion, has no body."""
        self.seq += 1
        said: dict[str, Any] = {
            "seq": self.seq,
            "kind": kind,
            "record_id": row.id,
            "rev": row.rev,
            "operation": operation,
            "at": self.at,
            "actor": self.change.actor,
            "request_id": self.change.request_id,
            "reason": self.change.reason,
            "cause": cause,
            "parents": listed(kind, row),
            "shape": documents.SHAPE,
            "body_hash": None if body is None else body_hash(body),
        }
        sealed = seal(self.prev_hash, said)
        self.revisions.append({**said, "prev_hash": self.prev_hash, "hash": sealed})
        if body is None or operation in BEGINS:
            self.counts[row.dataset, kind] += -1 if body is None else 1
        if body is not None:
            self.bodies.append({"seq": self.seq, "body": body})
        self.links += [
            {"parent_id": each, "kind": kind, "seq": self.seq, "record_id": row.id}
            for each in hangs_on(row, said)
        ]
        self.prev_hash = sealed

    def write(self) -> None:
        """Send what was appended: the log first, then the rows that point into it."""
        self.session.flush()
        connection = self.session.connection()
        put_mappings(connection, table_of(Revision), self.revisions)
        put_mappings(connection, table_of(Document), self.bodies)
        put_mappings(connection, table_of(RevisionParent), self.links)
        for stamped in (self.stamps, self.withdrawals):
            for kind, stamps in stamped.items():
                set_values(connection, table_of(RECORDS[kind]), stamps)
        add_up(connection, self.counts)
        self.revisions, self.bodies, self.links = [], [], []
        self.stamps, self.withdrawals = {}, {}
        self.counts.clear()
