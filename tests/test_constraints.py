"""What the databases themselves refuse, whoever writes into them.

Every refusal is told from others by the name of its constraint: a statement that fails for
another reason proves nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Column,
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

TABLES = Base.metadata.sorted_tables
NOWHERE = "ffffffff-ffff-7fff-bfff-ffffffffffff"
SUBJECTS = {"citations": CITED, "claims": CLAIMED, "identifiers": IDENTIFIED}
ROW = {"sqlite": "rowid", "postgresql": "ctid"}
DUE_NOW = {"sqlite": "COMMIT", "postgresql": "SET CONSTRAINTS ALL IMMEDIATE"}
DATES = [
    (table.name, name.removesuffix("_edtf"))
    for table in TABLES
    for name in table.c.keys()  # noqa: SIM118 - a ColumnCollection iterates over columns
    if name.endswith("_edtf")
]
GIVEN_ONCE = {
    *((table, "slug") for table in ("officials", "visits", "meetings", "commitments", "sources")),
    *((table, "code") for table in ("parties", "topics")),
    *(("revisions", key) for key in ("prev_hash", "hash")),
    ("identifiers", "scheme, value"),
    ("search_entries", "record_id"),
}
RULES = {
    "meetings": (
        ("a_duration_is_qualified", "duration_minutes = 5, duration_qualifier = NULL"),
        ("a_duration_is_qualified", "duration_minutes = NULL, duration_qualifier = 'about'"),
        ("duration_in_range", "duration_minutes = -1, duration_qualifier = 'exact'"),
        ("a_start_is_qualified", "starts_at = NULL, starts_at_approximate = true"),
        ("a_start_has_a_zone", "starts_at = updated_at, starts_at_approximate = true"),
        ("latitude_in_range", "latitude = 90.1, longitude = 0"),
        ("longitude_in_range", "latitude = 0, longitude = -180.1"),
        ("both_coordinates", "latitude = 1, longitude = NULL"),
        ("sequence_starts_at_one", "sequence = 0, visit_id = (SELECT min(id::text) FROM visits)"),
        ("sequence_in_a_visit", "sequence = 1, visit_id = NULL"),
        ("not_part_of_itself", "part_of_id = id"),
    ),
    "visit_stops": (
        ("latitude_in_range", "latitude = -90.1, longitude = 0"),
        ("longitude_in_range", "latitude = 0, longitude = 180.1"),
        ("both_coordinates", "latitude = NULL, longitude = 1"),
    ),
    "positions": (
        ("only_an_ended_tenure_has_an_end", "end_status = 'ongoing', " + "{end}"),
        ("only_an_ended_tenure_has_an_end", "end_status = 'unknown', " + "{end}"),
        (
            "starts_before_it_ends",
            "start_edtf = '2031', start_earliest = '2031-01-01', start_latest = '2031-12-31', "
            "end_status = 'ended', {end}",
        ),
    ),
    "sources": (
        ("perspective_is_known", "perspective = 'press', perspective_party_id = {party}"),
        ("perspective_is_known", "perspective = 'CN', perspective_party_id = NULL"),
        ("not_known_through_itself", "known_through_id = id"),
    ),
    "parties": (("code_is_upper_case", "code = 'cn'"),),
    "statements": (
        ("somebody_speaks", "speaker_id = NULL, party_id = NULL, speaker_name_as_given = NULL"),
    ),
}
