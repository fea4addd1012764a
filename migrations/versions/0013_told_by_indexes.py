"""What data sets hold is counted as it changes, and more of what is asked for stands in indexes.

Nothing else asked for a data set's records by the indexes that go: lists of meetings and of visits
have others; the first and last days of a data set are looked up. The parties of some meetings stand
beside those, so that no participation is read. Events and assessments say on what day their
commitment is listed, as other parts do by which lists find records.
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
# On which day a record is listed, whose a position is and how high, is told without a look at it.
LONGER = (
    ("ix_positions_by_official", "positions", ["official_id", "start_ascends", "id"], "level"),
    ("ix_positions_by_level", "positions", ["level", "start_ascends", "id"], "official_id"),
    (
        *("ix_positions_by_party", "positions"),
        *(["party_id", "level", "start_ascends", "id"], "official_id"),
    ),
    ("ix_positions_by_update", "positions", ["updated_at", "id"], "start_ascends"),
    *((f"ix_{each}_by_update", each, ["updated_at", "id"], "date_ascends") for each in DATED),
)
LISTED = ("commitment_events", "assessments")
LISTED_INDEXES = (
    ("ix_commitment_events_by_event", "commitment_events", ["event", "date_ascends"]),
    ("ix_commitment_events_by_date", "commitment_events", ["date_ascends"]),
    ("ix_assessments_by_verdict", "assessments", ["verdict", "assessor_folded"]),
    ("ix_assessments_by_assessor", "assessments", ["assessor_folded"]),
)
UNDATED = "9999-12-31"
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
    op.drop_index("ix_visit_travellers_visit_id", "visit_travellers")
    index("ix_visit_travellers_by_visit", "visit_travellers", ["visit_id", "official_id"])
    for name, table, columns, further in LONGER:
        op.drop_index(name, table)
        index(name, table, [*columns, further], LIVE)
    for name, table, _ in LISTED_INDEXES:
        op.drop_index(name, table)
    for table in LISTED:
        day = sa.Column("listed_on", sa.Date(), nullable=False, server_default=UNDATED)
        op.add_column(table, day)
        op.execute(
            f"UPDATE {table} SET listed_on = commitments.date_ascends"  # noqa: S608 - our own names
            f" FROM commitments WHERE commitments.id = {table}.commitment_id"
        )
    for name, table, columns in LISTED_INDEXES:
        index(name, table, [*columns, "commitment_id", "listed_on"])


def downgrade() -> None:
    for name, table, _ in LISTED_INDEXES:
        op.drop_index(name, table)
    for table in LISTED:
        op.drop_column(table, "listed_on")
    for name, table, columns in LISTED_INDEXES:
        index(name, table, [*columns, "commitment_id"])
    for name, table, columns, _ in LONGER:
        op.drop_index(name, table)
        index(name, table, columns, LIVE)
    op.drop_index("ix_visit_travellers_by_visit", "visit_travellers")
    index("ix_visit_travellers_visit_id", "visit_travellers", ["visit_id"])
    op.drop_index("ix_participations_by_meeting", "participations")
    op.drop_index("ix_positions_days", "positions")
    for table in DATED:
        for bound, _ in BOUNDS:
            op.drop_index(f"ix_{table}_{bound}_days", table)
    for table in BY_DATASET:
        index(f"ix_{table}_dataset", table, ["dataset"])
    op.drop_table("record_counts")
