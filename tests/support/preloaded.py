"""What a process of `tests.support.ready` begins with: the commands and all that they load, but
for the web. Nothing else imports this.
"""

import gc
from importlib import import_module

MODULES = (
    "alembic.command",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "app.cli",
    "app.database.migrations",
    "app.exports.snapshots",
    "app.importers.loader",
    "app.importers.seed",
    "app.record.reshaping",
    "app.record.searching",
    "tests.support.ready",
)

for name in MODULES:
    import_module(name)

# Or each process looks through all that was imported, and copies it by doing so.
gc.collect()
gc.freeze()
