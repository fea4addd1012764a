"""Writing a claimable field makes a preferred claim of it, with the source that the editor names.

A rival claim that was preferred before stays, as one of several; so nothing that a source gave
is lost. Titles, statuses and the text of a commitment are our own words and need no claim.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.editing.converting import TOPICS, Made
from app.editing.drafts import DRAFTS, DraftClaim
from app.errors import Flaw
from app.importers.batches import Path
from app.importers.claim_checks import OUR_OWN
from app.importers.neutral import CLAIMABLE, Claim, Participant
from app.importers.settling import DURATION, ONLY_CLAIMED, settled_value
from app.record.cards import instant
from app.schemas.bodies import pointer
from app.vocabulary import ClaimRank, DurationQualifier, RecordKind

Json = Any
Form = dict[str, Json]

ACCORDING_TO = "according_to"
QUALIFIER = "duration_qualifier"
EXACT = DurationQualifier.EXACT.value
PARTICIPANT = "participant"


class Owner(NamedTuple):
    """What of a record has claims: itself, or one who takes part."""

    subject: str
    """Its entry in CLAIMABLE."""
    person: str | None
    """The id of one who takes part; new ones have none."""
    form: Form
    where: Path

    def claims(self, record: Form) -> list[Json]:
        """The claims about it in the form of its record, and those that were sent with it."""
        about = [each for each in record["claims"] if each.get(PARTICIPANT) == self.person]
        if self.subject != PARTICIPANT:
            return about
        return [*(() if self.person is None else about), *self.form.get("claims", ())]


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


def owners(form: Form, kind: RecordKind) -> Iterator[Owner]:
    yield Owner(kind.value, None, form, ())
    if kind is RecordKind.MEETING:
        for index, each in enumerate(form.get("participants", ())):
            yield Owner(PARTICIPANT, each.get("id"), each, ("participants", index))


def known(form: Form, kind: RecordKind) -> dict[tuple[str, str | None], Owner]:
    return {(each.subject, each.person): each for each in owners(form, kind)} if form else {}


def spoken(owner: Form, field: str) -> Json:
    """A field's value as documents show it and, of a duration, what bounds it."""
    value = value_at(owner, field)
    if field == DURATION:
        return None if value is None else (value, owner.get(QUALIFIER, EXACT))
    return in_utc(value) if field == "starts_at" else value


def in_utc(value: Json) -> Json:
    """One instant in two zones is one value."""
    try:
        return instant(datetime.fromisoformat(str(value)).astimezone(UTC))
    except ValueError:
        return value


def with_claims(
    kind: RecordKind, before: Form, after: Form, patch: Form, flaws: list[Flaw]
) -> tuple[Form, Made]:
    """A form as a patch leaves it, with what follows for its claims, and which were made here.

    What is new, be it the record or one who takes part, is left to its citations, unless the
    editor names a source.
    """
    if kind.value not in CLAIMABLE or not isinstance(after.get("claims", []), list):
        return after, {}
    claims: list[Json] = list(after.get("claims", []))
    if "claims" not in patch:
        flaws += attested_topics(claims, after)
        people = {each.person for each in owners(after, kind)}
        claims = [each for each in claims if each.get(PARTICIPANT) in people]
    after = {**after, "claims": claims}
    if patch.get(DURATION, 0) is None and QUALIFIER not in patch:
        after.pop(QUALIFIER, None)
    former, made = known(before, kind), Made()
    for owner in owners(after, kind):
        was = former.get((owner.subject, owner.person))
        if was is None and after.get(ACCORDING_TO) is None:
            continue
        editor = Editor(after, owner, made, flaws)
        for field in CLAIMABLE[owner.subject]:
            said = spoken(owner.form, field)
            if said is not None and (was is None or said != spoken(was.form, field)):
                editor.prefer(field, ours=(owner.subject, field) in OUR_OWN)
    return resettled(kind, before, after), made


def attested_topics(claims: list[Json], form: Form) -> Iterator[Flaw]:
    """The topics that a patch leaves out though sources say how they treat them."""
    topics = form.get("topics", ())
    attested: dict[str, list[str]] = {}
    for each in claims:
        if each["field"] == TOPICS and each["value"] not in topics:
            attested.setdefault(each["value"], []).append(each["source"])
    for code, sources in attested.items():
        named = ", ".join(dict.fromkeys(sources))
        yield Flaw(
            pointer((TOPICS,)),
            f"expected {code!r} among them, which claims of {named} are about; send `claims` "
            "without those to drop it",
        )


