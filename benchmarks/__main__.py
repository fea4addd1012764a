"""`make bench` and `make bench-full`: measure, print, keep, and write the page of figures.

One worker on one core, the load from the other, contenders in turn, medians of the rounds. What
counts is the ratio; the figures beside it are this machine's on this day.
"""

import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import fields, replace

import click

from benchmarks import postgres, report
from benchmarks.databases import PostgresStore, SqliteStore, Store
from benchmarks.load import best_load
from benchmarks.machine import ROOT, said_of_the_machine
from benchmarks.rows import Result, read_all, write
from benchmarks.run import FULL, SHORT, Run, Sizes, Stage
from benchmarks.stages import STAGES

BUILD = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "performance.md"
QUICK = ("front", "reads", "pages", "filters", "bulk", "startup")
"""What the short form measures, on SQLite."""


def some_of(
    _context: click.Context, _option: click.Parameter, given: str | None
) -> list[str] | None:
    names = given.split(",") if given else None
    for name in names or ():
        if name not in STAGES:
            message = f"{name} is none of {', '.join(STAGES)}"
            raise click.BadParameter(message)
    return names


def sizes_of(
    _context: click.Context, _option: click.Parameter, given: Sequence[str]
) -> dict[str, float]:
    found = {}
    known = [each.name for each in fields(Sizes)]
    for each in given:
        name, _, value = each.partition("=")
        if name not in known:
            message = f"{name} is none of {', '.join(known)}"
            raise click.BadParameter(message)
        found[name] = float(value) if name == "seconds" else int(value)
    return found


@click.command(help=__doc__)
@click.option("--full", is_flag=True, help="All stages, at full size, and the page written.")
@click.option("--only", callback=some_of, metavar="STAGE,…", help="Only these stages.")
@click.option("--engine", type=click.Choice(["sqlite", "postgresql", "both"]))
@click.option(
    "--postgres",
    "server",
    metavar="URL",
    help="A server where databases may be made; else one is started, on loopback.",
)
@click.option("--size", "sizes", multiple=True, callback=sizes_of, metavar="NAME=NUMBER")
@click.option("--without", multiple=True, metavar="CONTENDER", help="Leave a contender out.")
@click.option("--write/--no-write", "writes", default=None, help="Write docs/performance.md.")
def main(
    *,
    full: bool,
    only: list[str] | None,
    engine: str | None,
    server: str | None,
    sizes: dict[str, float],
    without: tuple[str, ...],
    writes: bool | None,
) -> None:
    chosen = [STAGES[name] for name in only or (STAGES if full else QUICK)]
    sized = replace(FULL if full else SHORT, **sizes)  # type: ignore[arg-type]
    results = BUILD / ("full" if full else "short")
    failed: list[str] = []
    asked = engine or ("both" if full else "sqlite")
    engines = ["any", *(("sqlite", "postgresql") if asked == "both" else (asked,))]
    for each in engines:
        if not any(each in stage.engines for stage in chosen):
            continue
        with store_of(each, server) as store:
            run = Run(store, best_load(), sized, frozenset(without))
            for stage in (stage for stage in chosen if each in stage.engines):
                began = time.monotonic()
                try:
                    result = measured(stage, run, each)
                except Exception:  # noqa: BLE001 - the others are measured all the same
                    failed.append(f"{stage.name} on {each}")
                    click.echo(f"\n{stage.name} failed:\n{traceback.format_exc()}", err=True)
                    continue
                write(results, result)
                click.echo("\n".join(report.plain(result)))
                click.echo(f"  ({time.monotonic() - began:.0f} s)")
    if full if writes is None else writes:
        report.write_page(PAGE, report.report(read_all(results, STAGES), STAGES))
        click.echo(f"\nWritten to {PAGE.relative_to(ROOT)}.")
    if failed:
        message = f"Not measured: {', '.join(failed)}."
        raise click.ClickException(message)


def measured(stage: Stage, run: Run, engine: str) -> Result:
    rows = tuple(stage.measure(run))
    context = dict(said_of_the_machine())
    if isinstance(run.store, PostgresStore):
        context["PostgreSQL"] = run.store.version()
    context["sizes"] = ", ".join(
        f"{each.name} {getattr(run.sizes, each.name):,}" for each in fields(Sizes)
    )
    return Result(stage.name, engine, context, rows)


@contextmanager
def store_of(engine: str, server: str | None) -> Iterator[Store]:
    if engine != "postgresql":
        yield SqliteStore(BUILD / "databases")
        return
    folder = BUILD / "postgres"
    with nullcontext(server) if server else postgres.started(folder) as address:
        yield PostgresStore(address)


if __name__ == "__main__":
    main()
