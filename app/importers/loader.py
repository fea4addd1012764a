"""The idempotent loader: neutral records in, one transaction, a report out.

Each record is found by its id. What is new is created, what differs is changed, what reads
the same is left alone. An import undoes nothing that an editor has done: a record that was deleted
stays deleted, one that was merged away stays so, and what was changed since the last import stays
changed, while the news about the rest comes in. Either everything of a batch is loaded or nothing.
What a data set no longer has is withdrawn where the importer asks for it: see `withdrawing`.
"""

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine, delete, func, inspect, select
from sqlalchemy.orm import Mapper, Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.database.bulk import RawJson, put_mappings
from app.database.locks import lock_log
from app.errors import SeedRefused
from app.importers import checks, neutral
from app.importers.checks import Batch, Sourced
from app.importers.orphans import without_orphans
from app.importers.parts import Ids
from app.importers.reconciling import reconcile
from app.importers.reports import Entry, Outcome, Pace, Report, Tell
from app.importers.rows import ROWS
from app.importers.settling import settle
from app.importers.standing import (
    given_elsewhere,
    known_ids,
    known_keys,
    merged_together,
    moved_keys,
    taken_identifiers,
)
from app.importers.withdrawing import (
    Policy,
    Vanished,
    vanished,
    was_withdrawn,
    with_withdrawals,
    withdraw,
)
from app.models import (
    RECORDS,
    ImportedRecord,
    ImportRun,
    Official,
    Revision,
    Statement,
    Utterance,
)
from app.models.base import Record, table_of
from app.models.plain import mapped, part_relations
from app.record.fresh import Fresh, Neighbours
from app.record.listing import list_parts
from app.record.loading import chunks
from app.record.recorder import Change, Recorder
from app.vocabulary import Operation, RecordKind


def load_batch(
    engine: Engine, batch: Batch, *, dataset: str, change: Change, dry_run: bool = False
) -> Report:
    """Load a batch in one transaction; with `dry_run`, do all the work and keep nothing.

    Raises `SeedRefused` with a line for every problem; then nothing was loaded.
    """
    (report,) = load_batches(engine, {dataset: batch}, change=change, dry_run=dry_run)
    return report


def load_batches(
    engine: Engine,
    batches: MutableMapping[str, Batch],
    *,
    change: Change,
    dry_run: bool = False,
    withdrawals: Policy | None = None,
    tell: Tell = lambda _done, _total: None,
) -> list[Report]:
    """Load several data sets in one transaction, in order; each may refer to those before it.

    `batches` is emptied: what was loaded need not lie in memory beside what is still to come.
    With `withdrawals` the batches are all that their data sets have now: what they had before is
    withdrawn. `tell` hears how many records have been gone through, of how many.
    """
    started_at = datetime.now(UTC)
    settled = {dataset: settle(batches.pop(dataset)) for dataset in list(batches)}
    hashes = {dataset: batch.content_hash for dataset, batch in settled.items()}
    reports = []
    pace = Pace(tell, sum(len(batch.records) for batch in settled.values()))
    with Session(engine, autoflush=False) as session, session.begin() as transaction:
        lock_log(session)  # or what is read here may be changed before it is compared
        gone = vanished(session, settled, withdrawals) if withdrawals else Vanished()
        for dataset in hashes:
            report = load_into(
                session,
                gone.marked(dataset, settled.pop(dataset)),
                dataset=dataset,
                change=change,
                dry_run=dry_run,
                gone=gone,
                pace=pace,
            )
            reports.append(report)
        reports = with_withdrawals(reports, gone, withdraw(session, gone, change))
        finished_at = datetime.now(UTC)
        for report in reports:
            session.add(
                ImportRun(
                    dataset=report.dataset,
                    started_at=started_at,
                    finished_at=finished_at,
                    content_hash=hashes[report.dataset],
                    counts=dict(report.counts),
                )
            )
        if dry_run:
            transaction.rollback()
    return reports


