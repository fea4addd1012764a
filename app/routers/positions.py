"""`/v1/positions`."""

from app.queries.officials import POSITIONS
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

noun = Noun(POSITIONS)
noun.declare_list(
    summary="Positions",
    description=(
        "Offices held by officials. `as_of` asks who may have held an office on a day; "
        "first and last day count, and an end that nobody knows is open."
    ),
)
noun.declare_one(
    summary="One position",
    description="An office held by one official, from when to when and on what authority.",
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "official": "wang-yi",
        "title": "Foreign Minister",
        "party": "CN",
        "level": "foreign_minister",
        "start": "2013-03",
        "end_status": "ongoing",
        "citations": ["eir"],
    },
    change={"attested_until": "2024-03-05"},
)
router = noun.router
