"""On PostgreSQL documents of up to eight kilobytes are stored as they are, beside their number.

From two kilobytes on it would compress each, which takes a quarter less room, and unpack it
whenever it is read, which is a third of a page's time. What is there already stays compressed until
it is published anew.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NEARLY_A_PAGE = 8160


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE documents SET (toast_tuple_target = {NEARLY_A_PAGE})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE documents RESET (toast_tuple_target)")
