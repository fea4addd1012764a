"""Cursors: what goes in comes out, for the query that made it and for no other."""

import base64
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.folding import sort_key
from app.paging import decode_cursor, encode_cursor
from app.schemas.meetings import MeetingFilters
from app.schemas.parsing import validate
from tests.support.any_sign import ANY_SIGN

ID = "01a20aea-e18e-7181-9d15-e19c401c1653"
QUERY = b"meetings date"
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

ids = st.uuids().map(str)
queries = st.binary(max_size=200)
keys: st.SearchStrategy[tuple[Any, type]] = st.one_of(
    st.dates().map(lambda key: (key, date)),
    st.datetimes(timezones=st.just(UTC)).map(lambda key: (key, datetime)),
    st.text(ANY_SIGN, max_size=100).map(lambda key: (key, str)),
    st.integers(0, 2**31 - 1).map(lambda key: (key, int)),
)


@given(keys, ids, queries)
def test_a_position_survives_the_way_to_the_client_and_back(
    key: tuple[Any, type], record_id: str, query: bytes
) -> None:
    cursor = encode_cursor((key[0], record_id), query)
    assert decode_cursor(cursor, query, key[1]) == (key[0], record_id)


@given(keys, ids, queries)
def test_a_cursor_needs_no_escaping_and_fits_into_an_address(
    key: tuple[Any, type], record_id: str, query: bytes
) -> None:
    cursor = encode_cursor((key[0], record_id), query)
    assert set(cursor) <= set(SIGNS)
    assert len(cursor) < 2048


@given(st.data())
def test_the_longest_title_in_any_script_still_gives_a_cursor_that_is_taken(
    data: st.DataObject,
) -> None:
    sign = data.draw(st.characters(exclude_categories=["Cs", "Cc"]))
    cursor = encode_cursor((sort_key(sign * 500), ID), QUERY)
    assert validate({"cursor": cursor}, MeetingFilters).cursor == cursor


@given(keys, ids, queries, queries)
def test_a_cursor_of_another_query_is_refused(
    key: tuple[Any, type], record_id: str, query: bytes, other: bytes
) -> None:
    if query != other:
        with pytest.raises(InvalidInput) as refused:
            decode_cursor(encode_cursor((key[0], record_id), query), other, key[1])
        assert [flaw.where for flaw in refused.value.flaws] == ["cursor"]


@given(st.data(), keys, ids)
def test_a_cursor_with_any_one_sign_altered_is_refused(
    data: st.DataObject, key: tuple[Any, type], record_id: str
) -> None:
    cursor = encode_cursor((key[0], record_id), QUERY)
    place = data.draw(st.integers(0, len(cursor) - 1))
    sign = data.draw(st.sampled_from([each for each in SIGNS if each != cursor[place]]))
    with pytest.raises(InvalidInput):
        decode_cursor(cursor[:place] + sign + cursor[place + 1 :], QUERY, key[1])


def test_not_even_the_bits_that_base64_ignores_may_be_altered() -> None:
    """The last sign of a text of 4n+2 or 4n+3 signs has bits that decode to nothing."""
    for title in ("a", "ab", "abc"):
        cursor = encode_cursor((title, ID), QUERY)
        for sign in SIGNS.replace(cursor[-1], ""):
            with pytest.raises(InvalidInput):
                decode_cursor(cursor[:-1] + sign, QUERY, str)


@given(
    st.one_of(st.text(ANY_SIGN, max_size=200), st.binary(max_size=200).map(lambda raw: raw.hex()))
)
def test_whatever_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(text, QUERY, date)


@pytest.mark.parametrize("more", ["=", "==", "\n", " ", "A", "é", "\x00", ".", "%3D"])
def test_nothing_may_be_added_to_a_cursor(more: str) -> None:
    cursor = encode_cursor((date(2023, 6, 19), ID), QUERY)
    for altered in (cursor + more, more + cursor):
        with pytest.raises(InvalidInput):
            decode_cursor(altered, QUERY, date)


def test_a_key_of_another_type_is_refused_even_where_the_seal_is_right() -> None:
    for key, wanted in (("2023-06-19", int), (7, str), (7, date), ("soon", date), ("x", datetime)):
        with pytest.raises(InvalidInput):
            decode_cursor(encode_cursor((key, ID), QUERY), QUERY, wanted)


def test_the_same_position_has_the_same_cursor_whatever_the_database_calls_it() -> None:
    """SQLite's driver gives dates as text, PostgreSQL's as dates."""
    assert encode_cursor(("2023-06-19", ID), QUERY) == encode_cursor((date(2023, 6, 19), ID), QUERY)
    stored = decode_cursor(
        encode_cursor(("2026-11-24 00:35:20.438000", ID), QUERY), QUERY, datetime
    )
    assert stored[0] == datetime(2026, 11, 24, 0, 35, 20, 438000, tzinfo=UTC)


def test_a_cursor_holds_the_position_and_nothing_else() -> None:
    cursor = encode_cursor((date(2023, 6, 19), ID), QUERY)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert raw[8:] == f'["2023-06-19","{ID}"]'.encode()
