"""The query parameters of lists: their types, and those that every list takes.

A value arrives as the text that the client sent. What these types accept is what the OpenAPI
document says, to the letter: no blanks around numbers, no epochs for instants, no full-width
digits.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from datetime import date as CalendarDate
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)

from app import dates

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
LENGTH_OF_ID = 36
MOST_ALTERNATIVES = 200


class IdRef(str):
    """A reference by id."""

    __slots__ = ()


class CodeRef(str):
    """A reference by the code of a party."""

    __slots__ = ()


class SlugRef(str):
    """A reference by slug, or by the code of a topic."""

    __slots__ = ()


Reference = IdRef | CodeRef | SlugRef


class Bounds(NamedTuple):
    """The first and the last day that a partial date covers."""

    first: CalendarDate
    last: CalendarDate


def reference(text: Any) -> Reference:
    """Tell an id from a code from a slug by its form alone."""
    if isinstance(text, str) and len(text) <= 128:
        if len(text) == LENGTH_OF_ID and UUID.fullmatch(text):
            return IdRef(text.lower())
        if SLUG.fullmatch(text):  # most are; none is a code, which has capitals
            return SlugRef(text)
        if CODE.fullmatch(text):
            return CodeRef(text)
    message = "expected an id, a slug or a code"
    raise ValueError(message)


def record_id(text: Any) -> IdRef:
    found = reference(text)
    if not isinstance(found, IdRef):
        message = "expected an id (a UUID)"
        raise ValueError(message)  # noqa: TRY004
    return found


def party(text: Any) -> Reference:
    found = reference(text)
    if isinstance(found, SlugRef):
        message = "expected the code of a party in upper case, such as CN"
        raise ValueError(message)  # noqa: TRY004
    return found


def whole_number(text: Any) -> Any:
    """Only plain ASCII digits count as a number."""
    if isinstance(text, str) and not re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text):
        message = "expected a whole number"
        raise ValueError(message)
    return text


def boolean(text: Any) -> Any:
    if text not in ("true", "false"):
        message = "expected true or false"
        raise ValueError(message)
    return text == "true"


def instant(text: Any) -> datetime:
    """An RFC 3339 instant that can be said in UTC within the years 1 to 9999."""
    message = "expected an instant such as 2023-06-19T08:30:00Z"
    if not isinstance(text, str) or not INSTANT.fullmatch(text):
        raise ValueError(message)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(message) from error


def day(text: Any) -> CalendarDate:
    return dates.parse_day(str(text))


def partial_date(text: Any) -> Bounds:
    return Bounds(*dates.parse_filter_bounds(str(text)))


def split_commas(text: Any) -> Any:
    """Alternatives stand between commas; none of them may be empty."""
    if not isinstance(text, str):
        return text
    parts = text.split(",")
    if not all(parts):
        message = "holds an empty alternative; write values between single commas"
        raise ValueError(message)
    if len(parts) > MOST_ALTERNATIVES:
        message = f"holds {len(parts)} alternatives; at most {MOST_ALTERNATIVES} are allowed"
        raise ValueError(message)
    return tuple(dict.fromkeys(parts))


def visible(text: str) -> str:
    """Refuse control signs, which no name, city or search text holds."""
    if any(sign < " " or sign == "\x7f" for sign in text):
        message = "holds a control sign"
        raise ValueError(message)
    return text


T = TypeVar("T")
CommaList = Annotated[tuple[T, ...], BeforeValidator(split_commas)]
Several = Annotated[tuple[T, ...], Field(max_length=20)]

RecordRef = Annotated[
    Reference,
    PlainValidator(reference),
    WithJsonSchema({"type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9-]+$"}),
]
RecordId = Annotated[
    IdRef, PlainValidator(record_id), WithJsonSchema({"type": "string", "format": "uuid"})
]
PartyRef = Annotated[
    Reference,
    PlainValidator(party),
    WithJsonSchema({"type": "string", "maxLength": 36, "pattern": "^[A-Za-z0-9-]+$"}),
]
TopicRef = RecordRef
Boolean = Annotated[bool, PlainValidator(boolean), WithJsonSchema({"type": "boolean"})]
Instant = Annotated[
    datetime,
    PlainValidator(instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[
    CalendarDate, PlainValidator(day), WithJsonSchema({"type": "string", "format": "date"})
]
PartialDate = Annotated[
    Bounds,
    PlainValidator(partial_date),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}),
]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(visible)]
Limit = Annotated[
    int, Field(ge=1, le=200, description="Items on a page."), BeforeValidator(whole_number)
]
Cursor = Annotated[
    str | None,
    Field(
        description="From `next_cursor`; belongs to the filters and the sort that made it.",
        min_length=1,
        max_length=2048,
        json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"},
    ),
]
Count = Annotated[Literal["exact"] | None, Field(description="`exact` fills `total`.")]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]


class Parameters(BaseModel):
    """The query of a request. A name that is not among the fields is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """What to say of a parameter that is none here, where there is a reason for that."""


