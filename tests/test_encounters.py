"""Who met whom, and what lies between two parties: rows that follow the documents, always.

They are derived here once more, from nothing but the documents.
"""

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.models import Encounter, Official, Party, TimelineEntry
from tests.conftest import copy_of_seed
from tests.support.api import ENGINES
from tests.support.loading import CROWD, load_text
from tests.support.log import documents

Row = tuple[Any, ...]

STORY = """\
parties:
  - { id: 01a50000-0000-7000-8000-000000000001, code: AA, kind: state, name: Aland }
  - { id: 01a50000-0000-7000-8000-000000000002, code: BB, kind: state, name: Beland }
  - { id: 01a50000-0000-7000-8000-000000000003, code: CC, kind: state, name: Celand }
sources:
  - id: 01a50000-0000-7000-8000-000000000011
    slug: wire
    title: Wire
    kind: wire
    publisher: Wire
    perspective: press
officials:
  - { id: 01a50000-0000-7000-8000-000000000021, slug: ada, name: Ada }
  - { id: 01a50000-0000-7000-8000-000000000022, slug: ada-aide, name: Aide of Ada }
  - { id: 01a50000-0000-7000-8000-000000000023, slug: bo, name: Bo }
  - { id: 01a50000-0000-7000-8000-000000000024, slug: bo-interpreter, name: Interpreter of Bo }
  - { id: 01a50000-0000-7000-8000-000000000025, slug: cy, name: Cy }
  - { id: 01a50000-0000-7000-8000-000000000026, slug: guest, name: Guest }
visits:
  - id: 01a50000-0000-7000-8000-000000000031
    slug: journey
    title: Journey
    status: held
    date: "1971-07"
    visitor_parties: [AA]
    host_parties: [BB, CC]
    citations: [wire]
meetings:
  - id: 01a50000-0000-7000-8000-000000000041
    slug: two-sides
    title: Of two sides
    format: expanded
    status: held
    date: "1971-07-09"
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
      - { official: ada-aide, name_as_given: Aide, party: AA, role: accompanying }
      - { official: bo, name_as_given: Bo, party: BB, role: host }
      - { official: bo-interpreter, name_as_given: Interpreter, party: BB, role: interpreter }
      - { name_as_given: a note-taker, party: CC, role: notetaker }
    citations: [wire]
  - id: 01a50000-0000-7000-8000-000000000042
    slug: three-sides
    title: Of three sides
    format: trilateral
    status: held
    date: "1971-08/.."
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
      - { official: bo, name_as_given: Bo, party: BB, role: principal }
      - { official: cy, name_as_given: Cy, party: CC, role: principal }
    citations: [wire]
  - id: 01a50000-0000-7000-8000-000000000043
    slug: unknown-sides
    title: Of unknown sides
    format: pull_aside
    status: held
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
      - { official: ada-aide, name_as_given: Aide, party: AA, role: delegate }
      - { official: guest, name_as_given: Guest, role: principal }
    citations: [wire]
  - id: 01a50000-0000-7000-8000-000000000044
    slug: cancelled
    title: Cancelled
    format: bilateral
    status: cancelled
    date: "../1972"
    participants:
      - { official: ada, name_as_given: Ada, party: AA, role: principal }
      - { official: cy, name_as_given: Cy, party: CC, role: principal }
    citations: [wire]
  - id: 01a50000-0000-7000-8000-000000000045
    slug: denied
    title: Denied
    format: bilateral
    status: denied
    participants:
      - { official: bo, name_as_given: Bo, party: BB, role: principal }
      - { official: cy, name_as_given: Cy, party: CC, role: principal }
    citations: [wire]
commitments:
  - id: 01a50000-0000-7000-8000-000000000051
    slug: promise
    title: Promise
    text: They promise.
    kind: action
    by: [AA, { party: BB, official: bo }]
    to: [AA, CC]
    events:
      - { event: reaffirmed, date: "1974", citations: [wire] }
      - { event: made, date: "1973", citations: [wire] }
      - { event: made, date: "1972-02-28", citations: [wire] }
      - { event: denied, citations: [wire] }
    citations: [wire]
"""


