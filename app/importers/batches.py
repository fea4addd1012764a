"""A batch of neutral records, each with the place where it was read. Every importer makes one."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from pydantic import BaseModel

from app.importers import neutral
from app.importers.neutral import AnyRecord, Citation, Claim
from app.vocabulary import RecordKind

Path = tuple[str | int, ...]
"""The way from a record to one of its values: field names, and indices counted from 0."""

Known = Mapping[RecordKind, AbstractSet[str]]
"""The keys of records that a batch may refer to without holding them."""


class Problem(str):
    """A line that says where, in which record, what was expected and what was found.

    It also knows the record, the path in it, and the text without its place.
    """

    __slots__ = ("path", "record", "text")

    record: "Sourced"
    path: Path
    text: str

    def __new__(cls, record: "Sourced", path: Path, text: str) -> Self:
        given = record.record
        line = super().__new__(
            cls, f"{record.where(*path)}: {given.kind_of_record} {given.key!r}: {text}"
        )
        line.record, line.path, line.text = record, path, text
        return line


Problems = Iterator[Problem]


@cache
def fields_of(model: type[BaseModel]) -> frozenset[str]:
    """The names of a neutral model's fields: quicker to ask than the model itself."""
    return frozenset(model.model_fields)


def value_of_field(record: BaseModel, field: str) -> Any:
    """A record's value; an empty tuple where its kind has no such field."""
    return getattr(record, field) if field in fields_of(type(record)) else ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: a file, the record's name in it, and the line of each value."""

    file: str
    name: str
    lines: Mapping[Path, int]

    def where(self, *path: str | int) -> str:
        """`file:line: name.path`, with the line of the nearest value that has one."""
        line = next(
            (
                self.lines[path[:length]]
                for length in range(len(path), -1, -1)
                if path[:length] in self.lines
            ),
            None,
        )
        place = self.file if line is None else f"{self.file}:{line}"
        return f"{place}: {self.name}{shown(path)}"


def shown(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A record, and where it was read."""

    record: AnyRecord
    origin: Origin

    def where(self, *path: str | int) -> str:
        return self.origin.where(*path)

    def problem(self, path: Path, text: str) -> Problem:
        return Problem(self, path, text)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run of an importer hands to the loader: records in reading order."""

    records: tuple[Sourced, ...]
    content_hash: str
    told_in_order: bool = True
    """Whether a commitment's events are in the order of its teller; documents sort them by date."""
    hashes_records: bool = False
    """Whether `content_hash` is over all that the records say, and not over files."""


def implied_citations(record: AnyRecord) -> tuple[Citation, ...]:
    """A record's citations, and a bare one for each further source that makes claims about it.

    Claims, the attestation of a topic, a side's wording and a tie to an earlier commitment each
    imply that their source attests the record. Events and assessments have citations of their own.
    """
    cited = tuple(value_of_field(record, "citations"))
    sources = [claim.source for _, _, claim in claims(record)]
    if isinstance(record, neutral.Meeting):
        sources += [each.source for topic in record.topics for _, each in topic.attestations()]
    if isinstance(record, neutral.Commitment):
        sources += [wording.source for wording in record.wordings]
        sources += [tie.source for tie in record.lineage]
    given = {citation.source for citation in cited}
    further = (source for source in dict.fromkeys(sources) if source not in given)
    return (*cited, *(Citation(source=source) for source in further))


def claims(record: AnyRecord) -> Iterator[tuple[Path, str, Claim]]:
    """Each claim about a record with its path and its subject's entry in CLAIMABLE."""
    for index, claim in enumerate(value_of_field(record, "claims")):
        yield ("claims", index), record.kind_of_record.value, claim
    if isinstance(record, neutral.Meeting):
        for number, participant in enumerate(record.participants):
            for index, claim in enumerate(participant.claims):
                yield ("participants", number, "claims", index), "participant", claim
