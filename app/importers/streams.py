"""Data sets of any size: a stream of records, loaded in portions in constant memory.

Whatever a record refers to comes before it, or is stored already. Each portion is one transaction,
all or nothing; what was loaded before a refusal or a crash stays, and the same stream begun again
passes over it. See docs/decisions/014.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database.bulk import undisturbed
from app.database.locks import lock_log
from app.errors import SeedRefused
from app.importers import checks, neutral
from app.importers.batches import Batch, Origin, Problem, Sourced
from app.importers.loader import load_into
from app.importers.neutral import AnyRecord
from app.importers.reports import Outcome, Pace, Report
from app.importers.settling import settle
from app.importers.standing import key_column
from app.importers.withdrawing import Vanished
from app.models import RECORDS, ImportedRecord, ImportRun, Meeting, Revision
from app.record.fresh import Neighbours
from app.record.loading import chunks
from app.record.recorder import Change
from app.vocabulary import RecordKind

PORTION = 5_000
"""Records in one transaction: enough that a commit costs little, few enough that writers who
wait for it do not wait long."""
K = RecordKind
Key = tuple[RecordKind, str]


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What a whole stream did."""

    dataset: str
    counts: Mapping[str, int]
    republished: int


def load_stream(
    engine: Engine,
    records: Iterable[Sourced],
    *,
    dataset: str,
    change: Change,
    content_hash: str,
    portion: int = PORTION,
    tell: Callable[[int], None] = lambda _: None,
) -> StreamReport:
    """Load records in the order given; `tell` hears how many have been gone through.

    Raises `SeedRefused` with a line for every problem of the first portion that has any.
    """
    started_at = datetime.now(UTC)
    counts = dict.fromkeys(map(str, Outcome), 0)
    republished, seen = 0, Seen()
    with undisturbed():
        for some in chunks(records, portion):
            report = load_portion(engine, Batch(tuple(some), content_hash), dataset, change, seen)
            republished += report.republished
            for outcome, count in report.counts.items():
                counts[outcome] += count
            tell(sum(counts.values()))
            gc.collect(0)  # what this portion left behind, and nothing that was there before
    run = ImportRun(
        dataset=dataset,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        content_hash=content_hash,
        counts=counts,
    )
    with Session(engine) as session, session.begin():
        session.add(run)
    return StreamReport(dataset, counts, republished)


def load_portion(engine: Engine, some: Batch, dataset: str, change: Change, seen: "Seen") -> Report:
    """One transaction: a portion is loaded whole, or refused."""
    with Session(engine, autoflush=False) as session, session.begin():
        lock_log(session)
        batch = settle(some)
        refuse_what_does_not_fit(session, batch)
        neighbours = seen.still_there(session)
        report = load_into(
            session,
            batch,
            dataset=dataset,
            change=change,
            dry_run=False,
            gone=Vanished(),
            pace=Pace(),
            neighbours=neighbours,
        )
        seen.keep(session, neighbours, created=report.counts[Outcome.CREATED])
    return report


class Seen:
    """Neighbours from one portion to the next, as long as nothing but creations was appended."""

    def __init__(self) -> None:
        self.neighbours: Neighbours | None = None
        self.head = 0

    def still_there(self, session: Session) -> Neighbours:
        found, before = self.neighbours, self.head
        self.head = head_of(session)
        if found is None or self.head != before:
            return Neighbours(session)
        found.session = session
        return found

    def keep(self, session: Session, neighbours: Neighbours, *, created: int) -> None:
        """A portion may change records that are not in it: all that share an utterance."""
        before, self.head = self.head, head_of(session)
        self.neighbours = neighbours if self.head == before + created else None


def head_of(session: Session) -> int:
    """The newest revision; they are numbered without a gap."""
    return session.scalar(select(func.max(Revision.seq))) or 0


def refuse_what_does_not_fit(session: Session, batch: Batch) -> None:
    """Hold a portion against what is stored that a rule of batches could hold it against."""
    beside = tuple(stored_beside(session, batch))
    if not beside:
        return
    before = replace(batch, records=beside)
    known = set(checks.check_within(before))
    found: list[Problem] = [
        problem
        for problem in checks.check_within(replace(batch, records=(*beside, *batch.records)))
        if problem not in known
    ]
    if found:
        raise SeedRefused(found)


def stored_beside(session: Session, batch: Batch) -> Iterator[Sourced]:
    """Records outside a portion, as their data sets told them last: meetings of which it has
    statements, or with the same place in a visit, and commitments that it takes up.
    """
    own = {(each.record.kind_of_record, each.record.key) for each in batch.records}
    wanted: dict[RecordKind, set[str]] = {K.MEETING: set(), K.COMMITMENT: set()}
    visits: set[str] = set()
    for each in batch.records:
        match each.record:
            case neutral.Statement(meeting=str(meeting)):
                wanted[K.MEETING].add(meeting)
            case neutral.Commitment(lineage=ties):
                wanted[K.COMMITMENT].update(tie.commitment for tie in ties)
            case neutral.Meeting(visit=str(visit), sequence=int()) if (K.VISIT, visit) not in own:
                visits.add(visit)
    found: dict[str, Sourced] = {}
    for kind, keys in wanted.items():
        outside = [key for key in keys if (kind, key) not in own]
        for some in chunks(outside):
            told = told_of(session, kind, key_column(RECORDS[kind]).in_(some))
            found.update((each.record.id, each) for each in told)
    of_visits: Any = RECORDS[K.VISIT]
    for some in chunks(visits):
        ids = select(of_visits.id).where(of_visits.slug.in_(some))
        told = told_of(session, K.MEETING, Meeting.visit_id.in_(ids))
        found.update((each.record.id, each) for each in told)
    given = {each.record.id for each in batch.records}
    yield from (each for record_id, each in found.items() if record_id not in given)


NEUTRAL: Mapping[RecordKind, type[AnyRecord]] = {
    K.MEETING: neutral.Meeting,
    K.COMMITMENT: neutral.Commitment,
}


def told_of(session: Session, kind: RecordKind, condition: Any) -> Iterator[Sourced]:
    model: Any = RECORDS[kind]
    statement = (
        select(ImportedRecord.content)
        .join(model, model.id == ImportedRecord.record_key)
        .where(condition, model.deleted_seq.is_(None))
    )
    for content in session.scalars(statement):
        record = NEUTRAL[kind].model_validate(content)
        yield Sourced(record, Origin(f"the stored {kind}", record.key, {}))
