"""The Historian's repositories as the tests have them: small ones of ours, and the real sample."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.importers.historian.reading import Historian, read_historian
from app.importers.historian.sources import where_it_stood
from app.importers.historian.standing import EMPTY, Standing, standing_of
from app.importers.historian.tellings import Teller
from app.importers.loader import load_batches
from app.importers.neutral import Official, Position, Source, Visit
from app.importers.reports import Report
from app.importers.withdrawing import Policy
from app.record.recorder import Change

SMALL = Path(__file__).with_name("historian")
NAMES = ("travels", "visits", "pocom")
VARIABLE = "CHANCERY_HISTORIAN_DATA"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "historian"


def read(
    folder: Path = SMALL, *names: str, standing: Standing = EMPTY, teller: Teller | None = None
) -> Historian:
    folders = {name: folder / name for name in names or NAMES}
    return read_historian(
        travels=folders.get("travels"),
        visits=folders.get("visits"),
        pocom=folders.get("pocom"),
        standing=standing,
        teller=teller,
    )


def load(
    engine: Engine,
    folder: Path = SMALL,
    *names: str,
    dry_run: bool = False,
    allow_withdrawals: bool = False,
) -> list[Report]:
    found = read(folder, *names, standing=standing_of(engine))
    return load_batches(
        engine,
        found.batches,
        change=Change(actor="tests"),
        dry_run=dry_run,
        withdrawals=Policy(where_it_stood, allow_many=allow_withdrawals),
    )


def copied(folder: Path, edits: Mapping[str, tuple[str, str]] | None = None) -> Path:
    """A copy of the small repositories, in files of which one text is replaced."""
    copy = folder / "historian"
    shutil.copytree(SMALL, copy, dirs_exist_ok=True)
    for name, (old, new) in (edits or {}).items():
        text = (copy / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def without(copy: Path, name: str, *ids: str) -> Path:
    """The copy, after the trips, visits or chiefs of these ids were taken out of one file."""
    text = (copy / name).read_text(encoding="utf-8")
    for each in ids:
        found = rf"\s*<(trip|visit|chief|principal)\b[^>]*>\s*<id>{each}</id>.*?</\1>"
        text, count = re.subn(found, "", text, flags=re.DOTALL)
        assert count == 1, f"{name} does not hold {each} once"
    (copy / name).write_text(text, encoding="utf-8")
    return copy


def visits(found: Historian, dataset: str) -> dict[str, Visit]:
    """By the first of the ids that their originals have."""
    by_id = {}
    for each in found.batches[dataset].records:
        if isinstance(each.record, Visit):
            ((_, value), *_) = each.record.scheme_values
            by_id[value] = each.record
    return by_id


def positions(found: Historian) -> dict[str, Position]:
    return {
        str(each.record.identifiers["pocom"]): each.record
        for each in found.batches["historian-pocom"].records
        if isinstance(each.record, Position)
    }


def officials(found: Historian, dataset: str) -> dict[str, Official]:
    records = [each.record for each in found.batches[dataset].records]
    return {record.slug: record for record in records if isinstance(record, Official)}


def sources(found: Historian, dataset: str) -> list[Source]:
    records = [each.record for each in found.batches[dataset].records]
    return [record for record in records if isinstance(record, Source)]


def real_data() -> Path:
    """The folder of real repositories: the one that is named, else the one beside this checkout.

    The test is skipped where there is neither, as the data are no part of the repository.
    """
    folder = Path(os.environ.get(VARIABLE) or BESIDE)
    if not all((folder / name).is_dir() for name in NAMES):
        pytest.skip(f"no copies of travels, visits and pocom: {VARIABLE} may name their folder")
    return folder
