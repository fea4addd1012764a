"""What the databases themselves refuse, whoever writes into them.

A refusal is known by its constraint's name: failing for another reason proves nothing.
"""

import itertools
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    Enum,
    Executable,
    Integer,
    Table,
    UniqueConstraint,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from app.database.engines import make_engine
from app.models import Base
from app.models.claims import CITED, CLAIMED
from app.models.identifiers import IDENTIFIED
from tests.conftest import copy_of_seed
from tests.support.tampering import drop_guards

TABLES = Base.metadata.sorted_tables
NOWHERE = "ffffffff-ffff-7fff-bfff-ffffffffffff"
SUBJECTS = {"citations": CITED, "claims": CLAIMED, "identifiers": IDENTIFIED}
ROW = {"sqlite": "rowid", "postgresql": "ctid"}
"""What tells one row from another; a table without rowids has its key for that."""
DUE_NOW = {"sqlite": "COMMIT", "postgresql": "SET CONSTRAINTS ALL IMMEDIATE"}
GIVEN_ONCE = {
    *(f"{table}.slug" for table in ("officials", "visits", "meetings", "commitments", "sources")),
    *("parties.code", "topics.code", "identifiers.scheme, value", "search_entries.record_id"),
    *("revisions.prev_hash", "revisions.hash", "meetings.seq", "statements.seq"),
}
ALONG = {  # what changes with a column, lest another rule speak first
    "low_id": ", high_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'",
    "cause": ", operation = 'republish'",
    "end_status": ", end_edtf = NULL, end_earliest = NULL, end_latest = NULL",
}
ANY_VISIT = "(SELECT id FROM visits LIMIT 1)"
OF_A_VISIT = f"meeting_id = NULL, position_id = NULL, commitment_id = NULL, visit_id = {ANY_VISIT}"
NAMELESS = "name_as_given = NULL, party_id = NULL"
A_START = "starts_at = updated_at, starts_at_approximate = true"
AN_END = "end_edtf = '2030', end_earliest = '2030-01-01', end_latest = '2030-12-31'"
LATER = "start_edtf = '2031', start_earliest = '2031-01-01', start_latest = '2031-12-31'"
ANYBODY = "(SELECT id FROM participations LIMIT 1)"
STRANGER = "(SELECT id FROM participations WHERE meeting_id <> claims.meeting_id LIMIT 1)"
A_SUCCESSION = """
INSERT INTO party_successions (id, ordinal, predecessor_id, successor_id)
SELECT cn.id, 0, cn.id, us.id FROM parties cn, parties us WHERE cn.code = 'CN' AND us.code = 'US'
"""
A_LINEAGE = """
INSERT INTO commitment_lineage (id, ordinal, commitment_id, earlier_id, relation, source_id)
SELECT one.id, 0, one.id, other.id, 'restates', (SELECT id FROM sources LIMIT 1)
FROM commitments one, commitments other WHERE one.id <> other.id LIMIT 1
"""
A_CO_SPEAKER = """
INSERT INTO statement_co_speakers (id, ordinal, statement_id, official_id, party_id)
SELECT statements.id, 0, statements.id, officials.id, parties.id
FROM statements, officials, parties LIMIT 1
"""
A_LOCALITY = """
INSERT INTO stop_localities (id, ordinal, stop_id, city, city_folded)
SELECT id, 0, id, city, city_folded FROM visit_stops LIMIT 1
"""
A_MERGED_REFERENCE = """
INSERT INTO merged_references (merged_id, table_name, column_name, referring_row)
SELECT id, 'participations', 'official_id', id FROM officials LIMIT 1
"""
KEYS = """
INSERT INTO api_keys (id, name, digest, pepper_version, created_at, replaces_id)
SELECT '0000000001', 'An editor', hash, 1, at, NULL FROM revisions WHERE seq = 1
UNION ALL SELECT '0000000002', 'An editor', hash, 1, at, '0000000001' FROM revisions WHERE seq = 2
"""
A_SCOPE = "INSERT INTO api_key_scopes (key_id, scope) VALUES ('0000000001', 'write')"
ADDITIONS = (A_SUCCESSION, A_LINEAGE, A_CO_SPEAKER, A_LOCALITY, A_MERGED_REFERENCE, KEYS, A_SCOPE)
RULES = (
    ("meetings", "a_duration_is_qualified", "duration_minutes = 5, duration_qualifier = NULL"),
    ("meetings", "a_duration_is_qualified", "duration_minutes = NULL, duration_qualifier='over'"),
    ("meetings", "duration_in_range", "duration_minutes = -1, duration_qualifier = 'exact'"),
    ("meetings", "a_start_is_qualified", "starts_at = NULL, starts_at_approximate = true"),
    ("meetings", "a_start_has_a_zone", f"{A_START}, time_zone = NULL"),
    ("meetings", "latitude_in_range", "latitude = 90.1, longitude = 0"),
    ("meetings", "longitude_in_range", "latitude = 0, longitude = -180.1"),
    ("meetings", "both_coordinates", "latitude = 1, longitude = NULL"),
    ("meetings", "sequence_starts_at_one", f"sequence = 0, visit_id = {ANY_VISIT}"),
    ("meetings", "sequence_in_a_visit", "sequence = 1, visit_id = NULL"),
    ("meetings", "not_part_of_itself", "part_of_id = id"),
    ("visit_stops", "latitude_in_range", "latitude = -90.1, longitude = 0"),
    ("visit_stops", "longitude_in_range", "latitude = 0, longitude = 180.1"),
    ("visit_stops", "both_coordinates", "latitude = NULL, longitude = 1"),
    ("positions", "only_an_ended_tenure_has_an_end", f"end_status = 'ongoing', {AN_END}"),
    ("positions", "only_an_ended_tenure_has_an_end", f"end_status = 'unknown', {AN_END}"),
    ("positions", "starts_before_it_ends", f"end_status = 'ended', {AN_END}, {LATER}"),
    ("sources", "perspective_is_known", "perspective = 'CN', perspective_party_id = NULL"),
    ("sources", "not_known_through_itself", "known_through_id = id"),
    ("parties", "code_is_upper_case", "code = 'cn'"),
    ("party_successions", "not_its_own_successor", "successor_id = predecessor_id"),
    ("statements", "somebody_speaks", f"speaker_id = NULL, speaker_{NAMELESS}"),
    ("statement_addressees", "somebody_is_addressed", f"official_id = NULL, {NAMELESS}"),
    ("claims", "topics_are_attested", "field = 'topics', attestation = NULL"),
    ("claims", "topics_are_attested", "field = 'title', attestation = 'silent'"),
    ("claims", "participation_of_a_meeting", f"participation_id = {ANYBODY}, {OF_A_VISIT}"),
    ("revisions", "seq_starts_at_one", "seq = 0, cause = NULL, operation = 'create'"),
    ("revisions", "cause_comes_first", "cause = seq, operation = 'republish'"),
    ("revisions", "a_republication_has_a_cause", "cause = NULL, operation = 'republish'"),
    ("officials", "not_merged_into_itself", "merged_into_id = id"),
    ("topics", "not_its_own_parent", "parent_id = id"),
    ("visit_parties", "side_is_known", "side = 'both'"),
    ("commitment_actors", "side_is_known", "side = 'of'"),
    ("api_keys", "id_is_whole", "id = 'short'"),
    ("api_keys", "somebody_holds_it", "name = ''"),
    ("api_keys", "digest_is_whole", "digest = ''"),
    ("api_keys", "pepper_version_starts_at_one", "pepper_version = 0"),
    ("api_keys", "replaces_another", "replaces_id = id"),
    ("api_key_scopes", "reading_goes_without_saying", "scope = 'read'"),
)
BY_DATE = ("date_ascends", "date_descends", "updated_at", "dataset")
FILTERED = {
    "parties": ("code", "kind", "sort_name", "existed_from_earliest", "updated_at"),
    "officials": ("slug", "sort_name", "updated_at"),
    "positions": ("level", "title_folded", "start_ascends", "start_descends", "updated_at"),
    "visits": ("slug", "kind", "status", *BY_DATE),
    "visit_stops": ("city_folded", "place_folded"),
    "stop_localities": ("city_folded", "name_folded"),
    "meetings": (
        *("slug", "city_folded", "format", "status", "has_conflicts", "sort_title"),
        *BY_DATE,
    ),
    "statements": ("wording", "speech_act", "language", *BY_DATE),
    "commitments": ("slug", "kind", "latest_event", *BY_DATE),
    "commitment_events": ("event",),
    "assessments": ("verdict", "assessor_folded"),
    "sources": ("slug", "kind", "perspective", "publisher_folded", "language", *BY_DATE),
    "identifiers": ("scheme",),
    "topics": ("code", "updated_at"),
    "search_entries": ("record_id",),
    "revisions": ("record_id", "at"),
}
"""What the contract's filters and orders compare with, besides references and ids.

Not the latest day: what begins before a range and reaches into it is in the indexes of spans, whose
plans `test_lists_at_scale` holds.
"""

