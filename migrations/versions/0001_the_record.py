"""The record: every table of the first release, its constraints, indexes and full text."""
# One column, constraint or index a line reads better here than what the formatter makes of it.
# fmt: off
# ruff: noqa: E501, ISC004, PLR0915

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PUBLIC_ID = sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql")
SORT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TOKENS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
LIVE: dict[str, Any] = {
    "sqlite_where": sa.text("deleted_seq IS NULL"),
    "postgresql_where": sa.text("deleted_seq IS NULL"),
}

RECORD_KINDS = (
    "party",
    "official",
    "position",
    "visit",
    "meeting",
    "statement",
    "commitment",
    "source",
    "topic",
)
OPERATIONS = (
    "create",
    "update",
    "delete",
    "restore",
    "merge",
    "unmerge",
    "republish",
    "redact",
)
COMMITMENT_KINDS = (
    "action",
    "restraint",
    "principle",
    "process",
    "aspiration",
    "position",
)
COMMITMENT_EVENTS = (
    "made",
    "reaffirmed",
    "invoked_by_other",
    "clarified",
    "weakened",
    "contradicted",
    "denied",
    "suspended",
    "progressed",
    "fulfilled",
    "breached",
    "superseded",
    "expired",
    "withdrawn",
)
PARTY_KINDS = (
    "state",
    "historic_state",
    "territory",
    "international_body",
)
VISIT_KINDS = (
    "state",
    "official",
    "official_working",
    "working",
    "private",
    "goodwill",
    "transit",
    "ceremonial",
    "conference",
)
EVENT_STATUSES = (
    "proposed",
    "announced",
    "confirmed",
    "postponed",
    "cancelled",
    "held",
    "reported_unconfirmed",
    "denied",
)
VERDICTS = (
    "not_yet_rated",
    "in_progress",
    "stalled",
    "partial",
    "fulfilled",
    "not_fulfilled",
    "unverifiable",
)
MEETING_FORMATS = (
    "bilateral",
    "expanded",
    "restricted",
    "one_on_one",
    "trilateral",
    "multilateral",
    "summit",
    "pull_aside",
    "courtesy_call",
    "working_meal",
    "audience",
    "phone_call",
    "video_call",
    "signing",
    "press_event",
)
DURATION_QUALIFIERS = (
    "exact",
    "about",
    "under",
    "over",
)
NAME_KINDS = (
    "display",
    "native",
    "transliteration",
    "full",
    "short",
    "formal",
    "former",
    "alias",
)
LEVELS = (
    "head_of_state",
    "head_of_government",
    "deputy_head",
    "foreign_minister",
    "minister",
    "deputy_minister",
    "party_leader",
    "party_official",
    "ambassador",
    "envoy",
    "head_of_body",
    "legislator",
    "spokesperson",
    "other",
)
END_STATUSES = (
    "ended",
    "ongoing",
    "unknown",
)
SOURCE_KINDS = (
    "readout",
    "joint_statement",
    "transcript",
    "press_conference",
    "briefing",
    "official_record",
    "wire",
    "press",
    "analysis",
    "social_post",
    "archive",
)
ROLES = (
    "principal",
    "host",
    "visitor",
    "chair",
    "delegate",
    "accompanying",
    "interpreter",
    "notetaker",
    "mediator",
    "observer",
)
WORDINGS = (
    "verbatim",
    "interpreted",
    "translated",
    "paraphrase",
    "reported",
)
SPEECH_ACTS = (
    "state_position",
    "agree",
    "promise",
    "request",
    "demand",
    "criticise",
    "reject",
    "warn",
    "concede",
    "invite",
    "convey",
    "inform",
    "characterise",
)
CLAIM_RANKS = (
    "preferred",
    "normal",
    "deprecated",
)
ATTESTATIONS = (
    "affirmed",
    "denied",
    "silent",
    "differently_characterised",
)

FULL_TEXT_ON_SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "tokens, content='search_entries', content_rowid='number', detail='none', "
    "tokenize='ascii')",
    "CREATE TRIGGER search_entries_inserted AFTER INSERT ON search_entries BEGIN "
    "INSERT INTO search_index(rowid, tokens) VALUES (new.number, new.tokens); END",
    "CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN "
    "INSERT INTO search_index(search_index, rowid, tokens) "
    "VALUES ('delete', old.number, old.tokens); END",
    "CREATE TRIGGER search_entries_updated AFTER UPDATE OF tokens ON search_entries BEGIN "
    "INSERT INTO search_index(search_index, rowid, tokens) "
    "VALUES ('delete', old.number, old.tokens); "
    "INSERT INTO search_index(rowid, tokens) VALUES (new.number, new.tokens); END",
)

TABLES = (
    "import_runs",
    "revisions",
    "search_entries",
    "utterances",
    "commitments",
    "documents",
    "officials",
    "parties",
    "topics",
    "visits",
    "assessments",
    "commitment_actors",
    "commitment_topics",
    "meetings",
    "official_names",
    "party_names",
    "party_successions",
    "positions",
    "sources",
    "visit_parties",
    "visit_stops",
    "visit_travellers",
    "commitment_events",
    "commitment_wordings",
    "meeting_local_dates",
    "meeting_topics",
    "participations",
    "statements",
    "citations",
    "claims",
    "identifiers",
    "statement_addressees",
    "statement_topics",
)


