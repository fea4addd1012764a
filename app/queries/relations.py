"""What can be included in what: for each relation, the way from the included to the parent.

Each says it twice: in the tables, for the present, and in documents, for the past.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import aliased

from app.folding import sort_key
from app.models import (
    Addressee,
    Assessment,
    Citation,
    Claim,
    Commitment,
    CommitmentActor,
    CommitmentEvent,
    CoSpeaker,
    Lineage,
    Meeting,
    Official,
    Participation,
    Position,
    Source,
    Statement,
    Traveller,
)
from app.queries.base import Hanging, Json, Named, Relation
from app.vocabulary import RecordKind

BY_DATE: dict[Any, tuple[Any, ...]] = {
    model: (model.date_ascends, model.id) for model in (Meeting, Statement, Commitment, Source)
}
Place = Callable[[Json], Any]


def by_date(document: Json) -> tuple[str, str]:
    """What `BY_DATE` orders by, from a document."""
    date = document["date"] or {"earliest": None, "latest": None}
    return date["earliest"] or date["latest"] or "9999-12-31", document["id"]


def by_sequence(document: Json) -> tuple[Any, ...]:
    sequence = document["sequence"]
    return sequence is None, sequence or 0, *by_date(document)


def by_name(document: Json) -> tuple[str, str]:
    return sort_key(document["name"]), document["id"]


def named(*paths: str) -> Named:
    """By the ids of what stands at these paths of a document, lists on the way taken apart."""

    def ids(document: Json) -> Iterator[str]:
        for path in paths:
            for found in at(document, path.split(".")):
                yield found["id"]

    return Named(ids)


def at(value: Json, names: list[str]) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from at(each, names)
    elif value is not None and names:
        yield from at(value[names[0]], names[1:])
    elif value is not None:
        yield value


def direct(
    kind: RecordKind,
    model: Any,
    parent: Any,
    *order: Any,
    place: Place = by_date,
) -> Relation:
    """The included record itself refers to its parent, which is one of those it hangs on."""
    by = order or BY_DATE[model]
    return Relation(kind, parent, lambda statement: statement, by, Hanging(), place)


def through(
    kind: RecordKind,
    model: Any,
    pairs: Any,
    *order: Any,
    then: Named | Hanging,
    place: Place = by_date,
) -> Relation:
    """Pairs of ids, `parent` and `child`, say what belongs to what; each pair counts once."""
    found = pairs.subquery()

    def joins(statement: Select[Any]) -> Select[Any]:
        return statement.join(found, found.c.child == model.id)

    return Relation(kind, found.c.parent, joins, order or BY_DATE[model], then, place)


def pair(parent: Any, child: Any) -> Select[Any]:
    return select(parent.label("parent"), child.label("child")).where(
        parent.is_not(None), child.is_not(None)
    )


def live(pairs: Any, *models: Any) -> Any:
    """Pairs that no deleted record makes, in the words of the indexes that lead to the others."""
    return pairs.where(*(model.deleted_seq.is_(None) for model in models))


def sources_of(column: str) -> Relation:
    """The sources that attest the record; claiming a field of it implies attesting it."""
    cited = pair(getattr(Citation, column), Citation.source_id).distinct()
    return through(RecordKind.SOURCE, Source, cited, then=named("citations.source"))


def officials_of(*pairs: Select[Any], then: Named) -> Relation:
    found = union(*pairs) if len(pairs) > 1 else pairs[0].distinct()
    order = (Official.sort_name, Official.id)
    return through(RecordKind.OFFICIAL, Official, found, *order, then=then, place=by_name)


OFFICIALS_OF_POSITION = officials_of(
    pair(Position.id, Position.official_id), then=named("official")
)
MEETINGS_OF_VISIT = direct(
    RecordKind.MEETING,
    Meeting,
    Meeting.visit_id,
    Meeting.sequence.is_(None),
    Meeting.sequence,
    *BY_DATE[Meeting],
    place=by_sequence,
)
STATEMENTS_OF_VISIT = through(
    RecordKind.STATEMENT,
    Statement,
    union(
        live(pair(Statement.visit_id, Statement.id), Statement),
        live(
            pair(Meeting.visit_id, Statement.id).join(Meeting, Meeting.id == Statement.meeting_id),
            Statement,
            Meeting,
        ),
    ),
    then=Hanging(by_way_of=RecordKind.MEETING),
)
OFFICIALS_OF_VISIT = officials_of(
    pair(Traveller.visit_id, Traveller.official_id), then=named("travellers.official")
)
STATEMENTS_OF_MEETING = direct(RecordKind.STATEMENT, Statement, Statement.meeting_id)
COMMITMENTS_OF_MEETING = through(
    RecordKind.COMMITMENT,
    Commitment,
    pair(CommitmentEvent.meeting_id, CommitmentEvent.commitment_id).distinct(),
    then=Hanging(),
)
OFFICIALS_OF_MEETING = officials_of(
    pair(Participation.meeting_id, Participation.official_id), then=named("participants.official")
)
OFFICIALS_OF_STATEMENT = officials_of(
    pair(Statement.id, Statement.speaker_id),
    pair(Statement.id, Statement.on_behalf_of_official_id),
    pair(CoSpeaker.statement_id, CoSpeaker.official_id),
    pair(Addressee.statement_id, Addressee.official_id),
    then=named(
        "speaker.official", "joint_with.official", "on_behalf_of.official", "addressees.official"
    ),
)
MEETINGS_OF_COMMITMENT = through(
    RecordKind.MEETING,
    Meeting,
    pair(CommitmentEvent.commitment_id, CommitmentEvent.meeting_id).distinct(),
    then=named("events.meeting"),
)
OFFICIALS_OF_COMMITMENT = officials_of(
    pair(CommitmentActor.commitment_id, CommitmentActor.official_id),
    pair(CommitmentEvent.commitment_id, CommitmentEvent.actor_id),
    then=named("by.official", "to.official", "events.actor.official"),
)
SOURCES_OF_COMMITMENT = through(
    RecordKind.SOURCE,
    Source,
    union(
        pair(Citation.commitment_id, Citation.source_id),
        pair(CommitmentEvent.commitment_id, Citation.source_id).join(
            CommitmentEvent, CommitmentEvent.id == Citation.commitment_event_id
        ),
        pair(Assessment.commitment_id, Citation.source_id).join(
            Assessment, Assessment.id == Citation.assessment_id
        ),
        pair(Claim.commitment_id, Claim.source_id),
    ),
    then=named(
        "citations.source",
        "events.citations.source",
        "assessments.citations.source",
        "claims.source",
    ),
)


LINEAGE_OF_COMMITMENT = through(
    RecordKind.COMMITMENT,
    Commitment,
    union(
        pair(Lineage.commitment_id, Lineage.earlier_id),
        pair(Lineage.earlier_id, Lineage.commitment_id),
    ),
    then=named("predecessors.commitment", "successors.commitment"),
)


def renderings() -> Relation:
    """The other statements that render the same utterance."""
    other = aliased(Statement)
    found = (
        select(other.id.label("parent"), Statement.id.label("child"))
        .join_from(Statement, other, other.utterance_id == Statement.utterance_id)
        .where(other.id != Statement.id, Statement.utterance_id.is_not(None))
    )
    utterance = named("utterance")
    return through(
        RecordKind.STATEMENT, Statement, live(found, Statement), then=Hanging(on=utterance.ids)
    )


RENDERINGS_OF_STATEMENT = renderings()
