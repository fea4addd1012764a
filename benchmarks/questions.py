"""What is asked of every contender, taken from what a database holds: full pages of meetings in one
country or city and of one format, and single meetings from all over the record.

No page is asked for by days: what uncertain dates mean there is our own rule, and would be a matter
of who knows it, not of how quickly a page is made.
"""

from functools import cache

from sqlalchemy import func, select

from app.models import Meeting, Party
from benchmarks.contenders.peers import LIMIT, Question
from benchmarks.databases import opened

PAGES = 100
"""Of each kind of place."""

DETAILS = 2_000


@cache
def questions(url: str) -> list[Question]:
    """Pages that are full, those with the most behind them first."""
    often = func.count()
    countries = select(Party.code, Meeting.format).join(Meeting, Meeting.country_id == Party.id)
    cities = select(Meeting.city, Meeting.format).where(Meeting.city.is_not(None))
    found = []
    with opened(url) as engine, engine.connect() as connection:
        for place, value, statement in (
            ("country", Party.code, countries),
            ("city", Meeting.city, cities),
        ):
            grouped = statement.where(Meeting.deleted_seq.is_(None)).group_by(value, Meeting.format)
            full = grouped.having(often > LIMIT).order_by(often.desc(), value, Meeting.format)
            found += [
                Question(place, str(each), kind.value)
                for each, kind in connection.execute(full.limit(PAGES))
            ]
    return found


@cache
def slugs(url: str) -> list[str]:
    """Some of the meetings, from all over the record."""
    with opened(url) as engine, engine.connect() as connection:
        found = list(connection.scalars(select(Meeting.slug).order_by(Meeting.id)))
    return found[:: max(1, len(found) // DETAILS)]
