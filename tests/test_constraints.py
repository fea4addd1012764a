"""What the databases themselves refuse, whoever writes into them."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Enum, inspect, text
from sqlalchemy.exc import DBAPIError

from app.database.engines import make_engine
from app.models import Base

COLUMNS = [
    (table.name, column.name, column.type)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
]
DATES = sorted(
    (table.name, name.removesuffix("_edtf"))
    for table in Base.metadata.sorted_tables
    for name in table.columns.keys()  # noqa: SIM118 - a ColumnCollection iterates over columns
    if name.endswith("_edtf")
)
FILTERED = {
    "parties": {"kind", "code", "existed_from_earliest", "updated_at"},
    "officials": {"slug", "sort_name", "updated_at"},
    "official_names": {"official_id"},
    "positions": {"official_id", "party_id", "level", "title_folded", "start_ascends"},
    "visits": {"slug", "kind", "status", "date_ascends", "date_descends", "date_latest", "dataset"},
    "visit_travellers": {"official_id", "visit_id"},
    "visit_parties": {"party_id", "visit_id"},
    "visit_stops": {"city_folded", "place_folded", "country_id", "visit_id"},
    "meetings": {
        "slug",
        "country_id",
        "city_folded",
        "format",
        "status",
        "visit_id",
        "part_of_id",
        "has_conflicts",
        "dataset",
        "date_ascends",
        "date_descends",
        "date_latest",
        "sort_title",
        "updated_at",
    },
    "participations": {"official_id", "party_id", "meeting_id"},
    "meeting_topics": {"topic_id", "meeting_id"},
    "statements": {
        "speaker_id",
        "party_id",
        "on_behalf_of_official_id",
        "on_behalf_of_party_id",
        "meeting_id",
        "visit_id",
        "utterance_id",
        "wording",
        "speech_act",
        "language",
        "date_ascends",
    },
    "statement_addressees": {"official_id", "statement_id"},
    "statement_topics": {"topic_id", "statement_id"},
    "commitments": {"slug", "kind", "latest_event", "date_ascends"},
    "commitment_actors": {"party_id", "official_id", "commitment_id"},
    "commitment_topics": {"topic_id", "commitment_id"},
    "commitment_events": {"commitment_id", "meeting_id", "event"},
    "assessments": {"commitment_id", "verdict", "assessor_folded"},
    "citations": {"source_id", "meeting_id", "statement_id", "commitment_id"},
    "sources": {"slug", "kind", "perspective", "publisher_folded", "language", "date_ascends"},
    "identifiers": {"scheme", "official_id"},
}
"""The columns by which the contract's filters, orders and includes find rows."""


@pytest.fixture
def connection(own_database: str) -> Iterator[Connection]:
    engine = make_engine(own_database)
    with engine.connect() as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def refused(connection: Connection, statement: str, **values: Any) -> bool:
    """Whether the database refuses a statement, at once or when its deferred checks are due."""
    try:
        with connection.begin_nested():
            connection.execute(text(statement), values)
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except DBAPIError:
        return True
    return False


def some(connection: Connection, table: str, column: str = "id", where: str = "1 = 1") -> Any:
    found = connection.scalar(text(f"SELECT {column} FROM {table} WHERE {where} LIMIT 1"))
    assert found is not None, f"the seed has no {table} where {where}"
    return found


def test_every_closed_list_is_closed_in_the_database(connection: Connection) -> None:
    inspector = inspect(connection)
    wrong = []
    for table, column, kind in COLUMNS:
        checks = [
            str(each["sqltext"])
            for each in inspector.get_check_constraints(table)
            if each["name"] == f"ck_{table}_{kind.name}"
        ]
        if len(checks) != 1 or any(f"'{member}'" not in checks[0] for member in kind.enums):
            wrong.append(f"{table}.{column}: {checks}")
        elif checks[0].count("'") != 2 * len(kind.enums):
            wrong.append(f"{table}.{column}: more members than the vocabulary")
        filled = connection.scalar(text(f"SELECT count(*) FROM {table}"))
        nonsense = f"UPDATE {table} SET {column} = 'nonsense'"
        if filled and not refused(connection, nonsense):
            wrong.append(f"{table}.{column} takes nonsense")
    assert not wrong


def test_every_date_has_its_bounds_in_order_and_only_with_its_text(connection: Connection) -> None:
    wrong = []
    for table, name in DATES:
        if not connection.scalar(text(f"SELECT count(*) FROM {table}")):
            continue
        for edtf, earliest, latest in (
            ("'2023'", "'2023-02-01'", "'2023-01-01'"),
            ("NULL", "'2023-01-01'", "NULL"),
            ("'2023'", "NULL", "NULL"),
        ):
            statement = (
                f"UPDATE {table} SET {name}_edtf = {edtf}, "
                f"{name}_earliest = {earliest}, {name}_latest = {latest}"
            )
            if not refused(connection, statement):
                wrong.append(statement)
    assert not wrong


