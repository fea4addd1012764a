"""Copies of sources: the text of a file, plain or HTML, in a form that quotations compare in.

White space, invisible signs, and the shape of quotation marks and dashes are the typesetter's
and do not count; letters, case and punctuation do. Each place in a text knows its line in the
file. Nothing is fetched from anywhere.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from app.errors import UnusableCopy

LINE_BREAK = re.compile(r"\r\n|\r|\n")
SOFT_HYPHEN = "\u00ad"

# Soft hyphens, joiners, marks of direction, word joiners, selectors of a glyph's variant.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff]+"
)
# Double and single are one: whoever quotes a quotation turns its marks into the others.
QUOTATION_MARKS = re.compile(
    "[\"'`\u00ab\u00b4\u00bb\u02b9-\u02bc\u2018-\u201f\u2032\u2033\u2035\u2036\u2039\u203a"
    "\u275b-\u275e\u2e42\u300c-\u300f\u301d-\u301f\ufe41-\ufe44\uff02\uff07\uff40\uff62\uff63]"
)
# A typewriter's two hyphens are a dash.
DASHES = re.compile("[-\u2010-\u2015\u2212\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d]+")
# Chinese and Japanese part no words with blanks, so one beside a sign comes of setting alone.
# Signs that combine with the one before are not among them.
IDEOGRAPH = "\u3005-\u3007\u3041-\u3096\u309d-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
LOOSE_BLANK = re.compile(f"(?<=[{IDEOGRAPH}]) (?![\u3099\u309a])| (?=[{IDEOGRAPH}])")

HTML_ENDINGS = {".htm", ".html", ".shtml", ".xhtml"}
HTML_BEGINNING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|article|main|section|div|p|h[1-6]|table)\b)",
    re.IGNORECASE | re.DOTALL,
)
UNSEEN_ELEMENTS = {"script", "style", "template"}
BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|details|dialog|div|fieldset"
    "|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|img|legend|li|main|nav|[ou]l"
    "|option|p|pre|section|summary|t[dhr]|table|tbody|tfoot|thead|title"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised text, and the same in lower case, sign for sign.

    `starts` holds where lines begin in it, `numbers` which lines of the file these are.
    """

    text: str
    lowered: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def line(self, position: int) -> int:
        """The line of the file, counted from 1, that holds a position of the text."""
        return self.numbers[max(0, bisect_right(self.starts, position) - 1)]


def normalised(text: str) -> str:
    """The text as it is compared: a second time changes nothing."""
    return assembled(LINE_BREAK.split(text)).text


def read_copy(file: Path) -> Text:
    """The text of a file; `UnusableCopy` where it cannot be read, is no UTF-8 or says nothing."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnusableCopy(str(file), f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        reason = f"is not text in UTF-8 (at byte {error.start}); save it as such, or as HTML"
        raise UnusableCopy(str(file), reason) from error
    if "\0" in text:
        raise UnusableCopy(str(file), "is no text: it holds the sign U+0000")
    if file.suffix.lower() in HTML_ENDINGS or HTML_BEGINNING.match(text):
        lines = lines_of_html(text, file)
    else:
        lines = LINE_BREAK.split(text)
    found = assembled(lines)
    if not found.text:
        raise UnusableCopy(str(file), "holds no text")
    return found


def assembled(lines: Iterable[str]) -> Text:
    """The lines, each normalised, as one text."""
    pieces: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    length = 0
    last = ""
    for number, line in whole_words(lines):
        piece = normalised_line(line)
        if not piece:
            continue
        blank = LOOSE_BLANK.sub("", f"{last} {piece[0]}")[len(last) : -1] if last else ""
        starts.append(length + len(blank))
        numbers.append(number)
        pieces += (blank, piece)
        length += len(blank) + len(piece)
        last = piece[-1]
    text = "".join(pieces)
    return Text(text, lowered(text), tuple(starts), tuple(numbers))


def lowered(text: str) -> str:
    """In lower case and of the same length; one capital alone would become two signs."""
    return text.replace("\u0130", "i").lower()


def whole_words(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; one that ends in a soft hyphen goes on in the next."""
    begun, kept = 0, ""
    for number, line in enumerate(lines, 1):
        text = kept + line.lstrip() if kept else line
        begun = begun if kept else number
        stripped = text.rstrip()
        if stripped.endswith(SOFT_HYPHEN):
            kept = stripped
        else:
            yield begun, text
            kept = ""
    if kept:
        yield begun, kept


def normalised_line(line: str) -> str:
    # Once before, since NFKC takes some marks apart into a blank and an accent; once after,
    # since it turns others, of full or half width, into plain ones.
    text = unicodedata.normalize("NFKC", plain_signs(line))
    return LOOSE_BLANK.sub("", " ".join(plain_signs(text).split()))


def plain_signs(text: str) -> str:
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    return DASHES.sub("-", QUOTATION_MARKS.sub("'", text))


def lines_of_html(text: str, file: Path) -> list[str]:
    """What a page says, line by line as the file has it: without tags, scripts and styles."""
    reader = PageReader(LINE_BREAK.sub("\n", text))
    try:
        reader.read()
    except AssertionError as error:  # what the standard library's parser raises at `<![bad]>`
        raise UnusableCopy(str(file), f"is no HTML that can be read: {error}") from error
    return ["".join(parts) for parts in reader.lines]


class PageReader(HTMLParser):
    """Collects the text of a page; blocks are parted by a blank, runs within a line by none."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.lines: list[list[str]] = [[] for _ in range(text.count("\n") + 1)]
        self.unseen = 0

    def read(self) -> None:
        self.feed(self.source)
        self.close()

    def add(self, text: str) -> None:
        first = self.getpos()[0] - 1
        for offset, part in enumerate(text.split("\n")):
            # An entity may stand for a line break that the file does not have.
            self.lines[min(first + offset, len(self.lines) - 1)].append(part)

    def part(self, tag: str) -> None:
        if self.unseen:
            return
        if BLOCK.fullmatch(tag):
            self.add(" ")
        elif tag == "q":  # browsers show it with marks around it
            self.add('"')

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN_ELEMENTS
        self.part(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN_ELEMENTS:
            self.unseen = max(0, self.unseen - 1)
        self.part(tag)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.add(data)
