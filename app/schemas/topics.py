"""Topics: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import RecordRead, TopicCode
from app.schemas.filters import ListFilters


class TopicRead(RecordRead):
    """A controlled subject in a small tree."""

    code: TopicCode
    label: Annotated[str, Field(examples=["Taiwan"])]
    parent: Annotated[TopicCode | None, Field(description="The wider topic.")]
    children: Annotated[list[TopicCode], Field(description="The narrower topics.")]


class TopicFilters(ListFilters):
    sort: Annotated[
        Literal["code", "-code", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "code"
