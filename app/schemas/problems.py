"""Errors as clients see them: problem details (RFC 9457), and the types of problem there are."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.schemas.common import Shown


def optional(schema: dict[str, Any]) -> None:
    """Where such a member has nothing to say it is not there, rather than null or empty."""
    schema.pop("default", None)


class FlawRead(BaseModel):
    """One thing wrong with an input. It has either a `parameter` or a `pointer`."""

    parameter: Annotated[
        str,
        Field(
            description="The name of the parameter.",
            examples=["sort"],
            json_schema_extra=optional,
        ),
    ] = ""
    pointer: Annotated[
        str,
        Field(
            description="Where in the body: a JSON pointer.",
            examples=["/title"],
            json_schema_extra=optional,
        ),
    ] = ""
    detail: Annotated[str, Field(description="What is wrong there.")]
    allowed: Annotated[
        list[str],
        Field(description="The values or names that would be right, where they are few."),
    ]


class ReferrerRead(BaseModel):
    """A record that refers to the one in question."""

    type: Annotated[str, Field(description="Its kind.", examples=["meeting"])]
    id: Annotated[str, Field(description="Its id.")]
    slug: Annotated[str | None, Field(description="Its slug or code, where it has one.")]


class ProblemRead(BaseModel):
    """A problem (RFC 9457). Clients tell problems apart by `type`."""

    type: Annotated[
        str,
        Field(
            description="Which problem this is: an address on this server that explains it. "
            "`about:blank` where the status says all there is to say.",
            examples=["/problems/not-found"],
        ),
    ]
    title: Annotated[str, Field(description="The problem's name for people.")]
    status: Annotated[int, Field(description="The HTTP status of the answer.", examples=[404])]
    detail: Annotated[str, Field(description="What went wrong this time.")]
    instance: Annotated[
        str, Field(description="The path that was asked for.", examples=["/v1/meetings/nowhere"])
    ]
    request_id: Annotated[
        str, Field(description="The request's `X-Request-Id`; quote it in a report.")
    ]
    errors: Annotated[
        list[FlawRead],
        Field(
            description="Every flaw of the input; only there when the input is at fault.",
            json_schema_extra=optional,
        ),
    ] = []
    revision: Annotated[
        int,
        Field(
            description="The revision that deleted the record; only with `gone`.",
            examples=[1402],
            json_schema_extra=optional,
        ),
    ] = 0
    referrers: Annotated[
        list[ReferrerRead],
        Field(
            description="The records that stand in the way; only with `conflict`.",
            json_schema_extra=optional,
        ),
    ] = []


class ProblemTypeRead(Shown):
    """A type of problem, explained."""

    name: Annotated[str, Field(examples=["not-found"])]
    type: Annotated[
        str,
        Field(description="What `type` says in an answer.", examples=["/problems/not-found"]),
    ]
    status: Annotated[int, Field(description="The HTTP status it comes with.", examples=[404])]
    title: Annotated[str, Field(examples=["There is nothing here"])]
    meaning: Annotated[str, Field(description="What has happened.")]
    remedy: Annotated[str, Field(description="What to do about it.")]


class ProblemTypesRead(Shown):
    """Every type of problem that this server answers with."""

    problems: list[ProblemTypeRead]
