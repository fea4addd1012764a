"""The statements of a search over all records: candidates, then what is shown of a page of them.

Candidates are rows of `search_entries` alone, the ones recorded last first, and no more than
`MOST_HITS` and one: it tells that there are others. What they are ranked and counted by stands
in the row. Everything that filters by type, party, topic, data set or decade is a token of the
index, so that a rare value makes a search quicker and not slower.
"""

from typing import Any

from sqlalchemy import (
    Dialect,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from app.database.dialects import among, holds, newest_holding, search_query
from app.models import Document, Official, OfficialName, Party, Revision, SearchEntry, Topic
from app.questions import Mark, Question, in_head, mark, marks_of_range, set_apart
from app.schemas.search import SearchParameters

MOST_HITS = 2_000

MANY = 10_000
"""So many hits in all entries, by what the newest hold: then PostgreSQL asks block by block."""

ENTRY: Any = SearchEntry.__table__
PARTY: Any = Party.__table__
TOPIC: Any = Topic.__table__
PERSON: Any = Official.__table__


def filter_marks(asked: SearchParameters) -> list[list[str]]:
    """The marks that a hit must have: one of each list."""
    found = [[mark(Mark.PARTY, code)] for code in asked.party or ()]
    if asked.type is not None:
        found.append([mark(Mark.TYPE, kind.value) for kind in asked.type])
    if asked.topic is not None:
        found.append([mark(Mark.TOPIC, code) for code in asked.topic])
    if asked.dataset is not None:
        found.append([mark(Mark.DATASET, asked.dataset)])
    if asked.date_from is not None or asked.date_to is not None:
        found.append(
            marks_of_range(
                asked.date_from and asked.date_from.first, asked.date_to and asked.date_to.last
            )
        )
    return found


def query(dialect: Dialect, question: Question, asked: SearchParameters, *, heads: bool) -> str:
    """What the index is asked for; with `heads` all words have to stand in titles and names."""
    place = in_head if heads else str
    alternatives = [[set_apart(each) for each in some] for some in filter_marks(asked)]
    return search_query(
        dialect,
        [*map(place, question.tokens), *(each[0] for each in alternatives if len(each) == 1)],
        list(map(place, question.beginnings)),
        [each for each in alternatives if len(each) > 1],
    )


def candidates(
    dialect: Dialect,
    *,
    phrases: int,
    since: bool,
    until: bool,
    heads: bool,
    older: bool,
    most: int,
) -> Select[Any]:
    """Rows of number, head, marks, length, first and last day, and whether the words stand
    together, of at most `most` entries that hold `query`, so many phrases, and that may fall
    on `date_from` or later, on `date_to` or earlier.
    """
    entry = ENTRY.c

    def has(name: str) -> Any:
        part = bindparam(name, type_=Text())
        in_head = holds(dialect, entry.head, part)
        return in_head if heads else or_(in_head, holds(dialect, entry.body, part))

    columns = (
        entry.number,
        entry.head,
        entry.marks,
        entry.length,
        entry.date_earliest,
        entry.date_latest,
        has("together").label("together"),
    )
    statement = select(*columns).where(*(has(f"phrase{index}") for index in range(phrases)))
    first, last = entry.date_earliest, entry.date_latest
    if since:
        open_end = last.is_(None) & first.is_not(None)
        statement = statement.where(or_(last >= bindparam("date_from"), open_end))
    if until:
        open_start = first.is_(None) & last.is_not(None)
        statement = statement.where(or_(first <= bindparam("date_to"), open_start))
    return newest_holding(dialect, statement, ENTRY, most, older=older)


def newest() -> Select[Any]:
    """The number of the entry that was made last; null where there is none."""
    return select(func.max(ENTRY.c.number))


def shown(dialect: Dialect) -> Select[Any]:
    """Rows of number, kind and newest document of the entries among `numbers`."""
    newest = (
        select(func.max(Revision.seq))
        .where(Revision.record_id == ENTRY.c.record_id)
        .scalar_subquery()
    )
    return (
        select(ENTRY.c.number, ENTRY.c.kind, Document.body)
        .join(Document, Document.seq == newest)
        .where(among(dialect, ENTRY.c.number, "numbers", Integer()))
    )


def called(dialect: Dialect) -> Select[Any]:
    """Rows of key and name: of the officials among `ids` by id, those who were merged into them
    included, at whatever remove; of the parties and topics among `codes` by code.
    """
    # With their names: SQLite would go through all officials to find them again.
    own = select(PERSON.c.id, PERSON.c.id.label("survivor_id"), PERSON.c.name)
    way: Any = own.where(among(dialect, PERSON.c.id, "ids")).cte(recursive=True)
    further = aliased(Official)
    way = way.union_all(
        select(further.id, way.c.survivor_id, further.name).join(
            way, further.merged_into_id == way.c.id
        )
    )
    person = cast(way.c.survivor_id, Text())
    borne = OfficialName.official_id == way.c.id
    return union(  # type: ignore[return-value]
        select(person, way.c.name),
        select(person, OfficialName.name).join(OfficialName, borne),
        select(PARTY.c.code, PARTY.c.name).where(among(dialect, PARTY.c.code, "codes", Text())),
        select(TOPIC.c.code, TOPIC.c.label).where(among(dialect, TOPIC.c.code, "codes", Text())),
    )
