"""`/v1/meetings/{reference}/accounts` and `/v1/visits/{reference}/accounts`."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.queries import relations
from app.queries.base import Resource
from app.queries.meetings import MEETINGS
from app.queries.visits import VISITS
from app.record.accounts import meeting_accounts, visit_accounts
from app.record.narrowing import Narrowing
from app.schemas.accounts import AccountsParameters, MeetingAccounts, VisitAccounts
from app.web.dependencies import StrictRoute, parameters
from app.web.described import record_path
from app.web.nouns import COMMON, ETAG, good, moved
from app.web.problems import documented
from app.web.records import json, opened, related

RULES = """

Every slug is that of one of `sources`. `fields` has each field that a source claims, with the
value that the record shows and every claim; `topics` has how each source treats each topic. A
source that was read and does not name a topic is `silent`; one that the record has not examined
for it is in `not_examined`. Where the record says nothing of a source and a topic, but the
source reports a statement on it, it affirms it on the basis `statement`. `utterances` bring
together the renderings of what was said once.

`agreement` is `single` where one source alone has a say, `conflict` where the values differ, and
else `agree`. On a topic, one source affirming what another denies is a conflict, and so is one
of several putting it in terms of its own; silence is shown and makes none.

`sources` and `perspective` leave only the accounts asked for, and `agreement` is then that of
those. With `known_at` all of it is as it stood in the record at that instant.
"""
OF_A_MEETING = (
    "Rival accounts of one meeting side by side: how long it took, what each side calls it, whom "
    "it styles how, which topics it names and which it passes over, and what it says became of "
    "commitments there.\n\n"
    "`/v1/meetings/blinken-qin-beijing-2023-06-18/accounts` puts seven hours by one account "
    "beside “nearly six” by another, and “candid, in-depth and constructive” beside “candid, "
    "substantive, and constructive”; with `?perspective=US,CN` it compares the two governments."
    + RULES
)
OF_A_VISIT = (
    "Rival accounts of one visit side by side, with what was said on it, at its meetings too, and "
    "which of the sources that it cites attest each of its meetings.\n\n"
    "`/v1/visits/blinken-beijing-2023-06/accounts` shows that the Historian has the visit begin "
    "a day earlier and does not name the meeting with Wang Yi. How the sources treat the topics "
    "of a single meeting is in that meeting's accounts." + RULES
)

router = APIRouter(prefix="/v1", route_class=StrictRoute)

AskedFor = Annotated[AccountsParameters, parameters(AccountsParameters)]


def answers(resource: Resource) -> dict[int | str, dict[str, Any]]:
    return {**good(ETag=ETAG), **moved(resource), **documented(*COMMON, "not-found", "gone")}


@router.get(
    "/meetings/{reference}/accounts",
    tags=["meetings"],
    summary="Accounts of a meeting",
    description=OF_A_MEETING,
    response_model=MeetingAccounts,
    response_description="The accounts side by side.",
    responses=answers(MEETINGS),
)
async def read_accounts_of_meeting(
    request: Request,
    reference: Annotated[str, record_path("An id or a slug.", "blinken-qin-beijing-2023-06-18")],
    asked: AskedFor,
) -> Response:
    async with opened(request, MEETINGS, reference, known_at=asked.known_at) as record:
        said = await related(record, relations.STATEMENTS_OF_MEETING, [record.document])
        rendered = await related(record, relations.RENDERINGS_OF_STATEMENT, uttering(said))
        promised = await related(record, relations.COMMITMENTS_OF_MEETING, [record.document])
    return json(meeting_accounts(record.document, said, rendered, promised, narrowing(asked)))


@router.get(
    "/visits/{reference}/accounts",
    tags=["visits"],
    summary="Accounts of a visit",
    description=OF_A_VISIT,
    response_model=VisitAccounts,
    response_description="The accounts side by side.",
    responses=answers(VISITS),
)
async def read_accounts_of_visit(
    request: Request,
    reference: Annotated[str, record_path("An id or a slug.", "blinken-beijing-2023-06")],
    asked: AskedFor,
) -> Response:
    async with opened(request, VISITS, reference, known_at=asked.known_at) as record:
        said = await related(record, relations.STATEMENTS_OF_VISIT, [record.document])
        rendered = await related(record, relations.RENDERINGS_OF_STATEMENT, uttering(said))
        held = await related(record, relations.MEETINGS_OF_VISIT, [record.document])
    return json(visit_accounts(record.document, said, rendered, held, narrowing(asked)))


def narrowing(asked: AccountsParameters) -> Narrowing:
    return Narrowing(asked.sources, asked.perspective)


def uttering(statements: list[Any]) -> list[Any]:
    """Those that may have other renderings."""
    return [each for each in statements if each["utterance"]]
