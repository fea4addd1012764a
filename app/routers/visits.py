"""`/v1/visits`."""

from app.queries.visits import VISITS
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

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
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "title": "A visit to Vienna",
        "kind": "working",
        "status": "held",
        "date": "2024-03",
        "visitor_parties": ["CN"],
        "host_parties": ["US"],
        "citations": ["eir"],
    },
    change={"summary": "Put off twice."},
)
router = noun.router
