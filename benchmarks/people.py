"""Who is in the made-up record, and what it is about: parties, topics, sources, officials.

A few parties, officials, cities and topics are in a great deal of it, and most in little.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.importers.parts import derived_id
from benchmarks.wording import rare_word, sentence, weights

SEED = 20230619
ROOT_ID = "00000000-0000-7000-8000-000000000000"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COMMON_PARTIES = 8
MOST_PARTIES = 250
MOST_OFFICIALS = 20_000
CITIES = ("Avon", "Brack", "Cors", "Doun", "Elm", "Ferrow")
"""The cities in which most takes place."""
CITIES_IN_ALL = 700
CITY_WEIGHTS = weights(CITIES_IN_ALL)
FIRST_DAY = date(1950, 1, 1)
DAYS = 27_000
TOPICS = (
    *("trade", "borders", "security", "climate", "energy", "culture"),
    *(f"matter-{number}" for number in range(54)),
)
TOPIC_WEIGHTS = weights(len(TOPICS))
LEVELS = (
    *("head_of_state", "head_of_government", "deputy_head", "foreign_minister", "minister"),
    *("deputy_minister", "party_leader", "ambassador", "envoy", "spokesperson"),
)
SOURCE_KINDS = ("readout", "press_conference", "transcript", "wire", "press", "official_record")
SURNAME_SIGNS = "王李张刘陈杨黄赵吴周徐孙马朱胡林"
Given = dict[str, Any]
Members = list[list[int]]
"""The numbers of each party's officials."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of what goes with a number of meetings."""

    parties: int
    officials: int
    sources: int

    @classmethod
    def of(cls, meetings: int) -> "Size":
        return cls(
            parties=max(COMMON_PARTIES, min(MOST_PARTIES, meetings // 20)),
            officials=max(20, min(MOST_OFFICIALS, meetings // 5)),
            sources=max(10, min(2_000, meetings // 50)),
        )


def chance_of(name: str, number: int) -> random.Random:
    """The same numbers for the same thing, whatever was made before it."""
    return random.Random(f"{SEED} {name} {number}")


def id_of(name: str, number: int) -> str:
    """A UUIDv7 of the millisecond in which a clerk, at one record a millisecond, wrote it down."""
    instant = f"{1_600_000_000_000 + number:012x}"
    return derived_id(f"{instant[:8]}-{instant[8:]}", name, number)


def few(size: int, chance: random.Random, power: float = 2.0) -> int:
    """A number below a size, the low ones most often."""
    return int(size * chance.random() ** power)


def code(number: int) -> str:
    return LETTERS[number // 26] + LETTERS[number % 26]


CODES = tuple(code(number) for number in range(COMMON_PARTIES))
"""The parties that most takes place between."""


def party_of(official: int, size: Size) -> int:
    """The party of an official; the first parties have the most."""
    spread = (official * 0.6180339887498949) % 1.0
    return int(size.parties * spread**2)


def members(size: Size) -> Members:
    found: Members = [[] for _ in range(size.parties)]
    for official in range(size.officials):
        found[party_of(official, size)].append(official)
    return found


def city(chance: random.Random) -> tuple[int, str]:
    """A city's number and name."""
    number = bisect(CITY_WEIGHTS, chance.random() * CITY_WEIGHTS[-1])
    return number, CITIES[number] if number < len(CITIES) else rare_word(number).capitalize()


def topics(chance: random.Random, most: int) -> list[str]:
    found = chance.choices(TOPICS, cum_weights=TOPIC_WEIGHTS, k=chance.randint(0, most))
    return list(dict.fromkeys(found))


def party(code: str) -> Given:
    return {
        "id": derived_id(ROOT_ID, code),
        "code": code,
        "kind": "state",
        "name": f"State {code}",
        "names": [{"name": f"The Republic of {code}", "kind": "formal", "language": "en"}],
    }


def topic(number: int) -> Given:
    above = {} if number < len(CITIES) else {"parent": TOPICS[number % len(CITIES)]}
    label = TOPICS[number].replace("-", " ").capitalize()
    return {"id": id_of("topic", number), "code": TOPICS[number], "label": label, **above}


def source_slug(number: int) -> str:
    return "gazette" if number == 0 else f"source-{number}"


def source(number: int, size: Size) -> Given:
    chance = chance_of("source", number)
    sides = ("third_party", "press", code(few(size.parties, chance)))
    return {
        "id": id_of("source", number),
        "slug": source_slug(number),
        "title": sentence(chance, chance.randint(4, 9)),
        "kind": chance.choice(SOURCE_KINDS),
        "publisher": f"The {rare_word(few(80, chance))} press",
        "perspective": chance.choice(sides),
        "date": (FIRST_DAY + timedelta(days=chance.randrange(DAYS))).isoformat(),
        "url": f"https://archive.example/{number}",
        "language": "en",
    }


def official_name(number: int) -> str:
    return f"{rare_word(number % 997).capitalize()} Person {number:06d}"


def official(number: int) -> Given:
    name = official_name(number)
    names = [{"name": name, "kind": "display", "language": "en"}]
    if number % 3 == 0:
        former = f"{rare_word(number).capitalize()} {rare_word(number % 97)}"
        names.append({"name": former, "kind": "former", "language": "en"})
    if number % 8 == 0:
        signs = chr(0x4E00 + number * 13 % 5_000) + chr(0x4E00 + number * 17 % 5_000)
        native = SURNAME_SIGNS[number % len(SURNAME_SIGNS)] + signs
        names.append({"name": native, "kind": "native", "language": "zh", "script": "Hans"})
    return {
        "id": derived_id(ROOT_ID, "official", number),
        "slug": f"person-{number}",
        "name": name,
        "names": names,
        "identifiers": {"wikidata": f"Q{1_000_000 + number}"},
    }


def positions(number: int, size: Size) -> Iterator[Given]:
    """One office after another; the last goes on, or nobody knows."""
    chance = chance_of("position", number)
    year = 1950 + chance.randrange(40)
    held = chance.randint(1, 3)
    for term in range(held):
        until = year + chance.randint(2, 25)
        level = LEVELS[few(len(LEVELS), chance, 0.7)]
        yield {
            "id": derived_id(ROOT_ID, "position", number, term),
            "official": f"person-{number}",
            "title": level.replace("_", " ").capitalize(),
            "party": code(party_of(number, size)),
            "level": level,
            "start": f"{year}",
            **(
                {"end": f"{until}", "end_status": "ended"}
                if term < held - 1
                else {"end_status": "unknown", "attested_until": f"{min(until, 2025)}-01-01"}
            ),
            "citations": [source_slug(few(size.sources, chance))],
        }
        year = until
