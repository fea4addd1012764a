"""No list reads more of a table than a page needs, whatever is asked for.

What is asked for is what `benchmarks/filters.py` measures at a million meetings. Here the databases
only say how they would go about it, for each way that a page may be come by.
"""

import re
from typing import Any

import pytest
from sqlalchemy import Engine

from app.queries.base import PRESENTATION
from app.queries.leading import ORDER, RANGES, Lead
from app.queries.resources import RESOURCES
from benchmarks.filters import FILTERS, queries
from tests.support.filled import Asking, Sent, postgres_nodes, sqlite_steps

PAGE = 21
"""One more than is shown if nothing is said."""

SEARCHED = {"q"}
"""Full text has ways of its own."""

SHOWN = {("officials", "as_of"), ("parties", "as_of")}
"""What changes how records read, and selects none or few of them."""

SMALL = {"parties", "topics"}
"""Tables of a few hundred rows."""


TABLES = (
    "participations",
    "meeting_topics",
    "statement_addressees",
    "statement_co_speakers",
    "statement_topics",
    "visit_parties",
    "visit_travellers",
    "visit_stops",
    "commitment_actors",
    "commitment_topics",
    "commitment_events",
    "assessments",
    "citations",
    "documents",
)


def test_every_filter_that_is_documented_is_measured() -> None:
    for path, resource in RESOURCES.items():
        asked = {each.partition("=")[0] for query in FILTERS[path] for each in query.split("&")}
        there = set(resource.filters.model_fields) - PRESENTATION - SEARCHED
        there -= {name for noun, name in SHOWN if noun == path}
        if path in SMALL:
            there -= {"id", "updated_since"}
        every_list_has = {"id", "updated_since", "date_from", "date_to"}
        assert there - asked - every_list_has == set(), path
    asked_of_meetings = "&".join(FILTERS["meetings"])
    for name in ("id", "updated_since", "date_from", "date_to"):
        assert f"{name}=" in asked_of_meetings


def on_sqlite(sent: Sent, engine: Engine, query: str) -> None:
    steps = sqlite_steps(engine, sent)
    noun = query.partition("?")[0]
    told = (query, sent.lead, sent.sql, steps)
    for step in steps:
        verb, _, rest = step.detail.partition(" ")
        if verb == "SCAN" and rest.split()[0] in (*RESOURCES, *TABLES) and noun not in SMALL:
            # Along the order of the list, and no further than the page goes.
            along = sent.lead is not None and sent.lead.way == ORDER and "USING INDEX" in rest
            assert along, told
            assert rest.split()[0] == noun, told
        if step.detail == "USE TEMP B-TREE FOR ORDER BY":
            # A few rows of a page, or of several first pages.
            is_put_together = any(each.detail == "SCAN several" for each in steps)
            last = step.within == "CO-ROUTINE page" and is_put_together
            first_pages = last or step.within in ("", "LEFT", "RIGHT")
            gathered = sent.lead is not None and sent.lead.way not in (ORDER, RANGES)
            assert first_pages or gathered, told


@pytest.mark.parametrize("query", tuple(queries()))
def test_sqlite_reads_no_table_as_a_whole(sqlite_filled: Engine, query: str) -> None:
    for sent in Asking(sqlite_filled).sent(query):
        on_sqlite(sent, sqlite_filled, query)


@pytest.mark.parametrize("query", tuple(queries()))
def test_postgres_reads_no_table_as_a_whole(postgres_filled: Engine, query: str) -> None:
    noun = query.partition("?")[0]
    for sent in Asking(postgres_filled).sent(query):
        found = postgres_nodes(postgres_filled, sent)
        read = {each["Relation Name"] for each in found if each["Node Type"] == "Seq Scan"}
        assert read - SMALL == set(), (query, sent.lead, sent.sql)
        if sent.lead is not None and sent.lead.way in (RANGES, ORDER):
            ways = {each["Node Type"] for each in found}
            assert ways.isdisjoint({"Hash Join", "Merge Join"}), (query, sent.lead, sent.sql)
        if sent.lead is not None and sent.lead.way == RANGES and noun not in SMALL:
            assert all(is_short(each) for each in found), (query, sent.lead, sent.sql, found)


def is_short(node: dict[str, Any]) -> bool:
    """Whether a node sorts no more than a page, or several of them."""
    if node["Node Type"] != "Sort":
        return True
    sorted_rows = sum(each["Actual Rows"] for each in node["Plans"])
    return bool(sorted_rows <= PAGE * 8)


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ("meetings?participant=person-0&participant=person-1", ["participations_by_official"] * 2),
        (
            "meetings?party=Q000&topic=topic-0",
            ["meeting_topics_by_topic", "participations_by_party"],
        ),
        ("meetings?topic=topic-0&status=denied", ["meeting_topics_by_topic", "meetings_by_status"]),
        (
            "meetings?participant=person-0&format=summit",
            ["meetings_by_format", "participations_by_official"],
        ),
        ("commitments?by=Q000&kind=action", ["commitments_by_kind", "commitment_actors_by_party"]),
    ],
)
def test_sqlite_asks_of_days_and_ids_before_it_looks_up_a_record(
    sqlite_filled: Engine, query: str, indexes: list[str]
) -> None:
    """By whichever of the two a page is led, the other is asked in its index."""
    led = [sent for sent in Asking(sqlite_filled).sent(query) if sent.lead is not None]
    for sent, index in zip(led, indexes, strict=True):
        steps = [step.detail for step in sqlite_steps(sqlite_filled, sent)]
        asked = [step for step in steps if re.search(rf"EXISTS USING .*INDEX ix_{index} ", step)]
        noun = query.partition("?")[0]
        looked_up = [
            step for step in steps if f"SEARCH {noun} USING INDEX sqlite_autoindex" in step
        ]
        assert len(asked) == len(looked_up) == 1, (sent.lead, steps)
        assert steps.index(asked[0]) < steps.index(looked_up[0]), (sent.lead, steps)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("meetings?country=Q000&format=summit", "ix_meetings_by_country"),
        ("meetings?city=City+0&format=summit", "ix_meetings_by_city"),
    ],
)
def test_postgres_looks_up_no_meeting_of_which_an_index_knows_all_that_is_asked(
    postgres_filled: Engine, query: str, index: str
) -> None:
    """The key of a page stands in the index of places, whatever the averages say."""
    (by_place,) = (
        each for each in Asking(postgres_filled).sent(query) if each.lead == Lead(RANGES, 0)
    )
    read = [
        (each["Index Name"], each["Node Type"])
        for each in postgres_nodes(postgres_filled, by_place)
        if each.get("Relation Name") == "meetings"
    ]
    assert read == [(index, "Index Only Scan")]
