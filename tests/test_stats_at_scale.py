"""Counts of all records, or of those of a range of days, are counts of rows of indexes.

SQLite says how it would go about them; what it takes at a million meetings only a measurement
says.
"""

from typing import Any

import pytest
from sqlalchemy import Engine

from app.database.sqlite_reading import adapt
from app.lane.statements import Prepared
from app.queries.parameters import STATS_PARAMETERS, filters_of_stats
from app.queries.resources import RESOURCES
from app.queries.stats import GROUPINGS
from app.schemas.parsing import parse_query
from tests.support.filled import Asking

LARGE = ("meetings", "statements", "participations", "meeting_topics", "statement_topics")
COUNTED = [(noun, by) for noun in ("meetings", "statements") for by in GROUPINGS[noun]]
SOME_DAYS = "date_from=2000&date_to=2009"


def steps(engine: Engine, noun: str, query: str) -> list[str]:
    """How SQLite would go about the statements of a question."""
    resource = RESOURCES[noun]
    statements = Asking(engine).statements
    asked: Any = parse_query(query.encode(), STATS_PARAMETERS[noun])
    filters = filters_of_stats(resource, asked)
    sent: list[Prepared] = [
        statements.counts(resource, GROUPINGS[noun][asked.by], filters),
        statements.count(resource, filters),
    ]
    with engine.connect() as connection:
        return [
            row[3]
            for each in sent
            for row in connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {each.compiled.sql}",
                tuple(map(adapt, each.values(filters))),
            )
        ]


@pytest.mark.parametrize(("noun", "by"), COUNTED)
def test_all_are_counted_along_indexes(sqlite_filled: Engine, noun: str, by: str) -> None:
    for query in (f"by={by}", f"by={by}&{SOME_DAYS}"):
        for step in steps(sqlite_filled, noun, query):
            verb, _, rest = step.partition(" ")
            if verb == "SCAN" and rest.split()[0] in LARGE:
                assert " INDEX ix_" in rest or "COVERING INDEX" in rest, (query, step)
            if verb == "SEARCH" and rest.split()[0] in ("participations", "meeting_topics"):
                # The parts of a few records, or those of one party or topic in their index.
                assert "COVERING INDEX" in rest or "(meeting_id=?)" in rest, (query, step)


def test_the_years_of_what_one_filter_selects_are_counted_along_its_index(
    sqlite_filled: Engine,
) -> None:
    for query, index in (
        ("party=Q000", "COVERING INDEX ix_participations_by_party"),
        ("topic=topic-0", "COVERING INDEX ix_meeting_topics_by_topic"),
        ("country=Q000", "INDEX ix_meetings_by_country"),
    ):
        found = steps(sqlite_filled, "meetings", f"by=year&{query}")
        assert any(index in step for step in found), found
        scans = [step for step in found if step.startswith("SCAN meetings")]
        few = ("ix_meetings_of_spans", "ix_meetings_deleted")
        assert all(step.endswith(few) for step in scans), scans


def test_the_parties_of_some_meetings_stand_beside_those(sqlite_filled: Engine) -> None:
    for query in ("country=Q000", "format=summit", "country=Q000&topic=topic-0"):
        found = steps(sqlite_filled, "meetings", f"by=party&{query}")
        index = "COVERING INDEX ix_participations_by_meeting (meeting_id=?)"
        assert any(index in step for step in found), found
