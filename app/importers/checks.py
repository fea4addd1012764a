"""What a whole batch must hold to, whichever importer made it. Needs no database.

Each rule is a function from the batch to problems; `RULES` lists them. A problem is one line:
where it is, the record, what was expected and what was found.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from pydantic import BaseModel

from app import dates, lifecycle
from app.dates import UncertainDate
from app.importers import neutral
from app.importers.batches import (
    Batch,
    Known,
    Origin,
    Path,
    Problem,
    Problems,
    Sourced,
    claims,
    fields_of,
    implied_citations,
    value_of_field,
)
from app.importers.claim_checks import claims_that_do_not_fit
from app.importers.neutral import AnyRecord, fields_with_parts, models_in
from app.importers.settling import settle, unsettled
from app.vocabulary import (
    PERSPECTIVE_PRESS,
    PERSPECTIVE_THIRD_PARTY,
    CommitmentEventKind,
    NameKind,
    RecordKind,
)

__all__ = ["Batch", "Known", "Origin", "Sourced", "check", "check_within", "implied_citations"]

K = RecordKind

REFERENCES: Mapping[str, RecordKind] = {
    "source": K.SOURCE,
    "known_through": K.SOURCE,
    "official": K.OFFICIAL,
    "visit": K.VISIT,
    "meeting": K.MEETING,
    "commitment": K.COMMITMENT,
    "part_of": K.MEETING,
    "party": K.PARTY,
    "country": K.PARTY,
    "visitor_parties": K.PARTY,
    "host_parties": K.PARTY,
    "successors": K.PARTY,
    "parent": K.TOPIC,
    "topics": K.TOPIC,
}
"""The fields that hold another record's key, by name; a name means the same in every model."""

OF_NO_PARTY = frozenset({PERSPECTIVE_PRESS, PERSPECTIVE_THIRD_PARTY})
"""The perspectives that are no party's."""

DISTINCT: Mapping[str, Callable[[Any], tuple[str | None, ...] | None]] = {
    "topics": lambda topic: (getattr(topic, "code", topic),),
    "participants": lambda person: person.official and (person.official,),
    "travellers": lambda person: person.official and (person.official,),
    "visitor_parties": lambda code: (code,),
    "host_parties": lambda code: (code,),
    "successors": lambda code: (code,),
    "by": lambda actor: (actor.official, actor.party),
    "to": lambda actor: (actor.official, actor.party),
    "lineage": lambda tie: (tie.commitment,),
    "local_dates": lambda local: (local.time_zone,),
}
"""Lists that hold a thing once, and what makes two of their elements the same thing."""


def check(batch: Batch, known: Known | None = None) -> list[Problem]:
    """Every problem of a batch, in reading order of the rules; none when it may be loaded.

    `known` are the keys already in the database.
    """
    return [*check_within(batch), *dangling_references(batch, known or {})]


def check_within(batch: Batch) -> list[Problem]:
    """The problems that show without knowing which other records there are."""
    shown = settle(batch)
    return [*unsettled(batch), *(problem for rule in RULES for problem in rule(shown))]


def references(record: AnyRecord) -> Iterator[tuple[Path, RecordKind, str]]:
    """Each key of another record that a record holds."""
    yield from references_in(record, ())
    for path, _, claim in claims(record):
        if claim.field in {"place.country", "party"} and isinstance(claim.value, str):
            yield (*path, "value"), K.PARTY, claim.value


def references_in(owner: BaseModel, path: Path) -> Iterator[tuple[Path, RecordKind, str]]:
    for field, kind in referring_fields(type(owner)):
        value = getattr(owner, field)
        if value is None:
            continue
        if isinstance(value, tuple):
            several: Iterable[tuple[Path, Any]] = (
                ((*path, field, index), part) for index, part in enumerate(value)
            )
        else:
            several = (((*path, field), value),)
        for here, part in several:
            if kind is None:
                yield from references_in(part, here)
            elif field != "perspective" or part not in OF_NO_PARTY:
                yield here, kind, part


