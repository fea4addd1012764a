"""Vocabularies: the closed lists that fields and filters draw on."""

from typing import Annotated

from pydantic import Field

from app.schemas.common import Shown


class MemberRead(Shown):
    """A member of a closed list."""

    value: Annotated[
        str, Field(description="As it stands in records and filters.", examples=["phone_call"])
    ]
    meaning: Annotated[
        str, Field(description="What it stands for.", examples=["A conversation by telephone."])
    ]


class VocabularyRead(Shown):
    """A closed list. Members are only ever added."""

    name: Annotated[str, Field(examples=["meeting_format"])]
    description: Annotated[
        str, Field(description="What the list is about.", examples=["What sort of meeting it is."])
    ]
    members: list[MemberRead]


class VocabulariesRead(Shown):
    """Every closed list."""

    vocabularies: list[VocabularyRead]
