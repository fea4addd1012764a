"""What happens in the made-up record: visits, meetings, what is said there and what is promised.

A meeting is told from its number: who was there, and when. What hangs on it asks again and is
told the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.people import (
    DAYS,
    FIRST_DAY,
    Given,
    Members,
    Size,
    chance_of,
    city,
    code,
    few,
    id_of,
    official_name,
    party_of,
    source_slug,
    topics,
)
from benchmarks.wording import chinese_sentence, sentence

MEETINGS_A_VISIT = 10
MEETINGS_ON_VISIT = 3
MEETINGS_A_COMMITMENT = 5
STATEMENTS = 3
FORMATS = ("bilateral", "expanded", "courtesy_call", "working_meal", "phone_call", "restricted")
STATUSES = ("held",) * 30 + ("cancelled", "reported_unconfirmed", "postponed")
ACTS = ("state_position", "agree", "promise", "request", "criticise", "warn", "inform")
WORDINGS = ("verbatim", "translated", "paraphrase", "reported")
AFTER = ("reaffirmed", "clarified", "invoked_by_other", "progressed", "weakened", "denied")
KINDS = ("action", "restraint", "principle", "process", "aspiration", "position")
VISITS = ("state", "official", "official_working", "working", "goodwill")
PEOPLE_WHO_LEAD = 5.0
"""The power that makes few officials of a party attend most of its meetings."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Who met, and on which day."""

    day: date
    people: list[int]


def gathering(number: int, size: Size, members: Members) -> Gathering:
    """Mostly two sides, of three to five people together."""
    chance = chance_of("gathering", number)
    parties = [few(size.parties, chance) for _ in range(chance.choice((2, 2, 2, 2, 3, 4)))]
    found: list[int] = []
    for place in range(chance.randint(3, 5)):
        inside = members[parties[place % len(parties)]] or range(size.officials)
        person = inside[few(len(inside), chance, PEOPLE_WHO_LEAD)]
        while person in found:
            person = (person + 1) % size.officials
        found.append(person)
    first = number - number % MEETINGS_A_VISIT
    if number - first < MEETINGS_ON_VISIT:  # on a visit, within the days of it
        chance = chance_of("journey", first)
        return Gathering(FIRST_DAY + timedelta(days=chance.randrange(DAYS) + number - first), found)
    return Gathering(FIRST_DAY + timedelta(days=chance.randrange(DAYS)), found)


def when(number: int, day: date) -> str | None:
    """Nearly always a day; now and then less, or more than one."""
    later = day + timedelta(days=1 + number % 9)
    rare = {
        7: f"{day:%Y-%m}",
        17: f"{day:%Y}",
        27: f"{day.isoformat()}?",
        37: f"{day:%Y-%m}~",
        47: f"{day.isoformat()}/{later.isoformat()}",
        57: f"{day.isoformat()}/{later.isoformat()}",
        67: f"{day:%Y}/{day.year + 3}",
        77: f"{day.year // 10}X",
        87: f"{day:%Y}/..",
        97: None,
    }
    return rare.get(number % 500, day.isoformat())


def visit_slug(number: int) -> str:
    return f"visit-{number}"


def title(what: str, who: list[int], size: Size) -> str:
    sides = dict.fromkeys(code(party_of(person, size)) for person in who)
    return f"{what} {'between' if len(sides) > 1 else 'inside'} {' and '.join(sides)}"


def visit(number: int, size: Size, members: Members) -> Given:
    """The journey of whoever came to the first of its meetings."""
    chance = chance_of("visit", number)
    met = gathering(number, size, members)
    sides = list(dict.fromkeys(code(party_of(person, size)) for person in met.people))
    last = met.day + timedelta(days=MEETINGS_ON_VISIT - 1)
    place, name = city(chance)
    span = f"{met.day.isoformat()}/{last.isoformat()}"
    return {
        "id": id_of("visit", number),
        "slug": visit_slug(number),
        "title": f"Visit of {official_name(met.people[0])}",
        "summary": sentence(chance, chance.randint(10, 25)),
        "kind": chance.choice(VISITS),
        "status": "held",
        "date": span,
        "visitor_parties": sides[:1],
        "host_parties": sides[1:],
        "travellers": [person(each, size, "visitor") for each in met.people[:2]],
        "stops": [
            {"place": {"city": name, "country": code(place % size.parties)}, "date": span},
        ],
        "citations": [source_slug(few(size.sources, chance))],
    }


def person(number: int, size: Size, role: str) -> Given:
    return {
        "official": f"person-{number}",
        "name_as_given": official_name(number),
        "title_as_given": "Minister",
        "party": code(party_of(number, size)),
        "role": role,
    }


