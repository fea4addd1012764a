"""What the record holds, data set by data set."""

from typing import Annotated

from pydantic import Field

from app.schemas.common import CalendarDay, Instant, Shown


class HeadRead(Shown):
    """Where the log of all changes ends. Kept elsewhere, it proves later that none was altered."""

    seq: Annotated[int, Field(description="The number of the newest change.", examples=[141])]
    hash: Annotated[str, Field(description="Its SHA-256, in hex, over it and all before it.")]
    at: Annotated[Instant, Field(description="When it was made.")]


class CoverageRead(Shown):
    """The days on which its events may fall; of a data set without any, the days of its tenures,
    else of its sources. Null where none has a bound.
    """

    earliest: CalendarDay | None
    latest: CalendarDay | None


class ImportRead(Shown):
    """The last run over a data set that was kept."""

    started_at: Instant
    finished_at: Instant
    outcome: Annotated[str, Field(description="How it ended.", examples=["loaded"])]
    content_hash: Annotated[str, Field(description="SHA-256, in hex, over what was read.")]
    counts: Annotated[
        dict[str, int],
        Field(description="What became of the records handed over.", examples=[{"created": 140}]),
    ]


class DatasetRead(Shown):
    """A data set: what came with it, the days it covers, and when it was last brought in."""

    name: Annotated[str, Field(examples=["seed"])]
    records: Annotated[
        dict[str, int],
        Field(description="Live records of each noun.", examples=[{"meetings": 5}]),
    ]
    coverage: CoverageRead
    last_import: Annotated[
        ImportRead | None, Field(description="Null for what editors make one by one.")
    ]


class StatusRead(Shown):
    """What there is."""

    version: Annotated[str, Field(description="The program's.", examples=["0.1.0"])]
    head: Annotated[HeadRead | None, Field(description="Null in an empty record.")]
    datasets: list[DatasetRead]
