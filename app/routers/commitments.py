"""`/v1/commitments`."""

from typing import Annotated

from fastapi import Request, Response

from app.queries.commitments import COMMITMENTS
from app.record.history import history_of
from app.schemas.commitments import HistoryRead
from app.schemas.filters import AtAnInstant
from app.web.dependencies import parameters
from app.web.exporting import declare_export
from app.web.nouns import COMMON, ETAG, Noun, good
from app.web.problems import documented
from app.web.records import json, opened
from app.web.writes import declare_writes

noun = Noun(COMMITMENTS)
noun.declare_list(
    summary="Commitments",
    description=(
        "Promises, assurances and agreed steps, with what happened to each and what "
        "assessors make of it. `event`, `event_in`, `event_from` and `event_to` ask "
        "about one and the same event; `verdict` and `assessor` about one assessment."
    ),
)
noun.declare_one(
    summary="One commitment",
    description=(
        "A commitment with its events in order of time, each with its sources, each "
        "side's wording, and the assessments of named assessors. There is no verdict of "
        "our own."
    ),
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "title": "To keep talking",
        "text": "Talks at working level go on.",
        "kind": "process",
        "by": ["US"],
        "to": ["CN"],
        "events": [{"event": "made", "date": "2024-03-05", "citations": ["eir"]}],
        "citations": ["eir"],
    },
    change={"topics": ["taiwan"]},
)
router = noun.router


@router.get(
    "/{reference}/history",
    name="read_history_of_commitment",
    summary="The history of a commitment",
    response_model=HistoryRead,
    response_description="Its events and assessments.",
    responses={**good(ETag=ETAG), **documented(*COMMON, "not-found", "gone")},
)
async def read_history(
    request: Request,
    reference: Annotated[str, noun.reference],
    asked: Annotated[AtAnInstant, parameters(AtAnInstant)],
) -> Response:
    """Everything that happened to a commitment and everything that assessors made of it, in
    order of time, each with its sources. An event and an assessment of the same day stand in
    this order. There is no verdict of our own.
    """
    async with opened(request, COMMITMENTS, reference, known_at=asked.known_at) as found:
        return json(history_of(found.document))