@cache
def referring_fields(model: type[BaseModel]) -> tuple[tuple[str, RecordKind | None], ...]:
    """The fields that hold keys, with the kind they are of, or models that do, with None."""
    found: list[tuple[str, RecordKind | None]] = []
    inside = {name: models for name, models in models_in(model).items() if models}
    for field in model.model_fields:
        if field in inside:
            if any(referring_fields(each) for each in inside[field]):
                found.append((field, None))
        elif field == "perspective" or field in REFERENCES:
            found.append((field, REFERENCES.get(field, K.PARTY)))
        elif issubclass(model, neutral.AttestedTopic) and field == "code":
            found.append((field, K.TOPIC))
    return tuple(found)


def dangling_references(batch: Batch, known: Known) -> Problems:
    keys = {kind: set(known.get(kind, ())) for kind in RecordKind}
    for each in batch.records:
        keys[each.record.kind_of_record].add(each.record.key)
    for each in batch.records:
        for path, kind, key in references(each.record):
            if key not in keys[kind]:
                yield each.problem(path, f"expected the key of a {kind} that exists, found {key!r}")


def repeated_ids(batch: Batch) -> Problems:
    """One id, one record. An utterance is named in each of its renderings, always alike."""
    yield from repeated(
        (each, ("id",), each.record.id, f"the id {each.record.id}") for each in batch.records
    )
    ids = {each.record.id: each for each in batch.records}
    labels: dict[str, tuple[str, Sourced]] = {}
    for each in batch.records:
        utterance = value_of_field(each.record, "utterance")
        if not utterance:
            continue
        path = ("utterance", "id")
        if utterance.id in ids:
            other = ids[utterance.id].where("id")
            yield each.problem(path, f"expected an id of its own, found that of {other}")
        label, first = labels.setdefault(utterance.id, (utterance.label, each))
        if label != utterance.label:
            yield each.problem(
                ("utterance", "label"),
                f"expected {label!r} as in {first.where()}, found {utterance.label!r}",
            )


def repeated_ids_of_parts(batch: Batch) -> Problems:
    """One id, one part, also within a record."""
    seen: dict[str, str] = {}
    for each in batch.records:
        for path, part_id in own_ids(each.record):
            first = seen.setdefault(part_id, each.where(*path))
            if first != each.where(*path):
                yield each.problem(path, f"expected an id of its own, found that of {first}")


