"""The seed as shipped, read once and put in the hands of those who look for something in it."""

from pathlib import Path

from app.importers import seed
from app.importers.checks import Batch
from app.importers.neutral import (
    Commitment,
    Meeting,
    NeutralRecord,
    Position,
    Statement,
    Visit,
)

SEED = Path(__file__).parents[2] / "seed_data"


def read_shipped() -> Batch:
    return seed.read(SEED)


class Shipped:
    """The shipped records, by kind and key."""

    def __init__(self, batch: Batch) -> None:
        self.records: list[NeutralRecord] = [each.record for each in batch.records]

    def meeting(self, slug: str) -> Meeting:
        return next(
            each for each in self.records if isinstance(each, Meeting) and each.slug == slug
        )

    def commitment(self, slug: str) -> Commitment:
        return next(
            each for each in self.records if isinstance(each, Commitment) and each.slug == slug
        )

    def visit(self) -> Visit:
        return next(each for each in self.records if isinstance(each, Visit))

    def positions(self, official: str) -> list[Position]:
        return [
            each
            for each in self.records
            if isinstance(each, Position) and each.official == official
        ]

    def statements(self, **wanted: str) -> list[Statement]:
        return [
            each
            for each in self.records
            if isinstance(each, Statement)
            and each.speaker.official == wanted.get("speaker", each.speaker.official)
            and wanted.get("topic", "") in {"", *each.topics}
            and wanted.get("source", "") in {"", *(cited.source for cited in each.citations)}
        ]
