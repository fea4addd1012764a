"""What lists are asked, understood once: a query that is sent again is found by its bytes.

To validate a query, to find its statement and to write its links takes longer than to read the
page. All that follows from the address and the query alone is worked out when they come for the
first time, and kept; what the database says is not.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from app.database.reading import Compiled
from app.errors import Flaw, InvalidInput
from app.folding import query_tokens
from app.lane.includes import tree_of
from app.lane.statements import Prepared, Statements, sort_key
from app.lane.views import check_fields, is_viewed
from app.paging import Position, decode_cursor
from app.queries.base import PRESENTATION, Resource
from app.queries.leading import PLAIN, Lead
from app.schemas.filters import Parameters

RENDER_VERSION = b"1"
"""Part of every list's tag; to be raised when lists come out differently from the same log."""

PRESENTING = PRESENTATION - {"cursor", "sort"}
"""Parameters that change how a page looks without being part of a cursor's query."""

MOST_QUESTIONS = 1_000
LONGEST_QUERY = 512
"""Bytes of a query that is kept; together they bound what questions take to some megabytes."""


class Ready(NamedTuple):
    """A statement with its values."""

    compiled: Compiled
    values: list[Any]


class Question:
    """A list's query on one address. Raises `InvalidInput` where it cannot be answered.

    `path` is what the list is called in its tags and cursors, `link` the address and the query
    as clients send them, without a cursor.
    """

    def __init__(
        self, statements: Statements, resource: Resource, filters: Any, *, path: str, link: str
    ) -> None:
        given = filters.model_fields_set
        if given:
            check(filters, resource)
        self.statements = statements
        self.resource = resource
        self.filters = filters
        self.limit: int = filters.limit
        self.identity = normalised(path, filters, PRESENTATION) + filters.sort.encode()
        self.position: Position | None = None
        if filters.cursor is not None:
            key = sort_key(resource, filters.sort)
            self.position = decode_cursor(filters.cursor, self.identity, key.type)
        self.tree = tree_of(filters.include or ()) if "include" in given else {}
        self.is_viewed = is_viewed(resource.kind, given)
        self.is_counted = filters.count is not None
        self.is_slow = self.is_counted or filters.q is not None
        self.is_alone = not (self.is_slow or self.tree or filters.lang)
        """Whether the page is all there is to be read, by one statement that is quick."""
        self.lead = Lead(PLAIN)
        self.led_until = 0.0
        """By the monotonic clock; what leads is to be chosen anew then."""
        self.made: dict[tuple[Lead, bool], Ready] = {}
        shown = self.identity + repr(self.position).encode()
        if not given.isdisjoint(PRESENTING):
            shown += normalised("", filters, given - PRESENTING)
        self.begun_tag = begun(RENDER_VERSION, shown)
        self.first_link = f'<{link}>; rel="first"'.encode("ascii")
        sign = "&" if "?" in link else "?"
        self.next_link = f", <{link}{sign}cursor=".encode("ascii")

    @cached_property
    def count(self) -> Ready:
        prepared = self.statements.count(self.resource, self.filters)
        return Ready(prepared.compiled, prepared.values(self.filters))

    def ready(self, lead: Lead, *, bodies: bool) -> Ready:
        """The page, led in that way; without `bodies` as much of it as its tag needs."""
        found = self.made.get((lead, bodies))
        if found is None:
            further = self.position is not None
            prepared: Prepared = self.statements.page(
                self.resource, self.filters, lead, further=further, bodies=bodies, whole=bodies
            )
            values = prepared.values(self.filters, self.position)
            found = self.made[lead, bodies] = Ready(prepared.compiled, values)
        return found

    def links(self, cursor: str | None) -> tuple[bytes, bytes]:
        """`first` and, where there is more, `next` (RFC 8288), relative to this server."""
        if cursor is None:
            return b"link", self.first_link
        return b"link", b'%b%b%b>; rel="next"' % (
            self.first_link,
            self.next_link,
            cursor.encode("ascii"),
        )

    def tag(
        self, seqs: list[int], included: list[list[int]], total: int | None, *, more: bool
    ) -> bytes:
        """The tag of a page: the query, the revisions shown, what is included in which record,
        the total, and whether it goes on.

        The next cursor follows from the query and the last row, so that it needs no place here.
        """
        return tagged(self.begun_tag.copy(), orjson.dumps([seqs, included, total, more]))


class Questions:
    """The questions asked last, by whatever tells them apart."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Any, Question] = OrderedDict()

    def keep(self, key: Any, query: bytes, make: Callable[[], Question]) -> Question:
        """The question of this key, of which `query` is a part; errors are not kept."""
        found = self.kept.get(key)
        if found is not None:
            self.kept.move_to_end(key)
            return found
        found = make()
        if len(query) <= LONGEST_QUERY:
            self.kept[key] = found
            if len(self.kept) > MOST_QUESTIONS:
                self.kept.popitem(last=False)
        return found


def begun(*parts: bytes) -> blake2b:
    """The beginning of a tag over several parts."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest


def tagged(digest: blake2b, last: bytes) -> bytes:
    """A strong entity tag over all that was begun, and one part more."""
    digest.update(len(last).to_bytes(8, "big"))
    digest.update(last)
    return b'"%b"' % digest.hexdigest().encode()


def normalised(path: str, filters: Parameters, leaving_out: set[str]) -> bytes:
    """A query as text that is the same for every way of writing it."""
    said = sorted(
        (name, repr(getattr(filters, name))) for name in filters.model_fields_set - leaving_out
    )
    return repr((path, said)).encode()


def check(parameters: Any, resource: Resource) -> None:
    """What no single parameter can know of itself."""
    check_fields(resource, parameters.fields)
    given = parameters.model_fields_set
    flaws = reversed_ranges(parameters)
    if "q" in given and not query_tokens(parameters.q):
        flaws.append(Flaw("q", "holds no word to search for"))
    if flaws:
        raise InvalidInput(flaws)


def reversed_ranges(parameters: Parameters) -> list[Flaw]:
    """The ranges of days that end before they begin."""
    flaws = []
    for first, last in (("date_from", "date_to"), ("event_from", "event_to")):
        if {first, last} <= parameters.model_fields_set:
            start, end = getattr(parameters, first), getattr(parameters, last)
            if start.first > end.last:
                flaws.append(Flaw(first, f"lies after {last}"))
    return flaws
