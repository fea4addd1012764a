"""Lists and single records, from the raw query to bytes.

The rows say which records, the log says what they look like; nothing in between is built up
to be thrown away. Whatever the query asks for beyond that is in `views` and `includes`.
"""

import re
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

import orjson

from app.database.reading import Fetch, Reader
from app.errors import RecordDeleted, RecordMoved, RecordNotFound
from app.lane.answer import Answer
from app.lane.coding import VARY, takes_gzip
from app.lane.conditional import conditions, held_tag
from app.lane.includes import Found, Related, Tree, include, related_now, tree_of
from app.lane.leads import SECONDS_REMEMBERED, Leads
from app.lane.past import find_then
from app.lane.questions import Question, Questions, begun, check, tagged
from app.lane.statements import Prepared, Statements
from app.lane.views import (
    SHOWN_AS_OF,
    Names,
    keep_fields,
    names_now,
    names_statement,
    on_day,
    translate,
)
from app.models import OfficialName, PartyName
from app.paging import encode_cursor
from app.queries.base import Resource
from app.queries.leading import Lead
from app.queries.parameters import ONE_PARAMETERS, SUBLIST_FILTERS, SUBLISTS
from app.queries.resources import RESOURCES
from app.queries.stats import Counts, Grouping
from app.schemas.filters import CodeRef, IdRef, Reference, reference
from app.schemas.parsing import parse_query
from app.vocabulary import RecordKind

SAFE = "%&=+,:._~/?@!$'()*-"
"""Signs of a query that may stand in a link as they are, beside letters and digits. A semicolon
may as well, but common clients take it for the end of the address."""

PLAIN_QUERY = re.compile(rb"[A-Za-z0-9%s]*" % re.escape(SAFE).encode())

CACHE_CONTROL = (b"cache-control", b"public, max-age=0, must-revalidate")
JSON = (b"content-type", b"application/json")


def tag(body: bytes) -> bytes:
    """A strong entity tag over a whole body."""
    return tagged(begun(), body)


def mark_of(record_id: str) -> str:
    """What begins the hash in a tag of a single record, so that it is no other record's."""
    return blake2b(record_id.encode(), digest_size=4).hexdigest()