DERIVED = {"encounters": {"counterpart_id"}, "timeline_entries": {"high_id"}}
"""The other end of a pair, never asked for without the first. A record that is deleted keeps its
row, so that nobody looks up which pairs refer to it.
"""


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    with copy_of_seed(request, tmp_path_factory.mktemp("constraints")) as url:
        engine = make_engine(url)
        with engine.begin() as connection:
            drop_guards(connection)  # or they would answer before any constraint is looked at
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """The seed and what it lacks, one of each, in a transaction that is never committed."""
    with engine.connect() as connection:
        for addition in ADDITIONS:
            connection.execute(text(addition))
        yield connection
        connection.rollback()


def answer(connection: Connection, statement: str | Executable, *, deferred: bool = False) -> str:
    """What the database says to a statement that is undone: an error's text, or `accepted`."""
    savepoint = connection.begin_nested()
    try:
        connection.execute(text(statement) if isinstance(statement, str) else statement)
        if deferred:
            connection.exec_driver_sql(DUE_NOW[connection.dialect.name])
    except DBAPIError as error:
        return str(error.orig)
    finally:
        savepoint.rollback()
    return "accepted"


def fullest(connection: Connection, table: Table, column: str) -> str:
    """SQL that picks one row, with something in the column where there is such a row."""
    row = ROW[connection.dialect.name]
    if table.dialect_options["sqlite"]["with_rowid"] is False and row == "rowid":
        row = ", ".join(each.name for each in table.primary_key.columns)
    return f"({row}) = (SELECT {row} FROM {table} ORDER BY {column} IS NULL LIMIT 1)"


