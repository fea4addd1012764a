"""What looks wrong in originals and is flagged, never put right: overlaps and misprints."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein

from app.importers.historian.journeys import Span, in_order
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import Original
from app.importers.historian.travels import Trip

WORD = re.compile(r"[^\W\d_]{6,}")
COMMON = 15
"""How often a word has to occur before another may be a misprint of it."""
RARE = 1
ENDINGS = re.compile(r"(?:s|es|d|ed|ing|er|ly|al|ity)$")


def overlaps(stops: Sequence[tuple[Span, Trip]], notes: Notes) -> None:
    """Stops that begin before the one before them has ended; a day may belong to both.

    A stay that goes on around a whole stop elsewhere was interrupted by it.
    """
    around: tuple[date, date, Trip] | None = None
    for (start, end), trip in in_order(stops):
        if around is not None and start < around[1]:
            before = around[2]
            where = (trip.original.file, trip.original.name)
            if end < around[1] and start > around[0]:
                notes.flag(
                    Oddity.DISCONTINUOUS_STAY,
                    before.original.file,
                    before.original.name,
                    f"goes on around {trip.original.name}, {trip.start} to {trip.end}",
                )
            else:
                text = f"begins on {trip.start}, before {before.original.name} ends"
                notes.flag(Oddity.OVERLAP, *where, text)
        if around is None or end > around[1]:
            around = (start, end, trip)


def misprints(texts: Iterable[tuple[Original, str]], notes: Notes) -> None:
    """Words that occur once and are one letter away from one that is common in these texts."""
    given = list(texts)
    counted = Counter(word for _, text in given for word in WORD.findall(text.casefold()))
    plain = {word for _, text in given for word in WORD.findall(text) if word.islower()}
    # What is only ever written with a capital is a name, and names differ by a letter.
    common = [word for word, count in counted.items() if count >= COMMON and word in plain]
    likely: dict[str, str] = {}
    for word, count in counted.items():
        if count <= RARE:
            near = next((each for each in common if is_slip(word, each)), None)
            if near is not None:
                likely[word] = near
    for original, text in given:
        for word in WORD.findall(text):
            if word.casefold() in likely:
                said = f"{word!r}, where {likely[word.casefold()]!r} is common"
                notes.flag(Oddity.MISPRINT, original.file, original.name, said)


def is_slip(word: str, common: str) -> bool:
    """One letter added, lost, changed or swapped, and not another form of the same word."""
    if abs(len(word) - len(common)) > 1 or word[0] != common[0]:
        return False
    if ENDINGS.sub("", word) == ENDINGS.sub("", common) or word in (
        common[:-1],
        f"{common}{word[-1]}",
    ):
        return False
    return DamerauLevenshtein.distance(word, common, score_cutoff=1) == 1
