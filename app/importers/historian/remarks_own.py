"""Who travels on the traveller's own side: the United States' presidents and their secretaries.

Such a person in a remark on a trip abroad is company, whatever the verb. By surname and office
together; a foreign president of the same surname has a party or a given name beside it.
"""

from app.folding import fold
from app.importers.historian.remarks_words import listed

_PRINCIPALS = listed(
    """johnson grant hayes garfield arthur cleveland harrison mckinley roosevelt taft wilson
    harding coolidge hoover truman eisenhower kennedy nixon ford carter reagan bush clinton
    obama trump biden wallace barkley humphrey agnew rockefeller mondale quayle gore cheney
    pence harris vance garner curtis dawes marshall fairbanks"""
)
_FIRST_NAMES = listed(
    """andrew ulysses rutherford james chester grover benjamin william theodore woodrow warren
    calvin herbert franklin harry dwight john lyndon richard gerald jimmy ronald george bill
    barack donald joseph joe kamala michael mike albert al dick dan spiro hubert nelson
    walter henry alben j. j.d. w. s. f. d. h. g. r. m. b. e. l. jr. robinette"""
)
_SECRETARIES = (
    "secretary of defense",
    "secretary of state",
    "secretary of the treasury",
    "secretary of commerce",
    "secretary of energy",
    "secretary of homeland security",
    "secretary of agriculture",
    "treasury secretary",
    "first lady",
)
_OFFICES = frozenset(
    ("president", "vice president", "president-elect", "presidents", "vice presidents")
)
_OWN_PARTIES = frozenset(("u.s.", "us", "american", "united states"))


def is_own_side(
    title: str | None, honorific: str | None, name: str | None, party: str | None
) -> bool:
    """Whether a person in a remark on a trip is an American principal."""
    office = fold(title or "").removeprefix("former ")
    if party and fold(party) in _OWN_PARTIES:
        return True
    if party or honorific or not name:  # Secretary of State Cardinal So-and-so is the Holy See’s
        return False
    parts = fold(name).replace("'s", "").replace("’s", "").split()
    if office in _OFFICES:
        return parts[-1] in _PRINCIPALS and all(part in _FIRST_NAMES for part in parts[:-1])
    return office in _SECRETARIES
