"""What the log holds against what the tables say, for tests that change records."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import RECORDS, Document, Revision, SearchEntry
from app.record.chain import GENESIS, SEALED, body_hash, seal
from app.record.documents import DOCUMENTS
from app.record.search_text import search_entry
from tests.support.whole import whole_rows


def check_the_chain(session: Session) -> None:
    """The log has no holes, and each revision seals its document and the one before."""
    revisions = list(session.scalars(select(Revision).order_by(Revision.seq)))
    bodies = dict(session.execute(select(Document.seq, Document.body)).all())
    assert [each.seq for each in revisions] == list(range(1, len(revisions) + 1))
    before = GENESIS
    for each in revisions:
        said = {name: getattr(each, name) for name in SEALED}
        assert each.prev_hash == before
        assert each.hash == seal(before, said)
        assert each.body_hash == body_hash(bodies[each.seq])
        before = each.hash


def stored(session: Session) -> dict[str, bytes]:
    """The newest document of every record, by the record's id."""
    return {
        record_id: body
        for model in RECORDS.values()
        for record_id, body in session.execute(
            select(model.id, Document.body).join(Document, Document.seq == model.seq)  # type: ignore[attr-defined]
        )
    }


def documents(session: Session) -> dict[str, Any]:
    """The newest document of every record, by its slug or code, or else its id."""
    found = map(orjson.loads, stored(session).values())
    return {each.get("slug") or each.get("code") or each["id"]: each for each in found}


def fresh(session: Session) -> dict[str, bytes]:
    """Every record as it reads now."""
    return {row.id: orjson.dumps(DOCUMENTS[kind](row)) for kind, row in whole_rows(session)}


def indexed(session: Session) -> dict[str, dict[str, Any]]:
    """By what every record is found, the tokens as a set."""
    names = [column.key for column in SearchEntry.__table__.columns if column.key != "number"]
    entries = session.execute(select(*(getattr(SearchEntry, name) for name in names))).mappings()
    return {row["record_id"]: with_set_of_tokens(row) for row in entries}


def with_set_of_tokens(entry: Mapping[Any, Any]) -> dict[str, Any]:
    """An entry in the form that is the same on both databases."""
    # PostgreSQL shows a tsvector with its lexemes in quotation marks, and has its blocks in it.
    tokens = {
        token
        for token in entry["tokens"].replace("'", "").split()
        if not re.fullmatch("§[abc][0-9]+", token)
    }
    return {**entry, "tokens": tokens}


def to_be_indexed(session: Session) -> dict[str, dict[str, Any]]:
    """By what every record should be found now, where nobody was merged away."""
    return {
        row.id: with_set_of_tokens(search_entry(kind, row)) for kind, row in whole_rows(session)
    }
