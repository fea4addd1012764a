"""A PostgreSQL server for the benchmark: on loopback, durable, its data kept between runs.

It is started with the programs that the tests find, but unlike theirs it writes to the disk, as
a server does that somebody relies on, and listens on TCP. On a machine of two cores it shares
the core of the load, so that the worker has its own to itself.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import LOAD_CORE, pinned
from benchmarks.servers import free_port
from tests.support.postgres_server import (
    WAYS,
    NoServer,
    environment,
    identity,
    is_ready,
    make_data,
    stop,
    unprivileged,
)

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
}
PATIENCE_SECONDS = 120


class NoPostgres(Exception):
    """No way led to a server; the text says why."""


def programs(folder: Path) -> Path:
    reasons = []
    for name, find in WAYS.items():
        scratch = folder / name
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        scratch.chmod(0o755)  # the server's user looks in here, whatever our umask
        try:
            return find(scratch)
        except NoServer as error:
            reasons.append(f"{name}: {error}")
    raise NoPostgres("; ".join(reasons))


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """The address of a server on the data in a folder, which are made if they are not there."""
    found = programs(folder)
    cluster = folder / "cluster"
    data = cluster / "data"
    if not (data / "PG_VERSION").exists():
        cluster.mkdir(exist_ok=True)
        if user := unprivileged():
            os.chown(cluster, user.pw_uid, user.pw_gid)
        make_data(found, data)
    port = free_port()
    command = [*pinned(LOAD_CORE), str(found / "postgres"), "-D", str(data), "-p", str(port)]
    for key, value in SETTINGS.items():
        command += ["-c", f"{key}={value}"]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command,
            cwd=cluster,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **identity(),
        )
    try:
        wait_until_ready(server, data, folder / "server.log")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        stop(server)


def wait_until_ready(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (is_ready(data) and keeper(data) == server.pid):
        if server.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip().splitlines()[-5:]
            message = "The server did not start: " + " / ".join(said)
            raise NoPostgres(message)
        time.sleep(0.02)


def keeper(data: Path) -> int:
    """Whose lock file it is: one that was left behind by a crash is another's."""
    return int((data / "postmaster.pid").read_text().split()[0])
