"""Single records with what lies around them, and what there is, in a record of many meetings."""

import statistics
from collections.abc import Iterator

from benchmarks.asking import Client, in_turn, p99
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.servers import UNCACHED, chancery

PLAIN = "a plain detail"


def measure(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.searched)
    with chancery(url, **UNCACHED) as server:
        client = Client(server.port)
        taken = in_turn(client, addresses(client), run.sizes.requests)
    plain = statistics.median(taken[PLAIN])
    for name, figures in taken.items():
        figure = statistics.median(figures)
        beside = {"of a plain detail": figure / plain, "p99 ms": p99(figures)}
        yield row("joined", name, run.engine, figure, "ms", beside=beside)


def addresses(client: Client) -> dict[str, str]:
    """What is asked, of the first meeting, visit, statement and commitment."""
    meeting, visit, statement, commitment = (
        f"/v1/{noun}/{client.read(f'/v1/{noun}?limit=1')['items'][0]['id']}"
        for noun in ("meetings", "visits", "statements", "commitments")
    )
    return {
        PLAIN: meeting,
        "accounts of a meeting": f"{meeting}/accounts",
        "accounts of a visit": f"{visit}/accounts",
        "a meeting with its statements and sources": f"{meeting}?include=statements,sources",
        "a visit with its statements": f"{visit}?include=statements",
        "a statement with its renderings": f"{statement}?include=renderings",
        "a commitment with its lineage and meetings": f"{commitment}?include=lineage,meetings",
        "history of a commitment": f"{commitment}/history",
        "a meeting as it was": f"{meeting}?known_at=2100-01-01T00:00:00Z",
        "what there is": "/v1/status",
    }


STAGE = Stage(
    "joined",
    "Single records with what lies around them, among many, one request after the other",
    ("sqlite", "postgresql"),
    measure,
)
