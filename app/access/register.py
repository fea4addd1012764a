"""The keys as their administrator sees them: made, listed, rotated, revoked. Command line only.

Everything here works inside the caller's transaction, and leaves the commit to it.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.access.keys import IS_ID, Key, new_key, parse_key
from app.access.peppers import Peppers, make_peppers, read_peppers
from app.errors import KeyRefused, PepperMissing, Unauthenticated
from app.models import ApiKey, ApiKeyScope
from app.models.keys import LONGEST_NAME
from app.vocabulary import Scope


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state(row: ApiKey, now: datetime) -> State:
    if row.revoked_at is not None:
        return State.REVOKED
    if row.expires_at is not None and row.expires_at <= now:
        return State.EXPIRED
    return State.VALID


def peppers_for_new_keys(session: Session, path: Path) -> Peppers:
    """The pepper; made where there is none, unless valid keys still need the one that is gone.

    Raises `PepperMissing` then, or `PepperUnusable`.
    """
    try:
        return read_peppers(path)
    except PepperMissing as error:
        now = datetime.now(UTC)
        rows = session.scalars(select(ApiKey)).all()
        held = sum(state(row, now) is State.VALID for row in rows)
        if held:
            message = (
                f"{error} If it is lost for good, so are the {held} valid key(s): revoke each "
                "(`chancery keys list`), then a new pepper is made with the next new key."
            )
            raise PepperMissing(message) from error
        former = max((row.pepper_version for row in rows), default=0)
        return make_peppers(path, version=former + 1)


def create(
    session: Session,
    peppers: Peppers,
    *,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
    replaces_id: str | None = None,
) -> tuple[Key, ApiKey]:
    """A new key and its row. `KeyRefused` where the name or the expiry cannot be meant."""
    name = name.strip()
    if not name.isprintable() or not 1 <= len(name) <= LONGEST_NAME:
        message = f"A name has 1 to {LONGEST_NAME} signs, in one line; say whose key it is."
        raise KeyRefused(message)
    now = datetime.now(UTC)
    if expires_at is not None and expires_at <= now:
        message = f"The key would have expired on {shown(expires_at)} already; name a later time."
        raise KeyRefused(message)
    key = new_key()
    version = peppers.newest
    row = ApiKey(
        id=key.id,
        name=name,
        digest=key.digest(peppers.by_version[version]),
        pepper_version=version,
        created_at=now,
        expires_at=expires_at,
        replaces_id=replaces_id,
        scopes=[ApiKeyScope(scope=scope) for scope in sorted({*scopes} - {Scope.READ})],
    )
    session.add(row)
    session.flush()
    return key, row


def listed(session: Session) -> Sequence[ApiKey]:
    """Every key with its scopes, the oldest first."""
    oldest_first = select(ApiKey).order_by(ApiKey.created_at, ApiKey.id)
    return session.scalars(oldest_first.options(selectinload(ApiKey.scopes))).all()


def find(session: Session, text: str) -> ApiKey:
    """A key's row by its id, or by the whole key, which a message never repeats.

    A key that was found where it should not be is revoked by what was found.
    """
    key_id = text
    if not IS_ID(text):
        try:
            key_id = parse_key(text).id
        except Unauthenticated as error:
            message = "This is neither the id of a key nor a key; `chancery keys list` has the ids."
            raise KeyRefused(message) from error
    chosen = select(ApiKey).where(ApiKey.id == key_id).with_for_update()
    row = session.scalar(chosen.options(selectinload(ApiKey.scopes)))
    if row is None:
        message = f"There is no key {key_id}; `chancery keys list` has them all."
        raise KeyRefused(message)
    return row


def rotate(
    session: Session,
    peppers: Peppers,
    old: ApiKey,
    *,
    overlap: timedelta,
    expires_at: datetime | None = None,
) -> tuple[Key, ApiKey]:
    """A new key in the place of an old one, which stays valid until the overlap has passed.

    The new one has the same name and scopes, and lives as long from now as the old one was
    to live from its making, unless told otherwise. `KeyRefused` where the old one is not valid,
    or is being rotated already.
    """
    now = datetime.now(UTC)
    found = state(old, now)
    if found is not State.VALID:
        message = f"The key {old.id} is {found}; make a new one with `chancery keys create`."
        raise KeyRefused(message)
    heir = session.scalar(
        select(ApiKey.id).where(ApiKey.replaces_id == old.id, ApiKey.revoked_at.is_(None))
    )
    if heir is not None:
        message = f"The key {old.id} was rotated already: {heir} takes its place. Rotate that one."
        raise KeyRefused(message)
    if expires_at is None and old.expires_at is not None:
        expires_at = now + (old.expires_at - old.created_at)
    scopes = [each.scope for each in old.scopes]
    made = create(
        session, peppers, name=old.name, scopes=scopes, expires_at=expires_at, replaces_id=old.id
    )
    ends_at = now + overlap
    if old.expires_at is None or ends_at < old.expires_at:
        old.expires_at = ends_at
    return made


def revoke(row: ApiKey) -> bool:
    """End a key for good; False where it was revoked before."""
    if row.revoked_at is not None:
        return False
    row.revoked_at = datetime.now(UTC)
    return True


def under_old_pepper(session: Session, version: int) -> int:
    """How many keys that are not revoked were hashed under a version before this one."""
    counted = select(func.count()).select_from(ApiKey)
    older = counted.where(ApiKey.pepper_version < version, ApiKey.revoked_at.is_(None))
    return session.scalar(older) or 0


def shown(at: datetime | None) -> str:
    return "-" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
