"""What data sets hold is counted as it changes, and more of what is asked for stands in indexes.

Nothing else asked for a data set's records by the indexes that go: lists of meetings and of visits
have others; the first and last days of a data set are looked up. The parties of some meetings stand
beside those, so that no participation is read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = {
    "party": "parties",
    "topic": "topics",
    "source": "sources",
    "official": "officials",
    "position": "positions",
    "visit": "visits",
    "meeting": "meetings",
    "statement": "statements",
    "commitment": "commitments",
}
DATED = ("visits", "meetings", "statements", "commitments", "sources")
BY_DATASET = ("parties", "topics", "sources", "officials", "positions", "statements", "commitments")
BOUNDS = (("first", "date_earliest"), ("last", "date_latest"))
TENURES = ["dataset", "start_earliest", "end_latest", "attested_until", "start_latest"]
# Which day a record is listed on, and whose a position is, need not be looked up to be sorted by.
LONGER = (
    ("ix_positions_by_level", "positions", ["level", "start_ascends", "id"], "official_id"),
    (
        *("ix_positions_by_party", "positions"),
        *(["party_id", "level", "start_ascends", "id"], "official_id"),
    ),
    ("ix_positions_by_update", "positions", ["updated_at", "id"], "start_ascends"),
    *((f"ix_{each}_by_update", each, ["updated_at", "id"], "date_ascends") for each in DATED),
)
LIVE = "deleted_seq IS NULL"


def index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "record_counts",
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.CheckConstraint("records >= 0", name=op.f("ck_record_counts_records_are_counted")),
        sa.PrimaryKeyConstraint("dataset", "kind", name=op.f("pk_record_counts")),
    )
    for name, table in KINDS.items():
        op.execute(
            "INSERT INTO record_counts (dataset, kind, records)"  # noqa: S608 - our own names
            f" SELECT dataset, '{name}', count(*) FROM {table}"
            f" WHERE deleted_seq IS NULL GROUP BY dataset"
        )
    for table in BY_DATASET:
        op.drop_index(f"ix_{table}_dataset", table)
    for table in DATED:
        for bound, column in BOUNDS:
            dated = f"{LIVE} AND {column} IS NOT NULL"
            index(f"ix_{table}_{bound}_days", table, ["dataset", column], dated)
    index("ix_positions_days", "positions", TENURES, LIVE)
    index("ix_participations_by_meeting", "participations", ["meeting_id", "party_id"])
    for name, table, columns, further in LONGER:
        op.drop_index(name, table)
        index(name, table, [*columns, further], LIVE)


def downgrade() -> None:
    for name, table, columns, _ in LONGER:
        op.drop_index(name, table)
        index(name, table, columns, LIVE)
    op.drop_index("ix_participations_by_meeting", "participations")
    op.drop_index("ix_positions_days", "positions")
    for table in DATED:
        for bound, _ in BOUNDS:
            op.drop_index(f"ix_{table}_{bound}_days", table)
    for table in BY_DATASET:
        index(f"ix_{table}_dataset", table, ["dataset"])
    op.drop_table("record_counts")
