"""Evidence: does a quotation stand in a copy of its source?

A quotation is a text-quote selector after the W3C annotation model: the exact words and, where
given, what stands right before and after them. This knows texts only, no database and no file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from app.record.copies import Text, lowered, normalised

# Below these a passage is another one, in percent of equal signs; a few words resemble many.
NEAR = 66
NEAR_IF_SHORT = 80
SHORT = 24
# Aligning takes time in proportion to the square of the quotation's length, beyond this.
LONGEST_ALIGNED = 256
MOST_CANDIDATES = 12
MOST_PLACES = 2_000
# How far an alignment may be off, and how many signs are sure to be the same place.
SLACK = 64
SURE = 16
SHOWN = 120
LED_UP_TO = 40


class Outcome(StrEnum):
    FOUND = "found"
    ALTERED = "altered"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words quoted from a source, and whose evidence they are.

    `kind` and `key` name the record, `part` what of it is attested: `citation`, or the field
    that is claimed.
    """

    kind: str
    key: str
    part: str
    exact: str
    prefix: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a quotation in the copy.

    `quoted` and `passage` are excerpts of the quotation and of what the copy has instead, both
    normalised and from shortly before they differ; `line` is where that is in the copy's file.
    """

    quotation: Quotation
    outcome: Outcome
    quoted: str
    line: int | None = None
    passage: str | None = None
    misplaced: bool = False
    """The words are there, but what stands around them is not as quoted: both show it."""


def check(quotation: Quotation, copy: Text) -> Finding:
    """Look for the words, then for their surroundings, then for a passage that is near."""
    exact = normalised(quotation.exact)
    if not exact:
        return Finding(quotation, Outcome.MISSING, quoted="")
    before, after = normalised(quotation.prefix or ""), normalised(quotation.suffix or "")
    places = list(occurrences(exact, copy.text))
    for start in places:
        if preceded(copy.text, start, before) and followed(copy.text, start + len(exact), after):
            return Finding(quotation, Outcome.FOUND, excerpt(exact), copy.line(start))
    if places:
        return misplaced(quotation, copy, (before, exact, after), places)
    span = nearest(lowered(exact), copy.lowered)
    if span is None:
        return Finding(quotation, Outcome.MISSING, excerpt(exact))
    passage = copy.text[slice(*span)]
    same = Prefix.similarity(exact, passage)
    return Finding(
        quotation,
        Outcome.ALTERED,
        excerpt(exact, same),
        copy.line(span[0] + min(same, len(passage) - 1)),
        excerpt(passage, same),
    )


def occurrences(words: str, text: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def preceded(text: str, start: int, prefix: str) -> bool:
    """A blank between the two does not count: evidence is stored without any at its edges."""
    end = start - 1 if text[max(0, start - 1) : start] == " " else start
    return text.endswith(prefix, 0, start) or text.endswith(prefix, 0, end)


def followed(text: str, end: int, suffix: str) -> bool:
    return text.startswith(suffix, end + text.startswith(" ", end)) or text.startswith(suffix, end)


def misplaced(
    quotation: Quotation, copy: Text, wanted: tuple[str, str, str], places: Iterable[int]
) -> Finding:
    """The words at the place whose surroundings resemble most what is quoted around them."""
    before, exact, after = wanted

    def around(start: int) -> tuple[str, str]:
        end = start + len(exact)
        left = copy.text[max(0, start - len(before) - 1) : start] if before else ""
        return left.strip(), copy.text[end : end + len(after) + bool(after)].strip()

    def resemblance(start: int) -> float:
        left, right = around(start)
        return fuzz.ratio(left, before) + fuzz.ratio(right, after)

    start = max(islice(places, MOST_PLACES), key=resemblance)
    left, right = around(start)
    return Finding(
        quotation,
        Outcome.ALTERED,
        framed(before, exact, after),
        copy.line(start),
        framed(left, exact, right),
        misplaced=True,
    )


def nearest(words: str, text: str) -> tuple[int, int] | None:
    """Where the passage that resembles the words most begins and ends; None if none is near."""
    needed: float = NEAR_IF_SHORT if len(words) < SHORT else NEAR
    best: tuple[int, int] | None = None
    for start in candidates(words, text, needed):
        for span in (settled(words, text, start), (start, min(len(text), start + len(words)))):
            score = fuzz.ratio(words, text[slice(*span)], score_cutoff=needed)
            if score >= needed and (best is None or score > needed):
                best, needed = span, score
                break
    return best


def candidates(words: str, text: str, needed: float) -> list[int]:
    """Where the words may begin in the text, or a passage like them.

    Long quotations are looked for by their pieces: each that is there tells where all begins,
    and only when none is there are some of them aligned; the place is then a rough one.
    """
    if len(words) >= len(text):
        return [0]
    if len(words) <= LONGEST_ALIGNED:
        return aligned(words, text, needed)
    pieces = range(0, len(words) - SHORT, LONGEST_ALIGNED // 4)
    found = [
        max(0, place - offset)
        for offset in pieces
        for place in islice(
            occurrences(words[offset : offset + LONGEST_ALIGNED // 4], text), MOST_CANDIDATES
        )
    ]
    if not found:
        for offset in (0, (len(words) - LONGEST_ALIGNED) // 2, len(words) - LONGEST_ALIGNED):
            piece = words[offset : offset + LONGEST_ALIGNED]
            found += [max(0, start - offset) for start in aligned(piece, text, needed)]
    # Those that agree on a place come to it within a few signs: it is tried once.
    return [start for start, _ in Counter(found).most_common(MOST_CANDIDATES)]


def aligned(words: str, text: str, needed: float) -> list[int]:
    found = fuzz.partial_ratio_alignment(words, text, score_cutoff=needed)
    return [] if found is None else [found.dest_start]


def settled(words: str, text: str, start: int) -> tuple[int, int]:
    """A passage's bounds: where the words' own beginning and end are near, else whole words."""
    begins = closest(words[:SURE], text, start)
    if begins is None:
        blank = text.rfind(" ", max(0, start - SURE), start + 1)
        begins = start if blank < 0 else blank + 1
    ends = begins + len(words)
    tail = words[-SURE:]
    place = closest(tail, text, ends - len(tail))
    if place is not None:
        return begins, place + len(tail)
    blank = text.find(" ", ends, ends + SURE)
    return begins, min(len(text), ends if blank < 0 else blank)


def closest(part: str, text: str, place: int) -> int | None:
    """Where a part of the words occurs, no further than SLACK from where it is expected."""
    first = max(0, place - SLACK)
    around = text[first : place + SLACK + len(part)]
    found = (first + each for each in occurrences(part, around))
    return min(found, key=lambda each: abs(each - place), default=None)


def excerpt(text: str, position: int = 0) -> str:
    """As much of a text as is sensible to show, from shortly before a position on."""
    if len(text) <= SHOWN:
        return text
    start = max(0, min(position - LED_UP_TO, len(text) - SHOWN))
    if start:
        blank = text.find(" ", start, start + LED_UP_TO // 2)
        start = start if blank < 0 else blank + 1
    return f"{'…' if start else ''}{shortened(text[start:])}"


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1].rstrip()}…"


def framed(before: str, exact: str, after: str) -> str:
    """The words in brackets between the ends of their surroundings that touch them."""
    middle = exact if len(exact) <= LED_UP_TO else f"{exact[:18].rstrip()} … {exact[-18:].lstrip()}"
    left = before if len(before) <= LED_UP_TO else f"…{before[-LED_UP_TO:].lstrip()}"
    right = after if len(after) <= LED_UP_TO else f"{after[:LED_UP_TO].rstrip()}…"
    return f"{left} [{middle}] {right}".strip()
