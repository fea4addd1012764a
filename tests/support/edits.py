"""Random edits of records, each at a chosen instant, for tests that look back on them.

They change the rows and publish through the recorder, as whatever writes does, and hold to no rule
of the field. Deletions and mergers are those of editors.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.editing import edits, merging
from app.editing.edits import State
from app.folding import fold, sort_key
from app.models import (
    RECORDS,
    Addressee,
    Citation,
    Claim,
    Commitment,
    CommitmentEvent,
    CoSpeaker,
    Lineage,
    Meeting,
    Official,
    OfficialName,
    Participation,
    Party,
    Position,
    Revision,
    Source,
    Statement,
    Topic,
    Traveller,
    Utterance,
    Visit,
)
from app.record.loading import load
from app.record.recorder import Change, Recorder
from app.vocabulary import Operation, RecordKind


def whatever(_: State) -> None:
    """The precondition of one who has read nothing."""


CHANGE = Change(actor="tests")
KIND: dict[type, RecordKind] = {model: kind for kind, model in RECORDS.items()}
Way = Callable[["Edit"], Sequence[Any]]
"""Changes something, and says which records it touched."""


class Edit:
    """One transaction of random changes."""

    def __init__(self, session: Session, dice: Random, number: int) -> None:
        self.session = session
        self.dice = dice
        self.number = number
        self.made = 0

    def one(self, model: Any, *conditions: Any) -> Any:
        """A live record, or a part of one."""
        if hasattr(model, "deleted_seq"):
            conditions = (*conditions, model.deleted_seq.is_(None))
        ids = list(self.session.scalars(select(model.id).where(*conditions).order_by(model.id)))
        return self.session.get(model, self.dice.choice(ids)) if ids else None

    def owner(self, part: Any, column: str, model: Any) -> Any:
        """The record that a part belongs to; nothing of a deleted one is changed."""
        row: Any = self.session.get(model, getattr(part, column))
        return row if row.deleted_seq is None else None

    def new_id(self) -> str:
        self.made += 1
        return f"01c00000-0000-7000-8000-{self.number:06x}{self.made:06x}"

    def title(self) -> str:
        return f"Edit {self.number}, {self.dice.randrange(10**6)}"

    def day(self) -> str | None:
        return self.dice.choice((None, "1972", "2023-06", f"2023-06-{self.dice.randint(10, 28)}"))


def retitle(edit: Edit) -> Sequence[Any]:
    row = edit.one(edit.dice.choice((Visit, Meeting, Source, Commitment, Position)))
    row.title = edit.title()
    return [row]


def rename_somebody(edit: Edit) -> Sequence[Any]:
    """Those who are included are in the order of their names."""
    row = edit.one(Official)
    row.name = f"{edit.dice.choice('ABMXYZ')} {edit.title()}"
    row.sort_name = sort_key(row.name)
    name = f"名{edit.title()}"
    edit.session.add(
        OfficialName(
            id=edit.new_id(),
            official_id=row.id,
            ordinal=100 + edit.number,
            name=name,
            name_folded=fold(name),
            language=edit.dice.choice(("zh", "zh-Hans", "de")),
            kind=edit.dice.choice(("native", "transliteration")),
        )
    )
    return [row]


def rename_a_party_or_topic(edit: Edit) -> Sequence[Any]:
    party, topic = edit.one(Party), edit.one(Topic)
    party.name, topic.label = edit.title(), edit.title()
    return [party, topic]


def redate(edit: Edit) -> Sequence[Any]:
    row = edit.one(edit.dice.choice((Meeting, Statement, Commitment, Source)))
    row.date = edit.day()
    return [row]


def move_a_meeting(edit: Edit) -> Sequence[Any]:
    row, other = edit.one(Meeting), edit.one(Meeting)
    visit = edit.dice.choice((None, edit.one(Visit)))
    row.visit_id = visit and visit.id
    row.sequence = visit and edit.dice.choice((None, 1, 2, 3))
    row.part_of_id = None if other is row else edit.dice.choice((None, other.id))
    return [row]


def move_a_statement(edit: Edit) -> Sequence[Any]:
    row = edit.one(Statement)
    row.meeting_id = edit.dice.choice((None, edit.one(Meeting).id))
    row.visit_id = edit.dice.choice((None, edit.one(Visit).id))
    return [row]


def render_another_utterance(edit: Edit) -> Sequence[Any]:
    row, other = edit.one(Statement), edit.one(Statement, Statement.utterance_id.is_not(None))
    utterance = Utterance(id=edit.new_id(), label=edit.title(), dataset="tests")
    edit.session.add(utterance)
    edit.session.flush()
    row.utterance_id = edit.dice.choice((None, utterance.id, other and other.utterance_id))
    return [row]


def speak_with_others(edit: Edit) -> Sequence[Any]:
    row = edit.one(Statement)
    row.on_behalf_of_official_id = edit.dice.choice((None, edit.one(Official).id))
    for model in (CoSpeaker, Addressee):
        there = edit.one(model, model.statement_id == row.id)
        if there is not None:
            there.official_id = edit.one(Official).id
        else:
            edit.session.add(
                model(id=edit.new_id(), statement_id=row.id, official_id=edit.one(Official).id)
            )
    return [row]


def say_something(edit: Edit) -> Sequence[Any]:
    row = Statement(
        id=edit.new_id(),
        party_id=edit.one(Party).id,
        text=edit.title(),
        language="en",
        wording="reported",
        meeting_id=edit.dice.choice((None, edit.one(Meeting).id)),
        dataset="tests",
        rev=0,
        created_at=datetime.fromisoformat("2023-06-19T00:00:00+00:00"),
        updated_at=datetime.fromisoformat("2023-06-19T00:00:00+00:00"),
    )
    edit.session.add(row)
    edit.session.flush()
    return [row]


def cite(edit: Edit) -> Sequence[Any]:
    row = edit.one(edit.dice.choice((Visit, Meeting, Statement, Commitment, Official, Position)))
    source, column = edit.one(Source), f"{KIND[type(row)]}_id"
    place = {"ordinal": 100 + edit.number, "source_id": source.id, column: row.id}
    edit.session.add(Citation(id=edit.new_id(), **place))
    return [row]


def claim(edit: Edit) -> Sequence[Any]:
    """A source that claims a field of a commitment belongs to it, cited or not."""
    row = edit.one(Commitment)
    edit.session.add(
        Claim(
            id=edit.new_id(),
            source_id=edit.one(Source).id,
            commitment_id=row.id,
            ordinal=100 + edit.number,
            field="title",
            value=edit.title(),
        )
    )
    return [row]


def cite_no_more(edit: Edit) -> Sequence[Any]:
    citation = edit.one(Citation, Citation.meeting_id.is_not(None))
    row = citation and edit.owner(citation, "meeting_id", Meeting)
    if row is None:
        return []
    edit.session.delete(citation)
    return [row]


def replace_somebody(edit: Edit) -> Sequence[Any]:
    found = []
    for model, column, owner in (
        (Participation, "meeting_id", Meeting),
        (Traveller, "visit_id", Visit),
    ):
        part: Any = edit.one(model)
        row = edit.owner(part, column, owner)
        same = getattr(model, column) == getattr(part, column)
        taken = edit.session.scalars(select(model.official_id).where(same))
        wanted = edit.one(Official)
        if row is not None and wanted.id not in set(taken):
            part.official_id = wanted.id
            found.append(row)
    return found


def let_something_happen(edit: Edit) -> Sequence[Any]:
    row = edit.one(Commitment)
    event = CommitmentEvent(
        id=edit.new_id(),
        commitment_id=row.id,
        ordinal=100 + edit.number,
        event="reaffirmed",
        meeting_id=edit.dice.choice((None, edit.one(Meeting).id)),
        actor_id=edit.one(Official).id,
    )
    event.date = edit.day()
    edit.session.add(event)
    edit.session.flush()
    edit.session.add(
        Citation(id=edit.new_id(), source_id=edit.one(Source).id, commitment_event_id=event.id)
    )
    return [row]


def move_an_event(edit: Edit) -> Sequence[Any]:
    event = edit.one(CommitmentEvent)
    row = edit.owner(event, "commitment_id", Commitment)
    event.meeting_id = edit.dice.choice((None, edit.one(Meeting).id))
    return [] if row is None else [row]


def restate(edit: Edit) -> Sequence[Any]:
    row, earlier = edit.one(Commitment), edit.one(Commitment)
    there = edit.one(Lineage, Lineage.commitment_id == row.id)
    if there is not None:
        edit.session.delete(there)
    elif row is not earlier:
        parts = {
            "commitment_id": row.id,
            "earlier_id": earlier.id,
            "source_id": edit.one(Source).id,
        }
        edit.session.add(Lineage(id=edit.new_id(), relation="restates", **parts))
    return [row]


WAYS: tuple[Way, ...] = (
    *(retitle, rename_somebody, rename_a_party_or_topic, redate, move_a_meeting),
    *(move_a_statement, render_another_utterance, speak_with_others, say_something, cite),
    *(cite_no_more, claim, replace_somebody, let_something_happen, move_an_event, restate),
)


def edit_at(engine: Engine, at: datetime, *, dice: Random, number: int) -> None:
    """One transaction in which each way of editing is gone twice, in a random order."""
    with Session(engine, autoflush=False) as session, session.begin():
        edit = Edit(session, dice, number)
        touched: dict[RecordKind, set[str]] = {}
        for way in dice.sample(WAYS * 2, len(WAYS) * 2):
            for row in way(edit):
                touched.setdefault(KIND[type(row)], set()).add(row.id)
            session.flush()
        Recorder(session, changed_at(at)).publish(touched)


def changed_at(at: datetime) -> Change:
    return Change(actor=CHANGE.actor, clock=lambda: at)


def delete_at(engine: Engine, at: datetime, model: Any, record_id: str) -> None:
    """Delete a record to which nothing refers."""
    with Session(engine, autoflush=False) as session, session.begin():
        edits.delete(session, KIND[model], record_id, changed_at(at), whatever)


def restore_at(engine: Engine, at: datetime, model: Any, record_id: str) -> None:
    """Restore a record, even among neighbours that random edits have left at odds with it."""
    with Session(engine, autoflush=False) as session, session.begin():
        session.get_one(model, record_id).deleted_seq = None
        recorder = Recorder(session, changed_at(at))
        recorder.publish({KIND[model]: [record_id]}, operation=Operation.RESTORE)


def merge_at(engine: Engine, at: datetime, official_id: str, into: str) -> None:
    with Session(engine, autoflush=False) as session, session.begin():
        merging.merge(session, official_id, into, changed_at(at), whatever)


def loaded(session: Session, model: Any, record_id: str) -> Any:
    """A record with all that its document reads."""
    session.expire_all()
    (row,) = load(session, KIND[model], [record_id])
    return row


def when(engine: Engine, record_id: str) -> list[tuple[int, datetime, Operation]]:
    """The revisions of a record: seq, instant and operation."""
    statement = (
        select(Revision.seq, Revision.at, Revision.operation)
        .where(Revision.record_id == record_id)
        .order_by(Revision.seq)
    )
    with Session(engine) as session:
        return [(row.seq, row.at, row.operation) for row in session.execute(statement)]


def edit_row_at(engine: Engine, at: datetime, model: Any, record_id: str, **values: Any) -> None:
    """Set columns of one record; of an official, `names` are former names with new ones."""
    with Session(engine, autoflush=False) as session, session.begin():
        row = loaded(session, model, record_id)
        for name in getattr(row, "names", ()):
            name.name = values.get("names", {}).get(name.name, name.name)
        for column, value in values.items():
            if column != "names":
                setattr(row, column, value)
        Recorder(session, changed_at(at)).publish({KIND[model]: {record_id}})
