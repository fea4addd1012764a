"""Which value a record shows where sources make claims: see docs/decisions/005.

A record that states a value keeps it; `app.importers.claim_checks` says whether it may. One that
states none takes the preferred claim's; without one, the value on which all claims agree that
are not deprecated. Where they differ and none is preferred, nothing is chosen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.importers import neutral
from app.importers.batches import Batch, Path, Problems, claims
from app.importers.neutral import CLAIMABLE, AnyRecord, Claim
from app.vocabulary import ClaimRank, DurationQualifier

DURATION = "duration_minutes"
ONLY_CLAIMED = "characterisation"
"""The field that no record shows a value of: its sources' words are only ever put side by side."""

R = TypeVar("R", bound=BaseModel)


class Claimed(NamedTuple):
    """The claims that are made about one field of a record, or of somebody who takes part."""

    owner: Path
    """The way from the record to what the field belongs to."""
    kind: str
    """The owner's entry in CLAIMABLE."""
    field: str
    claims: Mapping[Path, Claim]


def claimed_fields(record: AnyRecord) -> Iterator[Claimed]:
    found: dict[tuple[Path, str, str], dict[Path, Claim]] = {}
    for path, kind, claim in claims(record):
        found.setdefault((path[:-2], kind, claim.field), {})[path] = claim
    for (owner, kind, field), those in found.items():
        yield Claimed(owner, kind, field, those)


@cache
def values_of(kind: str, field: str) -> TypeAdapter[Any]:
    """What reads the values of a claimable field."""
    return TypeAdapter(CLAIMABLE[kind][field])


def value_of(kind: str, claim: Claim) -> Any:
    """What a claim says, as a record would; ValidationError where it is no such value."""
    value = values_of(kind, claim.field).validate_python(claim.value)
    if claim.field != DURATION:
        return value
    return neutral.Duration.model_validate({"minutes": value, "qualifier": claim.qualifier})


def own_value(owner: BaseModel, field: str) -> Any:
    """What a record says itself; None where it leaves that to its sources."""
    name, _, inner = ("duration" if field == DURATION else field).partition(".")
    if name not in owner.model_fields_set:
        return None
    value = getattr(owner, name)
    return own_value(value, inner) if inner else value


def with_value(owner: R, field: str, value: Any) -> R:
    name, _, inner = ("duration" if field == DURATION else field).partition(".")
    if inner:
        value = with_value(getattr(owner, name), inner, value)
    return owner.model_copy(update={name: value})


def part_at(record: BaseModel, path: Path) -> Any:
    part: Any = record
    for step in path:
        part = part[step] if isinstance(step, int) else getattr(part, step)
    return part


def settled(record: AnyRecord) -> AnyRecord:
    """The record with every value that it leaves to its sources, where these settle it.

    ValidationError where it cannot be so: a position that has an end and has not ended.
    """
    changed = record
    for owner, kind, field, those in claimed_fields(record):
        if field not in CLAIMABLE[kind] or field == ONLY_CLAIMED:
            continue
        if own_value(part_at(record, owner), field) is not None:
            continue
        value = settled_value(kind, list(those.values()))
        if value is None:
            continue
        if owner:
            name, index = owner
            people = list(getattr(changed, str(name)))
            people[int(index)] = with_value(people[int(index)], field, value)
            changed = changed.model_copy(update={str(name): tuple(people)})
        else:
            changed = with_value(changed, field, value)
    if changed is record:
        return record
    return type(record).model_validate(changed.model_dump(exclude_unset=True))


def settled_value(kind: str, those: list[Claim]) -> Any:
    """The value that claims to one field settle, else None; also where one is not understood."""
    counting = [claim for claim in those if claim.rank is not ClaimRank.DEPRECATED]
    preferred = [claim for claim in counting if claim.rank is ClaimRank.PREFERRED]
    try:
        values = [value_of(kind, claim) for claim in preferred or counting]
    except ValidationError:
        return None
    if not values or len(preferred) > 1:
        return None
    if isinstance(values[0], neutral.Duration):
        return agreed_duration(values)
    return values[0] if all(value == values[0] for value in values) else None


EXACT, ABOUT = DurationQualifier.EXACT, DurationQualifier.ABOUT


def agreed_duration(values: list[neutral.Duration]) -> neutral.Duration | None:
    """One duration, if none contradicts another: about an hour may be an hour, and stays about."""
    if {value.qualifier for value in values} == {EXACT, ABOUT}:
        values = [value.model_copy(update={"qualifier": ABOUT}) for value in values]
    return values[0] if all(value == values[0] for value in values) else None


def settle(batch: Batch) -> Batch:
    """The batch as it is to be loaded. Records that cannot be settled are left as they are."""
    found = []
    for each in batch.records:
        try:
            record = settled(each.record)
        except ValidationError:
            record = each.record
        found.append(each if record is each.record else replace(each, record=record))
    return replace(batch, records=tuple(found))


def unsettled(batch: Batch) -> Problems:
    """The records that cannot be as their sources would have them."""
    for each in batch.records:
        try:
            settled(each.record)
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            yield each.problem(
                ("claims",),
                f"expected claims that the record can show, since it states no value of its own, "
                f"found {reason}",
            )
