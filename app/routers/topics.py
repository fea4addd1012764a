"""`/v1/topics`."""

from app.queries.parties import TOPICS
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

noun = Noun(TOPICS)
noun.declare_list(
    summary="Topics",
    description=("The subjects that meetings, statements and commitments are about: a small tree."),
)
noun.declare_one(
    summary="One topic",
    description="A topic with its wider and narrower topics.",
)
declare_export(noun)
declare_writes(
    noun,
    make={"code": "arms-control", "label": "Arms control"},
    change={"label": "Arms control and disarmament"},
)
router = noun.router
