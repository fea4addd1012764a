"""One folding and one way of cutting, for texts and for questions alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.folding import LONGEST_TOKEN, fold, query_tokens, sort_key, tokens
from tests.support.any_sign import ANY_SIGN


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("XI JINPING", "xi jinping"),
        ("Ｘｉ　Jinping", "xi jinping"),
        ("José Müller", "jose muller"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("  Wang \t Yi ", "wang yi"),
        ("İstanbul", "istanbul"),
        ("习近平", "习近平"),
    ],
)
def test_case_accents_width_and_blanks_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_names_in_composed_and_decomposed_form_are_one() -> None:
    assert tokens("Jose\u0301") == tokens("Jos\u00e9") == ["jose"]


def test_signs_without_blanks_between_words_are_tokens_alone_and_in_pairs() -> None:
    assert tokens("习近平") == ["习", "近", "平", "习近", "近平"]
    assert query_tokens("习近平") == ["习近", "近平"]
    assert query_tokens("习") == ["习"]
    assert tokens("王毅 Wang") == ["王", "毅", "王毅", "wang"]
    assert set(query_tokens("외교부")) <= set(tokens("대한민국 외교부 장관"))
    assert set(query_tokens("ガラス")) <= set(tokens("ガラスの窓"))


def test_simplified_and_traditional_forms_are_not_folded_into_each_other() -> None:
    assert not set(query_tokens("習近平")) <= set(tokens("习近平"))


def test_an_overlong_word_is_cut_the_same_way_on_both_sides() -> None:
    word = "a" * (2 * LONGEST_TOKEN + 5)
    assert set(query_tokens(word)) <= set(tokens(word))
    assert max(map(len, tokens(word))) == LONGEST_TOKEN


def test_names_in_all_scripts_share_one_order() -> None:
    assert sorted(["Wang Yi", "习近平", "Blinken"], key=sort_key) == [
        "Blinken",
        "Wang Yi",
        "习近平",
    ]


@given(st.text(ANY_SIGN, max_size=60))
def test_whatever_is_asked_for_in_full_is_among_what_is_indexed(text: str) -> None:
    assert set(query_tokens(text)) <= set(tokens(text))


@given(st.text(ANY_SIGN, max_size=60))
def test_tokens_can_stand_in_a_query_of_either_database(text: str) -> None:
    for token in tokens(text):
        assert token.isalnum()
        assert 0 < len(token) <= LONGEST_TOKEN


@given(st.text(ANY_SIGN, max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
