"""One search: candidates, their order and their counts, then a page of them as hits.

Everything is read in one view of the database. The order is computed in a thread, on SQLite in
that which reads: two thousand hits take some milliseconds, in which the event loop answers others.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from app.database.background import in_background
from app.database.dialects import Blocks, blocks
from app.database.reading import Compiled, Fetch
from app.lane import ranking
from app.lane.questions import normalised
from app.lane.ranking import Hit
from app.lane.snippets import Finder, Found, snippet, texts_of
from app.lane.statements import Statements
from app.lane.views import cards_in
from app.paging import decode_cursor, encode_cursor
from app.queries import search as queries
from app.queries.base import PRESENTATION
from app.queries.resources import BY_KIND
from app.questions import Mark, Question, parse
from app.schemas.search import SearchParameters
from app.vocabulary import RecordKind

Json = dict[str, Any]
Facets = dict[Mark, list[tuple[str, int]]]

FACETS = (("type", Mark.TYPE), ("party", Mark.PARTY), ("year", Mark.YEAR))


class Shown(NamedTuple):
    """A record of the page."""

    kind: RecordKind
    document: Json


class Results(NamedTuple):
    """What is said of a search: a page of hits, the counts of all, and how to read on."""

    items: list[Json]
    facets: Json
    total: int | None
    capped: bool
    next_cursor: str | None


class Search:
    """One search in one view of the database. `root` is the prefix of a proxy."""

    def __init__(
        self, fetch: Fetch, statements: Statements, asked: SearchParameters, root: str
    ) -> None:
        self.fetch = fetch
        self.statements = statements
        self.asked = asked
        self.root = root
        self.question = parse(asked.q)
        self.known: tuple[int, Blocks] | None = None

    async def results(self) -> Results:
        """Raises `InvalidInput` for a cursor that belongs to another search."""
        asked = self.asked
        identity = normalised("search", asked, PRESENTATION) + asked.sort.encode()
        position = None
        if asked.cursor is not None:
            reached, number = decode_cursor(
                asked.cursor, identity, float if asked.sort == "rank" else str
            )
            position = reached, int(number)
        rows = await self.candidates()
        following, facets = await in_background(self.ordered, rows, position)
        page = following[: asked.limit]
        cursor = None
        if len(following) > len(page):
            last = page[-1]
            cursor = encode_cursor((ranking.key(last, asked.sort), str(last.number)), identity)
        shown, ids, topics = await self.documents(page)
        names = await self.called(ids, [*(code for code, _ in facets[Mark.PARTY]), *topics])
        capped = len(rows) > queries.MOST_HITS
        return Results(
            items=await in_background(self.items, page, shown, names),
            facets={
                name: [
                    {
                        "value": value,
                        "label": first(names, value) if what is Mark.PARTY else None,
                        "count": count,
                    }
                    for value, count in facets[what]
                ]
                for name, what in FACETS
            },
            total=None if capped else len(rows),
            capped=capped,
            next_cursor=cursor,
        )

    async def candidates(self) -> list[Sequence[Any]]:
        """Those with all words in titles and names, then others; one more than are looked at
        where there are more.
        """
        rows = await self.entries(heads=True)
        if len(rows) <= queries.MOST_HITS:
            known = {row[0] for row in rows}
            rows += [row for row in await self.entries(heads=False) if row[0] not in known]
        return rows

    async def entries(self, *, heads: bool) -> list[Sequence[Any]]:
        """The newest entries that answer, one more than are looked at where there are more."""
        if self.dialect.name == "sqlite":
            return await self.some(heads=heads)
        if self.known is None:
            ((newest,),) = await self.fetch(self.kept("newest", queries.newest), [])
            self.known = newest or 0, blocks(newest or 0)
        newest, (small, large, start) = self.known
        rows = await self.some(heads=heads, blocks=small)
        if start and len(rows) <= queries.MOST_HITS:
            if len(rows) * newest > queries.MANY * (newest - start):
                rows += await self.some(heads=heads, blocks=large)
            else:
                rows += await self.some(heads=heads, before=start)
        return rows[: queries.MOST_HITS + 1]

    async def some(self, *, heads: bool, **where: Any) -> list[Sequence[Any]]:
        """Entries that answer, of those that PostgreSQL is told to look at."""
        asked, phrases = self.asked, self.question.phrases
        form: dict[str, Any] = {
            "phrases": len(phrases),
            "since": asked.date_from is not None,
            "until": asked.date_to is not None,
            "heads": heads,
            "older": "before" in where,
            "most": queries.MOST_HITS + 1,
        }
        compiled = self.kept(
            ("candidates", *form.values()), partial(queries.candidates, self.dialect, **form)
        )
        values = {
            **compiled.constants,
            **where,
            "query": queries.query(self.dialect, self.question, asked, heads=heads),
            "together": together(self.question),
            "date_from": asked.date_from and asked.date_from.first,
            "date_to": asked.date_to and asked.date_to.last,
            **{f"phrase{index}": f" {phrase} " for index, phrase in enumerate(phrases)},
        }
        return await self.fetch(compiled, [values[name] for name in compiled.names])

    def ordered(
        self, rows: list[Sequence[Any]], position: tuple[ranking.Key, int] | None
    ) -> tuple[list[Hit], Facets]:
        """The hits from a position on, and the counts of all."""
        hits = ranking.ranked(self.question, rows[: queries.MOST_HITS])
        found = ranking.in_order(hits, self.asked.sort)
        if position is not None:
            found = ranking.after(found, self.asked.sort, position)
        return found, ranking.facets(hits)

    async def documents(self, page: Sequence[Hit]) -> tuple[dict[int, Shown], list[str], list[str]]:
        """The newest document of each hit, by number; the officials and the topics in them."""
        statement = self.kept("shown", partial(queries.shown, self.dialect))
        rows = await self.fetch(statement, [[hit.number for hit in page]])
        return await in_background(decoded, rows)

    async def called(self, ids: Sequence[str], codes: Sequence[str]) -> dict[str, list[str]]:
        """What officials are called, by id, in every script, and parties and topics, by code."""
        statement = self.kept("called", partial(queries.called, self.dialect))
        given = {"ids": sorted(set(ids)), "codes": sorted(set(codes))}
        found: dict[str, list[str]] = {}
        for key, name in sorted(
            await self.fetch(statement, [given[name] for name in statement.names])
        ):
            found.setdefault(key, []).append(name)
        return found

    def items(
        self, page: Sequence[Hit], shown: Mapping[int, Shown], names: Mapping[str, list[str]]
    ) -> list[Json]:
        finder = Finder(self.question)
        return [self.item(hit, shown[hit.number], finder, names) for hit in page]

    def item(self, hit: Hit, shown: Shown, finder: Finder, names: Mapping[str, list[str]]) -> Json:
        kind, document = shown
        slug = document.get("slug") or document.get("code")
        address = quote(f"/v1/{BY_KIND[kind].path}/{slug or document['id']}")
        found = finder.best(texts_of(kind, document))
        if found is None or len(found.terms) < len(finder.terms):
            found = better(found, finder.best(texts_elsewhere(document, names)))
        return {
            "type": kind.value,
            "ref": {"id": document["id"], "slug": slug, "href": f"{self.root}{address}"},
            "title": title(kind, document, names),
            "date": document.get("date"),
            "parties": [said[1:] for said in hit.marks.split() if said[0] == Mark.PARTY],
            "snippet": None if found is None else snippet(found),
            "rank": hit.rank,
        }

    @property
    def dialect(self) -> Any:
        return self.statements.reader.dialect

    def kept(self, form: Any, make: Any) -> Compiled:
        compile_ = self.statements.reader.compile
        return self.statements.keep(("search", form), lambda: compile_(make()))  # type: ignore[no-any-return]


def decoded(rows: Sequence[Any]) -> tuple[dict[int, Shown], list[str], list[str]]:
    shown = {
        number: Shown(RecordKind(kind), orjson.loads(bytes(body))) for number, kind, body in rows
    }
    ids = [card["id"] for each in shown.values() for card in cards_in(each.document)]
    topics = [code for each in shown.values() for code in each.document.get("topics", ())]
    return shown, ids, topics


def together(question: Question) -> str:
    """The words of a question in its order, as they would stand side by side in a text."""
    said = " ".join(unit for term in question.terms for unit in term.units)
    return f" {said}" if question.terms[-1].is_beginning else f" {said} "


def better(found: Found | None, other: Found | None) -> Found | None:
    """What is found in the record's own texts, unless others hold more of the question."""
    if found is None or (other is not None and len(other.terms) > len(found.terms)):
        return other
    return found


def texts_elsewhere(
    document: Json, names: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Names of a record's people and labels of its topics, by which it is found as well."""
    for card in cards_in(document):
        yield from (("names", name) for name in names.get(card["id"], ()))
    for code in document.get("topics", ()):
        yield from (("topics", label) for label in names.get(code, ()))


def title(kind: RecordKind, document: Json, names: Mapping[str, Sequence[str]]) -> str | None:
    """What a record is called; of a statement who makes it."""
    if kind is not RecordKind.STATEMENT:
        return str(document.get("title") or document.get("name") or document.get("label"))
    speaker = document["speaker"]
    if speaker["official"] is not None:
        return str(speaker["official"]["name"])
    return speaker["name_as_given"] or first(names, speaker["party"])


def first(names: Mapping[str, Sequence[str]], code: str) -> str | None:
    return next(iter(names.get(code, ())), None)
