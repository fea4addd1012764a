"""Somebody who reads while something else goes on."""

import threading
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Self

from benchmarks.asking import Client, p99
from benchmarks.rows import Row, row


class Reading(threading.Thread):
    """One reader who asks for one thing after the other until the block ends."""

    def __init__(self, port: int, paths: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.client = Client(port)
        self.paths = cycle(paths)
        self.taken: list[float] = []
        self.failed: Exception | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                self.taken.append(self.client.milliseconds(next(self.paths)))
        except (RuntimeError, OSError) as error:
            self.failed = error

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join()
        if self.failed is not None:
            raise self.failed


def waited(stage: str, engine: str, readings: dict[str, Reading]) -> Iterator[Row]:
    """How long each reader waited, by what went on meanwhile."""
    for name, reading in readings.items():
        taken = reading.taken
        yield row(
            stage,
            f"p99 of a reader, {name}",
            engine,
            p99(taken),
            "ms",
            beside={"longest ms": max(taken), "requests/s": 1000 * len(taken) / sum(taken)},
        )
