"""By which words each record is found: its own text, and its people under all their names.

`search_entry` makes the row of `search_entries`; whatever writes such rows gets them there.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from app.folding import tokens_and_units
from app.models.base import Dated
from app.models.commitments import Commitment
from app.models.meetings import Meeting
from app.models.officials import Official, Position
from app.models.parties import Party
from app.models.plain import model_of
from app.models.sources import Source
from app.models.statements import Addressee, CoSpeaker, Statement
from app.models.topics import Topic
from app.models.visits import Visit
from app.questions import BETWEEN_TEXTS, Mark, in_head, mark, marks_of_span, set_apart
from app.vocabulary import RecordKind

NO_PARTY = ("press", "third_party")
"""Perspectives of sources in which no party speaks."""

LONGEST_REMEMBERED = 120

Texts = Iterator[str | None]


def all_names(official: Official | None) -> Texts:
    if official is not None:
        yield official.name
        yield from (each.name for each in official.names)


def party(row: Party) -> Texts:
    yield from (row.code, row.name)
    yield from (each.name for each in row.names)


def topic(row: Topic) -> Texts:
    yield from (row.code, row.label)


def source(row: Source) -> Texts:
    yield from (row.slug, row.title, row.publisher, row.republished_by, row.note)


def official(row: Official) -> Texts:
    yield row.slug
    yield from all_names(row)
    yield from (each.title for each in row.positions)


def position(row: Position) -> Texts:
    yield from (row.title, row.body)
    yield from all_names(row.official)


def people(rows: Iterable[Any]) -> Texts:
    for each in rows:
        yield from (each.name_as_given, each.title_as_given)
        yield from all_names(each.official)


def visit(row: Visit) -> Texts:
    yield from (row.slug, row.title, row.summary)
    yield from people(row.travellers)
    for stop in row.stops:
        yield from (stop.place_name, stop.city)
        for each in stop.localities:
            yield from (each.name, each.city)


def meeting(row: Meeting) -> Texts:
    yield from (row.slug, row.title, row.summary, row.place_name, row.city)
    yield from people(row.participations)
    yield from (link.topic.label for link in row.topic_links)


def statement(row: Statement) -> Texts:
    yield from (row.text, row.speaker_name_as_given, row.speaker_title_as_given)
    yield from all_names(row.speaker)
    yield from all_names(row.on_behalf_of_official)
    yield from (each.title_as_given for each in row.co_speakers)
    others: list[CoSpeaker | Addressee] = [*row.co_speakers, *row.addressees]
    for each in others:
        yield each.name_as_given
        yield from all_names(each.official)
    yield from (link.topic.label for link in row.topic_links)


def commitment(row: Commitment) -> Texts:
    yield from (row.slug, row.title, row.text)
    yield from (each.text for each in row.wordings)
    for each in row.actors:
        yield from all_names(each.official)
    yield from (link.topic.label for link in row.topic_links)


TEXTS: dict[RecordKind, Callable[[Any], Texts]] = {
    RecordKind.PARTY: party,
    RecordKind.TOPIC: topic,
    RecordKind.SOURCE: source,
    RecordKind.OFFICIAL: official,
    RecordKind.POSITION: position,
    RecordKind.VISIT: visit,
    RecordKind.MEETING: meeting,
    RecordKind.STATEMENT: statement,
    RecordKind.COMMITMENT: commitment,
}


def titled(row: Any) -> Texts:
    yield row.title


def named(row: Any) -> Texts:
    yield row.name
    yield from (each.name for each in row.names)


HEADS: dict[RecordKind, Callable[[Any], Texts]] = {
    RecordKind.PARTY: named,
    RecordKind.TOPIC: lambda row: iter((row.label,)),
    RecordKind.SOURCE: titled,
    RecordKind.OFFICIAL: named,
    RecordKind.POSITION: titled,
    RecordKind.VISIT: titled,
    RecordKind.MEETING: titled,
    RecordKind.STATEMENT: lambda _: iter(()),
    RecordKind.COMMITMENT: titled,
}
"""What each record is called, in every way: words found here rank above others."""


def codes(parties: Iterable[Party | None]) -> set[str]:
    return {each.code for each in parties if each is not None}


PARTIES: dict[RecordKind, Callable[[Any], set[str]]] = {
    RecordKind.PARTY: lambda row: {row.code},
    RecordKind.TOPIC: lambda _: set(),
    RecordKind.SOURCE: lambda row: {row.perspective} - set(NO_PARTY),
    RecordKind.OFFICIAL: lambda row: codes(each.party for each in row.positions),
    RecordKind.POSITION: lambda row: codes([row.party]),
    RecordKind.VISIT: lambda row: codes(each.party for each in row.parties),
    RecordKind.MEETING: lambda row: codes(each.party for each in row.participations),
    RecordKind.STATEMENT: lambda row: codes([row.party, *(each.party for each in row.co_speakers)]),
    RecordKind.COMMITMENT: lambda row: codes(each.party for each in row.actors),
}
"""The parties that a record counts for, as `/v1/stats` counts; of officials and positions the
sides whose offices they are, of a source the side that speaks in it.
"""


def ids(references: Iterable[str | None]) -> set[str]:
    return {each for each in references if each is not None}


OFFICIALS: dict[RecordKind, Callable[[Any], set[str]]] = {
    RecordKind.OFFICIAL: lambda row: {row.id},
    RecordKind.POSITION: lambda row: {row.official_id},
    RecordKind.VISIT: lambda row: ids(each.official_id for each in row.travellers),
    RecordKind.MEETING: lambda row: ids(each.official_id for each in row.participations),
    RecordKind.STATEMENT: lambda row: ids(
        [
            row.speaker_id,
            row.on_behalf_of_official_id,
            *(each.official_id for each in (*row.co_speakers, *row.addressees)),
        ]
    ),
    RecordKind.COMMITMENT: lambda row: ids(each.official_id for each in row.actors),
}


def officials_of(kind: RecordKind, row: Any) -> set[str]:
    """The ids of those under whose names a record is found."""
    return OFFICIALS[kind](row) if kind in OFFICIALS else set()


def topics(row: Any) -> set[str]:
    if model_of(row) is Topic:
        return {row.code}
    return {link.topic.code for link in getattr(row, "topic_links", ())}


def marks(kind: RecordKind, row: Any) -> list[str]:
    """What a record is filtered and counted by, a word each."""
    is_dated = issubclass(model_of(row), Dated) and row.date_edtf is not None
    return [
        mark(Mark.TYPE, kind.value),
        *(mark(Mark.PARTY, code) for code in sorted(PARTIES[kind](row))),
        *(marks_of_span(row.date_earliest, row.date_latest) if is_dated else ()),
        *(mark(Mark.TOPIC, code) for code in sorted(topics(row))),
        mark(Mark.DATASET, row.dataset),
    ]


class Words(NamedTuple):
    """A text as it is indexed: its tokens, and its words and signs in order between blanks."""

    tokens: tuple[str, ...]
    in_order: str
    length: int


def words(text: str) -> Words:
    """The words of a text; those of names and titles, which come back, are remembered."""
    return remembered(text) if len(text) <= LONGEST_REMEMBERED else taken(text)


def taken(text: str) -> Words:
    found, in_order = tokens_and_units(text)
    return Words(tuple(found), f" {' '.join(in_order)} " if in_order else "", len(in_order))


remembered = lru_cache(maxsize=16_384)(taken)


def search_entry(kind: RecordKind, row: Any, further: Iterable[str] = ()) -> dict[str, Any]:
    """The row of `search_entries` of a record that is loaded as its document needs it.

    `further` are names under which it is found though it does not bear them: those of officials
    who were merged away. Both databases take `tokens` as they are, FTS5 as text, PostgreSQL as a
    tsvector: the distinct tokens of all texts, sorted and with blanks between them; those of
    titles and names once more, set apart; and the marks.
    """
    heads = dict.fromkeys(text for text in HEADS[kind](row) if text)
    texts = dict.fromkeys(text for text in (*TEXTS[kind](row), *further) if text)
    head = [words(text) for text in heads]
    body = [words(text) for text in texts if text not in heads]
    named = {token for each in head for token in each.tokens}
    said = marks(kind, row)
    tokens = named.union(*(each.tokens for each in body), map(in_head, named), map(set_apart, said))
    dated = issubclass(model_of(row), Dated)
    content = {
        "tokens": " ".join(sorted(tokens)),
        "head": BETWEEN_TEXTS.join(each.in_order for each in head if each.in_order),
        "body": BETWEEN_TEXTS.join(each.in_order for each in body if each.in_order),
        "marks": " ".join(said),
        "length": sum(each.length for each in (*head, *body)),
        "date_earliest": row.date_earliest if dated else None,
        "date_latest": row.date_latest if dated else None,
    }
    digest = blake2b(repr(content).encode(), digest_size=16).hexdigest()
    return {"kind": kind, "record_id": row.id, "digest": digest, **content}
