"""The rows that several kinds of record consist of, and the ids of parts.

Ids of parts are derived from their record's id and what tells them apart, so that the same
part of the same record has the same id everywhere and on every run.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, TypeVar

from pydantic import BaseModel

from app.folding import fold
from app.importers import neutral
from app.models import (
    Citation,
    Claim,
    Identifier,
    Participation,
)
from app.models.plain import plain
from app.record.cards import instant
from app.vocabulary import ClaimRank, RecordKind

K = RecordKind
Ids = Mapping[tuple[RecordKind, str], str]
"""The id of every record that can be referred to, by its kind and its key."""

R = TypeVar("R")


def new(model: Any, **given: Any) -> Any:
    """A row of a model that belongs to no session."""
    return plain(model)(**given)


def derived_id(parent: str, *distinction: object) -> str:
    """An id in the form of a UUIDv7: the time of the parent's id, the rest from a hash."""
    digest = blake2b(repr((parent, *distinction)).encode(), digest_size=10).hexdigest()
    variant = "89ab"[int(digest[3], 16) % 4]
    return f"{parent[:13]}-7{digest[0:3]}-{variant}{digest[4:7]}-{digest[7:19]}"


class Parts:
    """Numbers the parts of one record and gives them ids: their own, or else derived ones.

    Two parts that nothing tells apart are told apart by their order. `owner` is the record, or
    the part of it, whose parts they are.
    """

    def __init__(self, record_id: str, owner: BaseModel | None = None) -> None:
        self.record_id = record_id
        self.seen: dict[tuple[object, ...], int] = {}
        self.taken = set() if owner is None else set(ids_of_parts(owner))

    def stamp(
        self, row: R, ordinal: int, *distinction: object, part: neutral.Part | None = None
    ) -> R:
        row.ordinal = ordinal  # type: ignore[attr-defined]
        row.id = self.derived(distinction) if part is None or part.id is None else part.id  # type: ignore[attr-defined]
        return row

    def derived(self, distinction: tuple[object, ...]) -> str:
        """The next id for what is told apart so, past those that an edit has kept."""
        while True:
            count = self.seen.get(distinction, 0)
            self.seen[distinction] = count + 1
            marks = (*distinction, count) if count else distinction
            found = derived_id(self.record_id, *marks)
            if found not in self.taken:
                return found


def ids_of_parts(owner: BaseModel) -> Iterator[str]:
    """The ids that the parts of a record, at any depth, have of their own."""
    for field in neutral.fields_with_parts(type(owner)):
        value = getattr(owner, field)
        for part in value if isinstance(value, tuple) else (value,):
            if part is not None:
                if isinstance(part, neutral.Part) and part.id is not None:
                    yield part.id
                yield from ids_of_parts(part)


def some(ids: Ids, kind: RecordKind, key: str | None) -> str | None:
    return None if key is None else ids[kind, key]


def citations(parts: Parts, given: Iterable[neutral.Citation], ids: Ids) -> list[Citation]:
    return [
        parts.stamp(
            new(Citation, source_id=ids[K.SOURCE, each.source], **evidence(each)),
            ordinal,
            "citation",
            each.source,
            each.locator,
            part=each,
        )
        for ordinal, each in enumerate(given)
    ]


def evidence(given: neutral.Evidence) -> dict[str, Any]:
    return {
        "locator": given.locator,
        "quote": given.quote,
        "prefix": given.prefix,
        "suffix": given.suffix,
        "language": given.language,
    }


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
            new(
                Claim,
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
            part=each,
        )
        for each in given
    ]


def identifiers(parts: Parts, given: Iterable[tuple[str, str]]) -> list[Identifier]:
    return [
        parts.stamp(
            new(Identifier, scheme=scheme, value=value), ordinal, "identifier", scheme, value
        )
        for ordinal, (scheme, value) in enumerate(given)
    ]


def names(parts: Parts, model: Any, given: Iterable[neutral.Name]) -> list[Any]:
    rows = []
    for ordinal, each in enumerate(given):
        row = new(
            model,
            name=each.name,
            name_folded=fold(each.name),
            kind=each.kind,
            language=each.language,
            script=each.script,
        )
        row.valid_from, row.valid_until = each.valid_from, each.valid_until
        rows.append(
            parts.stamp(row, ordinal, "name", each.name, each.kind, each.language, part=each)
        )
    return rows


def place(given: neutral.Place, ids: Ids) -> dict[str, Any]:
    return {
        "place_name": given.name,
        "place_folded": given.name and fold(given.name),
        "city": given.city,
        "city_folded": given.city and fold(given.city),
        "country_id": some(ids, K.PARTY, given.country),
        # Zero has no sign: SQLite keeps none.
        "latitude": given.latitude and given.latitude + 0.0,
        "longitude": given.longitude and given.longitude + 0.0,
    }


def person(parts: Parts, model: Any, given: neutral.Person, ids: Ids, ordinal: int) -> Any:
    row = new(
        model,
        official_id=some(ids, K.OFFICIAL, given.official),
        party_id=some(ids, K.PARTY, given.party),
        name_as_given=given.name_as_given,
        title_as_given=given.title_as_given,
        role=given.role,
    )
    whose = given.official or given.name_as_given
    return parts.stamp(row, ordinal, "person", whose, part=given)


def numbered_claims(row: R) -> R:
    for ordinal, claim in enumerate(row.claims):  # type: ignore[attr-defined]
        claim.ordinal = ordinal
    return row


def attestations(parts: Parts, given: neutral.AttestedTopic, ids: Ids) -> list[Claim]:
    return [
        parts.stamp(
            new(
                Claim,
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
            part=citation,
        )
        for attestation, citation in given.attestations()
    ]
