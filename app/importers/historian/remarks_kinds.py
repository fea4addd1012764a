"""Which kind of visit a text says that it was."""

import re
from dataclasses import dataclass

from app.vocabulary import VisitKind

_SAID = re.compile(
    r"\b(?P<words>(?:(?:state|offici?al|working|private|personal|unofficial|informal|good ?will"
    r"|goodwill|ceremonial|courtesy|transit|non-official)[ -]){1,3})"
    r"(?:visit|trip|stop|stopover|tour|guest|meeting and|discussions)\b",
    re.IGNORECASE,
)
_CEREMONIAL = re.compile(
    r"\b(?:(?:attend\w*|took part in|represented \w+ at|for)\s(?:the\s|a\s)?(?:[\w’'.-]+\s){0,4}?"
    r"(?:funeral|memorial services?|inaugurat\w+|coronation|wedding|burial|signing|ceremon\w+"
    r"|celebrations?|dinner on|dedication|anniversary(?! summit))|signing ceremony)\b",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(
    r"\b(?:attend\w*|participat\w+ in|led (?:[\w’'.-]+\s){1,4}?delegation to|addressed|guest to"
    r"|delegate to|opened|chaired|presided over)\s(?:(?:[^\s.;]|\.(?=\S)|(?<=\W\w)\.)+\s){0,8}?"
    r"(?:conference|summit|session|assembly|(?<!white house )meeting|u\.?n\.?(?!\w)|council)\b",
    re.IGNORECASE,
)
_TRANSIT = re.compile(
    r"\b(?:in transit|en route (?:to|from)|stopped while|stopover|overnight stop|refuel\w+)\b",
    re.IGNORECASE,
)
_OF_WORDS = (
    ("state", VisitKind.STATE),
    ("private", VisitKind.PRIVATE),
    ("personal", VisitKind.PRIVATE),
    ("unofficial", VisitKind.PRIVATE),
    ("non-official", VisitKind.PRIVATE),
    ("official", VisitKind.OFFICIAL),
    ("offical", VisitKind.OFFICIAL),
    ("good will", VisitKind.GOODWILL),
    ("goodwill", VisitKind.GOODWILL),
    ("ceremonial", VisitKind.CEREMONIAL),
    ("transit", VisitKind.TRANSIT),
)


@dataclass(frozen=True, slots=True)
class StatedKind:
    """The kind of a visit, with the words that say so; `informal` alone is none of ours."""

    kind: VisitKind | None
    words: str
    rule: str
    confidence: float


def stated_kind(text: str) -> StatedKind | None:
    """The first kind that a text names, or the one that its occasion implies; None if neither.

    What is named counts before what is implied: a private visit while attending a session of
    the United Nations is a private one.
    """
    said = _SAID.search(text)
    if said:
        return StatedKind(_kind(said["words"]), said.group(), "visit-named", 0.95)
    for pattern, kind, sure in (
        (_CEREMONIAL, VisitKind.CEREMONIAL, 0.8),
        (_CONFERENCE, VisitKind.CONFERENCE, 0.8),
        (_TRANSIT, VisitKind.TRANSIT, 0.7),
    ):
        found = pattern.search(text)
        if found:
            return StatedKind(kind, found.group(), f"occasion-{kind.value}", sure)
    return None


def _kind(words: str) -> VisitKind | None:
    low = words.lower().replace("-", " ").strip() if "non-" not in words.lower() else words.lower()
    official = re.search(r"\boffici?al\b", low)
    if re.search(r"\bworking\b", low):
        return VisitKind.OFFICIAL_WORKING if official else VisitKind.WORKING
    for word, kind in _OF_WORDS:
        if re.search(rf"(?<!\w){word}(?!\w)", low):
            return kind
    return None
