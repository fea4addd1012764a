"""Parties: what the API shows of them, and how they are filtered."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import DateRead, IdentifierRead, NameRead, PartyCode, RecordRead
from app.schemas.filters import CommaList, Day, ListFilters
from app.vocabulary import PartyKind


class PartyRead(RecordRead):
    """A state, historic state, territory or international body."""

    code: PartyCode
    kind: PartyKind
    name: Annotated[str, Field(examples=["China"])]
    names: list[NameRead]
    existed_from: DateRead | None
    existed_until: DateRead | None
    predecessors: list[PartyCode]
    successors: list[PartyCode]
    external_ids: list[IdentifierRead]


class PartyFilters(ListFilters):
    kind: Annotated[
        CommaList[PartyKind] | None, Field(description="One or more kinds.", examples=["state"])
    ] = None
    existing_on: Annotated[
        Day | None,
        Field(description="Parties that may have existed on that day.", examples=["2023-06-18"]),
    ] = None
    as_of: Annotated[
        Day | None,
        Field(
            description="Parties that may have existed on that day, under the names of that day.",
            examples=["2023-06-18"],
        ),
    ] = None
    sort: Annotated[
        Literal["name", "-name", "updated_at", "-updated_at"],
        Field(description="The order; `-` for descending."),
    ] = "name"
