"""The feed of changes: what a copy of the record needs to stay in step."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from app.schemas.common import Id, Instant, Shown
from app.schemas.filters import CommaList, Parameters, whole_number
from app.schemas.filters import Instant as InstantParameter
from app.schemas.problems import optional
from app.vocabulary import Operation, RecordKind

SequenceNumber = Annotated[int, Field(ge=1, examples=[141])]


class ChangeRead(Shown):
    """One change of one record; with `include=document` also what it published."""

    seq: Annotated[
        SequenceNumber, Field(description="Its place among all changes; there are no holes.")
    ]
    type: Annotated[RecordKind, Field(description="The kind of record.")]
    id: Annotated[Id, Field(description="The record's id.")]
    operation: Operation
    rev: Annotated[int, Field(description="The record's revision after the change.", examples=[1])]
    at: Instant
    cause: Annotated[
        int | None,
        Field(
            description="For a republication: the change that made it necessary, or the "
            "revision of an older shape that it replaces."
        ),
    ]
    document: Annotated[
        dict[str, Any] | None,
        Field(
            description="The document that the change published; null where there is none, as "
            "after a deletion. Only there with `include=document`.",
            json_schema_extra=optional,
        ),
    ] = None


class ChangesRead(Shown):
    """Changes in the order in which they were made. Read on with `after` set to `next_after`."""

    items: list[ChangeRead]
    next_after: Annotated[
        int,
        Field(
            description="Where to read on: the last change shown, or where there was none, the "
            "last that was looked at.",
            examples=[141],
        ),
    ]
    limit: Annotated[int, Field(examples=[100])]


class ChangesParameters(Parameters):
    after: Annotated[
        int,
        Field(
            ge=0,
            le=2**53,
            description="Only changes after this one; 0 starts from the first.",
            examples=[140],
        ),
        BeforeValidator(whole_number),
    ] = 0
    since: Annotated[
        InstantParameter | None,
        Field(
            description="Only changes at that instant or later.", examples=["2026-11-24T00:00:00Z"]
        ),
    ] = None
    limit: Annotated[
        int, Field(ge=1, le=200, description="Changes in an answer."), BeforeValidator(whole_number)
    ] = 100
    include: Annotated[
        CommaList[Literal["document"]] | None,
        Field(description="`document` adds what each change published.", examples=["document"]),
    ] = None
    wait: Annotated[
        int,
        Field(
            ge=0,
            le=30,
            description="Seconds to wait where there is no such change yet: the answer comes as "
            "soon as there is one, or empty at the end.",
            examples=[30],
        ),
        BeforeValidator(whole_number),
    ] = 0
