"""A made-up record of a million meetings, put straight into the tables.

For what lists cost, and nothing else: documents are mere stubs, and there is no log, no search
text and, but for a few officials, nothing derived. What there is is spread as unevenly as in life:
few officials, parties, countries and topics have most of it, and most have hardly any.

    python -m benchmarks.spread URL [MEETINGS]
"""

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine, inspect, text

from app.database.engines import make_engine
from app.database.migrations import migrate
from app.dates import parse
from app.models.base import FIRST_DAY, LAST_DAY
from app.record.listing import LISTED
from app.vocabulary import (
    CommitmentEventKind,
    CommitmentKind,
    EventStatus,
    MeetingFormat,
    PositionLevel,
    SourceKind,
    SpeechAct,
    Term,
    Verdict,
    VisitKind,
    Wording,
)

SEED = 20230619
MEETINGS = 1_000_000
PARTIES, TOPICS, CITIES = 200, 60, 2_000
AT_ONCE = 10_000
BEGINNING, DAYS = date(1950, 1, 1), 27_000
MADE = datetime(2020, 1, 1)  # noqa: DTZ001 - as the databases read it
FILLER = b"x" * 120
STUB = b'{"id":"%b","start":null,"end":null,"attested_until":null,"end_status":"","x":"%b"}'
RARER = 20
"""There is a visit and a commitment for so many meetings."""
MET_BY = 50
"""So many of the busiest officials have their encounters."""

SQLITE_SETTINGS = (
    "PRAGMA foreign_keys = OFF",
    "PRAGMA ignore_check_constraints = ON",
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -2000000",
)
POSTGRES_SETTINGS = ("SET session_replication_role = replica", "SET maintenance_work_mem = '1GB'")

LANGUAGES = ("en", "zh", "fr", "ru", "ar", "es", "de", "mn")
KINDS = ("party", "topic", "official", "position", "source", "visit", "meeting", "statement")
PREFIXES = {
    kind: f"{number:08x}-0000-7000-8000-"
    for number, kind in enumerate((*KINDS, "commitment", "part"))
}


Rows = list[tuple[Any, ...]]
COLUMNS: dict[str, str] = {
    "parties": "id rev dataset created_at updated_at seq code kind name sort_name",
    "topics": "id rev dataset created_at updated_at seq code label",
    "officials": "id rev dataset created_at updated_at seq slug name sort_name",
    "positions": "id rev dataset created_at updated_at seq official_id title title_folded party_id "
    "level start_edtf start_earliest start_latest start_ascends start_descends end_edtf "
    "end_earliest end_latest end_status acting",
    "sources": "id rev dataset created_at updated_at seq date_edtf date_earliest date_latest "
    "date_ascends date_descends slug title kind publisher publisher_folded perspective "
    "perspective_party_id language",
    "visits": "id rev dataset created_at updated_at seq date_edtf date_earliest date_latest "
    "date_ascends date_descends slug title kind status",
    "visit_parties": "id ordinal visit_id party_id side",
    "visit_travellers": "id ordinal visit_id official_id party_id name_as_given role",
    "visit_stops": "id ordinal visit_id place_name place_folded city city_folded country_id",
    "meetings": "id rev dataset created_at updated_at seq date_edtf date_earliest date_latest "
    "date_ascends date_descends slug title sort_title format status city city_folded country_id "
    "visit_id sequence has_conflicts",
    "participations": "id ordinal meeting_id official_id party_id name_as_given role",
    "meeting_topics": "meeting_id topic_id ordinal",
    "statements": "id rev dataset created_at updated_at seq date_edtf date_earliest date_latest "
    "date_ascends date_descends speaker_id party_id text language wording speech_act meeting_id",
    "statement_addressees": "id ordinal statement_id official_id party_id",
    "statement_co_speakers": "id ordinal statement_id official_id party_id",
    "statement_topics": "statement_id topic_id ordinal",
    "commitments": "id rev dataset created_at updated_at seq date_edtf date_earliest date_latest "
    "date_ascends date_descends slug title text kind latest_event",
    "commitment_actors": "id ordinal commitment_id side party_id official_id",
    "commitment_topics": "commitment_id topic_id ordinal",
    "commitment_events": "id ordinal date_edtf date_earliest date_latest date_ascends "
    "date_descends commitment_id event meeting_id actor_party_id in_retrospect",
    "assessments": "id ordinal date_edtf date_earliest date_latest date_ascends date_descends "
    "commitment_id assessor assessor_folded verdict",
    "citations": "id ordinal source_id visit_id meeting_id statement_id commitment_id "
    "commitment_event_id",
    "encounters": "official_id counterpart_id meeting_id date_ascends date_descends",
    "documents": "seq body",
}