class Lane:
    """Answers `GET` on the lists and records of the API; anything else is not its business."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.statements = Statements(reader)
        self.leads = Leads()
        self.questions = Questions()
        self.names = {model: names_statement(reader, model) for model in (OfficialName, PartyName)}

    async def __call__(self, scope: Mapping[str, Any]) -> Answer | None:
        """The answer to a request, or None where another part of the application has to give
        it. Raises the errors of `app.errors`.
        """
        root: str = scope.get("root_path", "")
        path: str = scope["path"].removeprefix(root)
        if not path.startswith("/v1/"):
            return None
        parts = path[4:].split("/")
        resource = RESOURCES.get(parts[0])
        if resource is None:
            return None
        asked = Asked(scope, root, parts)
        match parts:
            case [_]:
                return await self.many(resource, asked)
            case [_, text] if text:
                return await self.one(resource, text, asked)
            case [parent, text, name] if (parent, name) in SUBLISTS and text:
                return await self.sublist(resource, text, name, asked)
        return None

    async def many(self, resource: Resource, asked: "Asked") -> Answer:
        def make() -> Question:
            return self.question(
                resource, parse_query(asked.query, resource.filters), resource.path, asked
            )

        key = (asked.root, resource.path, asked.query)
        return await self.page(self.questions.keep(key, asked.query, make), asked)

    async def sublist(self, parent: Resource, text: str, name: str, asked: "Asked") -> Answer:
        """A list below a record; 404 where there is no such record."""
        path, field = SUBLISTS[parent.path, name]
        given = parse_query(asked.query, SUBLIST_FILTERS[parent.path, name])
        named = reference_or_none(parent, text)
        row = await self.find(self.reader.fetch, parent, text, named, asked)
        resource, found = RESOURCES[path], IdRef(row[3])

        def make() -> Question:
            value: Any = (found,) if field == "participant" else found
            filters = resource.filters.model_construct(
                _fields_set={*given.model_fields_set, field}, **{**dict(given), field: value}
            )
            return self.question(resource, filters, f"{parent.path}/{found}/{name}", asked)

        key = (asked.root, *asked.parts, found, asked.query)
        return await self.page(self.questions.keep(key, asked.query, make), asked)

    def question(self, resource: Resource, filters: Any, path: str, asked: "Asked") -> Question:
        return Question(self.statements, resource, filters, path=path, link=asked.link)

    async def page(self, question: Question, asked: "Asked") -> Answer:
        resource, filters, limit = question.resource, question.filters, question.limit
        alone = question.is_alone
        snapshot = self.reader.snapshot
        async with (
            nullcontext(self.reader.fetch) if alone else snapshot(slow=question.is_slow) as fetch
        ):
            lead = await self.lead(fetch, question)
            if asked.if_none_match and alone and not question.is_viewed:
                # Only the keys: a client that holds the page already needs no body.
                rows = await fetch(*question.ready(lead, bodies=False))
                seqs = [row[0] for row in rows[:limit]]
                if held := asked.held(question.tag(seqs, [], None, more=len(rows) > limit)):
                    return not_modified(held)
            rows = await fetch(*question.ready(lead, bodies=True))
            total = int((await fetch(*question.count))[0][0]) if question.is_counted else None
            page = rows[:limit]
            bodies = [row[3] for row in page]
            included: list[list[int]] = []
            if question.tree:
                found = [Found(str(row[2]), row[0], bytes(row[3])) for row in page]
                related = related_now(fetch, self.statements)
                found, included = await include(related, resource, found, question.tree)
                bodies = [each.body for each in found]
            language = None
            if question.is_viewed:
                names = names_now(fetch, self.names)
                bodies, language = await self.view(names, resource, filters, bodies, question.tree)
        more = len(rows) > limit
        cursor = None
        if more:
            cursor = encode_cursor((page[-1][1], str(page[-1][2])), question.identity)
        body = b'{"items":[%b],"next_cursor":%b,"total":%b}' % (
            b",".join(bodies),
            b"null" if cursor is None else b'"%b"' % cursor.encode("ascii"),
            b"null" if total is None else b"%d" % total,
        )
        if question.is_viewed:
            etag = tag(body)
        else:
            etag = question.tag([row[0] for row in page], included, total, more=more)
        if held := asked.held(etag):
            return not_modified(held)
        headers = [JSON, CACHE_CONTROL, VARY, (b"etag", etag), question.links(cursor)]
        if language:
            headers.append((b"content-language", language.encode()))
        return Answer(200, headers, body)

    async def lead(self, fetch: Fetch, question: Question) -> Lead:
        """How the page is come by: chosen now and then, as what there is of everything changes."""
        now = time.monotonic()
        if now >= question.led_until:
            resource, filters = question.resource, question.filters
            found = self.statements.choices(resource, filters)
            question.lead = await self.leads.choose(fetch, resource, filters, found)
            question.led_until = now + SECONDS_REMEMBERED
        return question.lead

    async def total(self, fetch: Fetch, resource: Resource, filters: Any) -> int:
        prepared = self.statements.count(resource, filters)
        rows = await fetch(prepared.compiled, prepared.values(filters))
        return int(rows[0][0])

    async def counts(self, resource: Resource, grouping: Grouping, filters: Any) -> Counts:
        """What the filters select, counted in one or two statements of one view."""
        check(filters, resource)
        prepared = self.statements.counts(resource, grouping, filters)
        async with self.reader.snapshot(slow=True) as fetch:
            rows = await fetch(prepared.compiled, prepared.values(filters))
            total = await self.total(fetch, resource, filters) if grouping.several else None
        return grouping.counts(rows, total)

    async def view(
        self,
        names: Names,
        resource: Resource,
        parameters: Any,
        bodies: Sequence[bytes],
        tree: Tree,
    ) -> tuple[list[bytes], str | None]:
        """Documents as a day, a language and a choice of fields leave them."""
        documents = [orjson.loads(body) for body in bodies]
        if resource.kind in SHOWN_AS_OF and parameters.as_of is not None:
            documents = [on_day(resource.kind, each, parameters.as_of) for each in documents]
        language = None
        lang = parameters.lang
        if lang is not None and await translate(names, documents, lang):
            language = lang
        if parameters.fields:
            documents = [keep_fields(each, parameters.fields, set(tree)) for each in documents]
        return [orjson.dumps(document) for document in documents], language

    async def find(
        self, fetch: Fetch, resource: Resource, text: str, named: Reference | None, asked: "Asked"
    ) -> Any:
        """The row of one record; or 404, 410 or 308 as an error of the domain."""
        if named is None:
            raise RecordNotFound(resource.kind, text)
        prepared: Prepared = self.statements.one(resource, named)
        rows = await fetch(prepared.compiled, prepared.values(str(named)))
        if not rows:
            raise RecordNotFound(resource.kind, text)
        row = rows[0]
        if row[4] is not None:
            raise RecordMoved(resource.kind, text, asked.instead_of(str(row[4])))
        if row[2] is not None:
            raise RecordDeleted(resource.kind, text, row[2])
        return row

    async def one(self, resource: Resource, text: str, asked: "Asked") -> Answer:
        parameters: Any = parse_query(asked.query, ONE_PARAMETERS[resource.path])
        given = parameters.model_fields_set
        if not given:
            return await self.one_plainly(resource, text, asked)
        check(parameters, resource)
        tree = tree_of(parameters.include or ()) if "include" in given else {}
        if "known_at" in given:
            return await self.one_then(resource, text, parameters, tree, asked)
        alone = given.isdisjoint({"include", "lang"})
        view = nullcontext(self.reader.fetch) if alone else self.reader.snapshot()
        async with view as fetch:
            named = reference_or_none(resource, text)
            rev, seq, _, record_id, _, body = await self.find(fetch, resource, text, named, asked)
            related, names = related_now(fetch, self.statements), names_now(fetch, self.names)
            found = Found(str(record_id), seq, bytes(body))
            body, language = await self.dress(resource, parameters, found, tree, related, names)
            etag = tag_of_bytes(str(record_id), rev, parameters, body)
        return answer(asked, etag, body, language)

    async def one_plainly(self, resource: Resource, text: str, asked: "Asked") -> Answer:
        """The record as it was published, which is what most ask for."""
        named = reference_or_none(resource, text)
        row = await self.find(self.reader.fetch, resource, text, named, asked)
        return answer(asked, b'"%d-%d"' % (row[0], row[1]), bytes(row[5]), None)

    async def one_then(
        self, resource: Resource, text: str, parameters: Any, tree: Tree, asked: "Asked"
    ) -> Answer:
        """The record as it stood at `known_at`, and what is included in it as well."""
        named = reference_or_none(resource, text)
        async with self.reader.snapshot(slow=True, brief=True) as fetch:
            past, then = await find_then(
                fetch, self.statements, resource, text, named, parameters.known_at, asked.instead_of
            )
            body, language, etag = then.body, None, b'"%d-%d"' % (then.rev, then.seq)
            dressed = parameters.model_fields_set != {"known_at"}
            if dressed:
                found = Found(then.id, then.seq, body)
                body, language = await self.dress(
                    resource, parameters, found, tree, past.related_to, past.names
                )
        if dressed or not then.as_published:
            etag = tag_of_bytes(then.id, then.rev, parameters, body)
        return answer(asked, etag, body, language)

    async def dress(
        self,
        resource: Resource,
        parameters: Any,
        record: Found,
        tree: Tree,
        related: Related,
        names: Names,
    ) -> tuple[bytes, str | None]:
        """A record with all that was asked for, and the language that was put in."""
        found, _ = await include(related, resource, [record], tree)
        bodies = [each.body for each in found]
        (body,), language = await self.view(names, resource, parameters, bodies, tree)
        return body, language


class Asked:
    """What the lane reads of a request besides its parameters."""

    __slots__ = ("accept_encoding", "if_none_match", "parts", "query", "root")

    def __init__(self, scope: Mapping[str, Any], root: str, parts: list[str]) -> None:
        self.root = root
        self.parts = parts
        self.query: bytes = scope["query_string"]
        self.if_none_match, self.accept_encoding = conditions(scope["headers"])

    def held(self, etag: bytes) -> bytes | None:
        """The tag under which the client holds what `etag` stands for; None where it does not."""
        if not self.if_none_match:
            return None
        return held_tag(self.if_none_match, etag, gzip=takes_gzip(self.accept_encoding))

    @property
    def path(self) -> str:
        """The path as clients send it, with the prefix of a proxy, percent-encoded."""
        return quote(f"{self.root}/v1/{'/'.join(self.parts)}")

    @property
    def link(self) -> str:
        """The path and the query as they were sent, without a cursor, to stand in a link."""
        pairs = [
            pair for pair in self.query.split(b"&") if pair and not pair.startswith(b"cursor=")
        ]
        kept = linkable(b"&".join(pairs))
        return f"{self.path}?{kept}" if kept else self.path

    def instead_of(self, record_id: str) -> str:
        """The address of what was asked for, of another record."""
        noun, _, *below = self.parts
        path = quote(f"{self.root}/v1/{'/'.join((noun, record_id, *below))}")
        return f"{path}?{linkable(self.query)}" if self.query else path


def tag_of_bytes(record_id: str, rev: int, parameters: Any, body: bytes) -> bytes:
    """The tag of a record that is shown in another way; it names the revision where that does."""
    head = b"" if parameters.fields and "rev" not in parameters.fields else b"%d-" % rev
    return b'"%b%b%b' % (head, mark_of(record_id).encode(), tag(body)[9:])


def answer(asked: Asked, etag: bytes, body: bytes, language: str | None) -> Answer:
    """One record, or 304."""
    held = asked.held(etag)
    if held is not None:
        return not_modified(held)
    headers = [JSON, CACHE_CONTROL, VARY, (b"etag", etag)]
    if language:
        headers.append((b"content-language", language.encode()))
    return Answer(200, headers, body)


def not_modified(etag: bytes) -> Answer:
    return Answer(304, [CACHE_CONTROL, VARY, (b"etag", etag)], b"")


def reference_or_none(resource: Resource, text: str) -> Reference | None:
    """What a path names; None where it can name no record of this kind."""
    try:
        named = reference(text)
    except ValueError:
        return None
    by_id = resource.key is resource.model.id
    by_party_code = resource.kind is RecordKind.PARTY
    if isinstance(named, IdRef):
        return named
    if by_id or isinstance(named, CodeRef) != by_party_code:
        return None
    return named


def links(asked: Asked, cursor: str | None) -> tuple[bytes, bytes]:
    """`first` and, where there is more, `next` (RFC 8288), relative to this server."""
    link = asked.link
    said = f'<{link}>; rel="first"'
    if cursor is not None:
        said += f', <{link}{"&" if "?" in link else "?"}cursor={cursor}>; rel="next"'
    return b"link", said.encode("ascii")


def linkable(query: bytes) -> str:
    """A query as it was sent, but for signs that have no place between angle brackets."""
    return query.decode() if PLAIN_QUERY.fullmatch(query) else quote(query, safe=SAFE)
