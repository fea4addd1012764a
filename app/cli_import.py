"""`chancery import`: data sets that are kept elsewhere, from local copies.

Reading and checking are done before the database is touched; what is loaded goes in in one
transaction, or not at all. The report names every record that did not simply read as before.
"""

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.terminal import Failure, bar, clear_failures, engine_of, settings_or_fail

if TYPE_CHECKING:
    from app.importers.historian.reading import Historian
    from app.importers.reports import Report

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
MARKS = {"travels": "*-travels", "visits": "data", "pocom": "people"}
"""What is in each repository's folder, and in no other's."""

CACHE_KIBIBYTES = 16_384
"""SQLite's pages in memory: with four times as many an import is no quicker."""

SELDOM = 20_000
"""How many objects are made before the newest are looked through for garbage."""

TOLD = ("meetings", "conferences", "people named", "bodies")
"""What the report counts of what texts tell of."""


@click.group("import")
def import_group() -> None:
    """Bring in data sets that are kept elsewhere."""


@import_group.command()
@click.option("--travels", type=FOLDER, help="A copy of the repository `travels`.")
@click.option("--visits", type=FOLDER, help="A copy of the repository `visits`.")
@click.option("--pocom", type=FOLDER, help="A copy of the repository `pocom`.")
@click.option("--dry-run", is_flag=True, help="Do all the work and keep nothing.")
@click.option("--reason", help="Why; kept with every revision.")
@click.option(
    "--allow-withdrawals",
    is_flag=True,
    help="Also where more than a tenth of a repository's originals is gone.",
)
@click.option(
    "--json",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the whole report there.",
)
def historian(
    travels: Path | None,
    visits: Path | None,
    pocom: Path | None,
    *,
    dry_run: bool,
    reason: str | None,
    allow_withdrawals: bool,
    output: Path | None,
) -> None:
    """Import the Office of the Historian's travels, visits and POCOM from local copies.

    Everything is loaded, or nothing. Records that read as before are left alone; oddities of the
    originals are imported as they are and flagged, with file and record id. What a repository had
    before and no longer has is withdrawn.
    """
    given = {"travels": travels, "visits": visits, "pocom": pocom}
    if not any(given.values()):
        message = "Expected at least one of --travels, --visits and --pocom, found none."
        raise Failure(message)
    for name, folder in given.items():
        if folder is not None and not any(folder.glob(MARKS[name])):
            message = (
                f"--{name}: expected a copy of the repository {name}, with {MARKS[name]} in it."
            )
            raise Failure(message)
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings, cache_kibibytes=CACHE_KIBIBYTES) as engine:
        from app.database.bulk import undisturbed  # noqa: PLC0415
        from app.database.migrations import ensure_current  # noqa: PLC0415
        from app.errors import SeedRefused  # noqa: PLC0415
        from app.importers.historian.reading import read_historian  # noqa: PLC0415
        from app.importers.historian.sources import where_it_stood  # noqa: PLC0415
        from app.importers.historian.standing import standing_of  # noqa: PLC0415
        from app.importers.loader import load_batches  # noqa: PLC0415
        from app.importers.withdrawing import Policy  # noqa: PLC0415
        from app.record.recorder import Change  # noqa: PLC0415

        ensure_current(engine)
        try:
            with bar("Reading files") as tell, undisturbed():
                found = read_historian(
                    travels=travels,
                    visits=visits,
                    pocom=pocom,
                    standing=standing_of(engine),
                    tell=tell,
                )
            change = Change(actor="cli:import", reason=reason)
            with bar("Loading records") as tell, uncollected():
                reports = load_batches(
                    engine,
                    found.batches,
                    change=change,
                    dry_run=dry_run,
                    withdrawals=Policy(where_it_stood, allow_many=allow_withdrawals),
                    tell=tell,
                )
        except SeedRefused as error:
            if output is not None:
                write(output, {"refused": list(error.problems), "data_sets": [], "flagged": []})
            raise
    if output is not None:
        write(output, as_json(found, reports))
    tell_report(found, reports)


@contextmanager
def uncollected() -> Iterator[None]:
    """What was read is not looked through for garbage: it stays, and looking takes a seventh of the
    time. What is made of it is looked through seldom, as hardly any of it is garbage.
    """
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(SELDOM, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()


def tell_report(found: "Historian", reports: "list[Report]") -> None:
    for report in reports:
        for entry in report.changed:
            click.echo(f"{entry.outcome}: {entry.kind} {entry.key} ({entry.origin})")
    for flag in found.flags:
        click.echo(f"flagged: {flag}")
    for each in found.joined:
        click.echo(f"joined: {each.file}: {each.record} ({each.into})")
    flagged = Counter(flag.oddity.value for flag in found.flags)
    if flagged:
        named = ", ".join(f"{count} {oddity}" for oddity, count in sorted(flagged.items()))
        click.echo(f"Flagged: {named}.")
    if found.told:
        named = ", ".join(f"{what} {found.told.get(what, 0)}" for what in TOLD)
        click.echo(f"Told of in remarks and descriptions: {named}.")
    for report in reports:
        counts = ", ".join(
            f"{count} {outcome}" for outcome, count in report.counts.items() if count
        )
        click.echo(
            f"Data set {report.dataset}: {counts or 'no records'}; "
            f"{report.republished} republished, 0 refused."
        )
    if any(report.dry_run for report in reports):
        click.echo("Nothing was kept: this was a dry run.")
    sys.stdout.flush()


def as_json(found: "Historian", reports: "list[Report]") -> dict[str, Any]:
    return {
        "data_sets": [
            {
                "dataset": report.dataset,
                "dry_run": report.dry_run,
                "counts": dict(report.counts),
                "republished": report.republished,
                "records": [
                    {
                        "outcome": entry.outcome,
                        "kind": entry.kind,
                        "key": entry.key,
                        "origin": entry.origin,
                    }
                    for entry in report.changed
                ],
            }
            for report in reports
        ],
        "flagged": [
            {
                "oddity": flag.oddity,
                "file": flag.file,
                "record": flag.record,
                "text": flag.text,
            }
            for flag in found.flags
        ],
        "joined": [
            {"file": each.file, "record": each.record, "into": each.into} for each in found.joined
        ],
        "told": {what: found.told.get(what, 0) for what in TOLD},
        "refused": [],
    }


def write(output: Path, report: dict[str, Any]) -> None:
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{output}: the report cannot be written: {error.strerror}"
        raise Failure(message) from error
