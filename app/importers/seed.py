"""Seed files: YAML written and reviewed by people, read into neutral records.

Owns the layout of a seed file: top-level keys are the plural kinds of record, each with a list
of records shaped as in `app.importers.neutral`. Whatever is wrong is reported at once, each
problem with file, line and field; nothing is read in part.
"""

from collections.abc import Iterator
from pathlib import Path as Directory
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.errors import SeedRefused
from app.importers import checks, neutral
from app.importers.batches import Batch, Known, Origin, Sourced, shown
from app.importers.fingerprint import content_hash, digest, seed_files
from app.importers.plain_yaml import Path, Tree, Unreadable
from app.vocabulary import RecordKind

__all__ = ["content_hash", "read"]

SECTIONS: dict[str, type[neutral.AnyRecord]] = {
    "parties": neutral.Party,
    "topics": neutral.Topic,
    "sources": neutral.Source,
    "officials": neutral.Official,
    "positions": neutral.Position,
    "visits": neutral.Visit,
    "meetings": neutral.Meeting,
    "statements": neutral.Statement,
    "commitments": neutral.Commitment,
}


def read(directory: Directory, known: Known | None = None) -> Batch:
    """Read every `*.yaml` below the directory; SeedRefused with every problem found.

    Where files hold a mistake in form, what the checks say of the readable rest is reported
    with it. A batch without one is still to be checked by the loader, against the database.
    `known` are the keys already there.
    """
    try:
        files = [(name, path.read_bytes()) for name, path in seed_files(directory)]
    except OSError as error:
        raise SeedRefused([f"{directory}: cannot be read: {error}"]) from error
    if not files:
        raise SeedRefused([f"{directory}: expected seed files (*.yaml) below it, found none"])
    readers = [SeedFile(name, content) for name, content in files]
    problems = [problem for each in readers for problem in each.problems]
    for path in sorted(directory.rglob("*.yml")):
        name = path.relative_to(directory).as_posix()
        problems.append(f"{name}:1: expected the ending .yaml, without which nothing is read")
    batch = Batch(tuple(record for each in readers for record in each.records), digest(files))
    if not problems:
        return batch
    problems += checks.check_within(batch)
    if all(each.readable for each in readers):
        # A record that was refused is there all the same: what refers to it is no mistake.
        refused = {kind: {*(known or {}).get(kind, ())} for kind in RecordKind}
        for each in readers:
            for kind, key in each.refused:
                refused[kind].add(key)
        problems += checks.dangling_references(batch, refused)
    raise SeedRefused(problems)


class SeedFile:
    """One file, read: its records, or what is wrong with it."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.readable = False
        self.records: list[Sourced] = []
        self.refused: list[tuple[RecordKind, str]] = []
        self.problems: list[str] = []
        try:
            tree = Tree(content)
        except Unreadable as error:
            self.problems.append(f"{name}:{error.line}: {error}")
            return
        self.readable = True
        for line, path, text in tree.problems:
            self.problems.append(f"{name}:{line}: {in_section(path)}: {text}")
        if not isinstance(tree.value, dict):
            names = ", ".join(SECTIONS)
            self.problems.append(f"{name}:1: expected one or more of the keys {names}")
            return
        for section, value in tree.value.items():
            self.read_section(tree, section, value)

    def read_section(self, tree: Tree, section: str, value: object) -> None:
        where = f"{self.name}:{tree.lines[(section,)]}: {section}"
        model = SECTIONS.get(section)
        if model is None:
            self.problems.append(f"{where}: unknown key; expected one of {', '.join(SECTIONS)}")
        elif not isinstance(value, list):
            if (section,) not in tree.flawed:
                self.problems.append(f"{where}: expected a list of records, found {named(value)}")
        else:
            for index, given in enumerate(value):
                self.read_record(model, given, tree, (section, index))

    def read_record(
        self, model: type[neutral.AnyRecord], given: object, tree: Tree, path: Path
    ) -> None:
        origin = Origin(self.name, in_section(path), tree.lines_of_items[path])
        if path not in tree.flawed:
            try:
                self.records.append(Sourced(model.model_validate(given), origin))
            except ValidationError as error:
                self.problems += mistakes(error, model, given, origin)
            else:
                return
        if isinstance(given, dict):
            key = given.get("slug", given.get("code", given.get("id")))
            self.refused.append((model.kind_of_record, str(key)))


def in_section(path: Path) -> str:
    return shown(path).removeprefix(".") or "the file"


def mistakes(
    error: ValidationError, model: type[neutral.AnyRecord], given: object, origin: Origin
) -> Iterator[str]:
    """One line for each value that is wrong, with what the field takes."""
    seen = set()
    for details in error.errors(include_url=False):
        path = written_path(details, given)
        if path not in seen:
            seen.add(path)
            found = None if details["type"] == "missing" else value_at(given, path)
            yield f"{origin.where(*path)}: {in_words(details, path, model, found)}"


def written_path(details: ErrorDetails, given: object) -> Path:
    """The error's place as far as the file goes; what Pydantic adds for itself is cut off."""
    location = details["loc"]
    if details["type"] == "missing":
        return location
    for length in range(len(location)):
        try:
            value_at(given, location[: length + 1])
        except LookupError:
            return location[:length]
    return location


def value_at(given: Any, path: Path) -> Any:
    for step in path:
        keyed = isinstance(given, dict) and isinstance(step, str)
        if not keyed and not (isinstance(given, list) and isinstance(step, int)):
            raise LookupError(step)
        given = given[step]
    return given


WANTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "model_type": "keys and values",
    "dict_type": "keys and values",
}
"""What Pydantic's errors about a type come down to in a file of ours."""


def in_words(details: ErrorDetails, path: Path, model: type[BaseModel], found: object) -> str:
    """What is wrong with a value, in a sentence without Pydantic's vocabulary."""
    problem = details["type"]
    context = details.get("ctx", {})
    if problem == "missing":
        return "is missing, and there is no record without it"
    if problem == "extra_forbidden":
        fields = ", ".join(model_at(model, path[:-1]).model_fields)
        return f"unknown key; expected one of {fields}"
    if problem == "string_type":
        hint = "; put it in quotes" if isinstance(found, bool | int | float) else ""
        return f"expected text, found {named(found)}{hint}"
    if problem == "enum":
        allowed = context["expected"].replace("'", "").replace(" or ", ", ")
        return f"expected one of {allowed}, found {named(found)}"
    if problem == "string_pattern_mismatch":
        return f"expected the form {context['pattern']}, found {named(found)}"
    if problem in WANTED:
        return f"expected {WANTED[problem]}, found {named(found)}"
    message = details["msg"].removeprefix("Value error, ")
    return message if isinstance(found, dict) else f"found {named(found)}: {message}"


def named(found: object) -> str:
    """A value as a person would speak of it, cut short where it is long."""
    match found:
        case None:
            return "null"
        case bool():
            return str(found).lower()
        case dict():
            return "keys and values"
        case list():
            return "a list"
        case str():
            return repr(found if len(found) <= 80 else f"{found[:80]}…")
    return str(found)


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model of the value at a path; no field of ours can hold two models."""
    for step in path:
        if isinstance(step, str):
            model = next(models_in(model.model_fields[step].annotation))
    return model


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)
