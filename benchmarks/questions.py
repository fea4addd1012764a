"""What is asked of every contender, taken from what a database holds: pages of the places that
come most often, from days all over the record, and meetings from all over it.
"""

from functools import cache

from sqlalchemy import func, select

from app.models import Meeting, Party
from benchmarks.contenders.peers import Question
from benchmarks.databases import opened

PLACES = 8
DAYS = 9
DETAILS = 2_000


@cache
def questions(url: str) -> list[Question]:
    """Pages that are full, or nearly."""
    often = func.count().desc()
    countries = select(Party.code).join(Meeting, Meeting.country_id == Party.id)
    cities = select(Meeting.city).where(Meeting.city.is_not(None))
    with opened(url) as engine, engine.connect() as connection:
        days = list(connection.scalars(select(Meeting.date_ascends).distinct()))
        found = [
            *(
                ("country", each)
                for each in connection.scalars(
                    countries.group_by(Party.code).order_by(often, Party.code).limit(PLACES)
                )
            ),
            *(
                ("city", str(each))
                for each in connection.scalars(
                    cities.group_by(Meeting.city).order_by(often, Meeting.city).limit(PLACES)
                )
            ),
        ]
    days.sort()
    # The last tenth of the time would leave some pages short.
    some = [days[len(days) * step // (DAYS + 1)] for step in range(DAYS)]
    return [Question(place, value, day.isoformat()) for day in some for place, value in found]


@cache
def slugs(url: str) -> list[str]:
    """Some of the meetings, from all over the record."""
    with opened(url) as engine, engine.connect() as connection:
        found = list(connection.scalars(select(Meeting.slug).order_by(Meeting.id)))
    return found[:: max(1, len(found) // DETAILS)]
