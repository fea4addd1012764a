"""Writing a claimable field makes a preferred claim of it, with the source that the editor names.

A rival claim that was preferred before stays, as one of several; so nothing that a source gave
is lost. Titles, statuses and the text of a commitment are our own words and need no claim.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from app.editing.drafts import DRAFTS, DraftClaim
from app.errors import Flaw
from app.importers.claim_checks import OUR_OWN
from app.importers.neutral import CLAIMABLE, Claim
from app.importers.settling import DURATION, ONLY_CLAIMED, settled_value
from app.record.cards import instant
from app.schemas.bodies import pointer
from app.vocabulary import ClaimRank, DurationQualifier, RecordKind

Json = Any
Form = dict[str, Json]

ACCORDING_TO = "according_to"
QUALIFIER = "duration_qualifier"


def value_at(owner: Form, field: str) -> Json:
    name, _, inner = field.partition(".")
    value = owner.get(name)
    return value_at(value, inner) if inner and isinstance(value, dict) else value


def with_value(owner: Form, field: str, value: Json) -> Form:
    """The form with a value of a field, as `spoken` gives it; without any for None."""
    name, _, inner = field.partition(".")
    if inner:
        return {**owner, name: with_value(owner[name], inner, value)}
    new = {name: value}
    if field == DURATION:
        new = dict(zip((name, QUALIFIER), value or (None, None), strict=True))
    return {key: each for key, each in (owner | new).items() if key not in new or each is not None}


def owners(form: Form, kind: RecordKind) -> Iterator[tuple[str | None, str, Form]]:
    """What of a record may have claims: itself, and those who take part, by their ids."""
    yield None, kind.value, form
    if kind is RecordKind.MEETING:
        for person in form.get("participants", ()):
            if isinstance(person, dict) and isinstance(person.get("id"), str):
                yield person["id"], "participant", person


def spoken(owner: Form, field: str) -> Json:
    """A field's value and, of a duration, what bounds it."""
    value = value_at(owner, field)
    return (value, owner.get(QUALIFIER)) if field == DURATION else value


def with_claims(
    kind: RecordKind, before: Form, after: Form, patch: Form, flaws: list[Flaw]
) -> Form:
    """A patched form with what follows for its claims."""
    if kind.value not in CLAIMABLE or not isinstance(after.get("claims", []), list):
        return after
    claims: list[Json] = list(after.get("claims", []))
    if "claims" not in patch:
        people = {person for person, _, _ in owners(after, kind)}
        claims = [each for each in claims if each.get("participant") in people]
    former = {person: owner for person, _, owner in owners(before, kind)}
    for person, subject, owner in owners(after, kind):
        if person is not None and person not in former:
            continue
        for field in CLAIMABLE[subject]:
            value, was = spoken(owner, field), spoken(former[person], field)
            if value == was or (subject, field) in OUR_OWN or value_at(owner, field) is None:
                continue
            prefer(claims, person, field, owner, after, flaws)
    if claims != after.get("claims", []) or "claims" in patch:
        after = resettled(kind, before, {**after, "claims": claims})
    return after


def prefer(
    claims: list[Json],
    person: str | None,
    field: str,
    owner: Form,
    form: Form,
    flaws: list[Flaw],
) -> None:
    """Make the owner's value of a field the preferred claim of the editor's source."""
    own = [
        (index, each)
        for index, each in enumerate(claims)
        if isinstance(each, dict)
        and each.get("field") == field
        and each.get("participant") == person
    ]
    value = value_at(owner, field)
    preferred = [each for _, each in own if each.get("rank") == ClaimRank.PREFERRED]
    if any(each.get("value") == value for each in preferred):
        return
    source = source_of(form, field, flaws)
    if source is None:
        return
    for index, each in own:
        if each.get("rank") == ClaimRank.PREFERRED:
            claims[index] = {**each, "rank": ClaimRank.NORMAL.value}
    said: Json = {"source": source, "field": field, "value": value, "rank": "preferred"}
    if person is not None:
        said["participant"] = person
    if field == DURATION:
        said["qualifier"] = form.get(QUALIFIER, DurationQualifier.EXACT.value)
    for index, each in own:
        if each.get("source") == source:
            claims[index] = {**each, **said}
            return
    claims.append(said)


def source_of(form: Form, field: str, flaws: list[Flaw]) -> str | None:
    """The source of the editor's values: the one named, else the only one that is cited."""
    named = form.get(ACCORDING_TO)
    if isinstance(named, str):
        return named
    cited = {
        each if isinstance(each, str) else each.get("source")
        for each in form.get("citations", ())
        if isinstance(each, dict | str)
    }
    if len(cited) == 1 and None not in cited:
        return str(cited.pop())
    if not any(flaw.where == pointer((ACCORDING_TO,)) for flaw in flaws):
        flaws.append(
            Flaw(
                pointer((ACCORDING_TO,)),
                f"is required: the source that gives the new {field}, as the record cites "
                f"{len(cited) or 'none'}",
                tuple(sorted(map(str, cited)))[:20],
            )
        )
    return None


def resettled(kind: RecordKind, before: Form, after: Form) -> Form:
    """The form with new values where the former claims settled them, as the new ones do; what
    they leave open has none.
    """
    required = {name for name, each in DRAFTS[kind].model_fields.items() if each.is_required()}
    for field in CLAIMABLE[kind.value]:
        name = field.partition(".")[0]
        if field == ONLY_CLAIMED or name in required or value_at(after, field) is None:
            continue
        if spoken(after, field) == spoken(before, field) == settled(kind, before, field):
            after = with_value(after, field, settled(kind, after, field))
    return after


def settled(kind: RecordKind, form: Form, field: str) -> Json:
    """The value that a form's claims settle, as the form would have it."""
    try:
        claims = [
            Claim.model_validate(
                DraftClaim.model_validate(each).model_dump(
                    include=set(Claim.model_fields), exclude_unset=True
                )
            )
            for each in form.get("claims", ())
            if each["field"] == field and each.get("participant") is None
        ]
    except ValidationError:
        return None
    value = settled_value(kind.value, claims)
    if field == DURATION:
        return None if value is None else (value.minutes, value.qualifier)
    return instant(value.astimezone(UTC)) if isinstance(value, datetime) else value
