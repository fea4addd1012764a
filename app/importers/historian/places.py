"""Localities as stated, split where that is safe, and what old spellings are called today.

No fuzzy matching: Kingston is not Kingstown. A spelling is that of a known place only where it is
listed for the country.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.folding import fold
from app.importers.neutral import Place

TOP_LEVEL = re.compile(r"[,;](?![^(]*\))")
IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
PART_OF_NAME = frozenset({"d.f.", "d. f.", "d.c.", "jr.", "n.w.t.", "b.c.", "p.q.", "n.s."})
"""What after a comma belongs to the name before it: a district or a province, abbreviated."""

FORMER_NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Almaty": (("Alma-Ata", "Alma Ata"), ("KZ", "SUHH")),
    "Ankara": (("Angora",), ("TR", "OTTOMANEMPIRE")),
    "Antananarivo": (("Tananarive",), ("MG", "FR")),
    "Banjul": (("Bathurst",), ("GM", "GB")),
    "Beijing": (("Peking", "Peiping"), ("CN",)),
    "Bishkek": (("Frunze",), ("KG", "SUHH")),
    "Chennai": (("Madras",), ("IN", "GB")),
    "Chisinau": (("Kishinev",), ("MD", "SUHH")),
    "Chongqing": (("Chungking",), ("CN",)),
    "Dhaka": (("Dacca",), ("BD", "PK", "GB")),
    "Gdansk": (("Danzig",), ("PL", "DE")),
    "Guangzhou": (("Canton",), ("CN",)),
    "Hangzhou": (("Hangchow",), ("CN",)),
    "Harare": (("Salisbury",), ("ZW", "RHZW")),
    "Ho Chi Minh City": (("Saigon",), ("VN", "SVIETNAM", "FR")),
    "Istanbul": (("Constantinople",), ("TR", "OTTOMANEMPIRE")),
    "Jakarta": (("Djakarta", "Batavia"), ("ID", "NL")),
    "Jeddah": (("Jidda", "Jiddah"), ("SA",)),
    "Kinshasa": (("Leopoldville",), ("CD", "ZRCD", "BE")),
    "Kolkata": (("Calcutta",), ("IN", "GB")),
    "Kyiv": (("Kiev",), ("UA", "SUHH", "RU")),
    "Maputo": (("Lourenco Marques",), ("MZ", "PT")),
    "Mexico City": (("Mexico, D.F.", "Mexico, D. F."), ("MX",)),
    "Mumbai": (("Bombay",), ("IN", "GB")),
    "Nanjing": (("Nanking",), ("CN",)),
    "N'Djamena": (("Fort Lamy", "Fort-Lamy"), ("TD", "FR")),
    "Oslo": (("Christiania", "Kristiania"), ("NO",)),
    "Saint Petersburg": (("Leningrad", "Petrograd", "St. Petersburg"), ("RU", "SUHH")),
    "Santo Domingo": (("Ciudad Trujillo",), ("DO",)),
    "Suzhou": (("Soochow",), ("CN",)),
    "Tbilisi": (("Tiflis",), ("GE", "SUHH")),
    "Tehran": (("Teheran",), ("IR",)),
    "Volgograd": (("Stalingrad",), ("RU", "SUHH")),
    "Yangon": (("Rangoon",), ("MM", "BUMM", "GB")),
}
"""The English name of today, the spellings of before, and the parties in which it is that place."""

CURRENT = {
    (code, fold(spelling)): name
    for name, (spellings, codes) in FORMER_NAMES.items()
    for spelling in spellings
    for code in codes
}


@dataclass(frozen=True, slots=True)
class Locality:
    """A place as stated, and under the name by which it is found."""

    name: str
    as_given: str

    @property
    def old_name(self) -> str | None:
        """How it is stated, where that is not the name by which it is found."""
        return self.as_given if self.as_given != self.name else None


def split(locale: str) -> tuple[str, ...]:
    """`Shanghai, Beijing` are two places, `Mexico, D.F.` is one; brackets are never cut."""
    found: list[str] = []
    for part in map(str.strip, TOP_LEVEL.split(locale)):
        if found and fold(part) in PART_OF_NAME:
            found[-1] += f", {part}"
        elif part:
            found.append(part)
    return tuple(found)


def localities(locale: str, party_code: str) -> tuple[Locality, ...]:
    """The places that a locale names, in order."""
    return tuple(Locality(name_of(part, party_code), part) for part in split(locale))


def name_of(place: str, party_code: str) -> str:
    bare = IN_BRACKETS.sub("", place) or place
    return CURRENT.get((party_code, fold(bare)), bare)


@lru_cache(maxsize=4096)
def place_of(found: tuple[Locality, ...], stated: str, party: str) -> Place:
    """One locality with its old spelling; of several what is stated, and none of them chosen.

    The same place is the same object, of which nothing is ever changed.
    """
    if len(found) != 1:
        return Place(name=stated or None, country=party)
    return Place(name=found[0].old_name, city=found[0].name, country=party)
