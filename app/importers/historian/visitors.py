"""Who `visitor` names: titles apart from names, several persons apart from each other.

Words are only ever divided, never changed: title and name together are the text as stated.
"""

import re
from dataclasses import dataclass

from app.folding import fold

TITLE_WORDS = frozenset(
    word
    for line in (
        "acting admiral amir archbishop brigadier cardinal chairman chairwoman chancellor",
        "chief co-president colonel commander council crown deputy designate duchess duke emir",
        "emperor empress field first foreign general governor grand head high interim junta",
        "king lieutenant lord major marshal member minister party patriarch pope premier",
        "president president-elect prime prince princess provisional queen regent secretary",
        "shah sheik sheikh speaker state sultan supreme taoiseach vice vice-president viceroy",
    )
    for word in line.split()
)
PHRASES = re.compile(
    r"of (?:state|government|foreign affairs|the republic|the presidency|the council of ministers"
    r"|the council of state|the state council|the revolution|the revolutionary council"
    r"|the (?:interim|provisional|transitional) [a-z]+"
    r"|the european (?:commission|council|parliament|union)|the government|the junta)\s+",
    re.IGNORECASE,
)
ELIDED = frozenset(("d'", "d’"))
"""How a word begins that is a particle and a name in one."""

PARTICLES = frozenset(
    (
        "abu",
        "al",
        "ben",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "las",
        "le",
        "los",
        "ould",
        "st.",
        "san",
        "santa",
        "van",
        "von",
        "y",
    )
)
APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʻʼ`´", "'") | dict.fromkeys(".,"))
SUFFIXES = frozenset(("jr.", "jr", "sr.", "sr", "2nd", "3rd"))
PEERAGE = re.compile(r"(?:earl|viscount|marquess|duke|count|baron|lord)\b", re.IGNORECASE)
BETWEEN_PERSONS = re.compile(r"(?:,? and |, |; )(?=(\S+))")


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person as named: a title, perhaps, and a name."""

    title: str | None
    name: str

    @property
    def may_be_identified(self) -> bool:
        """Whether the name says enough to know the same person by: never a surname alone."""
        return says_enough(self.name)


def says_enough(name: str) -> bool:
    """Whether a name has two words at least that are no particle, suffix or title."""
    if PEERAGE.match(name):
        return False
    words = [word.strip(",").casefold() for word in name.split()]
    telling = [word for word in words if word not in PARTICLES | SUFFIXES]
    return len([word for word in telling if word[:2] not in ELIDED]) > 1


def visitors(text: str) -> tuple[Visitor, ...]:
    """The persons that a text names; they are divided only where a title begins."""
    parts, start = [], 0
    for found in BETWEEN_PERSONS.finditer(text):
        if found[1].strip(",").casefold() in TITLE_WORDS:
            parts.append(text[start : found.start()])
            start = found.end()
    parts.append(text[start:])
    return tuple(visitor(part) for part in parts if part.strip())


def visitor(text: str) -> Visitor:
    """The longest run of words of a title at the beginning; a last word is always a name."""
    rest, title = text.strip(), ""
    while True:
        word, blank, after = rest.partition(" ")
        phrase = PHRASES.match(rest) if title else None
        if phrase and rest[phrase.end() :]:
            title, rest = f"{title} {phrase[0].strip()}", rest[phrase.end() :]
        elif blank and after and is_title(word, title):
            title, rest = f"{title} {word}".strip(), after
        else:
            return Visitor(title or None, rest)


def is_title(word: str, title: str) -> bool:
    """Whether a word goes on with a title; after another one, Shah is a name."""
    return word.casefold() in TITLE_WORDS and not (title and word.casefold() == "shah")


def same_name(name: str) -> str:
    """What two spellings of one name have in common: folded, without points and commas."""
    return fold(name.translate(APOSTROPHES))
