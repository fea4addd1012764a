"""Which meeting of a text is which: the one that an earlier import made of the same person or body.

A meeting has the number of its place among those of its text. When another one is put before it or
is taken out there, it keeps that number, with its address and what editors made of it. One whose
name was corrected is known by its place.
"""

from collections.abc import Iterator, Mapping
from itertools import count as counter

from app.importers.historian.keys import slug_of
from app.importers.historian.meeting_records import Gathered, called, id_at
from app.importers.historian.standing import Standing
from app.importers.historian.tellings import Telling


def numbered(
    telling: Telling, told: Mapping[int, Gathered], standing: Standing
) -> Iterator[tuple[int, Gathered]]:
    """What a text tells, by place, with the number that each meeting keeps or gets."""
    there = dict(slugs_of(telling, max(told, default=0), standing))
    found: dict[int, int] = {}
    for place, each in told.items() if there else ():
        slug = slug_of(*called(telling, each))
        same = (number for number, kept in there.items() if kept.startswith(slug))
        number = next((each for each in same if each not in found.values()), None)
        if number is not None:
            found[place] = number
    for place in told:
        if place not in found:
            found[place] = unnamed(telling, place, {*there}, {*found.values()}, standing)
    yield from ((found[place], each) for place, each in told.items())


def slugs_of(telling: Telling, count: int, standing: Standing) -> Iterator[tuple[int, str]]:
    """The slugs of the meetings that were ever made of a text, by their number."""
    for number in counter(1):
        slug = standing.slugs.get(id_at(telling, number))
        if slug is not None:
            yield number, slug
        elif number > count:
            return


def unnamed(
    telling: Telling, place: int, there: set[int], taken: set[int], standing: Standing
) -> int:
    """The number of one that is told of by another name than before, or for the first time.

    What stood at its place has it, unless that is told of elsewhere or was withdrawn.
    """
    stood = place in there and id_at(telling, place) in standing.datasets
    if place not in taken and (stood or place not in there):
        return place
    number = place
    while number in there or number in taken:
        number += 1
    return number
