"""The texts that neutral records are made of: ids, slugs, dates, lines and prose, each checked.

What has no place in any text is refused here: control signs, lone surrogates, and in names
and titles whatever hides or reorders signs.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
)
from pydantic_core import CoreSchema

from app import dates
from app.vocabulary import PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def check_uuid7(text: str) -> str:
    if not UUID7.fullmatch(text):
        message = "expected a UUIDv7 in lower case"
        raise ValueError(message)
    return text


def check_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = "expected an IANA time zone such as Asia/Shanghai"
        raise ValueError(message) from error
    return text


def check_edtf(text: str) -> str:
    dates.parse(text)
    return text


def check_day(text: str) -> str:
    dates.parse_day(text)
    return text


INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def check_instant(value: Any) -> Any:
    """Keep Pydantic from reading numbers, and texts of digits, as seconds since 1970."""
    if not isinstance(value, datetime) and not (
        isinstance(value, str) and INSTANT.fullmatch(value)
    ):
        message = "expected an instant with its zone, such as 2023-06-19T16:30:00+08:00"
        raise ValueError(message)
    return value


def check_range(instant: datetime) -> datetime:
    try:
        instant.astimezone(UTC)
    except OverflowError as error:
        message = "lies outside the years 1 to 9999 in UTC"
        raise ValueError(message) from error
    return instant


URL = re.compile(r"https?://[^\s<>\"'\\^`{|}\x00-\x20]+")


def check_url(text: str) -> str:
    if not URL.fullmatch(text):
        message = "expected an http or https address"
        raise ValueError(message)
    return text


def check_perspective(text: str) -> str:
    if text not in {PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY} and not CODE.fullmatch(text):
        message = "expected a party's code, `press` or `third_party`"
        raise ValueError(message)
    return text


OUT_OF_PLACE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def plain_text(text: str) -> str:
    """Refuse what has no place in any text: control signs other than line breaks and tabs."""
    found = None if text.isprintable() else OUT_OF_PLACE.search(text)  # the former is quicker
    if found:
        message = f"holds the control sign U+{ord(found.group()):04X}"
        raise ValueError(message)
    return text


CONTROLS = r"\x00-\x08\x0e-\x1f\x7f"
HIDDEN_SIGNS = "\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff"
HIDDEN = re.compile(rf"[{HIDDEN_SIGNS}\n\t]")


def one_line(text: str) -> str:
    """Refuse signs that hide or reorder text, which a name or title never needs."""
    found = None if text.isprintable() else HIDDEN.search(text)
    if found:
        message = f"holds the invisible sign U+{ord(found.group()):04X}"
        raise ValueError(message)
    return text


CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}")


class Described:
    """What a check takes, as far as JSON Schema can say it; the check's words are better.

    Not `Field(json_schema_extra=…)`, which is lost where a field is taken over into a draft.
    """

    def __init__(self, **said: str | int) -> None:
        self.said = said

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.said}


def without(signs: str) -> Described:
    """Text that holds none of those signs. White space at its ends is cut off before it is
    looked at, so that no white space counts here.
    """
    return Described(pattern=f"^[^{signs}]+$")


RecordId = Annotated[
    str, AfterValidator(check_uuid7), Described(format="uuid", pattern=f"^{UUID7.pattern}$")
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=128)]
PartyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,15}$")]
TopicCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", max_length=64)
]
Edtf = Annotated[
    str,
    AfterValidator(check_edtf),
    Described(pattern=dates.PATTERN, maxLength=dates.MAX_LENGTH),
]
CalendarDay = Annotated[
    str,
    AfterValidator(check_day),
    Described(format="date", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
]
Zone = Annotated[
    str,
    AfterValidator(check_zone),
    Described(pattern="^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*$", maxLength=64),
]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(check_instant),
    AfterValidator(check_range),
    Described(pattern=f"^{INSTANT.pattern}$"),
]
Flag = Annotated[bool, Strict()]
Minutes = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Url = Annotated[str, AfterValidator(check_url), Described(pattern=f"^{URL.pattern}$")]
Perspective = Annotated[
    str,
    AfterValidator(check_perspective),
    Described(pattern=f"^(?:{CODE.pattern}|{PERSPECTIVE_PRESS}|{PERSPECTIVE_THIRD_PARTY})$"),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(plain_text),
    AfterValidator(one_line),
    without(CONTROLS + HIDDEN_SIGNS),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(plain_text),
    without(CONTROLS),
]
LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", max_length=35)
]
Script = Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")]
