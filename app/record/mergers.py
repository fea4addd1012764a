"""Under which names officials are found besides their own: those of whom they were merged with."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.models import Official, OfficialName


def names_of_merged(session: Session, ids: Collection[str]) -> dict[str, list[str]]:
    """For each survivor of a merger among these, the slugs and names of those that live on in
    it, at whatever remove.
    """
    # With their names: SQLite would go through all officials to find them again.
    first = select(
        Official.id, Official.merged_into_id.label("survivor_id"), Official.slug, Official.name
    )
    way = first.where(Official.merged_into_id.in_(ids)).cte(recursive=True)
    further = aliased(Official)
    way = way.union_all(
        select(further.id, way.c.survivor_id, further.slug, further.name).join(
            way, further.merged_into_id == way.c.id
        )
    )
    rows = session.execute(
        select(way.c.survivor_id, way.c.slug, way.c.name, OfficialName.name).outerjoin_from(
            way, OfficialName, OfficialName.official_id == way.c.id
        )
    )
    found: dict[str, list[str]] = {}
    for survivor_id, *texts in rows:
        found.setdefault(str(survivor_id), []).extend(text for text in texts if text)
    return found
