"""Who is the same person: foreign leaders by an equal name and the same party, and nobody else.

Those who come and those who are met are one person under one name. A surname alone identifies
nobody, two surnames no more than one, and an American is never known by the name only.
"""

from dataclasses import dataclass, field

from app.folding import fold
from app.importers.batches import Sourced
from app.importers.historian.keys import VISITS, Slugs, record_id
from app.importers.historian.originals import Original
from app.importers.historian.sources import line
from app.importers.historian.standing import Standing
from app.importers.historian.visitors import same_name, says_enough
from app.importers.neutral import Citation, Name, Official
from app.vocabulary import NameKind, RecordKind


def words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


TWO_SURNAMES = frozenset(
    each.upper()
    for each in words(
        """AD AO AR BO BR CL CO CR CU CV DO EC ES GQ GT GW HN MX MZ NI PA PE PT PY ST SV TL UY VE"""
    )
)
"""Parties whose people have two surnames: `Diaz Ordaz` is no more of a name than `Diaz`."""

GIVEN = words(
    """Abdala Abel Adolfo Adrian Agostinho Agustin Alan Alberto Alejandro Alex Alfonso Alfredo
    Alicia Alvaro Amalia Ana Anabela Andres Angel Anibal Anita Antonio Arnoldo Arnulfo Arturo Ashraf
    Augusto Aureliano Beatriz Belisario Bernardo Camilo Carlos Carmen Carolina Cesar Claudia
    Cristina Daniel Danilo David Delcy Diana Dilma Dina Dionisio Domingo Edgar Eduardo Elena
    Eliseo Emilio Enrique Ernesto Esteban Evo Ezequiel Felipe Fernando Fidel Filipe Francia
    Francisco Franklin Fulgencio Gabriel Gabriela Galo Gerardo Getulio Gloria Gonzalo Guillermo
    Gustavo Hector Heraldo Hernan Horacio Hugo Humberto Ignacio Ingrid Isabel Ivan Jacobo Jaime
    Jair Janet Javier Jeanine Jesus Joao Joaquim Joaquin Jorge Jose Josefina Juan Juana Julia
    Julio Juscelino Laura Lazaro Lenin Leonel Luis Luisa Luiz Manuel Marcela Marcelo Marcos
    Margarita Maria Mariano Mario Marta Martin Mauricio Mauro Maximo Mercedes Michel Michelle
    Miguel Mireya Nayib Nestor Nicolas Nuno Octavio Oscar Osvaldo Otto Pablo Patricia Patricio
    Paula Paulo Pedro Rafael Ramon Raul Ricardo Roberto Rodolfo Rodrigo Romulo Rosario Rui
    Salvador Samora Samuel Santiago Sebastian Sergio Susana Tabare Tancredo Teodoro Tomas
    Vicente Victor Violeta Xiomara Yamandu"""
)
"""Given names there that are hardly ever surnames."""

SURNAMES_OF_TWO_WORDS = frozenset(
    ("lloyd george", "mackenzie king", "tafawa balewa", "saint laurent", "bethmann hollweg")
)


def may_be_identified(name: str, party: str | None) -> bool:
    """Whether a name says enough to know the same person by."""
    if party in (None, "US") or not says_enough(name):
        return False
    parts = [part for part in fold(name.replace("-", " ")).split() if part != "e"]
    if " ".join(parts) in SURNAMES_OF_TWO_WORDS:
        return False
    return party not in TWO_SURNAMES or len(parts) > 2 or parts[0] in GIVEN


@dataclass(slots=True)
class People:
    """Finds or makes the official of a name and a party; one for all data sets of a run.

    An official belongs to the data set that made it first, also by an earlier import.
    """

    standing: Standing
    slugs: Slugs
    made: set[str] = field(default_factory=set)

    def of(
        self, name: str, party: str, dataset: str, source: str, original: Original
    ) -> tuple[str, tuple[Sourced, ...]]:
        """The official's slug, and the record where it is still to be made."""
        key = (same_name(name), party)
        standing = self.standing.people.get(key)
        if standing is not None:
            return standing, ()
        found = record_id(RecordKind.OFFICIAL, VISITS, *key)
        slug = self.slugs.of(found, name, party)
        if found in self.made or self.standing.datasets.get(found, dataset) != dataset:
            return slug, ()
        self.made.add(found)
        shown = line(name)
        official = Official(
            id=found,
            slug=slug,
            name=shown,
            names=(Name(name=shown, kind=NameKind.DISPLAY, language="en", script="Latn"),),
            citations=(Citation(source=source, locator=original.name),),
        )
        return slug, (Sourced(official, original.origin),)
