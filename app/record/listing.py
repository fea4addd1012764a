"""On what day records stand in lists, as the rows say by which lists find them.

Each of these rows carries its record's `date_ascends`, so that an index has what a filter selects
in the order of the list. The copies are set with the records that own them, here alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.models import Commitment, Meeting, Statement, Visit
from app.models.plain import model_of

LISTED: Mapping[type[Any], tuple[str, ...]] = {
    Visit: ("parties", "travellers", "citations"),
    Meeting: ("participations", "topic_links", "citations"),
    Statement: ("addressees", "co_speakers", "topic_links", "citations"),
    Commitment: ("actors", "topic_links", "citations", "events", "assessments"),
}
"""The parts of a record by which lists find it."""


def listed_elsewhere(row: Any) -> Iterator[Any]:
    """The parts of a record that do not stand on its day."""
    for name in LISTED.get(model_of(row), ()):
        for part in getattr(row, name):
            if part.listed_on != row.date_ascends:
                yield part


def list_parts(row: Any) -> None:
    """Have all parts of a record stand on its day."""
    for part in listed_elsewhere(row):
        part.listed_on = row.date_ascends
