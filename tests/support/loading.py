"""Loading the seed, or a changed copy of it, the way the command line does."""

import shutil
from pathlib import Path

from sqlalchemy import Engine

from app.cli import SEED_DIRECTORY
from app.importers.loader import Report, load_batch
from app.importers.seed import read
from app.record.recorder import Change


def load_seed(engine: Engine, directory: Path = SEED_DIRECTORY, *, dry_run: bool = False) -> Report:
    change = Change(actor="tests")
    return load_batch(engine, read(directory), dataset="seed", change=change, dry_run=dry_run)


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
