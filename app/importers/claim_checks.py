"""What claims must hold to: a field that may be claimed, a value of its type, one preferred.

And what a record must hold to where it states a value itself: it is the preferred claim's, or
else that of some claim. What it leaves to its sources is the matter of `app.importers.settling`.
"""

from typing import Any

from pydantic import ValidationError

from app import dates
from app.importers import neutral
from app.importers.batches import Batch, Path, Problems, Sourced
from app.importers.neutral import CLAIMABLE, Claim
from app.importers.settling import (
    DURATION,
    Claimed,
    claimed_fields,
    own_value,
    part_at,
    value_of,
)
from app.importers.texts import Edtf
from app.vocabulary import ClaimRank

OUR_OWN = {
    ("visit", "title"),
    ("meeting", "title"),
    ("commitment", "title"),
    ("commitment", "text"),
    ("visit", "status"),
    ("meeting", "status"),
}
"""What the record says itself, whatever its sources say; only a preferred claim binds it. Titles
are our words, and what one side affirms and another denies is `reported_unconfirmed`."""


def claims_that_do_not_fit(batch: Batch) -> Problems:
    for each in batch.records:
        for claimed in claimed_fields(each.record):
            problems = [
                problem
                for path, claim in claimed.claims.items()
                for problem in claim_that_does_not_fit(each, path, claimed.kind, claim)
            ]
            yield from problems or value_that_does_not_fit(each, claimed)


def claim_that_does_not_fit(each: Sourced, path: Path, kind: str, claim: Claim) -> Problems:
    allowed = CLAIMABLE[kind]
    if claim.field not in allowed:
        names = ", ".join(allowed)
        yield each.problem((*path, "field"), f"expected one of {names}, found {claim.field!r}")
    elif claim.field == DURATION and claim.qualifier is None:
        yield each.problem(
            path, "expected a qualifier (exact, about, under or over) with a duration, found none"
        )
    elif claim.field != DURATION and claim.qualifier is not None:
        yield each.problem(
            (*path, "qualifier"),
            f"expected a qualifier on duration_minutes only, found it on {claim.field}",
        )
    else:
        try:
            value_of(kind, claim)
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            yield each.problem(
                (*path, "value"),
                f"expected a value for {claim.field}, found {claim.value!r}: {reason}",
            )


def value_that_does_not_fit(each: Sourced, claimed: Claimed) -> Problems:
    """The record's own value against those that are claimed, which are understood."""
    kind, field = claimed.kind, claimed.field
    own = own_value(part_at(each.record, claimed.owner), field)
    values = {
        path: (claim.rank, value_of(kind, claim))
        for path, claim in claimed.claims.items()
        if claim.rank is not ClaimRank.DEPRECATED
    }
    preferred = [path for path, (rank, _) in values.items() if rank is ClaimRank.PREFERRED]
    for path in preferred[1:]:
        yield each.problem(
            (*path, "rank"),
            f"expected one preferred claim to {field}, "
            f"found another at {each.where(*preferred[0])}",
        )
    if own is None or not values:
        return
    if preferred:
        _, value = values[preferred[0]]
        if own != value:
            yield each.problem(
                (*preferred[0], "value"),
                f"expected the preferred claim to agree with the record's own {field}, "
                f"{in_words(own)}, found {in_words(value)}",
            )
    elif (kind, field) not in OUR_OWN and not any(
        may_show(kind, field, own, value) for _, value in values.values()
    ):
        named = ", ".join(dict.fromkeys(in_words(value) for _, value in values.values()))
        yield each.problem(
            (*claimed.owner, *way_to(field)),
            f"expected one of the values that the sources claim, {named}, found {in_words(own)}",
        )


def may_show(kind: str, field: str, own: Any, value: Any) -> bool:
    """Whether a source's value bears out the record's own: a date may be a coarser one."""
    if CLAIMABLE[kind][field] is not Edtf:
        return bool(own == value)
    wide, narrow = dates.parse(own), dates.parse(value)
    return (
        wide.earliest is None or (narrow.earliest is not None and wide.earliest <= narrow.earliest)
    ) and (wide.latest is None or (narrow.latest is not None and narrow.latest <= wide.latest))


def way_to(field: str) -> Path:
    return ("duration",) if field == DURATION else tuple(field.split("."))


def in_words(value: object) -> str:
    if isinstance(value, neutral.Duration):
        return f"{value.minutes} ({value.qualifier})"
    return repr(str(value))
