"""`chancery serve` whose SQLite keeps nearly no pages: what memory it takes besides those."""

import sys

from app.cli import main
from app.database import engines, sqlite_reading


def pragmas(busy_timeout_milliseconds: int) -> tuple[str, ...]:
    few = ("PRAGMA cache_size = 10", "PRAGMA mmap_size = 0")
    return (*engines.pragmas(busy_timeout_milliseconds), *few)


vars(sqlite_reading)["pragmas"] = pragmas

if __name__ == "__main__":
    main(sys.argv[1:])
