"""`/v1/visits`."""

from app.queries.visits import VISITS
from app.web.nouns import Noun

noun = Noun(VISITS)
noun.declare_list(
    summary="Visits",
    description="Journeys of officials, with their travellers and stops.",
)
noun.declare_one(
    summary="One visit",
    description=(
        "A visit with its stops and travellers. `include=meetings` adds its meetings in "
        "their order."
    ),
    reference="An id or a slug.",
)
router = noun.router
