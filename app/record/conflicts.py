"""Claims as documents show them, and the conflicts between them. Conflicts are only derived."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.models.claims import Claim
from app.models.meetings import Participation
from app.record.cards import Json, evidence, official_card, record_card
from app.vocabulary import Attestation, ClaimRank, DurationQualifier

BOUNDING = {DurationQualifier.UNDER, DurationQualifier.OVER}
"""Qualifiers that make the same figure another claim: under 30 is not 30, about 30 may be."""


def claims(rows: Iterable[Claim]) -> list[Json]:
    return [
        {
            "id": row.id,
            "source": record_card(row.source),
            **evidence(row),
            "field": row.field,
            "participant": row.participation_id,
            "value": row.value,
            "qualifier": row.qualifier,
            "rank": row.rank,
            "attestation": row.attestation,
        }
        for row in rows
    ]


def conflicts(
    rows: Iterable[Claim], participations: Mapping[str, Participation] | None = None
) -> list[Json]:
    """The fields to which sources give different values, preferred values first.

    A deprecated claim makes no conflict. On `topics`, silence makes none either: only one
    source affirming what another denies does.
    """
    fields: dict[tuple[str | None, str], list[Claim]] = {}
    for row in rows:
        if row.rank is not ClaimRank.DEPRECATED:
            fields.setdefault((row.participation_id, row.field), []).append(row)
    found = []
    for (participation_id, field), claimed in fields.items():
        both_ways = disputed(claimed) if field == "topics" else None
        values = rival_values(row for row in claimed if both_ways is None or row.value in both_ways)
        if len(values) > 1:
            participation = (participations or {}).get(participation_id or "")
            found.append(
                {
                    "field": field,
                    "participant": official_card(participation.official) if participation else None,
                    "values": values,
                }
            )
    return found


def disputed(rows: Iterable[Claim]) -> set[Any]:
    """The topics that one source affirms and another denies."""
    stances: dict[Any, set[Attestation | None]] = {}
    for row in rows:
        stances.setdefault(row.value, set()).add(row.attestation)
    both = {Attestation.AFFIRMED, Attestation.DENIED}
    return {value for value, stance in stances.items() if both <= stance}


def rival_values(rows: Iterable[Claim]) -> list[Json]:
    """The distinct values with their sources; the claims in the record's order."""
    values: dict[tuple[Any, ...], Json] = {}
    for row in sorted(rows, key=lambda each: each.rank is not ClaimRank.PREFERRED):
        stance = row.attestation if row.field == "topics" else None
        key = (
            type(row.value).__name__,
            row.value,
            stance,
            row.qualifier if row.qualifier in BOUNDING else None,
        )
        shown: Json = {
            "value": row.value,
            "qualifier": row.qualifier,
            "attestation": stance,
            "sources": [],
        }
        sources = values.setdefault(key, shown)["sources"]
        if row.source.slug not in sources:
            sources.append(row.source.slug)
    return list(values.values())
