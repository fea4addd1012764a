"""By which words each record is found: its own text, and its people under all their names."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.folding import tokens
from app.models.commitments import Commitment
from app.models.meetings import Meeting
from app.models.officials import Official, Position
from app.models.parties import Party
from app.models.sources import Source
from app.models.statements import Addressee, CoSpeaker, Statement
from app.models.topics import Topic
from app.models.visits import Visit
from app.vocabulary import RecordKind

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


def search_tokens(kind: RecordKind, row: Any, further: Iterable[str] = ()) -> str:
    """The distinct tokens of a record and of further texts, sorted and with blanks between them.

    Both databases take this form as it is: FTS5 as text, PostgreSQL as a tsvector.
    """
    texts = (*TEXTS[kind](row), *further)
    return " ".join(sorted({token for text in texts if text for token in tokens(text)}))
