"""YAML that says what it seems to say: values with their lines, and every surprise refused.

Owns the reading of one document: UTF-8; only `null`, `true`, `false`, whole numbers and decimal
fractions are anything but text, so that dates, `NO` and `12:30` stay what they are. Refuses
tags, anchors and aliases, keys given twice, depth and size without end.
"""

import re
from collections import defaultdict
from functools import cached_property
from typing import Any

import yaml

QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, ten times as quick, where PyYAML was built with it."""

ONLY_IN_C = re.compile(r"\t|[|>][-+0-9]*#")
"""What that one may take and PyYAML's own refuses: tabs, `|#`.

It also takes a plain text with a question mark between braces, as YAML 1.2 has it; that can stay.
"""

Path = tuple[str | int, ...]

MAX_BYTES = 4 * 2**20
"""The size of a file that a person could still have written."""

MAX_DEPTH = 12
"""Levels of nesting; a claim of a participant of a meeting stands on the eighth."""

PLAIN = {"null": None, "true": True, "false": False}
LOOKALIKES = {"~", "Null", "NULL", "True", "TRUE", "False", "FALSE"}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
MAX_DIGITS = 18

KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Unreadable(Exception):
    """A file that is no YAML, or more than this reader takes; nothing of it can be used."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def line_of(event: yaml.Event) -> int:
    """The line that an event starts on, counted from 1."""
    return event.start_mark.line + 1 if event.start_mark else 1


def decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Unreadable(1, f"expected at most {MAX_BYTES} bytes, found {len(content)}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"expected UTF-8, found the byte 0x{content[error.start]:02X}"
        raise Unreadable(line, problem) from error


class Tree:
    """A YAML document as plain values, with the line of each and what is wrong with it.

    Built from the parser's events and not by a YAML loader: that is what keeps tags,
    aliases and surprising types out, and lines in. `flawed` are the paths of what holds a
    problem.
    """

    def __init__(self, content: bytes) -> None:
        text = decode(content)
        if not self.is_read_quickly(text):
            self.read_slowly(text)

    def is_read_quickly(self, text: str) -> bool:
        """Whether the parser in C finds no fault; else what is wrong is the other's to say."""
        if ONLY_IN_C.search(text):
            return False
        try:
            self.read_document(text, QUICK)
        except (yaml.YAMLError, Unreadable, ValueError, OverflowError):
            return False
        return self.value is not None and not self.problems

    def read_slowly(self, text: str) -> None:
        try:
            self.read_document(text, yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            message = error.problem or error.context or "no YAML"
            if "\\t" in message:
                message += " (indent with spaces)"
            raise Unreadable(line, message) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            sign = error.character
            code = ord(sign) if isinstance(sign, str) else sign
            raise Unreadable(line, f"holds the sign U+{code:04X}, which no text may") from error
        except (ValueError, OverflowError) as error:
            # PyYAML lets `chr` fail on an escape such as \\UFFFFFFFF.
            line = max(self.lines.values(), default=1)
            raise Unreadable(line, "an escape after this line names no sign") from error

    def read_document(self, text: str, loader: Any) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[tuple[int, Path, str]] = []
        self.flawed: set[Path] = set()
        self.value: Any = None
        self.events = yaml.parse(text, Loader=loader)
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.lines:
                    raise Unreadable(line_of(event), "expected one document a file")
                self.value = self.node(next(self.events), ())

    def node(self, event: yaml.Event, path: Path) -> Any:
        line = line_of(event)
        self.lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            raise Unreadable(line, f"is nested more than {MAX_DEPTH} levels deep")
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            return self.problem(line, path, "aliases are not used here: write the value out")
        if event.anchor is not None:
            self.problem(line, path, "anchors are not used here: write each value out")
        if event.tag is not None:
            self.problem(line, path, "tags are not used here: the field decides the type")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        return (
            self.mapping(path) if isinstance(event, yaml.MappingStartEvent) else self.sequence(path)
        )

    def mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = line_of(event)
            if not isinstance(event, yaml.ScalarEvent) or not KEY.fullmatch(event.value):
                raise Unreadable(line, "expected a plain key")
            key = event.value
            value_path = (*path, key)
            if event.anchor is not None or event.tag is not None:
                self.problem(line, value_path, "a key has neither anchor nor tag here")
            if key in found:
                first = self.lines[value_path]
                self.problem(line, value_path, f"the key is given twice, first on line {first}")
                # Read on beside the first value, so that its lines are kept.
                self.node(next(self.events), (*path, f"{key} (again)"))
                continue
            self.lines[value_path] = line
            found[key] = self.node(next(self.events), value_path)
        return found

    def sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.node(event, (*path, len(found))))
        return found

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        line, text = line_of(event), str(event.value)
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            return self.problem(line, path, "holds half of a surrogate pair")
        if event.style:
            return text
        if text in PLAIN:
            return PLAIN[text]
        if not text:
            return self.problem(line, path, "has no value: leave the key out, or write null")
        if text in LOOKALIKES:
            return self.problem(
                line, path, f"{text} is ambiguous: write null, true or false, or put it in quotes"
            )
        if NUMBER.fullmatch(text):
            if len(text) > MAX_DIGITS:
                return self.problem(line, path, f"expected at most {MAX_DIGITS} digits")
            return float(text) if "." in text else int(text)
        return text

    def problem(self, line: int, path: Path, text: str) -> None:
        self.problems.append((line, path, text))
        self.flawed.update(path[:length] for length in range(len(path) + 1))

    @cached_property
    def lines_of_items(self) -> dict[Path, dict[Path, int]]:
        """The lines of each item of each top-level list, by paths from the item on."""
        found: dict[Path, dict[Path, int]] = defaultdict(dict)
        for path, line in self.lines.items():
            if len(path) >= 2:
                found[path[:2]][path[2:]] = line
        return found
