"""The repository `pocom`: principal officers and chiefs of mission since 1776.

Layout: `people/*/*.xml`, one file a person; `positions-principals`, `missions-countries` and
`missions-orgs`, one file an office with everybody who held it; `roles-country-chiefs`, the titles;
`concurrent-appointments`, chiefs who were accredited to several countries at once. The shapes are
those of `schema/*.rnc`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.importers.historian.notes import Notes
from app.importers.historian.originals import (
    Given,
    Ids,
    Original,
    collapsed,
    files,
    hash_of,
    read_text,
    whole,
)
from app.importers.historian.travels import created

REPOSITORY = "pocom"

PRINCIPAL, COUNTRY, ORGANISATION = "principal-position", "country-mission", "org-mission"
OFFICES = {
    PRINCIPAL: ("positions-principals", "principal", ("principals", "other-appointees")),
    COUNTRY: ("missions-countries", "chief", ("chiefs", "other-nominees")),
    ORGANISATION: ("missions-orgs", "chief", ("chiefs", "other-appointees")),
}
"""For each root its folder, the element of an appointment, and its lists, who served first."""

NAMES = ("surname", "forename", "genName", "altname")
"""The elements of a person's name; the last one may be there several times."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as stated; `old_ids` are the ids that the person had before, oldest first.

    `raw_names` are the names as they stand, by element, before their white space is collapsed.
    """

    original: Original
    old_ids: tuple[str, ...]
    surname: str
    forename: str
    gen_name: str
    alt_names: tuple[str, ...]
    raw_names: tuple[tuple[str, str], ...]
    birth: str
    death: str
    career: str
    states: tuple[str, ...]
    created: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with its note; either may be empty."""

    date: str = ""
    note: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.date, self.note and f"({self.note})") if part)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment of one person to one office. `served` says in which list it stands."""

    original: Original
    office: "Office"
    person_id: str
    role_id: str
    territory_id: str
    appointed: Moment
    arrived: Moment
    started: Moment
    ended: Moment
    note: str
    served: bool
    consecutive: bool
    created: str


@dataclass(frozen=True, slots=True)
class Office:
    """What a file of appointments is about."""

    kind: str
    id: str
    category: str
    singular: str
    mission_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concurrent:
    """Appointments that one person held at once, and where the person resided."""

    original: Original
    person_id: str
    locale_id: str
    chief_ids: tuple[str, ...]
    created: str


@dataclass(slots=True)
class Pocom:
    """The whole repository; a few thousand persons, each of them looked up by the others."""

    people: dict[str, Person] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    concurrent: list[Concurrent] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)


def read_pocom(folder: Path, notes: Notes) -> Pocom:
    found = Pocom()
    ids = Ids(notes)
    for path, root in roots(folder, "people/*/*.xml", "person", notes):
        person = read_person(root, path, ids, notes)
        found.people[person.original.id] = person
    for path, root in roots(folder, "roles-country-chiefs/*.xml", "role", notes):
        given = Given(root, notes, f"{REPOSITORY}/{path}", "role")
        names = given.required("names")
        found.roles[given.required("id").text] = names.required("singular").text
    ids = Ids(notes)
    for kind, (subfolder, _, _) in OFFICES.items():
        for path, root in roots(folder, f"{subfolder}/*.xml", kind, notes):
            found.appointments += read_appointments(root, kind, path, ids, notes)
    ids = Ids(notes)
    for path, root in roots(
        folder, "concurrent-appointments/*.xml", "concurrent-appointments", notes
    ):
        found.concurrent.append(read_concurrent(root, path, ids, notes))
    return found


def roots(folder: Path, pattern: str, root: str, notes: Notes) -> Iterator[tuple[str, Any]]:
    for path in files(folder, pattern):
        found = whole(folder, path, REPOSITORY, root, notes)
        if found is not None:
            yield path.relative_to(folder).as_posix(), found


def read_person(root: Any, path: str, ids: Ids, notes: Notes) -> Person:
    file = f"{REPOSITORY}/{path}"
    record = ids.take(Given(root, notes, file, "person").required("id").text, file, "person")
    given = Given(root, notes, file, f"person {record}")
    given.only("id", "old-ids", "persName", "birth", "death", "career-type", "residence")
    name = given.required("persName")
    name.only(*NAMES[:-1], f"{NAMES[-1]}*")
    old_ids, residence = given.child("old-ids"), given.required("residence")
    return Person(
        original=Original(REPOSITORY, path, "person", record, hash_of(root)),
        old_ids=() if old_ids is None else tuple(each.text for each in old_ids.children("old-id")),
        surname=name.required("surname").text,
        forename=name.required("forename").text,
        gen_name=read_text(name.child("genName")),
        alt_names=tuple(each.text for each in name.children("altname") if each.text),
        raw_names=tuple((tag, each.raw) for tag in NAMES for each in name.children(tag)),
        birth=given.required("birth").text,
        death=given.required("death").text,
        career=given.required("career-type").text,
        states=tuple(each.text for each in residence.children("state-id") if each.text),
        created=created(given),
    )


def read_appointments(
    root: Any, kind: str, path: str, ids: Ids, notes: Notes
) -> Iterator[Appointment]:
    _, element, lists = OFFICES[kind]
    file = f"{REPOSITORY}/{path}"
    given = Given(root, notes, file, kind)
    identified = given.required("territory-id" if kind == COUNTRY else "id").text
    names = given.child("names")
    served = given.required(lists[0])
    texts = (each.required("text").text for each in served.children("mission-note"))
    office = Office(
        kind=kind,
        id=identified,
        category=read_text(given.child("category")) or "country",
        singular="" if names is None else names.required("singular").text,
        mission_notes=tuple(texts),
    )
    for name in lists:
        held = given.child(name)
        for each in () if held is None else held.children(element):
            yield read_appointment(
                each.element, office, element, path, ids, name == lists[0], notes
            )


def read_appointment(
    found: Any, office: Office, element: str, path: str, ids: Ids, served: bool, notes: Notes
) -> Appointment:
    file = f"{REPOSITORY}/{path}"
    record = ids.take(Given(found, notes, file, element).required("id").text, file, element)
    given = Given(found, notes, file, f"{element} {record}")
    chief = element == "chief"
    also = ["arrived"] if chief else []
    also += ["contemporary-territory-id"] if office.kind == COUNTRY else []
    given.only("id", "person-id", "role-title-id", "appointed", "started", "ended", "note", *also)
    territory = given.child("contemporary-territory-id")
    return Appointment(
        original=Original(REPOSITORY, path, element, record, hash_of(found)),
        office=office,
        person_id=given.required("person-id").text,
        role_id=given.required("role-title-id").text,
        territory_id=read_text(territory),
        appointed=moment(given.required("appointed")),
        arrived=moment(given.required("arrived")) if chief else Moment(),
        started=moment(given.required("started")),
        ended=moment(given.required("ended")),
        note=read_text(given.child("note")),
        served=served,
        consecutive=found.get("treatAsConsecutive") == "yes",
        created=created(given),
    )


def moment(given: Given) -> Moment:
    given.only("date", "note")
    return Moment(read_text(given.child("date")), read_text(given.child("note")))


def read_concurrent(root: Any, path: str, ids: Ids, notes: Notes) -> Concurrent:
    file, element = f"{REPOSITORY}/{path}", "concurrent-appointments"
    record = ids.take(Given(root, notes, file, element).required("id").text, file, element)
    given = Given(root, notes, file, f"{element} {record}")
    given.only("id", "person-id", "resident-at", "chief-id*")
    resident = given.child("resident-at")
    locale = None if resident is None else resident.child("locale-id")
    return Concurrent(
        original=Original(REPOSITORY, path, element, record, hash_of(root)),
        person_id=given.required("person-id").text,
        locale_id=read_text(locale),
        chief_ids=tuple(collapsed(each.text) for each in given.children("chief-id")),
        created=created(given),
    )
