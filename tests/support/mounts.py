"""File systems of a test's own: small ones that fill up, and ones that can only be read."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def mount(*arguments: str) -> bool:
    try:
        done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system in memory, mounted on a new folder; skips the test where none can be."""
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(folder)):
        pytest.skip("a file system can be mounted by root on Linux only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def only_to_be_read(folder: Path) -> None:
    assert mount("-o", "remount,ro", str(folder))


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """No room is left in a folder's file system until the block ends."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        yield
    finally:
        filler.unlink()
