"""Indexes by columns that are empty in most rows have the other rows only; some go."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LIVE = "deleted_seq IS NULL"
# The kinds of owners of which each row has one.
CLAIMED = ("position", "visit", "meeting", "commitment")
CITED = (*CLAIMED, "official", "statement", "commitment_event", "assessment")
IDENTIFIED = (*CLAIMED, "party", "official", "statement", "source")

# Name, table, columns: the first is the one that is empty in most rows.
OF_ALL: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *((f"ix_citations_by_{each}", "citations", (f"{each}_id", "source_id")) for each in CITED),
    *((f"ix_claims_by_{each}", "claims", (f"{each}_id", "field")) for each in CLAIMED),
    ("ix_claims_by_participation", "claims", ("participation_id",)),
    *((f"ix_identifiers_by_{each}", "identifiers", (f"{each}_id",)) for each in IDENTIFIED),
    (
        "ix_commitment_actors_by_official",
        "commitment_actors",
        ("official_id", "side", "listed_on", "commitment_id"),
    ),
    (
        "ix_commitment_events_by_meeting",
        "commitment_events",
        ("meeting_id", "event", "commitment_id"),
    ),
    ("ix_commitment_events_by_actor", "commitment_events", ("actor_id",)),
    ("ix_commitment_events_by_actor_party", "commitment_events", ("actor_party_id",)),
    ("ix_officials_merged_into_id", "officials", ("merged_into_id",)),
    ("ix_sources_perspective_party_id", "sources", ("perspective_party_id",)),
    ("ix_sources_known_through_id", "sources", ("known_through_id",)),
    ("ix_visit_stops_by_place", "visit_stops", ("place_folded", "visit_id")),
)
OF_LIVING: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "ix_statements_by_principal",
        "statements",
        ("on_behalf_of_official_id", "date_ascends", "id"),
    ),
    (
        "ix_statements_by_principal_party",
        "statements",
        ("on_behalf_of_party_id", "date_ascends", "id"),
    ),
    ("ix_statements_by_visit", "statements", ("visit_id", "date_ascends", "id")),
    ("ix_statements_by_utterance", "statements", ("utterance_id", "date_ascends", "id")),
    ("ix_meetings_by_visit", "meetings", ("visit_id", "sequence", "id")),
    ("ix_meetings_by_parent", "meetings", ("part_of_id", "id")),
)
UNUSED = (
    # The beginning of a unique constraint.
    ("ix_commitment_actors_commitment_id", "commitment_actors", "commitment_id"),
    # Only ever asked for together with the column before it in the primary key.
    ("ix_encounters_counterpart_id", "encounters", "counterpart_id"),
    ("ix_timeline_entries_high_id", "timeline_entries", "high_id"),
    # Those that live are in an index in the order of their lists.
    ("ix_meetings_dataset", "meetings", "dataset"),
    ("ix_visits_dataset", "visits", "dataset"),
    # Never asked for.
    ("ix_utterances_dataset", "utterances", "dataset"),
)


def index(name: str, table: str, columns: tuple[str, ...], where: str | None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    for name, table, _ in UNUSED:
        op.drop_index(name, table)
    for name, table, columns in OF_ALL:
        op.drop_index(name, table)
        index(name, table, columns, f"{columns[0]} IS NOT NULL")
    for name, table, columns in OF_LIVING:
        op.drop_index(name, table)
        index(name, table, columns, f"{LIVE} AND {columns[0]} IS NOT NULL")


def downgrade() -> None:
    for name, table, columns in OF_LIVING:
        op.drop_index(name, table)
        index(name, table, columns, LIVE)
    for name, table, columns in OF_ALL:
        op.drop_index(name, table)
        index(name, table, columns, None)
    for name, table, column in UNUSED:
        index(name, table, (column,), None)
