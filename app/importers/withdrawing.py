"""What a data set brought before and no longer has: marked or taken out, never lost.

A source that is no longer there is kept and marked in its note, since citations lead to it. What
was made of such sources alone is deleted, which leaves its history and its address, and comes back
when the data set has it again. What an editor has changed, and what others refer to, stays.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import SeedRefused
from app.importers.batches import Batch, Origin, Sourced
from app.importers.neutral import Source
from app.importers.reports import Entry, Outcome, Report
from app.importers.standing import key_column
from app.models import RECORDS, ImportedRecord, Official, Revision
from app.record.loading import chunks
from app.record.recorder import Change, Recorder
from app.record.referrers import referred_to
from app.vocabulary import Operation, RecordKind

MARK = "Withdrawn: the data set no longer holds this original."
REASON = "Its original is no longer in its data set."
STAY = frozenset({RecordKind.PARTY, RecordKind.TOPIC})
"""Kinds of which a record is a word that others use, and rests on no original."""

FEW = 5
HALF, TENTH = 2, 10

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """Whether and how a run withdraws; every data set of the run is there as a whole.

    `where` tells file and record of a source from what an import remembers of it.
    """

    where: Callable[[Content], str]
    allow_many: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """A living record that its data set no longer has, and what was said of it last."""

    dataset: str
    kind: RecordKind
    id: str
    key: str
    content: Content

    @property
    def is_marked(self) -> bool:
        return str(self.content.get("note") or "").startswith(MARK)


@dataclass(frozen=True, slots=True)
class Vanished:
    """Everything that is gone from the data sets of one run."""

    records: tuple[Gone, ...] = ()
    policy: Policy | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    """File and record of each source that is gone, by its slug."""

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(each.id for each in self.records)

    def origin(self, gone: Gone) -> str:
        cited = [each["source"] for each in gone.content.get("citations", ())]
        named = [self.origins[slug] for slug in (gone.key, *cited) if slug in self.origins]
        return "; ".join(named) or "derived by rules that have changed"

    def marked(self, dataset: str, batch: Batch) -> Batch:
        """The batch with the sources that are gone, marked so.

        They give up the identifiers that others in the batch have now.
        """
        taken = {each for record in batch.records for each in record.record.scheme_values}
        sources = [
            Sourced(marked(each, taken), Origin(self.origin(each), "", {}))
            for each in self.records
            if each.dataset == dataset and each.kind is RecordKind.SOURCE
        ]
        return replace(batch, records=(*batch.records, *sources))


def marked(gone: Gone, taken: Iterable[tuple[str, str]]) -> Source:
    source = Source.model_validate(gone.content)
    kept: dict[str, Any] = {}
    for scheme, value in source.scheme_values:
        if (scheme, value) not in taken:
            kept[scheme] = (*kept.get(scheme, ()), value)
    changes: dict[str, Any] = {"note": source.note}
    if not gone.is_marked:
        changes["note"] = " ".join(filter(None, (MARK, source.note)))
    changes["identifiers"] = {
        scheme: values[0] if len(values) == 1 else values for scheme, values in kept.items()
    }
    return Source.model_validate({**source.model_dump(exclude_unset=True), **changes})


def vanished(session: Session, batches: Mapping[str, Batch], policy: Policy) -> Vanished:
    """What earlier imports brought into these data sets, lives, and is in none of the batches.

    Raises `SeedRefused` where so much is gone that the copy may not be whole.
    """
    given = {each.record.id for batch in batches.values() for each in batch.records}
    remembered = select(ImportedRecord.record_key, ImportedRecord.dataset)
    missing = {
        record_id: dataset
        for record_id, dataset in session.execute(
            remembered.where(ImportedRecord.dataset.in_(batches))
        )
        if record_id not in given
    }
    found = []
    for kind, model in RECORDS.items():
        found += [] if kind in STAY else list(living(session, kind, model, missing))
    if not policy.allow_many and (problems := list(suspicious(session, found))):
        raise SeedRefused(problems)
    origins = {
        each.key: policy.where(each.content) for each in found if each.kind is RecordKind.SOURCE
    }
    return Vanished(tuple(found), policy, origins)


def living(
    session: Session, kind: RecordKind, model: Any, missing: Mapping[str, str]
) -> Iterable[Gone]:
    for chunk in chunks(sorted(missing)):
        rows = session.execute(
            select(model.id, key_column(model), ImportedRecord.content)
            .join(ImportedRecord, ImportedRecord.record_key == model.id)
            .where(model.id.in_(chunk), model.deleted_seq.is_(None))
            .order_by(model.id)
        )
        for record_id, key, content in rows:
            yield Gone(missing[record_id], kind, str(record_id), str(key), content)


def suspicious(session: Session, found: Iterable[Gone]) -> Iterable[str]:
    """A line for each data set of which more than a tenth is gone at once; a few of few may be."""
    gone: dict[str, int] = {}
    for each in found:
        if each.kind is RecordKind.SOURCE and not each.is_marked:
            gone[each.dataset] = gone.get(each.dataset, 0) + 1
    source: Any = RECORDS[RecordKind.SOURCE]
    for dataset, count in gone.items():
        there: int = session.scalars(
            select(func.count())
            .select_from(ImportedRecord)
            .join(source, source.id == ImportedRecord.record_key)
            .where(ImportedRecord.dataset == dataset, source.deleted_seq.is_(None))
        ).one()
        if count * TENTH > there and (count > FEW or count * HALF > there):
            yield (
                f"{dataset}: {count} of the {there} originals that earlier imports brought are no "
                "longer there. Is the copy whole? If they are meant to be gone, run this again "
                "with --allow-withdrawals"
            )


def withdraw(session: Session, given: Vanished, change: Change) -> frozenset[str]:
    """Delete what is gone and nobody needs; the ids of what was deleted.

    To be called when all batches of the run are loaded, as these may refer to others now.
    """
    records = {each.id: each for each in given.records if each.kind is not RecordKind.SOURCE}
    leaving = set(records) - edited(session, records)
    while kept := needed(session, [records[each] for each in sorted(leaving)], leaving):
        leaving -= kept
    if not leaving:
        return frozenset()
    by_kind: dict[RecordKind, list[str]] = {}
    for record_id in sorted(leaving):
        by_kind.setdefault(records[record_id].kind, []).append(record_id)
    reason = " ".join(filter(None, (REASON, change.reason)))
    done = Recorder(session, replace(change, reason=reason)).publish({}, withdrawn=by_kind)
    for chunk in chunks(leaving):
        session.execute(delete(ImportedRecord).where(ImportedRecord.record_key.in_(chunk)))
    return done[Operation.DELETE]


def edited(session: Session, ids: Iterable[str]) -> set[str]:
    """Those that somebody with a key has changed."""
    found: set[str] = set()
    for chunk in chunks(ids):
        statement = select(Revision.record_id).where(
            Revision.record_id.in_(chunk), Revision.actor.like("key:%"), Revision.cause.is_(None)
        )
        found.update(session.scalars(statement))
    return found


def needed(session: Session, records: Iterable[Gone], leaving: set[str]) -> set[str]:
    """Those to which something refers that does not leave with them."""
    by_kind: dict[RecordKind, list[str]] = {}
    for each in records:
        by_kind.setdefault(each.kind, []).append(each.id)
    found: set[str] = set()
    for kind, ids in by_kind.items():
        for chunk in chunks(ids):
            found |= {
                record_id
                for record_id, referrer in referred_to(session, kind, chunk)
                if referrer not in leaving
            }
            if kind is RecordKind.OFFICIAL:
                found.update(
                    session.scalars(
                        select(Official.merged_into_id).where(Official.merged_into_id.in_(chunk))
                    )
                )
    return found


def was_withdrawn(session: Session, deleted_seq: int) -> bool:
    """Whether a deletion was an import's, to be undone by one, and no editor's."""
    actor = session.scalar(select(Revision.actor).where(Revision.seq == deleted_seq))
    return actor is not None and not actor.startswith("key:")


def with_withdrawals(
    reports: Iterable[Report], gone: Vanished, withdrawn: Collection[str]
) -> list[Report]:
    """The reports, with what became of each record that a data set no longer has."""
    found = []
    for report in reports:
        entries = [
            Entry(
                Outcome.WITHDRAWN if each.id in withdrawn else Outcome.KEPT_WITHDRAWN,
                each.kind,
                each.key,
                gone.origin(each),
            )
            for each in gone.records
            if each.dataset == report.dataset and each.kind is not RecordKind.SOURCE
        ]
        found.append(replace(report, entries=(*report.entries, *entries)))
    return found