def test_every_closed_list_is_closed_in_the_database(connection: Connection) -> None:
    inspector, wrong = inspect(connection), []
    for column in (each for table in TABLES for each in table.c):
        if not isinstance(column.type, Enum):
            continue
        name = f"ck_{column.table}_{column.type.name}"
        checks = inspector.get_check_constraints(str(column.table))
        allowed = [
            re.findall("'([^']*)'", str(each["sqltext"])) for each in checks if each["name"] == name
        ]
        if [sorted(each) for each in allowed] != [sorted(column.type.enums)]:
            wrong.append(f"{column}: {allowed}")
        row = fullest(connection, column.table, column.name)
        sets = f"{column.name} = 'nonsense'{ALONG.get(column.name, '')}"
        said = answer(connection, f"UPDATE {column.table} SET {sets} WHERE {row}")
        if name not in said:
            wrong.append(f"{column} takes nonsense: {said}")
    assert not wrong


def test_every_date_has_bounds_in_order_and_exactly_where_it_has_a_text(
    connection: Connection,
) -> None:
    wrong = []
    for column in [each for table in TABLES for each in table.c if each.name.endswith("_edtf")]:
        name = column.name.removesuffix("_edtf")
        for expected, edtf, earliest, latest in (
            ("in_order", "'2023'", "'2023-02-01'", "'2023-01-01'"),
            ("has_bounds", "NULL", "'2023-01-01'", "NULL"),
            ("has_bounds", "NULL", "NULL", "'2023-01-01'"),
            ("has_bounds", "'2023'", "NULL", "NULL"),
        ):
            statement = (
                f"UPDATE {column.table} SET {name}_edtf = {edtf}, "
                f"{name}_earliest = {earliest}, {name}_latest = {latest}"
                f" WHERE {fullest(connection, column.table, column.name)}"
            )
            said = answer(connection, statement)
            if f"ck_{column.table}_{name}_{expected}" not in said:
                wrong.append(f"{statement}: {said}")
    assert not wrong
    half_open = "date_edtf = '../2023', date_earliest = NULL, date_latest = '2023-12-31'"
    assert answer(connection, f"UPDATE meetings SET {half_open}") == "accepted"


def refuses(key: UniqueConstraint, said: str) -> bool:
    names = ", ".join(str(column) for column in key.columns)
    return said == f"UNIQUE constraint failed: {names}" or f'constraint "{key.name}"' in said


