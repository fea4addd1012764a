"""One import into an empty database, in a process of its own: `python -m benchmarks.importing`.

    python -m benchmarks.importing URL MEETINGS

It prints, as JSON, how long the import took without what making the record up took, how many rows
it made in every table, and the most memory that the process ever had.
"""

import json
import os
import sys
import time

from sqlalchemy import Engine, func, select

from app.models.base import Base
from benchmarks.databases import fill_record, opened
from benchmarks.machine import memory_mib


def rows_of(engine: Engine) -> dict[str, int]:
    """How many rows there are in each table."""
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def main() -> None:
    url, meetings = sys.argv[1], int(sys.argv[2])
    with opened(url) as engine:
        before = rows_of(engine)
        began = time.perf_counter()
        made_up = fill_record(engine, meetings)
        seconds = time.perf_counter() - began - made_up
        peak = memory_mib(os.getpid(), "VmHWM")
        after = rows_of(engine)
    made = {name: after[name] - before[name] for name in after if after[name] > before[name]}
    print(json.dumps({"seconds": seconds, "rows": made, "memory_mib": peak}))


if __name__ == "__main__":
    main()
