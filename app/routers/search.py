"""`/v1/search`: every record in which words occur."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.database.reader import Fetch
from app.lane.lane import links
from app.lane.search import Results, Search
from app.schemas.search import SearchParameters, SearchRead
from app.web.dependencies import StrictRoute, parameters
from app.web.nouns import COMMON, ETAG, LINK, good
from app.web.problems import documented
from app.web.records import asked_of, check_ranges, json, lane_of

router = APIRouter(prefix="/v1/search", route_class=StrictRoute, tags=["search"])


@router.get(
    "",
    name="search",
    summary="Search everything",
    response_model=SearchRead,
    response_description="A page of hits, and all hits counted.",
    responses={**good(ETag=ETAG, Link=LINK), **documented(*COMMON)},
)
async def search(
    request: Request, asked: Annotated[SearchParameters, parameters(SearchParameters)]
) -> Response:
    """Full text over all records at once, the best hits first, with the matches pointed out in
    each record's own words, and with counts by type, party and year to narrow the search by.

    A word that occurs in a hundred thousand records is answered as quickly as a rare one,
    because no more than 2,000 hits are looked at. Where there are more, `capped` says so.
    """
    check_ranges(asked)
    lane, address = lane_of(request), asked_of(request)

    async def results(fetch: Fetch) -> Results:
        return await Search(fetch, lane.statements, asked, address.root).results()

    found = await lane.reader.apart(results)
    response = json(found._asdict())
    response.raw_headers.append(links(address, found.next_cursor))
    return response
