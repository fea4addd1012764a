"""What claims must hold to: a field that may be claimed, a value of its type, one preferred."""

from collections.abc import Hashable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.importers.batches import Batch, Path, Problems, Sourced, claims
from app.importers.neutral import CLAIMABLE, Claim
from app.vocabulary import ClaimRank


@cache
def values_of(subject: str, field: str) -> TypeAdapter[Any]:
    """What reads the values of a claimable field."""
    return TypeAdapter(CLAIMABLE[subject][field])


def claims_that_do_not_fit(batch: Batch) -> Problems:
    for each in batch.records:
        preferred: dict[Hashable, Path] = {}
        for path, subject, claim in claims(each.record):
            allowed = CLAIMABLE[subject]
            if claim.field not in allowed:
                names = ", ".join(allowed)
                yield each.problem(
                    (*path, "field"), f"expected one of {names}, found {claim.field!r}"
                )
                continue
            misuse = misused_qualifier(each, path, claim)
            if misuse:
                yield misuse
                continue
            try:
                value = values_of(subject, claim.field).validate_python(claim.value)
            except ValidationError as error:
                reason = error.errors()[0]["msg"].removeprefix("Value error, ")
                yield each.problem(
                    (*path, "value"),
                    f"expected a value for {claim.field}, found {claim.value!r}: {reason}",
                )
                continue
            if claim.rank is not ClaimRank.PREFERRED:
                continue
            mark = (path[:-1], claim.field)
            if mark in preferred:
                other = each.where(*preferred[mark])
                yield each.problem(
                    (*path, "rank"),
                    f"expected one preferred claim to {claim.field}, found another at {other}",
                )
                continue
            preferred[mark] = path
            yield from disagreement(each, path, claim, value)


def misused_qualifier(each: Sourced, path: Path, claim: Claim) -> str | None:
    if claim.field == "duration_minutes" and claim.qualifier is None:
        return each.problem(
            path, "expected a qualifier (exact, about, under or over) with a duration, found none"
        )
    if claim.field != "duration_minutes" and claim.qualifier is not None:
        return each.problem(
            (*path, "qualifier"),
            f"expected a qualifier on duration_minutes only, found it on {claim.field}",
        )
    return None


def disagreement(each: Sourced, path: Path, claim: Claim, value: object) -> Problems:
    """The preferred claim is the one whose value the record shows."""
    if claim.field == "characterisation":
        return
    own: Any = each.record
    for step in path[:-2]:
        own = own[step] if isinstance(step, int) else getattr(own, step)
    if claim.field == "duration_minutes":
        own = own.duration and (own.duration.minutes, own.duration.qualifier)
        value = (value, claim.qualifier)
    else:
        for name in claim.field.split("."):
            own = getattr(own, name)
    if own != value:
        yield each.problem(
            (*path, "value"),
            f"expected the preferred claim to agree with the record's own {claim.field}, "
            f"{in_words(own)}, found {in_words(value)}",
        )


def in_words(value: object) -> str:
    if isinstance(value, tuple):
        minutes, qualifier = value
        return f"{minutes} ({qualifier})"
    return repr(str(value)) if value is not None else "which is not set"
