"""Conferences and bodies as such: `NATO Ministerial Meeting`, `Council of Foreign Ministers`.

A name is what the text says, from its first adjective to the end of what the conference is of,
for or on. Whether it was attended, or only mentioned on the way, is told apart by the verb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.importers.historian.remarks_parties import party_at
from app.importers.historian.remarks_tokens import Token, low_at
from app.importers.historian.remarks_words import GROUPS, MONTHS, listed

_BACK = 14
_ON = 24


class Attendance(StrEnum):
    """How a text brings a conference up."""

    ATTENDED = "attended"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Gathering:
    """A conference, as a range of tokens, with the rule that found it."""

    first: int
    after: int
    attendance: Attendance
    rule: str
    confidence: float


_HEADS = listed(
    """conference conferences summit summits meeting meetings assembly forum fora dialogue
    dialogues session sessions symposium consultations roundtable convention talks"""
)
_PROPER_HEADS = listed(
    """ministerial ministerials council committee commission congress week board colloquium
    seminar workshop celebration exposition centennial"""
)
"""Heads only with a capital: a committee is often no occasion."""

_SMALL = listed(
    """annual informal special extraordinary ministerial summit opening closing joint regular
    biennial foreign economic peace tripartite plenary inaugural emergency first second
    third fourth fifth sixth seventh eighth ninth tenth final preliminary preparatory
    high-level council quadripartite trilateral multilateral four-power three-power
    five-power semi-annual semiannual permanent offsite international inter-american
    security post-ministerial regional general full heads-of-government"""
)
_GENERIC = _SMALL | listed("bilateral other various separate private further subsequent several")
_VAGUE = listed("offsite informal joint working bilateral special separate")
_ATTEND = listed(
    """attended attend attends attending attendance participated participate participates
    participating participation chaired co-chaired chairing chairman chair hosted co-hosted
    headed head led co-led led. opened opening addressed presided joined accompanied
    supported represented delegation delegate guest launched spoke convened inaugurated held
    visiting observer keynote engagements"""
)
_ELSEWHERE = listed(
    """route from before after preparations preparation prepare briefed following prior
    invitation returning return returned regarding discussed discuss reviewed plans planned
    preparatory concerning toward until review postponed invited serving elected message
    report proposed arrangements agenda results outcome prepared"""
)
_ALSO_BESIDE = listed("at during alongside around for margins sidelines on")
_OPENERS = listed(
    """attended attends attending participated chaired co-chaired hosted co-hosted headed led
    co-led opened addressed presided joined accompanied supported represented launched met
    held briefed discussed signed visited announced working official state private informal"""
)
_LINKS = ("of", "for", "on", "to")


def gatherings(tokens: Sequence[Token], taken: Sequence[tuple[int, int]]) -> tuple[Gathering, ...]:
    """The conferences of a text, in its order; never inside the ranges that are taken."""
    inside = [False] * len(tokens)
    for first, after in taken:
        inside[first:after] = [True] * (after - first)
    found: list[Gathering] = []
    sentence = covered = 0
    for index, token in enumerate(tokens):
        if token.text in ".;":
            sentence = index + 1
        if index < covered or inside[index] or not _is_head(token):
            continue
        floor = max(sentence, covered, index - _BACK)
        gathering = _gathering(tokens, index, floor, sentence, inside)
        if gathering:
            found.append(gathering)
            covered = gathering.after
    return tuple(found)


def _is_head(token: Token) -> bool:
    if token.possessive:
        return False
    return token.low in _HEADS or (token.capital and token.low in _PROPER_HEADS)


def _gathering(
    tokens: Sequence[Token], index: int, floor: int, sentence: int, inside: Sequence[bool]
) -> Gathering | None:
    head = _last_head(tokens, index)
    first = _beginning(tokens, index, floor, inside)
    after = _ending(tokens, head + 1)
    if head + 1 < after < len(tokens) and _is_head(tokens[after]):
        after = _ending(tokens, _last_head(tokens, after) + 1)
    if not _proper(tokens, first, index, head, after):
        return None
    attendance, rule, sure = _attendance(tokens, first, after, sentence)
    if attendance is None:
        return None
    return Gathering(first, after, attendance, rule, sure)


def _last_head(tokens: Sequence[Token], index: int) -> int:
    """The last head of a run such as `Assembly Meeting`, `Summit Foreign Ministers’ Meeting`."""
    head = at = index
    while at + 1 < len(tokens) and at - head < 5:
        at += 1
        if tokens[at].text == "(" and _bracket(tokens, at) > at:
            at = _bracket(tokens, at) - 1
        elif _is_head(tokens[at]):
            head = at
        elif not _modifies(tokens[at]):
            break
    return head


def _modifies(token: Token) -> bool:
    if not token.word:
        return False
    if token.capital:
        return token.low not in MONTHS
    return token.low in _SMALL or _numbered(token.low)


def _numbered(low: str) -> bool:
    """An ordinal, a year, or `14-nation`."""
    return low[0].isdigit() and not (low.isdigit() and len(low) < 3)


def _beginning(tokens: Sequence[Token], index: int, floor: int, inside: Sequence[bool]) -> int:
    """Where the name begins, read back from its head."""
    first = at = index
    plural = tokens[index].low.endswith("s")
    while at > floor:
        at -= 1
        token = tokens[at]
        if inside[at] or (at == floor and _opens(tokens, at, floor)):
            break
        if _modifies(token):
            first = at
        elif token.text == ")" and _named_aside(tokens, at, floor):
            at -= 2
        elif (label := _label_before(tokens, at, floor)) is not None:
            first = at = label
        elif not _joins(tokens, at, floor, plural=plural):
            break
    return first


def _named_aside(tokens: Sequence[Token], at: int, floor: int) -> bool:
    """Whether a bracket within a name ends at a token: `First Washington (Arcadia) Conference`."""
    return (
        at - 3 >= floor
        and tokens[at - 2].text == "("
        and tokens[at - 1].capital
        and tokens[at - 3].capital
        and _modifies(tokens[at - 3])
        and _label_before(tokens, at, floor) is None
    )


def _label_before(tokens: Sequence[Token], at: int, floor: int) -> int | None:
    """Where the name of a body begins that goes on over a small word, or ends before `(OSCE)`."""
    end = at
    if tokens[at].text == ")" and low_at(tokens, at - 2) == "(":
        end = at - 3
    elif tokens[at].low not in ("of", "for", "in", "and", "the"):
        return None
    for start in range(max(floor, at - 12), min(at, end + 1)):
        if tokens[start].capital and party_at(tokens, start) > end:
            return start
    return None


def _joins(tokens: Sequence[Token], at: int, floor: int, *, plural: bool) -> bool:
    """Whether a sign or small word joins what is before it to a conference's name."""
    low, left = tokens[at].low, at - 1
    if low == "the" and low_at(tokens, left) in ("of", "for", "with"):
        low, left = tokens[left].low, left - 1
    if low == "and" and plural and low_at(tokens, left) == ",":
        left -= 1
    if left < floor or not _modifies(tokens[left]) or _opens(tokens, left, floor):
        return False
    if low in ("of", "for", "with"):
        return tokens[left].low in (_HAVING_MEMBERS if low == "of" else _HAVING_AIMS)
    if low == ",":
        return plural
    return low in ("and", "–", "-", "&") and (plural or not _is_head(tokens[left]))


