"""`chancery keys`: the only place where keys are made, listed, rotated and revoked.

A new key goes to standard output, alone on its line, so that it can be piped; what is said about
it goes to standard error. No message holds a key.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from app.settings import Settings
from app.terminal import Failure, clear_failures, engine_of, settings_or_fail
from app.vocabulary import Scope

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.access.keys import Key
    from app.models import ApiKey

LONGEST_DAYS = 36_500
HEADINGS = ("id", "name", "scopes", "state", "created", "expires", "last used", "replaces")


def duration(text: str) -> timedelta | None:
    """`90d` or `12h`; None where it is neither."""
    found = re.fullmatch("([0-9]{1,6})([dh])", text)
    if found is None:
        return None
    number = int(found[1])
    span = timedelta(days=number) if found[2] == "d" else timedelta(hours=number)
    return span if span <= timedelta(days=LONGEST_DAYS) else None


class Overlap(click.ParamType[timedelta]):
    name = "overlap"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        span = duration(str(value))
        if span is None:
            self.fail("expected days or hours, such as 7d or 12h; 0d for none", param, ctx)
        return span


class Expiry(click.ParamType[datetime]):
    name = "expiry"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        span = duration(str(value))
        if span is not None:
            return datetime.now(UTC) + span
        try:
            last_day = date.fromisoformat(str(value))
            return datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + timedelta(1)
        except (ValueError, OverflowError):
            self.fail(
                "expected days or hours, such as 90d, or a day, such as 2030-12-31", param, ctx
            )


@click.group()
def keys() -> None:
    """Make, list, rotate and revoke the keys of those who write.

    A key is shown once, when it is made: what is kept is a keyed hash of it.
    """


@contextmanager
def session_of(settings: Settings) -> "Iterator[Session]":
    """One transaction, committed where nothing went wrong."""
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from app.database.migrations import ensure_current  # noqa: PLC0415

    with clear_failures(), engine_of(settings) as engine:
        ensure_current(engine)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session


@keys.command()
@click.option("--name", required=True, help="Whose key it is.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it allows besides reading; may be given several times.",
)
@click.option("--expires", type=Expiry(), help="90d, 12h, or its last day (UTC), 2030-12-31.")
def create(name: str, scopes: tuple[str, ...], expires: datetime | None) -> None:
    """Make a key, and show it: on standard output, alone on its line."""
    settings = settings_or_fail()
    with session_of(settings) as session:
        from app.access import register  # noqa: PLC0415
        from app.access.peppers import pepper_path  # noqa: PLC0415

        peppers = register.peppers_for_new_keys(session, pepper_path(settings))
        given = [Scope(scope) for scope in scopes]
        key, row = register.create(session, peppers, name=name, scopes=given, expires_at=expires)
    tell(row)
    hand_over(key)


@keys.command("list")
def list_keys() -> None:
    """List all keys with what they allow and when they were last used; times are UTC."""
    with session_of(settings_or_fail()) as session:
        from app.access import register  # noqa: PLC0415

        now = datetime.now(UTC)
        rows = [
            (
                row.id,
                row.name,
                scopes_of(row),
                register.state(row, now).value,
                *map(register.shown, (row.created_at, row.expires_at, row.last_used_at)),
                row.replaces_id or "-",
            )
            for row in register.listed(session)
        ]
    if not rows:
        click.echo("There are no keys; make one with `chancery keys create`.", err=True)
        return
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    for line in (HEADINGS, *rows):
        click.echo("  ".join(map(str.ljust, line, widths)).rstrip())


@keys.command()
@click.option(
    "--overlap",
    type=Overlap(),
    default="7d",
    show_default=True,
    help="How long the old key stays valid: days or hours, such as 12h.",
)
@click.option("--expires", type=Expiry(), help="When the new one ends; else it lives as long.")
@click.argument("key_id", metavar="ID")
def rotate(key_id: str, overlap: timedelta, expires: datetime | None) -> None:
    """Make a key in the place of another, with the same name and scopes, and show it.

    Both are valid until the overlap ends.
    """
    settings = settings_or_fail()
    with session_of(settings) as session:
        from app.access import register  # noqa: PLC0415
        from app.access.peppers import pepper_path  # noqa: PLC0415

        peppers = register.peppers_for_new_keys(session, pepper_path(settings))
        old = register.find(session, key_id)
        key, row = register.rotate(session, peppers, old, overlap=overlap, expires_at=expires)
    tell(row)
    click.echo(f"It replaces {old.id}, which ends on {register.shown(old.expires_at)}.", err=True)
    hand_over(key)


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """End a key for good, from the next request on. A leaked key may itself stand for its ID."""
    with session_of(settings_or_fail()) as session:
        from app.access import register  # noqa: PLC0415

        row = register.find(session, key_id)
        was_valid = register.revoke(row)
    said = "is revoked" if was_valid else "was revoked before"
    click.echo(f"The key {row.id} of {row.name} {said}.", err=True)


@keys.command("rotate-pepper")
def rotate_pepper() -> None:
    """Add a version to the pepper. Keys go over to it when they are next used, and stay valid.

    A running server reads the new version by itself. Where several machines serve one database,
    run this on a copy of the file (CHANCERY_PEPPER_FILE) and bring the copy to all of them at
    once: a machine without the new version refuses the keys that went over to it.
    """
    settings = settings_or_fail()
    with session_of(settings) as session:
        from app.access import register  # noqa: PLC0415
        from app.access.peppers import pepper_path, rotate_peppers  # noqa: PLC0415

        path = pepper_path(settings)
        version = rotate_peppers(path).newest
        waiting = register.under_old_pepper(session, version)
    click.echo(
        f"The pepper in {path} is at version {version}; {waiting} key(s) go over to it when they "
        "are next used. Put the file into the backup.",
        err=True,
    )


def tell(row: "ApiKey") -> None:
    from app.access.register import shown  # noqa: PLC0415

    ends = f"until {shown(row.expires_at)}" if row.expires_at else "until it is revoked"
    click.echo(
        f"Key {row.id} of {row.name}: {scopes_of(row)}; valid {ends}.\n"
        "It is shown this once, and nothing can bring it back:",
        err=True,
    )


def hand_over(key: "Key") -> None:
    """Show the key, after it was committed; one that could not be shown has to be revoked."""
    try:
        click.echo(key.reveal())
        sys.stdout.flush()
    except OSError as error:
        message = (
            f"The key could not be shown: {error.strerror}. Revoke it with `chancery keys revoke "
            f"{key.id}` and make another."
        )
        raise Failure(message) from error


def scopes_of(row: "ApiKey") -> str:
    """The scopes in the order in which the vocabulary has them."""
    held = {Scope.READ, *(each.scope for each in row.scopes)}
    return ", ".join(scope for scope in Scope if scope in held)
