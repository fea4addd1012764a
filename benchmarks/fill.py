"""Fill a database with the made-up record, in constant memory, and say how quickly.

`python -m benchmarks.fill --meetings 1000000 sqlite:///big.db`; the database is made if it is not
there. What is counted is every row in every table; checking each record is in the time, making it
up is not.
"""

import argparse
import resource
import time
from collections.abc import Iterator

import click
from sqlalchemy import Engine, func, select

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.importers.batches import Sourced
from app.importers.streams import load_stream
from app.models import Base
from app.record.recorder import Change
from benchmarks.generator import MODELS, content_hash, sourced, stream

DATASET = "benchmark"


class Checked:
    """The record as a stream of checked records, and the time that making it up takes."""

    def __init__(self, meetings: int) -> None:
        self.meetings = meetings
        self.made_up_seconds = 0.0
        self.made_up_cpu_seconds = 0.0

    def __iter__(self) -> Iterator[Sourced]:
        given = stream(self.meetings)
        number = 0
        while True:
            began, began_cpu = time.perf_counter(), time.process_time()
            some = [each for _, each in zip(range(1_000), given, strict=False)]
            self.made_up_seconds += time.perf_counter() - began
            self.made_up_cpu_seconds += time.process_time() - began_cpu
            for kind, each in some:
                yield sourced(MODELS[kind].model_validate(each), number)
                number += 1
            if not some:
                return


def fill(engine: Engine, meetings: int) -> Checked:
    """Load the record with that many meetings; begun again, what is missing of it."""
    migrate(engine)
    records = Checked(meetings)
    load_stream(
        engine,
        records,
        dataset=DATASET,
        change=Change(actor="benchmark"),
        content_hash=content_hash(meetings),
        tell=lambda reached: click.echo(f"\r{reached:,} records", err=True, nl=False),
    )
    click.echo(err=True)
    return records


def rows_of(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=100_000)
    parser.add_argument("url", help="the address of the database, as in CHANCERY_DATABASE_URL")
    given = parser.parse_args()
    engine = make_engine(given.url)
    began, began_cpu = time.perf_counter(), time.process_time()
    records = fill(engine, given.meetings)
    seconds = time.perf_counter() - began - records.made_up_seconds
    cpu = time.process_time() - began_cpu - records.made_up_cpu_seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = sum(rows_of(engine).values())
    click.echo(
        f"{given.meetings:,} meetings, {rows:,} rows, {rows / given.meetings:.1f} a meeting, in "
        f"{seconds:.1f} s ({cpu:.1f} s of CPU here): {rows / seconds:,.0f} rows/s "
        f"({rows / cpu:,.0f} a second of CPU), at most {memory:.0f} MiB"
    )
    engine.dispose()


if __name__ == "__main__":
    main()
