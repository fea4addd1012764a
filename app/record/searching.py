"""Keeping what records are found by in step with them.

An earlier release knew less of a record than is searched now; `renew` makes such entries anew,
in batches, each a transaction of its own, and what a run that was stopped has left is done by the
next one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database.bulk import put_mappings, set_values
from app.database.locks import lock_log
from app.models import SearchEntry
from app.models.base import table_of
from app.record.loading import chunks, load
from app.record.mergers import names_of_merged
from app.record.search_text import officials_of, search_entry
from app.vocabulary import RecordKind

BATCH = 200


def index(session: Session, kind: RecordKind, rows: Sequence[Any]) -> None:
    """Bring the entries of some records up to date, which are loaded and not deleted."""
    columns = SearchEntry.record_id, SearchEntry.number, SearchEntry.digest, SearchEntry.length
    known = {
        entry.record_id: entry
        for entry in session.execute(
            select(*columns).where(SearchEntry.record_id.in_([row.id for row in rows]))
        )
    }
    added, altered = [], []
    for row, further in with_names_of_merged(session, kind, rows):
        made = search_entry(kind, row, further)
        entry = known.get(row.id)
        if entry is None:
            added.append(made)
        elif entry.digest != made["digest"] or entry.length is None:
            altered.append({"number": entry.number, **made})
    put_mappings(session.connection(), table_of(SearchEntry), added)
    set_values(session.connection(), table_of(SearchEntry), altered)


def add(session: Session, kind: RecordKind, rows: Sequence[Any]) -> None:
    """Make the entries of new records."""
    named = with_names_of_merged(session, kind, rows)
    made = [search_entry(kind, row, further) for row, further in named]
    put_mappings(session.connection(), table_of(SearchEntry), made)


def with_names_of_merged(
    session: Session, kind: RecordKind, rows: Sequence[Any]
) -> Iterator[tuple[Any, list[str]]]:
    """Each record with the names of those who were merged into its officials."""
    people = {row.id: officials_of(kind, row) for row in rows}
    former: dict[str, list[str]] = {}
    for some in chunks(sorted(set().union(*people.values()))):
        former |= names_of_merged(session, some)
    for row in rows:
        yield row, sorted({name for each in people[row.id] for name in former.get(each, ())})


def is_renewed(engine: Engine) -> bool:
    """Whether no entry is left of an earlier release; a cheap question."""
    with engine.connect() as connection:
        return connection.scalar(outdated(SearchEntry.number).limit(1)) is None


def outdated(*columns: Any) -> Any:
    return select(*columns).where(SearchEntry.length.is_(None))


def renew(engine: Engine) -> int:
    """Make anew the entries that an earlier release wrote; their number."""
    renewed = reached = 0
    while True:
        with Session(engine, autoflush=False) as session, session.begin():
            lock_log(session)
            some = session.execute(
                outdated(SearchEntry.number, SearchEntry.kind, SearchEntry.record_id)
                .where(SearchEntry.number > reached)
                .order_by(SearchEntry.number)
                .limit(BATCH)
            ).all()
            if not some:
                return renewed
            for kind in {each.kind for each in some}:
                ids = [each.record_id for each in some if each.kind is kind]
                index(session, kind, list(load(session, kind, ids)))
            renewed += len(some)
            reached = some[-1].number
