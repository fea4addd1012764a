"""Whether seed files changed: a hash over their names and bytes, with nothing parsed.

A module of its own so that a starting server can ask without loading the reader.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def seed_files(directory: Path) -> list[tuple[str, Path]]:
    """Every `*.yaml` below the directory with its name relative to it, in order of the names.

    Files and folders whose names start with a dot are editors' and version control's business.
    """
    found = []
    for path in directory.rglob("*.yaml"):
        name = path.relative_to(directory)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found.append((name.as_posix(), path))
    return sorted(found)


def digest(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over names and contents, each with its length before it."""
    state = sha256()
    for name, content in files:
        for part in (name.encode(), content):
            state.update(len(part).to_bytes(8, "big"))
            state.update(part)
    return state.hexdigest()


def content_hash(directory: Path) -> str:
    """The hash that `app.importers.seed.read` gives to the same files."""
    return digest((name, path.read_bytes()) for name, path in seed_files(directory))
