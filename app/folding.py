"""One way of folding text and cutting it into tokens, for both databases.

Case, accents and width do not count. Chinese and Japanese signs and Korean syllables are
tokens by themselves and in pairs, since no blanks part their words. Traditional and
simplified forms are recorded names and not folded into each other.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

WORD = re.compile(r"[^\W_]+")
IDEOGRAPHS = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7af\U00020000-\U0003ffff]+"
)
LONGEST_TOKEN = 64
LONGEST_NAME = 80
LONGEST_SORT_KEY = 200


def fold(text: str) -> str:
    """The text without case, accents and width, blanks collapsed; for equality and order."""
    if text.isascii():  # nothing to take apart: most of what is imported
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    # Folding case can bring decomposable signs back, so both are done before composing again.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", bare).casefold())
    return " ".join(folded.split())


def tokens(text: str) -> list[str]:
    """The tokens under which a text is indexed: words, single signs and pairs of signs."""
    return [*known_tokens(text)] if len(text) <= LONGEST_NAME else cut_up(text)


@lru_cache(maxsize=16_384)
def known_tokens(text: str) -> tuple[str, ...]:
    """The tokens of a name or a title: the same few are in record after record."""
    return tuple(cut_up(text))


def cut_up(text: str) -> list[str]:
    folded = fold(text)
    words: list[str] = WORD.findall(folded)
    if folded.isascii() and len(max(words, key=len, default="")) <= LONGEST_TOKEN:
        return words
    found: list[str] = []
    for word in words:
        position = 0
        for run in IDEOGRAPHS.finditer(word):
            found += cut(word[position : run.start()])
            signs = run.group()
            found += signs
            found += (signs[index : index + 2] for index in range(len(signs) - 1))
            position = run.end()
        found += cut(word[position:])
    return found


def query_tokens(text: str) -> list[str]:
    """The tokens that must all occur: pairs of signs where there are any, single ones else."""
    found: list[str] = []
    for word in WORD.findall(fold(text)):
        position = 0
        for run in IDEOGRAPHS.finditer(word):
            found += cut(word[position : run.start()])
            signs = run.group()
            pairs = [signs[index : index + 2] for index in range(len(signs) - 1)]
            found += pairs or [signs]
            position = run.end()
        found += cut(word[position:])
    return list(dict.fromkeys(found))


def cut(word: str) -> list[str]:
    """A word as a token; an overlong one in pieces that indexing and asking cut alike."""
    return [word[start : start + LONGEST_TOKEN] for start in range(0, len(word), LONGEST_TOKEN)]


def sort_key(name: str) -> str:
    """What a name is ordered by: its folded Latin form, so that all scripts share one order.

    Cut where it says enough: a sign may be dozens of Latin letters, and keys have to fit into
    an index and into a cursor.
    """
    return (fold(anyascii(name)) or fold(name))[:LONGEST_SORT_KEY]
