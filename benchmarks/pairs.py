"""Two parties with a long history, and what a page of it costs at its start and at its end.

The meetings go straight into the tables, with what is derived from them but without documents:
timelines and counterparts are read from the tables alone.
"""

import random
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from app.importers.loader import load_batch
from app.importers.parts import derived_id
from app.models import Encounter, Meeting, Participation, TimelineEntry, Visit
from app.record import encounters
from app.record.recorder import Change
from app.vocabulary import EventStatus, MeetingFormat, ParticipantRole, TimelineKind
from benchmarks.asking import Client, in_turn
from benchmarks.generator import CODES, ROOT_ID, SEED, batch_of, official, party

ONE, OTHER = CODES[:2]
PARTY_IDS = [derived_id(ROOT_ID, code) for code in (ONE, OTHER)]
COUNTERPARTS = 300
OFFICIAL = "person-0"
"""Who is at every meeting, with one of the others."""
PEOPLE = [derived_id(ROOT_ID, "official", number) for number in range(COUNTERPARTS + 1)]
FIRST_DAY, DAYS = date(1950, 1, 1), 27_000
AT_ONCE = 5_000
ROUNDS = 40
FIRST_PAGE = "relations: page 1"
LATE = "2000-06"
MADE = {"dataset": "pairs", "created_at": datetime.now(UTC), "updated_at": datetime.now(UTC)}


def fill(engine: Engine, meetings: int) -> None:
    """Two parties, an official of the one and many of the other, and that many meetings."""
    people = [official(number) for number in range(COUNTERPARTS + 1)]
    made = batch_of([party(ONE), party(OTHER), *people])
    load_batch(engine, made, dataset="pairs", change=Change(actor="benchmark"))
    chance = random.Random(SEED)
    ids = [str(each.id) for each in people]
    for start in range(0, meetings, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, meetings))
        with engine.begin() as connection:
            put(connection, [meeting(number, ids, chance) for number in numbers])
            put(connection, [visit(number, chance) for number in numbers if number % 100 == 0])
    if engine.dialect.name == "postgresql":  # as its own servant does after a while
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def when(number: int, chance: random.Random) -> str | None:
    """Nearly always a day; now and then a month, a year, several years, an open end, nothing."""
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    rare = {
        1: f"{day:%Y-%m}",
        2: f"{day:%Y}",
        3: f"{day:%Y}/{day.year + 3}",
        4: f"{day:%Y}/..",
        5: f"../{day:%Y}",
        6: None,
    }
    return rare.get(number % 1_000, day.isoformat())


def meeting(number: int, people: list[str], chance: random.Random) -> Meeting:
    row = Meeting(
        id=derived_id(ROOT_ID, "meeting", number),
        slug=f"meeting-{number}",
        title=f"Talks {number}",
        sort_title=f"talks {number}",
        format=MeetingFormat.BILATERAL,
        status=EventStatus.HELD,
        **MADE,
    )
    row.date = when(number, chance)
    row.participations = [
        Participation(
            id=derived_id(row.id, side),
            meeting_id=row.id,
            official_id=people[side and chance.randint(1, COUNTERPARTS)],
            party_id=party_id,
            name_as_given="Somebody",
            role=ParticipantRole.PRINCIPAL,
            ordinal=side,
        )
        for side, party_id in enumerate(PARTY_IDS)
    ]
    return row


def visit(number: int, chance: random.Random) -> Visit:
    row = Visit(
        id=derived_id(ROOT_ID, "visit", number),
        slug=f"visit-{number}",
        title=f"Journey {number}",
        status=EventStatus.HELD,
        **MADE,
    )
    row.date = when(number, chance)
    return row


def put(connection: Connection, rows: list[Any]) -> None:
    """Insert new meetings or visits and what is derived from them."""
    if not rows:
        return
    insert_all(connection, rows)
    if isinstance(rows[0], Meeting):
        insert_all(connection, [each for row in rows for each in row.participations])
        met = [each for row in rows for each in encounters.encounters(row)]
        connection.execute(insert(Encounter), met)
        found = [each for row in rows for each in encounters.entries_of_meeting(row)]
    else:
        between = encounters.pairs(*([party_id] for party_id in PARTY_IDS))
        found = [
            each
            for row in rows
            for each in encounters.entries(TimelineKind.VISIT, row, row.id, row, between)
        ]
    connection.execute(insert(TimelineEntry), found)


def insert_all(connection: Connection, rows: list[Any]) -> None:
    columns = [column.name for column in rows[0].__table__.columns]
    filled = [name for name in columns if any(getattr(row, name) is not None for row in rows)]
    connection.execute(
        insert(type(rows[0])), [{name: getattr(row, name) for name in filled} for row in rows]
    )


def pages(client: Client, path: str) -> Iterator[str]:
    """The addresses of all pages of a list."""
    at = path
    while True:
        yield at
        cursor = client.read(at)["next_cursor"]
        if cursor is None:
            return
        at = f"{path}&cursor={cursor}"


def measure(port: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of each kind of page, as medians of rounds in which all take turns."""
    client = Client(port)
    whole = f"/v1/relations/{ONE}/{OTHER}?limit=20"
    found = list(pages(client, whole))
    counterparts = f"/v1/officials/{OFFICIAL}/counterparts?limit=20"
    paths = {
        "one party (the lane)": f"/v1/parties/{ONE}",
        FIRST_PAGE: found[0],
        f"relations: page {min(1_000, len(found) - 1):,}": found[min(1_000, len(found) - 1) - 1],
        f"relations: page {len(found):,}, the last": found[-1],
        "relations: newest first": f"{whole}&sort=-date",
        "relations: 200 items": f"/v1/relations/{ONE}/{OTHER}?limit=200",
        "relations: visits": f"{whole}&type=visit",
        f"relations: from {LATE}": f"{whole}&date_from={LATE}",
        f"relations: in {LATE}": f"{whole}&date_from={LATE}&date_to={LATE}",
        f"relations: until {LATE}, newest first": f"{whole}&date_to={LATE}&sort=-date",
        "relations: counted": f"{whole}&count=exact",
        "counterparts": counterparts,
        "counterparts: by last": f"{counterparts}&sort=-last",
        f"counterparts: in {LATE}": f"{counterparts}&date_from={LATE}&date_to={LATE}",
        "counterparts: of a party": f"{counterparts}&party={OTHER}",
    }
    taken = in_turn(client, paths, rounds)
    return {name: statistics.median(figures) for name, figures in taken.items()}
