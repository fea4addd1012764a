"""The same API written the usual way: FastAPI, a session for each request, the ORM with
`selectinload`, a list of dictionaries and a `response_model` that checks and writes them.

It shows the same documents from the same tables, through the models of this program and the
functions that make its documents; what it leaves out is everything else.
"""

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database.engines import ONLY_READS, make_engine
from app.models import Meeting, Party
from app.record.documents import meeting as as_json
from app.record.loading import PLANS
from app.schemas.common import Page
from app.schemas.meetings import MeetingRead
from app.vocabulary import MeetingFormat, RecordKind

engine = make_engine(os.environ["CHANCERY_DATABASE_URL"]).execution_options(**{ONLY_READS: True})
session_of = sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


def session() -> Iterator[Session]:
    with session_of() as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]
MEETINGS = select(Meeting).where(Meeting.deleted_seq.is_(None)).options(*PLANS[RecordKind.MEETING])


@app.get("/v1/meetings", response_model=Page[MeetingRead])
def meetings(
    opened: Opened,
    country: str | None = None,
    city: str | None = None,
    kind: Annotated[MeetingFormat | None, Query(alias="format")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> dict[str, Any]:
    statement = MEETINGS.order_by(Meeting.date_ascends, Meeting.id).limit(limit + 1)
    if country is not None:
        party = select(Party.id).where(Party.code == country).scalar_subquery()
        statement = statement.where(Meeting.country_id == party)
    if city is not None:
        statement = statement.where(Meeting.city_folded == city.lower())
    if kind is not None:
        statement = statement.where(Meeting.format == kind)
    found = opened.scalars(statement).unique().all()
    items = [as_json(each) for each in found[:limit]]
    following = found[limit].slug if len(found) > limit else None
    return {"items": items, "next_cursor": following, "total": None}


@app.get("/v1/meetings/{slug}", response_model=MeetingRead)
def meeting(opened: Opened, slug: str) -> dict[str, Any]:
    found = opened.scalars(MEETINGS.where(Meeting.slug == slug)).unique().one_or_none()
    if found is None:
        raise HTTPException(404)
    return as_json(found)
