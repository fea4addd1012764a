"""The rows that several kinds of record consist of, and the ids of parts.

Ids of parts are derived from their record's id and what tells them apart, so that the same
part of the same record has the same id everywhere and on every run.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, TypeVar

from app.folding import fold
from app.importers import neutral
from app.models import (
    Citation,
    Claim,
    Identifier,
    Participation,
)
from app.record.cards import instant
from app.vocabulary import ClaimRank, RecordKind

K = RecordKind
Ids = Mapping[tuple[RecordKind, str], str]
"""The id of every record that can be referred to, by its kind and its key."""

R = TypeVar("R")


def derived_id(parent: str, *distinction: object) -> str:
    """An id in the form of a UUIDv7: the time of the parent's id, the rest from a hash."""
    digest = blake2b(repr((parent, *distinction)).encode(), digest_size=10).hexdigest()
    variant = "89ab"[int(digest[3], 16) % 4]
    return f"{parent[:13]}-7{digest[0:3]}-{variant}{digest[4:7]}-{digest[7:19]}"


class Parts:
    """Numbers the parts of one record and derives their ids.

    Two parts that nothing tells apart are told apart by their order.
    """

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        self.seen: dict[tuple[object, ...], int] = {}

    def stamp(self, row: R, ordinal: int, *distinction: object) -> R:
        count = self.seen.get(distinction, 0)
        self.seen[distinction] = count + 1
        marks = (*distinction, count) if count else distinction
        row.id = derived_id(self.record_id, *marks)  # type: ignore[attr-defined]
        row.ordinal = ordinal  # type: ignore[attr-defined]
        return row


def some(ids: Ids, kind: RecordKind, key: str | None) -> str | None:
    return None if key is None else ids[kind, key]


def citations(parts: Parts, given: Iterable[neutral.Citation], ids: Ids) -> list[Citation]:
    return [
        parts.stamp(
            Citation(source_id=ids[K.SOURCE, each.source], **evidence(each)),
            ordinal,
            "citation",
            each.source,
            each.locator,
        )
        for ordinal, each in enumerate(given)
    ]


def evidence(given: neutral.Evidence) -> dict[str, Any]:
    return given.model_dump(include=set(neutral.Evidence.model_fields))


def claimed_value(claim: neutral.Claim) -> Any:
    """The value as the API shows the field, so that one instant in two zones is one value."""
    if claim.field == "starts_at":
        return instant(datetime.fromisoformat(str(claim.value)).astimezone(UTC))
    return claim.value


def claims(
    parts: Parts,
    given: Iterable[neutral.Claim],
    ids: Ids,
    participation: Participation | None = None,
) -> list[Claim]:
    whose = None if participation is None else participation.id
    return [
        parts.stamp(
            Claim(
                source_id=ids[K.SOURCE, each.source],
                participation_id=whose,
                field=each.field,
                value=claimed_value(each),
                qualifier=each.qualifier,
                rank=each.rank,
                attestation=None,
                **evidence(each),
            ),
            0,
            "claim",
            whose,
            each.field,
            each.source,
        )
        for each in given
    ]


def identifiers(parts: Parts, given: Mapping[str, str]) -> list[Identifier]:
    return [
        parts.stamp(Identifier(scheme=scheme, value=value), ordinal, "identifier", scheme, value)
        for ordinal, (scheme, value) in enumerate(given.items())
    ]


def names(parts: Parts, model: Any, given: Iterable[neutral.Name]) -> list[Any]:
    rows = []
    for ordinal, each in enumerate(given):
        row = model(
            name=each.name,
            name_folded=fold(each.name),
            kind=each.kind,
            language=each.language,
            script=each.script,
        )
        row.valid_from, row.valid_until = each.valid_from, each.valid_until
        rows.append(parts.stamp(row, ordinal, "name", each.name, each.kind, each.language))
    return rows


def place(given: neutral.Place, ids: Ids) -> dict[str, Any]:
    return {
        "place_name": given.name,
        "place_folded": given.name and fold(given.name),
        "city": given.city,
        "city_folded": given.city and fold(given.city),
        "country_id": some(ids, K.PARTY, given.country),
        "latitude": given.latitude,
        "longitude": given.longitude,
    }


def person(parts: Parts, model: Any, given: neutral.Person, ids: Ids, ordinal: int) -> Any:
    row = model(
        official_id=some(ids, K.OFFICIAL, given.official),
        party_id=some(ids, K.PARTY, given.party),
        name_as_given=given.name_as_given,
        title_as_given=given.title_as_given,
        role=given.role,
    )
    return parts.stamp(row, ordinal, "person", given.official or given.name_as_given)


def numbered_claims(row: R) -> R:
    for ordinal, claim in enumerate(row.claims):  # type: ignore[attr-defined]
        claim.ordinal = ordinal
    return row


def attestations(parts: Parts, given: neutral.AttestedTopic, ids: Ids) -> list[Claim]:
    return [
        parts.stamp(
            Claim(
                source_id=ids[K.SOURCE, citation.source],
                field="topics",
                value=given.code,
                rank=ClaimRank.NORMAL,
                attestation=attestation,
                **evidence(citation),
            ),
            0,
            "topic",
            given.code,
            citation.source,
        )
        for attestation, citation in given.attestations()
    ]
