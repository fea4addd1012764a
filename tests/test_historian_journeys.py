"""The rule by which stops become journeys, held against its own words."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.importers.historian.journeys import FLIGHT, Span, continues, journeys

DAYS = st.dates(date(1930, 1, 1), date(1960, 12, 31))
SPANS = st.builds(lambda start, days: (start, start + timedelta(days)), DAYS, st.integers(0, 40))
STOPS = st.lists(SPANS, max_size=30).map(lambda spans: list(enumerate(spans)))


def grouped(stops: list[tuple[int, Span]]) -> list[list[int]]:
    return journeys((span, number) for number, span in stops)


@given(STOPS)
def test_every_stop_is_in_one_journey(stops: list[tuple[int, Span]]) -> None:
    found = [number for journey in grouped(stops) for number in journey]
    assert sorted(found) == [number for number, _ in stops]


@given(STOPS)
def test_stops_and_journeys_are_in_order_of_time(stops: list[tuple[int, Span]]) -> None:
    spans = dict(stops)
    starts = [spans[number][0] for journey in grouped(stops) for number in journey]
    assert starts == sorted(starts)


@given(STOPS)
def test_within_a_journey_no_gap_is_too_long_and_between_journeys_every_gap_is(
    stops: list[tuple[int, Span]],
) -> None:
    spans = dict(stops)
    found = grouped(stops)
    for journey in found:
        latest = spans[journey[0]][1]
        for number in journey[1:]:
            assert continues(latest, spans[number][0])
            latest = max(latest, spans[number][1])
    for one, other in pairwise(found):
        latest = max(spans[number][1] for number in one)
        assert not continues(latest, spans[other[0]][0])


@given(STOPS, st.randoms())
def test_the_order_in_which_stops_are_given_does_not_matter(
    stops: list[tuple[int, Span]], random: object
) -> None:
    distinct = list({span: (number, span) for number, span in stops}.values())
    shuffled = distinct[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [set(each) for each in grouped(distinct)] == [set(each) for each in grouped(shuffled)]


def test_a_day_may_lie_between_and_ten_before_flight() -> None:
    assert continues(date(1962, 6, 6), date(1962, 6, 7))
    assert not continues(date(1962, 6, 6), date(1962, 6, 8))
    assert continues(date(1931, 5, 3), date(1931, 5, 13))
    assert not continues(date(1931, 5, 3), date(1931, 5, 14))
    assert continues(FLIGHT - timedelta(11), FLIGHT - timedelta(1))
    assert not continues(FLIGHT - timedelta(10), FLIGHT)


def test_a_stop_that_contains_others_keeps_the_journey_open() -> None:
    long, inner, after = (
        (date(1974, 1, 11), date(1974, 1, 20)),
        (date(1974, 1, 12), date(1974, 1, 13)),
        (date(1974, 1, 21), date(1974, 1, 21)),
    )
    assert journeys([(long, "a"), (inner, "b"), (after, "c")]) == [["a", "b", "c"]]
