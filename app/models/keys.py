"""The keys of those who write: what is kept of them, which is never the key itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, term_type
from app.vocabulary import Scope

ID_LENGTH = 10
LONGEST_NAME = 100


class ApiKey(Base):
    """A key, known by the `id` that it carries in the open.

    `digest` is the HMAC-SHA-256 of the key in hexadecimal, made with the version of the pepper
    that `pepper_version` names. A key is valid until `expires_at`, that instant not included, or
    until it is revoked. `replaces_id` is the key that it was rotated from. `last_used_at` is
    right to about a minute.

    No constraint compares an instant that a later act writes with an earlier one: a clock that
    was put back must not keep anybody from revoking a key.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    digest: Mapped[str] = mapped_column(String(64))
    pepper_version: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"), index=True)

    scopes: Mapped[list["ApiKeyScope"]] = relationship(
        cascade="all, delete-orphan", order_by="ApiKeyScope.scope", lazy="raise"
    )

    __table_args__ = (
        CheckConstraint(f"length(id) = {ID_LENGTH}", name="id_is_whole"),
        CheckConstraint("name <> ''", name="somebody_holds_it"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
        CheckConstraint("pepper_version >= 1", name="pepper_version_starts_at_one"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
    )


class ApiKeyScope(Base):
    """One thing that a key allows besides reading, which no row says because all keys may."""

    __tablename__ = "api_key_scopes"

    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    scope: Mapped[Scope] = mapped_column(term_type(Scope, "scope"), primary_key=True)

    __table_args__ = (CheckConstraint("scope <> 'read'", name="reading_goes_without_saying"),)
