"""Claims as documents show them, and how they stand to each other; that is only ever derived.

The rules read claims as plain JSON, so that they hold for a document of any revision.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.models.claims import Claim
from app.models.meetings import Participation
from app.record.cards import Json, evidence, official_card, record_card
from app.vocabulary import Agreement, Attestation, ClaimRank, DurationQualifier

BOUNDING = {DurationQualifier.UNDER, DurationQualifier.OVER}
"""Qualifiers that make the same figure another claim: under 30 is not 30, about 30 may be."""

TOPICS = "topics"
"""The field whose claims say how a source treats a topic, and give no rival values."""

Subject = tuple[str | None, str]
"""What a claim is about: the id of a participation, if one, and the field."""


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


def by_subject(claimed: Iterable[Json]) -> dict[Subject, list[Json]]:
    """The claims to each field, the fields as they come, a field's preferred claim first."""
    found: dict[Subject, list[Json]] = {}
    for each in claimed:
        found.setdefault((each["participant"], each["field"]), []).append(each)
    for rivals in found.values():
        rivals.sort(key=lambda each: each["rank"] != ClaimRank.PREFERRED)
    return found


def standing(claimed: Iterable[Json]) -> list[Json]:
    """The claims that count: a deprecated one makes no conflict, and agrees with none."""
    return [each for each in claimed if each["rank"] != ClaimRank.DEPRECATED]


def conflicts(
    rows: Iterable[Claim], participations: Mapping[str, Participation] | None = None
) -> list[Json]:
    """The fields to which sources give different values, preferred values first.

    On `topics`, silence makes no conflict: only one source affirming what another denies does.
    """
    found = []
    for (participant, field), rivals in by_subject(standing(claims(rows))).items():
        values = rival_values(disputed(rivals) if field == TOPICS else rivals)
        if len(values) > 1:
            participation = (participations or {}).get(participant or "")
            found.append(
                {
                    "field": field,
                    "participant": official_card(participation.official) if participation else None,
                    "values": values,
                }
            )
    return found


def disputed(claimed: list[Json]) -> list[Json]:
    """The claims to topics that one source affirms and another denies."""
    stances: dict[Any, set[str]] = {}
    for each in claimed:
        stances.setdefault(each["value"], set()).add(each["attestation"])
    return [each for each in claimed if is_disputed(stances[each["value"]])]


def is_disputed(stances: Iterable[str]) -> bool:
    return {Attestation.AFFIRMED, Attestation.DENIED} <= set(stances)


def rival_values(claimed: Iterable[Json]) -> list[Json]:
    """The distinct values that claims to one field give, each with its sources."""
    values: dict[tuple[Any, ...], Json] = {}
    for each in claimed:
        stance = each["attestation"] if each["field"] == TOPICS else None
        bound = each["qualifier"] if each["qualifier"] in BOUNDING else None
        shown: Json = {
            "value": each["value"],
            "qualifier": each["qualifier"],
            "attestation": stance,
            "sources": [],
        }
        key = (type(each["value"]).__name__, each["value"], stance, bound)
        sources = values.setdefault(key, shown)["sources"]
        if each["source"]["slug"] not in sources:
            sources.append(each["source"]["slug"])
    return list(values.values())


def agreement(claimed: Iterable[Json]) -> Agreement | None:
    """How the claims to one field stand to each other; None where all of them are deprecated.

    It is `conflict` exactly where `conflicts` has the field.
    """
    values = rival_values(standing(claimed))
    if not values:
        return None
    if len(values) > 1:
        return Agreement.CONFLICT
    return Agreement.AGREE if len(values[0]["sources"]) > 1 else Agreement.SINGLE


def agreement_on_topic(stances: Mapping[str, Sequence[str]]) -> Agreement | None:
    """How sources stand to each other on a topic, given what each of them says of it.

    Silence counts for nothing; None where there is nothing else. A topic is in conflict where
    one affirms what another denies, and where one of several puts it in terms of its own.
    """
    speaking = {
        source: [each for each in said if each != Attestation.SILENT]
        for source, said in stances.items()
    }
    said = {each for several in speaking.values() for each in several}
    if not said:
        return None
    if is_disputed(said):
        return Agreement.CONFLICT
    if sum(map(bool, speaking.values())) == 1:
        return Agreement.SINGLE
    characterised = Attestation.DIFFERENTLY_CHARACTERISED in said
    return Agreement.CONFLICT if characterised else Agreement.AGREE
