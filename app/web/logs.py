"""The log: one line an event, for people or for programs, and never a key in it.

Whoever logs uses the standard library's `logging` and passes what is to be found again as
`extra`; structlog writes the lines of all, uvicorn's too. Each line of a request carries its id.
The query of an address is not logged: what people search for may be nobody's business.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import orjson

from app.web import request_ids

Format = Literal["auto", "json", "console"]

MASKED = "…"
KEY = re.compile(r"(chancery_(?:[0-9a-z]{10}_)?)[0-9A-Za-z_-]{8,}")
"""Anything that begins as a key of ours does. The id is public, and helps to find the key."""
CREDENTIALS = re.compile(r"\b(Bearer|Basic)(\s+)[0-9A-Za-z._~+/=-]{8,}", re.IGNORECASE)


def mask(text: str) -> str:
    """A text without keys and other credentials: nothing logs any, and this is a second fence."""
    folded = text.casefold()
    if "chancery_" in folded:
        text = KEY.sub(rf"\1{MASKED}", text)
    if "bearer" in folded or "bas" in folded:  # a dotless i, too, is one to the pattern
        text = CREDENTIALS.sub(rf"\1\2{MASKED}", text)
    return text


def add_request_id(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The id of the request in whose course this is logged, if there is one."""
    current = request_ids.current.get()
    if current != "-":
        event.setdefault("request_id", current)
    return event


OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record of `logging` has; all else was passed as `extra`."""


def has_no_trace(record: logging.LogRecord) -> bool:
    return not (record.exc_info or record.exc_text or record.stack_info)


def json_line(record: logging.LogRecord) -> str:
    """A record without a traceback as structlog would write it, in a quarter of the time: the
    access log has one for every request.
    """
    at = datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None)
    event: dict[str, Any] = {
        "timestamp": f"{at.isoformat(timespec='microseconds')}Z",
        "level": record.levelname.lower(),
        "logger": record.name,
        **{name: value for name, value in vars(record).items() if name not in OWN},
    }
    if "request_id" not in event:
        add_request_id(None, "", event)
    event["message"] = record.getMessage()
    return orjson.dumps(event, default=str).decode()


class Lines(logging.Formatter):
    """Writes each record as structlog does, which is loaded for the first that needs it.

    It takes 50 ms to load, and most processes start without having anything to say.
    """

    def __init__(self, shape: Literal["json", "console"], *, coloured: bool = False) -> None:
        super().__init__()
        self.shape = shape
        self.coloured = coloured
        self.made: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self.shape == "json" and has_no_trace(record):
            return mask(json_line(record))
        if self.made is None:
            self.made = self.make()
        return mask(self.made.format(record))

    def make(self) -> logging.Formatter:
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
