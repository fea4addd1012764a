"""Ids and slugs of what is imported: derived from the data set and the original's own id.

Every installation that imports the same original gives it the same id. Slugs are made to be read
when a record is first imported, and kept from then on, whatever its original comes to say.
"""

import re

from anyascii import anyascii

from app.importers.historian.standing import Standing
from app.importers.parts import derived_id
from app.vocabulary import RecordKind

PARENT = "01941f29-7c00-7000-8000-000000000000"
"""The time in all these ids: 1 January 2025, in UTC. It says nothing of a record."""

TRAVELS, VISITS, POCOM = "historian-travels", "historian-visits", "historian-pocom"
ORIGINAL = "historian-original"
"""The scheme under which a source is known: repository, element and id of its original."""

LONGEST_SLUG = 120


def record_id(kind: RecordKind, *marks: str) -> str:
    """The id of a record; `marks` tell it from all others of its kind, the data set first."""
    return derived_id(PARENT, "historian", str(kind), *marks)


def slug_of(*parts: str) -> str:
    text = "-".join(anyascii(part).lower() for part in parts)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:LONGEST_SLUG].strip("-")


class Slugs:
    """Gives each record a slug of its own; one that it has already is kept."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.owners = {slug: record for record, slug in standing.slugs.items()}

    def of(self, record: str, *parts: str) -> str:
        """`parts` make the slug of a new record; where it is taken, the end of the id is added."""
        kept = self.standing.slugs.get(record)
        if kept is not None:
            return kept
        slug = slug_of(*parts) or record
        if self.owners.get(slug, record) != record:
            slug = f"{slug}-{record[-6:]}"
        self.owners[slug] = record
        return slug
