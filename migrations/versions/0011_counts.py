"""Counts along indexes: deleted records are found to be taken away from what these hold.

The seats of an official in the order of days say for which party each is; the meetings of a country
and of a city, of which format each is, so that who asks for both reads no other meeting.
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
PLACES = (("ix_meetings_by_country", "country_id"), ("ix_meetings_by_city", "city_folded"))
LIVE = sa.text("deleted_seq IS NULL")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(
            f"ix_{table}_deleted", table, ["id"], sqlite_where=DELETED, postgresql_where=DELETED
        )
    op.drop_index(SEATS, "participations")
    op.create_index(SEATS, "participations", [*BEFORE, "party_id"])
    for name, place in PLACES:
        make_anew(name, [place, "date_ascends", "id", "format"])


def make_anew(name: str, columns: list[str]) -> None:
    op.drop_index(name, "meetings")
    op.create_index(name, "meetings", columns, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    for name, place in PLACES:
        make_anew(name, [place, "date_ascends", "id"])
    op.drop_index(SEATS, "participations")
    op.create_index(SEATS, "participations", BEFORE)
    for table in TABLES:
        op.drop_index(f"ix_{table}_deleted", table)
