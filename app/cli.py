"""The command line: `chancery serve`, `seed`, `migrate`, `export`, `openapi`, `keys` and more.

Each command ends with exit status 0, or with another and one clear line. Heavy parts are
imported where they are used, so that a start is quick.
"""

import errno
import gc
import json
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli_identities import identities
from app.cli_import import import_group
from app.cli_keys import keys
from app.settings import Settings
from app.terminal import Failure, clear_failures, engine_of, progress, settings_or_fail

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.importers.reports import Entry, Report
    from app.record.evidence import Finding

SEED = "seed"
SEED_DIRECTORY = Path(__file__).resolve().parents[1] / "seed_data"
BACKLOG = 2048
MOST_HEAPS = -8
"""`M_ARENA_MAX` of `mallopt`."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chancery", prog_name="chancery")
def main() -> None:
    """Chancery: the diplomatic record as an API.

    Settings come from CHANCERY_… variables and a .env file; the README lists them.
    """


main.add_command(keys)
main.add_command(import_group)
main.add_command(identities)


@main.command()
def migrate() -> None:
    """Bring the database's schema to the one of this version."""
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings) as engine:
        migrate_if_needed(engine)
        reshape_if_needed(engine)
        renew_search_if_needed(engine)


@main.command()
@click.option("--directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do all the work and keep nothing.")
@click.option("--reason", help="Why; kept with every revision.")
@click.option("--verbose", "-v", is_flag=True, help="Name every record, not only what changed.")
def seed(directory: Path | None, *, dry_run: bool, reason: str | None, verbose: bool) -> None:
    """Load the seed; records that read as before are left alone.

    Everything in it is loaded, or nothing: a mistake is reported with file, line and field.
    """
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings) as engine:
        from app.database.migrations import ensure_current  # noqa: PLC0415

        ensure_current(engine)
        report = load_seed(engine, directory or SEED_DIRECTORY, reason=reason, dry_run=dry_run)
        tell(report, report.entries if verbose else report.changed)


