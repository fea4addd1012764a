"""How a remark is cut into tokens, each of which knows its place in the text.

Words keep their inner hyphens, apostrophes and the full stops of abbreviations, so that a full
stop by itself ends a sentence. Nothing is changed: a span of tokens is a piece of the text.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app.folding import fold
from app.importers.historian.remarks_words import STARTERS

APOSTROPHES = "'’‘ʼ`"
_ABBREVIATIONS = (
    "Adm|Amb|Brig|Capt|Cmdr|Col|Dr|Drs|Gen|Gov|Hon|Jr|Lt|Maj|Mgr|Min|Mme|Mr|Mrs|Ms|Msgr|Pres|Prof"
    "|Rev|Sec|Sen|Sgt|Sr|St|Ste|Jan|Feb|Aug|Sept|Oct|Nov|Dec|Ala|Ariz|Calif|Colo|Conn|Del|Fla"
    "|Ga|Ia|Ill|Ind|Kans|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis"
)
_DOTTED = r"(?:[^\W\d_]\.){2,}"
_TOKEN = re.compile(
    rf"{_DOTTED}(?:-(?:{_DOTTED}|[^\W_]+))*"  # U.S., U.S.-ASEAN
    rf"|(?:{_ABBREVIATIONS})\.(?!\w)"
    rf"|[^\W\d_a-zß-öø-ÿ]\.(?!\w)"  # an initial
    rf"|[^\W_]+(?:[{APOSTROPHES}\-‐‑&+/](?:{_DOTTED}|[^\W_]+))*(?:[{APOSTROPHES}](?!\w))?"
    rf"|[^\w\s]|_"
)
_GLUED = re.compile(
    r"(President|Minister|Premier|Chancellor|Secretary|King|Queen|General|Ambassador)"
    r"(?=[^\W\d_a-zß-öø-ÿ][^\W\d_]*[a-z])"
)
_RANKS = ("Sen.", "Gen.", "Col.", "Maj.", "Min.", "Adm.", "Gov.", "Pres.", "Del.", "La.", "Pa.")
_WORD = re.compile(r"\s*([^\W_]*)")
LONGEST = 20_000
"""Longer than any remark by far; what follows is not read."""
MOST_KEPT = 16_384
"""Words of which is remembered how they are folded: most of a text are in the others too."""


class Token(NamedTuple):
    """A word or a sign: as it stands, where it starts and ends, and folded."""

    text: str
    start: int
    end: int
    low: str
    """Folded, without the genitive's ending."""
    capital: bool
    possessive: bool

    @property
    def word(self) -> bool:
        """Whether it is a word or a number, and no sign."""
        return self.text[0].isalnum()


def collapsed(text: str) -> str:
    """The text with every run of white space, no-break spaces included, as one blank."""
    return " ".join(text.split())


def cut(text: str) -> tuple[Token, ...]:
    """The tokens of a text; of its first 20,000 signs if it is longer."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text[:LONGEST]):
        glued = _GLUED.match(match.group())
        if glued:  # a missing blank, as in `Prime MinisterChurchill`
            middle = match.start() + glued.end()
            found += (token(text, match.start(), middle), token(text, middle, match.end()))
        elif match.group() in _RANKS and _ends_sentence(text, match.end()):
            found.append(token(text, match.start(), match.end() - 1))
            found.append(token(text, match.end() - 1, match.end()))
        else:
            found.append(token(text, match.start(), match.end()))
    return tuple(found)


def _ends_sentence(text: str, place: int) -> bool:
    """Whether the stop behind a short word is a sentence's: `met with Hun Sen. Attended`."""
    following = _WORD.match(text, place)
    word = following[1] if following else ""
    return not word or word.lower() in STARTERS or (word.endswith("ed") and word[0].isupper())


def token(text: str, start: int, end: int) -> Token:
    """The token between two places of a text."""
    piece = text[start:end]
    low, possessive = folded(piece)
    return Token(piece, start, end, low, piece[0].isupper(), possessive)


@lru_cache(maxsize=MOST_KEPT)
def folded(piece: str) -> tuple[str, bool]:
    """A word folded, without the genitive's ending, and whether it has one."""
    low = fold(piece)
    possessive = False
    for sign in APOSTROPHES:
        if low.endswith(sign + "s") and len(low) > 2:
            low, possessive = low[:-2], True
        elif low.endswith(sign) and len(low) > 1:
            low, possessive = low[:-1], True
    return low, possessive


def low_at(tokens: Sequence[Token], index: int) -> str:
    """The folded text of a token, or nothing where there is none."""
    return tokens[index].low if 0 <= index < len(tokens) else ""