_HAVING_MEMBERS = listed(
    """heads chiefs council ministers presidents board organization organisation association
    community league commission committee congress friends"""
)
_HAVING_AIMS = listed(
    """partnership organization organisation committee commission association alliance council
    cooperation agency fund program programme institute union compact"""
)


def _opens(tokens: Sequence[Token], at: int, floor: int) -> bool:
    """Whether a capital only marks the beginning of a sentence."""
    token = tokens[at]
    if token.low in _OPENERS:
        return True
    return at == floor and token.low.endswith("ed") and token.low not in ("united", "allied")


def _ending(tokens: Sequence[Token], after: int) -> int:
    """Past an acronym in brackets, and past what the conference is of, for or on."""
    after = _bracket(tokens, after)
    for _ in range(3):
        link = low_at(tokens, after)
        if link not in _LINKS:
            break
        at = after + 1 + (low_at(tokens, after + 1) in ("the", "a"))
        end = _complement(tokens, at, free=link == "on")
        if end == at:
            break
        after = _bracket(tokens, end)
    return after


def _bracket(tokens: Sequence[Token], after: int) -> int:
    if low_at(tokens, after) == "(" and low_at(tokens, after + 2) == ")":
        inner = tokens[after + 1]
        if inner.text.isupper() or inner.text[-1:].isdigit():
            return after + 3
    return after


