"""The pepper: what the server adds to a key before it is hashed, kept apart from the database.

A file with a line for each version, the number and 32 bytes in hexadecimal. Who steals the
database alone cannot try keys against it. The file belongs to one user (mode 0600) and one that
others may read is refused; all machines of one service need the same file. It is written whole or
not at all, and never overwritten by a new one: a pepper that is lost takes all keys with it.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.database.engines import parse_url, sqlite_path
from app.errors import PepperMissing, PepperUnusable
from app.settings import Settings

PEPPER_BYTES = 32
ONLY_ITS_OWNER = 0o600
OTHERS = 0o077
LARGEST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Peppers:
    """Every version of the pepper; `newest` is the one that new digests are made with."""

    by_version: Mapping[int, bytes] = field(repr=False)

    @property
    def newest(self) -> int:
        return max(self.by_version)


def pepper_path(settings: Settings) -> Path:
    """Where the pepper is: as set, else beside the SQLite file, else in the working folder."""
    if settings.pepper_file:
        return Path(settings.pepper_file)
    url = parse_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        file = sqlite_path(url)
        return file.with_name(file.name + ".pepper")
    return Path("chancery.pepper")


def read_peppers(path: Path) -> Peppers:
    """Raises `PepperMissing` where there is no file, `PepperUnusable` where it cannot be used."""
    try:
        with path.open(encoding="ascii") as opened:
            # Asked of the open file: what the path leads to may change meanwhile.
            mode = os.fstat(opened.fileno()).st_mode
            if os.name == "posix" and mode & OTHERS:
                message = (
                    f"The pepper in {path} may be read by others (its mode is {mode & 0o777:04o}, "
                    f"expected {ONLY_ITS_OWNER:04o}). Run `chmod 600 {path}`; if somebody may have "
                    "read it, `chancery keys rotate-pepper` too."
                )
                raise PepperUnusable(message)
            text = opened.read(LARGEST_FILE)
    except FileNotFoundError as error:
        message = (
            f"The pepper is not at {path} (CHANCERY_PEPPER_FILE), and without it no key can be "
            "recognised. Put the file back from the backup, or from another machine of the service."
        )
        raise PepperMissing(message) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        message = f"The pepper in {path} cannot be read: {reason}."
        raise PepperUnusable(message) from error
    return parsed(path, text)


def parsed(path: Path, text: str) -> Peppers:
    found: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        version, _, digits = line.partition(" ")
        whole = version.isdigit() and len(version) < 6 and len(digits) == 2 * PEPPER_BYTES
        if not whole or int(version) < 1 or int(version) in found or not is_hexadecimal(digits):
            # The line is not shown: it may hold a pepper.
            message = (
                f"The pepper in {path} is damaged in line {number}; put it back from a backup."
            )
            raise PepperUnusable(message)
        found[int(version)] = bytes.fromhex(digits)
    if not found:
        message = f"The pepper in {path} is empty; put it back from a backup."
        raise PepperUnusable(message)
    return Peppers(found)


def is_hexadecimal(digits: str) -> bool:
    return set(digits) <= set("0123456789abcdef")


def make_peppers(path: Path, version: int = 1) -> Peppers:
    """A new pepper in a new file; one that is there already is kept and given back.

    `version` is above that of every key there is, so that none seems to have been made with it.
    """
    with draft(path.resolve()) as (file, write):
        write({version: secrets.token_bytes(PEPPER_BYTES)})
        with suppress(FileExistsError):
            path.resolve().hardlink_to(file)  # whole, and in the place of nothing
    return read_peppers(path)


def rotate_peppers(path: Path) -> Peppers:
    """One more version; the former ones stay, for the keys that were hashed under them."""
    with draft(path.resolve()) as (file, write):
        held = dict(read_peppers(path).by_version)
        write({**held, max(held) + 1: secrets.token_bytes(PEPPER_BYTES)})
        owner = path.stat()
        if owner.st_uid != file.stat().st_uid:  # root, say, on behalf of the server's own user
            os.chown(file, owner.st_uid, owner.st_gid)
        file.replace(path.resolve())
    return read_peppers(path)


@contextmanager
def draft(path: Path) -> Iterator[tuple[Path, Callable[[Mapping[int, bytes]], None]]]:
    """A file beside the pepper that only one process at a time can have, and how to fill it."""
    file = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_ITS_OWNER)
    except FileExistsError as error:
        message = (
            f"Another process is writing the pepper, or one was killed while it did: {file} is "
            "there. If no other `chancery keys` is running, remove that file and try again."
        )
        raise PepperUnusable(message) from error
    except OSError as error:
        raise unwritable(path, error) from error

    def write(by_version: Mapping[int, bytes]) -> None:
        lines = (f"{version} {pepper.hex()}\n" for version, pepper in by_version.items())
        os.write(descriptor, "".join(lines).encode())
        os.fsync(descriptor)

    try:
        yield file, write
        keep_name(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        os.close(descriptor)
        file.unlink(missing_ok=True)


def keep_name(folder: Path) -> None:
    """Have the folder itself on disk, so that the file has its name after a power cut."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unwritable(path: Path, error: OSError) -> PepperUnusable:
    return PepperUnusable(f"The pepper cannot be written to {path}: {error.strerror or error}.")
