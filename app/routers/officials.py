"""`/v1/officials`, and what hangs on one official."""

from app.queries.officials import OFFICIALS
from app.web.nouns import Noun

noun = Noun(OFFICIALS)
noun.declare_list(
    summary="Officials",
    description=(
        "Persons, by name. `q` finds them under any recorded name in any script; `party`, "
        "`level` and `in_office_on` ask about one and the same position."
    ),
)
noun.declare_one(
    summary="One official",
    description=(
        "A person with names in every recorded script, identifiers and positions. `as_of` "
        "leaves the names and positions of that day."
    ),
    reference="An id or a slug.",
)
noun.declare_sublist(
    "positions",
    summary="Positions of an official",
    description="The offices that the official held, by start.",
)
noun.declare_sublist(
    "meetings",
    summary="Meetings of an official",
    description="The meetings in which the official took part.",
)
noun.declare_sublist(
    "statements",
    summary="Statements of an official",
    description="What the official said, or is reported to have said.",
)
router = noun.router
