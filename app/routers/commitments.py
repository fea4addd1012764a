"""`/v1/commitments`."""

from app.queries.commitments import COMMITMENTS
from app.web.nouns import Noun

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
    reference="An id or a slug.",
)
router = noun.router