def test_what_is_given_once_is_refused_the_second_time(connection: Connection) -> None:
    tried, wrong = set(), []
    for table in TABLES:
        keys = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        unique = {column for key in keys for column in key.columns} | set(table.primary_key.columns)
        for key in keys:
            if table.c.get("id") in set(key.columns):
                continue  # wider than the primary key: there for a foreign key to refer to
            filled = select(table).where(*(column.is_not(None) for column in key.columns))
            row = dict(connection.execute(filled.limit(1)).mappings().one())
            for column in unique - set(key.columns):
                if column.nullable:
                    row[column.name] = None
                elif isinstance(column.type, Integer):
                    row[column.name] = connection.scalar(select(func.max(column) + 1))
                else:
                    row[column.name] = NOWHERE if column.primary_key else "NEW"
            said = answer(connection, insert(table).values(row))
            names = ", ".join(column.name for column in key.columns)
            tried.add(f"{table}.{names}")
            twins = [each for each in keys if set(each.columns) == set(key.columns)]
            if not any(refuses(twin, said) for twin in twins):
                wrong.append(f"{table}.{names}: {said}")
    assert not wrong
    assert tried >= GIVEN_ONCE


def test_evidence_and_identifiers_belong_to_exactly_one_subject(connection: Connection) -> None:
    wrong = []
    for table, columns in SUBJECTS.items():
        source = Base.metadata.tables[table]
        for column, other in itertools.combinations(columns, 2):
            values = {each: "NULL" for each in (*columns, "participation_id") if each in source.c}
            for filled in ((), (column, other)):
                for each in filled:
                    target = next(iter(source.c[each].foreign_keys)).column.table
                    values[each] = f"(SELECT id FROM {target} LIMIT 1)"
                sets = ", ".join(f"{name} = {value}" for name, value in values.items())
                row = fullest(connection, source, "id")
                said = answer(connection, f"UPDATE {table} SET {sets} WHERE {row}")
                if f"ck_{table}_one_subject" not in said:
                    wrong.append(f"{table} SET {sets}: {said}")
    assert not wrong


def test_no_row_refers_to_nothing(connection: Connection) -> None:
    wrong = []
    for table in TABLES:
        for key in table.foreign_key_constraints:
            *_, column = key.columns
            row = fullest(connection, table, column.name)
            length = getattr(column.type, "length", None)
            nowhere = "-1" if isinstance(column.type, Integer) else f"'{NOWHERE[:length]}'"
            sets = f"{column.name} = {nowhere}{ALONG.get(column.name, '')}"
            if column.name in (subjects := SUBJECTS.get(table.name, ())):
                others = {*subjects, "participation_id"} & set(table.c.keys()) - {column.name}
                sets += "".join(f", {each} = NULL" for each in others)
            statement = f"UPDATE {table} SET {sets} WHERE {row}"
            said = answer(connection, statement, deferred=bool(key.deferrable))
            if "foreign key constraint" not in said.lower():
                wrong.append(f"{statement}: {said}")
    assert not wrong


def test_a_claim_speaks_of_a_participation_in_its_own_meeting(connection: Connection) -> None:
    statement = f"UPDATE claims SET participation_id = {STRANGER} WHERE meeting_id IS NOT NULL"
    assert "foreign key" in answer(connection, statement, deferred=True).lower()


def test_what_belongs_together_stands_together(connection: Connection) -> None:
    wrong = []
    for table, rule, values in RULES:
        row = fullest(connection, Base.metadata.tables[table], values.partition(" ")[0])
        said = answer(connection, f"UPDATE {table} SET {values} WHERE {row}")
        if f"ck_{table}_{rule}" not in said:
            wrong.append(f"{table} SET {values}: {said}")
    assert not wrong


def test_every_reference_and_every_filter_has_an_index_that_begins_with_it(
    connection: Connection,
) -> None:
    inspector, missing = inspect(connection), []
    for table in TABLES:
        first = {each["column_names"][0] for each in inspector.get_indexes(table.name)}
        first |= {each["column_names"][0] for each in inspector.get_unique_constraints(table.name)}
        first.add(table.primary_key.columns.keys()[0])
        # A revision is never removed or renumbered, so nobody looks up what refers to it.
        wanted = {
            key.parent.name for key in table.foreign_keys if key.column.table.name != "revisions"
        } - DERIVED.get(table.name, set())
        missing += [f"{table}.{each}" for each in {*wanted, *FILTERED.get(table.name, ())} - first]
    assert not missing
