"""What there is of each data set, and when it was last brought in."""

from typing import Any

from sqlalchemy import Date, Select, cast, func, literal, null, select, union_all

from app.models import RECORDS, ImportRun, Revision

DATED = "date_earliest"


def of_kind(kind: str, model: Any) -> Select[Any]:
    """Data set, kind, how many live records, and the first and last day that they may fall on."""
    dated = hasattr(model, DATED)
    first = func.min(model.date_earliest) if dated else cast(null(), Date)
    last = func.max(model.date_latest) if dated else cast(null(), Date)
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