def record_id(kind: str, number: int) -> str:
    """Ids in the order of their making; days lie at random to them."""
    return f"{PREFIXES[kind]}{number:012x}"


def few(chance: random.Random, number: int, unevenness: float = 3) -> int:
    """A number below another; the small ones come most often."""
    return int(number * chance.random() ** unevenness)


def party_of(official: int) -> int:
    return official * official * 31 % 7919 % (4 if official < 40 else PARTIES)


def code(number: int) -> str:
    return f"Q{number:03}"


class Sizes(NamedTuple):
    """How many there are of what is not counted by the meeting."""

    officials: int
    sources: int


MANY = Sizes(20_000, 50_000)


class Filling:
    """Rows by table, made in portions."""

    def __init__(self, meetings: int, statements: int, neighbours: Sizes = MANY) -> None:
        self.chance = random.Random(SEED)
        self.meetings, self.statements = meetings, statements
        self.officials, self.sources = neighbours
        self.seq = 0
        self.parts = 0
        self.members: dict[type[Term], list[str]] = {}
        self.days: dict[str | None, tuple[Any, ...]] = {
            None: (None, None, None, LAST_DAY.isoformat(), FIRST_DAY.isoformat())
        }
        minutes = (MADE + timedelta(minutes=17 * number) for number in range(100_000))
        self.instants = [each.isoformat(" ", "microseconds") for each in minutes]
        self.rows: dict[str, Rows] = {name: [] for name in COLUMNS}

    def put(self, table: str, *values: Any) -> None:
        self.rows[table].append(values)

    def part(self) -> str:
        self.parts += 1
        return record_id("part", self.parts)

    def one_of(self, vocabulary: type[Term]) -> str:
        found = self.members.get(vocabulary)
        if found is None:
            found = self.members[vocabulary] = [each.value for each in vocabulary]
        return found[few(self.chance, len(found))]

    def record(self, table: str, kind: str, number: int, *values: Any) -> str:
        """A record with its stub of a document."""
        self.seq += 1
        found = record_id(kind, number)
        made = self.instants[few(self.chance, len(self.instants), 0.3)]
        dataset = "rare" if number % 5_000 == 7 else "other" if number % 10 == 3 else "most"
        self.rows[table].append((found, 1, dataset, made, made, self.seq, *values))
        self.put("documents", self.seq, STUB % (found.encode(), FILLER))
        return found

    def day(self, number: int) -> tuple[Any, ...]:
        """The five columns of a date: nearly always a day, sometimes vague, open or unknown."""
        chosen = BEGINNING + timedelta(days=int(DAYS * self.chance.random() ** 0.7))
        vague = {
            1: f"{chosen:%Y-%m}",
            2: f"{chosen:%Y}",
            3: f"{chosen:%Y}/{chosen.year + 3}",
            4: f"{chosen:%Y}/..",
            5: f"../{chosen:%Y}",
            6: None,
            7: f"{chosen}/{chosen + timedelta(days=3)}",
        }
        edtf = vague.get(number % 200, chosen.isoformat())
        return self.columns(edtf)

    def columns(self, edtf: str | None) -> tuple[Any, ...]:
        found = self.days.get(edtf)
        if found is None and edtf is not None:
            span = parse(edtf)
            earliest, latest = span.earliest, span.latest
            ends = (None if each is None else each.isoformat() for each in (earliest, latest))
            first = str(earliest or latest)
            found = self.days[edtf] = (edtf, *ends, first, first)
        return found or ()

    def taken(self) -> Iterator[dict[str, Rows]]:
        yield self.rows
        self.rows = {name: [] for name in COLUMNS}

    def everything(self) -> Iterator[dict[str, Rows]]:
        self.make_neighbours()
        yield from self.taken()
        for start in range(0, self.meetings // RARER, AT_ONCE):
            for number in range(start, min(start + AT_ONCE, self.meetings // RARER)):
                self.visit(number)
            yield from self.taken()
        for start in range(0, self.meetings, AT_ONCE):
            for number in range(start, min(start + AT_ONCE, self.meetings)):
                self.meeting(number)
            yield from self.taken()

    def make_neighbours(self) -> None:
        chance = self.chance
        for number in range(PARTIES):
            name = f"State {number:03}"
            kind = "state" if number % 10 else "international_body"
            self.record("parties", "party", number, code(number), kind, name, name.lower())
        for number in range(TOPICS):
            self.record("topics", "topic", number, f"topic-{number}", f"Topic {number}")
        for number in range(self.officials):
            name = f"Person {number:06}"
            slug = f"person-{number}"
            official = self.record("officials", "official", number, slug, name, name.lower())
            for turn in range(2):
                self.position(number * 2 + turn, official, number)
        for number in range(self.sources):
            perspective = few(chance, PARTIES + 2)
            party = None if perspective in (1, 2) else record_id("party", max(0, perspective - 2))
            side = {1: "press", 2: "third_party"}.get(perspective, code(max(0, perspective - 2)))
            publisher = f"Publisher {few(chance, 3_000)}"
            self.record(
                "sources", "source", number, *self.day(number), f"source-{number}",
                f"Source {number}", self.one_of(SourceKind),
                publisher, publisher.lower(), side, party, LANGUAGES[few(chance, len(LANGUAGES))],
            )  # fmt: skip

    def position(self, number: int, official: str, holder: int) -> None:
        chance = self.chance
        year = 1945 + chance.randrange(75)
        title = f"office {few(chance, 3_000)}"
        ended = chance.random() < 0.7
        end = self.columns(str(year + 4))[:3] if ended else (None, None, None)
        level = self.one_of(PositionLevel)
        self.record(
            "positions", "position", number, official, title.title(), title,
            record_id("party", party_of(holder)), level, *self.columns(str(year)), *end,
            "ended" if ended else "unknown", False,
        )  # fmt: skip

    def place(self) -> tuple[Any, ...]:
        number = few(self.chance, CITIES)
        return f"City {number}", f"city {number}", record_id("party", few(self.chance, PARTIES))

    def visit(self, number: int) -> None:
        chance = self.chance
        visit = self.record(
            "visits", "visit", number, *self.day(number), f"visit-{number}", f"Visit {number}",
            self.one_of(VisitKind),
            "held" if chance.random() < 0.9 else self.one_of(EventStatus),
        )  # fmt: skip
        leader = few(chance, self.officials)
        people = {leader, few(chance, self.officials)}
        sides = {"visitor": party_of(leader), "host": few(chance, PARTIES)}
        for ordinal, (side, party) in enumerate(sides.items()):
            self.put("visit_parties", self.part(), ordinal, visit, record_id("party", party), side)
        for ordinal, person in enumerate(people):
            self.put(
                "visit_travellers", self.part(), ordinal, visit, record_id("official", person),
                record_id("party", party_of(person)), "Somebody", "principal",
            )  # fmt: skip
        for ordinal in range(1 + number % 2):
            hall = f"Hall {few(chance, CITIES)}"
            self.put("visit_stops", self.part(), ordinal, visit, hall, hall.lower(), *self.place())
        self.cite(visit, 0)

    def cite(self, subject: str, place: int) -> None:
        """`place` is where the subject's column stands among those of the kinds."""
        source = record_id("source", few(self.chance, self.sources))
        before, after = (None,) * place, (None,) * (4 - place)
        self.put("citations", self.part(), 0, source, *before, subject, *after)

    def meeting(self, number: int) -> None:
        chance = self.chance
        day = self.day(number)
        in_visit = number % 2 == 0
        title = f"talks {number % 97} {number}"
        meeting = self.record(
            "meetings", "meeting", number, *day, f"meeting-{number}", title.title(), title,
            self.one_of(MeetingFormat),
            "held" if chance.random() < 0.9 else self.one_of(EventStatus),
            *self.place(), record_id("visit", number // RARER) if in_visit else None,
            1 + number % RARER if in_visit else None, number % 100 == 0,
        )  # fmt: skip
        wanted = chance.randint(3, 5)
        people: list[int] = []
        while len(people) < wanted:
            person = few(chance, self.officials)
            if person not in people:
                people.append(person)
        for ordinal, person in enumerate(people):
            self.put(
                "participations", self.part(), ordinal, meeting, record_id("official", person),
                record_id("party", party_of(person)), "Somebody", "principal",
            )  # fmt: skip
        for one, other in permutations(people, 2):
            if one < MET_BY and party_of(one) != party_of(other):
                ids = (record_id("official", each) for each in (one, other))
                self.put("encounters", *ids, meeting, *day[3:])
        topics = {few(chance, TOPICS), few(chance, TOPICS)}
        for ordinal, topic in enumerate(topics):
            self.put("meeting_topics", meeting, record_id("topic", topic), ordinal)
        self.cite(meeting, 1)
        for turn in range(self.statements):
            self.statement(number * self.statements + turn, meeting, day, people, topics)
        if number % RARER == 0:
            self.commitment(number // RARER, meeting, day, people)

    def statement(
        self, number: int, meeting: str, day: Sequence[Any], people: list[int], topics: set[int]
    ) -> None:
        chance = self.chance
        speaker, addressee = chance.sample(people, 2)
        statement = self.record(
            "statements", "statement", number, *day, record_id("official", speaker),
            record_id("party", party_of(speaker)), "Words",
            LANGUAGES[few(chance, len(LANGUAGES))], self.one_of(Wording),
            self.one_of(SpeechAct), meeting,
        )  # fmt: skip
        person, party = record_id("official", addressee), record_id("party", party_of(addressee))
        if number % 3:
            self.put("statement_addressees", self.part(), 0, statement, person, party)
        else:
            self.put("statement_addressees", self.part(), 0, statement, None, party)
        if number % 50 == 0:
            self.put("statement_co_speakers", self.part(), 0, statement, person, party)
        topic = min(topics) if turnable(number) else max(topics)
        self.put("statement_topics", statement, record_id("topic", topic), 0)
        self.cite(statement, 2)

    def commitment(self, number: int, meeting: str, day: Sequence[Any], people: list[int]) -> None:
        chance = self.chance
        latest = self.one_of(CommitmentEventKind)
        commitment = self.record(
            "commitments", "commitment", number, *day, f"commitment-{number}",
            f"Commitment {number}", "Words",
            self.one_of(CommitmentKind), latest,
        )  # fmt: skip
        for ordinal, side in enumerate(("by", "to")):
            person = people[ordinal]
            self.put(
                "commitment_actors", self.part(), ordinal, commitment, side,
                record_id("party", party_of(person)), record_id("official", person),
            )  # fmt: skip
        self.put("commitment_topics", commitment, record_id("topic", few(chance, TOPICS)), 0)
        for ordinal, happened in enumerate(dict.fromkeys(("made", latest))):
            made = self.part()
            when = self.day(number + ordinal) if ordinal else day
            where = meeting if not ordinal else None
            self.put(
                "commitment_events", made, ordinal, *when, commitment, happened, where, None,
                False,
            )  # fmt: skip
            self.cite(made, 4)
        if number % 3 == 0:
            assessor = f"Assessor {few(chance, 200)}"
            verdict = self.one_of(Verdict)
            self.put(
                "assessments", self.part(), 0, *self.day(number), commitment, assessor,
                assessor.lower(), verdict,
            )  # fmt: skip
        self.cite(commitment, 3)


def turnable(number: int) -> bool:
    return number % 4 != 0


def fill(engine: Engine, meetings: int, *, statements: int = 1, neighbours: Sizes = MANY) -> None:
    """Fill a database that has its schema and is empty. Its indexes are made anew at the end."""
    began = time.monotonic()
    engine.dispose()  # what is open would go on reading pages as they were

    def tell(what: str) -> None:
        if meetings >= MEETINGS:
            print(f"{time.monotonic() - began:6.0f} s  {what}", flush=True)

    raw, settings, put = opened(engine)
    for each in settings:
        raw.execute(each)
    dropped = indexes(engine)
    for name in dropped:
        raw.execute(f"DROP INDEX {name}")
    for number, portion in enumerate(Filling(meetings, statements, neighbours).everything()):
        for table, rows in portion.items():
            if rows:
                put(raw, table, rows)
        raw.commit()
        if number % 10 == 0:
            tell(f"portion {number}")
    for statement in copies():
        raw.execute(statement)
        raw.commit()
    tell("copies")
    for name, statement in dropped.items():
        raw.execute(statement)
        raw.commit()
        tell(name)
    raw.close()
    if engine.dialect.name == "postgresql":  # as its own servant does after a while
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    tell("done")


def opened(engine: Engine) -> tuple[Any, Sequence[str], Callable[[Any, str, Rows], None]]:
    """A connection past SQLAlchemy, what it is told first, and how rows are put through it."""
    if engine.dialect.name == "sqlite":
        return sqlite3.connect(str(engine.url.database)), SQLITE_SETTINGS, into_sqlite
    plain = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain), POSTGRES_SETTINGS, into_postgres


def indexes(engine: Engine) -> dict[str, str]:
    """The indexes that are no constraint, by name, and how each is made."""
    query = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND "
        "indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    if engine.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(query))}


def copies() -> Iterator[str]:
    """The statements that set what rows have of the records that they belong to."""
    for model, names in LISTED.items():
        owner = model.__tablename__
        for name in names:
            relation = inspect(model).relationships[name]
            ((_, column),) = relation.local_remote_pairs
            table = column.table.name
            yield (
                f"UPDATE {table} SET listed_on = {owner}.date_ascends FROM {owner}"
                f" WHERE {owner}.id = {table}.{column.name}"
            )


def into_sqlite(raw: Any, table: str, rows: Rows) -> None:
    names = COLUMNS[table].split()
    marks = ", ".join("?" * len(names))
    raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def into_postgres(raw: Any, table: str, rows: Rows) -> None:
    said = f"COPY {table} ({', '.join(COLUMNS[table].split())}) FROM STDIN"
    with raw.cursor().copy(said) as copying:
        for row in rows:
            copying.write_row(row)


def main() -> None:
    engine = make_engine(sys.argv[1])
    migrate(engine)
    fill(engine, int(sys.argv[2]) if len(sys.argv) > 2 else MEETINGS)
    engine.dispose()


if __name__ == "__main__":
    main()
