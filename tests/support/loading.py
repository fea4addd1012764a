"""Loading the seed, or a changed copy of it, the way the command line does."""

import shutil
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from app.cli import SEED_DIRECTORY
from app.importers.batches import Batch
from app.importers.loader import load_batch
from app.importers.reports import Report
from app.importers.seed import read
from app.record.recorder import Change

CROWD = Path(__file__).with_name("crowd")


@cache
def shipped(directory: Path) -> Batch:
    """What a folder of the checkout holds. Nothing writes there, so it is read only once."""
    return read(directory)


def load_seed(engine: Engine, directory: Path = SEED_DIRECTORY, *, dry_run: bool = False) -> Report:
    batch = shipped(directory) if directory == SEED_DIRECTORY else read(directory)
    change = Change(actor="tests")
    return load_batch(engine, batch, dataset="seed", change=change, dry_run=dry_run)


def load_crowd(engine: Engine) -> Report:
    return load_batch(engine, shipped(CROWD), dataset="crowd", change=Change(actor="tests"))


def load_text(engine: Engine, folder: Path, text: str, *, dataset: str = "small") -> Report:
    """Load one seed file beside what is there."""
    folder.mkdir(exist_ok=True)
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return load_batch(engine, read(folder), dataset=dataset, change=Change(actor="tests"))


def copied_seed(folder: Path, **edits: tuple[str, str]) -> Path:
    """A copy of the seed, in which files of the visit (by their stem) have one text replaced."""
    copy = folder / "seed"
    shutil.copytree(SEED_DIRECTORY, copy, dirs_exist_ok=True)
    for stem, (old, new) in edits.items():
        (file,) = copy.rglob(f"{stem}.yaml")
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{stem}.yaml does not hold {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy
