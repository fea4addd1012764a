"""The nouns of the API, in the order in which the documentation shows them."""

from app.queries.base import Resource
from app.queries.commitments import COMMITMENTS
from app.queries.meetings import MEETINGS
from app.queries.officials import OFFICIALS, POSITIONS
from app.queries.parties import PARTIES, TOPICS
from app.queries.sources import SOURCES
from app.queries.statements import STATEMENTS
from app.queries.visits import VISITS
from app.vocabulary import RecordKind

RESOURCES: dict[str, Resource] = {
    resource.path: resource
    for resource in (
        MEETINGS,
        VISITS,
        OFFICIALS,
        POSITIONS,
        STATEMENTS,
        COMMITMENTS,
        SOURCES,
        PARTIES,
        TOPICS,
    )
}
BY_KIND: dict[RecordKind, Resource] = {resource.kind: resource for resource in RESOURCES.values()}
