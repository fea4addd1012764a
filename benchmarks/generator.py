"""A made-up record of any size, the same on every run: officials, positions, meetings, sources."""

import random
from datetime import date, timedelta
from hashlib import sha256

from app.importers.batches import Batch, Origin, Sourced
from app.importers.neutral import (
    Meeting,
    NeutralRecord,
    Official,
    Party,
    Position,
    Source,
)
from app.importers.parts import derived_id

SEED = 20230619
CODES = ("AA", "AB", "AC", "AD", "AE", "AF", "AG", "AH")
CITIES = ("Avon", "Brack", "Cors", "Doun", "Elm", "Ferrow")
TITLES = ("Talks on trade", "Talks on borders", "Courtesy call", "Working dinner")
FORMATS = ("bilateral", "expanded", "courtesy_call", "working_meal", "phone_call")
FIRST_DAY = date(1950, 1, 1)
ROOT_ID = "00000000-0000-7000-8000-000000000000"


def batch(meetings: int) -> Batch:
    """A batch with that many meetings of three to five participants each."""
    chance = random.Random(SEED)
    records: list[NeutralRecord] = [party(code) for code in CODES]
    records.append(source())
    officials = max(20, meetings // 50)
    for number in range(officials):
        records += [official(number), position(number)]
    records += [meeting(number, officials, chance) for number in range(meetings)]
    return batch_of(records)


def batch_of(records: list[NeutralRecord]) -> Batch:
    content = sha256(f"{SEED} {len(records)}".encode()).hexdigest()
    origins = (Origin("generated", f"records[{number}]", {}) for number in range(len(records)))
    sourced = tuple(
        Sourced(record, origin)  # type: ignore[arg-type]
        for record, origin in zip(records, origins, strict=True)
    )
    return Batch(records=sourced, content_hash=content)


def party(code: str) -> Party:
    return Party.model_validate(
        {
            "id": derived_id(ROOT_ID, code),
            "code": code,
            "kind": "state",
            "name": f"State {code}",
        }
    )


def source() -> Source:
    return Source.model_validate(
        {
            "id": derived_id(ROOT_ID, "source"),
            "slug": "gazette",
            "title": "The gazette",
            "kind": "official_record",
            "publisher": "The printers",
            "perspective": "third_party",
        }
    )


def official(number: int) -> Official:
    return Official.model_validate(
        {
            "id": derived_id(ROOT_ID, "official", number),
            "slug": f"person-{number}",
            "name": f"Person {number:06d}",
            "names": [{"name": f"Person {number:06d}", "kind": "display", "language": "en"}],
        }
    )


def position(number: int) -> Position:
    return Position.model_validate(
        {
            "id": derived_id(ROOT_ID, "position", number),
            "official": f"person-{number}",
            "title": "Foreign Minister",
            "party": CODES[number % len(CODES)],
            "level": "foreign_minister",
            "start": "1950",
            "end_status": "unknown",
            "attested_until": "2030-01-01",
        }
    )


def meeting(number: int, officials: int, chance: random.Random) -> Meeting:
    day = FIRST_DAY + timedelta(days=chance.randrange(27_000))
    people = chance.sample(range(officials), chance.randint(3, 5))
    return Meeting.model_validate(
        {
            "id": derived_id(ROOT_ID, "meeting", number),
            "slug": f"meeting-{number}",
            "title": chance.choice(TITLES),
            "format": chance.choice(FORMATS),
            "status": "held",
            "date": day.isoformat(),
            "place": {"city": chance.choice(CITIES), "country": chance.choice(CODES)},
            "participants": [
                {
                    "official": f"person-{person}",
                    "name_as_given": f"Person {person:06d}",
                    "title_as_given": "Minister",
                    "party": CODES[person % len(CODES)],
                    "role": "principal",
                }
                for person in people
            ],
            "citations": ["gazette"],
        }
    )
