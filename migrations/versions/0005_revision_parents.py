"""Finding in the log what stood at some time: the last revision, and what hung on what."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PUBLIC_ID = sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RECORD_KINDS = (
    "party",
    "official",
    "position",
    "visit",
    "meeting",
    "statement",
    "commitment",
    "source",
    "topic",
)
BY_TIME = "ix_revisions_by_time"
BATCH = 1_000

LOG = sa.table(
    "revisions",
    sa.column("seq", SEQUENCE),
    sa.column("kind", sa.String),
    sa.column("record_id", PUBLIC_ID),
    sa.column("parents", sa.JSON),
)
BODIES = sa.table("documents", sa.column("seq", SEQUENCE), sa.column("body", sa.LargeBinary))


def upgrade() -> None:
    op.drop_index(BY_TIME, "revisions")
    op.create_index(BY_TIME, "revisions", ["at", "seq"])
    kinds = sa.Enum(
        *RECORD_KINDS, name="kind", native_enum=False, create_constraint=True, length=32
    )
    links = op.create_table(
        "revision_parents",
        sa.Column("parent_id", PUBLIC_ID, nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("record_id", PUBLIC_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"], ["revisions.seq"], name=op.f("fk_revision_parents_seq_revisions")
        ),
        sa.PrimaryKeyConstraint("parent_id", "kind", "seq", name=op.f("pk_revision_parents")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for rows in stretches(connection):
        found = [
            {"parent_id": each, "kind": row.kind, "seq": row.seq, "record_id": row.record_id}
            for row in rows
            for each in hangs_on(row)
        ]
        if found:
            connection.execute(sa.insert(links), found)


def stretches(connection: sa.Connection) -> Iterator[list[Any]]:
    """The log in order, a stretch at a time; statements with what they published."""
    reached = 0
    statement = (
        sa.select(LOG, BODIES.c.body)
        .outerjoin(BODIES, (BODIES.c.seq == LOG.c.seq) & (LOG.c.kind == "statement"))
        .where(LOG.c.seq > sa.bindparam("reached"))
        .order_by(LOG.c.seq)
        .limit(BATCH)
    )
    while rows := list(connection.execute(statement, {"reached": reached})):
        yield rows
        reached = rows[-1].seq


def hangs_on(row: Any) -> list[str]:
    """Its parents and, of a statement that published a document, the utterance."""
    found = [parent_id for _, parent_id in row.parents]
    if row.body:
        utterance = json.loads(bytes(row.body))["utterance"]
        found += [utterance["id"]] if utterance else []
    return list(dict.fromkeys(found))


def downgrade() -> None:
    op.drop_table("revision_parents")
    op.drop_index(BY_TIME, "revisions")
    op.create_index(BY_TIME, "revisions", ["at"])
