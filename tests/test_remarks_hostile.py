"""Remarks of any shape: never an error, never a word that is not there, never quadratic."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.any_sign import ANY_SIGN
from tests.support.remarks import abroad, at_home

VOCABULARY = """
Met with met the President Presidents Prime Minister of Foreign Affairs and , ; . ( ) King
Alder Birch’s de van bin al-Cedar II Jr. III St. U.S. Soviet Chinese NATO Summit Conference on
Council attended Attended en route to May March 4 12-14 1950 – funeral in Boston visited by
accompanied including Mr. Duke Windsor for Dr. Sheikh General Secretary officials private visit
V.M. New York (N.Y.) Hun Sen. \u00a0
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.one_of(st.text(ANY_SIGN, max_size=300), st.lists(WORDS, max_size=60).map(" ".join))


@given(TEXTS)
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    for remark in (abroad(text), at_home(text)):
        assert remark.text == " ".join(text.split())
        for person in (*remark.counterparts, *remark.companions):
            assert person.name or person.title
            given = (person.name, person.title, person.honorific, person.party, person.occasion)
            assert all(piece is None or (piece and piece in remark.text) for piece in given)
            assert 0 < person.confidence <= 1
        assert all(one.name in remark.text for one in remark.conferences)
        assert all(place.name in remark.text for place in remark.places)
        assert remark.kind is None or remark.kind.words in remark.text


HOSTILE = (
    "A ",
    "(",
    "'",
    "a-",
    "U.S.",
    "\u00a0",
    "with ",
    "King ",
    "President and ",
    "President of ",
    "Met with Alder, ",
    "Met with President Alder May 4, ",
    "Minister of Foreign Affairs and ",
    "Secretary of State for ",
    "de la ",
    "attended ",
    "attended the funeral ",
    "Summit of the ",
    "Trade and ",
    "Council of Ministers ",
    "May 4, ",
    "4, ",
    "visited Boston, ",
    "private ",
    "addressed opened ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_twenty_kilobytes_of_anything_are_read_within_a_second(piece: str) -> None:
    text = ("Met with " + piece * 20_000)[:20_000]
    fastest = 10.0
    for _ in range(3):  # other processes may take the machine
        begun = perf_counter()
        abroad(text)
        fastest = min(fastest, perf_counter() - begun)
    assert fastest < 1


def test_what_is_longer_than_any_remark_is_not_read_to_its_end() -> None:
    remark = abroad("Met with King Alder. " + "x " * 20_000 + "Met with King Birch.")
    assert [person.name for person in remark.counterparts] == ["Alder"]