def term(members: tuple[str, ...], name: str) -> sa.Enum:
    """A text column with a CHECK for the members of a closed list."""
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table("import_runs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_import_runs"))
    )
    op.create_index(op.f("ix_import_runs_dataset"), "import_runs", ["dataset"])
    op.create_table("revisions",
        sa.Column("seq", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("kind", term(RECORD_KINDS, "kind"), nullable=False),
        sa.Column("record_id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("operation", term(OPERATIONS, "operation"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("request_id", sa.String(length=128), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cause", SEQUENCE, nullable=True),
        sa.Column("parents", JSON, nullable=False),
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(cause IS NOT NULL) = (operation = 'republish')", name=op.f("ck_revisions_a_republication_has_a_cause")),
        sa.CheckConstraint("cause < seq", name=op.f("ck_revisions_cause_comes_first")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_revisions_seq_starts_at_one")),
        sa.ForeignKeyConstraint(["cause"], ["revisions.seq"], name=op.f("fk_revisions_cause_revisions")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_revisions")),
        sa.UniqueConstraint("hash", name=op.f("uq_revisions_hash")),
        sa.UniqueConstraint("prev_hash", name=op.f("uq_revisions_prev_hash"))
    )
    op.create_index("ix_revisions_by_record", "revisions", ["record_id", "seq"])
    op.create_index("ix_revisions_by_time", "revisions", ["at"])
    op.create_table("search_entries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", term(RECORD_KINDS, "kind"), nullable=False),
        sa.Column("record_id", PUBLIC_ID, nullable=False),
        sa.Column("tokens", TOKENS, nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("record_id", name=op.f("uq_search_entries_record_id"))
    )
    op.create_table("utterances",
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterances"))
    )
    op.create_index(op.f("ix_utterances_dataset"), "utterances", ["dataset"])
    op.create_table("commitments",
        sa.Column("slug", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", term(COMMITMENT_KINDS, "kind"), nullable=False),
        sa.Column("latest_event", term(COMMITMENT_EVENTS, "latest_event"), nullable=True),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_commitments_date_has_bounds")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_commitments_date_in_order")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_commitments_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_commitments_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("seq", name=op.f("uq_commitments_seq")),
        sa.UniqueConstraint("slug", name=op.f("uq_commitments_slug"))
    )
    op.create_index("ix_commitments_by_date", "commitments", ["date_ascends", "id"], **LIVE)
    op.create_index("ix_commitments_by_date_descending", "commitments", ["date_descends", "id"], **LIVE)
    op.create_index("ix_commitments_by_end", "commitments", ["date_latest"], **LIVE)
    op.create_index("ix_commitments_by_kind", "commitments", ["kind", "date_ascends", "id"], **LIVE)
    op.create_index("ix_commitments_by_latest_event", "commitments", ["latest_event", "date_ascends", "id"], **LIVE)
    op.create_index("ix_commitments_by_update", "commitments", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_commitments_dataset"), "commitments", ["dataset"])
    op.create_table("documents",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_documents_seq_revisions")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_documents"))
    )
    op.create_table("officials",
        sa.Column("slug", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_name", SORT_TEXT, nullable=False),
        sa.Column("birth_edtf", sa.String(length=64), nullable=True),
        sa.Column("birth_earliest", sa.Date(), nullable=True),
        sa.Column("birth_latest", sa.Date(), nullable=True),
        sa.Column("death_edtf", sa.String(length=64), nullable=True),
        sa.Column("death_earliest", sa.Date(), nullable=True),
        sa.Column("death_latest", sa.Date(), nullable=True),
        sa.Column("merged_into_id", PUBLIC_ID, nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(birth_edtf IS NULL AND birth_earliest IS NULL AND birth_latest IS NULL) OR (birth_edtf IS NOT NULL AND (birth_earliest IS NOT NULL OR birth_latest IS NOT NULL))", name=op.f("ck_officials_birth_has_bounds")),
        sa.CheckConstraint("(death_edtf IS NULL AND death_earliest IS NULL AND death_latest IS NULL) OR (death_edtf IS NOT NULL AND (death_earliest IS NOT NULL OR death_latest IS NOT NULL))", name=op.f("ck_officials_death_has_bounds")),
        sa.CheckConstraint("birth_earliest <= birth_latest", name=op.f("ck_officials_birth_in_order")),
        sa.CheckConstraint("death_earliest <= death_latest", name=op.f("ck_officials_death_in_order")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_officials_not_merged_into_itself")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_officials_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["officials.id"], name=op.f("fk_officials_merged_into_id_officials")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_officials_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officials")),
        sa.UniqueConstraint("seq", name=op.f("uq_officials_seq")),
        sa.UniqueConstraint("slug", name=op.f("uq_officials_slug"))
    )
    op.create_index("ix_officials_by_name", "officials", ["sort_name", "id"], **LIVE)
    op.create_index("ix_officials_by_update", "officials", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_officials_dataset"), "officials", ["dataset"])
    op.create_index(op.f("ix_officials_merged_into_id"), "officials", ["merged_into_id"])
    op.create_table("parties",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("kind", term(PARTY_KINDS, "kind"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_name", SORT_TEXT, nullable=False),
        sa.Column("existed_from_edtf", sa.String(length=64), nullable=True),
        sa.Column("existed_from_earliest", sa.Date(), nullable=True),
        sa.Column("existed_from_latest", sa.Date(), nullable=True),
        sa.Column("existed_until_edtf", sa.String(length=64), nullable=True),
        sa.Column("existed_until_earliest", sa.Date(), nullable=True),
        sa.Column("existed_until_latest", sa.Date(), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(existed_from_edtf IS NULL AND existed_from_earliest IS NULL AND existed_from_latest IS NULL) OR (existed_from_edtf IS NOT NULL AND (existed_from_earliest IS NOT NULL OR existed_from_latest IS NOT NULL))", name=op.f("ck_parties_existed_from_has_bounds")),
        sa.CheckConstraint("(existed_until_edtf IS NULL AND existed_until_earliest IS NULL AND existed_until_latest IS NULL) OR (existed_until_edtf IS NOT NULL AND (existed_until_earliest IS NOT NULL OR existed_until_latest IS NOT NULL))", name=op.f("ck_parties_existed_until_has_bounds")),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_parties_code_is_upper_case")),
        sa.CheckConstraint("existed_from_earliest <= existed_from_latest", name=op.f("ck_parties_existed_from_in_order")),
        sa.CheckConstraint("existed_until_earliest <= existed_until_latest", name=op.f("ck_parties_existed_until_in_order")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_parties_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_parties_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
        sa.UniqueConstraint("code", name=op.f("uq_parties_code")),
        sa.UniqueConstraint("seq", name=op.f("uq_parties_seq"))
    )
    op.create_index("ix_parties_by_existence", "parties", ["existed_from_earliest", "existed_until_latest"])
    op.create_index("ix_parties_by_kind", "parties", ["kind", "sort_name", "id"], **LIVE)
    op.create_index("ix_parties_by_name", "parties", ["sort_name", "id"], **LIVE)
    op.create_index("ix_parties_by_update", "parties", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_parties_dataset"), "parties", ["dataset"])
    op.create_table("topics",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("parent_id", PUBLIC_ID, nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_topics_not_its_own_parent")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_topics_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["parent_id"], ["topics.id"], name=op.f("fk_topics_parent_id_topics"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_topics_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("code", name=op.f("uq_topics_code")),
        sa.UniqueConstraint("seq", name=op.f("uq_topics_seq"))
    )
    op.create_index("ix_topics_by_code", "topics", ["code", "id"], **LIVE)
    op.create_index("ix_topics_by_update", "topics", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_topics_dataset"), "topics", ["dataset"])
    op.create_index(op.f("ix_topics_parent_id"), "topics", ["parent_id"])
    op.create_table("visits",
        sa.Column("slug", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("kind", term(VISIT_KINDS, "kind"), nullable=True),
        sa.Column("status", term(EVENT_STATUSES, "status"), nullable=False),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_visits_date_has_bounds")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_visits_date_in_order")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_visits_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_visits_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("seq", name=op.f("uq_visits_seq")),
        sa.UniqueConstraint("slug", name=op.f("uq_visits_slug"))
    )
    op.create_index("ix_visits_by_date", "visits", ["date_ascends", "id"], **LIVE)
    op.create_index("ix_visits_by_date_descending", "visits", ["date_descends", "id"], **LIVE)
    op.create_index("ix_visits_by_end", "visits", ["date_latest"], **LIVE)
    op.create_index("ix_visits_by_kind", "visits", ["kind", "date_ascends", "id"], **LIVE)
    op.create_index("ix_visits_by_status", "visits", ["status", "date_ascends", "id"], **LIVE)
    op.create_index("ix_visits_by_update", "visits", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_visits_dataset"), "visits", ["dataset"])
    op.create_table("assessments",
        sa.Column("commitment_id", PUBLIC_ID, nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("assessor_folded", SORT_TEXT, nullable=False),
        sa.Column("verdict", term(VERDICTS, "verdict"), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_assessments_date_has_bounds")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_assessments_date_in_order")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_assessments_commitment_id_commitments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments"))
    )
    op.create_index("ix_assessments_by_assessor", "assessments", ["assessor_folded", "commitment_id"])
    op.create_index("ix_assessments_by_verdict", "assessments", ["verdict", "assessor_folded", "commitment_id"])
    op.create_index(op.f("ix_assessments_commitment_id"), "assessments", ["commitment_id"])
    op.create_table("commitment_actors",
        sa.Column("commitment_id", PUBLIC_ID, nullable=False),
        sa.Column("side", sa.String(length=2), nullable=False),
        sa.Column("party_id", PUBLIC_ID, nullable=False),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("side IN ('by', 'to')", name=op.f("ck_commitment_actors_side_is_known")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_actors_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_commitment_actors_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_commitment_actors_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_actors")),
        sa.UniqueConstraint("commitment_id", "side", "party_id", "official_id", name=op.f("uq_commitment_actors_commitment_id_side_party_id_official_id"))
    )
    op.create_index("ix_commitment_actors_by_official", "commitment_actors", ["official_id", "side", "commitment_id"])
    op.create_index("ix_commitment_actors_by_party", "commitment_actors", ["party_id", "side", "commitment_id"])
    op.create_index(op.f("ix_commitment_actors_commitment_id"), "commitment_actors", ["commitment_id"])
    op.create_table("commitment_topics",
        sa.Column("commitment_id", PUBLIC_ID, nullable=False),
        sa.Column("topic_id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_topics_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_commitment_topics_topic_id_topics")),
        sa.PrimaryKeyConstraint("commitment_id", "topic_id", name=op.f("pk_commitment_topics"))
    )
    op.create_index("ix_commitment_topics_by_topic", "commitment_topics", ["topic_id", "commitment_id"])
    op.create_table("meetings",
        sa.Column("slug", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sort_title", SORT_TEXT, nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("format", term(MEETING_FORMATS, "format"), nullable=False),
        sa.Column("status", term(EVENT_STATUSES, "status"), nullable=False),
        sa.Column("announced_beforehand", sa.Boolean(), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=True),
        sa.Column("starts_at_approximate", sa.Boolean(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("duration_qualifier", term(DURATION_QUALIFIERS, "duration_qualifier"), nullable=True),
        sa.Column("visit_id", PUBLIC_ID, nullable=True),
        sa.Column("sequence", sa.SmallInteger(), nullable=True),
        sa.Column("part_of_id", PUBLIC_ID, nullable=True),
        sa.Column("has_conflicts", sa.Boolean(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("place_folded", SORT_TEXT, nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("city_folded", SORT_TEXT, nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("country_id", PUBLIC_ID, nullable=True),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_meetings_date_has_bounds")),
        sa.CheckConstraint("(duration_minutes IS NULL) = (duration_qualifier IS NULL)", name=op.f("ck_meetings_a_duration_is_qualified")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_meetings_both_coordinates")),
        sa.CheckConstraint("(starts_at IS NULL) = (starts_at_approximate IS NULL)", name=op.f("ck_meetings_a_start_is_qualified")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_meetings_date_in_order")),
        sa.CheckConstraint("duration_minutes BETWEEN 0 AND 1000000", name=op.f("ck_meetings_duration_in_range")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_meetings_latitude_in_range")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_meetings_longitude_in_range")),
        sa.CheckConstraint("part_of_id <> id", name=op.f("ck_meetings_not_part_of_itself")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_meetings_sequence_starts_at_one")),
        sa.CheckConstraint("sequence IS NULL OR visit_id IS NOT NULL", name=op.f("ck_meetings_sequence_in_a_visit")),
        sa.CheckConstraint("starts_at IS NULL OR time_zone IS NOT NULL", name=op.f("ck_meetings_a_start_has_a_zone")),
        sa.ForeignKeyConstraint(["country_id"], ["parties.id"], name=op.f("fk_meetings_country_id_parties")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_meetings_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["part_of_id"], ["meetings.id"], name=op.f("fk_meetings_part_of_id_meetings"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_meetings_seq_revisions")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_meetings_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("seq", name=op.f("uq_meetings_seq")),
        sa.UniqueConstraint("slug", name=op.f("uq_meetings_slug"))
    )
    op.create_index("ix_meetings_by_city", "meetings", ["city_folded", "date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_conflict", "meetings", ["has_conflicts", "date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_country", "meetings", ["country_id", "date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_dataset", "meetings", ["dataset", "date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_date", "meetings", ["date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_date_descending", "meetings", ["date_descends", "id"], **LIVE)
    op.create_index("ix_meetings_by_end", "meetings", ["date_latest"], **LIVE)
    op.create_index("ix_meetings_by_format", "meetings", ["format", "date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_parent", "meetings", ["part_of_id", "id"], **LIVE)
    op.create_index("ix_meetings_by_status", "meetings", ["status", "date_ascends", "id"], **LIVE)
    op.create_index("ix_meetings_by_title", "meetings", ["sort_title", "id"], **LIVE)
    op.create_index("ix_meetings_by_update", "meetings", ["updated_at", "id"], **LIVE)
    op.create_index("ix_meetings_by_visit", "meetings", ["visit_id", "sequence", "id"], **LIVE)
    op.create_index(op.f("ix_meetings_dataset"), "meetings", ["dataset"])
    op.create_table("official_names",
        sa.Column("official_id", PUBLIC_ID, nullable=False),
        sa.Column("kind", term(NAME_KINDS, "kind"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", SORT_TEXT, nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("script", sa.String(length=4), nullable=True),
        sa.Column("valid_from_edtf", sa.String(length=64), nullable=True),
        sa.Column("valid_from_earliest", sa.Date(), nullable=True),
        sa.Column("valid_from_latest", sa.Date(), nullable=True),
        sa.Column("valid_until_edtf", sa.String(length=64), nullable=True),
        sa.Column("valid_until_earliest", sa.Date(), nullable=True),
        sa.Column("valid_until_latest", sa.Date(), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(valid_from_edtf IS NULL AND valid_from_earliest IS NULL AND valid_from_latest IS NULL) OR (valid_from_edtf IS NOT NULL AND (valid_from_earliest IS NOT NULL OR valid_from_latest IS NOT NULL))", name=op.f("ck_official_names_valid_from_has_bounds")),
        sa.CheckConstraint("(valid_until_edtf IS NULL AND valid_until_earliest IS NULL AND valid_until_latest IS NULL) OR (valid_until_edtf IS NOT NULL AND (valid_until_earliest IS NOT NULL OR valid_until_latest IS NOT NULL))", name=op.f("ck_official_names_valid_until_has_bounds")),
        sa.CheckConstraint("valid_from_earliest <= valid_from_latest", name=op.f("ck_official_names_valid_from_in_order")),
        sa.CheckConstraint("valid_until_earliest <= valid_until_latest", name=op.f("ck_official_names_valid_until_in_order")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_official_names_official_id_officials")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_names"))
    )
    op.create_index("ix_official_names_by_language", "official_names", ["official_id", "language"])
    op.create_index("ix_official_names_name_folded", "official_names", ["name_folded"])
    op.create_table("party_names",
        sa.Column("party_id", PUBLIC_ID, nullable=False),
        sa.Column("kind", term(NAME_KINDS, "kind"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", SORT_TEXT, nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("script", sa.String(length=4), nullable=True),
        sa.Column("valid_from_edtf", sa.String(length=64), nullable=True),
        sa.Column("valid_from_earliest", sa.Date(), nullable=True),
        sa.Column("valid_from_latest", sa.Date(), nullable=True),
        sa.Column("valid_until_edtf", sa.String(length=64), nullable=True),
        sa.Column("valid_until_earliest", sa.Date(), nullable=True),
        sa.Column("valid_until_latest", sa.Date(), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(valid_from_edtf IS NULL AND valid_from_earliest IS NULL AND valid_from_latest IS NULL) OR (valid_from_edtf IS NOT NULL AND (valid_from_earliest IS NOT NULL OR valid_from_latest IS NOT NULL))", name=op.f("ck_party_names_valid_from_has_bounds")),
        sa.CheckConstraint("(valid_until_edtf IS NULL AND valid_until_earliest IS NULL AND valid_until_latest IS NULL) OR (valid_until_edtf IS NOT NULL AND (valid_until_earliest IS NOT NULL OR valid_until_latest IS NOT NULL))", name=op.f("ck_party_names_valid_until_has_bounds")),
        sa.CheckConstraint("valid_from_earliest <= valid_from_latest", name=op.f("ck_party_names_valid_from_in_order")),
        sa.CheckConstraint("valid_until_earliest <= valid_until_latest", name=op.f("ck_party_names_valid_until_in_order")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_party_names_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_names"))
    )
    op.create_index(op.f("ix_party_names_party_id"), "party_names", ["party_id"])
    op.create_table("party_successions",
        sa.Column("predecessor_id", PUBLIC_ID, nullable=False),
        sa.Column("successor_id", PUBLIC_ID, nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("predecessor_id <> successor_id", name=op.f("ck_party_successions_not_its_own_successor")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["parties.id"], name=op.f("fk_party_successions_predecessor_id_parties")),
        sa.ForeignKeyConstraint(["successor_id"], ["parties.id"], name=op.f("fk_party_successions_successor_id_parties"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_successions")),
        sa.UniqueConstraint("predecessor_id", "successor_id", name=op.f("uq_party_successions_predecessor_id_successor_id"))
    )
    op.create_index(op.f("ix_party_successions_successor_id"), "party_successions", ["successor_id"])
    op.create_table("positions",
        sa.Column("official_id", PUBLIC_ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_folded", SORT_TEXT, nullable=False),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("level", term(LEVELS, "level"), nullable=False),
        sa.Column("start_edtf", sa.String(length=64), nullable=True),
        sa.Column("start_earliest", sa.Date(), nullable=True),
        sa.Column("start_latest", sa.Date(), nullable=True),
        sa.Column("start_ascends", sa.Date(), nullable=False),
        sa.Column("start_descends", sa.Date(), nullable=False),
        sa.Column("end_edtf", sa.String(length=64), nullable=True),
        sa.Column("end_earliest", sa.Date(), nullable=True),
        sa.Column("end_latest", sa.Date(), nullable=True),
        sa.Column("end_status", term(END_STATUSES, "end_status"), nullable=False),
        sa.Column("attested_until", sa.Date(), nullable=True),
        sa.Column("acting", sa.Boolean(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("end_edtf IS NULL OR end_status = 'ended'", name=op.f("ck_positions_only_an_ended_tenure_has_an_end")),
        sa.CheckConstraint("(end_edtf IS NULL AND end_earliest IS NULL AND end_latest IS NULL) OR (end_edtf IS NOT NULL AND (end_earliest IS NOT NULL OR end_latest IS NOT NULL))", name=op.f("ck_positions_end_has_bounds")),
        sa.CheckConstraint("(start_edtf IS NULL AND start_earliest IS NULL AND start_latest IS NULL) OR (start_edtf IS NOT NULL AND (start_earliest IS NOT NULL OR start_latest IS NOT NULL))", name=op.f("ck_positions_start_has_bounds")),
        sa.CheckConstraint("end_earliest <= end_latest", name=op.f("ck_positions_end_in_order")),
        sa.CheckConstraint("start_earliest <= end_latest", name=op.f("ck_positions_starts_before_it_ends")),
        sa.CheckConstraint("start_earliest <= start_latest", name=op.f("ck_positions_start_in_order")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_positions_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_positions_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_positions_party_id_parties")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_positions_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint("seq", name=op.f("uq_positions_seq"))
    )
    op.create_index("ix_positions_by_level", "positions", ["level", "start_ascends", "id"], **LIVE)
    op.create_index("ix_positions_by_official", "positions", ["official_id", "start_ascends", "id"], **LIVE)
    op.create_index("ix_positions_by_party", "positions", ["party_id", "level", "start_ascends", "id"], **LIVE)
    op.create_index("ix_positions_by_start", "positions", ["start_ascends", "id"], **LIVE)
    op.create_index("ix_positions_by_start_descending", "positions", ["start_descends", "id"], **LIVE)
    op.create_index("ix_positions_by_title", "positions", ["title_folded", "start_ascends", "id"], **LIVE)
    op.create_index("ix_positions_by_update", "positions", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_positions_dataset"), "positions", ["dataset"])
    op.create_table("sources",
        sa.Column("slug", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", term(SOURCE_KINDS, "kind"), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("publisher_folded", SORT_TEXT, nullable=False),
        sa.Column("perspective", sa.String(length=16), nullable=False),
        sa.Column("perspective_party_id", PUBLIC_ID, nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("archived_url", sa.Text(), nullable=True),
        sa.Column("republished_by", sa.Text(), nullable=True),
        sa.Column("known_through_id", PUBLIC_ID, nullable=True),
        sa.Column("accessed_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(perspective IN ('press', 'third_party')) = (perspective_party_id IS NULL)", name=op.f("ck_sources_perspective_is_known")),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_sources_date_has_bounds")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_sources_date_in_order")),
        sa.CheckConstraint("known_through_id <> id", name=op.f("ck_sources_not_known_through_itself")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_sources_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["known_through_id"], ["sources.id"], name=op.f("fk_sources_known_through_id_sources"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["perspective_party_id"], ["parties.id"], name=op.f("fk_sources_perspective_party_id_parties")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_sources_seq_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("seq", name=op.f("uq_sources_seq")),
        sa.UniqueConstraint("slug", name=op.f("uq_sources_slug"))
    )
    op.create_index("ix_sources_by_date", "sources", ["date_ascends", "id"], **LIVE)
    op.create_index("ix_sources_by_date_descending", "sources", ["date_descends", "id"], **LIVE)
    op.create_index("ix_sources_by_kind", "sources", ["kind", "date_ascends", "id"], **LIVE)
    op.create_index("ix_sources_by_language", "sources", ["language", "date_ascends", "id"], **LIVE)
    op.create_index("ix_sources_by_perspective", "sources", ["perspective", "date_ascends", "id"], **LIVE)
    op.create_index("ix_sources_by_publisher", "sources", ["publisher_folded", "date_ascends", "id"], **LIVE)
    op.create_index("ix_sources_by_update", "sources", ["updated_at", "id"], **LIVE)
    op.create_index(op.f("ix_sources_dataset"), "sources", ["dataset"])
    op.create_index(op.f("ix_sources_known_through_id"), "sources", ["known_through_id"])
    op.create_index(op.f("ix_sources_perspective_party_id"), "sources", ["perspective_party_id"])
    op.create_table("visit_parties",
        sa.Column("visit_id", PUBLIC_ID, nullable=False),
        sa.Column("party_id", PUBLIC_ID, nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("side IN ('visitor', 'host')", name=op.f("ck_visit_parties_side_is_known")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_visit_parties_party_id_parties")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_parties_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_parties")),
        sa.UniqueConstraint("party_id", "side", "visit_id", name=op.f("uq_visit_parties_party_id_side_visit_id")),
        sa.UniqueConstraint("visit_id", "side", "party_id", name=op.f("uq_visit_parties_visit_id_side_party_id"))
    )
    op.create_table("visit_stops",
        sa.Column("visit_id", PUBLIC_ID, nullable=False),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("place_folded", SORT_TEXT, nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("city_folded", SORT_TEXT, nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("country_id", PUBLIC_ID, nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_visit_stops_date_has_bounds")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_visit_stops_both_coordinates")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_visit_stops_date_in_order")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_visit_stops_latitude_in_range")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_visit_stops_longitude_in_range")),
        sa.ForeignKeyConstraint(["country_id"], ["parties.id"], name=op.f("fk_visit_stops_country_id_parties")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_stops_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_stops"))
    )
    op.create_index("ix_visit_stops_by_city", "visit_stops", ["city_folded", "visit_id"])
    op.create_index("ix_visit_stops_by_country", "visit_stops", ["country_id", "visit_id"])
    op.create_index("ix_visit_stops_by_place", "visit_stops", ["place_folded", "visit_id"])
    op.create_index(op.f("ix_visit_stops_visit_id"), "visit_stops", ["visit_id"])
    op.create_table("visit_travellers",
        sa.Column("visit_id", PUBLIC_ID, nullable=False),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("name_as_given", sa.Text(), nullable=False),
        sa.Column("title_as_given", sa.Text(), nullable=True),
        sa.Column("role", term(ROLES, "role"), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_visit_travellers_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_visit_travellers_party_id_parties")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_travellers_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_travellers")),
        sa.UniqueConstraint("official_id", "visit_id", name=op.f("uq_visit_travellers_official_id_visit_id"))
    )
    op.create_index("ix_visit_travellers_by_party", "visit_travellers", ["party_id", "visit_id"])
    op.create_index(op.f("ix_visit_travellers_visit_id"), "visit_travellers", ["visit_id"])
    op.create_table("commitment_events",
        sa.Column("commitment_id", PUBLIC_ID, nullable=False),
        sa.Column("event", term(COMMITMENT_EVENTS, "event"), nullable=False),
        sa.Column("meeting_id", PUBLIC_ID, nullable=True),
        sa.Column("actor_party_id", PUBLIC_ID, nullable=True),
        sa.Column("actor_id", PUBLIC_ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("in_retrospect", sa.Boolean(), nullable=False),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_commitment_events_date_has_bounds")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_commitment_events_date_in_order")),
        sa.ForeignKeyConstraint(["actor_id"], ["officials.id"], name=op.f("fk_commitment_events_actor_id_officials")),
        sa.ForeignKeyConstraint(["actor_party_id"], ["parties.id"], name=op.f("fk_commitment_events_actor_party_id_parties")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_events_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_commitment_events_meeting_id_meetings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_events"))
    )
    op.create_index("ix_commitment_events_by_actor", "commitment_events", ["actor_id"])
    op.create_index("ix_commitment_events_by_actor_party", "commitment_events", ["actor_party_id"])
    op.create_index("ix_commitment_events_by_commitment", "commitment_events", ["commitment_id", "event", "date_ascends"])
    op.create_index("ix_commitment_events_by_event", "commitment_events", ["event", "date_ascends", "commitment_id"])
    op.create_index("ix_commitment_events_by_meeting", "commitment_events", ["meeting_id", "event", "commitment_id"])
    op.create_table("commitment_wordings",
        sa.Column("commitment_id", PUBLIC_ID, nullable=False),
        sa.Column("party_id", PUBLIC_ID, nullable=False),
        sa.Column("source_id", PUBLIC_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_wordings_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_commitment_wordings_party_id_parties")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_commitment_wordings_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_wordings"))
    )
    op.create_index(op.f("ix_commitment_wordings_commitment_id"), "commitment_wordings", ["commitment_id"])
    op.create_index(op.f("ix_commitment_wordings_party_id"), "commitment_wordings", ["party_id"])
    op.create_index(op.f("ix_commitment_wordings_source_id"), "commitment_wordings", ["source_id"])
    op.create_table("meeting_local_dates",
        sa.Column("meeting_id", PUBLIC_ID, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_local_dates_meeting_id_meetings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_local_dates")),
        sa.UniqueConstraint("meeting_id", "time_zone", name=op.f("uq_meeting_local_dates_meeting_id_time_zone"))
    )
    op.create_table("meeting_topics",
        sa.Column("meeting_id", PUBLIC_ID, nullable=False),
        sa.Column("topic_id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_topics_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_meeting_topics_topic_id_topics")),
        sa.PrimaryKeyConstraint("meeting_id", "topic_id", name=op.f("pk_meeting_topics"))
    )
    op.create_index("ix_meeting_topics_by_topic", "meeting_topics", ["topic_id", "meeting_id"])
    op.create_table("participations",
        sa.Column("meeting_id", PUBLIC_ID, nullable=False),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("name_as_given", sa.Text(), nullable=False),
        sa.Column("title_as_given", sa.Text(), nullable=True),
        sa.Column("role", term(ROLES, "role"), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_participations_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_participations_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_participations_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint("meeting_id", "id", name=op.f("uq_participations_meeting_id_id")),
        sa.UniqueConstraint("official_id", "meeting_id", name=op.f("uq_participations_official_id_meeting_id"))
    )
    op.create_index("ix_participations_by_party", "participations", ["party_id", "meeting_id"])
    op.create_table("statements",
        sa.Column("speaker_id", PUBLIC_ID, nullable=True),
        sa.Column("speaker_name_as_given", sa.Text(), nullable=True),
        sa.Column("speaker_title_as_given", sa.Text(), nullable=True),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("on_behalf_of_official_id", PUBLIC_ID, nullable=True),
        sa.Column("on_behalf_of_party_id", PUBLIC_ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("wording", term(WORDINGS, "wording"), nullable=False),
        sa.Column("speech_act", term(SPEECH_ACTS, "speech_act"), nullable=True),
        sa.Column("meeting_id", PUBLIC_ID, nullable=True),
        sa.Column("visit_id", PUBLIC_ID, nullable=True),
        sa.Column("utterance_id", PUBLIC_ID, nullable=True),
        sa.Column("date_edtf", sa.String(length=64), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_ascends", sa.Date(), nullable=False),
        sa.Column("date_descends", sa.Date(), nullable=False),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("seq", SEQUENCE, nullable=True),
        sa.Column("deleted_seq", SEQUENCE, nullable=True),
        sa.CheckConstraint("(date_edtf IS NULL AND date_earliest IS NULL AND date_latest IS NULL) OR (date_edtf IS NOT NULL AND (date_earliest IS NOT NULL OR date_latest IS NOT NULL))", name=op.f("ck_statements_date_has_bounds")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_statements_date_in_order")),
        sa.CheckConstraint("speaker_id IS NOT NULL OR party_id IS NOT NULL OR speaker_name_as_given IS NOT NULL", name=op.f("ck_statements_somebody_speaks")),
        sa.ForeignKeyConstraint(["deleted_seq"], ["revisions.seq"], name=op.f("fk_statements_deleted_seq_revisions")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_statements_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["on_behalf_of_official_id"], ["officials.id"], name=op.f("fk_statements_on_behalf_of_official_id_officials")),
        sa.ForeignKeyConstraint(["on_behalf_of_party_id"], ["parties.id"], name=op.f("fk_statements_on_behalf_of_party_id_parties")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_statements_party_id_parties")),
        sa.ForeignKeyConstraint(["seq"], ["revisions.seq"], name=op.f("fk_statements_seq_revisions")),
        sa.ForeignKeyConstraint(["speaker_id"], ["officials.id"], name=op.f("fk_statements_speaker_id_officials")),
        sa.ForeignKeyConstraint(["utterance_id"], ["utterances.id"], name=op.f("fk_statements_utterance_id_utterances")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_statements_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("seq", name=op.f("uq_statements_seq"))
    )
    op.create_index("ix_statements_by_date", "statements", ["date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_date_descending", "statements", ["date_descends", "id"], **LIVE)
    op.create_index("ix_statements_by_end", "statements", ["date_latest"], **LIVE)
    op.create_index("ix_statements_by_language", "statements", ["language", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_meeting", "statements", ["meeting_id", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_party", "statements", ["party_id", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_principal", "statements", ["on_behalf_of_official_id", "id"], **LIVE)
    op.create_index("ix_statements_by_principal_party", "statements", ["on_behalf_of_party_id", "id"], **LIVE)
    op.create_index("ix_statements_by_speaker", "statements", ["speaker_id", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_speech_act", "statements", ["speech_act", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_update", "statements", ["updated_at", "id"], **LIVE)
    op.create_index("ix_statements_by_utterance", "statements", ["utterance_id", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_visit", "statements", ["visit_id", "date_ascends", "id"], **LIVE)
    op.create_index("ix_statements_by_wording", "statements", ["wording", "date_ascends", "id"], **LIVE)
    op.create_index(op.f("ix_statements_dataset"), "statements", ["dataset"])
    op.create_table("citations",
        sa.Column("source_id", PUBLIC_ID, nullable=False),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("position_id", PUBLIC_ID, nullable=True),
        sa.Column("visit_id", PUBLIC_ID, nullable=True),
        sa.Column("meeting_id", PUBLIC_ID, nullable=True),
        sa.Column("statement_id", PUBLIC_ID, nullable=True),
        sa.Column("commitment_id", PUBLIC_ID, nullable=True),
        sa.Column("commitment_event_id", PUBLIC_ID, nullable=True),
        sa.Column("assessment_id", PUBLIC_ID, nullable=True),
        sa.Column("locator", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("prefix", sa.Text(), nullable=True),
        sa.Column("suffix", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("CASE WHEN official_id IS NULL THEN 0 ELSE 1 END + CASE WHEN position_id IS NULL THEN 0 ELSE 1 END + CASE WHEN visit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END + CASE WHEN commitment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN commitment_event_id IS NULL THEN 0 ELSE 1 END + CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END = 1", name=op.f("ck_citations_one_subject")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_citations_assessment_id_assessments")),
        sa.ForeignKeyConstraint(["commitment_event_id"], ["commitment_events.id"], name=op.f("fk_citations_commitment_event_id_commitment_events")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_citations_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_citations_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_citations_official_id_officials")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_citations_position_id_positions")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_citations_source_id_sources")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_citations_statement_id_statements")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_citations_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations"))
    )
    op.create_index("ix_citations_by_assessment", "citations", ["assessment_id", "source_id"])
    op.create_index("ix_citations_by_commitment", "citations", ["commitment_id", "source_id"])
    op.create_index("ix_citations_by_commitment_event", "citations", ["commitment_event_id", "source_id"])
    op.create_index("ix_citations_by_meeting", "citations", ["meeting_id", "source_id"])
    op.create_index("ix_citations_by_official", "citations", ["official_id", "source_id"])
    op.create_index("ix_citations_by_position", "citations", ["position_id", "source_id"])
    op.create_index("ix_citations_by_statement", "citations", ["statement_id", "source_id"])
    op.create_index("ix_citations_by_visit", "citations", ["visit_id", "source_id"])
    op.create_index(op.f("ix_citations_source_id"), "citations", ["source_id"])
    op.create_table("claims",
        sa.Column("source_id", PUBLIC_ID, nullable=False),
        sa.Column("position_id", PUBLIC_ID, nullable=True),
        sa.Column("visit_id", PUBLIC_ID, nullable=True),
        sa.Column("meeting_id", PUBLIC_ID, nullable=True),
        sa.Column("commitment_id", PUBLIC_ID, nullable=True),
        sa.Column("participation_id", PUBLIC_ID, nullable=True),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("qualifier", term(DURATION_QUALIFIERS, "qualifier"), nullable=True),
        sa.Column("rank", term(CLAIM_RANKS, "rank"), nullable=False),
        sa.Column("attestation", term(ATTESTATIONS, "attestation"), nullable=True),
        sa.Column("locator", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("prefix", sa.Text(), nullable=True),
        sa.Column("suffix", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(attestation IS NULL) = (field <> 'topics')", name=op.f("ck_claims_topics_are_attested")),
        sa.CheckConstraint("CASE WHEN position_id IS NULL THEN 0 ELSE 1 END + CASE WHEN visit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN commitment_id IS NULL THEN 0 ELSE 1 END = 1", name=op.f("ck_claims_one_subject")),
        sa.CheckConstraint("participation_id IS NULL OR meeting_id IS NOT NULL", name=op.f("ck_claims_participation_of_a_meeting")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_claims_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["meeting_id", "participation_id"], ["participations.meeting_id", "participations.id"], name="fk_claims_participation", initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_claims_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_claims_position_id_positions")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_claims_source_id_sources")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_claims_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims"))
    )
    op.create_index("ix_claims_by_commitment", "claims", ["commitment_id", "field"])
    op.create_index("ix_claims_by_meeting", "claims", ["meeting_id", "field"])
    op.create_index("ix_claims_by_participation", "claims", ["participation_id"])
    op.create_index("ix_claims_by_position", "claims", ["position_id", "field"])
    op.create_index("ix_claims_by_visit", "claims", ["visit_id", "field"])
    op.create_index(op.f("ix_claims_source_id"), "claims", ["source_id"])
    op.create_table("identifiers",
        sa.Column("scheme", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=256), nullable=False),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("position_id", PUBLIC_ID, nullable=True),
        sa.Column("visit_id", PUBLIC_ID, nullable=True),
        sa.Column("meeting_id", PUBLIC_ID, nullable=True),
        sa.Column("statement_id", PUBLIC_ID, nullable=True),
        sa.Column("commitment_id", PUBLIC_ID, nullable=True),
        sa.Column("source_id", PUBLIC_ID, nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("CASE WHEN party_id IS NULL THEN 0 ELSE 1 END + CASE WHEN official_id IS NULL THEN 0 ELSE 1 END + CASE WHEN position_id IS NULL THEN 0 ELSE 1 END + CASE WHEN visit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END + CASE WHEN commitment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN source_id IS NULL THEN 0 ELSE 1 END = 1", name=op.f("ck_identifiers_one_subject")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_identifiers_commitment_id_commitments")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_identifiers_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_identifiers_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_identifiers_party_id_parties")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_identifiers_position_id_positions")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_identifiers_source_id_sources")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_identifiers_statement_id_statements")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_identifiers_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
        sa.UniqueConstraint("scheme", "value", name=op.f("uq_identifiers_scheme_value"))
    )
    op.create_index("ix_identifiers_by_commitment", "identifiers", ["commitment_id"])
    op.create_index("ix_identifiers_by_meeting", "identifiers", ["meeting_id"])
    op.create_index("ix_identifiers_by_official", "identifiers", ["official_id"])
    op.create_index("ix_identifiers_by_party", "identifiers", ["party_id"])
    op.create_index("ix_identifiers_by_position", "identifiers", ["position_id"])
    op.create_index("ix_identifiers_by_source", "identifiers", ["source_id"])
    op.create_index("ix_identifiers_by_statement", "identifiers", ["statement_id"])
    op.create_index("ix_identifiers_by_visit", "identifiers", ["visit_id"])
    op.create_table("statement_addressees",
        sa.Column("statement_id", PUBLIC_ID, nullable=False),
        sa.Column("official_id", PUBLIC_ID, nullable=True),
        sa.Column("party_id", PUBLIC_ID, nullable=True),
        sa.Column("name_as_given", sa.Text(), nullable=True),
        sa.Column("id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("official_id IS NOT NULL OR party_id IS NOT NULL OR name_as_given IS NOT NULL", name=op.f("ck_statement_addressees_somebody_is_addressed")),
        sa.ForeignKeyConstraint(["official_id"], ["officials.id"], name=op.f("fk_statement_addressees_official_id_officials")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_statement_addressees_party_id_parties")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_addressees_statement_id_statements")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_addressees"))
    )
    op.create_index("ix_statement_addressees_by_official", "statement_addressees", ["official_id", "statement_id"])
    op.create_index("ix_statement_addressees_by_party", "statement_addressees", ["party_id", "statement_id"])
    op.create_index(op.f("ix_statement_addressees_statement_id"), "statement_addressees", ["statement_id"])
    op.create_table("statement_topics",
        sa.Column("statement_id", PUBLIC_ID, nullable=False),
        sa.Column("topic_id", PUBLIC_ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_topics_statement_id_statements")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_statement_topics_topic_id_topics")),
        sa.PrimaryKeyConstraint("statement_id", "topic_id", name=op.f("pk_statement_topics"))
    )
    op.create_index("ix_statement_topics_by_topic", "statement_topics", ["topic_id", "statement_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT_ON_SQLITE:
            op.execute(statement)
    else:
        op.create_index("ix_search_entries_tokens", "search_entries", ["tokens"], postgresql_using="gin")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    for table in reversed(TABLES):
        op.drop_table(table)
