"""The filters that are measured, each under a name: alone, and in pairs that are likely."""

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    "meetings by date_from": "/v1/meetings?date_from=1990",
    "meetings by date_to": "/v1/meetings?date_to=1990&sort=-date",
    "meetings by country": "/v1/meetings?country=AC",
    "meetings by city": "/v1/meetings?city=Cors",
    "meetings by format": "/v1/meetings?format=courtesy_call",
    "meetings by party": "/v1/meetings?party=AD",
    "meetings by participant": "/v1/meetings?participant=person-7",
    "meetings by source": "/v1/meetings?source=gazette",
    "meetings by country and dates": "/v1/meetings?country=AC&date_from=1990&date_to=1991",
    "meetings of two parties": "/v1/meetings?party=AD&party=AE",
    "meetings of two people": "/v1/meetings?participant=person-7&participant=person-8",
    "officials by q": "/v1/officials?q=person",
    "positions by party": "/v1/positions?party=AD&level=foreign_minister",
}