def meeting(number: int, size: Size, members: Members) -> Given:
    chance = chance_of("meeting", number)
    met = gathering(number, size, members)
    place, name = city(chance)
    on_visit = number % MEETINGS_A_VISIT
    hanging: Given = {}
    if on_visit < MEETINGS_ON_VISIT:
        hanging = {"visit": visit_slug(number - on_visit), "sequence": on_visit + 1}
    elif number % 50 == 9:
        hanging = {"part_of": f"meeting-{number - 1}"}
    sources = {few(size.sources, chance) for _ in range(chance.randint(1, 3))}
    roles = ("principal", "principal", "delegate", "accompanying", "interpreter")
    return {
        "id": id_of("meeting", number),
        "slug": f"meeting-{number}",
        "title": title(chance.choice(("Talks", "Dinner", "Call")), met.people, size),
        "summary": sentence(chance, chance.randint(8, 30)),
        "format": chance.choice(FORMATS),
        "status": chance.choice(STATUSES),
        "date": when(number, met.day),
        "place": {"city": name, "country": code(place % size.parties)},
        "topics": topics(chance, 3),
        "participants": [
            person(each, size, role) for each, role in zip(met.people, roles, strict=False)
        ],
        "citations": [source_slug(each) for each in sorted(sources)],
        "claims": durations(size) if number % 40 == 3 else [],
        **hanging,
    }


def durations(size: Size) -> list[Given]:
    """Two sources that give a meeting different lengths."""
    return [
        {
            "source": source_slug(each % size.sources),
            "field": "duration_minutes",
            "value": 30 + 15 * each,
            "qualifier": "about",
            "quote": f"some {30 + 15 * each} minutes",
        }
        for each in (1, 2)
    ]


def statements(number: int, size: Size, members: Members) -> Iterator[Given]:
    """What was said at a meeting."""
    chance = chance_of("statements", number)
    met = gathering(number, size, members)
    on_visit = number % MEETINGS_A_VISIT
    hanging = {"visit": visit_slug(number - on_visit)} if on_visit < MEETINGS_ON_VISIT else {}
    for place in range(STATEMENTS):
        speaker = met.people[place % len(met.people)]
        chinese = chance.random() < 0.05
        length = chance.randint(12, 45)
        text = chinese_sentence(chance, length) if chinese else sentence(chance, length)
        said: Given = {
            "id": id_of("statement", number * STATEMENTS + place),
            "speaker": {"official": f"person-{speaker}", "party": code(party_of(speaker, size))},
            "text": text,
            "language": "zh" if chinese else "en",
            "wording": chance.choice(WORDINGS),
            "speech_act": chance.choice(ACTS),
            "date": when(number, met.day),
            "meeting": f"meeting-{number}",
            "topics": topics(chance, 2),
            "citations": [source_slug(few(size.sources, chance))],
            **hanging,
        }
        if place == 1:
            heard = met.people[0]
            said["addressees"] = [{"official": f"person-{heard}"}]
        yield said


def commitment(number: int, size: Size, members: Members) -> Given:
    """What somebody promised at a meeting, and what became of it."""
    chance = chance_of("commitment", number)
    met = gathering(number, size, members)
    sides = list(dict.fromkeys(code(party_of(person, size)) for person in met.people))
    evidence = [source_slug(few(size.sources, chance))]
    events: list[Given] = [
        {
            "event": "made",
            "date": met.day.isoformat(),
            "meeting": f"meeting-{number}",
            "actor": {"party": sides[0], "official": f"person-{met.people[0]}"},
            "citations": evidence,
        }
    ]
    day = met.day
    for _ in range(chance.randint(0, 3)):
        day += timedelta(days=chance.randint(30, 900))
        event = {"event": chance.choice(AFTER), "date": day.isoformat(), "citations": evidence}
        events.append({**event, "note": sentence(chance, 8)})
    if chance.random() < 0.2:
        day += timedelta(days=chance.randint(30, 900))
        events.append({"event": "fulfilled", "date": day.isoformat(), "citations": evidence})
    return {
        "id": id_of("commitment", number),
        "slug": f"commitment-{number}",
        "title": sentence(chance, 6),
        "text": sentence(chance, chance.randint(12, 40)),
        "kind": chance.choice(KINDS),
        "by": [{"party": sides[0], "official": f"person-{met.people[0]}"}],
        "to": sides[1:2],
        "topics": topics(chance, 2),
        "date": met.day.isoformat(),
        "events": events,
        "citations": evidence,
    }
