"""A database as the first release of the program left it, made from one that this one wrote.

That release had the schema 0001 and wrote documents of shape 1; what the tables hold besides is
what it would have held after loading the same files.
"""

from typing import Any

import orjson
from alembic import command
from sqlalchemy import Engine, bindparam, select, update

from app.database.migrations import alembic_config
from app.models import Document, Revision
from app.record.chain import GENESIS, SEALED, body_hash, seal
from app.vocabulary import RecordKind
from tests.support.tampering import unguarded

ADDED_SINCE = {
    RecordKind.POSITION: ("held",),
    RecordKind.STATEMENT: ("joint_with",),
    RecordKind.COMMITMENT: ("predecessors", "successors"),
}
ADDED_TO_AN_OFFICIALS_POSITIONS = ("held", "attested_until")


def as_the_first_release_left_it(engine: Engine) -> None:
    """Take from the log what that release did not write, seal it anew, and go down to 0001."""
    with unguarded(engine) as connection:
        columns = Revision.__table__.columns
        log = connection.execute(
            select(*columns, Document.body)
            .join(Document, Document.seq == Revision.seq)
            .order_by(Revision.seq)
        ).mappings()
        revisions, bodies, before = [], [], GENESIS
        for row in list(log):
            body = former_body(row["kind"], row["body"])
            said = {name: row[name] for name in SEALED}
            said |= {"shape": 1, "body_hash": body_hash(body)}
            sealed = seal(before, said)
            revisions.append(
                {
                    "at_seq": row["seq"],
                    "shape": 1,
                    "body_hash": said["body_hash"],
                    "prev_hash": before,
                    "hash": sealed,
                }
            )
            bodies.append({"at_seq": row["seq"], "body": body})
            before = sealed
        for model, rows in ((Revision, revisions), (Document, bodies)):
            table: Any = model.__table__
            which: Any = bindparam("at_seq")
            connection.execute(update(table).where(table.c.seq == which), rows)
    command.downgrade(alembic_config(engine), "0001")


def former_body(kind: RecordKind, body: bytes) -> bytes:
    document: dict[str, Any] = orjson.loads(body)
    for key in ADDED_SINCE.get(kind, ()):
        del document[key]
    if kind is RecordKind.OFFICIAL:
        for position in document["positions"]:
            for key in ADDED_TO_AN_OFFICIALS_POSITIONS:
                del position[key]
    if kind is RecordKind.VISIT:
        for stop in document["stops"]:
            del stop["localities"]
    return orjson.dumps(document)
