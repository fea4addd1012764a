"""What there is of each data set, and when it was last brought in."""

from typing import Any

from sqlalchemy import Select, case, func, select

from app.models import RECORDS, ImportRun, Position, RecordCount, Revision
from app.vocabulary import RecordKind

EVENTS = (RecordKind.VISIT, RecordKind.MEETING, RecordKind.STATEMENT, RecordKind.COMMITMENT)
COVERAGE = (EVENTS, (RecordKind.POSITION,), (RecordKind.SOURCE,))
"""Whose days a data set covers: what happened; else who held office; else what was written."""

DAYS: dict[str, tuple[Any, Any]] = {
    **{
        kind.value: (RECORDS[kind].date_earliest, RECORDS[kind].date_latest)  # type: ignore[attr-defined]
        for kind in (*EVENTS, RecordKind.SOURCE)
    },
    RecordKind.POSITION.value: (
        Position.start_earliest,
        func.coalesce(Position.end_latest, Position.attested_until, Position.start_latest),
    ),
}
"""The first and the last day that a record of a kind may fall on."""


def of_kind(kind: str, bound: int) -> Any:
    """The first day (0) or the last (1) of a data set's records of a kind, by an index."""
    model: Any = RECORDS[RecordKind(kind)]
    found = DAYS[kind][bound]
    of_it = select((func.min, func.max)[bound](found)).where(
        model.dataset == RecordCount.dataset, model.deleted_seq.is_(None), found.is_not(None)
    )
    return of_it.correlate(RecordCount).scalar_subquery()


def day(bound: int) -> Any:
    """That of whichever kind is counted; other kinds have none."""
    return case(*((RecordCount.kind == kind, of_kind(kind, bound)) for kind in DAYS))


RECORDS_OF_DATASETS: Select[Any] = (
    select(
        RecordCount.dataset,
        RecordCount.kind,
        RecordCount.records,
        day(0).label("earliest"),
        day(1).label("latest"),
    )
    .where(RecordCount.records > 0)
    .order_by(RecordCount.dataset, RecordCount.kind)
)
"""Data set, kind, how many live records, and the first and last day that they may fall on."""

LAST_RUNS: Select[Any] = select(
    ImportRun.dataset,
    ImportRun.started_at,
    ImportRun.finished_at,
    ImportRun.content_hash,
    ImportRun.counts,
).where(ImportRun.number.in_(select(func.max(ImportRun.number)).group_by(ImportRun.dataset)))
"""The newest run over each data set."""

LOG_HEAD: Any = (
    select(Revision.seq, Revision.hash, Revision.at).order_by(Revision.seq.desc()).limit(1)
)
