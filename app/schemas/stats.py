"""Counts: how many records a list has of each year, party, topic and so on."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import Shown


class CountRead(Shown):
    """How many of the selected records have one value."""

    value: Annotated[
        str,
        Field(
            description="A year (`1972`), a decade (`197X`), the code of a party or topic, or a "
            "member of a closed list.",
            examples=["CN"],
        ),
    ]
    label: Annotated[
        str | None,
        Field(
            description="The name of a party, the label of a topic, a decade as `1970s`; null for "
            "what needs none.",
            examples=["China"],
        ),
    ]
    count: Annotated[int, Field(description="Records that have it, or may have it.", ge=1)]
    uncertain: Annotated[
        int,
        Field(
            description="How many of them may fall elsewhere too: their date covers other years or "
            "decades, which count them as well, or it has an open or unknown end.",
            ge=0,
        ),
    ]


class CountsRead(Shown):
    """Records of a list, grouped by one thing and counted."""

    of: Annotated[
        Literal["meetings", "visits", "statements", "commitments"],
        Field(description="What is counted."),
    ]
    by: Annotated[str, Field(description="What it is grouped by.", examples=["party"])]
    total: Annotated[
        int, Field(description="How many records the filters select, each counted once.", ge=0)
    ]
    items: Annotated[
        list[CountRead],
        Field(
            description="Years and decades in order; all else by count, the highest first, then by "
            "value. A value that no record has is not there."
        ),
    ]
    undated: Annotated[int, Field(description="Records in no row because they have no date.", ge=0)]
    open_ended: Annotated[
        int,
        Field(
            description="Records that count only in the year of the end that is known, because "
            "the other is open or unknown.",
            ge=0,
        ),
    ]
    without: Annotated[
        int,
        Field(
            description="Records in no row because they have no party, country, topic or kind.",
            ge=0,
        ),
    ]
