"""What there is of each data set, and when it was last brought in."""

from typing import Any

from sqlalchemy import Date, Select, cast, func, literal, null, select, union_all

from app.models import RECORDS, ImportRun, Position, Revision
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


def of_kind(kind: str, model: Any) -> Select[Any]:
    """Data set, kind, how many live records, and the first and last day that they may fall on."""
    days = DAYS.get(kind)
    first = cast(null(), Date) if days is None else func.min(days[0])
    last = cast(null(), Date) if days is None else func.max(days[1])
    return (
        select(
            model.dataset.label("dataset"),
            literal(kind).label("kind"),
            func.count().label("records"),
            first.label("earliest"),
            last.label("latest"),
        )
        .where(model.deleted_seq.is_(None))
        .group_by(model.dataset)
    )


PARTS = union_all(*(of_kind(kind.value, model) for kind, model in RECORDS.items())).subquery()
RECORDS_OF_DATASETS: Select[Any] = select(PARTS).order_by(PARTS.c.dataset, PARTS.c.kind)

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
