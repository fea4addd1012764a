"""The parties that an import refers to, as records with fixed ids."""

from collections.abc import Iterable

from app.importers.batches import Origin, Sourced
from app.importers.historian.countries import Countries, Country, Found
from app.importers.historian.keys import record_id
from app.importers.historian.notes import Notes, Oddity
from app.importers.historian.originals import Original
from app.importers.historian.standing import Standing
from app.importers.neutral import Name, Party
from app.vocabulary import NameKind, RecordKind

ORIGIN = "app/importers/historian/countries.yaml"


class Parties:
    """Finds the party of each country as stated, and remembers those that were asked for."""

    def __init__(self, countries: Countries, notes: Notes) -> None:
        self.countries = countries
        self.notes = notes
        self.asked: dict[str, Country] = {}

    def of(self, original: Original, country_id: str, label: str, day: str | None) -> Found:
        found = self.countries.on(country_id, label, day)
        where = (original.file, original.name)
        if found.unknown:
            text = f"{country_id!r} ({label}) becomes the party {found.party.code}"
            self.notes.flag(Oddity.UNKNOWN_COUNTRY, *where, text)
        elif found.under_sovereign:
            text = f"{country_id!r} ({label}) was under {found.party.name} then"
            self.notes.flag(Oddity.SOVEREIGN, *where, text)
        self.asked[found.party.code] = found.party
        return found

    def records(self, standing: Standing) -> Iterable[Sourced]:
        """All that were asked for, with the United States and what came after a dissolved one.

        Those that the record has from elsewhere are left as they are.
        """
        everyone = {each.code: each for each in self.countries.with_successors(["US", *self.asked])}
        everyone |= self.asked
        for code, each in sorted(everyone.items()):
            found = record_id(RecordKind.PARTY, code)
            if standing.parties.get(code, found) == found:
                yield Sourced(party(found, each), Origin(ORIGIN, code, {}))


def party(found: str, country: Country) -> Party:
    return Party(
        id=found,
        code=country.code,
        kind=country.kind,
        name=country.name,
        names=(Name(name=country.name, kind=NameKind.DISPLAY, language="en", script="Latn"),),
        existed_from=country.since,
        existed_until=country.until,
        successors=country.successors,
    )
