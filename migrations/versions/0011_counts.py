"""Counts along indexes: deleted records are found to be taken away from what these hold.

The seats of an official in the order of days say for which party each is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("meetings", "visits", "statements", "commitments")
DELETED = sa.text("deleted_seq IS NOT NULL")
SEATS = "ix_participations_by_official"
BEFORE = ["official_id", "listed_on", "meeting_id"]


def upgrade() -> None:
    for table in TABLES:
        op.create_index(
            f"ix_{table}_deleted", table, ["id"], sqlite_where=DELETED, postgresql_where=DELETED
        )
    op.drop_index(SEATS, "participations")
    op.create_index(SEATS, "participations", [*BEFORE, "party_id"])


def downgrade() -> None:
    op.drop_index(SEATS, "participations")
    op.create_index(SEATS, "participations", BEFORE)
    for table in TABLES:
        op.drop_index(f"ix_{table}_deleted", table)