def own_ids(owner: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The ids of its own that each part has, at any depth."""
    for field in fields_with_parts(type(owner)):
        value = getattr(owner, field)
        if not value:
            continue
        several = enumerate(value) if isinstance(value, tuple) else ((None, value),)
        for index, part in several:
            here = (*path, field) if index is None else (*path, field, index)
            if isinstance(part, neutral.Part) and part.id:
                yield (*here, "id"), part.id
            yield from own_ids(part, here)


def repeated_keys(batch: Batch) -> Problems:
    yield from repeated(
        (each, (field,), (each.record.kind_of_record, each.record.key), f"the {field}")
        for each in batch.records
        for field in ("slug", "code")
        if field in fields_of(type(each.record))
    )


def repeated_identifiers(batch: Batch) -> Problems:
    yield from repeated(
        (each, ("identifiers", scheme), (scheme, value), f"the {scheme} identifier {value!r}")
        for each in batch.records
        for scheme, value in each.record.scheme_values
    )
    for each in batch.records:
        if isinstance(each.record, neutral.Topic) and each.record.identifiers:
            yield each.problem(("identifiers",), "expected none, topics have no identifiers")


def repeated(found: Iterable[tuple[Sourced, Path, Hashable, str]]) -> Problems:
    first: dict[Hashable, Sourced] = {}
    for each, path, value, name in found:
        other = first.setdefault(value, each)
        if other is not each:
            yield each.problem(
                path, f"expected {name} to be used once, found it also in {other.where(*path)}"
            )


def repeated_parts(batch: Batch) -> Problems:
    """What a record may hold only once each."""
    for each in batch.records:
        seen = set()
        for path, part, name in distinct_parts(each.record):
            mark = (path[0], part)
            if mark in seen:
                yield each.problem(path, f"expected {name} once, found it again")
            seen.add(mark)


def distinct_parts(record: AnyRecord) -> Iterator[tuple[Path, Hashable, str]]:
    """What may occur only once in its field, with a name for it."""
    for field, mark in DISTINCT.items():
        if field not in fields_of(type(record)):
            continue
        for index, part in enumerate(getattr(record, field)):
            found = mark(part)
            if found is not None:
                yield (field, index), found, f"{' of '.join(filter(None, found))!r}"
    if isinstance(record, neutral.Meeting):
        for number, topic in enumerate(record.topics):
            for attestation, citation in topic.attestations():
                path = ("topics", number, attestation.value)
                yield path, (topic.code, citation.source), f"{citation.source!r} on this topic"


def cycles(batch: Batch) -> Problems:
    """Nothing is part of itself, above itself or known through itself, at any distance."""
    for kind, field in ((K.MEETING, "part_of"), (K.TOPIC, "parent"), (K.SOURCE, "known_through")):
        records = {
            each.record.key: each for each in batch.records if each.record.kind_of_record is kind
        }
        above = {key: getattr(each.record, field) for key, each in records.items()}
        for key, each in records.items():
            chain = [key]
            while (following := above.get(chain[-1])) is not None and following not in chain:
                chain.append(following)
            if following == key:
                way = " → ".join([*chain, key])
                yield each.problem((field,), f"expected no way back to itself, found {way}")


def own_successors(batch: Batch) -> Problems:
    for each in batch.records:
        if isinstance(each.record, neutral.Party):
            for index, code in enumerate(each.record.successors):
                if code == each.record.code:
                    yield each.problem(
                        ("successors", index), f"expected another party, found {code!r} itself"
                    )


def repeated_sequences(batch: Batch) -> Problems:
    yield from repeated(
        (
            each,
            ("sequence",),
            (each.record.visit, each.record.sequence),
            f"number {each.record.sequence} in the visit {each.record.visit!r}",
        )
        for each in batch.records
        if isinstance(each.record, neutral.Meeting) and each.record.sequence is not None
    )


def statements_elsewhere(batch: Batch) -> Problems:
    """What is said at a meeting of a visit is said on that visit, and on no other."""
    visits = {
        each.record.slug: each.record.visit
        for each in batch.records
        if isinstance(each.record, neutral.Meeting)
    }
    for each in batch.records:
        record = each.record
        if isinstance(record, neutral.Statement) and record.meeting in visits:
            expected = visits[record.meeting]
            if record.visit != expected:
                yield each.problem(
                    ("visit",),
                    f"expected {expected or 'none'}, as at its meeting {record.meeting!r}, "
                    f"found {record.visit or 'none'}",
                )


def display_names_that_differ(batch: Batch) -> Problems:
    for each in batch.records:
        if isinstance(each.record, neutral.Party | neutral.Official):
            for index, name in enumerate(each.record.names):
                if name.kind is NameKind.DISPLAY and name.name != each.record.name:
                    yield each.problem(
                        ("names", index, "name"),
                        f"expected the display name to be the record's name, "
                        f"{each.record.name!r}, found {name.name!r}",
                    )


class Happening(NamedTuple):
    """An event as `app.lifecycle` looks at it."""

    kind: CommitmentEventKind
    when: UncertainDate | None


def happenings(record: neutral.Commitment) -> list[Happening]:
    return [
        Happening(event.event, None if event.date is None else dates.parse(event.date))
        for event in record.events
    ]


def impossible_events(batch: Batch) -> Problems:
    """What cannot have happened to a commitment, by the one table of `app.lifecycle`."""
    for each in batch.records:
        if isinstance(each.record, neutral.Commitment):
            events = happenings(each.record)
            for index, expected, found, by_date in lifecycle.impossible_events(
                events, told_in_order=batch.told_in_order
            ):
                path: Path = ("events",) if index < 0 else ("events", index)
                path += ("date",) if by_date else ()
                yield each.problem(path, f"expected {expected}, found {found}")


def lineage_out_of_order(batch: Batch) -> Problems:
    """No commitment takes up one that was made later, or, by whatever way, itself."""
    given = [
        (each, each.record) for each in batch.records if isinstance(each.record, neutral.Commitment)
    ]
    commitments = {record.slug: record for _, record in given}
    earlier = {
        slug: [tie.commitment for tie in record.lineage] for slug, record in commitments.items()
    }
    for each, record in given:
        for index, key in enumerate(earlier[record.slug]):
            path = ("lineage", index, "commitment")
            way = way_back(key, record.slug, earlier)
            if way:
                shown = " → ".join([record.slug, *way])
                yield each.problem(path, f"expected no way back to itself, found {shown}")
            elif key in commitments and made_before(record, commitments[key]):
                days = " or ".join(map(lifecycle.said, makings(commitments[key])))
                yield each.problem(
                    path, f"expected a commitment that was made earlier, found {key!r}, of {days}"
                )


def way_back(start: str, end: str, ways: Mapping[str, list[str]]) -> list[str]:
    """The keys on the way from the one to the other, both included; none where there is no way."""
    came_from: dict[str, str | None] = {start: None}
    waiting = [start]
    for here in waiting:
        if here == end:
            found: list[str] = []
            step: str | None = end
            while step is not None:
                found.append(step)
                step = came_from[step]
            return found[::-1]
        for following in ways.get(here, ()):
            if following not in came_from:
                came_from[following] = here
                waiting.append(following)
    return []


def made_before(one: neutral.Commitment, other: neutral.Commitment) -> bool:
    """Whether every day on which the one may have been made lies before those of the other."""
    return all(lifecycle.certainly_before(*pair) for pair in product(makings(one), makings(other)))


def makings(record: neutral.Commitment) -> list[Happening]:
    """When a commitment was made: on its own date, else when its events have it made."""
    made = CommitmentEventKind.MADE
    if record.date is not None:
        return [Happening(made, dates.parse(record.date))]
    found = [each for each in happenings(record) if each.kind is made]
    return found or [Happening(made, None)]


def silence_that_spoke(batch: Batch) -> Problems:
    """A source is not silent on a topic of a meeting of which it reports a statement about it."""
    silent = {
        (each.record.slug, topic.code, citation.source): (each, ("topics", number, "silent", index))
        for each in batch.records
        if isinstance(each.record, neutral.Meeting)
        for number, topic in enumerate(each.record.topics)
        for index, citation in enumerate(topic.silent)
    }
    for each in batch.records:
        record = each.record
        if not isinstance(record, neutral.Statement) or record.meeting is None:
            continue
        for code in record.topics:
            for citation in record.citations:
                found = silent.get((record.meeting, code, citation.source))
                if found:
                    meeting, path = found
                    yield meeting.problem(
                        path,
                        f"expected {citation.source!r} to be silent on {code!r}, found the "
                        f"statement at {each.where()}, which it reports",
                    )


RULES: tuple[Callable[[Batch], Problems], ...] = (
    repeated_ids,
    repeated_ids_of_parts,
    repeated_keys,
    repeated_identifiers,
    repeated_parts,
    claims_that_do_not_fit,
    cycles,
    own_successors,
    repeated_sequences,
    statements_elsewhere,
    display_names_that_differ,
    impossible_events,
    lineage_out_of_order,
    silence_that_spoke,
)
"""Every rule but the references, which need to know what the database holds."""
