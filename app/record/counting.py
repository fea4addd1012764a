"""How many live records of each kind each data set has, kept as the log is appended to."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Engine, func, insert, select, update

from app.database.engines import reading
from app.models import RECORDS, RecordCount
from app.vocabulary import RecordKind

Counts = Mapping[tuple[str, RecordKind], int]
"""Numbers of records by data set and kind."""


def add_up(connection: Connection, changes: Counts) -> None:
    """Have the counts of some data sets change by so many records.

    Whoever appends is alone, so that nobody else makes a row between the look for it and its
    insertion.
    """
    for (dataset, kind), number in changes.items():
        if number == 0:
            continue
        there = (RecordCount.dataset == dataset, RecordCount.kind == kind)
        statement = update(RecordCount).where(*there)
        found = connection.execute(statement.values(records=RecordCount.records + number))
        if found.rowcount == 0:
            row = {"dataset": dataset, "kind": kind, "records": number}
            connection.execute(insert(RecordCount).values(row))


def counted(connection: Connection) -> dict[tuple[str, RecordKind], int]:
    """The counts as they were kept; those of no records are left out."""
    kept = select(RecordCount.dataset, RecordCount.kind, RecordCount.records)
    rows = connection.execute(kept.where(RecordCount.records > 0))
    return {(dataset, kind): number for dataset, kind, number in rows}


def counted_anew(connection: Connection) -> dict[tuple[str, RecordKind], int]:
    """The counts as the records have them, which takes as long as there are many."""
    found = {}
    for kind, model in RECORDS.items():
        columns = model.__table__.c  # type: ignore[attr-defined]
        live = select(columns.dataset, func.count()).where(columns.deleted_seq.is_(None))
        for dataset, number in connection.execute(live.group_by(columns.dataset)):
            found[dataset, kind] = number
    return found


def miscounted(engine: Engine) -> Iterator[str]:
    """The data sets of which another number of records was kept than there are."""
    with reading(engine) as connection:
        kept, there = counted(connection), counted_anew(connection)
    for dataset, kind in sorted({*kept, *there}):
        told, found = kept.get((dataset, kind), 0), there.get((dataset, kind), 0)
        if told != found:
            yield f"data set {dataset} is said to have {told} of {kind}, and has {found}"
