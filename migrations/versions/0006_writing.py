"""Editing: answers to repeated requests, references of merged officials, a log that only grows."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PUBLIC_ID = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

SQLITE_TRIGGERS = {
    "revisions_are_never_altered": """
        BEFORE UPDATE ON revisions
        BEGIN SELECT RAISE(ABORT, 'revisions are never altered'); END""",
    "revisions_are_never_removed": """
        BEFORE DELETE ON revisions
        BEGIN SELECT RAISE(ABORT, 'revisions are never removed'); END""",
    "documents_are_never_altered": """
        BEFORE UPDATE ON documents
        BEGIN SELECT RAISE(ABORT, 'documents are never altered'); END""",
    "documents_are_removed_by_redaction_alone": """
        BEFORE DELETE ON documents
        WHEN NOT EXISTS (
            SELECT 1 FROM revisions AS own
            JOIN revisions AS redaction ON redaction.record_id = own.record_id
            WHERE own.seq = old.seq AND redaction.operation = 'redact'
              AND redaction.seq > own.seq)
        BEGIN SELECT RAISE(ABORT, 'documents are removed by a redaction alone'); END""",
}

POSTGRES_FUNCTION = """
CREATE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'documents' AND TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM revisions AS own
        JOIN revisions AS redaction ON redaction.record_id = own.record_id
        WHERE own.seq = OLD.seq AND redaction.operation = 'redact' AND redaction.seq > own.seq
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% are never altered or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
TABLES = ("revisions", "documents")


def upgrade() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", JSON_VALUE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotent_answers")),
    )
    op.create_index(
        op.f("ix_idempotent_answers_answered_at"), "idempotent_answers", ["answered_at"]
    )
    op.create_table(
        "imported_records",
        sa.Column("record_key", PUBLIC_ID, nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("content", JSON_VALUE, nullable=False),
        sa.PrimaryKeyConstraint("record_key", name=op.f("pk_imported_records")),
    )
    op.create_table(
        "merged_references",
        sa.Column("merged_id", PUBLIC_ID, nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("column_name", sa.String(64), nullable=False),
        sa.Column("referring_row", PUBLIC_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_id"],
            ["officials.id"],
            name=op.f("fk_merged_references_merged_id_officials"),
        ),
        sa.PrimaryKeyConstraint(
            "merged_id",
            "table_name",
            "column_name",
            "referring_row",
            name=op.f("pk_merged_references"),
        ),
    )
    op.create_index(
        "ix_merged_references_by_row",
        "merged_references",
        ["table_name", "column_name", "referring_row"],
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, body in SQLITE_TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
        return
    op.execute(POSTGRES_FUNCTION)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION log_only_grows()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        dropped = context.config.attributes.setdefault("dropped_triggers", set())
        for name in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
            dropped.add(name)
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_are_never_emptied ON {table}")
            op.execute(f"DROP TRIGGER {table}_only_grow ON {table}")
        op.execute("DROP FUNCTION log_only_grows()")
    op.drop_table("imported_records")
    op.drop_index("ix_merged_references_by_row", "merged_references")
    op.drop_table("merged_references")
    op.drop_index(op.f("ix_idempotent_answers_answered_at"), "idempotent_answers")
    op.drop_table("idempotent_answers")
