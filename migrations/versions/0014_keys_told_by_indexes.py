"""On PostgreSQL the indexes of places tell the key of a meeting, and one of codes a party's id.

A page of a country's or a city's meetings of one format is found without a look at any of them; and
the country without reading all parties.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PLACES = {"ix_meetings_by_country": "country_id", "ix_meetings_by_city": "city_folded"}
LIVE = sa.text("deleted_seq IS NULL")


def places(include: list[str]) -> None:
    for name, place in PLACES.items():
        op.drop_index(name, "meetings")
        columns = [place, "date_ascends", "id", "format"]
        op.create_index(
            name, "meetings", columns, postgresql_where=LIVE, postgresql_include=include
        )


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        places(["seq"])
        op.create_index("ix_parties_by_code", "parties", ["code"], postgresql_include=["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_parties_by_code", "parties")
        places([])
