"""Reads that are computed at request time: how long each takes, over one connection, on the seed.

Medians of interleaved rounds, beside that of a plain detail in the same run: what counts is how
many times as long they take.
"""

import http.client
import statistics
import time
from collections.abc import Iterable

PLAIN = "/v1/meetings/blinken-qin-beijing-2023-06-18"
PATHS = (
    f"{PLAIN}/accounts",
    f"{PLAIN}/accounts?perspective=US,CN",
    "/v1/visits/blinken-beijing-2023-06/accounts",
    "/v1/commitments/us-one-china-policy/history",
    "/v1/relations/US/CN",
    "/v1/officials/antony-blinken/counterparts",
    "/v1/stats/meetings?by=year",
    "/v1/stats/statements?by=topic",
    f"{PLAIN}/revisions",
    "/v1/changes?after=120",
    "/v1/changes?after=120&include=document",
)
REQUESTS = 40


def medians(port: int, rounds: int, paths: Iterable[str] = (PLAIN, *PATHS)) -> dict[str, float]:
    """Milliseconds an answer, for each address: the median of the rounds' medians."""
    paths = list(paths)
    found: dict[str, list[float]] = {path: [] for path in paths}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in range(rounds + 1):
        for path in paths:
            taken = [ask(connection, path) for _ in range(REQUESTS if number else 1)]
            if number:  # the first round only compiles the statements
                found[path].append(statistics.median(taken))
    connection.close()
    return {path: 1000 * statistics.median(figures) for path, figures in found.items()}


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        message = f"{path} answered {answer.status}"
        raise RuntimeError(message)
    return time.perf_counter() - began