def load_into(
    session: Session,
    batch: Batch,
    *,
    dataset: str,
    change: Change,
    dry_run: bool,
    gone: Vanished,
    pace: "Pace",
    neighbours: Neighbours | None = None,
) -> Report:
    """Load a settled batch inside a transaction that holds the lock of the log.

    `neighbours` are stored records as they were seen before, and still are.
    """
    if says_what_it_said(session, dataset, batch, gone):
        pace.passed(2 * len(batch.records))
        return as_before(session, dataset, batch, dry_run=dry_run)
    ids = known_ids(session, batch)
    problems = [
        *checks.check_within(batch),
        *(checks.dangling_references(batch, known_keys(ids)) if ids.nowhere else ()),
        *moved_keys(batch, ids),
        *taken_identifiers(session, batch, ids, gone.ids),
    ]
    if problems:
        raise SeedRefused(problems)
    batch, left_out = without_orphans(session, batch, ids)
    run = Run(session, dataset, batch, ids, gone=gone, pace=pace, neighbours=neighbours)
    report = run.load(change, dry_run=dry_run)
    session.flush()
    session.expunge_all()
    pace.passed(2 * len(left_out))
    lines = tuple(
        Entry(Outcome.LEFT_OUT, each.record.kind_of_record, each.record.key, each.where())
        for each in left_out
    )
    return replace(report, entries=(*report.entries, *lines))


def says_what_it_said(session: Session, dataset: str, batch: Batch, gone: Vanished) -> bool:
    """Whether a batch says of every record what the last run over its data set said of it."""
    if not batch.hashes_records or any(each.dataset == dataset for each in gone.records):
        return False
    newest = select(ImportRun.content_hash).where(ImportRun.dataset == dataset)
    if session.scalar(newest.order_by(ImportRun.number.desc()).limit(1)) != batch.content_hash:
        return False
    remembered = 0
    for chunk in chunks(each.record.id for each in batch.records):
        keys = select(func.count()).where(ImportedRecord.record_key.in_(chunk))
        remembered += session.scalar(keys) or 0
    return remembered == len(batch.records)


def as_before(session: Session, dataset: str, batch: Batch, *, dry_run: bool) -> Report:
    """The report on a batch that says nothing new; what editors made of its records stays."""
    by_kind: dict[RecordKind, list[str]] = {}
    for each in batch.records:
        by_kind.setdefault(each.record.kind_of_record, []).append(each.record.id)
    deleted: set[str] = set()
    for kind, ids in by_kind.items():
        model: Any = RECORDS[kind]
        for chunk in chunks(ids):
            rows = select(model.id).where(model.id.in_(chunk), model.deleted_seq.is_not(None))
            deleted.update(session.scalars(rows))
    entries = tuple(
        Entry(
            Outcome.KEPT_DELETED if each.record.id in deleted else Outcome.UNCHANGED,
            each.record.kind_of_record,
            each.record.key,
            each.where(),
        )
        for each in batch.records
    )
    return Report(dataset=dataset, entries=entries, republished=0, dry_run=dry_run)


