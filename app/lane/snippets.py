"""Where in a record's own text a question is answered, in the text's own spelling.

A text is compared as it is indexed, without case, accents and width, and shown as it is written:
each sign of the folded text knows the sign that it comes from.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from app.folding import IDEOGRAPHS, fold
from app.queries.relations import at
from app.questions import Question, Term
from app.vocabulary import RecordKind

MOST_TERMS = 50
MOST_SIGNS = 50_000
"""So many terms are pointed out, so far into a text."""

LENGTH = 200
BEFORE = 60
"""Signs of a snippet, and of those at most before the first match."""

SLACK = 20
"""So far a cut may move to the next blank."""

K = RecordKind
NAMED = "official.name", "name_as_given", "title_as_given"


def people(*paths: str) -> tuple[str, ...]:
    return tuple(f"{path}.{name}" for path in paths for name in NAMED)


FIELDS: Mapping[RecordKind, tuple[str, ...]] = {
    K.PARTY: ("name", "names.name", "code"),
    K.TOPIC: ("label", "code"),
    K.SOURCE: ("title", "note", "publisher", "republished_by", "slug"),
    K.OFFICIAL: ("name", "names.name", "positions.title", "slug"),
    K.POSITION: ("title", "body", "official.name"),
    K.VISIT: (
        *("summary", "title", *people("travellers")),
        *("stops.place.name", "stops.place.city", "slug"),
    ),
    K.MEETING: (
        *("summary", "title", *people("participants")),
        *("place.name", "place.city", "slug"),
    ),
    K.STATEMENT: (
        "text",
        *people("speaker", "joint_with"),
        "on_behalf_of.official.name",
        *("addressees.official.name", "addressees.name_as_given"),
    ),
    K.COMMITMENT: (
        "text",
        "wordings.text",
        "title",
        "by.official.name",
        "to.official.name",
        "slug",
    ),
}
"""The fields by whose words a record is found; of equals the first is shown."""

SIGNS = IDEOGRAPHS.pattern.removesuffix("+")
BEGINS = rf"(?:(?<![^\W_])|(?<={SIGNS}))"
ENDS = rf"(?:(?![^\W_])|(?={SIGNS}))"


class Match(NamedTuple):
    """A stretch of a text, and which term it is."""

    start: int
    end: int
    term: int


class Found(NamedTuple):
    """A text with its matches in order."""

    field: str
    text: str
    matches: list[Match]

    @property
    def terms(self) -> set[int]:
        return {match.term for match in self.matches}


@lru_cache(maxsize=8_192)
def fold_sign(sign: str) -> str:
    """One sign as `fold` makes it; what it makes nothing of parts words, unless it combines."""
    return fold(sign) or ("" if unicodedata.combining(sign) else " ")


def folded(text: str) -> tuple[str, Sequence[int]]:
    """A text folded, and for each of its signs the place of the one that it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        made = fold_sign(sign)
        signs.append(made)
        places += [place] * len(made)
    return "".join(signs), places


class Finder:
    """Finds the terms of one question in texts."""

    def __init__(self, question: Question) -> None:
        self.terms = [re.compile(pattern(term)) for term in question.terms[:MOST_TERMS]]

    def find(self, field: str, text: str) -> Found:
        """The matches in a text, which is shown in composed form."""
        text = unicodedata.normalize("NFC", text[:MOST_SIGNS])
        plain, places = folded(text)
        matches = [
            Match(places[each.start(1)], ending(text, places[each.end(1) - 1] + 1), term)
            for term, expression in enumerate(self.terms)
            for each in expression.finditer(plain)
        ]
        return Found(field, text, sorted(matches))

    def best(self, texts: Iterable[tuple[str, str]]) -> Found | None:
        """The text with the most of the terms; of equals the first."""
        best: Found | None = None
        for field, text in texts:
            found = self.find(field, text)
            if found.matches and (best is None or len(found.terms) > len(best.terms)):
                best = found
        return best


def pattern(term: Term) -> str:
    """A regular expression whose first group is the term, in a folded text."""
    units = term.units
    are_signs = [bool(IDEOGRAPHS.match(each)) for each in units]
    said = "" if are_signs[0] else BEGINS
    for index, unit in enumerate(units):
        if index:
            # A word and a sign beside it need nothing between them.
            said += r"[\W_]*" if are_signs[index] or are_signs[index - 1] else r"[\W_]+"
        said += re.escape(unit)
    if term.is_beginning:
        said += rf"(?:(?!{SIGNS})[^\W_])*"
    elif not are_signs[-1]:
        said += ENDS
    if len(units) > 2 and all(are_signs) and not term.is_quoted:
        pairs = "|".join(re.escape(units[at] + units[at + 1]) for at in range(len(units) - 1))
        return f"(?=({said}|{pairs}))"
    return f"({said})"


def ending(text: str, end: int) -> int:
    """The end of a stretch with the marks that combine with its last sign."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def texts_of(kind: RecordKind, document: Any) -> Iterator[tuple[str, str]]:
    """The texts of a document by whose words it is found, each with its field."""
    for field in FIELDS[kind]:
        for text in at(document, field.split(".")):
            yield field, text


def snippet(found: Found) -> dict[str, Any]:
    """The stretch of a text around its matches, as the API shows it."""
    start, end = window(found)
    parts: list[dict[str, Any]] = []

    def add(text: str, *, match: bool) -> None:
        if text:
            parts.append({"text": re.sub(r"\s+", " ", text), "match": match})

    reached = start
    for first, last in merged(found.matches):
        if start <= first and last <= end:
            add(found.text[reached:first], match=False)
            add(found.text[first:last], match=True)
            reached = last
    add(found.text[reached:end], match=False)
    if start:
        parts.insert(0, {"text": "… ", "match": False})
    if end < len(found.text):
        parts.append({"text": " …", "match": False})
    return {"field": found.field, "parts": parts, "html": "".join(map(markup, parts))}


def markup(part: Mapping[str, Any]) -> str:
    text = html.escape(part["text"])
    return f"<mark>{text}</mark>" if part["match"] else text


def merged(matches: Iterable[Match]) -> list[tuple[int, int]]:
    """Stretches in order, of which none overlaps another."""
    stretches: list[tuple[int, int]] = []
    for start, end, _ in matches:
        if stretches and start < stretches[-1][1]:
            stretches[-1] = stretches[-1][0], max(end, stretches[-1][1])
        else:
            stretches.append((start, end))
    return stretches


def window(found: Found) -> tuple[int, int]:
    """From where to where a text is shown: where the most terms are near to each other."""
    text, stretches = found.text, merged(found.matches)
    if len(text) <= LENGTH:
        return 0, len(text)

    def terms_from(first: int) -> int:
        end = first + LENGTH - BEFORE
        return len({each.term for each in found.matches if first <= each.start and each.end <= end})

    first = max((start for start, _ in stretches[:MOST_TERMS]), key=terms_from)
    first_end = next(end for start, end in stretches if start == first)
    start = max(0, min(first - BEFORE, len(text) - LENGTH))
    end = min(len(text), max(start + LENGTH, first_end))
    if start:
        blank = text.find(" ", start, min(start + SLACK, first))
        start = start if blank < 0 else blank + 1
    if end < len(text):
        blank = text.rfind(" ", max(end - SLACK, first_end), end)
        end = end if blank < 0 else blank
    while start < first and unicodedata.combining(text[start]):
        start += 1
    return start, ending(text, end)
