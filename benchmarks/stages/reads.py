"""The table of reads: everyone answers the same pages, beside an ASGI function that sends bytes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contenders.peers import Peer, Question, page, peers
from benchmarks.goals import SQLITE
from benchmarks.questions import questions, slugs
from benchmarks.rows import Row, row
from benchmarks.run import Run, Stage
from benchmarks.running import Contender, Measured, measure
from benchmarks.sameness import compare, told
from benchmarks.servers import Server, bare, chancery

NAME = "reads"
EVERY = 7
"""Of the questions this many-th is asked of everyone to compare the answers."""

AGAINST = {
    "the usual way (FastAPI, SQLAlchemy ORM)": "the usual way",
    "Datasette": "Datasette",
    "chancery, JSON built at request time": "our JSON built at request time",
    "Django REST framework": "Django REST framework",
}
CACHED = "kept in the response cache, ahead of routing"
ZIPPED = "kept there compressed"
NOTHING = "finds the keys, compares the tag, reads no body"


def measure_reads(run: Run) -> Iterator[Row]:
    url = run.store.filled(run.sizes.meetings)
    asked, some = questions(url), slugs(url)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        running = {
            peer.name: (peer, stack.enter_context(peer.start(url)))
            for peer in peers(url)
            if peer.name not in run.without
        }
        own, server = running["chancery"]
        remarks = compare_all(running.values(), own, server, (asked, some))
        middle_page = middle(server, [page(each) for each in asked])
        middle_one = middle(server, [own.one_path(slug) for slug in some[:: len(some) // 100 + 1]])
        list_limit = stack.enter_context(bare(middle_page, folder / "list"))
        one_limit = stack.enter_context(bare(middle_one, folder / "one"))
        cached = stack.enter_context(chancery(url))
        lists = [
            Contender("bare: list", list_limit, ["/"], does="sends the same bytes each time"),
            *(
                Contender(
                    f"{name}: list",
                    each,
                    [peer.list_path(question) for question in asked],
                    does=peer.does + remarks[name],
                )
                for name, (peer, each) in running.items()
            ),
            *repeated(run.engine, server, cached, page(asked[0])),
        ]
        details = [
            Contender("bare: detail", one_limit, ["/"], does="sends the same bytes each time"),
            *(
                Contender(
                    f"{name}: detail",
                    each,
                    [peer.one_path(slug) for slug in some],
                    does=peer.does + remarks[name],
                )
                for name, (peer, each) in running.items()
                if peer is own or run.sizes.compared > 1
            ),
        ]
        taken = measure(
            [*lists, *details], run.load, rounds=run.sizes.rounds, seconds=run.sizes.seconds
        )
    yield from rows(run.engine, lists, taken, "bare: list", len(middle_page))
    yield from rows(run.engine, details, taken, "bare: detail", len(middle_one))
    yield from ratios(run.engine, taken)


def middle(server: Server, paths: Sequence[str]) -> bytes:
    """Of these answers the one of middling length: what the limit sends."""
    bodies = sorted((server.read(path).body for path in paths), key=len)
    return bodies[len(bodies) // 2]


def repeated(engine: str, server: Server, cached: Server, path: str) -> Iterator[Contender]:
    """The same page again and again, and with its tag. PostgreSQL has no response cache."""
    known = [f"If-None-Match: {server.read(path).etag}"]
    keeps = engine == SQLITE
    if keeps:
        yield Contender("repeated list, cached", cached, [path], does=CACHED)
        zipped = ["Accept-Encoding: gzip"]
        yield Contender("repeated list, cached, gzip", cached, [path], zipped, does=ZIPPED)
        yield Contender("304 on a list, uncached", server, [path], known, does=NOTHING)
    yield Contender("304 on a list", cached, [path], known, does=CACHED if keeps else NOTHING)


def compare_all(
    running: Iterable[tuple[Peer, Server]],
    own: Peer,
    server: Server,
    sample: tuple[list[Question], list[str]],
) -> dict[str, str]:
    """What each contender shows otherwise than we do, as a remark; `Unlike` where it is unfair."""
    asked, some = sample
    remarks = {}
    for peer, each in running:
        differing: set[str] = set()
        for question in asked[::EVERY]:
            ours = own.items(server.read(own.list_path(question)).body)
            theirs = peer.items(each.read(peer.list_path(question)).body)
            differing |= compare(peer.name, ours, theirs)
        for slug in some[::997]:
            one = own.one(server.read(own.one_path(slug)).body)
            differing |= compare(peer.name, [one], [peer.one(each.read(peer.one_path(slug)).body)])
        remarks[peer.name] = told(differing)
    return remarks


def rows(
    engine: str, contenders: list[Contender], taken: dict[str, Measured], limit: str, size: int
) -> Iterator[Row]:
    """Each contender's rate as a part of the limit's."""
    names = {
        "chancery: list": "list, varied filters",
        "chancery: detail": "detail, varied ids",
    }
    for each in contenders:
        if (found := taken.get(each.name)) is None:
            continue
        name = names.get(each.name, each.name)
        figure = found.rate / taken[limit].rate
        beside = {**found.beside, "bytes": float(size)}
        yield row(NAME, name, engine, figure, "of bare", does=each.does, beside=beside)


def ratios(engine: str, taken: dict[str, Measured]) -> Iterator[Row]:
    ours = taken["chancery: list"]
    for name, short in AGAINST.items():
        other = taken.get(f"{name}: list")
        if other is not None:
            by_cpu = {"× by processor time": other.cpu_microseconds / ours.cpu_microseconds}
            ratio = ours.rate / other.rate
            yield row(NAME, f"list against {short}", engine, ratio, "×", beside=by_cpu)
    yield row(NAME, "p99 of the list, varied filters", engine, ours.p99_ms, "ms")


STAGE = Stage(
    NAME,
    "Pages of 20 meetings with their participants, with varied filters, and varied single meetings",
    ("sqlite", "postgresql"),
    measure_reads,
)
