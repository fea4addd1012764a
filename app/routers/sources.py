"""`/v1/sources`."""

from app.queries.sources import SOURCES
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

noun = Noun(SOURCES)
noun.declare_list(
    summary="Sources",
    description=("The documents that everything else rests on, with the side that speaks in each."),
)
noun.declare_one(
    summary="One source",
    description="A document: who published it, from whose perspective, where it can be read.",
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "title": "Readout of the talks in Vienna",
        "kind": "readout",
        "publisher": "US Department of State",
        "perspective": "US",
        "date": "2024-03-05",
        "language": "en",
    },
    change={"accessed_on": "2024-03-07"},
)
router = noun.router
