"""Joint speakers, the lineage of commitments, and who met whom."""
# One column, constraint or index a line reads better here than what the formatter makes of it.
# fmt: off
# ruff: noqa: E501

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PUBLIC_ID = sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql")

TABLES = (
    "document_shapes",
    "statement_co_speakers",
    "commitment_lineage",
    "encounters",
    "timeline_entries",
)
LINEAGE_RELATIONS = ("restates", "narrows", "supersedes")
TIMELINE_KINDS = ("visit", "meeting", "commitment", "commitment_event")


def term(members: tuple[str, ...], name: str) -> sa.Enum:
    """A text column with a CHECK for the members of a closed list."""
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table("document_shapes",
        sa.Column("shape", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("republished", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shape", name=op.f("pk_document_shapes"))
    )
    op.create_table("statement_co_speakers",
        sa.Column("statement_id", PUBLIC_ID, nullable=False),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("name_as_given", sa.Text(), nullable=True),
        sa.Column("title_as_given", sa.Text(), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("official_id IS NOT NULL OR party_id IS NOT NULL OR name_as_given IS NOT NULL", name=op.f("ck_statement_co_speakers_somebody_speaks")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_statement_co_speakers_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_statement_co_speakers_party_id_parties")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_co_speakers_statement_id_statements")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_co_speakers"))
    )
    op.create_index("ix_statement_co_speakers_by_official", "statement_co_speakers", ["official_id", "statement_id"])
    op.create_index("ix_statement_co_speakers_by_party", "statement_co_speakers", ["party_id", "statement_id"])
    op.create_index(op.f("ix_statement_co_speakers_statement_id"), "statement_co_speakers", ["statement_id"])
    op.create_table("commitment_lineage",
        sa.Column("commitment_id", PUBLIC_ID, nullable=False),
        sa.Column("earlier_id", PUBLIC_ID, nullable=False),
        sa.Column("relation", term(LINEAGE_RELATIONS, "relation"), nullable=False),
        sa.Column("source_id", PUBLIC_ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("commitment_id <> earlier_id", name=op.f("ck_commitment_lineage_not_its_own_lineage")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_lineage_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["earlier_id"], ["commitments.id"], name=op.f("fk_commitment_lineage_earlier_id_commitments"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_commitment_lineage_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_lineage")),
        sa.UniqueConstraint("commitment_id", "earlier_id", name=op.f("uq_commitment_lineage_commitment_id_earlier_id"))
    )
    op.create_index(op.f("ix_commitment_lineage_earlier_id"), "commitment_lineage", ["earlier_id"])
    op.create_index(op.f("ix_commitment_lineage_source_id"), "commitment_lineage", ["source_id"])
    op.create_table("encounters",
        sa.Column("official_id", PUBLIC_ID, nullable=False),
        sa.Column("counterpart_id", PUBLIC_ID, nullable=False),
        sa.Column("meeting_id", PUBLIC_ID, nullable=False),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.CheckConstraint("official_id <> counterpart_id", name=op.f("ck_encounters_two_people")),
        sa.ForeignKeyConstraint(["counterpart_id"], ["officials.id"], name=op.f("fk_encounters_counterpart_id_officials")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_encounters_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_encounters_official_id_officials")),
        sa.PrimaryKeyConstraint("official_id", "counterpart_id", "meeting_id", name=op.f("pk_encounters"))
    )
    op.create_index("ix_encounters_by_pair", "encounters", ["official_id", "counterpart_id", "date_ascends", "date_descends", "meeting_id"])
    op.create_index(op.f("ix_encounters_counterpart_id"), "encounters", ["counterpart_id"])
    op.create_index(op.f("ix_encounters_meeting_id"), "encounters", ["meeting_id"])
    op.create_table("timeline_entries",
        sa.Column("low_id", PUBLIC_ID, nullable=False),
        sa.Column("high_id", PUBLIC_ID, nullable=False),
        sa.Column("entry_id", PUBLIC_ID, nullable=False),
        sa.Column("record_id", PUBLIC_ID, nullable=False),
        sa.Column("kind", term(TIMELINE_KINDS, "kind"), nullable=False),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_timeline_entries_in_order")),
        sa.ForeignKeyConstraint(["high_id"], ["parties.id"], name=op.f("fk_timeline_entries_high_id_parties")),
        sa.ForeignKeyConstraint(["low_id"], ["parties.id"], name=op.f("fk_timeline_entries_low_id_parties")),
        sa.PrimaryKeyConstraint("low_id", "high_id", "entry_id", name=op.f("pk_timeline_entries"))
    )
    op.create_index("ix_timeline_entries_by_date", "timeline_entries", ["low_id", "high_id", "date_ascends", "entry_id"])
    op.create_index("ix_timeline_entries_by_date_descending", "timeline_entries", ["low_id", "high_id", "date_descends", "entry_id"])
    op.create_index(op.f("ix_timeline_entries_high_id"), "timeline_entries", ["high_id"])
    op.create_index(op.f("ix_timeline_entries_record_id"), "timeline_entries", ["record_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