class Run:
    """One pass over one batch, inside the caller's transaction."""

    def __init__(
        self,
        session: Session,
        dataset: str,
        batch: Batch,
        ids: Mapping[tuple[RecordKind, str], str],
        *,
        remembers: bool = True,
        gone: Vanished | None = None,
        pace: "Pace | None" = None,
        neighbours: Neighbours | None = None,
    ) -> None:
        """`remembers` keeps what is loaded, to tell later edits from what the next run brings.

        `gone` is what data sets of this run no longer have. `neighbours` are stored records as a
        former run has seen them, and as they still are.
        """
        self.neighbours = neighbours
        self.session = session
        self.pace = Pace() if pace is None else pace
        self.remembers = remembers
        self.gone = {} if gone is None else {each.id: each.kind for each in gone.records}
        self.dataset = dataset
        self.batch = batch
        given = {
            (each.record.kind_of_record, each.record.key): each.record.id for each in batch.records
        }
        self.stored = set(ids.values())
        self.ids: Ids = Referred({**ids, **given}, merged_officials(session), ids)
        self.touched: dict[RecordKind, set[str]] = {}
        self.deleted: set[str] = set()
        self.edited: set[str] = set()

    def load(self, change: Change, *, dry_run: bool) -> Report:
        by_kind: dict[RecordKind, list[Sourced]] = {kind: [] for kind in RECORDS}
        for each in self.batch.records:
            by_kind[each.record.kind_of_record].append(each)
        self.release_identifiers()
        self.load_utterances(by_kind[RecordKind.STATEMENT])
        self.session.flush()
        fresh = Fresh(self.session, self.neighbours) if self.is_all_news(by_kind) else None
        for kind, records in by_kind.items():
            for chunk in chunks(records):
                self.load_chunk(kind, chunk, fresh)
                self.pace.loaded(len(chunk))
        to_publish = sum(map(len, self.touched.values()))
        if fresh is not None:
            fresh.wire_backwards()
            to_publish += sum(map(len, fresh.rows.values()))
        self.pace.passed(len(self.batch.records) - to_publish)
        published = Recorder(self.session, change, self.pace.passed).publish(
            self.touched, fresh=fresh
        )
        return Report(
            dataset=self.dataset,
            entries=tuple(self.entry(each, published) for each in self.batch.records),
            republished=len(published[Operation.REPUBLISH]),
            dry_run=dry_run,
        )

    def entry(self, each: Sourced, published: Any) -> Entry:
        record_id = each.record.id
        if record_id in self.deleted:
            outcome = Outcome.KEPT_DELETED
        elif record_id in self.edited:
            outcome = Outcome.KEPT_EDITED
        elif record_id in published[Operation.CREATE]:
            outcome = Outcome.CREATED
        elif record_id in published[Operation.RESTORE]:
            outcome = Outcome.RESTORED
        elif record_id in published[Operation.UPDATE]:
            outcome = Outcome.WITHDRAWN if record_id in self.gone else Outcome.UPDATED
        else:
            outcome = Outcome.UNCHANGED
        return Entry(outcome, each.record.kind_of_record, each.record.key, each.where())

    def touch(self, kind: RecordKind, record_id: str) -> None:
        self.touched.setdefault(kind, set()).add(record_id)

    def release_identifiers(self) -> None:
        """Take identifiers from their records before others get them; no two may share one."""
        kinds = {each.record.id: each.record.kind_of_record for each in self.batch.records}
        kinds = {**self.gone, **kinds}
        for row, owner_id in list(given_elsewhere(self.session, self.batch)):
            self.session.delete(row)
            if owner_id in kinds:  # else it was deleted, and shows them to nobody
                self.touch(kinds[owner_id], owner_id)
        self.session.flush()

    def load_utterances(self, statements: Iterable[Sourced]) -> None:
        given = {
            each.record.utterance.id: each.record.utterance
            for each in statements
            if isinstance(each.record, neutral.Statement) and each.record.utterance
        }
        for chunk in chunks(given):
            known = {
                row.id: row
                for row in self.session.scalars(select(Utterance).where(Utterance.id.in_(chunk)))
            }
            for utterance_id in chunk:
                row, label = known.get(utterance_id), given[utterance_id].label
                if row is None:
                    self.session.add(Utterance(id=utterance_id, label=label, dataset=self.dataset))
                elif row.label != label:
                    row.label = label
                    self.touch_renderings(utterance_id)

    def touch_renderings(self, utterance_id: str) -> None:
        """Every rendering shows the label of its utterance, also those outside the batch."""
        statement = select(Statement.id).where(Statement.utterance_id == utterance_id)
        for record_id in self.session.scalars(statement):
            self.touch(RecordKind.STATEMENT, record_id)

    def is_all_news(self, by_kind: Mapping[RecordKind, Sequence[Sourced]]) -> bool:
        """Whether each record is new, or reads as the last import had it.

        Then the new ones need not be compared with what is stored, and are published from what
        they were made of; see docs/decisions/014.
        """
        if self.touched or not self.remembers:
            return False
        return not any(
            self.differing(some) for records in by_kind.values() for some in chunks(records)
        )

    def differing(self, records: Sequence[Sourced]) -> bool:
        """Whether any of some records is stored, and was not told so before."""
        given = {each.record.id: each for each in records if each.record.id in self.stored}
        former = self.former(given.values())
        return any(
            record_id not in former or former[record_id] != orjson.loads(self.content(each))
            for record_id, each in given.items()
        )

    def load_chunk(self, kind: RecordKind, records: list[Sourced], fresh: Fresh | None) -> None:
        model: Any = RECORDS[kind]
        former = self.former(records)
        contents = {each.record.id: self.content(each) for each in records}
        same = self.unchanged(
            model, {key for key in former if former[key] == orjson.loads(contents[key])}
        )
        records = [each for each in records if each.record.id not in same]
        self.refuse_one_twice(records, former)
        known = {} if fresh is not None else self.known(model, records)
        news = {}
        for each in records:
            record = each.record
            before = former.get(record.id)
            wanted = ROWS[kind](record, self.ids)
            row = known.get(record.id)
            if row is None and fresh is not None:
                wanted.dataset = self.dataset
                fresh.add(kind, wanted)
                news[record.id] = contents[record.id]
                continue
            if row is None:
                self.create(mapped(wanted))
            elif row.deleted_seq is not None:
                if not self.remembers or not was_withdrawn(self.session, row.deleted_seq):
                    self.deleted.add(row.id)
                    continue
                row.deleted_seq = None
                reconcile(row, wanted)
            elif self.remembers and before is None and was_edited(self.session, row.id):
                self.edited.add(row.id)
                continue
            else:
                base = before and ROWS[kind](type(record).model_validate(before), self.ids)
                if not reconcile(row, wanted, base):
                    news[record.id] = contents[record.id]
                    continue
            news[record.id] = contents[record.id]
            self.touch(kind, record.id)
        self.remember(news)
        self.session.flush()

    def refuse_one_twice(self, records: Iterable[Sourced], former: Mapping[str, Any]) -> None:
        """Raises `SeedRefused` where a record newly names two who were merged into one."""
        problems = [
            problem
            for each in (records if self.remembers else ())
            if each.record.id in former or each.record.id not in self.stored
            for problem in merged_together(each, former.get(each.record.id), self.ids)
        ]
        if problems:
            raise SeedRefused(problems)

    def known(self, model: Any, records: Iterable[Sourced]) -> dict[str, Any]:
        """The stored rows of some records, with their parts."""
        statement = (
            select(model)
            .where(model.id.in_([each.record.id for each in records]))
            .options(*with_parts(inspect(model)))
        )
        return {row.id: row for row in self.session.scalars(statement)}

    def unchanged(self, model: Any, same: Collection[str]) -> set[str]:
        """Those of which nothing new is said; what stands there stays, whoever made it so."""
        found = set()
        for chunk in chunks(same):
            statement = select(model.id, model.deleted_seq).where(model.id.in_(chunk))
            for record_id, deleted_seq in self.session.execute(statement):
                found.add(record_id)
                if deleted_seq is not None:
                    self.deleted.add(record_id)
        return found

    def content(self, each: Sourced) -> str:
        """What a record says, in JSON."""
        return each.record.model_dump_json(exclude_unset=True) if self.remembers else ""

    def former(self, records: Iterable[Sourced]) -> dict[str, Any]:
        """What the last imports said of some records; nothing where this is no import."""
        stored = [each.record.id for each in records if each.record.id in self.stored]
        if not self.remembers or not stored:
            return {}
        rows = self.session.execute(
            select(ImportedRecord.record_key, ImportedRecord.content).where(
                ImportedRecord.record_key.in_(stored)
            )
        )
        return dict(rows.all())

    def remember(self, news: Mapping[str, str]) -> None:
        if not self.remembers or not news:
            return
        if known := self.stored.intersection(news):
            gone = delete(ImportedRecord).where(ImportedRecord.record_key.in_(known))
            self.session.execute(gone)
        rows = [
            {"record_key": key, "dataset": self.dataset, "content": RawJson(content)}
            for key, content in news.items()
        ]
        put_mappings(self.session.connection(), table_of(ImportedRecord), rows)

    def create(self, row: Record) -> None:
        row.dataset = self.dataset
        row.rev = 0
        row.created_at = row.updated_at = datetime.now(UTC)
        list_parts(row)
        self.session.add(row)