@main.command()
@click.option("--host", help="The address to listen on (CHANCERY_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (CHANCERY_PORT).")
@click.option("--prepare", is_flag=True, help="First migrate, and load the seed if it changed.")
def serve(host: str | None, port: int | None, *, prepare: bool) -> None:
    """Serve the API until it is told to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also before uvicorn hears it, which raises it again when it has stopped: a good end.
        signal.signal(number, end_well)
    settings = settings_or_fail()
    listener = listen(host or settings.host, settings.port if port is None else port)
    with clear_failures():
        with engine_of(settings) as engine:
            from app.database.migrations import ensure_current  # noqa: PLC0415

            if prepare:
                migrate_if_needed(engine)
                reshape_if_needed(engine)
                renew_search_if_needed(engine)
                seed_if_changed(engine)
            ensure_current(engine)
        run_server(settings, listener)


@main.command()
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path))
def openapi(output: Path | None) -> None:
    """Write the OpenAPI document."""
    from app.api import document  # noqa: PLC0415

    text = json.dumps(document().openapi(), indent=2, ensure_ascii=False, sort_keys=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@main.command()
@click.option("--head", metavar="SEQ:HASH", help="A head of this log that was kept elsewhere.")
@click.option("--documents", is_flag=True, help="Also hold every document against its record.")
def verify(head: str | None, *, documents: bool) -> None:
    """Walk the log of changes and its chain of hashes, and say where it ends.

    Ends with status 1 at the first revision that is missing or was altered. Write the head
    down elsewhere: with it, a log of which the end was written anew is found out too.
    """
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings) as engine:
        from app.database.migrations import ensure_current  # noqa: PLC0415
        from app.record.counting import miscounted  # noqa: PLC0415
        from app.record.verifying import Broken, Head, stale_documents, verify_log  # noqa: PLC0415

        ensure_current(engine)
        kept = None
        if head is not None:
            seq, _, digest = head.partition(":")
            if not (seq.isascii() and seq.isdigit() and len(seq) < 16 and len(digest) == 64):
                message = "A head is SEQ:HASH, as `chancery verify` prints it."
                raise Failure(message)
            kept = Head(int(seq), digest)
        try:
            with progress("Verifying") as tell:
                found = verify_log(engine, kept=kept, tell=tell)
        except Broken as broken:
            message = f"The log is broken: {broken}."
            raise Failure(message) from broken
        stale = list(stale_documents(engine)) if documents else []
        wrong = list(miscounted(engine)) if documents else []
    for line in (*stale, *wrong):
        click.echo(line)
    click.echo(f"{found.seq} revision(s), each as it was written. Head {found}")
    if stale:
        message = f"{len(stale)} document(s) are not what their records say."
        raise Failure(message)
    if wrong:
        message = f"{len(wrong)} data set(s) are not of as many records as is kept of them."
        raise Failure(message)


@main.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--known-at", metavar="INSTANT", help="As the record stood then; now if not given.")
def export(directory: Path, known_at: str | None) -> None:
    """Write the whole record to DIR, a new or an empty folder.

    One NDJSON file for each noun, in order of id, and `manifest.json`, which says of which head
    of the log they are and what each file should hash to.
    """
    from app.schemas.filters import instant  # noqa: PLC0415

    try:
        at = None if known_at is None else instant(known_at)
    except ValueError as error:
        message = f"--known-at: {error}"
        raise Failure(message) from error
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings) as engine:
        from app.database.migrations import ensure_current  # noqa: PLC0415
        from app.exports.snapshots import write_snapshot  # noqa: PLC0415
        from app.queries.snapshots import snapshot  # noqa: PLC0415

        ensure_current(engine)
        with snapshot(engine, at) as record, progress("Exporting") as tell:
            manifest = write_snapshot(directory, record, tell)
    for file in manifest["files"]:
        click.echo(f"{file['name']}: {file['records']} record(s), {file['bytes']} bytes")
    head = manifest["head"]
    click.echo(f"Written to {directory}. Head {head['seq']}:{head['hash']}")


@main.command("verify-evidence")
@click.option("--source", required=True, help="The source's slug or id.")
@click.option("--verbose", "-v", is_flag=True, help="Name every quotation, not only those at odds.")
@click.argument("file", type=click.Path(path_type=Path))
def verify_evidence(file: Path, *, source: str, verbose: bool) -> None:
    """Look for every quotation from a source in FILE, a copy of it: plain text or HTML, in UTF-8.

    Ends with status 1 when one is missing or altered. White space, the shape of quotation
    marks and of dashes do not count; case and punctuation do.
    """
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings) as engine:
        from app.database.migrations import ensure_current  # noqa: PLC0415
        from app.queries.evidence import quotations, source_id  # noqa: PLC0415
        from app.record.copies import read_copy  # noqa: PLC0415
        from app.record.evidence import Outcome, check  # noqa: PLC0415

        ensure_current(engine)
        with engine.connect() as connection:
            stored = quotations(connection, source_id(connection, source))
        copy = read_copy(file)
    if not stored:
        click.echo(f"Source {source}: no record quotes it, so there is nothing to verify.")
        return
    findings = [check(each, copy) for each in stored]
    for finding in findings:
        if verbose or finding.outcome is not Outcome.FOUND:
            tell_finding(finding)
    counts = {outcome: sum(each.outcome is outcome for each in findings) for outcome in Outcome}
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    click.echo(f"Source {source}: {len(findings)} quotation(s); {told}.")
    if counts[Outcome.FOUND] < len(findings):
        sys.exit(1)


def tell_finding(finding: "Finding") -> None:
    """A quotation and whose evidence it is; below, what the copy has instead."""
    about = finding.quotation
    place = "" if finding.line is None else f" line {finding.line}"
    where = f",{place}" if place and finding.passage is None else ""
    click.echo(
        f"{finding.outcome}: {about.kind} {about.key} ({about.part}{where}): {finding.quoted}"
    )
    if finding.passage is not None:
        has = "has it otherwise surrounded" if finding.misplaced else "has"
        click.echo(f"   {place} {has}: {finding.passage}")


def migrate_if_needed(engine: "Engine") -> None:
    from app.database.migrations import SCHEMA, current_schema, migrate  # noqa: PLC0415

    at = current_schema(engine)
    if at == SCHEMA:
        return
    migrate(engine)
    click.echo(f"The database's schema is now {SCHEMA} (it was {at or 'empty'}).")


def reshape_if_needed(engine: "Engine") -> None:
    from app.record.reshaping import is_reshaped, reshape  # noqa: PLC0415

    if is_reshaped(engine):
        return
    from app.record.recorder import Change  # noqa: PLC0415

    republished = reshape(engine, Change(actor="cli:migrate", reason="a new release"))
    if republished:
        click.echo(f"{republished} documents were published anew in the shape of this version.")


def renew_search_if_needed(engine: "Engine") -> None:
    from app.record.searching import is_renewed, renew  # noqa: PLC0415

    if not is_renewed(engine):
        click.echo(f"{renew(engine)} records were made ready for the search of this version.")


def seed_if_changed(engine: "Engine") -> None:
    """Load the seed unless the last run read the very same files."""
    from app.importers.fingerprint import content_hash  # noqa: PLC0415
    from app.importers.runs import last_content_hash  # noqa: PLC0415

    if last_content_hash(engine, SEED) != content_hash(SEED_DIRECTORY):
        tell(load_seed(engine, SEED_DIRECTORY, reason=None, dry_run=False))


def load_seed(engine: "Engine", directory: Path, *, reason: str | None, dry_run: bool) -> "Report":
    from app.importers.loader import load_batch  # noqa: PLC0415
    from app.importers.seed import read  # noqa: PLC0415
    from app.record.recorder import Change  # noqa: PLC0415

    change = Change(actor="cli:seed", reason=reason)
    return load_batch(engine, read(directory), dataset=SEED, change=change, dry_run=dry_run)


def tell(report: "Report", named: "Iterable[Entry]" = ()) -> None:
    """The report in plain lines: some records by name, then the counts."""
    for entry in named:
        click.echo(f"{entry.outcome}: {entry.kind} {entry.key} ({entry.origin})")
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items() if count)
    tried = " Nothing was kept: this was a dry run." if report.dry_run else ""
    click.echo(
        f"Data set {report.dataset}: {counts or 'no records'}; "
        f"{report.republished} republished, 0 refused.{tried}"
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or one clear line: a server must not find out later."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = (
                f"Port {port} on {host} is taken by another program. Stop that one, or choose "
                "another port: CHANCERY_PORT=8001 make run"
            )
            raise Failure(message) from error
        reason = error.strerror or str(error)
        raise Failure(f"Cannot listen on {host}, port {port}: {reason}") from error
    return listener


def run_server(settings: Settings, listener: socket.socket) -> None:
    share_one_heap()
    gc.disable()  # until all is loaded, which takes a tenth longer with it
    from app.main import create_app  # noqa: PLC0415
    from app.web.logs import configure  # noqa: PLC0415
    from app.web.server import make_server  # noqa: PLC0415

    configure(settings.log_format)

    def give_up() -> None:
        server.give_up()  # it is made of the application, which comes first

    app = create_app(settings, when_loaded=settle, when_broken=give_up)
    server = make_server(app, settings)
    host, port = listener.getsockname()[:2]
    greet(f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}")  # noqa: S104
    server.run(sockets=[listener])
    if server.is_broken or not server.started:
        sys.exit(1)


def share_one_heap() -> bool:
    """Have all threads take memory from one heap; False where the C library knows no such thing.

    GNU's gives each a heap of its own, and what slow reads leave in theirs stays: a twelfth of what
    a worker takes.
    """
    import ctypes  # noqa: PLC0415

    try:
        return bool(ctypes.CDLL(None).mallopt(MOST_HEAPS, 1))
    except (AttributeError, OSError):
        return False


def settle() -> None:
    """What is loaded by now stays: a look for garbage in all of it would hold up every reader."""
    gc.freeze()
    gc.enable()


def end_well(_signal: int, _frame: object) -> None:
    sys.exit(0)


def greet(address: str) -> None:
    """What to open and what to try."""
    visit = "blinken-beijing-2023-06"
    click.echo(f"""
Chancery serves at {address}

  open  {address}/docs     try every request in the browser
        {address}/redoc    read the reference

  try   curl '{address}/v1/meetings?visit={visit}&sort=sequence'
        curl --get '{address}/v1/officials' --data-urlencode 'q=习近平'
        curl '{address}/v1/commitments?made_in=biden-xi-bali-2022-11-14'

Stop it with Ctrl-C.
""")
    sys.stdout.flush()
