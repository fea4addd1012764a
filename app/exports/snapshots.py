"""A snapshot in files: NDJSON for each noun, and a manifest that the files can be held against.

Nothing of it is there under its name before all of it is written.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from app.errors import ExportRefused
from app.queries.resources import RESOURCES
from app.queries.snapshots import Snapshot
from app.record.cards import instant
from app.record.documents import SHAPE

Json = dict[str, Any]
MANIFEST = "manifest.json"


def write_snapshot(
    folder: Path, snapshot: Snapshot, tell: Callable[[int], None] = lambda _: None
) -> Json:
    """Write a snapshot into a new or an empty folder, and give its manifest.

    `tell` is called with the number of records written so far. Raises `ExportRefused` where the
    folder holds something or cannot be written to; then it is left as it was.
    """
    with prepared(folder) as parts:
        files: list[Json] = []
        for path, resource in RESOURCES.items():
            before = sum(file["records"] for file in files)
            name = f"{path}.ndjson"
            digest, records, size = sha256(), 0, 0
            with parts.open(name) as out:
                for documents in snapshot.documents(resource):
                    lines = b"\n".join((*documents, b""))
                    out.write(lines)
                    digest.update(lines)
                    records += len(documents)
                    size += len(lines)
                    tell(before + records)
            files.append(
                {
                    "name": name,
                    "type": resource.kind,
                    "records": records,
                    "bytes": size,
                    "sha256": digest.hexdigest(),
                }
            )
        manifest = {
            "known_at": instant(snapshot.known_at),
            "head": {"seq": snapshot.seq, "hash": snapshot.hash, "at": instant(snapshot.at)},
            "shape": SHAPE,
            "files": files,
        }
        with parts.open(MANIFEST) as out:
            out.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
    return manifest


class Parts:
    """Files under names of no meaning, until all of them are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def unfinished(self, name: str) -> Path:
        return self.folder / f".{name}.part"

    @contextmanager
    def open(self, name: str) -> Iterator[Any]:
        """A file to write to, which is on the disk when it is closed."""
        self.names.append(name)
        with self.unfinished(name).open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())

    def finish(self) -> None:
        """Give the files their names, in the order in which they were written."""
        for name in self.names:
            self.unfinished(name).rename(self.folder / name)

    def drop(self) -> None:
        for name in self.names:
            self.unfinished(name).unlink(missing_ok=True)
            (self.folder / name).unlink(missing_ok=True)


@contextmanager
def prepared(folder: Path) -> Iterator[Parts]:
    """An empty folder to write into; if that fails, it is as it was before."""
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = next((each.name for each in folder.iterdir()), None)
    except OSError as error:
        raise ExportRefused(str(folder), str(error.strerror)) from error
    if held is not None:
        reason = f"it is not empty (it holds {held}); name a folder that is new or empty"
        raise ExportRefused(str(folder), reason)
    parts = Parts(folder)
    try:
        yield parts
        parts.finish()
    except BaseException as error:
        with suppress(OSError):
            parts.drop()
            if made:
                folder.rmdir()
        if isinstance(error, OSError):
            raise ExportRefused(str(folder), str(error.strerror)) from error
        raise
