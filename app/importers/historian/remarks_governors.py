"""What governs a phrase: the verb or occasion that makes somebody a counterpart, or not.

Each rule has a name and a confidence, which go with what it found. A phrase that no rule governs
(a statue of somebody, a message from somebody, the funeral of somebody) is no counterpart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.importers.historian.remarks_tokens import Token, low_at
from app.importers.historian.remarks_words import listed

_LOOK_BACK = 40


class Role(StrEnum):
    """What a phrase's persons were to the traveller."""

    COUNTERPART = "counterpart"
    COMPANION = "companion"


@dataclass(frozen=True, slots=True)
class Governor:
    """The rule that governs a phrase, and the words that the rule found."""

    role: Role
    rule: str
    confidence: float
    first: int
    after: int
    """The tokens of the verb or occasion, as a range."""
    offices_only: bool = False
    """Whether a name without an office is not to be believed after it."""
    preposition: int = -1
    """The token of `with`, where a verb further back governs through it."""


_MEETING = listed(
    """met meet meets meeting meetings conferred confer conferring conference conferences
    consulted consult consultation consultations talked talk talks spoke speak conversed
    conversation conversations discussion discussions discussed discuss negotiated negotiate
    negotiations interview interviewed interviews visit visited visits lunched dined dinner
    luncheon breakfast lunch tea audience session summit exchange exchanged reviewed signed
    worked cooperated lunches met. rendezvous reception fished golfed hunted met-with
    encounter call reunion"""
)
_WANDERING = listed(
    "traveled travelled traveling travelling returned flew arrived sailed journeyed departed left"
)
_COMPANY = listed(
    """accompanied accompanies accompanying accompany accoompanied accompained acompanied
    joined joining join supported supporting escorted represented representing"""
)
_DIRECT = listed(
    """met briefed received saw consulted hosted welcomed greeted interviewed informed visited
    honored entertained thanked congratulated decorated telephoned rejoined invested"""
)
_GIVING = listed(
    """presented delivered conveyed gave handed transmitted proposal message letter greetings
    condolences awarded brought submitted extended explained offered"""
)
_RECEIVED_BY = listed(
    """received hosted welcomed greeted entertained given escorted chaired convened met seen
    decorated honored"""
)
_CEREMONIES = listed(
    """inauguration inaugural inaugurations coronation wedding installation enthronement
    investiture swearing-in crowning"""
)
_MEALS = listed("dinner luncheon lunch banquet reception breakfast tea ball")
_GATHERINGS = listed("meeting conference summit meetings")
_WITHS = listed("with alongside")


def governor_at(tokens: Sequence[Token], index: int, sentence: int) -> Governor | None:
    """The governor that ends at a token, its sentence beginning at another; None if none does."""
    low = tokens[index].low
    rule = _PREPOSITIONS.get(low)
    if rule:
        return rule(tokens, index, max(sentence, index - _LOOK_BACK))
    if low in _COMPANY:
        return Governor(Role.COMPANION, "accompanied", 0.95, index, index + 1, offices_only=True)
    if low in _DIRECT and low_at(tokens, index + 1) != "with":
        return Governor(Role.COUNTERPART, "object", 0.9, index, index + 1, offices_only=True)
    return None


def _with(tokens: Sequence[Token], index: int, sentence: int) -> Governor | None:
    if index == sentence and tokens[index].capital:
        return Governor(Role.COMPANION, "together-with", 0.8, index, index + 1)
    listed = False
    for at in range(index - 1, sentence - 1, -1):
        low = tokens[at].low
        listed = listed or low in (",", "and")
        if low in _MEETING:
            sure = 0.95 if index - at <= 3 else 0.9
            after = at + 1 if listed else index + 1
            return Governor(Role.COUNTERPART, "meeting-with", sure, at, after, preposition=index)
        if low in _WANDERING:
            return Governor(Role.COMPANION, "traveled-with", 0.6, at, index + 1)
    return Governor(Role.COUNTERPART, "with", 0.8, index, index + 1)


def _to(tokens: Sequence[Token], index: int, sentence: int) -> Governor | None:
    for at in range(index - 1, sentence - 1, -1):
        if tokens[at].low in _GIVING:
            return Governor(Role.COUNTERPART, "given-to", 0.75, at, index + 1, offices_only=True)
    return None


def _by(tokens: Sequence[Token], index: int, sentence: int) -> Governor | None:
    low = low_at(tokens, index - 1)
    if low in _RECEIVED_BY:
        return Governor(Role.COUNTERPART, "by", 0.8, index - 1, index + 1, offices_only=True)
    if low in _COMPANY:
        return Governor(Role.COMPANION, "accompanied-by", 0.95, index - 1, index + 1)
    if low in ("led", "headed"):
        ours = any(token.low in ("u.s.", "american") for token in tokens[sentence:index])
        role = Role.COMPANION if ours else Role.COUNTERPART
        return Governor(role, "led-by", 0.7, index - 1, index + 1)
    return None


def _of(tokens: Sequence[Token], index: int, sentence: int) -> Governor | None:
    low = low_at(tokens, index - 1)
    if low in _CEREMONIES:
        return Governor(Role.COUNTERPART, "ceremony-of", 0.6, index - 1, index + 1)
    if low == "audience":
        return Governor(Role.COUNTERPART, "meeting-with", 0.9, index - 1, index + 1)
    if low in _GATHERINGS:
        return Governor(
            Role.COUNTERPART, "gathering-of", 0.7, index - 1, index + 1, offices_only=True
        )
    if low == "guest":
        return Governor(Role.COUNTERPART, "guest-of", 0.7, index - 1, index + 1, offices_only=True)
    if low == "honor" and any(token.low in _MEALS for token in tokens[sentence:index]):
        return Governor(Role.COUNTERPART, "in-honor-of", 0.6, index - 2, index + 1)
    return None


def _for(tokens: Sequence[Token], index: int, _sentence: int) -> Governor | None:
    if low_at(tokens, index - 1) in _MEALS:
        return Governor(Role.COUNTERPART, "in-honor-of", 0.6, index - 1, index + 1)
    return None


def _on(tokens: Sequence[Token], index: int, _sentence: int) -> Governor | None:
    if low_at(tokens, index - 1) in ("called", "call", "calls"):
        return Governor(Role.COUNTERPART, "called-on", 0.9, index - 1, index + 1)
    return None


def _including(_tokens: Sequence[Token], index: int, _sentence: int) -> Governor | None:
    return Governor(Role.COUNTERPART, "including", 0.75, index, index + 1, offices_only=True)


def _between(tokens: Sequence[Token], index: int, _sentence: int) -> Governor | None:
    if low_at(tokens, index - 1) in _MEETING:
        return Governor(Role.COUNTERPART, "between", 0.7, index - 1, index + 1)
    return None


_PREPOSITIONS: dict[str, Callable[[Sequence[Token], int, int], Governor | None]] = {
    "with": _with,
    "alongside": _with,
    "to": _to,
    "by": _by,
    "of": _of,
    "for": _for,
    "on": _on,
    "upon": _on,
    "including": _including,
    "between": _between,
    "honoring": _for,
}
