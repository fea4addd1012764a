"""Which event may follow which in the life of a commitment. No database is needed."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations, product
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import dates
from app.dates import UncertainDate
from app.lifecycle import ALLOWED, LEAVES, Standing, impossible_events
from app.vocabulary import CommitmentEventKind as E

ENDED_BY_OTHERS = {E.EXPIRED, E.SUPERSEDED}
"""An end that leaves something to be held up, or denied."""

MADE_ALREADY = {E.SUSPENDED, E.FULFILLED, E.BREACHED}
"""What can only happen to a commitment that has been made, and can go on."""


class Told(NamedTuple):
    """An event as a record tells it."""

    kind: E
    when: UncertainDate | None = None


def told(kind: E, date: str | None = None) -> Told:
    return Told(kind, None if date is None else dates.parse(date))


def is_refused_after(earlier: E, later: E) -> bool:
    """The rule once more, apart from the program's table."""
    if earlier is E.WITHDRAWN:
        return True
    if earlier in ENDED_BY_OTHERS:
        return later not in {E.INVOKED_BY_OTHER, E.DENIED}
    return earlier in MADE_ALREADY and later is E.MADE


def refused(*events: Told) -> list[int]:
    """The places of the events that cannot be."""
    return [each.position for each in impossible_events(events)]


PAIRS = [pytest.param(*pair, id=f"{pair[0]}, then {pair[1]}") for pair in product(E, E)]


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_what_may_follow_what_by_date_however_it_is_written(earlier: E, later: E) -> None:
    events = [told(E.MADE, "2019"), told(earlier, "2020"), told(later, "2021")]
    for order in permutations(range(3)):
        found = refused(*(events[index] for index in order))
        expected = [order.index(2)] if is_refused_after(earlier, later) else []
        assert found == expected


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_where_dates_do_not_decide_the_written_order_does(earlier: E, later: E) -> None:
    expected = [2] if is_refused_after(earlier, later) else []
    undecided = [
        (None, None),
        ("2020", None),
        (None, "2020"),
        ("2020", "2020-05"),
        ("2020", "202X"),
    ]
    for first, second in undecided:
        events = told(E.MADE, "2018"), told(earlier, first), told(later, second)
        assert refused(*events) == expected


def test_every_event_and_every_standing_has_its_place_in_the_table() -> None:
    assert set(ALLOWED) == set(Standing)
    assert set(LEAVES) == MADE_ALREADY | ENDED_BY_OTHERS | {E.WITHDRAWN}


@pytest.mark.parametrize("kind", sorted(set(E) - {E.MADE}))
def test_nothing_happens_before_the_making(kind: E) -> None:
    events = [told(kind, "2019"), told(E.MADE, "2020-05-04")]
    (problem,) = impossible_events(events)
    assert problem.position == 0
    assert problem.by_date
    assert problem.expected == "no event before the commitment was made (2020-05-04)"
    assert problem.found == f"{kind} on 2019"


@pytest.mark.parametrize(
    ("made", "reaffirmed"),
    [
        ("2020-05-04", "2020"),  # some day of 2020 comes after
        ("2020-05-04", "2020-05-04"),
        ("2020-05-04", "2019/.."),
        ("2020-05-04", "2019/"),
        ("../2021", "1950"),
        ("202X", "2020-01-01"),
        (None, "1950"),
        ("2020", None),
    ],
)
def test_a_date_that_leaves_room_is_not_refused(made: str | None, reaffirmed: str | None) -> None:
    assert refused(told(E.REAFFIRMED, reaffirmed), told(E.MADE, made)) == []


def test_of_rival_makings_the_earliest_counts_and_one_without_a_date_leaves_all_open() -> None:
    rivals = [told(E.MADE, "2020"), told(E.MADE, "2022")]
    assert refused(*rivals, told(E.REAFFIRMED, "2021")) == []
    assert refused(told(E.REAFFIRMED, "2019"), *rivals) == [0]
    assert refused(*rivals, told(E.MADE), told(E.REAFFIRMED, "2019")) == []


def test_a_making_after_the_first_is_refused_once_something_came_of_it() -> None:
    for kind in MADE_ALREADY | ENDED_BY_OTHERS | {E.WITHDRAWN}:
        events = [told(E.MADE, "2020"), told(kind, "2021"), told(E.MADE, "2022")]
        assert refused(*events) == [2]
    assert refused(told(E.MADE, "2020"), told(E.DENIED, "2021"), told(E.MADE, "2022")) == []


def test_a_commitment_that_nobody_made_is_refused_as_a_whole() -> None:
    for events in ([], [told(E.REAFFIRMED, "2020")]):
        (problem,) = impossible_events(events)
        assert (problem.position, problem.found) == (-1, "none")


def test_an_event_is_refused_once_and_the_problem_says_what_may_follow() -> None:
    events = [
        told(E.MADE, "2019"),
        told(E.EXPIRED, "2020"),
        told(E.WITHDRAWN, "2021"),
        told(E.FULFILLED, "2022"),
    ]
    withdrawn, fulfilled = impossible_events(events)
    assert (withdrawn.position, fulfilled.position) == (2, 3)
    assert withdrawn.expected == "after `expired` only denied, invoked_by_other"
    assert withdrawn.found.startswith("`withdrawn`")
    assert not withdrawn.by_date


def test_only_what_is_given_again_is_told_that_it_may_be_a_new_commitment() -> None:
    def found(kind: E) -> str:
        events = [told(E.MADE, "2019"), told(E.WITHDRAWN, "2020"), told(kind, "2021")]
        (problem,) = impossible_events(events)
        return problem.found

    assert "restates" in found(E.MADE)
    assert "restates" in found(E.REAFFIRMED)
    assert found(E.FULFILLED) == "`fulfilled` on 2021"


DAYS = st.integers(0, 4000).map(lambda number: date(2015, 1, 1) + timedelta(days=number))
KINDS = st.sampled_from(list(E))


@st.composite
def lives(draw: st.DrawFn) -> list[Told]:
    """A making, and what came of it on other days."""
    days = draw(st.lists(DAYS, min_size=2, max_size=7, unique=True))
    kinds = [E.MADE, *draw(st.lists(KINDS, min_size=len(days) - 1, max_size=len(days) - 1))]
    return [told(kind, day.isoformat()) for kind, day in zip(kinds, days, strict=True)]


def refusals(events: Sequence[Told]) -> set[Told]:
    return {events[position] for position in refused(*events)}


@given(lives(), st.randoms(use_true_random=False))
def test_the_order_in_which_dated_events_are_written_does_not_matter(
    events: list[Told], random: Random
) -> None:
    shuffled = random.sample(events, len(events))
    assert refusals(shuffled) == refusals(events)


@given(lives(), KINDS, DAYS, st.integers(0, 7))
def test_an_event_that_dates_rule_out_is_refused_wherever_it_is_written(
    events: list[Told], kind: E, day: date, place: int
) -> None:
    added = told(kind, day.isoformat())
    if added.when in [each.when for each in events]:
        return
    written = [*events[:place], added, *events[place:]]
    assert (added in refusals(written)) == (added in refusals([*events, added]))
    assert (added in refusals(written)) == is_impossible(added, events)


def is_impossible(added: Told, events: Sequence[Told]) -> bool:
    """The rule once more, for days."""

    def on(each: Told) -> date:
        assert each.when is not None
        assert each.when.earliest is not None
        return each.when.earliest

    made = min(on(each) for each in [*events, added] if each.kind is E.MADE)
    before = [each for each in events if made <= on(each) < on(added)]
    return on(added) < made or any(is_refused_after(each.kind, added.kind) for each in before)
