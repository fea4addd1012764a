"""The repository `visits`: visits by foreign leaders to the United States.

Layout: `data/*.xml`, one file a decade, shaped by `schema/visits.rnc`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.importers.historian.notes import Notes
from app.importers.historian.originals import Given, Ids, Original, elements, files, hash_of
from app.importers.historian.travels import created

REPOSITORY = "visits"


@dataclass(frozen=True, slots=True)
class ForeignVisit:
    """One visit, as stated; dates are texts. `visitor` may name several persons."""

    original: Original
    start: str
    end: str
    visitor: str
    country_id: str
    country: str
    description: str
    visitor_raw: str
    description_raw: str
    created: str


def read_visits(folder: Path, notes: Notes) -> Iterator[ForeignVisit]:
    ids = Ids(notes)
    for path in files(folder, "data/*.xml"):
        name = path.relative_to(folder).as_posix()
        for element in elements(folder, path, REPOSITORY, "visits", "visit", notes):
            yield foreign_visit(element, name, ids, notes)


def foreign_visit(element: object, path: str, ids: Ids, notes: Notes) -> ForeignVisit:
    file = f"{REPOSITORY}/{path}"
    bare = Given(element, notes, file, "visit")
    record = ids.take(bare.required("id").text, file, "visit")
    given = Given(element, notes, file, f"visit {record}")
    given.only("id", "start-date", "end-date", "visitor", "from", "description")
    country, visitor = given.required("from"), given.required("visitor")
    description = given.required("description")
    return ForeignVisit(
        original=Original(REPOSITORY, path, "visit", record, hash_of(element)),
        start=given.required("start-date").text,
        end=given.required("end-date").text,
        visitor=visitor.text,
        country_id=country.attribute("id"),
        country=country.text,
        description=description.text,
        visitor_raw=visitor.raw,
        description_raw=description.raw,
        created=created(given),
    )
