"""One client that asks one thing after the other, and how long it waits for each answer."""

import http.client
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

PATIENCE_SECONDS = 60
UNCOUNTED_ROUNDS = 7
"""A statement is prepared on PostgreSQL when it has been sent five times."""


class Client:
    """One connection that stays open. RuntimeError where an answer is no 200."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)

    def fetch(self, path: str) -> bytes:
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(path, answer.status, body[:500])
        return body

    def read(self, path: str) -> Any:
        return json.loads(self.fetch(path))

    def milliseconds(self, path: str) -> float:
        began = time.perf_counter()
        self.fetch(path)
        return (time.perf_counter() - began) * 1000


def in_turn(client: Client, paths: Mapping[str, str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each path in each round, after some in which statements are compiled, and
    come to be prepared.
    """
    found: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(-UNCOUNTED_ROUNDS, rounds):
        for name, path in paths.items():
            taken = client.milliseconds(path)
            if number >= 0:
                found[name].append(taken)
    return found


def p99(figures: Sequence[float]) -> float:
    return statistics.quantiles(figures, n=100, method="inclusive")[98]