@dataclass(frozen=True, slots=True)
class Editor:
    """Makes claims of what an editor says of a record, or of one who takes part."""

    form: Form
    owner: Owner
    made: Made
    flaws: list[Flaw]

    def prefer(self, field: str, *, ours: bool) -> None:
        """Make the owner's value of a field the preferred claim of the editor's source. What is
        `ours` to say needs no claim; but none that says otherwise stays preferred.
        """
        is_record = self.owner.subject != PARTICIPANT
        sent = () if is_record else self.owner.form.get("claims", ())
        if any(each["field"] == field for each in sent):
            return  # the editor makes the claims
        claims = self.form["claims"]
        here = {PARTICIPANT: self.owner.person} if self.owner.person else {}
        own = [
            (index, each)
            for index, each in enumerate(claims)
            if each["field"] == field and each.get(PARTICIPANT) == self.owner.person
        ]
        said = {**here, "field": field, **in_claims(self.owner.form, field)}
        preferred = [pair for pair in own if pair[1].get("rank") == ClaimRank.PREFERRED]
        if any(says(each, said) for _, each in preferred):
            return
        source = None if ours else source_of(self.form, field, self.flaws)
        if source is None and not ours:
            return
        for index, each in preferred:
            claims[index] = {**each, "rank": ClaimRank.NORMAL.value}
        if source is None:
            return
        said |= {"source": source, "rank": ClaimRank.PREFERRED.value}
        if not is_record and self.owner.person is None:
            self.owner.form["claims"] = [*sent, said]
            return
        index = next((n for n, each in own if each["source"] == source), len(claims))
        if index == len(claims):
            claims.append(said)
        elif says(claims[index], said):
            claims[index] |= said
        else:
            # What it quoted bore out another value.
            kept = {name: value for name, value in claims[index].items() if name == "id"}
            claims[index] = {**kept, **said}
        self.made[index] = (*self.owner.where, *field.split("."))


def in_claims(owner: Form, field: str) -> Form:
    """A field's value in the words of a claim."""
    if field == DURATION:
        return dict(zip(("value", "qualifier"), spoken(owner, field), strict=True))
    return {"value": spoken(owner, field)}


def says(claim: Form, said: Form) -> bool:
    """Whether a claim gives the same value."""
    return all(claim.get(name) == said.get(name) for name in ("value", "qualifier"))


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
    former = known(before, kind)
    record, *people = (
        renewed(each, after, former.get((each.subject, each.person)), before)
        for each in owners(after, kind)
    )
    return {**record, "participants": people} if people else record


def renewed(owner: Owner, after: Form, was: Owner | None, before: Form) -> Form:
    """What `resettled` makes of a record, or of one who takes part."""
    form = owner.form
    if was is None:
        return form
    for field in CLAIMABLE[owner.subject]:
        said = spoken(form, field)
        if said is None or field == ONLY_CLAIMED or required(owner.subject, field):
            continue
        if said == spoken(was.form, field) == settled(was, before, field):
            form = with_value(form, field, settled(owner, after, field))
    return form


def required(subject: str, field: str) -> bool:
    """Whether a record, or one who takes part, must say it, and never leaves it to sources."""
    model: Any = Participant if subject == PARTICIPANT else DRAFTS[RecordKind(subject)]
    return bool(model.model_fields[field.partition(".")[0]].is_required())


def settled(owner: Owner, record: Form, field: str) -> Json:
    """The value that claims settle, as `spoken` gives it."""
    try:
        claims = [
            Claim.model_validate(
                DraftClaim.model_validate(each).model_dump(
                    include=set(Claim.model_fields), exclude_unset=True
                )
            )
            for each in owner.claims(record)
            if each["field"] == field
        ]
    except ValidationError:
        return None
    value = settled_value(owner.subject, claims)
    if field == DURATION:
        return None if value is None else (value.minutes, value.qualifier)
    return instant(value.astimezone(UTC)) if isinstance(value, datetime) else value
