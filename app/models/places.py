"""Places as events state them: a name, a city, the country, perhaps coordinates."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.models.base import PublicId, SortText
from app.models.parties import Party


class Placed:
    """Where something took place, as far as its sources say.

    `country` is the party that the place belonged to on the day. The folded columns are what
    filters compare with.
    """

    place_name: Mapped[str | None]
    place_folded: Mapped[str | None] = mapped_column(SortText)
    city: Mapped[str | None]
    city_folded: Mapped[str | None] = mapped_column(SortText)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    @declared_attr
    def country_id(cls) -> Mapped[str | None]:
        return mapped_column(PublicId, ForeignKey("parties.id"))

    @declared_attr
    def country(cls) -> Mapped[Party | None]:
        return relationship(foreign_keys=[cls.country_id], lazy="raise")  # type: ignore[list-item]


def coordinate_checks() -> list[CheckConstraint]:
    """Degrees within their range, and both or neither."""
    return [
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_in_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_in_range"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_coordinates"),
    ]
