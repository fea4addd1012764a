"""The form of keys: what is one, what is nearly one, and what a key shows of itself."""

import hmac
import re
from string import ascii_letters, digits, punctuation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.keys import (
    BASE_62,
    ID_LENGTH,
    ID_SIGNS,
    SECRET_LENGTH,
    Key,
    checksum,
    new_key,
    parse_key,
)
from app.errors import Unauthenticated
from app.models import keys as models
from tests.support.any_sign import ANY_SIGN

KEYS = st.builds(
    Key,
    id=st.text(ID_SIGNS, min_size=ID_LENGTH, max_size=ID_LENGTH),
    secret=st.text(BASE_62, min_size=SECRET_LENGTH, max_size=SECRET_LENGTH),
)
PEPPERS = st.binary(min_size=32, max_size=32)
FORM = re.compile(r"chancery_[0-9a-z]{10}_[0-9A-Za-z]{49}").fullmatch


def is_refused(text: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        parse_key(text)
    return str(refused.value)


@settings(deadline=None)
@given(KEYS)
def test_a_key_is_read_as_it_was_written(key: Key) -> None:
    assert parse_key(key.reveal()) == key


def test_a_new_key_has_256_bits_of_secret_and_signs_that_a_url_may_hold() -> None:
    made = [new_key() for _ in range(500)]
    assert all(FORM(key.reveal()) for key in made)
    assert len({key.secret for key in made}) == len({key.id for key in made}) == 500
    assert {sign for key in made for sign in key.secret} == set(BASE_62)
    assert len(BASE_62) ** SECRET_LENGTH >= 2**256
    assert ID_LENGTH == models.ID_LENGTH


@settings(deadline=None)
@given(KEYS, st.data())
def test_one_wrong_sign_is_found_without_a_database(key: Key, data: st.DataObject) -> None:
    text = key.reveal()
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(
        st.sampled_from(ascii_letters + digits + punctuation + " ").filter(
            lambda sign: sign != text[at]
        )
    )
    assert text not in is_refused(text[:at] + sign + text[at + 1 :])


@settings(deadline=None)
@given(KEYS, st.data())
def test_two_signs_that_changed_places_are_found(key: Key, data: st.DataObject) -> None:
    text = key.reveal()
    at = data.draw(st.integers(0, len(text) - 2).filter(lambda at: text[at] != text[at + 1]))
    is_refused(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


@settings(deadline=None)
@given(KEYS, st.data())
def test_a_key_that_was_cut_or_lengthened_is_refused(key: Key, data: st.DataObject) -> None:
    text = key.reveal()
    is_refused(text[: data.draw(st.integers(0, len(text) - 1))])
    is_refused(text[data.draw(st.integers(1, len(text))) :])
    is_refused(text + data.draw(st.text(ANY_SIGN, min_size=1)))


@settings(deadline=None)
@given(st.text(ANY_SIGN))
def test_any_other_text_is_no_key_and_is_not_repeated(text: str) -> None:
    said = is_refused("chancery_" + text + "\x00")
    assert "\x00" not in said


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "\n",
        "\N{ARABIC-INDIC DIGIT THREE}",
        "\N{FULLWIDTH LATIN CAPITAL LETTER A}",
        "\N{KELVIN SIGN}",
    ],
)
def test_signs_that_only_look_alike_do_not_count(odd: str) -> None:
    text = new_key().reveal()
    is_refused(text[:20] + odd + text[21:])


def test_the_checksum_is_as_wide_as_it_is_for_any_number() -> None:
    assert checksum("") == "000000"
    # The published check value of CRC-32 for this sentence.
    assert checksum("The quick brown fox jumps over the lazy dog") == encoded(0x414FA339)


def encoded(number: int) -> str:
    signs = ""
    while number:
        number, rest = divmod(number, 62)
        signs = BASE_62[rest] + signs
    return signs.rjust(6, "0")


@settings(deadline=None)
@given(KEYS, PEPPERS, PEPPERS)
def test_a_digest_is_an_hmac_that_depends_on_key_id_and_pepper(
    key: Key, pepper: bytes, other: bytes
) -> None:
    digest = key.digest(pepper)
    assert digest == hmac.new(pepper, f"{key.id}_{key.secret}".encode(), "sha256").hexdigest()
    assert (digest == key.digest(other)) == (pepper == other)
    namesake = Key("0000000000" if key.id != "0000000000" else "1111111111", key.secret)
    assert namesake.digest(pepper) != digest


@settings(deadline=None)
@given(KEYS)
def test_no_text_that_is_made_in_passing_shows_the_secret(key: Key) -> None:
    for text in (repr(key), str(key), f"{key}", f"{[key]}"):
        assert key.secret not in text
        assert key.id in text


def test_a_mistyped_key_is_told_from_what_is_none() -> None:
    text = new_key().reveal()
    assert "mistyped" in is_refused(text[:-1] + ("0" if text[-1] != "0" else "1"))
    assert "no key" in is_refused("hunter2")