def _complement(tokens: Sequence[Token], start: int, *, free: bool) -> int:
    """Past the words that a conference is of or on; with `on`, small words are part of it."""
    if start >= len(tokens) or tokens[start].low in MONTHS or low_at(tokens, start)[:1].isdigit():
        return start
    if not free and not tokens[start].capital:
        return start
    end = at = start
    while at < min(len(tokens), start + _ON):
        token = tokens[at]
        low = token.low
        if token.word and token.capital and low not in MONTHS:
            at += 1
            end = at
        elif low == "," and party_at(tokens, _past_and(tokens, at + 1)) > _past_and(tokens, at + 1):
            at = _past_and(tokens, at + 1)
        elif low in ("and", "of", "the", "for", "to", "in", "de") or low[:1] in "&–":
            if low == "and" and _is_verb(low_at(tokens, at + 1)):
                break
            if not free and _leaves(tokens, at):
                break
            at += 1
        elif _goes_on(token, free=free) or (low in GROUPS and end == at > start):
            at += 1
            end = at
        else:
            break
    return end


_ENDING_WORDS = listed("with at during before after while hosted held convened by where co-hosted")


def _goes_on(token: Token, *, free: bool) -> bool:
    return free and token.word and not _is_verb(token.low) and token.low not in _ENDING_WORDS


def _leaves(tokens: Sequence[Token], at: int) -> bool:
    """Whether a small word leads to a place, or to the next conference."""
    low = tokens[at].low
    if low == "the" and low_at(tokens, at - 1) == "and":
        return not _is_party(tokens, at + 1)
    return low == "in"


def _past_and(tokens: Sequence[Token], at: int) -> int:
    while low_at(tokens, at) in ("and", "the"):
        at += 1
    return at


def _is_party(tokens: Sequence[Token], at: int) -> bool:
    return party_at(tokens, at) > at


def _is_verb(low: str) -> bool:
    return low.endswith("ed") or low in ("met", "held", "led", "gave", "made", "spoke", "then")


def _proper(tokens: Sequence[Token], first: int, index: int, head: int, after: int) -> bool:
    """Whether it is a conference in particular, not a meeting like any other."""
    last = tokens[head].low
    if last == "convention" and low_at(tokens, head + 1) == "on":
        return False  # a treaty
    if _is_legislature(tokens, first, head, after):
        return False
    before = [token for token in tokens[first:head] if token.word]
    if any(
        (token.capital or token.low[0].isdigit()) and token.low not in _GENERIC for token in before
    ):
        return True
    if tokens[index].capital and any(token.low not in _VAGUE for token in before):
        return True
    return last != "talks" and after > head + 1 and low_at(tokens, head + 1) in _LINKS[:3]


def _is_legislature(tokens: Sequence[Token], first: int, head: int, after: int) -> bool:
    """Whether a parliament sits, whom travellers address; no conference."""
    lows = [token.low for token in tokens[first:after]]
    if any(low in _LEGISLATURES for low in lows):
        return True
    if "congress" in lows:
        return not any(low in ("international", "world", "party", "trade") for low in lows)
    return tokens[head].low == "assembly" and "general" not in lows


_LEGISLATURES = listed(
    "parliament senate bundestag diet knesset legislature cortes riksdag storting"
)


def _attendance(
    tokens: Sequence[Token], first: int, after: int, sentence: int
) -> tuple[Attendance | None, str, float]:
    """How the words before a conference, the nearest first, bring it up."""
    body = tokens[after - 1].low
    for at in range(first - 1, max(sentence - 1, first - 40), -1):
        low = tokens[at].low
        if low in _ELSEWHERE or low == "by":
            return Attendance.MENTIONED, "conference-mentioned", 0.9
        if low in _ATTEND:
            return Attendance.ATTENDED, "conference-attended", 0.95
        if low == "with" and body in _PROPER_HEADS:
            return None, "", 0.0
    near = low_at(tokens, first - 1)
    if near in ("the", "a", "an"):
        near = low_at(tokens, first - 2) if first - 2 >= sentence else ""
    if first > sentence and near in _ALSO_BESIDE:
        return Attendance.ATTENDED, "conference-beside", 0.8
    if first <= sentence + 1 and tokens[first].capital and body not in _PROPER_HEADS:
        return Attendance.ATTENDED, "conference-named", 0.85
    return Attendance.MENTIONED, "conference-mentioned", 0.6
