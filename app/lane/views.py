"""What is computed from documents at request time: fewer fields, another language, a day.

Slower than the plain read, and never in its way: these parse the documents that the plain
read passes on as bytes.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from app import dates
from app.database.dialects import among
from app.database.reading import Compiled, Fetch, Reader
from app.dates import Certainty
from app.errors import Flaw, InvalidInput
from app.models import OfficialName, PartyName
from app.queries.base import Resource
from app.vocabulary import EndStatus, NameKind, RecordKind

Json = Any


def check_fields(resource: Resource, fields: tuple[str, ...] | None) -> None:
    """Refuse names that the record does not have."""
    known = set(resource.read.model_fields)
    unknown = [name for name in fields or () if name not in known]
    if unknown:
        shown = ", ".join(name[:40] for name in unknown)
        raise InvalidInput(
            [Flaw("fields", f"names no field of this record: {shown}", tuple(sorted(known)))]
        )


def keep_fields(document: Json, fields: tuple[str, ...], included: set[str]) -> Json:
    return {name: document[name] for name in document if name in fields or name in included}


def span_may_hold(start: Json, end: Json, day: str) -> bool:
    """Whether a span between two date objects may cover a day; ISO dates order as text."""
    begins = start["earliest"] if start else None
    ends = end["latest"] if end else None
    return (begins is None or begins <= day) and (ends is None or ends >= day)


SHOWN_AS_OF = {RecordKind.OFFICIAL, RecordKind.PARTY, RecordKind.POSITION}
"""Records that read differently on different days."""


def is_viewed(kind: RecordKind, given: AbstractSet[str]) -> bool:
    """Whether the parameters given ask for documents to be taken apart."""
    return "fields" in given or "lang" in given or ("as_of" in given and kind in SHOWN_AS_OF)


def on_day(kind: RecordKind, document: Json, day: date) -> Json:
    """Only the names and positions that may hold on the day; the name shown is one of them.

    Each position says whether it was held for certain.
    """
    if kind is RecordKind.POSITION:
        return {**document, "held": held_on(document, day).value}
    text = day.isoformat()
    document["names"] = [
        name
        for name in document["names"]
        if span_may_hold(name["valid_from"], name["valid_until"], text)
    ]
    document["name"] = name_on_day(document["name"], document["names"])
    if kind is RecordKind.OFFICIAL:
        document["positions"] = [
            {**position, "held": held.value}
            for position in document["positions"]
            if (held := held_on(position, day)) is not Certainty.NO
        ]
    return document


def held_on(position: Json, day: date) -> Certainty:
    """Whether an office, as a document shows it, was held on the day."""
    start, end, attested = position["start"], position["end"], position["attested_until"]
    return dates.holds_on(
        day,
        start and dates.parse(start["edtf"]),
        end and dates.parse(end["edtf"]),
        ongoing=position["end_status"] == EndStatus.ONGOING and attested is None,
        attested_until=attested and date.fromisoformat(attested),
    )


def name_on_day(shown: str, names: list[Json]) -> str:
    """The name that was borne then, where the record dates one; else the one always shown."""
    dated = [name for name in names if name["valid_from"] or name["valid_until"]]
    if not dated or any(name["name"] == shown for name in names):
        return shown
    return str(dated[0]["name"])


def cards_in(value: Json) -> Iterator[dict[str, Any]]:
    """Every object that has a `name` and an `id` to look another name up by."""
    if isinstance(value, dict):
        if isinstance(value.get("name"), str) and "id" in value:
            yield value
        for inner in value.values():
            yield from cards_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from cards_in(inner)


PREFERENCE = {
    kind: rank
    for rank, kind in enumerate(
        (NameKind.NATIVE, NameKind.DISPLAY, NameKind.TRANSLITERATION, NameKind.SHORT)
    )
}
"""Which of several names in a language is shown; the rest follow in the record's order."""


def names_statement(reader: Reader, model: type[OfficialName | PartyName]) -> Compiled:
    """The names of some records in a language: id, name, kind, language, in the record's order."""
    owner: Any = model.official_id if model is OfficialName else PartyName.party_id
    language: Any = model.language
    return reader.compile(
        select(owner, model.name, model.kind, language)
        .where(
            among(reader.dialect, owner, "owners"),
            language.in_([bindparam("tag"), bindparam("base")])
            | language.like(bindparam("wider"), escape="\\"),
        )
        .order_by(owner, model.ordinal)
    )


Names = Callable[[Sequence[str], str], Awaitable[Iterable[Sequence[Any]]]]
"""Finds names of some records in a language: rows of the record's id, name, kind and language, a
record's in its order. More than asked for does no harm.
"""


def names_now(fetch: Fetch, statements: Mapping[type[Any], Compiled]) -> Names:
    """By the tables, in one statement for officials and one for parties."""

    async def names(ids: Sequence[str], lang: str) -> list[Sequence[Any]]:
        base = base_of(lang)
        by_name = {"owners": ids, "tag": lang, "base": base, "wider": f"{base}-%"}
        found: list[Sequence[Any]] = []
        for statement in statements.values():
            found += await fetch(statement, [by_name[name] for name in statement.names])
        return found

    return names


def base_of(lang: str) -> str:
    """The language itself, without script or region."""
    return lang.split("-", maxsplit=1)[0].lower()


def speaks(language: str | None, lang: str) -> bool:
    """Whether a name in a language may be shown where that one was asked for."""
    base = base_of(lang)
    return language is not None and (
        language in (lang, base) or language.lower().startswith(f"{base}-")
    )


async def translate(names: Names, documents: Json, lang: str) -> bool:
    """Put names in a language where the record has one; say whether any was put in.

    A name in exactly that language comes first, then one in the same language in whatever
    script or region.
    """
    found = list(cards_in(documents))
    ids = sorted({card["id"] for card in found})
    chosen: dict[str, tuple[tuple[bool, int], str]] = {}
    for owner, name, kind, language in await names(ids, lang):
        rank = (language.lower() != lang.lower(), PREFERENCE.get(NameKind(kind), 9))
        known = chosen.get(str(owner))
        if known is None or rank < known[0]:
            chosen[str(owner)] = (rank, name)
    for card in found:
        if card["id"] in chosen:
            card["name"] = chosen[card["id"]][1]
    return bool(chosen)
