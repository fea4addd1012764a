"""This API as it would be without published documents: the JSON is made when it is asked for.

The same server, front, lane and statements; only where the lane reads a stored document, SQLite
puts one together from the rows. For meetings, on SQLite.
"""

import sys

from app.cli import listen
from app.database.reading import Compiled
from app.lane import lane
from app.lane.statements import Prepared, Statements
from app.main import create_app
from app.queries.base import Resource
from app.queries.leading import Lead
from app.schemas.filters import ListFilters, Reference
from app.settings import Settings
from app.web.server import make_server
from benchmarks.contenders.json_in_sql import MEETING

DOCUMENT = f"CAST({MEETING} AS BLOB)"


def page_of(statement: str, *, descending: bool) -> str:
    order = "page.sort_key DESC, page.id DESC" if descending else "page.sort_key, page.id"
    return f"""SELECT page.seq, page.sort_key, page.id, {DOCUMENT} FROM ({statement}) AS page
        JOIN meetings AS m ON m.id = page.id ORDER BY {order}"""


def one_of(statement: str) -> str:
    return f"""SELECT m.rev, m.seq, m.deleted_seq, m.id, NULL, {DOCUMENT} FROM ({statement}) AS one
        JOIN meetings AS m ON m.id = one.id"""


class BuiltStatements(Statements):
    """The lane's statements, with documents built in place of those read."""

    def page(
        self,
        resource: Resource,
        filters: ListFilters,
        lead: Lead,
        *,
        further: bool,
        bodies: bool,
        whole: bool = True,
    ) -> Prepared:
        found = super().page(resource, filters, lead, further=further, bodies=False)
        if not bodies:
            return found
        sort: str = filters.sort  # type: ignore[attr-defined]
        sql = page_of(found.compiled.sql, descending=sort.startswith("-"))
        return self.instead(found, sql)

    def one(self, resource: Resource, reference: Reference) -> Prepared:
        found = super().one(resource, reference)
        return self.instead(found, one_of(found.compiled.sql))

    def instead(self, found: Prepared, sql: str) -> Prepared:
        def make() -> Prepared:
            compiled = Compiled(sql, found.compiled.names, found.compiled.constants)
            return Prepared(compiled, found.takes)

        prepared: Prepared = self.keep(("built", found.compiled.sql), make)
        return prepared


def main() -> None:
    settings = Settings()
    vars(lane)["Statements"] = BuiltStatements
    make_server(create_app(settings), settings).run(sockets=[listen("127.0.0.1", int(sys.argv[1]))])


if __name__ == "__main__":
    main()
