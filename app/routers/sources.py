"""`/v1/sources`."""

from app.queries.sources import SOURCES
from app.web.nouns import Noun

noun = Noun(SOURCES)
noun.declare_list(
    summary="Sources",
    description=("The documents that everything else rests on, with the side that speaks in each."),
)
noun.declare_one(
    summary="One source",
    description="A document: who published it, from whose perspective, where it can be read.",
    reference="An id or a slug.",
)
router = noun.router
