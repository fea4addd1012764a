"""Search: what hits are ranked, counted and filtered by, beside the tokens.

`chancery migrate` fills the columns afterwards, for which it has to read whole records: rows
that an earlier release wrote have no length.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "search_entries"
TEXTS = ("head", "body", "marks")
OTHERS = ("length", "date_earliest", "date_latest")
OUTDATED = sa.text("length IS NULL")

BLOCKS_ON_POSTGRESQL = (
    """
    CREATE FUNCTION search_entries_in_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.tokens := NEW.tokens || array_to_tsvector(ARRAY[
            '§a' || (NEW.number >> 12), '§b' || (NEW.number >> 15), '§c' || (NEW.number >> 18)]);
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER search_entries_in_blocks BEFORE INSERT OR UPDATE OF tokens ON search_entries
    FOR EACH ROW EXECUTE FUNCTION search_entries_in_blocks()
    """,
)
"""Tokens by which the newest entries are found first: the index knows no order."""


def upgrade() -> None:
    # Added one by one, which on SQLite keeps the triggers of the full-text index.
    for name in TEXTS:
        op.add_column(TABLE, sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column(TABLE, sa.Column("length", sa.Integer(), nullable=True))
    op.add_column(TABLE, sa.Column("date_earliest", sa.Date(), nullable=True))
    op.add_column(TABLE, sa.Column("date_latest", sa.Date(), nullable=True))
    op.create_index(
        "ix_search_entries_outdated",
        TABLE,
        ["number"],
        sqlite_where=OUTDATED,
        postgresql_where=OUTDATED,
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in BLOCKS_ON_POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER search_entries_in_blocks ON {TABLE}")
        op.execute("DROP FUNCTION search_entries_in_blocks()")
    op.drop_index("ix_search_entries_outdated", TABLE)
    for name in reversed((*TEXTS, *OTHERS)):
        op.drop_column(TABLE, name)
