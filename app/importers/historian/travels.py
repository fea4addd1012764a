"""The repository `travels`: trips of presidents and secretaries of state, and the presidents.

Layout: `president-travels/*.xml` and `secretary-travels/*.xml`, one file a person, shaped by
`schema/trips.rnc`; `presidents/presidents.xml`, which has no schema.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.importers.historian.notes import Notes
from app.importers.historian.originals import Given, Ids, Original, elements, files, hash_of

REPOSITORY = "travels"


@dataclass(frozen=True, slots=True)
class Trip:
    """One stop of one person, as stated; dates are texts."""

    original: Original
    role: str
    who: str
    name: str
    start: str
    end: str
    country_id: str
    country: str
    locale: str
    remarks: str
    name_raw: str
    locale_raw: str
    remarks_raw: str
    created: str


@dataclass(frozen=True, slots=True)
class President:
    """One term of a president, numbered; years and days as stated, empty where they are not."""

    original: Original
    who: str
    name: str
    birth: str
    death: str
    took_office: str
    left_office: str
    still_alive: bool
    still_in_office: bool
    created: str


def read_trips(folder: Path, notes: Notes) -> Iterator[Trip]:
    ids = Ids(notes)
    for path in files(folder, "president-travels/*.xml", "secretary-travels/*.xml"):
        name = path.relative_to(folder).as_posix()
        for element in elements(folder, path, REPOSITORY, "trips", "trip", notes):
            yield trip(element, name, ids, notes)


def trip(element: object, path: str, ids: Ids, notes: Notes) -> Trip:
    file = f"{REPOSITORY}/{path}"
    bare = Given(element, notes, file, "trip")
    record = ids.take(bare.required("id").text, file, "trip")
    given = Given(element, notes, file, f"trip {record}")
    given.only(
        "id",
        "role",
        "name",
        "start-date",
        "end-date",
        "country",
        "locale",
        "remarks",
    )
    country, locale = given.required("country"), given.required("locale")
    remarks, name = given.required("remarks"), given.required("name")
    return Trip(
        original=Original(REPOSITORY, path, "trip", record, hash_of(element)),
        role=given.attribute("role") or given.required("role").text,
        who=given.attribute("who"),
        name=name.text,
        start=given.required("start-date").text,
        end=given.required("end-date").text,
        country_id=country.attribute("id"),
        country=country.text,
        locale=locale.text,
        remarks=remarks.text,
        name_raw=name.raw,
        locale_raw=locale.raw,
        remarks_raw=remarks.raw,
        created=created(given),
    )


def created(given: Given) -> str:
    """The day on which an original was made, as it stands there; empty where it does not."""
    for tag in ("created-datetime", "created-date"):
        found = given.child(tag)
        if found is not None:
            return found.text[:10]
    return ""


def read_presidents(folder: Path, notes: Notes) -> Iterator[President]:
    ids = Ids(notes)
    for path in files(folder, "presidents/presidents.xml"):
        name = path.relative_to(folder).as_posix()
        for element in elements(folder, path, REPOSITORY, "presidents", "president", notes):
            yield president(element, name, ids, notes)


def president(element: object, path: str, ids: Ids, notes: Notes) -> President:
    file = f"{REPOSITORY}/{path}"
    bare = Given(element, notes, file, "president")
    record = ids.take(bare.attribute("n"), file, "president")
    given = Given(element, notes, file, f"president {record}")
    given.only("id", "name", "birth-year", "death-year", "took-office-date", "left-office-date")
    death, left = given.required("death-year"), given.required("left-office-date")
    return President(
        original=Original(REPOSITORY, path, "president", record, hash_of(element)),
        who=given.required("id").text,
        name=given.required("name").text,
        birth=given.required("birth-year").text,
        death=death.text,
        took_office=given.required("took-office-date").text,
        left_office=left.text,
        still_alive=death.element.get("still-alive") == "true",
        still_in_office=left.element.get("still-in-office") == "true",
        created=created(given),
    )
