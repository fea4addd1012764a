"""Search: what is asked of the whole record at once, and how a hit is shown."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.questions import SHORTEST_BEGINNING, parse
from app.schemas.common import DateRead, Id, PartyCode, Shown
from app.schemas.filters import CommaList, Cursor, DateRange, Limit, Line, Several
from app.vocabulary import RecordKind


def asks_for_something(text: str) -> str:
    """Refuse a question that holds nothing to look for."""
    question = parse(text)
    if not question:
        message = "holds no word to search for"
        raise ValueError(message)
    if any(len(each) < SHORTEST_BEGINNING for each in question.beginnings):
        message = f"holds a beginning of fewer than {SHORTEST_BEGINNING} letters before a *"
        raise ValueError(message)
    return text


Code = Annotated[str, Field(pattern="^[A-Z][A-Z0-9]{1,15}$")]
TopicCode = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=128)]


class SearchParameters(DateRange):
    q: Annotated[
        str,
        Field(
            description="What to look for. All words must occur, in any order and in any of the "
            'texts of a record; `"one china"` between quotation marks occurs as it stands; '
            "`negotiat*` is how a word begins, at least three letters of it. Case, accents and "
            "width do not count, and nothing else is read as an operator. Chinese and Japanese "
            "signs and Korean syllables need no blanks. People are found under every recorded "
            "name, in every script, those of whom they were merged with included.",
            min_length=1,
            max_length=4096,
            examples=['"one china" taiwan'],
        ),
        AfterValidator(asks_for_something),
    ]
    type: Annotated[
        CommaList[RecordKind] | None,
        Field(description="One or more kinds of record.", examples=["statement,commitment"]),
    ] = None
    party: Annotated[
        Several[Code] | None,
        Field(
            description="The code of a party that the record counts for, as in `facets.party`. "
            "May repeat: then it counts for all of them.",
            examples=["CN"],
        ),
    ] = None
    topic: Annotated[
        CommaList[TopicCode] | None,
        Field(description="Codes of topics; one of them is the record's.", examples=["taiwan"]),
    ] = None
    dataset: Annotated[Line | None, Field(description="A data set.", examples=["seed"])] = None
    sort: Annotated[
        Literal["rank", "date", "-date"],
        Field(
            description="The order of the hits: the best first, or by date, `-` for descending. "
            "Undated ones come last in both; equals are in the order in which they were recorded, "
            "the last first."
        ),
    ] = "rank"
    limit: Limit = 20
    cursor: Cursor = None


class HitRef(Shown):
    """Where a hit is."""

    id: Id
    slug: Annotated[
        str | None,
        Field(
            description="The slug, or the code of a party or a topic; null for what has neither.",
            examples=["blinken-xi-beijing-2023-06-19"],
        ),
    ]
    href: Annotated[
        str,
        Field(
            description="The address of the record on this server.",
            examples=["/v1/meetings/blinken-xi-beijing-2023-06-19"],
        ),
    ]


class SnippetPart(Shown):
    """A stretch of a snippet."""

    text: Annotated[str, Field(examples=["Zürich"])]
    match: Annotated[bool, Field(description="Whether it is what was looked for.")]


class SnippetRead(Shown):
    """A piece of the record's own text, in its own spelling, about what was looked for."""

    field: Annotated[
        str,
        Field(
            description="The field that it is from, as a path without indices; `names` where a "
            "person of the record is found under a name that the record does not show.",
            examples=["participants.official.name"],
        ),
    ]
    parts: Annotated[
        list[SnippetPart], Field(description="The text in stretches; joined they are all of it.")
    ]
    html: Annotated[
        str,
        Field(
            description="The same as HTML: matches in `<mark>`, everything else escaped. `…` "
            "stands where something was left out.",
            examples=["… on the <mark>one</mark>-<mark>China</mark> policy"],
        ),
    ]


class HitRead(Shown):
    """A record in which everything that was looked for occurs."""

    type: RecordKind
    ref: HitRef
    title: Annotated[
        str | None,
        Field(
            description="The title, name or label; of a statement who makes it. In the record's "
            "own words.",
            examples=["Antony Blinken meets Xi Jinping"],
        ),
    ]
    date: Annotated[DateRead | None, Field(description="Null for what has none.")]
    parties: Annotated[
        list[PartyCode], Field(description="The parties that it counts for, by code.")
    ]
    snippet: SnippetRead | None
    rank: Annotated[
        float,
        Field(
            description="Between 0 and 1, the higher the better. Words in titles and names "
            "count most, then how much of the title or name they make up, then whether they "
            "stand together, then how short the record is.",
            ge=0,
            le=1,
            examples=[0.8123],
        ),
    ]


class FacetRead(Shown):
    """How many of the hits have a value."""

    value: Annotated[str, Field(description="To filter by.", examples=["CN"])]
    label: Annotated[str | None, Field(description="The name of a party.", examples=["China"])]
    count: Annotated[int, Field(ge=1)]


class FacetsRead(Shown):
    """The hits counted, each once for every value that it has."""

    type: Annotated[list[FacetRead], Field(description="By kind of record, the most first.")]
    party: Annotated[list[FacetRead], Field(description="By party, the most first.")]
    year: Annotated[
        list[FacetRead],
        Field(
            description="By year in which it may fall, in order. What has an open end, or covers "
            "a hundred years or more, counts in the years of its known ends."
        ),
    ]


class SearchRead(Shown):
    """A page of hits, and all hits counted."""

    items: list[HitRead]
    facets: FacetsRead
    total: Annotated[
        int | None,
        Field(description="How many hits there are; null where `capped`, when nobody counted."),
    ]
    capped: Annotated[
        bool,
        Field(
            description="There are more than 2,000 hits. Looked at were those with all words in "
            "the title or the names, then others, the ones recorded last first, up to 2,000: they "
            "alone are ranked, counted in `facets` and reached by `next_cursor`. Narrow the "
            "question to see others."
        ),
    ]
    next_cursor: Annotated[
        str | None,
        Field(description="Send it as `cursor`, with the same question and sort, to read on."),
    ]
