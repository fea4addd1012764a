"""Liveness and readiness, for whatever watches over the process."""

from typing import Annotated, Literal, Protocol, cast

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.schemas.common import Shown
from app.web.dependencies import StrictRoute
from app.web.problems import documented

router = APIRouter(
    route_class=StrictRoute,
    tags=["operations"],
    responses=documented(
        "malformed-request", "unauthenticated", "invalid-parameters", "internal-error"
    ),
)


class Readiness(Protocol):
    """What a database says of itself when it can be worked with."""

    @property
    def database(self) -> str:
        """`sqlite` or `postgresql`."""

    @property
    def schema(self) -> str:
        """The revision of its schema."""


class Watched(Protocol):
    """What `app.state.chancery` offers here."""

    async def ready(self) -> Readiness:
        """Raises `DatabaseUnavailable` or `SchemaMismatch` where reads would fail."""


class LivenessRead(Shown):
    """The process runs."""

    status: Literal["ok"]


class ReadinessRead(Shown):
    """The process can answer."""

    status: Literal["ready"]
    database: Annotated[
        Literal["sqlite", "postgresql"], Field(description="The engine.", examples=["sqlite"])
    ]
    schema_revision: Annotated[
        str,
        Field(
            alias="schema",
            description="The revision of the database's schema.",
            examples=["0001"],
        ),
    ]


@router.get("/livez", summary="Is the process alive?", response_description="It is.")
async def read_liveness(response: Response) -> LivenessRead:
    """Answers as long as the process can answer at all; asks no database."""
    response.headers["cache-control"] = "no-store"
    return LivenessRead(status="ok")


@router.get(
    "/readyz",
    summary="Can it answer?",
    response_description="It can.",
    responses=documented("unavailable"),
)
async def read_readiness(request: Request, response: Response) -> ReadinessRead:
    """Asks the database, and compares its schema with the one that the program knows."""
    readiness = await cast("Watched", request.app.state.chancery).ready()
    response.headers["cache-control"] = "no-store"
    return ReadinessRead.model_validate(
        {
            "status": "ready",
            "database": readiness.database,
            "schema": readiness.schema,
        }
    )
