"""What the layers before a hot read cost, in this process, without a socket."""

from collections.abc import Iterator

from benchmarks import front
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage

NAMES = {
    "front without limits": "without counting requests",
    "front with limits": "without checking the host",
    "front with limits and hosts": "all layers, access log off",
    "front with an access log": "all layers, access log on",
}


def measure(run: Run) -> Iterator[Row]:
    for name, figure in front.measure(rounds=30 * run.sizes.rounds).items():
        yield row("front", NAMES[name], "any", figure, "µs")


STAGE = Stage(
    "front",
    "All layers of our own around an answer that is there already, a request",
    ("any",),
    measure,
)
