"""The keys of those who write, and what each allows."""
# One column, constraint or index a line reads better here than what the formatter makes of it.
# fmt: off
# ruff: noqa: E501

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCOPES = ("read", "write", "delete", "import", "audit")


def upgrade() -> None:
    op.create_table("api_keys",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pepper_version", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.String(length=10), nullable=True),
        sa.CheckConstraint("length(id) = 10", name=op.f("ck_api_keys_id_is_whole")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_api_keys_somebody_holds_it")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_api_keys_digest_is_whole")),
        sa.CheckConstraint("pepper_version >= 1", name=op.f("ck_api_keys_pepper_version_starts_at_one")),
        sa.CheckConstraint("replaces_id <> id", name=op.f("ck_api_keys_replaces_another")),
        sa.ForeignKeyConstraint(["replaces_id"], ["api_keys.id"], name=op.f("fk_api_keys_replaces_id_api_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys"))
    )
    op.create_index(op.f("ix_api_keys_replaces_id"), "api_keys", ["replaces_id"])
    op.create_table("api_key_scopes",
        sa.Column("key_id", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.Enum(*SCOPES, name="scope", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.CheckConstraint("scope <> 'read'", name=op.f("ck_api_key_scopes_reading_goes_without_saying")),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_api_key_scopes_key_id_api_keys")),
        sa.PrimaryKeyConstraint("key_id", "scope", name=op.f("pk_api_key_scopes"))
    )


def downgrade() -> None:
    op.drop_table("api_key_scopes")
    op.drop_table("api_keys")
