"""XML of the Historian's, read safely, one original record after the other.

Owns how a file is opened (no DTD, no entities, nothing from elsewhere; streamed, so that a file
never stands in memory as a whole), how text is taken from elements (white space collapsed, no-break
spaces included, the raw text kept), and the hash of an original.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse, tostring
from pydantic import ValidationError

from app.importers.batches import Origin
from app.importers.historian.notes import Notes, Oddity, Unusable

MAX_BYTES = 64 * 2**20
"""Far above the largest file there is; a file is made by people."""

MAX_DEPTH = 40

STAMPS = frozenset(
    {
        "created-by",
        "created-date",
        "created-datetime",
        "last-modified-by",
        "last-modified-date",
        "last-modified-datetime",
    }
)
"""Who touched an original when: no part of what it says."""

BLANK = re.compile(r"\s+")
INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

IN_QUOTES = str.maketrans({'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;"})
"""How signs are written in an attribute that would be read as something else."""

NO_LINES: Mapping[tuple[str | int, ...], int] = MappingProxyType({})
"""An original's values are not told by line, but by element."""

UNSEEN = re.compile(f"[\u00a0\u2000-\u200a\u202f\u205f\u3000]|{INVISIBLE.pattern}")
"""What looks like a blank, or like nothing."""


def collapsed(text: str) -> str:
    """Runs of white space, no-break spaces included, as one blank; none at the ends.

    Signs that are not to be seen, and only direct how others are shown, are left out.
    """
    found = BLANK.sub(" ", INVISIBLE.sub("", text)).strip()
    return text if found == text else found  # one text, where it is kept as it stands as well


def as_stated(what: str, raw: str) -> str:
    """A text as it stands, for evidence, where collapsing it changes it; else nothing.

    As a JSON string, in which white space at the ends and signs that cannot be seen show.
    """
    if raw == collapsed(raw):
        return ""
    shown = UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(raw, ensure_ascii=False))
    return f"; {what} as stated: {shown}"


def piece_as_stated(piece: str, raw: str) -> str | None:
    """A piece of a collapsed text as it stands in the raw one, where that is otherwise."""
    if piece in raw:
        return None
    words = [re.escape(word) for word in piece.split()]
    found = re.search(f"(?:{BLANK.pattern}|{INVISIBLE.pattern})+".join(words), raw)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Original:
    """Where an original stands, and what it hashes to."""

    repository: str
    path: str
    element: str
    id: str
    content_hash: str
    origin: Origin = field(init=False, compare=False)
    """The same for all that is made of it."""

    def __post_init__(self) -> None:
        file = intern(f"{self.repository}/{self.path}")
        origin = Origin(file, f"{self.element} {self.id}", NO_LINES)
        object.__setattr__(self, "origin", origin)

    @property
    def file(self) -> str:
        return self.origin.file

    @property
    def name(self) -> str:
        return self.origin.name


@contextmanager
def made_of(original: Original) -> Iterator[None]:
    """Says which original it was of which no record could be made. Raises `Unusable`."""
    try:
        yield
    except ValidationError as error:
        flaw = error.errors(include_url=False)[0]
        where = ".".join(map(str, flaw["loc"])) or "the record"
        message = f"{original.file}: {original.name}: no record can be made of it: {where}: "
        raise Unusable(message + flaw["msg"].removeprefix("Value error, ")) from error


class Given:
    """An element with its children, asked for by name; what is missing is a fault, once."""

    def __init__(self, element: Any, notes: Notes, file: str, name: str) -> None:
        self.element = element
        self.notes = notes
        self.file = file
        self.name = name

    def child(self, tag: str) -> "Given | None":
        found = self.element.find(tag)
        return None if found is None else Given(found, self.notes, self.file, self.name)

    def children(self, tag: str) -> list["Given"]:
        return [
            Given(found, self.notes, self.file, self.name) for found in self.element.findall(tag)
        ]

    @cached_property
    def raw(self) -> str:
        return "".join(self.element.itertext())

    @property
    def text(self) -> str:
        return collapsed(self.raw)

    def required(self, tag: str) -> "Given":
        """A child that the schema prescribes; without it there is a fault, and an empty one."""
        found = self.child(tag)
        if found is None:
            self.notes.fault(self.file, self.name, f"expected the element <{tag}>, found none")
            return Given(self.element.makeelement(tag, {}), self.notes, self.file, self.name)
        return found

    def attribute(self, name: str) -> str:
        found = self.element.get(name)
        if found is None:
            self.notes.fault(
                self.file,
                self.name,
                f"expected the attribute {name} on <{self.element.tag}>, found none",
            )
        return collapsed(found or "")

    def only(self, *tags: str) -> None:
        """Flag elements that neither the schema nor this reader knows, and repeated ones."""
        seen: set[str] = set()
        for each in self.element:
            if not isinstance(each.tag, str) or each.tag in STAMPS:
                continue
            name = each.tag.removesuffix("*")
            repeatable = f"{name}*" in tags
            if not repeatable and (name not in tags or name in seen):
                self.notes.flag(
                    Oddity.UNEXPECTED, self.file, self.name, f"<{name}> in <{self.element.tag}>"
                )
            seen.add(name)


