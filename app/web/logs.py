"""The log: one line an event, for people or for programs, and never a key in it.

Whoever logs uses the standard library's `logging` and passes what is to be found again as
`extra`; structlog writes the lines of all, uvicorn's too. Each line of a request carries its id.
The query of an address is not logged: what people search for may be nobody's business.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

from app.web import request_ids

Format = Literal["auto", "json", "console"]

MASKED = "…"
KEY = re.compile(r"(chancery_(?:[0-9a-z]{10}_)?)[0-9A-Za-z_-]{8,}")
"""Anything that begins as a key of ours does. The id is public, and helps to find the key."""
CREDENTIALS = re.compile(r"\b(Bearer|Basic)(\s+)[0-9A-Za-z._~+/=-]{8,}", re.IGNORECASE)


def mask(text: str) -> str:
    """A text without keys and other credentials: nothing logs any, and this is a second fence."""
    return CREDENTIALS.sub(rf"\1\2{MASKED}", KEY.sub(rf"\1{MASKED}", text))


def add_request_id(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The id of the request in whose course this is logged, if there is one."""
    current = request_ids.current.get()
    if current != "-":
        event.setdefault("request_id", current)
    return event


class Lines(logging.Formatter):
    """Writes each record as structlog does, which is loaded for the first of them.

    It takes 50 ms to load, and most processes start without having anything to say.
    """

    def __init__(self, shape: Literal["json", "console"], *, coloured: bool = False) -> None:
        super().__init__()
        self.shape = shape
        self.coloured = coloured
        self.made: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self.made is None:
            self.made = self.make()
        return mask(self.made.format(record))

    def make(self) -> logging.Formatter:
        import orjson  # noqa: PLC0415
        import structlog  # noqa: PLC0415
        from structlog.stdlib import ProcessorFormatter  # noqa: PLC0415

        renderer: list[Any]
        if self.shape == "json":
            renderer = [
                structlog.processors.format_exc_info,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(
                    serializer=lambda event, **_: orjson.dumps(event, default=str).decode()
                ),
            ]
        else:
            plain = structlog.dev.plain_traceback
            renderer = [
                structlog.dev.ConsoleRenderer(
                    colors=self.coloured, exception_formatter=plain, sort_keys=False
                )
            ]
        return ProcessorFormatter(
            processors=[ProcessorFormatter.remove_processors_meta, *renderer],
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                add_request_id,
            ],
        )


def configure(wanted: Format, stream: TextIO = sys.stderr) -> None:
    """Have everything that is logged written to a stream; `auto` looks who reads it."""
    is_terminal = stream.isatty()
    shape: Literal["json", "console"]
    if wanted == "auto":
        shape = "console" if is_terminal else "json"
    else:
        shape = wanted
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(shape, coloured=is_terminal))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
