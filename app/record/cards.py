"""The small shapes that documents are made of, from mapped rows to plain JSON values."""

from datetime import date, datetime
from typing import Any

from app.dates import UncertainDate
from app.models.claims import Citation, Evidence
from app.models.identifiers import Identifier
from app.models.officials import Official, OfficialName
from app.models.parties import Party, PartyName
from app.models.places import Placed
from app.models.sources import Source

Json = dict[str, Any]


def uncertain(value: UncertainDate | None) -> Json | None:
    return None if value is None else value.as_json()


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def instant(value: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the millisecond; no fraction where there is none."""
    if value is None:
        return None
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.isoformat(timespec=precision).replace("+00:00", "Z")


def code(party: Party | None) -> str | None:
    return None if party is None else party.code


def official_card(official: Official | None) -> Json | None:
    if official is None:
        return None
    return {"id": official.id, "slug": official.slug, "name": official.name}


def record_card(record: Any) -> Json | None:
    """A visit, meeting or source in brief."""
    return record and {"id": record.id, "slug": record.slug, "title": record.title}


def source_line(source: Source) -> Json:
    return {
        "id": source.id,
        "slug": source.slug,
        "title": source.title,
        "publisher": source.publisher,
        "kind": source.kind,
        "perspective": source.perspective,
        "url": source.url,
    }


def evidence(row: Evidence) -> Json:
    return {
        "locator": row.locator,
        "quote": row.quote,
        "prefix": row.prefix,
        "suffix": row.suffix,
        "language": row.language,
    }


def citations(rows: list[Citation]) -> list[Json]:
    return [{"id": row.id, "source": source_line(row.source), **evidence(row)} for row in rows]


def identifiers(rows: list[Identifier]) -> list[Json]:
    return [{"scheme": row.scheme, "value": row.value} for row in rows]


def names(rows: list[OfficialName] | list[PartyName]) -> list[Json]:
    return [
        {
            "id": row.id,
            "name": row.name,
            "kind": row.kind,
            "language": row.language,
            "script": row.script,
            "valid_from": uncertain(row.valid_from),
            "valid_until": uncertain(row.valid_until),
        }
        for row in rows
    ]


def place(row: Placed) -> Json:
    return {
        "name": row.place_name,
        "city": row.city,
        "country": code(row.country),
        "latitude": row.latitude,
        "longitude": row.longitude,
    }