def hash_of(element: Any) -> str:
    """SHA-256 over the element as written out in UTF-8, without what follows it.

    What belongs to a namespace is written by the library, which has to find names for them.
    """
    written: list[str] = []
    if put(element, written):
        return "sha256:" + sha256("".join(written).encode()).hexdigest()
    tail, element.tail = element.tail, None
    try:
        return "sha256:" + sha256(tostring(element, encoding="utf-8")).hexdigest()
    finally:
        element.tail = tail


def put(element: Any, written: list[str]) -> bool:
    """Append an element as the library writes it; False if a name in it is in a namespace."""
    tag, text, shown = element.tag, element.text, ""
    for name, value in element.items():
        if name[0] == "{":
            return False
        shown += f' {name}="{escape(value, quote=False).translate(IN_QUOTES)}"'
    if tag[0] == "{":
        return False
    if not text and not len(element):
        written.append(f"<{tag}{shown} />")
        return True
    written.append(f"<{tag}{shown}>{escape(text or '', quote=False)}")
    for each in element:
        if not put(each, written):
            return False
        if each.tail:
            written.append(escape(each.tail, quote=False))
    written.append(f"</{tag}>")
    return True


def parsed(
    folder: Path, path: Path, repository: str, root: str, notes: Notes
) -> Iterator[tuple[str, list[Any], Any]]:
    """The events of a file with the open elements; a fault ends it, and says where it was."""
    file = f"{repository}/{path.relative_to(folder).as_posix()}"
    notes.opened()
    try:
        if path.stat().st_size > MAX_BYTES:
            notes.fault(file, root, f"expected at most {MAX_BYTES} bytes")
            return
        around: list[Any] = []
        with path.open("rb") as stream:
            for event, element in iterparse(stream, ("start", "end"), forbid_dtd=True):
                if event == "start":
                    around.append(element)
                    if len(around) == 1 and element.tag != root:
                        notes.fault(
                            file, root, f"expected the root <{root}>, found <{element.tag}>"
                        )
                        return
                    if len(around) > MAX_DEPTH:
                        notes.fault(file, root, f"expected at most {MAX_DEPTH} levels of elements")
                        return
                else:
                    around.pop()
                yield event, around, element
    except DefusedXmlException:
        notes.fault(file, root, "expected plain XML, found a DTD or an entity, which is refused")
    except ParseError as error:
        line, column = error.position
        notes.fault(file, root, f"expected XML, found a fault in line {line}, column {column}")
    except OSError as error:
        notes.fault(file, root, f"cannot be read: {error.strerror or error}")


def elements(
    folder: Path, path: Path, repository: str, root: str, tag: str, notes: Notes
) -> Iterator[Any]:
    """Each child of the root with the tag, in order; once it was seen it is forgotten."""
    for event, around, element in parsed(folder, path, repository, root, notes):
        if event == "end" and len(around) == 1:
            if element.tag == tag:
                yield element
            around[0].remove(element)


def whole(folder: Path, path: Path, repository: str, root: str, notes: Notes) -> Any | None:
    """The root of a small file; None where there is a fault."""
    found, before = None, len(notes.faults)
    for event, around, element in parsed(folder, path, repository, root, notes):
        if event == "end" and not around:
            found = element
    return None if len(notes.faults) > before else found


def files(folder: Path, *patterns: str) -> list[Path]:
    """The files below a folder that match, in order of their names; hidden ones left out."""
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


class Ids:
    """Keeps originals apart that share an id: the second is told by a number as well."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.seen: dict[str, int] = {}

    def take(self, given: str, file: str, element: str) -> str:
        if not given:
            self.notes.fault(file, element, "expected an id, found none")
        count = self.seen[given] = self.seen.get(given, 0) + 1
        if count == 1:
            return given
        text = f"the id {given} was used before; this is told apart as {given}#{count}"
        self.notes.flag(Oddity.REPEATED_ID, file, f"{element} {given}", text)
        return f"{given}#{count}"


def read_text(found: Given | None) -> str:
    """What an element says that may be missing."""
    return "" if found is None else found.text
