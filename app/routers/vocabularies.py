"""The closed lists: which values fields and filters take, and what each of them means."""

from inspect import cleandoc
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException

from app.schemas.vocabularies import MemberRead, VocabulariesRead, VocabularyRead
from app.vocabulary import VOCABULARIES, Term
from app.web.dependencies import StrictRoute
from app.web.problems import documented

router = APIRouter(
    prefix="/v1/vocabularies",
    route_class=StrictRoute,
    tags=["vocabularies"],
    responses=documented(
        "malformed-request", "unauthenticated", "invalid-parameters", "internal-error"
    ),
)


def shown(name: str, terms: type[Term]) -> VocabularyRead:
    return VocabularyRead(
        name=name,
        description=cleandoc(terms.__doc__ or ""),
        members=[MemberRead(value=term.value, meaning=term.meaning) for term in terms],
    )


BY_NAME = {name: shown(name, terms) for name, terms in VOCABULARIES.items()}
ALL = VocabulariesRead(vocabularies=list(BY_NAME.values()))


@router.get("", summary="All closed lists", response_description="Every list with its members.")
async def list_vocabularies() -> VocabulariesRead:
    """Every closed list, its members in their natural order, each with its meaning."""
    return ALL


@router.get(
    "/{name}",
    summary="One closed list",
    response_description="The list with its members.",
    responses=documented("not-found"),
)
async def read_vocabulary(
    name: Annotated[str, Path(description="The name of the list.", examples=["meeting_format"])],
) -> VocabularyRead:
    """One closed list, its members in their natural order, each with its meaning."""
    found = BY_NAME.get(name)
    if found is None:
        raise HTTPException(404, f"There is no vocabulary {name!r}; /v1/vocabularies has them all.")
    return found
