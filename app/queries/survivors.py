"""Officials that live on in others: what is asked of one that was merged away, its survivor has.

Mergers form chains, which the database follows from one to the next; few are longer than a step.
"""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select
from sqlalchemy.orm import aliased

from app.models import Official


def survivor(condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The id of the official that one with a condition lives on in: itself, unless merged away."""
    way = select(Official.id, Official.merged_into_id).where(condition).cte(recursive=True)
    following = aliased(Official)
    way = way.union_all(
        select(following.id, following.merged_into_id).join(
            way, following.id == way.c.merged_into_id
        )
    )
    return select(way.c.id).where(way.c.merged_into_id.is_(None)).scalar_subquery()
