"""`/v1/statements`."""

from app.queries.statements import STATEMENTS
from app.web.nouns import Noun

noun = Noun(STATEMENTS)
noun.declare_list(
    summary="Statements",
    description=(
        "What was said, or reported as said: by whom, to whom, about what, in which "
        "rendering. `speaker=xi-jinping&addressee=antony-blinken&topic=…` is one "
        "question."
    ),
)
noun.declare_one(
    summary="One statement",
    description=(
        "One rendering of something said. `include=renderings` adds the other "
        "renderings of the same utterance."
    ),
    reference="An id.",
)
router = noun.router
