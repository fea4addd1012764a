"""How a question is taken apart."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.folding import LONGEST_TOKEN, tokens
from app.questions import Mark, mark, parse
from tests.support.any_sign import ANY_SIGN


@pytest.mark.parametrize(
    ("text", "words", "phrases", "beginnings"),
    [
        ("Xi  Jinping", ["xi", "jinping"], [], []),
        ("one-China", ["one", "china"], [], []),
        ('"one China"', ["one", "china"], ["one china"], []),
        ("“one China” taiwan", ["taiwan", "one", "china"], ["one china"], []),
        ('"Taiwan"', ["taiwan"], [], []),
        ('Taiwan "', ["taiwan"], [], []),
        ('"" "—" ok', ["ok"], [], []),
        ("negotiat* talks", ["talks"], [], ["negotiat"]),
        ("NÉGOC*", [], [], ["negoc"]),
        ('"negotiat* now"', ["negotiat", "now"], ["negotiat now"], []),
        ("2 * 3, a*b", ["2", "3", "a", "b"], [], []),
        ("-taiwan OR (china)", ["taiwan", "or", "china"], [], []),
        ("习近平", ["习近", "近平"], [], []),
        ('"习近平"', ["习近", "近平"], ["习 近 平"], []),
        ("习近*", ["习近"], [], []),
        ("§kmeeting ¶xi", ["kmeeting", "xi"], [], []),
        ("*", [], [], []),
        ('"', [], [], []),
        (" . ! ", [], [], []),
    ],
)
def test_a_question_is_taken_apart(
    text: str, words: list[str], phrases: list[str], beginnings: list[str]
) -> None:
    question = parse(text)
    assert list(question.tokens) == words
    assert list(question.phrases) == phrases
    assert list(question.beginnings) == beginnings
    assert bool(question) == bool(words or beginnings)


def test_a_beginning_is_cut_like_the_words_that_it_begins() -> None:
    word = "a" * (2 * LONGEST_TOKEN)
    (beginning,) = parse(f"{word}*").beginnings
    assert any(token.startswith(beginning) for token in tokens(word))


@pytest.mark.parametrize("sign", ["a", "é", "习", "*", '"', "-"])
def test_taking_a_long_text_apart_does_not_keep_others_waiting(sign: str) -> None:
    began = time.process_time()
    parse(sign * 4_096)
    parse(sign * 4_095 + "*")
    assert time.process_time() - began < 0.2


@given(st.text(ANY_SIGN, max_size=80))
def test_any_text_is_a_question_of_letters_and_digits(text: str) -> None:
    question = parse(text)
    for each in (*question.tokens, *question.beginnings):
        assert each.isalnum() or not each.isascii()
        assert not set(each) & set("§¶\"'*()&|!:<>\\ ")


@given(st.text(ANY_SIGN, max_size=20), st.text(ANY_SIGN, max_size=20))
def test_a_mark_is_one_word_and_tells_values_apart(one: str, other: str) -> None:
    found = mark(Mark.DATASET, one)
    assert all(sign.isalnum() or sign == "§" for sign in found)
    assert (found == mark(Mark.DATASET, other)) == (one == other)
