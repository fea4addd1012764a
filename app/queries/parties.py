"""Parties and topics as lists."""

from app.models import Party, Topic
from app.queries.base import (
    Bind,
    Parts,
    Resource,
    alternatives,
    by_text,
    by_update,
    may_hold_on,
)
from app.schemas.parties import PartyFilters, PartyRead
from app.schemas.topics import TopicFilters, TopicRead
from app.vocabulary import RecordKind


def where_party(filters: PartyFilters, bind: Bind) -> Parts:
    yield from alternatives(Party.kind, "kind", filters, bind)
    if filters.existing_on is not None:
        day = bind.value("existing_on")
        yield may_hold_on(Party, "existed_from", "existed_until", day)
    if filters.as_of is not None:
        yield may_hold_on(Party, "existed_from", "existed_until", bind.value("as_of"))


def where_topic(_filters: TopicFilters, _bind: Bind) -> Parts:
    """Topics take no filter of their own."""
    yield from ()


PARTIES = Resource(
    kind=RecordKind.PARTY,
    path="parties",
    model=Party,
    read=PartyRead,
    filters=PartyFilters,
    where=where_party,
    sorts={"name": by_text(Party.sort_name), "updated_at": by_update(Party)},
    key=Party.code,
    relations={},
)

TOPICS = Resource(
    kind=RecordKind.TOPIC,
    path="topics",
    model=Topic,
    read=TopicRead,
    filters=TopicFilters,
    where=where_topic,
    sorts={"code": by_text(Topic.code), "updated_at": by_update(Topic)},
    key=Topic.code,
    relations={},
)
