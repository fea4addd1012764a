"""The revisions of a record: what changed when and why, and the record as each left it."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from app.schemas.common import Instant, Shown
from app.schemas.filters import Parameters, whole_number
from app.vocabulary import Operation

LARGEST_NUMBER = 2**53

Number = Annotated[
    int,
    Field(
        description="The revision's place in the log of all changes; it names the revision.",
        examples=[141],
    ),
]


class RevisionRead(Shown):
    """One change of the record. A republication is no change of its content: a neighbour that
    the document shows has changed, or the form of documents has.
    """

    seq: Number
    rev: Annotated[int, Field(description="The record's count of changes after it.", examples=[1])]
    operation: Operation
    at: Instant
    reason: Annotated[str | None, Field(description="Why, where the one who made it said so.")]
    cause: Annotated[
        int | None, Field(description="For a republication: the change that made it necessary.")
    ]
    actor: Annotated[
        str | None,
        Field(
            description="Who made it: `key:` and a key's id, or a command. Only for keys with the "
            "scope `audit`; null for all others."
        ),
    ]
    request_id: Annotated[
        str | None,
        Field(description="The request that made it; as `actor`, only for the scope `audit`."),
    ]
    shape: Annotated[int, Field(description="The form of documents at the time.", examples=[2])]
    body_hash: Annotated[
        str | None, Field(description="SHA-256 of the document, in hex; null where it left none.")
    ]
    hash: Annotated[
        str,
        Field(description="SHA-256, in hex, over all of the revision and the hash before it."),
    ]


class RevisionsRead(Shown):
    """A page of revisions, the newest first. `next_before` is null on the last page."""

    items: list[RevisionRead]
    next_before: Annotated[
        int | None, Field(description="Send it as `before` to read on.", examples=[141])
    ]


class RevisionWithDocumentRead(RevisionRead):
    """One revision with the document that it published."""

    document: Annotated[
        dict[str, Any] | None,
        Field(
            description="The record as this revision left it, in the form of its time; null "
            "after a deletion."
        ),
    ]


class DifferenceRead(Shown):
    """One difference. In a list whose elements have ids, the pointer names one by its id."""

    pointer: Annotated[
        str, Field(description="A JSON pointer (RFC 6901).", examples=["/duration_minutes"])
    ]
    operation: Literal["add", "remove", "replace"]
    before: Any
    after: Any


class DifferencesRead(Shown):
    """What a revision changed: field by field, against the record's revision before it.

    `rev` and `updated_at` change with every change and are left out.
    """

    seq: Number
    before: Annotated[
        int | None, Field(description="The revision compared with; null where this is the first.")
    ]
    differences: list[DifferenceRead]


class RevisionsParameters(Parameters):
    limit: Annotated[
        int, Field(ge=1, le=200, description="Items on a page."), BeforeValidator(whole_number)
    ] = 20
    before: Annotated[
        int | None,
        Field(
            ge=1,
            le=LARGEST_NUMBER,
            description="Only revisions before this one; from `next_before`.",
            examples=[141],
        ),
        BeforeValidator(whole_number),
    ] = None
