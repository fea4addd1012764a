"""From a draft to the neutral record that the checks and the rows are made from.

What the two have at different places is moved, and remembered: a problem that is found in the
neutral record is told with a pointer into what the client sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.editing.drafts import DRAFTS, NEUTRAL, WRITE_ONLY, Draft
from app.errors import Flaw, InvalidInput
from app.importers.batches import Path
from app.importers.neutral import AnyRecord, Evidence
from app.queries.resources import BY_KIND
from app.schemas.bodies import pointer
from app.vocabulary import DurationQualifier, RecordKind

Json = Any
Moved = dict[Path, Path]
"""Where something stands in the draft, by where it stands in the neutral record."""

Made = dict[int, Path]
"""Claims that were made of what was sent, by their place: where in the draft the value stands."""

MOST_ELEMENTS = 1000
IDENTIFIERS = ("external_ids", "identifiers")
TOPICS = "topics"
OF_CITATIONS = {"source", *Evidence.model_fields}


def validated(kind: RecordKind, given: Json) -> Draft:
    """A draft, or `InvalidInput` with a pointer to every field that is wrong."""
    model = DRAFTS[kind]
    if not isinstance(given, dict):
        raise InvalidInput([Flaw("/", "expected an object")])
    if flaws := list(long_arrays(given)):
        raise InvalidInput(flaws)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(flaws_of(error, kind, given)) from None


def long_arrays(value: Json, path: Path = ()) -> Iterator[Flaw]:
    """Arrays with more elements than any record has; their order is kept in a small number."""
    parts: Iterable[tuple[str | int, Json]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list) and len(value) > MOST_ELEMENTS:
        yield Flaw(pointer(path), f"expected at most {MOST_ELEMENTS} elements")
    elif isinstance(value, list):
        parts = enumerate(value)
    for step, part in parts:
        yield from long_arrays(part, (*path, step))


def flaws_of(error: ValidationError, kind: RecordKind, given: Json) -> list[Flaw]:
    """One flaw for each value, with what the field takes."""
    model, read = DRAFTS[kind], BY_KIND[kind].read
    found: dict[str, Flaw] = {}
    short: set[str] = set()
    for complaint in error.errors(include_url=False):
        path = written(complaint["loc"], given, missing=complaint["type"] == "missing")
        detail = complaint["msg"].removeprefix("Value error, ")
        allowed: tuple[str, ...] = ()
        match complaint["type"]:
            case "missing":
                detail = "is required"
            case "extra_forbidden":
                read_only = len(path) == 1 and path[0] in read.model_fields
                detail = "is set by the server" if read_only else "is not a field of this"
                allowed = tuple(model.model_fields) if len(path) == 1 and not read_only else ()
            case "too_short":
                detail = f"expected at least {complaint['ctx']['min_length']} element"
            case "tuple_type":
                detail = "expected an array"
            case "model_type":
                detail = "expected an object"
            case "enum":
                detail = "is not in the closed list"
                said = complaint["ctx"]["expected"].replace(" or ", ", ")
                allowed = tuple(each.strip("' ") for each in said.split(","))
        where = pointer(path)
        if complaint["type"] == "too_short":
            short.add(where)
        found.setdefault(where, Flaw(where, detail[:1].lower() + detail[1:], allowed))
    # Pydantic counts good elements only: what is too short for the bad ones in it says nothing.
    return [
        each
        for where, each in found.items()
        if not (where in short and any(other.startswith(f"{where}/") for other in found))
    ]


def written(location: Path, given: Json, *, missing: bool) -> Path:
    """The error's place as far as the body goes; what Pydantic adds for itself is cut off."""
    value = given
    for length, step in enumerate(location):
        keyed = isinstance(value, dict) and step in value
        placed = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not (keyed or placed):
            return location if missing and length == len(location) - 1 else location[:length]
        value = value[step]
    return location


def listed(value: Json) -> Json:
    """The same with lists for tuples, so that references can be put in their places."""
    if isinstance(value, dict):
        return {name: listed(part) for name, part in value.items()}
    return [listed(part) for part in value] if isinstance(value, tuple | list) else value