class AtAnInstant(Parameters):
    """What a single record takes, and what hangs on one."""

    known_at: Annotated[
        Instant | None,
        Field(
            description="As it stood in the record at that instant, with whatever is included; an "
            "instant to come is now. 404 where it was not recorded yet, 410 where it was deleted "
            "then.",
            examples=["2030-01-01T00:00:00Z"],
        ),
    ] = None


AS_PUBLISHED = "is not taken here: an export holds each record as it was published; "
ONE_ANSWER = "is not taken here: an export has all of the list in one answer"


class ExportParameters(Parameters):
    """What every export takes, beside what selects and orders the records of the list."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "cursor": ONE_ANSWER,
        "count": ONE_ANSWER,
        "include": AS_PUBLISHED + "export the other list too, and join the two by their ids",
        "fields": AS_PUBLISHED + "leave out fields when you read it, or ask the list",
        "lang": AS_PUBLISHED + "all names are in it, and the list takes `lang`",
        "as_of": AS_PUBLISHED + "the list takes `as_of`",
    }

    limit: Annotated[
        int | None,
        Field(
            ge=1,
            le=1_000_000_000,
            description="Records at most; all that there are where it is not given.",
            examples=[1000],
        ),
        BeforeValidator(whole_number),
    ] = None


class ListFilters(Parameters):
    """What every list takes."""

    id: Annotated[
        CommaList[RecordId] | None, Field(description="These records only, up to 200 ids.")
    ] = None
    q: Annotated[
        str | None,
        Field(
            description="Full text: all words must occur. Case, accents and width do not count; "
            "names are found in every recorded script. Phrases, ranks and counts are in "
            "`/v1/search`.",
            min_length=1,
            max_length=4096,
            examples=["习近平"],
        ),
    ] = None
    updated_since: Annotated[
        Instant | None,
        Field(
            description="Records whose content changed at that instant or later.",
            examples=["2023-06-19T00:00:00Z"],
        ),
    ] = None
    limit: Limit = 20
    cursor: Cursor = None
    count: Count = None
    fields: Annotated[
        CommaList[str] | None,
        Field(description="Keep only these fields of each item.", examples=["id,rev"]),
    ] = None
    lang: Annotated[
        LanguageTag | None,
        Field(
            description="`name` fields in this language where the record has one.",
            examples=["zh"],
        ),
    ] = None


class DateRange(Parameters):
    """Filters by time: a record matches when the days it may fall on overlap the range."""

    date_from: Annotated[
        PartialDate | None,
        Field(
            description="May fall on or after: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.",
            examples=["2023-06"],
        ),
    ] = None
    date_to: Annotated[
        PartialDate | None,
        Field(
            description="May fall on or before: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, inclusive.",
            examples=["2023-06"],
        ),
    ] = None
