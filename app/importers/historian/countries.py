"""Which party a country of the Historian's stands for on a day: `countries.yaml`, read.

An id that the file does not hold is no mistake: it becomes a party of its own, and is flagged.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app import dates
from app.folding import fold
from app.vocabulary import PartyKind

FILE = Path(__file__).with_name("countries.yaml")
LONGEST_CODE = 16
SHORTEST_OWN_CODE = 5
"""Codes of ISO 3166 have two to four letters; ours must not be taken for one of them."""


@dataclass(frozen=True, slots=True)
class Country:
    """A party as the file has it. `under` is what it was a part of before it existed."""

    code: str
    name: str
    kind: PartyKind
    since: str | None = None
    until: str | None = None
    under: str | None = None
    successors: tuple[str, ...] = ()

    def existed_on(self, day: str | None) -> bool:
        """Whether it existed on some day of a date; without a date nothing speaks against it."""
        if day is None:
            return self.kind is not PartyKind.HISTORIC_STATE
        when = dates.parse(day)
        first = None if self.since is None else dates.parse(self.since).earliest
        last = None if self.until is None else dates.parse(self.until).latest
        return when.overlaps(first, last)


@dataclass(frozen=True, slots=True)
class Found:
    """The party, and what about it an editor should look at."""

    party: Country
    unknown: bool = False
    under_sovereign: bool = False


@dataclass(frozen=True, slots=True)
class Countries:
    parties: Mapping[str, Country]
    ids: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, tuple[str, ...]]

    def on(self, country_id: str, label: str, day: str | None) -> Found:
        """The party that a country was, or was a part of, on a day (the first of a span)."""
        codes = self.labels.get(fold(label)) or self.ids.get(country_id)
        if codes is None:
            return Found(own_party(country_id, label), unknown=True)
        for code in codes:
            if self.parties[code].existed_on(day):
                return Found(self.parties[code])
        party, under = self.parties[codes[-1]], False
        while day is not None and not party.existed_on(day) and party.under is not None:
            party, under = self.parties[party.under], True
        return Found(party, under_sovereign=under)

    def label(self, country_id: str, day: str | None) -> str:
        """A name for a country of which nothing but the id is stated."""
        found = self.on(country_id, "", day)
        return found.party.name if not found.under_sovereign else named(country_id)

    def with_successors(self, codes: Iterable[str]) -> Iterator[Country]:
        """Parties with those that came after them, each once."""
        waiting, seen = list(codes), set()
        for code in waiting:
            if code not in seen and code in self.parties:
                seen.add(code)
                waiting += self.parties[code].successors
                yield self.parties[code]


def own_party(country_id: str, label: str) -> Country:
    """A party for an id that nobody here knows; its kind is the one that claims least."""
    letters = re.sub(r"[^A-Z0-9]", "", fold(country_id).upper()) or "UNKNOWN"
    while len(letters) < SHORTEST_OWN_CODE or letters[0].isdigit():
        letters = f"X{letters}"
    return Country(
        letters[:LONGEST_CODE], label or named(country_id) or "Unknown", PartyKind.TERRITORY
    )


def named(country_id: str) -> str:
    """`hanseatic-republics` as Hanseatic Republics."""
    return " ".join(part.capitalize() for part in country_id.split("-"))


@cache
def countries() -> Countries:
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    parties = {}
    for section, kind in (("states", PartyKind.STATE), ("territories", PartyKind.TERRITORY)):
        for code, (name, *since_and_under) in given[section].items():
            since, under = (*map(str, since_and_under), None, None)[:2]
            parties[code] = Country(code, name, kind, since, under=under)
    for code, each in given["historic"].items():
        parties[code] = Country(
            code,
            each["name"],
            PartyKind.HISTORIC_STATE,
            text_of(each.get("from")),
            text_of(each.get("until")),
            each.get("under"),
            tuple(each.get("successors", ())),
        )
    ids = {
        re.sub(r"[^a-z0-9]+", "-", fold(each.name).replace("'", "")): (code,)
        for code, each in parties.items()
    }
    ids |= {key: codes_of(value) for key, value in given["ids"].items()}
    labels = {fold(key): codes_of(value) for key, value in given["labels"].items()}
    return Countries(parties, ids, labels)


def text_of(value: object) -> str | None:
    return None if value is None else str(value)


def codes_of(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
