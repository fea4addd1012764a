"""Which office someone held on the day of an event, as far as the positions tell."""

from app.dates import Certainty, UncertainDate, holds_throughout
from app.models.officials import Official, Position
from app.record.cards import Json
from app.vocabulary import EndStatus, PositionLevel

RANKS = {level: rank for rank, level in enumerate(PositionLevel)}
"""The order of precedence: the vocabulary lists state offices before party offices."""


def certainty(position: Position, when: UncertainDate) -> Certainty:
    """Whether the tenure covers every day, some days or no day that `when` may mean.

    An ongoing tenure is taken as held up to the day that a source attests, and no further.
    """
    return holds_throughout(
        when.earliest,
        when.latest,
        position.start,
        position.end,
        ongoing=position.end_status is EndStatus.ONGOING and position.attested_until is None,
        attested_until=position.attested_until,
    )


def position_card(position: Position) -> Json:
    return {"id": position.id, "title": position.title, "level": position.level}


def position_held(official: Official | None, when: UncertainDate | None) -> Json | None:
    """The office held at an event; None where no office is known or the person is not.

    The highest office that was certainly held is the answer, unless one that may have been
    held ranks above it; then there is no answer, only candidates.
    """
    if official is None or when is None:
        return None
    held: list[Position] = []
    possible: list[Position] = []
    for position in sorted(official.positions, key=lambda each: RANKS[each.level]):
        match certainty(position, when):
            case Certainty.YES:
                held.append(position)
            case Certainty.MAYBE:
                possible.append(position)
            case Certainty.NO:
                pass
    if held and not any(RANKS[each.level] < RANKS[held[0].level] for each in possible):
        return {
            **position_card(held[0]),
            "resolved": True,
            "concurrent": [position_card(each) for each in held[1:]],
            "candidates": [],
        }
    if not held and not possible:
        return None
    return {
        "id": None,
        "title": None,
        "level": None,
        "resolved": False,
        "concurrent": [],
        "candidates": [position_card(each) for each in (*held, *possible)],
    }
