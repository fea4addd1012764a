"""Offices: where one begins, what it is of, when two of them are one person's, whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.importers.historian import remarks_words as words
from app.importers.historian.remarks_names import name_at
from app.importers.historian.remarks_parties import party_at
from app.importers.historian.remarks_tokens import Token, low_at

Range = tuple[int, int]
_LONGEST_AFFILIATION = 9
_LONGEST_BODY = 10
_MOST_JOINED = 3
_MILITARY = frozenset(("field", "rear", "lieutenant", "brigadier", "major", "vice"))


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are an office: `Deputy Prime Minister`, and the last that is one by itself."""

    first: int
    after: int
    heads: tuple[int, ...]
    plural: bool
    lower: bool


@dataclass(frozen=True, slots=True)
class Office:
    """An office with all that belongs to it; `after` is where a name would begin."""

    title: Range | None
    after: int
    party: Range | None
    honorific: Range | None
    plural: bool
    lower: bool
    name: Range | None = None
    """Where the office itself is the name: the Duke of a town, or a surname such as King."""


def kind_of(token: Token) -> str | None:
    """Whether a word is an office, several, or stands before one; None if none of these."""
    low = token.low
    if token.possessive:
        return None
    if not token.capital:
        if low in words.LOWER_HEADS:
            return "head"
        return "adjective" if low in ("prime", "foreign", "deputy", "vice", "chief") else None
    if low in words.HEADS:
        return "head"
    if low in words.PLURAL_HEADS:
        return "plural"
    if low in words.ADJECTIVES:
        return "adjective"
    if "-" in low:
        parts = [part for part in low.split("-") if part]
        if parts and all(part in words.HEADS or part in words.ADJECTIVES for part in parts):
            return "head" if any(part in words.HEADS for part in parts) else "adjective"
    return None


def title_run(tokens: Sequence[Token], index: int) -> Run | None:
    """The words from a token on that are an office; None if none is."""
    heads: list[int] = []
    at = index
    plural = False
    while at < len(tokens) and at - index < _LONGEST_AFFILIATION:
        kind = kind_of(tokens[at])
        if kind is None:
            break
        if kind != "adjective":
            heads.append(at)
        at += 1
        if kind == "plural":
            plural = True
            break
    if not heads:
        return None
    after = heads[-1] + 1
    while not plural and low_at(tokens, after) in words.BEHIND and tokens[after].capital:
        after += 1
    if low_at(tokens, after - 1) == "general" and (
        low_at(tokens, after) in words.EVENTS | words.BODIES
    ):
        return None
    return Run(index, after, tuple(heads), plural, not tokens[index].capital)


def office_at(tokens: Sequence[Token], index: int, *, determined: bool) -> Office | None:
    """The office that begins at a token, whose it is included; None if none does."""
    found = _affiliated(tokens, index)
    if found is None:
        return None
    run, title_first, party = found
    if peer := _peer(tokens, run, title_first):
        return peer
    if given := _given(tokens, run, title_first):
        return given
    run, honorific = _without_rank(tokens, run)
    after, later = _complements(tokens, run.after)
    title_after = after if honorific is None else run.after
    party = party or later
    if honorific is not None:
        after = honorific[1]
        if name_at(tokens, after) is None and low_at(tokens, after - 1) in words.SURNAME_HEADS:
            return Office(
                (title_first, title_after), after, party, None, False, run.lower, honorific
            )
    elif not run.plural and name_at(tokens, after) is None:
        joined = _joined(tokens, after, determined and not _deputy(tokens, run))
        if joined:
            title_after, after, extra = joined
            party = party or extra
        elif surname := _surname(tokens, run, after):
            return Office(
                (title_first, surname[0]), surname[1], party, None, False, run.lower, surname
            )
    return Office((title_first, title_after), after, party, honorific, run.plural, run.lower)


