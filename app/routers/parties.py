"""`/v1/parties`."""

from app.queries.parties import PARTIES
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

noun = Noun(PARTIES)
noun.declare_list(
    summary="Parties",
    description=(
        "States, historic states, territories and international bodies. `as_of` gives "
        "those that may have existed on a day, under the names that they bore then."
    ),
)
noun.declare_one(
    summary="One party",
    description="A party under its code.",
)
declare_export(noun)
declare_writes(
    noun,
    make={"code": "XKX", "kind": "territory", "name": "An example"},
    change={"name": "Another example"},
)
router = noun.router
