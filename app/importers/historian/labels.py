"""Which party a text means by `Soviet`, `of Ukraine` or `British`: `labels.yaml`, read.

Never a guess: a label that may mean several parties on the day means the one whose country the
stop is in, or else none. Bodies, provinces and cities are no parties here.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from app.folding import fold
from app.importers.historian.countries import Countries, Country

FILE = Path(__file__).with_name("labels.yaml")


@cache
def country_ids() -> Mapping[str, tuple[str, ...]]:
    """Country ids by the folded label."""
    found: dict[str, tuple[str, ...]] = {}
    given: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for country_id, words in given.items():
        for word in words:
            found[fold(word)] = (*found.get(fold(word), ()), country_id)
    return found


def party_of(label: str, day: str | None, host: str, countries: Countries) -> Country | None:
    """The party that a label means on a day at a stop in the country `host`; None if unclear."""
    by_name = re.sub(r"[^a-z0-9]+", "-", fold(label).replace("'", "")).strip("-")
    ids = country_ids().get(fold(label), (by_name,))
    found = [countries.on(each, "", day) for each in ids]
    meant = {
        each.party.code: each.party
        for each in found
        if not each.unknown and (each.under_sovereign or each.party.existed_on(day))
    }
    if len(meant) > 1 and host in meant:
        return meant[host]
    return next(iter(meant.values())) if len(meant) == 1 else None