def _affiliated(tokens: Sequence[Token], index: int) -> tuple[Run, int, Range | None] | None:
    """The office, where its title begins, and the party named before it."""
    at, party = index, None
    while at < min(len(tokens), index + _LONGEST_AFFILIATION):
        end = party_at(tokens, at)
        if end > at:
            party = (at, end) if party is None else (party[0], end)
            at = end
            continue
        run = title_run(tokens, at)
        if run:
            pure = party is not None and party[0] == index
            return run, party[1] if pure and party else index, party
        token = tokens[at]
        if token.text == "(" and low_at(tokens, at + 2) == ")":
            at += 3
        elif token.low in words.MODIFIERS or _attributive(token) or _leads(tokens, at, index):
            at += 1
        else:
            return None
    return None


def _attributive(token: Token) -> bool:
    """Whether a word may stand before an office as the name of what it is an office in."""
    return (
        token.word and token.capital and (token.low not in words.EVENTS or token.low == "congress")
    )


def _leads(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a small word goes with what is before or behind it: `League for`, `rebel leader`."""
    low = tokens[at].low
    if low in ("for", "of"):
        return at > first and tokens[at - 1].low in words.BODIES
    if not tokens[at].word or low in words.SMALL or at + 1 >= len(tokens):
        return False
    return not tokens[at + 1].capital and tokens[at + 1].low in words.LOWER_HEADS


def _without_rank(tokens: Sequence[Token], run: Run) -> tuple[Run, Range | None]:
    """The office and the rank behind it: `President | General`, but not `Governor General`."""
    if len(run.heads) < 2 or run.plural:
        return run, None
    last, before = run.heads[-1], run.heads[-2]
    low = tokens[last].low
    if low not in words.HONORIFICS:
        return run, None
    if low in ("general", "gen.") and tokens[last - 1].low in words.OFFICE_BEFORE_GENERAL:
        return run, None
    first = last
    while first - 1 > before and tokens[first - 1].low in _MILITARY:
        first -= 1
    if first - 1 != before:
        return run, None
    return Run(run.first, first, run.heads[:-1], False, run.lower), (first, last + 1)


def _complements(tokens: Sequence[Token], index: int) -> tuple[int, Range | None]:
    """Past what an office is of or for, and the party among it."""
    after, party = index, None
    for _ in range(2):
        if low_at(tokens, after) not in ("of", "for", "to", "in"):
            break
        start = after + 1 + (low_at(tokens, after + 1) == "the")
        field, state, end = (reads(tokens, start) for reads in (_portfolio, party_at, _body))
        if state > start and state >= field:
            party = party or (start, state)
            end = max(end, _more_parties(tokens, state) if end <= state else end)
        end = max(end, field)
        if end == start:
            break
        after = end
    return after, party


def _portfolio(tokens: Sequence[Token], start: int) -> int:
    """Past `Foreign Affairs and Expatriates`, and short of `and Foreign Minister`."""
    end = at = start
    while at < len(tokens) and at - start < 2 * _LONGEST_BODY:
        low = tokens[at].low
        if low in words.PORTFOLIO and tokens[at].capital:
            at += 1
            if _heads_another(tokens, at):
                break
            end = at
        elif low in ("and", ",", "&", "with", "the") and at > start:
            if _another(tokens, at + 1) or low_at(tokens, at + 1) in ("", ".", ";"):
                break
            at += 1
        else:
            break
    return end


def _heads_another(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word read last belongs to the office at a token: `and Foreign | Minister`."""
    if at >= len(tokens) or kind_of(tokens[at]) != "head":
        return False
    return tokens[at].low not in words.HONORIFICS


def _another(tokens: Sequence[Token], index: int) -> bool:
    """Whether another office begins at a token, its party before it perhaps."""
    found = _affiliated(tokens, index)
    return found is not None and tokens[found[0].heads[0]].low not in words.HONORIFICS


def _more_parties(tokens: Sequence[Token], end: int) -> int:
    """Past further parties in a list: the prime ministers of A, B and C."""
    while True:
        at = end
        while low_at(tokens, at) in (",", "and", "the"):
            at += 1
        after = party_at(tokens, at)
        if at in (end, after) or title_run(tokens, after):
            return end
        end = after


def _body(tokens: Sequence[Token], start: int) -> int:
    """Past a body with a name of its own: `Chinese Communist Party Central Commission`."""
    end = at = start
    while at < min(len(tokens), start + _LONGEST_BODY):
        token = tokens[at]
        if not (token.capital and token.word) and token.low not in ("of", "and", "the", "for"):
            break
        if (kind_of(token) in ("head", "plural") and not _members(tokens, at)) or (
            token.low == "and" and _another(tokens, at + 1)
        ):
            break
        at += 1
        if token.low in words.BODIES or _members(tokens, at - 1):
            end = at
            if low_at(tokens, at) == "(" and low_at(tokens, at + 2) == ")":
                return at + 3
    if low_at(tokens, end) == "of" and end > start:
        return _portfolio(tokens, end + 1) if _portfolio(tokens, end + 1) > end + 1 else end
    return end


def _joined(
    tokens: Sequence[Token], index: int, separate: bool
) -> tuple[int, int, Range | None] | None:
    """The second office of one person: where the title ends, where the name begins, whose."""
    at, party = index, None
    for _ in range(_MOST_JOINED):
        if low_at(tokens, at) not in ("and", "&", "/"):
            return None
        if low_at(tokens, at + 1) in words.WIVES and name_at(tokens, at + 2):
            return index, at + 2, party
        if separate:
            return None
        found = _affiliated(tokens, at + 1)
        if found is None or found[0].plural:
            return None
        run, honorific = _without_rank(tokens, found[0])
        after, later = _complements(tokens, run.after)
        party = party or found[2] or later
        if honorific:
            return run.after, run.after, party
        named = after
        while low_at(tokens, named) in words.HONORIFICS:
            named += 1
        if name_at(tokens, named):
            return after, after, party
        at = after
    return None


def _deputy(tokens: Sequence[Token], run: Run) -> bool:
    """Whether an office is one that is often held together with another."""
    first = tokens[run.first].low
    return first in words.DEPUTIES or first not in (
        "president",
        "prime",
        "premier",
        "king",
        "queen",
        "chancellor",
        "emperor",
        "shah",
        "sultan",
        "amir",
        "emir",
        "pope",
    )


def _peer(tokens: Sequence[Token], run: Run, title_first: int) -> Office | None:
    """The Duke of a town, who has no other name; None if there is a name or a state."""
    last = run.heads[-1]
    low = tokens[last].low
    alone = low in ("prince", "princess") and last == run.first
    if run.plural or not (low in words.PEERS or alone) or low_at(tokens, last + 1) != "of":
        return None
    at = last + 2
    if at >= len(tokens) or not tokens[at].capital or tokens[at].possessive:
        return None
    if party_at(tokens, at) > at and low_at(tokens, at) != "wales":
        return None
    end = at + 1
    while end < len(tokens) and end - at < 3 and tokens[end].capital and tokens[end].word:
        end += 1
    title = (title_first, last) if last > title_first else None
    return Office(title, end, None, None, False, False, (last, end))


def _given(tokens: Sequence[Token], run: Run, title_first: int) -> Office | None:
    """A rank that is a given name, which `bin` shows: `Crown Prince Sultan bin Abdulaziz`."""
    last = run.heads[-1]
    if tokens[last].low != "sultan" or low_at(tokens, run.after) != "bin":
        return None
    found = name_at(tokens, run.after)
    if run.plural or run.after != last + 1 or found is None:
        return None
    title = (title_first, last) if last > title_first else None
    return Office(title, found[1], None, None, False, False, (last, found[1]))


def _members(tokens: Sequence[Token], at: int) -> bool:
    """Whether offices are the members of a body: Council of Ministers."""
    return low_at(tokens, at - 1) == "of" and low_at(tokens, at - 2) in (
        "council",
        "house",
        "board",
    )


def _surname(tokens: Sequence[Token], run: Run, after: int) -> Range | None:
    """The last word of an office, where it is the name: `Prime Minister King`."""
    last = run.heads[-1]
    if len(run.heads) < 2 or after != last + 1 or run.plural:
        return None
    return (last, last + 1) if tokens[last].low in words.SURNAME_HEADS else None
