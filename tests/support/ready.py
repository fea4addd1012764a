"""Processes that find the program loaded: a second of imports is done once for many of them.

Each is a process like any other, with its own folder, environment, output and exit status; only,
it is forked from one that has no threads and has done nothing but import. What has to be seen
from the very beginning, as a user starts it, is started with `tests.support.commands.COMMAND`.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.support.preloaded"])


def done(
    act: Callable[..., object],
    *given: Any,
    folder: Path,
    variables: Mapping[str, str],
    timeout_seconds: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Have a function called in a process of its own; what became of it.

    The function is found by its module's name and its own, as pickles are. `variables` are the
    whole environment. `subprocess.TimeoutExpired` where it takes too long.
    """
    with tempfile.TemporaryDirectory() as place:
        output, errors = Path(place, "output"), Path(place, "errors")
        process = FORKS.Process(
            target=perform, args=(act, given, folder, dict(variables), output, errors)
        )
        process.start()
        process.join(timeout_seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(act.__qualname__, timeout_seconds)
        said = output.read_text("utf-8"), errors.read_text("utf-8")
        return subprocess.CompletedProcess([act.__qualname__, *given], process.exitcode, *said)


def perform(
    act: Callable[..., object],
    given: tuple[Any, ...],
    folder: Path,
    variables: Mapping[str, str],
    output: Path,
    errors: Path,
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for path, number in ((output, 1), (errors, 2)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, number)
        os.close(descriptor)
    act(*given)


def chancery(*arguments: str) -> None:
    """The command line, which ends the process."""
    from app.cli import main  # noqa: PLC0415

    sys.argv = ["chancery", *arguments]
    main()
