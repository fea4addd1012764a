"""Reading remarks in tests: sentences, labels, and the sample of the data where there is one."""

from datetime import date as Day
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import yaml
from defusedxml import ElementTree

from app.importers.historian.remarks import Remark, read_description, read_remark
from tests.support.historian_files import real_data

HERE = Path(__file__).parent
SPRING = Day(1950, 3, 1)


def abroad(text: str, traveller: str = "Zed Zedd", start: Day = SPRING) -> Remark:
    """A remark on a stop of one day."""
    return read_remark(text, traveller=traveller, start=start, end=start)


def at_home(text: str, visitor: str = "Prime Minister Zed Zedd", start: Day = SPRING) -> Remark:
    """A description of a visit of one day."""
    return read_description(text, visitor=visitor, start=start, end=start)


def names(remark: Remark) -> list[str]:
    """Who is named as met."""
    return [person.name for person in remark.counterparts if person.name]


def attended(remark: Remark) -> list[str]:
    """Which conferences were attended."""
    return [one.name for one in remark.conferences if one.attendance == "attended"]


def table(name: str) -> dict[str, Any]:
    """A YAML file beside this one."""
    tree: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return tree


def sample() -> dict[str, Remark]:
    """Every record of the data set's sample, read; skips the test where there is no sample."""
    folder = real_data()
    found: dict[str, Remark] = {}
    for path in sorted(folder.glob("travels/*-travels/*.xml")):
        for trip in _records(path, "trip"):
            found[f"travels/{_text(trip, 'id')}"] = read_remark(
                _text(trip, "remarks"), traveller=_text(trip, "name"), **_span(trip)
            )
    for path in sorted(folder.glob("visits/data/*.xml")):
        for visit in _records(path, "visit"):
            found[f"visits/{_text(visit, 'id')}"] = read_description(
                _text(visit, "description"), visitor=_text(visit, "visitor"), **_span(visit)
            )
    return found


def _records(path: Path, name: str) -> list[Element]:
    root = ElementTree.parse(path).getroot()
    return list(root.iter(name)) if root is not None else []


def _text(record: Element, name: str) -> str:
    element = record.find(name)
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _span(record: Element) -> dict[str, Day]:
    return {
        "start": Day.fromisoformat(_text(record, "start-date")),
        "end": Day.fromisoformat(_text(record, "end-date")),
    }
