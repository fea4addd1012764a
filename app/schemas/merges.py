"""What merges one official into another."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class MergeCreate(BaseModel):
    """Into whom."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[
        str,
        Field(
            description="The id or slug of the official that stays.",
            min_length=1,
            max_length=128,
            json_schema_extra={"pattern": "^[A-Za-z0-9-]+$"},
            examples=["wang-yi"],
        ),
    ]
