"""Counts of a list's records, grouped by what they have in common.

The database groups, so that as many rows come back as there are values, or pairs of a first and
a last year; these pairs are spread over the years here. Why a record counts where it counts is
in `docs/decisions/006-counting-uncertain-dates.md`.

Most of a list is never looked at: what is counted stands in indexes, as `app.queries.tallies` says.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from sqlalchemy import (
    Select,
    and_,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.database.dialects import unled
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
from app.models.base import LAST_DAY
from app.queries.base import Bind, Resource
from app.queries.relations import pair
from app.queries.tallies import YES, Tally, deleted, gathered, is_live, total_of, year

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
            elif number:
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
        """Rows of first year, last year and count; an open or unknown end has no year.

        Along an index each record is taken for one of the day that it is listed on, and one
        without a day for undated. Those of which that is not true are few, and are put right by
        rows of their own, of which some take away.
        """
        tally = Tally.of(resource, filters, bind)
        model = resource.model
        if tally is None:
            first, last = year(model.date_earliest), year(model.date_latest)
            counted = selected(select(first, last, func.count()), resource, filters, bind)
            return counted.group_by(first, last)
        by_day = tally.by_day().subquery("by_day")
        few = tally.exceptions(model.date_earliest, model.date_latest).cte("few")
        found = union_all(
            select(by_day.c.day, by_day.c.number),
            select(few.c.day, literal_column("-1")).where(few.c.begins_within == YES),
        ).subquery("taken_for")
        first, last = year(few.c.date_earliest), year(few.c.date_latest)
        years = select(year_of_a_day(found.c.day).label("year"), found.c.number).subquery("years")
        rows = union_all(
            select(years.c.year.label("first"), years.c.year.label("last"), total_of(years))
            .select_from(years)
            .group_by(years.c.year),
            select(first, last, func.count()).select_from(few).group_by(first, last),
        ).subquery("rows")
        return select(rows.c.first, rows.c.last, rows.c.number)

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
        tally = Tally.of(resource, filters, bind)
        if tally is not None and tally.led is None:
            counted = tally.by_column(self.column).subquery("counted")
            return select(counted.c.value, null(), counted.c.number)
        statement = select(self.column, null(), func.count())
        return selected(statement, resource, filters, bind).group_by(self.column)


@dataclass(frozen=True, eq=False)
class ByReference(Grouping):
    """By the record that a column refers to: a party or a topic."""

    column: Column
    target: type[Party]

    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        tally = Tally.of(resource, filters, bind)
        if tally is not None and tally.led is None:
            return named(tally.by_column(self.column).subquery("counted"), self.target)
        counted = selected(
            select(self.column.label("value"), func.count().label("number")),
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
    in_order: bool = False
    """Whether an index has each target's links in the order of days and of records."""
    several: ClassVar[bool] = True

    def select(self, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
        tally = Tally.of(resource, filters, bind)
        if tally is not None and tally.led is None and self.in_order:
            return named(self.along(tally).subquery("counted"), self.target)
        if tally is not None and tally.led is None and self.links[0][0] is resource.model.id:
            return named(self.own_and_joint(tally).subquery("counted"), self.target)
        link, record, target = self.linked()
        # One after the other as they lie in the index of the parts, which are read quicker so.
        model = resource.model
        few = selected(select(model.id), resource, filters, bind).order_by(model.id)
        chosen = materialized(few, "chosen")
        found = select(chosen.c.id, target.label("value")).select_from(chosen)
        found = found.outerjoin(link, (record == chosen.c.id) & target.is_not(None))
        rows = materialized(found, "rows")
        number = func.count() if self.once else func.count(rows.c.id.distinct())
        counted = select(rows.c.value, number.label("number")).group_by(rows.c.value)
        return named(counted.subquery(), self.target)

    def own_and_joint(self, tally: Tally) -> Select[Any]:
        """Counts by id where each record has a target of its own, and few have others beside it."""
        model = tally.model
        (_, own), (record, target) = self.links
        wanted = [is_live(model)] if tally.days is None else [is_live(model), tally.days.plain]
        pairs = (
            select(record.label("id"), target.label("value"), own.label("own"))
            .join(model, model.id == record)
            .where(target.is_not(None), *wanted)
            .distinct()
        )
        joint = pairs.cte("joint")
        alone = tally.by_column(own).subquery("alone")
        rows = union_all(
            select(alone.c.value, alone.c.number),
            select(joint.c.value, func.count())
            .where(joint.c.value.is_distinct_from(joint.c.own))
            .group_by(joint.c.value),
            # What has none of its own is not without one.
            select(null(), -func.count(joint.c.id.distinct())).where(joint.c.own.is_(None)),
        ).subquery("rows")
        return select(rows.c.value, total_of(rows)).group_by(rows.c.value)

    def along(self, tally: Tally) -> Select[Any]:
        """Counts by id of what is asked for, each target's in one range of an index."""
        model = tally.model
        ((record, target),) = self.links
        day = record.class_.listed_on
        each = select(day, record).where(target == self.target.id, *tally.begins_within(day))
        each = (each if self.once else each.distinct()).correlate(self.target)
        number = select(func.count()).select_from(each.subquery("each")).scalar_subquery()
        gone = self.of(tally, deleted(model)).where(*tally.begins_within(day)).subquery("gone")
        pieces = [
            select(self.target.id.label("value"), number.label("number")),
            select(gone.c.value, -func.count()).select_from(gone).group_by(gone.c.value),
        ]
        if tally.days is not None:
            few = tally.exceptions(model.id, outside=True).subquery("few")
            more = self.of(tally, select(few.c.id)).subquery("more")
            counted = select(more.c.value, func.count()).select_from(more)
            pieces.append(counted.group_by(more.c.value))
        pieces.append(select(null(), self.without(tally)))
        rows = union_all(*pieces).subquery("rows")
        return select(rows.c.value, total_of(rows)).group_by(rows.c.value)

    def of(self, tally: Tally, ids: Select[Any]) -> Select[Any]:
        """The targets of a few records, and of which record each is."""
        ((record, target),) = self.links
        value: Any = target
        found = unled(tally.bind.dialect, value)
        pairs = select(found.label("value"), record.label("id"))
        return pairs.where(record.in_(ids), found.is_not(None)).distinct()

    def without(self, tally: Tally) -> Any:
        """How many of the records have no target."""
        model = tally.model
        ((record, target),) = self.links
        other = aliased(record.class_)
        owner = getattr(other, record.key)
        has_another: Select[Any] = select(literal_column("1")).select_from(other)
        has_another = has_another.where(getattr(other, target.key).is_not(None), owner == record)
        nameless = select(func.count(record.distinct())).where(
            target.is_(None),
            record.not_in(deleted(model)),
            ~has_another.correlate(record.class_).exists(),
        )
        if tally.days is None:
            total = select(func.count()).select_from(model).where(is_live(model))
            linked = select(func.count(record.distinct()))
            gone = linked.where(record.in_(deleted(model)))
            unlinked = total.scalar_subquery() - linked.scalar_subquery() + gone.scalar_subquery()
        else:
            # So that they are found by their days and sorted, and not read in the order of ids.
            within = select(unled(tally.bind.dialect, model.id).label("id")).where(
                is_live(model), *tally.begins_within(model.date_ascends)
            )
            few = tally.exceptions(model.id, outside=True).subquery("few")
            together = union_all(within, select(few.c.id)).subquery("together")
            chosen = materialized(select(together.c.id).order_by(together.c.id), "chosen")
            linked = select(literal_column("1")).select_from(other).where(owner == chosen.c.id)
            unlinked = (
                select(func.count())
                .select_from(chosen)
                .where(~linked.correlate(chosen).exists())
                .scalar_subquery()
            )
            day = record.class_.listed_on
            nameless = nameless.where(
                or_(and_(*tally.begins_within(day)), record.in_(select(few.c.id)))
            )
        return unlinked + nameless.scalar_subquery() if target.nullable else unlinked

    def linked(self) -> tuple[Any, Any, Any]:
        """What leads from records to targets, and its two columns."""
        if len(self.links) > 1:
            found = union(*(pair(record, target) for record, target in self.links)).subquery()
            return found, found.c.parent, found.c.child
        # Not the table itself: filters ask it as well, and would take its rows for theirs.
        ((record, target),) = self.links
        link = aliased(record.class_)
        return link, getattr(link, record.key), getattr(link, target.key)


def materialized(statement: Select[Any], name: str) -> Any:
    """Rows that are put down once, in their order."""
    return statement.cte(name).prefix_with("MATERIALIZED")


def named(counted: Any, target: Any) -> Select[Any]:
    """Counts by id, with the code and the name of what each id stands for."""
    name = target.label if target is Topic else target.name
    return select(target.code, name, counted.c.number).select_from(
        counted.outerjoin(target, target.id == counted.c.value)
    )


def year_of_a_day(day: Any) -> Any:
    """That of a day on which a record is listed; none of the day of undated ones."""
    return case((day == LAST_DAY, null()), else_=year(day))


def selected(statement: Any, resource: Resource, filters: Any, bind: Bind) -> Select[Any]:
    """Narrowed to what the list would hold."""
    narrowed = gathered(resource, filters, bind)
    found: Select[Any] = statement.select_from(resource.model).where(*narrowed)
    return found


TIMES: Mapping[str, Grouping] = {"year": ByTime(1), "decade": ByTime(10)}


def parties(*links: tuple[Column, Column], in_order: bool = False) -> ByReferences:
    return ByReferences(links, Party, in_order=in_order)


def topics(record: Column, topic: Column) -> ByReferences:
    return ByReferences(((record, topic),), Topic, once=True, in_order=True)


GROUPINGS: Mapping[str, Mapping[str, Grouping]] = {
    "meetings": {
        **TIMES,
        "party": parties((Participation.meeting_id, Participation.party_id), in_order=True),
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