class Converted:
    """A draft as the values of a neutral record, and where each of them stands in the draft."""

    def __init__(
        self, kind: RecordKind, draft: Draft, record_id: str, made: Made | None = None
    ) -> None:
        self.kind = kind
        self.made = made or {}
        self.moved: Moved = {}
        self.flaws: list[Flaw] = []
        given = listed(draft.model_dump(exclude_unset=True))
        self.values: dict[str, Json] = {
            name: value
            for name, value in given.items()
            if value is not None and name not in WRITE_ONLY
        }
        self.values["id"] = record_id
        self.place_identifiers()
        if kind is RecordKind.COMMITMENT and "predecessors" in self.values:
            self.values["lineage"] = self.values.pop("predecessors")
            self.moved["lineage",] = ("predecessors",)
        if kind is RecordKind.MEETING:
            self.place_duration(given)
            self.values["topics"] = [{"code": code} for code in given.get("topics", ())]
        if "claims" in self.values:
            self.place_claims(self.values.pop("claims"))

    def flaw(self, path: Path, detail: str) -> None:
        self.flaws.append(Flaw(pointer(path), detail))

    def place_identifiers(self) -> None:
        """What a draft calls by one name or the other is a table by scheme in the record."""
        name = next((each for each in IDENTIFIERS if each in self.values), None)
        if name is None:
            return
        found: dict[str, list[str]] = {}
        for index, each in enumerate(self.values.pop(name)):
            values = found.setdefault(each["scheme"], [])
            if each["value"] in values:
                self.flaw((name, index, "value"), "is given more than once")
            values.append(each["value"])
            self.moved["identifiers", each["scheme"]] = (name, index)
        self.values["identifiers"] = found

    def place_duration(self, given: Mapping[str, Json]) -> None:
        minutes = self.values.pop("duration_minutes", None)
        qualifier = self.values.pop("duration_qualifier", None)
        self.moved["duration",] = ("duration_minutes",)
        if minutes is not None:
            qualifier = qualifier or DurationQualifier.EXACT
            self.values["duration"] = {"minutes": minutes, "qualifier": qualifier}
        elif qualifier is not None:
            self.flaw(("duration_qualifier",), "qualifies a duration, and there is none")

    def place_claims(self, given: Json) -> None:
        """Claims go to what they are about: the record, one who takes part, or a topic."""
        participants = self.values.get("participants", [])
        people = {each.get("id"): (n, each) for n, each in enumerate(participants)}
        topics: dict[str | None, tuple[int, Json]] = {}
        if self.kind is RecordKind.MEETING:
            topics = {each["code"]: (n, each) for n, each in enumerate(self.values["topics"])}
        own: list[Json] = []
        for index, each in enumerate(given):
            here: Path = ("claims", index)
            claim = dict(each)
            participant = claim.pop("participant", None)
            attestation = claim.pop("attestation", None)
            into: list[Json] = own
            path: Path = ("claims",)
            if self.kind is RecordKind.MEETING and claim["field"] == TOPICS:
                code = claim["value"] if isinstance(claim["value"], str) else None
                if code not in topics:
                    self.flaw((*here, "value"), "is the code of none of the record's topics")
                    continue
                if attestation is None:
                    self.flaw((*here, "attestation"), "is required with the field `topics`")
                    continue
                claim = {name: value for name, value in claim.items() if name in OF_CITATIONS}
                number, topic = topics[code]
                into = topic.setdefault(attestation.value, [])
                path = (TOPICS, number, attestation.value)
            elif attestation is not None:
                self.flaw((*here, "attestation"), "belongs to the field `topics` alone")
            elif participant is not None:
                if participant not in people:
                    self.flaw((*here, "participant"), "is the id of nobody who takes part")
                    continue
                number, person = people[participant]
                into = person["claims"] = list(person.get("claims", []))
                path = ("participants", number, "claims")
            self.moved[*path, len(into)] = self.made.get(index, here)
            if index in self.made:
                self.moved[*path, len(into), "value"] = self.made[index]
            into.append(claim)
        self.values["claims"] = own

    def pointer(self, path: Path) -> str:
        """Where something of the neutral record stands in the draft."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.moved:
                path = (*self.moved[path[:length]], *path[length:])
                break
        return pointer(path)

    def record(self) -> AnyRecord:
        """The neutral record. Raises `InvalidInput`, also for what was found on the way."""
        if self.flaws:
            raise InvalidInput(self.flaws)
        try:
            return NEUTRAL[self.kind].model_validate(self.values)
        except ValidationError as error:
            raise InvalidInput(list(self.complaints(error))) from None

    def complaints(self, error: ValidationError) -> Iterator[Flaw]:
        seen = set()
        for complaint in error.errors(include_url=False):
            path = tuple(step for step in complaint["loc"] if not str(step).startswith("function-"))
            where = self.pointer(written(path, self.values, missing=complaint["type"] == "missing"))
            if where not in seen:
                seen.add(where)
                detail = complaint["msg"].removeprefix("Value error, ")
                yield Flaw(where, detail[:1].lower() + detail[1:])
