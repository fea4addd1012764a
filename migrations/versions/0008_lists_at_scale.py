"""Rows that lists find records by say on what day those stand; indexes in that order."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LISTED = (
    ("participations", "meeting_id", "meetings"),
    ("meeting_topics", "meeting_id", "meetings"),
    ("statement_addressees", "statement_id", "statements"),
    ("statement_co_speakers", "statement_id", "statements"),
    ("statement_topics", "statement_id", "statements"),
    ("visit_parties", "visit_id", "visits"),
    ("visit_travellers", "visit_id", "visits"),
    ("commitment_actors", "commitment_id", "commitments"),
    ("commitment_topics", "commitment_id", "commitments"),
)
CITED = (
    ("visit_id", "visits"),
    ("meeting_id", "meetings"),
    ("statement_id", "statements"),
    ("commitment_id", "commitments"),
)
LISTED_BY_SOURCE = ("meeting", "statement", "commitment", "commitment_event", "assessment")
SUBJECTS = ("official", "position", "visit", *LISTED_BY_SOURCE)
OF_CITATIONS = (
    ("ix_citations_source_id", ("source_id",)),
    *((f"ix_citations_by_{each}", (f"{each}_id", "source_id")) for each in SUBJECTS),
)
"""PostgreSQL writes a row that changes into every index of its table; SQLite does not."""
UNDATED = "9999-12-31"
LIVE = "deleted_seq IS NULL"
SPAN = (
    "(date_earliest <> date_latest OR date_earliest IS NULL OR date_latest IS NULL)"
    " AND date_edtf IS NOT NULL"
)
OPEN = "(date_earliest IS NULL) <> (date_latest IS NULL)"
LONG = {
    "sqlite": f"{OPEN} OR julianday(date_latest) - julianday(date_earliest) > 366",
    "postgresql": f"{OPEN} OR date_latest - date_earliest > 366",
}
DATED = ("meetings", "visits", "statements", "commitments", "sources")
BY_END = ("meetings", "visits", "statements", "commitments")

# Name, table, columns before and after; none where there is no such index.
INDEXES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "ix_participations_by_official",
        "participations",
        (),
        ("official_id", "listed_on", "meeting_id"),
    ),
    (
        "ix_participations_by_party",
        "participations",
        ("party_id", "meeting_id"),
        ("party_id", "listed_on", "meeting_id"),
    ),
    (
        "ix_meeting_topics_by_topic",
        "meeting_topics",
        ("topic_id", "meeting_id"),
        ("topic_id", "listed_on", "meeting_id"),
    ),
    (
        "ix_statement_addressees_by_official",
        "statement_addressees",
        ("official_id", "statement_id"),
        ("official_id", "listed_on", "statement_id"),
    ),
    (
        "ix_statement_co_speakers_by_official",
        "statement_co_speakers",
        ("official_id", "statement_id"),
        ("official_id", "listed_on", "statement_id"),
    ),
    (
        "ix_statement_co_speakers_by_party",
        "statement_co_speakers",
        ("party_id", "statement_id"),
        ("party_id", "listed_on", "statement_id"),
    ),
    (
        "ix_statement_topics_by_topic",
        "statement_topics",
        ("topic_id", "statement_id"),
        ("topic_id", "listed_on", "statement_id"),
    ),
    (
        "ix_visit_parties_by_party",
        "visit_parties",
        (),
        ("party_id", "side", "listed_on", "visit_id"),
    ),
    (
        "ix_visit_travellers_by_official",
        "visit_travellers",
        (),
        ("official_id", "listed_on", "visit_id"),
    ),
    (
        "ix_commitment_actors_by_party",
        "commitment_actors",
        ("party_id", "side", "commitment_id"),
        ("party_id", "side", "listed_on", "commitment_id"),
    ),
    (
        "ix_commitment_actors_by_official",
        "commitment_actors",
        ("official_id", "side", "commitment_id"),
        ("official_id", "side", "listed_on", "commitment_id"),
    ),
    (
        "ix_commitment_topics_by_topic",
        "commitment_topics",
        ("topic_id", "commitment_id"),
        ("topic_id", "listed_on", "commitment_id"),
    ),
)
LIVE_INDEXES = (
    (
        "ix_statements_by_principal",
        "statements",
        ("on_behalf_of_official_id", "id"),
        ("on_behalf_of_official_id", "date_ascends", "id"),
    ),
    (
        "ix_statements_by_principal_party",
        "statements",
        ("on_behalf_of_party_id", "id"),
        ("on_behalf_of_party_id", "date_ascends", "id"),
    ),
    ("ix_positions_of_party", "positions", (), ("party_id", "start_ascends", "id")),
    ("ix_positions_by_tenure", "positions", (), ("start_earliest", "end_latest", "official_id")),
    ("ix_visits_by_dataset", "visits", (), ("dataset", "date_ascends", "id")),
)
AS_SUCH = "ix_statements_by_party_as_such"
ADDRESSED = "ix_statement_addressees_by_party"


def index(name: str, table: str, columns: tuple[str, ...], where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def change_indexes(before: int, after: int) -> None:
    """Go from the columns at one place of `INDEXES` to those at another."""
    for entries, where in ((INDEXES, None), (LIVE_INDEXES, LIVE)):
        for name, table, *columns in entries:
            if columns[before]:
                op.drop_index(name, table)
            if columns[after]:
                index(name, table, columns[after], where)


def fill(table: str, column: str, owner: str) -> None:
    """Copy the day of the record that each row leads to."""
    op.execute(
        sa.text(
            f"UPDATE {table} SET listed_on = {owner}.date_ascends"  # noqa: S608 - our own names
            f" FROM {owner} WHERE {owner}.id = {table}.{column}"
        )
    )


def upgrade() -> None:
    # The indexes go first: each row of a table changes.
    for name, table, before, _ in INDEXES:
        if before:
            op.drop_index(name, table)
    op.drop_index(ADDRESSED, "statement_addressees")
    copy_days()
    make_indexes(LONG[op.get_bind().dialect.name])


def copy_days() -> None:
    for table in (*(each[0] for each in LISTED), "citations"):
        day = sa.Column("listed_on", sa.Date(), nullable=False, server_default=UNDATED)
        op.add_column(table, day)
    for table, column, owner in LISTED:
        fill(table, column, owner)
    is_rewritten = op.get_bind().dialect.name == "postgresql"
    if is_rewritten:
        for name, _ in OF_CITATIONS:
            op.drop_index(name, "citations")
    for column, owner in CITED:
        fill("citations", column, owner)
    if is_rewritten:
        for name, columns in OF_CITATIONS:
            index(name, "citations", columns)


def make_indexes(long: str) -> None:
    for name, table, _, after in INDEXES:
        index(name, table, after)
    for name, table, before, after in LIVE_INDEXES:
        if before:
            op.drop_index(name, table)
        index(name, table, after, LIVE)
    index(
        AS_SUCH, "statements", ("party_id", "date_ascends", "id"), f"{LIVE} AND speaker_id IS NULL"
    )
    index(
        ADDRESSED,
        "statement_addressees",
        ("party_id", "listed_on", "statement_id"),
        "official_id IS NULL",
    )
    for subject in LISTED_BY_SOURCE:
        index(
            f"ix_citations_of_{subject}_by_source",
            "citations",
            ("source_id", "listed_on", f"{subject}_id"),
            f"{subject}_id IS NOT NULL",
        )
    for table in DATED:
        index(f"ix_{table}_of_spans", table, ("date_ascends", "id"), f"{LIVE} AND {SPAN}")
        index(f"ix_{table}_of_long_spans", table, ("date_ascends", "id"), f"{LIVE} AND ({long})")
    events = "commitment_events"
    index(f"ix_{events}_by_date", events, ("date_ascends", "commitment_id"))
    index(f"ix_{events}_of_long_spans", events, ("date_ascends", "commitment_id"), long)
    for table in BY_END:
        op.drop_index(f"ix_{table}_by_end", table)


def downgrade() -> None:
    op.drop_index("ix_commitment_events_of_long_spans", "commitment_events")
    op.drop_index("ix_commitment_events_by_date", "commitment_events")
    for table in BY_END:
        index(f"ix_{table}_by_end", table, ("date_latest",), LIVE)
    for table in DATED:
        op.drop_index(f"ix_{table}_of_long_spans", table)
        op.drop_index(f"ix_{table}_of_spans", table)
    for subject in LISTED_BY_SOURCE:
        op.drop_index(f"ix_citations_of_{subject}_by_source", "citations")
    op.drop_index(ADDRESSED, "statement_addressees")
    op.drop_index(AS_SUCH, "statements")
    change_indexes(before=1, after=0)
    index(ADDRESSED, "statement_addressees", ("party_id", "statement_id"))
    for table in (*(each[0] for each in LISTED), "citations"):
        op.drop_column(table, "listed_on")
