"""`/v1/stats`: what a list holds, counted."""

from collections.abc import Mapping
from dataclasses import asdict, astuple
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.exports import tables
from app.queries.base import Resource
from app.queries.parameters import STATS_PARAMETERS, filters_of_stats
from app.queries.resources import RESOURCES
from app.queries.stats import GROUPINGS, Counts, Item
from app.schemas.stats import CountsRead
from app.web.dependencies import StrictRoute, parameters
from app.web.nouns import COMMON, ETAG, good
from app.web.problems import documented
from app.web.records import json, lane_of

router = APIRouter(
    prefix="/v1/stats", route_class=StrictRoute, tags=["stats"], responses=documented(*COMMON)
)

DESCRIPTION = """\
How many {of} there are of each value of `by`, under the filters of the list.

* By `year` and `decade` a record counts wherever it may fall: one of `195X` in each of its ten
  years. `uncertain` says how many of a row may fall elsewhere too. A date with an open or
  unknown end counts at the end that is known, and in `open_ended`; an undated record is in no
  row, but in `undated`. Rows are not cut to `date_from` and `date_to`, which select records.
* By all else a record counts once for each value that it has{several}. Those that have none
  are in `without`.

So rows need not add up to `total`.{more}
"""
SEVERAL: Mapping[str, str] = {
    "meetings": ": for each party that took part, and for each topic",
    "visits": ": for each visiting or receiving party, and for each country of a stop",
    "statements": ": for each party that speaks, alone or jointly, and for each topic",
    "commitments": ": for each party that gives or is given it, and for each topic",
}
MORE: Mapping[str, str] = {
    "commitments": " The list's filter `by` is called `given_by` here.",
}
OF_TABLE = """

The rows as CSV (RFC 4180) with a header: `value,label,count,uncertain`. What is in no row is
told in the JSON alone. Text that a spreadsheet would take for a formula has an apostrophe in
front of it."""
HEADER = ("value", "label", "count", "uncertain")
EXAMPLES: Mapping[str, Any] = {
    "meetings": ("party", [Item("CN", "China", 5), Item("US", "United States", 5)]),
    "visits": ("decade", [Item("197X", "1970s", 4, 1), Item("202X", "2020s", 2)]),
    "statements": ("topic", [Item("taiwan", "Taiwan", 7)]),
    "commitments": ("party", [Item("US", "United States", 4), Item("CN", "China", 3)]),
}


def shown(resource: Resource, by: str, counts: Counts) -> dict[str, Any]:
    return {
        "of": resource.path,
        "by": by,
        "total": counts.total,
        "items": [asdict(item) for item in counts.items],
        "undated": counts.undated,
        "open_ended": counts.open_ended,
        "without": counts.without,
    }


def table(counts: Counts) -> bytes:
    return b"".join(tables.lines(HEADER, map(astuple, counts.items)))


async def counted(request: Request, resource: Resource, asked: Any) -> Counts:
    grouping = GROUPINGS[resource.path][asked.by]
    return await lane_of(request).counts(resource, grouping, filters_of_stats(resource, asked))


def declare(resource: Resource) -> None:
    """`GET /v1/stats/{path}` and the same as a table."""
    path, asked = resource.path, STATS_PARAMETERS[resource.path]
    by, items = EXAMPLES[path]
    example = Counts(sum(item.count for item in items), items)
    description = DESCRIPTION.format(of=path, several=SEVERAL[path], more=MORE.get(path, ""))

    async def as_json(request: Request, asked: Annotated[Any, parameters(asked)]) -> Response:
        return json(shown(resource, asked.by, await counted(request, resource, asked)))

    async def as_table(request: Request, asked: Annotated[Any, parameters(asked)]) -> Response:
        name = f"{path}-by-{asked.by.replace('_', '-')}.csv"
        return Response(
            table(await counted(request, resource, asked)),
            media_type=tables.MEDIA_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    answers = good(ETag=ETAG)
    router.add_api_route(
        f"/{path}",
        as_json,
        name=f"count_{path}",
        summary=f"Counts of {path}",
        description=description,
        response_model=CountsRead,
        response_description="The counts.",
        responses={
            **answers,
            200: {
                **answers[200],
                "content": {"application/json": {"example": shown(resource, by, example)}},
            },
        },
    )
    router.add_api_route(
        f"/{path}.csv",
        as_table,
        name=f"count_{path}_as_csv",
        summary=f"Counts of {path}, as CSV",
        description=description.rstrip() + OF_TABLE,
        response_class=Response,
        response_description="The counts, a row each.",
        responses={
            **answers,
            200: {
                **answers[200],
                "content": {
                    "text/csv": {
                        "schema": {"type": "string"},
                        "example": table(example).decode(),
                    }
                },
            },
        },
    )


for each in GROUPINGS:
    declare(RESOURCES[each])