def test_slugs_codes_and_identifiers_are_given_once(connection: Connection) -> None:
    for table, key in (
        ("officials", "slug"),
        ("visits", "slug"),
        ("meetings", "slug"),
        ("commitments", "slug"),
        ("sources", "slug"),
        ("parties", "code"),
        ("topics", "code"),
        ("revisions", "hash"),
        ("revisions", "prev_hash"),
    ):
        same = some(connection, table, key)
        if table != "visits":
            assert refused(connection, f"UPDATE {table} SET {key} = :same", same=same), table
    assert refused(
        connection,
        "INSERT INTO identifiers (id, ordinal, scheme, value, official_id) "
        "SELECT 'ffffffff-ffff-7fff-bfff-ffffffffffff', 0, scheme, value, official_id "
        "FROM identifiers WHERE official_id IS NOT NULL LIMIT 1",
    )


def test_evidence_belongs_to_exactly_one_subject(connection: Connection) -> None:
    visit = some(connection, "visits")
    citation = some(connection, "citations", where="meeting_id IS NOT NULL")
    claim = some(connection, "claims", where="meeting_id IS NOT NULL")
    for table, row in (("citations", citation), ("claims", claim)):
        assert refused(
            connection,
            f"UPDATE {table} SET visit_id = :visit WHERE id = :row",
            visit=visit,
            row=row,
        )
    assert refused(
        connection, "UPDATE citations SET meeting_id = NULL WHERE id = :row", row=citation
    )


def test_no_row_refers_to_nothing(connection: Connection) -> None:
    nowhere = {"seq": 10**9}
    wrong = []
    for table in Base.metadata.sorted_tables:
        if not connection.scalar(text(f"SELECT count(*) FROM {table.name}")):
            continue
        for key in table.foreign_keys:
            if key.deferrable and connection.dialect.name == "sqlite":
                continue  # due at the commit, which `foreign_key_check` stands for elsewhere
            column = key.parent.name
            value = nowhere.get(key.column.name, "ffffffff-ffff-7fff-bfff-ffffffffffff")
            statement = f"UPDATE {table.name} SET {column} = :value"
            if not refused(connection, statement, value=value):
                wrong.append(f"{table.name}.{column}")
    assert not wrong


def test_what_belongs_together_stands_together(connection: Connection) -> None:
    for statement in (
        "UPDATE meetings SET duration_qualifier = NULL WHERE duration_minutes IS NOT NULL",
        "UPDATE meetings SET duration_minutes = -1 WHERE duration_minutes IS NOT NULL",
        "UPDATE meetings SET time_zone = NULL WHERE starts_at IS NOT NULL",
        "UPDATE meetings SET latitude = 91, longitude = 0",
        "UPDATE meetings SET latitude = 1, longitude = NULL",
        "UPDATE meetings SET sequence = 0 WHERE visit_id IS NOT NULL",
        "UPDATE meetings SET sequence = 1, visit_id = NULL",
        "UPDATE meetings SET part_of_id = id",
        "UPDATE positions SET end_status = 'ongoing' WHERE end_edtf IS NOT NULL",
        "UPDATE sources SET perspective = 'press' WHERE perspective_party_id IS NOT NULL",
        "UPDATE sources SET known_through_id = id",
        "UPDATE parties SET code = 'cn' WHERE code = 'CN'",
        "UPDATE statements SET speaker_id = NULL, party_id = NULL, speaker_name_as_given = NULL",
        "UPDATE claims SET attestation = 'silent' WHERE field <> 'topics'",
        "UPDATE revisions SET cause = seq",
        "UPDATE officials SET merged_into_id = id",
        "UPDATE topics SET parent_id = id",
        "UPDATE visit_parties SET side = 'both'",
        "UPDATE commitment_actors SET side = 'of'",
    ):
        assert refused(connection, statement), statement


def test_every_filter_and_every_reference_has_an_index_that_begins_with_it(
    connection: Connection,
) -> None:
    inspector = inspect(connection)
    missing = []
    for table in Base.metadata.sorted_tables:
        first = {each["column_names"][0] for each in inspector.get_indexes(table.name)}
        first |= {each["column_names"][0] for each in inspector.get_unique_constraints(table.name)}
        first |= set(inspector.get_pk_constraint(table.name)["constrained_columns"][:1])
        wanted = FILTERED.get(table.name, set())
        missing += [f"{table.name}.{column}" for column in sorted(wanted - first)]
    assert not missing
