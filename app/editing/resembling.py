"""Officials that may be one person, for an editor to look at. Nothing is ever merged by this.

Only officials of one country, or of one and its successor, are held against each other, and only
where their surnames have the same consonants: so the work grows with the families, not with the
square of the officials. Scores come from the names; what else is known lowers them or rules a pair
out. An id of another data set never counts for a pair, since one id may be two men's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from rapidfuzz import fuzz

from app.editing.persons import Known, Life, Persons

SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "2nd", "3rd"))
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
VOWELS = re.compile(r"[aeiouyhw]")
LEAST = 60
"""Names that are less alike than this are not looked at further."""

COMPATIBLE = 92
"""The score of names of which one has only initials, or lacks a middle name, of the other."""
SURNAME_ALONE = 70
ALIKE = 97

YOUNGEST = 15
"""Nobody holds an office or travels for a country before this age."""
LONG_APART, VERY_LONG_APART = 25, 50
"""Years between the last day of one and the first of the other."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two officials that may be one person; `stays` is the one of which more is known."""

    score: int
    stays: Known
    goes: Known
    reasons: tuple[str, ...]


def candidates(given: Persons, least: int) -> list[Candidate]:
    """The pairs with at least this score from 0 to 100, the highest first."""
    found: dict[tuple[str, str], Candidate] = {}
    for one, other in pairs(given):
        key = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        if key not in found:
            candidate = compared(one, other)
            if candidate is not None and candidate.score >= least:
                found[key] = candidate
    return sorted(found.values(), key=lambda each: (-each.score, each.stays.slug, each.goes.slug))


def pairs(given: Persons) -> Iterator[tuple[Known, Known]]:
    """The officials that share a country and a surname; one of no country shares every one."""
    families: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for known in given.officials:
        for country in sorted(given.countries_of(known) or {""}):
            for key in sorted(surnames(known)):
                families[country, key].append(known)
    homeless = {key: those for (country, key), those in families.items() if not country}
    for (country, key), those in families.items():
        yield from combinations(those, 2)
        if country:
            yield from product(those, homeless.get(key, ()))
    for known in given.officials:
        for country in sorted(given.countries_of(known) or {""}):
            for key in sorted(turned(known)):
                there = families.get((country, key), ())
                yield from ((known, each) for each in there if each is not known)


def surnames(known: Known) -> set[str]:
    """The consonants of each name's last word."""
    return {consonants(words[-1]) for words in map(words_of, known.names) if words}


def turned(known: Known) -> set[str]:
    """Those of the first word where there are two, as the surname may come first."""
    return {consonants(words[0]) for words in map(words_of, known.names) if len(words) == 2}


def words_of(folded: str) -> list[str]:
    """The words of a folded name, without what follows a surname."""
    found = WORD.findall(folded.replace("’", "'").replace("'", ""))
    while len(found) > 1 and found[-1] in SUFFIXES:
        found.pop()
    return found


def consonants(word: str) -> str:
    """A word's first letter and its consonants, doubled ones once."""
    bare = word[:1] + VOWELS.sub("", word[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


def compared(one: Known, other: Known) -> Candidate | None:
    """The pair with its score; None where it is ruled out, or the names are nothing alike."""
    score, reasons = names_compared(one, other)
    if score < LEAST or ruled_out(one, other):
        return None
    for change, reason in (*lives(one, other), *distance(one, other), *company(one, other)):
        score += change
        reasons.append(reason)
    stays, goes = sorted((one, other), key=lambda each: (-weight(each), each.id))
    return Candidate(max(0, min(100, score)), stays, goes, tuple(reasons))


def names_compared(one: Known, other: Known) -> tuple[int, list[str]]:
    """The best score of any name of the one with any of the other, and why."""
    best, reason = 0, ""
    for first, first_shown in one.names.items():
        for second, second_shown in other.names.items():
            score, why = alike(words_of(first), words_of(second))
            if score > best:
                best, reason = score, f"{why}: {first_shown} / {second_shown}"
    return best, [reason]


def alike(one: Sequence[str], other: Sequence[str]) -> tuple[int, str]:
    """How alike two names are, from 0 to 100, and in what."""
    if not one or not other:
        return 0, ""
    if one == other:
        return 100, "the same name"
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return ALIKE, "the same words"
    if len(one) == 1 or len(other) == 1:
        return (SURNAME_ALONE, "the surname alone") if one[-1] == other[-1] else (0, "")
    if one[-1] == other[-1] and goes_with(one[:-1], other[:-1]):
        return COMPATIBLE, "given names that go with each other"
    score = int(fuzz.token_sort_ratio(" ".join(one), " ".join(other)))
    return min(score, COMPATIBLE), "names almost alike"


def goes_with(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the shorter row of given names is in the longer; an initial is any name with it."""
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    first = shorter[0] == longer[0] or is_initial(shorter[0], longer[0])
    return first and all(
        any(name == each or is_initial(name, each) for each in rest) for name in shorter
    )


def is_initial(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) == 1 and longer.startswith(shorter)


def ruled_out(one: Known, other: Known) -> bool:
    """Both were at one event, or were born or died on different days, or one was no adult yet."""
    return (
        bool(one.events & other.events)
        or contradict(one.birth, other.birth)
        or contradict(one.death, other.death)
        or before_grown(one, other)
        or before_grown(other, one)
    )


def contradict(one: Life, other: Life) -> bool:
    def after(early: date | None, late: date | None) -> bool:
        return early is not None and late is not None and early > late

    return after(one.earliest, other.latest) or after(other.earliest, one.latest)


def before_grown(one: Known, other: Known) -> bool:
    born, active = one.birth.earliest, other.first
    return born is not None and active is not None and active.year - born.year < YOUNGEST


Finding = tuple[int, str]


def lives(one: Known, other: Known) -> Iterator[Finding]:
    for what, first, second in (
        ("birth", one.birth, other.birth),
        ("death", one.death, other.death),
    ):
        if first.stated and second.stated:
            yield 3, f"the {what} may be the same ({first.stated} / {second.stated})"
    for dead, active in ((one, other), (other, one)):
        died = dead.death.latest
        if died is not None and active.last is not None and active.last > died:
            yield -25, f"{active.slug} was active after {dead.slug} had died ({dead.death.stated})"


def distance(one: Known, other: Known) -> Iterator[Finding]:
    """How far apart in time the two were active."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return
    years = max(one.first.year - other.last.year, other.first.year - one.last.year)
    if years > LONG_APART:
        yield -40 if years > VERY_LONG_APART else -15, f"active {years} years apart"


def company(one: Known, other: Known) -> Iterator[Finding]:
    """What authorities and titles say."""
    for scheme in sorted(one.identifiers.keys() & other.identifiers.keys()):
        if not one.identifiers[scheme] & other.identifiers[scheme]:
            yield -25, f"{scheme} has both, under different ids"
            break
    shared = sorted(each for each in one.titles if each in other.titles)
    if shared:
        yield 2, f"both were {shared[0]}"


def weight(known: Known) -> int:
    """How much is known of an official, and so how little has to move when the other goes."""
    own = sum(len(values) for values in known.identifiers.values())
    return 3 * own + len(known.names) + len(known.titles) + bool(known.birth.stated)


def years_of(known: Known) -> str:
    """The years in which an official may have been active, for people to read."""
    years: Iterable[int] = sorted({each.year for each in (known.first, known.last) if each})
    return "–".join(map(str, years)) or "no dates"