class Room:
    """A database with the seed, the crowd and the story in it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self.load()
        self.at_first = self.encounters(), self.timelines()

    def load(self, text: str = STORY) -> None:
        load_text(self.engine, self.folder, text)

    def encounters(self) -> dict[str, set[Row]]:
        """The rows as they are, and as the documents would have them."""
        with Session(self.engine) as session:
            rows = session.execute(
                select(
                    Encounter.official_id,
                    Encounter.counterpart_id,
                    Encounter.meeting_id,
                    Encounter.date_ascends,
                    Encounter.date_descends,
                )
            )
            kept = {tuple(row) for row in rows}
            return {"kept": kept, "derived": set(encounters(documents(session)))}

    def timelines(self) -> dict[str, set[Row]]:
        with Session(self.engine) as session:
            codes = dict(session.execute(select(Party.id, Party.code)).all())
            kept = {
                (frozenset((codes[low], codes[high])), *rest)
                for low, high, *rest in session.execute(
                    select(
                        TimelineEntry.low_id,
                        TimelineEntry.high_id,
                        TimelineEntry.entry_id,
                        TimelineEntry.record_id,
                        TimelineEntry.kind,
                        TimelineEntry.date_earliest,
                        TimelineEntry.date_latest,
                        TimelineEntry.date_ascends,
                        TimelineEntry.date_descends,
                    )
                )
            }
            return {"kept": kept, "derived": set(timelines(documents(session)))}

    def met(self, meeting: str) -> set[str]:
        """Who met whom at a meeting, each pair once, by their slugs."""
        with Session(self.engine) as session:
            slugs = dict(session.execute(select(Official.id, Official.slug)).all())
            meeting_id = documents(session)[meeting]["id"]
            rows = session.scalars(select(Encounter).where(Encounter.meeting_id == meeting_id))
            return {
                " and ".join(sorted((slugs[row.official_id], slugs[row.counterpart_id])))
                for row in rows
            }

    def between(self, one: str, other: str) -> list[tuple[str, str | None]]:
        """The entries of two parties in order, with the first day of each."""
        with Session(self.engine) as session:
            ids = sorted(
                session.scalars(select(Party.id).where(Party.code.in_((one, other)))).all()
            )
            rows = session.scalars(
                select(TimelineEntry)
                .where(TimelineEntry.low_id == ids[0], TimelineEntry.high_id == ids[1])
                .order_by(TimelineEntry.date_ascends, TimelineEntry.entry_id)
            )
            named = {each["id"]: slug for slug, each in documents(session).items()}
            return [
                (
                    f"{row.kind} of {named[row.record_id]}",
                    None if row.date_earliest is None else row.date_earliest.isoformat(),
                )
                for row in rows
            ]


@pytest.fixture(scope="module", params=ENGINES)
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("encounters")
    with copy_of_seed(request, folder) as url:
        engine = make_engine(url)
        crowd = (CROWD / "records.yaml").read_text(encoding="utf-8")
        load_text(engine, folder / "crowd", crowd, dataset="crowd")
        room = Room(engine, folder / "story")
        yield room
        engine.dispose()


@pytest.fixture
def room(loaded: Room) -> Room:
    """The room with the story as it is told above."""
    loaded.load()
    return loaded


def days(uncertain: Any) -> tuple[date | None, date | None, date, date]:
    """The first and the last day, and those to sort by in either direction."""
    bounds = [uncertain and uncertain[name] for name in ("earliest", "latest")]
    earliest, latest = (each and date.fromisoformat(each) for each in bounds)
    day = earliest or latest
    return earliest, latest, day or date.max, day or date.min


def encounters(found: dict[str, Any]) -> Iterator[Row]:
    for meeting in found.values():
        if meeting.get("status") != "held" or "participants" not in meeting:
            continue
        for one, other in permutations(meeting["participants"], 2):
            people = one["official"], other["official"]
            silent = {"interpreter", "notetaker", "observer"} & {one["role"], other["role"]}
            same_side = one["party"] is not None and one["party"] == other["party"]
            if all(people) and not silent and not same_side:
                ids = (each["id"] for each in people)
                yield (*ids, meeting["id"], *days(meeting["date"])[2:])


def timelines(found: dict[str, Any]) -> Iterator[Row]:
    sides: tuple[list[str], ...]
    for each in found.values():
        if "travellers" in each:
            sides = each["visitor_parties"], each["host_parties"]
            entries = [(each["id"], "visit", each["date"])]
        elif "participants" in each:
            present = [person["party"] for person in each["participants"] if person["party"]]
            sides = present, present
            entries = [(each["id"], "meeting", each["date"])]
        elif "events" in each:
            sides = tuple([actor["party"] for actor in each[side]] for side in ("by", "to"))
            made = next(event["date"] for event in each["events"] if event["event"] == "made")
            entries = [(each["id"], "commitment", each["date"] or made)]
            entries += [
                (event["id"], "commitment_event", event["date"])
                for event in each["events"]
                if event["event"] != "made"
            ]
        else:
            continue
        for pair in {frozenset((one, other)) for one in sides[0] for other in sides[1]}:
            if len(pair) == 2:
                for entry, kind, day in entries:
                    yield (pair, entry, each["id"], kind, *days(day))


def test_what_is_kept_is_what_the_documents_say(room: Room) -> None:
    for found in (room.encounters(), room.timelines()):
        assert found["kept"]
        assert found["kept"] == found["derived"]


def test_aides_of_one_side_do_not_meet_and_an_interpreter_meets_nobody(room: Room) -> None:
    assert room.met("two-sides") == {"ada and bo", "ada-aide and bo"}


def test_of_three_sides_each_meets_the_others(room: Room) -> None:
    assert room.met("three-sides") == {"ada and bo", "ada and cy", "bo and cy"}


def test_one_of_an_unknown_side_meets_everybody(room: Room) -> None:
    assert room.met("unknown-sides") == {"ada and guest", "ada-aide and guest"}


def test_nobody_meets_at_what_was_cancelled_or_is_denied(room: Room) -> None:
    assert room.met("cancelled") == set()
    assert room.met("denied") == set()


def test_a_timeline_has_what_was_called_off_and_what_is_denied_and_undated_entries_last(
    room: Room,
) -> None:
    assert room.between("AA", "CC") == [
        ("visit of journey", "1971-07-01"),
        ("meeting of two-sides", "1971-07-09"),
        ("meeting of three-sides", "1971-08-01"),
        ("commitment of promise", "1972-02-28"),
        ("meeting of cancelled", None),  # by its last day, the end of 1972
        ("commitment_event of promise", "1974-01-01"),
        ("commitment_event of promise", None),
    ]
    assert [kind for kind, _ in room.between("BB", "CC")][:2] == [
        "meeting of two-sides",
        "meeting of three-sides",
    ]


def test_a_commitment_by_and_to_one_party_lies_between_that_one_and_the_others(
    room: Room,
) -> None:
    kinds = [kind for kind, _ in room.between("AA", "BB")]
    assert kinds.count("commitment of promise") == 1


EDITS = {
    "another date of a meeting": ('date: "1971-07-09"', 'date: "1980"'),
    "a meeting without its date": ('    date: "1971-07-09"\n', ""),
    "another participant": ("official: cy, name_as_given: Cy", "official: guest, name_as_given: G"),
    "a participant who goes unidentified": (
        "{ official: bo, name_as_given: Bo",
        "{ name_as_given: Bo",
    ),
    "a participant who was not there": (
        "      - { official: bo, name_as_given: Bo, party: BB, role: host }\n",
        "",
    ),
    "another role": ("role: accompanying", "role: notetaker"),
    "a role in which one meets": ("role: interpreter", "role: delegate"),
    "another side": ("name_as_given: Aide, party: AA", "name_as_given: Aide, party: CC"),
    "a side that is not known after all": ("Cy, party: CC, role", "Cy, role"),
    "a meeting that was not held": (
        "format: expanded\n    status: held",
        "format: expanded\n    status: cancelled",
    ),
    "a meeting that was held after all": ("status: denied", "status: held"),
    "other hosts of a visit": ("host_parties: [BB, CC]", "host_parties: [CC]"),
    "another date of a visit": ('date: "1971-07"', 'date: "1979"'),
    "another side of a commitment": ("to: [AA, CC]", "to: [CC]"),
    "a commitment of one alone": ("by: [AA, { party: BB, official: bo }]", "by: [AA]"),
    "another event": ("event: reaffirmed", "event: clarified"),
    "an event less": ("      - { event: denied, citations: [wire] }\n", ""),
    "another date of an event": ('date: "1974"', 'date: "1975"'),
    "another date of the making": ('date: "1972-02-28"', 'date: "1972-03"'),
    "a date of the commitment's own": (
        "    kind: action\n",
        '    kind: action\n    date: "1972-02"\n',
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_kept_follows_every_change(loaded: Room, edit: str) -> None:
    """Each edit is loaded over the one before, which thereby is taken back."""
    old, new = EDITS[edit]
    assert old in STORY
    loaded.load(STORY.replace(old, new, 1))
    encounters, timelines = loaded.encounters(), loaded.timelines()
    assert encounters["kept"] == encounters["derived"]
    assert timelines["kept"] == timelines["derived"]
    assert (encounters, timelines) != loaded.at_first


def test_what_is_taken_back_leaves_nothing_behind(loaded: Room) -> None:
    loaded.load(STORY.replace("status: held", "status: cancelled").replace("[BB, CC]", "[]"))
    loaded.load()
    assert (loaded.encounters(), loaded.timelines()) == loaded.at_first
