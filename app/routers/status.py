"""`/v1/status`: what the record holds, and since when."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.lane.past import aware
from app.queries.base import Bind
from app.queries.resources import BY_KIND
from app.queries.status import COVERAGE, LAST_RUNS, LOG_HEAD, RECORDS_OF_DATASETS
from app.record.cards import instant
from app.schemas.status import StatusRead
from app.vocabulary import RecordKind
from app.web.dependencies import StrictRoute
from app.web.nouns import COMMON, ETAG, good
from app.web.problems import documented
from app.web.records import json, lane_of

router = APIRouter(prefix="/v1/status", route_class=StrictRoute, tags=["operations"])


@router.get(
    "",
    name="read_status",
    summary="What there is",
    response_model=StatusRead,
    response_description="Every data set, with its records, its days and its last import.",
    responses={**good(ETag=ETAG), **documented(*COMMON)},
)
async def read_status(request: Request) -> Response:
    """How many records each data set has brought, which days they cover, when it was last brought
    in, and where the log of all changes ends.
    """
    statements = lane_of(request).statements
    asked = [
        statements.keep(("status", name), lambda each=each: prepared(statements, each))  # type: ignore[misc]
        for name, each in (
            ("records", RECORDS_OF_DATASETS),
            ("runs", LAST_RUNS),
            ("head", LOG_HEAD),
        )
    ]
    async with statements.reader.snapshot(slow=True, brief=True) as fetch:
        records, runs, head = [await fetch(each.compiled, each.values(None)) for each in asked]
    return json(
        {
            "version": version("chancery"),
            "head": None if not head else head_of(head[0]),
            "datasets": datasets(records, runs),
        }
    )


def prepared(statements: Any, statement: Any) -> Any:
    return statements.prepare(statement, Bind(statements.reader.dialect))


def head_of(row: Sequence[Any]) -> dict[str, Any]:
    return {"seq": row[0], "hash": row[1], "at": instant(aware(row[2]))}


def datasets(records: Sequence[Any], runs: Sequence[Any]) -> list[dict[str, Any]]:
    """Each data set that has records or was brought in, in order of the names."""
    found: dict[str, dict[str, Any]] = {}
    for name in sorted({row[0] for row in (*records, *runs)}):
        own = [row for row in records if row[0] == name]
        days = covered(own)
        found[name] = {
            "name": name,
            "records": {BY_KIND[RecordKind(kind)].path: count for _, kind, count, *_ in own},
            "coverage": {
                "earliest": min((str(first) for first, _ in days if first), default=None),
                "latest": max((str(last) for _, last in days if last), default=None),
            },
            "last_import": None,
        }
    for name, started_at, finished_at, content_hash, counts in runs:
        found[name]["last_import"] = {
            "started_at": instant(aware(started_at)),
            "finished_at": instant(aware(finished_at)),
            "outcome": "loaded",
            "content_hash": content_hash,
            "counts": orjson.loads(counts) if isinstance(counts, str | bytes) else counts,
        }
    return list(found.values())


def covered(rows: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The first and the last day of each kind whose days count, where one has any."""
    for kinds in COVERAGE:
        days = [
            (first, last)
            for _, kind, _, first, last in rows
            if kind in kinds and (first is not None or last is not None)
        ]
        if days:
            return days
    return []
