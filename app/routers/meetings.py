"""`/v1/meetings`."""

from app.queries.meetings import MEETINGS
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

noun = Noun(MEETINGS)
noun.declare_list(
    summary="Meetings",
    description=(
        "Meetings, by when they may have been held unless `sort` says otherwise. A "
        "meeting shows who took part with the title that the source gives and the "
        "office held that day, every source's claims, and the fields on which the "
        "sources conflict."
    ),
)
noun.declare_one(
    summary="One meeting",
    description=(
        "A meeting with its participants, citations, claims and conflicts. "
        "`include=statements,commitments,sources` makes it a whole page in one request."
    ),
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "title": "Talks in Vienna",
        "format": "bilateral",
        "status": "held",
        "date": "2024-03-05",
        "participants": [
            {"official": "wang-yi", "name_as_given": "Wang Yi", "party": "CN", "role": "visitor"}
        ],
        "topics": ["taiwan"],
        "citations": [{"source": "eir", "locator": "p. 3"}],
    },
    change={"duration_minutes": 35, "duration_qualifier": "about", "according_to": "eir"},
)
router = noun.router
