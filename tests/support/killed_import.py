"""`python -m tests.support.killed_import URL TRIES FOLDER` imports the Historian's data in a folder
into a database, killed again and again on the way.

Each try is `chancery import historian` in a process that kills itself (SIGKILL) before it commits,
or before one of its statements. Writes, as JSON, what was there before, after each try, and at the
end, when nothing was in the way: the rows of each table, and the head of the log.
"""

import gc
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from app.cli import main as chancery
from app.database.engines import make_engine
from app.models import Base, Revision
from tests.support.historian_files import NAMES
from tests.support.killed import killed


def found(url: str) -> dict[str, Any]:
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
        head = connection.scalar(select(Revision.hash).order_by(Revision.seq.desc()).limit(1))
    engine.dispose()
    return {"rows": rows, "head": head}


def main(url: str, tries: int, folder: Path) -> None:
    os.environ["CHANCERY_DATABASE_URL"] = url
    arguments = ["import", "historian"]
    for name in NAMES:
        arguments += [f"--{name}", str(folder / name)]

    def act(_: Engine | None) -> None:
        kept, sys.stdout = sys.stdout, sys.stderr
        try:
            chancery(arguments, standalone_mode=False)
        finally:
            sys.stdout = kept

    gc.freeze()  # or each child looks through all that was imported, and copies it by doing so
    seen = [found(url)]
    total = killed(url, act)
    seen.append(found(url))
    for _ in range(tries):
        killed(url, act, random.randint(1, total))
        seen.append(found(url))
    act(None)
    sys.stdout.write(json.dumps([*seen, found(url)]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
