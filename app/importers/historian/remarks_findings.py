"""Which phrases of a remark are governed by what, and the day stated with each.

One pass over the tokens: a governor opens a list, a phrase extends it, anything else but a comma
or an `and` closes it, and a full stop or semicolon forgets the governor.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.importers.historian import remarks_words as words
from app.importers.historian.remarks_days import StatedDay
from app.importers.historian.remarks_governors import Governor, Role, governor_at
from app.importers.historian.remarks_phrases import (
    Phrase,
    bare_name_at,
    body_at,
    group_at,
    persons_at,
)
from app.importers.historian.remarks_tokens import Token, low_at


@dataclass(frozen=True, slots=True)
class Finding:
    """A phrase, what governs it, and how sure the two rules together are."""

    phrase: Phrase
    governor: Governor
    confidence: float


def findings(tokens: Sequence[Token], *, subjects: bool) -> list[Finding]:
    """The phrases that a governor governs, in the order of the text."""
    found: list[Finding] = []
    governor: Governor | None = None
    opened = False
    index = sentence = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text in ".;":
            further = _further(tokens, index, governor) if token.text == ";" else None
            if further and governor:
                found += (Finding(one, governor, governor.confidence - 0.1) for one in further)
                index, opened = further[-1].after, True
                continue
            governor, opened, sentence = None, False, index + 1
            index += 1
            continue
        following = governor_at(tokens, index, sentence)
        if following:
            governor, opened = _taking(following, found, index), True
            index += 1
            continue
        if subjects and index == sentence and (met := _subject(tokens, index)):
            found += met
            index = met[-1].phrase.after
            continue
        resumed = not opened and _resumes(tokens, index)
        if governor and (opened or resumed):
            phrases = _item(tokens, index, governor, resumed=resumed)
            sure = governor.confidence - (0.15 if resumed else 0)
            found += (Finding(phrase, governor, _sure(phrase, sure)) for phrase in phrases)
            if phrases:
                index = phrases[-1].after
                opened = True
                continue
        opened = opened and _separates(tokens, index)
        index += 1
    return [one for one in found if not one.phrase.possessive]


def _further(
    tokens: Sequence[Token], index: int, governor: Governor | None
) -> tuple[Phrase, ...] | None:
    """The persons behind a semicolon, where it only divides a list: `King A; Premier B`."""
    start = index + 1 + (low_at(tokens, index + 1) == "and")
    if governor is None or governor.role is not Role.COUNTERPART:
        return None
    persons = persons_at(tokens, start) if start < len(tokens) else ()
    if not persons or not persons[0].name or persons[-1].possessive:
        return None
    return persons if low_at(tokens, persons[-1].after) in ("", ",", ";", ".", "and") else None


def _taking(governor: Governor, found: Sequence[Finding], index: int) -> Governor:
    """The governor itself; after a group, `including` also introduces names without an office."""
    last = found[-1].phrase if found else None
    if governor.rule == "including" and last and last.group and index - last.after <= 1:
        return replace(governor, offices_only=False)
    return governor


def _separates(tokens: Sequence[Token], index: int) -> bool:
    """Whether a list goes on behind a token."""
    low = tokens[index].low
    if low in (",", "and", "&", "both", "separately", "again", "afterward", "later", "then"):
        return True
    return low in ("as", "well") and "well" in (low, low_at(tokens, index + 1))


def _resumes(tokens: Sequence[Token], index: int) -> bool:
    """Whether a list may be taken up again: `in Cairo and President A`."""
    return index > 0 and low_at(tokens, index - 1) == "and"


def _item(
    tokens: Sequence[Token], index: int, governor: Governor, *, resumed: bool
) -> tuple[Phrase, ...]:
    """The phrase at a token, if it is one that the governor may govern."""
    if not tokens[index].word or _separates(tokens, index):
        return ()
    persons = persons_at(tokens, index)
    if resumed:
        return persons if persons and persons[0].name else ()
    if persons:
        return () if persons[0].group and governor.rule == "gathering-of" else persons
    if governor.rule == "meeting-with" and (body := body_at(tokens, index)):
        return (body,)
    group = group_at(tokens, index)
    if group and governor.rule != "gathering-of":
        return (group,)
    if not governor.offices_only:
        bare = bare_name_at(tokens, index)
        if bare and not _is_gathering(tokens, bare):
            return (bare,)
    return ()


def _is_gathering(tokens: Sequence[Token], phrase: Phrase) -> bool:
    return low_at(tokens, phrase.after) in words.EVENTS | words.BODIES


def _subject(tokens: Sequence[Token], index: int) -> list[Finding]:
    """The host who is the sentence's subject: `President A met with the King`."""
    persons = persons_at(tokens, index)
    if len(persons) != 1 or not persons[0].name or persons[0].possessive:
        return []
    after = persons[0].after
    if low_at(tokens, after) not in ("met", "received", "welcomed", "greeted", "hosted"):
        return []
    governor = Governor(Role.COUNTERPART, "subject", 0.85, after, after + 1)
    return [Finding(persons[0], governor, 0.85)]


def _sure(phrase: Phrase, confidence: float) -> float:
    """Less sure of a name without an office, and of a single word above all."""
    if phrase.name and not phrase.body and phrase.title is None and phrase.honorific is None:
        confidence -= 0.1 if phrase.name[1] - phrase.name[0] > 1 else 0.2
    return round(max(confidence, 0.1), 2)


def days_of(
    tokens: Sequence[Token], found: Sequence[Finding], days: Sequence[StatedDay]
) -> list[str | None]:
    """For each phrase the day that is stated for it, as EDTF; never that of a departure.

    Days that a text enumerates (`on May 4, 6 and 9`) are none of them the day of an encounter.
    """
    said = [day for day in days if not day.context]
    times = Counter(day.first for day in said)
    leading = {day.after + (low_at(tokens, day.after) == ","): day for day in said}
    starts = [day.first for day in said]
    stated: list[str | None] = []
    for index, one in enumerate(found):
        day = leading.get(one.governor.first) or leading.get(one.governor.preposition)
        place = bisect_left(starts, one.phrase.after)
        if day is None and place < len(said):
            following = found[index + 1 :][:_NEIGHBOURS]
            day = said[place] if _told(tokens, one, said[place], following) else None
        stated.append(day.edtf if day and times[day.first] == 1 else None)
    return stated


def _told(
    tokens: Sequence[Token], one: Finding, day: StatedDay, following: Sequence[Finding]
) -> bool:
    """Whether a day behind a phrase is that of its encounter: `met with A and B on May 4`."""
    if day.first - one.phrase.after > _SAME_CLAUSE:
        return False
    if low_at(tokens, day.first - 1) == "on" and low_at(tokens, day.after) == ",":
        return False
    if any(
        other.phrase.first < day.first and other.governor is not one.governor for other in following
    ):
        return False
    between = tokens[one.phrase.after : day.first]
    return not any(token.text in ".;" or token.low in _OTHER_VERBS for token in between)


_SAME_CLAUSE = 30
_NEIGHBOURS = 12
_OTHER_VERBS = words.listed(
    """addressed attended signed departed left returned arrived visited delivered received
    announced opened dedicated toured"""
)
