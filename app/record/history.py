"""The life of a commitment in order of time, from its published document."""

from typing import Any

Json = Any


def history_of(commitment: Json) -> Json:
    """A commitment's card, and its events and assessments, each with its own citations.

    They come by the first day that each may fall on, undated ones last; on one day events come
    before assessments, and otherwise in the order in which the document has them.
    """
    entries = [
        {"type": kind, "date": part["date"], "event": None, "assessment": None, kind: part}
        for kind, parts in (
            ("event", commitment["events"]),
            ("assessment", commitment["assessments"]),
        )
        for part in parts
    ]
    card = {key: commitment[key] for key in ("id", "slug", "title")}
    return {"commitment": card, "items": sorted(entries, key=first_day)}


def first_day(entry: Json) -> str:
    date = entry["date"] or {"earliest": None, "latest": None}
    return date["earliest"] or date["latest"] or "9999-12-31"
