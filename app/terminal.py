"""What every command needs: the settings, an engine, and one clear line where it fails."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from app.errors import ChanceryError, InvalidInput, SeedRefused
from app.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Failure(click.ClickException):
    """Ends the program with status 1 and the message on standard error."""


@contextmanager
def clear_failures() -> Iterator[None]:
    """Errors of the domain and of the database end in one line, not in a traceback."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        yield
    except SeedRefused as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise Failure(str(error)) from error
    except InvalidInput as error:
        allowed = "; ".join(", ".join(flaw.allowed) for flaw in error.flaws if flaw.allowed)
        raise Failure(f"{error}" + (f" (expected {allowed})" if allowed else "")) from error
    except ChanceryError as error:
        raise Failure(str(error)) from error
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise Failure(f"The database failed: {cause[0] if cause else error}") from error


def settings_or_fail() -> Settings:
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"CHANCERY_{'_'.join(map(str, flaw['loc'])).upper()}: {flaw['msg']}"
            for flaw in error.errors()
        ]
        raise Failure("; ".join(lines)) from error


@contextmanager
def engine_of(settings: Settings, **given: int) -> Iterator["Engine"]:
    """An engine on the database of the settings; `given` is for `make_engine`."""
    from app.database.engines import make_engine  # noqa: PLC0415

    engine = make_engine(settings.database_url, **given)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def progress(what: str) -> "Iterator[Callable[[int], None]]":
    """How far long work has come: a line that renews itself, on a terminal only."""
    shown = sys.stderr.isatty()

    def tell(reached: int) -> None:
        if shown:
            click.echo(f"\r{what}: {reached:,}", err=True, nl=False)

    yield tell
    if shown:
        click.echo("\r\033[K", err=True, nl=False)


WIDTH = 30
PLAIN_STEP = 25
"""Elsewhere than on a terminal, one line for so many percent."""


@contextmanager
def bar(what: str) -> "Iterator[Callable[[int, int], None]]":
    """How much is done of how much: a bar on a terminal, now and then a plain line elsewhere."""
    shown = sys.stderr.isatty()
    last = -1

    def tell(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // total if total else 100
        if shown and percent != last:
            filled = "#" * (WIDTH * percent // 100)
            line = f"\r{what} [{filled:.<{WIDTH}}] {done:,} of {total:,}"
            click.echo(line, err=True, nl=False)
        elif not shown and percent // PLAIN_STEP != last // PLAIN_STEP:
            click.echo(f"{what}: {done:,} of {total:,}", err=True)
        last = percent

    try:
        yield tell
    finally:
        if shown:
            click.echo("\r\033[K", err=True, nl=False)
