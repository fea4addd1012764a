"""Every quotation from a source: in the citations and claims of records that are not deleted."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, null, select
from sqlalchemy.engine import Connection, Row

from app.errors import RecordDeleted, RecordNotFound
from app.models import (
    Assessment,
    Citation,
    Claim,
    Commitment,
    CommitmentEvent,
    Meeting,
    Official,
    Participation,
    Position,
    Source,
    Statement,
    Visit,
)
from app.record.evidence import Quotation
from app.schemas.filters import IdRef, reference
from app.vocabulary import RecordKind

KEYS: dict[RecordKind, Any] = {
    RecordKind.OFFICIAL: Official.slug,
    RecordKind.POSITION: Position.id,
    RecordKind.VISIT: Visit.slug,
    RecordKind.MEETING: Meeting.slug,
    RecordKind.STATEMENT: Statement.id,
    RecordKind.COMMITMENT: Commitment.slug,
}
"""What people call each kind of record that can be cited."""

RECORDS = (Official, Position, Visit, Meeting, Statement, Commitment)


def source_id(connection: Connection, key: str) -> str:
    """The id of the source that a slug or an id names; `RecordNotFound`, `RecordDeleted`."""
    try:
        named = reference(key)
    except ValueError:
        raise RecordNotFound("source", key) from None
    column = Source.id if isinstance(named, IdRef) else Source.slug
    found = connection.execute(
        select(Source.id, Source.deleted_seq).where(column == str(named))
    ).one_or_none()
    if found is None:
        raise RecordNotFound("source", key)
    if found.deleted_seq is not None:
        raise RecordDeleted("source", key, found.deleted_seq)
    return str(found.id)


def quotations(connection: Connection, source: str) -> list[Quotation]:
    """All quotations from the source of this id, by the records that they are evidence for."""
    found = [quotation(row, part_cited(row)) for row in connection.execute(cited(source))]
    found += [quotation(row, part_claimed(row)) for row in connection.execute(claimed(source))]
    kinds = [kind.value for kind in KEYS]
    # Stable: a record's citations stay before its claims, and both in their own order.
    return sorted(found, key=lambda each: (kinds.index(each.kind), each.key))


def quotation(row: Row[Any], part: str) -> Quotation:
    kind, key = next((kind, key) for kind, key in zip(KEYS, row, strict=False) if key is not None)
    return Quotation(kind.value, key, part, row.quote, prefix=row.prefix, suffix=row.suffix)


def part_cited(row: Row[Any]) -> str:
    if row.event is not None:
        return f"citation of the event {row.event.value}"
    if row.assessor is not None:
        return f"citation of the assessment by {row.assessor}"
    return "citation"


def part_claimed(row: Row[Any]) -> str:
    if row.attestation is not None:
        return f"{row.field}: {row.value} {row.attestation.value}"
    return row.field if row.participant is None else f"{row.field} of {row.participant}"


def cited(source: str) -> Select[Any]:
    """Citations that quote, with the key of the record that each, an event's too, is about."""
    commitment = func.coalesce(
        Citation.commitment_id, CommitmentEvent.commitment_id, Assessment.commitment_id
    )
    return (
        select(*KEYS.values(), *quoted(Citation), CommitmentEvent.event, Assessment.assessor)
        .select_from(Citation)
        .outerjoin(CommitmentEvent, CommitmentEvent.id == Citation.commitment_event_id)
        .outerjoin(Assessment, Assessment.id == Citation.assessment_id)
        .outerjoin(Official, Official.id == Citation.official_id)
        .outerjoin(Position, Position.id == Citation.position_id)
        .outerjoin(Visit, Visit.id == Citation.visit_id)
        .outerjoin(Meeting, Meeting.id == Citation.meeting_id)
        .outerjoin(Statement, Statement.id == Citation.statement_id)
        .outerjoin(Commitment, Commitment.id == commitment)
        .where(*of_source(Citation, source), *standing(*RECORDS))
        .order_by(CommitmentEvent.ordinal, Assessment.ordinal, Citation.ordinal, Citation.id)
    )


def claimed(source: str) -> Select[Any]:
    """Claims that quote, those on participations with the participant's name."""
    subjects = {RecordKind.OFFICIAL: null(), RecordKind.STATEMENT: null()}
    return (
        select(
            *(KEYS | subjects).values(),
            *quoted(Claim),
            Claim.field,
            Claim.value,
            Claim.attestation,
            Participation.name_as_given.label("participant"),
        )
        .select_from(Claim)
        .outerjoin(Position, Position.id == Claim.position_id)
        .outerjoin(Visit, Visit.id == Claim.visit_id)
        .outerjoin(Meeting, Meeting.id == Claim.meeting_id)
        .outerjoin(Commitment, Commitment.id == Claim.commitment_id)
        .outerjoin(Participation, Participation.id == Claim.participation_id)
        .where(*of_source(Claim, source), *standing(Position, Visit, Meeting, Commitment))
        .order_by(Claim.ordinal, Claim.id)
    )


def quoted(model: Any) -> tuple[Any, ...]:
    return model.quote, model.prefix, model.suffix


def of_source(model: Any, source: str) -> tuple[ColumnElement[bool], ...]:
    return model.source_id == source, model.quote.is_not(None)


def standing(*records: Any) -> Iterator[ColumnElement[bool]]:
    """None of the records was deleted; one that was not joined has no such mark either."""
    return (model.deleted_seq.is_(None) for model in records)
