"""Tables as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet.

Whatever a source may have written ends up in a cell, and spreadsheets run cells that look like
formulas. Such text gets an apostrophe in front, which they take for "text follows" and do not
show; numbers are left alone. JSON has every value as it is.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"

Cell = str | int | float | bool | None

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a formula may begin; spreadsheets take full-width signs for plain ones, and skip blanks
that end a line."""


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table line by line, ended by CRLF; a missing value is an empty cell."""
    buffer = StringIO()
    write = csv.writer(buffer, lineterminator="\r\n").writerow
    write(header)
    yield taken(buffer)
    for row in rows:
        write([shown(cell) for cell in row])
        yield taken(buffer)


def taken(buffer: StringIO) -> bytes:
    """What was written since the last time."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def shown(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