class Referred(dict[tuple[RecordKind, str], str]):
    """The ids that references stand for: of an official who was merged away, the survivor's."""

    def __init__(self, given: Ids, survivors: Mapping[str, str], further: Ids) -> None:
        super().__init__({key: survivors.get(each, each) for key, each in given.items()})
        self.survivors = survivors
        self.further = further

    def __missing__(self, wanted: tuple[RecordKind, str]) -> str:
        """What a former import referred to, and this one does not."""
        found = self.further[wanted]
        return self.survivors.get(found, found)


def with_parts(mapper: Mapper[Any]) -> list[ORMOption]:
    """Load a record's own parts, and theirs."""
    options: list[ORMOption] = []
    for relation in part_relations(mapper):
        reached = selectinload(getattr(mapper.class_, relation.key))
        options.append(reached)
        options += [
            reached.selectinload(getattr(relation.mapper.class_, inner.key))
            for inner in part_relations(relation.mapper)
        ]
    return options


def merged_officials(session: Session) -> dict[str, str]:
    """Each official that was merged away, with the one that survives."""
    rows = session.execute(
        select(Official.id, Official.merged_into_id).where(Official.merged_into_id.is_not(None))
    )
    into = {gone: str(stays) for gone, stays in rows}
    return {gone: last_of(stays, into) for gone, stays in into.items()}


def last_of(official_id: str, into: Mapping[str, str]) -> str:
    while official_id in into:
        official_id = into[official_id]
    return official_id


def was_edited(session: Session, record_id: str) -> bool:
    """Whether somebody with a key has changed a record."""
    statement = select(Revision.seq).where(
        Revision.record_id == record_id, Revision.actor.like("key:%"), Revision.cause.is_(None)
    )
    return session.scalar(statement.limit(1)) is not None
