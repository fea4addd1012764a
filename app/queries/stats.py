"""Counts of a list's records, grouped by what they have in common.

The database groups, so that as many rows come back as there are values, or pairs of a first and
a last year; these pairs are spread over the years here. Why a record counts where it counts is
in `docs/decisions/006-counting-uncertain-dates.md`.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from sqlalchemy import Integer, Select, cast, extract, func, null, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.models import (
    Commitment,
    CommitmentActor,
    CommitmentTopic,
    CoSpeaker,
    Meeting,
    MeetingTopic,
    Participation,
    Party,
    Statement,
    StatementTopic,
    Stop,
    Topic,
    Visit,
    VisitParty,
)
from app.queries.base import Bind, Resource, conditions
from app.queries.relations import pair

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Item:
    """How many records have a value; `uncertain` of them may fall elsewhere in time too."""

    value: str
    label: str | None
    count: int
    uncertain: int = 0


@dataclass(slots=True)
class Counts:
    """What was counted. The last three are of records that no row, or only one, tells of."""

    total: int
    items: list[Item] = field(default_factory=list)
    undated: int = 0
    open_ended: int = 0
    without: int = 0


class Grouping(ABC):
    """One way to group the records of a list."""

    several: ClassVar[bool] = False
    """Whether a record may have several values, so that they do not add up to the total."""

    @abstractmethod
    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        """Rows of value, label and count; the value is null for records that have none."""

    def counts(self, rows: Iterable[Sequence[Any]], total: int | None) -> Counts:
        """The most frequent first, then by value. `total` is given where `several`."""
        found = Counts(0)
        for value, label, number in rows:
            found.total += number
            if value is None:
                found.without += number
            else:
                found.items.append(Item(str(value), label, number))
        found.items.sort(key=lambda item: (-item.count, item.value))
        if total is not None:
            found.total = total
        return found


@dataclass(frozen=True, eq=False)
class ByTime(Grouping):
    """By year, or by so many years at once: a record counts wherever it may fall."""

    years: int

    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        """Rows of first year, last year and count; an open or unknown end has no year."""
        first, last = year(resource.model.date_earliest), year(resource.model.date_latest)
        return read(select(first, last, func.count()), resource, filters, bind).group_by(
            first, last
        )

    def counts(self, rows: Iterable[Sequence[Any]], total: int | None) -> Counts:
        found = Counts(0)
        changes: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for first, last, number in rows:
            found.total += number
            if first is None and last is None:
                found.undated += number
                continue
            closed = first is not None and last is not None
            found.open_ended += 0 if closed else number
            start = (last if first is None else first) // self.years
            end = (first if last is None else last) // self.years
            unsure = 0 if closed and start == end else number
            for at, sign in ((start, 1), (end + 1, -1)):
                changes[at][0] += sign * number
                changes[at][1] += sign * unsure
        count = uncertain = 0
        for at, following in pairwise(sorted(changes)):
            count += changes[at][0]
            uncertain += changes[at][1]
            if count:
                found.items += [self.item(each, count, uncertain) for each in range(at, following)]
        return found

    def item(self, number: int, count: int, uncertain: int) -> Item:
        """A decade is named as dates name it, `195X`, and as people do."""
        if self.years == 1:
            return Item(f"{number:04}", None, count, uncertain)
        return Item(f"{number:03}X", f"{number * self.years}s", count, uncertain)


@dataclass(frozen=True, eq=False)
class ByMember(Grouping):
    """By the member of a closed list."""

    column: Column

    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        statement = select(self.column, null(), func.count())
        return selected(statement, resource, filters, bind).group_by(self.column)


@dataclass(frozen=True, eq=False)
class ByReference(Grouping):
    """By the record that a column refers to: a party or a topic."""

    column: Column
    target: type[Party]

    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        counted = selected(
            select(self.column.label("target"), func.count().label("number")),
            resource,
            filters,
            bind,
        ).group_by(self.column)
        return named(counted.subquery(), self.target)


@dataclass(frozen=True, eq=False)
class ByReferences(Grouping):
    """By each of the records that belong to one, say its topics.

    `links` lead from it to them. `once` says that they do so once for each; a party may have
    many people at one meeting.
    """

    links: tuple[tuple[Column, Column], ...]
    target: type[Party | Topic]
    once: bool = False
    several: ClassVar[bool] = True

    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        model = resource.model
        link, record, target = self.linked()
        found = read(select(model.id, target.label("target")), resource, filters, bind)
        found = found.outerjoin(link, (record == model.id) & target.is_not(None))
        pairs = (found if self.once else found.distinct()).subquery()
        counted = select(pairs.c.target, func.count().label("number")).group_by(pairs.c.target)
        return named(counted.subquery(), self.target)

    def linked(self) -> tuple[Any, Any, Any]:
        """What leads from records to targets, and its two columns."""
        if len(self.links) > 1:
            found = union(*(pair(record, target) for record, target in self.links)).subquery()
            return found, found.c.parent, found.c.child
        # Not the table itself: filters ask it as well, and would take its rows for theirs.
        ((record, target),) = self.links
        link = aliased(record.class_)
        return link, getattr(link, record.key), getattr(link, target.key)


def named(counted: Any, target: Any) -> Select[Any]:
    """Counts by id, with the code and the name of what each id stands for."""
    name = target.label if target is Topic else target.name
    return select(target.code, name, counted.c.number).select_from(
        counted.outerjoin(target, target.id == counted.c.target)
    )


def year(column: Any) -> Any:
    return cast(extract("year", column), Integer)


def selected(statement: Any, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
    """Narrowed to what the list would hold."""
    narrowed = conditions(resource, filters, bind)
    found: Select[Any] = statement.select_from(resource.model).where(*narrowed)
    return found


def read(statement: Any, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
    """The same, for columns that stand in no index beside what filters ask for."""
    if filters.model_fields_set:
        return selected(statement, resource, filters, bind)
    # The whole table is read. Of a plain IS NULL SQLite makes a walk through an index of the
    # undeleted, row after row, which takes three times as long.
    model = resource.model
    found: Select[Any] = statement.select_from(model).where(
        func.coalesce(model.deleted_seq, 0) == 0
    )
    return found


TIMES: Mapping[str, Grouping] = {"year": ByTime(1), "decade": ByTime(10)}


def parties(*links: tuple[Column, Column]) -> ByReferences:
    return ByReferences(links, Party)


def topics(record: Column, topic: Column) -> ByReferences:
    return ByReferences(((record, topic),), Topic, once=True)


GROUPINGS: Mapping[str, Mapping[str, Grouping]] = {
    "meetings": {
        **TIMES,
        "party": parties((Participation.meeting_id, Participation.party_id)),
        "country": ByReference(Meeting.country_id, Party),
        "format": ByMember(Meeting.format),
        "status": ByMember(Meeting.status),
        "topic": topics(MeetingTopic.meeting_id, MeetingTopic.topic_id),
    },
    "visits": {
        **TIMES,
        "party": parties((VisitParty.visit_id, VisitParty.party_id)),
        "country": parties((Stop.visit_id, Stop.country_id)),
        "kind": ByMember(Visit.kind),
        "status": ByMember(Visit.status),
    },
    "statements": {
        **TIMES,
        "party": parties(
            (Statement.id, Statement.party_id), (CoSpeaker.statement_id, CoSpeaker.party_id)
        ),
        "wording": ByMember(Statement.wording),
        "speech_act": ByMember(Statement.speech_act),
        "topic": topics(StatementTopic.statement_id, StatementTopic.topic_id),
    },
    "commitments": {
        **TIMES,
        "party": parties((CommitmentActor.commitment_id, CommitmentActor.party_id)),
        "kind": ByMember(Commitment.kind),
        "topic": topics(CommitmentTopic.commitment_id, CommitmentTopic.topic_id),
    },
}
"""What the records of each list can be counted by."""
