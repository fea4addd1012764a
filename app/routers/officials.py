"""`/v1/officials`, and what hangs on one official."""

from typing import Annotated

from fastapi import Request, Response

from app.lane.computed import listed
from app.queries import counterparts
from app.queries.officials import OFFICIALS
from app.schemas.counterparts import CounterpartFilters, CounterpartPage, CounterpartsOf
from app.schemas.filters import IdRef
from app.web.dependencies import parameters
from app.web.described import record_path
from app.web.exporting import declare_export
from app.web.nouns import COMMON, ETAG, LINK, Noun, good, moved
from app.web.problems import documented
from app.web.records import check_ranges, opened, page
from app.web.writes import declare_writes

noun = Noun(OFFICIALS)
noun.declare_list(
    summary="Officials",
    description=(
        "Persons, by name. `q` finds them under any recorded name in any script; `party`, "
        "`level` and `in_office_on` ask about one and the same position."
    ),
)
noun.declare_one(
    summary="One official",
    description=(
        "A person with names in every recorded script, identifiers and positions. `as_of` "
        "leaves the names and positions of that day."
    ),
)
noun.declare_sublist(
    "positions",
    summary="Positions of an official",
    description="The offices that the official held, by start.",
)
noun.declare_sublist(
    "meetings",
    summary="Meetings of an official",
    description="The meetings in which the official took part.",
)
noun.declare_sublist(
    "statements",
    summary="Statements of an official",
    description="What the official said, or is reported to have said.",
)
declare_export(noun)
declare_writes(
    noun,
    make={
        "name": "Jane Doe",
        "names": [{"name": "Doe, Jane", "kind": "alias", "language": "en"}],
        "identifiers": [{"scheme": "wikidata", "value": "Q42"}],
    },
    change={"birth": "1962-04"},
)
router = noun.router


@router.get(
    "/{reference}/counterparts",
    summary="Counterparts of an official",
    response_model=CounterpartPage,
    response_description="A page of the list.",
    responses={
        **good(ETag=ETAG, Link=LINK),
        **moved(OFFICIALS),
        **documented(*COMMON, "not-found", "gone"),
    },
)
async def list_counterparts_of_official(
    request: Request,
    reference: Annotated[str, record_path("An id or a slug.", "antony-blinken")],
    filters: Annotated[CounterpartFilters, parameters(CounterpartFilters)],
) -> Response:
    """With whom the official met, how often, first and last.

    Only meetings that were held count, and only those who sat on another side: who accompanied
    the official is no counterpart, nor is an interpreter, notetaker or observer.
    """
    check_ranges(filters)
    async with opened(request, OFFICIALS, reference, slow=True) as official:
        asked = CounterpartsOf.model_construct(
            _fields_set={*filters.model_fields_set, "official"},
            **{**dict(filters), "official": IdRef(official.id)},
        )
        found = await listed(
            official.fetch, official.lane.statements, counterparts.COUNTERPARTS, asked
        )
    return page(request, found, counterparts.item)
