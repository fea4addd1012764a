"""Visits: the localities of a stop that comprises several."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PUBLIC_ID = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
SORT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "stop_localities",
        sa.Column("stop_id", PUBLIC_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_folded", SORT_TEXT, nullable=True),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("city_folded", SORT_TEXT, nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stop_id"], ["visit_stops.id"], name=op.f("fk_stop_localities_stop_id_visit_stops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_localities")),
    )
    op.create_index(op.f("ix_stop_localities_stop_id"), "stop_localities", ["stop_id"])
    op.create_index("ix_stop_localities_by_city", "stop_localities", ["city_folded", "stop_id"])
    op.create_index("ix_stop_localities_by_name", "stop_localities", ["name_folded", "stop_id"])


def downgrade() -> None:
    op.drop_table("stop_localities")
