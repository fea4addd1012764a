"""Pages of lists that show no documents: rows that an ordinary route makes its items of.

Their statements are kept by form like those of the lane, and their cursors bound to the query.
"""

from typing import Any, NamedTuple

from app.database.reading import Fetch
from app.lane.questions import normalised
from app.lane.statements import Prepared, Statements
from app.paging import decode_cursor, encode_cursor
from app.queries.base import PRESENTATION, Bind, Computed, form_of


class Listed(NamedTuple):
    """A page: its rows, the cursor of the next one, and the total where it was asked for."""

    rows: list[Any]
    next_cursor: str | None
    total: int | None


async def listed(fetch: Fetch, statements: Statements, listing: Computed, filters: Any) -> Listed:
    """One page, in one statement and one more for the total.

    `filters` hold what the address stands for. Raises `InvalidInput` for a cursor that belongs
    to another query.
    """
    identity = normalised(listing.name, filters, PRESENTATION) + filters.sort.encode()
    shown = filters
    if filters.cursor is not None:
        key_type = listing.key_types[filters.sort.removeprefix("-")]
        after = decode_cursor(filters.cursor, identity, key_type)
        shown = filters.model_copy(update={"after": after})
    prepared = prepare(statements, (filters.sort, filters.limit), listing, shown)
    rows = await fetch(prepared.compiled, prepared.values(shown))
    total = None
    if filters.count is not None:
        prepared = prepare(statements, "count", listing, filters)
        total = int((await fetch(prepared.compiled, prepared.values(filters)))[0][0])
    page = rows[: filters.limit]
    cursor = None
    if len(rows) > filters.limit:
        cursor = encode_cursor((page[-1][1], str(page[-1][2])), identity)
    return Listed(page, cursor, total)


def prepare(statements: Statements, part: Any, listing: Computed, filters: Any) -> Prepared:
    """The statement of a page, or that of the total where `part` is `count`."""
    make = listing.count if part == "count" else listing.page

    def compiled() -> Prepared:
        bind = Bind(statements.reader.dialect)
        return statements.prepare(make(filters, bind), bind)

    written = tuple(getattr(filters, name) for name in listing.written)
    return statements.keep((listing.name, form_of(filters), written, part), compiled)  # type: ignore[no-any-return]
