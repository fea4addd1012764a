"""`/v1/relations`: what lies between two parties."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.errors import Flaw, InvalidInput
from app.lane.computed import listed
from app.queries import timeline
from app.queries.parties import PARTIES
from app.schemas.filters import IdRef
from app.schemas.relations import RelationsFilters, RelationsRead, Timeline
from app.web.dependencies import StrictRoute, parameters
from app.web.described import record_path
from app.web.nouns import COMMON, ETAG, LINK, good
from app.web.problems import documented
from app.web.records import check_ranges, found, opened, page

router = APIRouter(prefix="/v1/relations", route_class=StrictRoute, tags=["relations"])


@router.get(
    "/{party}/{other}",
    summary="The timeline of two parties",
    response_model=RelationsRead,
    response_description="A page of the timeline.",
    responses={**good(ETag=ETAG, Link=LINK), **documented(*COMMON, "not-found", "gone")},
)
async def read_relations(
    request: Request,
    party: Annotated[str, record_path("The code or the id of a party.", "US")],
    other: Annotated[str, record_path("The code or the id of another.", "CN")],
    filters: Annotated[RelationsFilters, parameters(RelationsFilters)],
) -> Response:
    """Visits of one party to the other, meetings at which both were represented, commitments
    between them and what became of those, in one timeline.

    Visits and meetings are there whatever became of them; `status` says it. A commitment stands
    where it was made. The order of the two parties makes no difference but to `parties`.
    """
    check_ranges(filters)
    async with opened(request, PARTIES, party, slow=True) as one:
        two = await found(request, one.fetch, PARTIES, other)
        if one.id == two.id:
            raise InvalidInput([Flaw("other", "names the same party again; name another")])
        low, high = sorted((one.id, two.id))
        asked = Timeline.model_construct(
            _fields_set={*filters.model_fields_set, "low", "high"},
            **{**dict(filters), "low": IdRef(low), "high": IdRef(high)},
        )
        entries = await listed(one.fetch, one.lane.statements, timeline.TIMELINE, asked)
    parties = [card(each.document) for each in (one, two)]
    return page(request, entries, timeline.item, parties=parties)


def card(party: dict[str, Any]) -> dict[str, Any]:
    return {name: party[name] for name in ("id", "code", "name")}
