"""`/v1/statements`."""

from app.queries.statements import STATEMENTS
from app.web.exporting import declare_export
from app.web.nouns import Noun
from app.web.writes import declare_writes

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
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "speaker": {"official": "wang-yi", "party": "CN"},
        "text": "Both sides should keep talking.",
        "language": "en",
        "wording": "paraphrase",
        "date": "2024-03-05",
        "topics": ["taiwan"],
        "citations": ["eir"],
    },
    change={"speech_act": "request"},
)
router = noun.router
