"""Timelines by kind, and their few long spans by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE = "timeline_entries"
BY_DATE = "ix_timeline_entries_by_date"
BY_DATE_DESCENDING = "ix_timeline_entries_by_date_descending"
OF_LONG_SPANS = "ix_timeline_entries_of_long_spans"
OPEN_AT_ONE_END = "(date_earliest IS NULL) <> (date_latest IS NULL)"


def upgrade() -> None:
    op.drop_index(BY_DATE_DESCENDING, TABLE)
    op.drop_index(BY_DATE, TABLE)
    pair_and_kind = ["low_id", "high_id", "kind"]
    op.create_index(BY_DATE, TABLE, [*pair_and_kind, "date_ascends", "entry_id"])
    op.create_index(BY_DATE_DESCENDING, TABLE, [*pair_and_kind, "date_descends", "entry_id"])
    op.create_index(
        OF_LONG_SPANS,
        TABLE,
        [*pair_and_kind, "date_ascends", "entry_id"],
        sqlite_where=sa.text(
            f"{OPEN_AT_ONE_END} OR julianday(date_latest) - julianday(date_earliest) > 366"
        ),
        postgresql_where=sa.text(f"{OPEN_AT_ONE_END} OR date_latest - date_earliest > 366"),
    )


def downgrade() -> None:
    op.drop_index(OF_LONG_SPANS, TABLE)
    op.drop_index(BY_DATE_DESCENDING, TABLE)
    op.drop_index(BY_DATE, TABLE)
    op.create_index(BY_DATE, TABLE, ["low_id", "high_id", "date_ascends", "entry_id"])
    op.create_index(BY_DATE_DESCENDING, TABLE, ["low_id", "high_id", "date_descends", "entry_id"])
