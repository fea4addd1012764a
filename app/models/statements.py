"""Statements: who said what, to whom, about what; and the utterances that they render."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    LIVE,
    Base,
    Cited,
    Dated,
    Identified,
    Listed,
    Part,
    PublicId,
    Record,
    date_checks,
    days_of_datasets,
    deleted,
    live,
    live_and_filled,
    partial,
    spans,
    term_type,
)
from app.models.meetings import Meeting
from app.models.officials import Official
from app.models.parties import Party
from app.models.topics import Topic
from app.models.visits import Visit
from app.vocabulary import SpeechAct, Wording


class Utterance(Base):
    """One thing said once; the statements that point here are its renderings."""

    __tablename__ = "utterances"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    label: Mapped[str]
    dataset: Mapped[str] = mapped_column(String(64))


class Statement(Identified, Cited, Dated, Record, Base):
    """One rendering of something said, or reported as said.

    The speaker is an official, a party as such, or whoever the source names; `party_id` is
    the side that speaks. Those who say it together with the speaker, as in a joint statement,
    are its co-speakers. `language` is the language of `text`, not of the words spoken.
    """

    __tablename__ = "statements"

    speaker_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    speaker_name_as_given: Mapped[str | None]
    speaker_title_as_given: Mapped[str | None]
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    on_behalf_of_official_id: Mapped[str | None] = mapped_column(
        PublicId, ForeignKey("officials.id")
    )
    on_behalf_of_party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(35))
    wording: Mapped[Wording] = mapped_column(term_type(Wording, "wording"))
    speech_act: Mapped[SpeechAct | None] = mapped_column(term_type(SpeechAct, "speech_act"))
    meeting_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("meetings.id"))
    visit_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("visits.id"))
    utterance_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("utterances.id"))

    speaker: Mapped[Official | None] = relationship(foreign_keys=[speaker_id], lazy="raise")
    party: Mapped[Party | None] = relationship(foreign_keys=[party_id], lazy="raise")
    on_behalf_of_official: Mapped[Official | None] = relationship(
        foreign_keys=[on_behalf_of_official_id], lazy="raise"
    )
    on_behalf_of_party: Mapped[Party | None] = relationship(
        foreign_keys=[on_behalf_of_party_id], lazy="raise"
    )
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    visit: Mapped[Visit | None] = relationship(lazy="raise")
    utterance: Mapped[Utterance | None] = relationship(lazy="raise")
    addressees: Mapped[list["Addressee"]] = relationship(
        cascade="all, delete-orphan", order_by="Addressee.ordinal", lazy="raise"
    )
    co_speakers: Mapped[list["CoSpeaker"]] = relationship(
        cascade="all, delete-orphan", order_by="CoSpeaker.ordinal", lazy="raise"
    )
    topic_links: Mapped[list["StatementTopic"]] = relationship(
        cascade="all, delete-orphan", order_by="StatementTopic.ordinal", lazy="raise"
    )

    __table_args__ = (
        *date_checks("date"),
        CheckConstraint(
            "speaker_id IS NOT NULL OR party_id IS NOT NULL OR speaker_name_as_given IS NOT NULL",
            name="somebody_speaks",
        ),
        live("date_ascends", "id", name="ix_statements_by_date"),
        live("date_descends", "id", name="ix_statements_by_date_descending"),
        *spans("statements"),
        *days_of_datasets("statements"),
        deleted("statements"),
        live("speaker_id", "date_ascends", "id", name="ix_statements_by_speaker"),
        live("party_id", "date_ascends", "id", name="ix_statements_by_party"),
        partial(
            "party_id",
            "date_ascends",
            "id",
            name="ix_statements_by_party_as_such",
            where=f"{LIVE} AND speaker_id IS NULL",
        ),
        live_and_filled(
            "on_behalf_of_official_id", "date_ascends", "id", name="ix_statements_by_principal"
        ),
        live_and_filled(
            "on_behalf_of_party_id", "date_ascends", "id", name="ix_statements_by_principal_party"
        ),
        live("meeting_id", "date_ascends", "id", name="ix_statements_by_meeting"),
        live_and_filled("visit_id", "date_ascends", "id", name="ix_statements_by_visit"),
        live_and_filled("utterance_id", "date_ascends", "id", name="ix_statements_by_utterance"),
        live("wording", "date_ascends", "id", name="ix_statements_by_wording"),
        live("speech_act", "date_ascends", "id", name="ix_statements_by_speech_act"),
        live("language", "date_ascends", "id", name="ix_statements_by_language"),
        live("updated_at", "id", "date_ascends", name="ix_statements_by_update"),
    )


class Addressee(Listed, Part, Base):
    """Whom a statement was addressed to: an official, a party, or a name as given."""

    __tablename__ = "statement_addressees"

    statement_id: Mapped[str] = mapped_column(PublicId, ForeignKey("statements.id"), index=True)
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    name_as_given: Mapped[str | None]

    official: Mapped[Official | None] = relationship(lazy="raise")
    party: Mapped[Party | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "official_id IS NOT NULL OR party_id IS NOT NULL OR name_as_given IS NOT NULL",
            name="somebody_is_addressed",
        ),
        Index("ix_statement_addressees_by_official", "official_id", "listed_on", "statement_id"),
        partial(
            "party_id",
            "listed_on",
            "statement_id",
            name="ix_statement_addressees_by_party",
            where="official_id IS NULL",
        ),
    )


class CoSpeaker(Listed, Part, Base):
    """Who says a statement together with its speaker: an official, a party, or a name as given."""

    __tablename__ = "statement_co_speakers"

    statement_id: Mapped[str] = mapped_column(PublicId, ForeignKey("statements.id"), index=True)
    official_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("officials.id"))
    party_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("parties.id"))
    name_as_given: Mapped[str | None]
    title_as_given: Mapped[str | None]

    official: Mapped[Official | None] = relationship(lazy="raise")
    party: Mapped[Party | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "official_id IS NOT NULL OR party_id IS NOT NULL OR name_as_given IS NOT NULL",
            name="somebody_speaks",
        ),
        Index("ix_statement_co_speakers_by_official", "official_id", "listed_on", "statement_id"),
        Index("ix_statement_co_speakers_by_party", "party_id", "listed_on", "statement_id"),
    )


class StatementTopic(Listed, Base):
    """A topic of a statement."""

    __tablename__ = "statement_topics"

    statement_id: Mapped[str] = mapped_column(PublicId, ForeignKey("statements.id"))
    topic_id: Mapped[str] = mapped_column(PublicId, ForeignKey("topics.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger, default=0)

    topic: Mapped[Topic] = relationship(lazy="raise")

    __table_args__ = (
        PrimaryKeyConstraint("statement_id", "topic_id"),
        Index("ix_statement_topics_by_topic", "topic_id", "listed_on", "statement_id"),
    )
