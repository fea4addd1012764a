"""Quotations are looked for in copies of their sources: what is found, altered or missing."""

import html
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.record.copies import LINE_BREAK, Text, assembled, lines_of_html
from app.record.evidence import SHOWN, Finding, Outcome, Quotation, check

COPY = """Readout

On June 18 they met. The talks were “candid, in-depth and constructive”.
On June 19 they met again: the talks lasted three hours.

Neither side should try to shape the other side by its own will, still less deprive the other
side of its legitimate right to development. 双方就中美关系
深入交换意见。
"""


def text(content: str = COPY) -> Text:
    return assembled(LINE_BREAK.split(content))


def checked(exact: str, *, prefix: str | None = None, suffix: str | None = None) -> Finding:
    return check(Quotation("meeting", "talks", "citation", exact, prefix, suffix), text())


@pytest.mark.parametrize(
    ("exact", "line"),
    [
        ("candid, in‑depth and\nconstructive", 3),
        ('The talks were "candid,', 3),
        ("deprive the other side of its", 6),
        ("双方就中美关系深入交换意见", 7),
        ("Readout", 1),
    ],
)
def test_words_are_found_with_their_line_however_they_are_set(exact: str, line: int) -> None:
    found = checked(exact)
    assert (found.outcome, found.line) == (Outcome.FOUND, line)


@pytest.mark.parametrize(
    ("exact", "quoted", "passage", "line"),
    [
        ("candid, in-depth and productive", "productive", "constructive", 3),
        ("The Talks were", "Talks", "talks", 3),
        ("the talks lasted nearly three hours", "nearly", "lasted three", 4),
        ("双方就美中关系深入交换意见", "美中", "中美", 7),
    ],
)
def test_altered_words_are_shown_beside_what_the_copy_has(
    exact: str, quoted: str, passage: str, line: int
) -> None:
    found = checked(exact)
    assert (found.outcome, found.line) == (Outcome.ALTERED, line)
    assert quoted in found.quoted
    assert quoted not in str(found.passage)
    assert passage in str(found.passage)


def test_a_long_quotation_is_shown_where_it_begins_to_differ() -> None:
    sentences = [f"Sentence number {number} speaks of matter {number * 7}." for number in range(90)]
    wanted = " ".join(sentences[5:80])
    sentences[60] = sentences[60].replace("speaks", "is silent")
    found = check(Quotation("visit", "v", "citation", wanted), text("\n".join(sentences)))
    assert (found.outcome, found.line) == (Outcome.ALTERED, 61)
    assert "number 60 speaks of" in found.quoted
    assert "number 60 is silent of" in str(found.passage)
    assert max(len(found.quoted), len(str(found.passage))) <= SHOWN + 1


def test_a_long_quotation_that_is_altered_all_over_is_still_near() -> None:
    licence = (Path(__file__).parents[1] / "LICENSE").read_text(encoding="utf-8")
    (permission,) = (part for part in licence.split("\n\n") if part.startswith("Permission"))
    words = permission.split()
    wanted = " ".join(word if place % 3 else f"{word}ish" for place, word in enumerate(words))
    found = check(Quotation("visit", "v", "citation", wanted), text(licence))
    assert found.outcome is Outcome.ALTERED
    assert found.quoted.startswith("Permissionish is hereby granted,ish")
    assert "Permission is hereby granted, free" in str(found.passage)


@pytest.mark.parametrize(
    "exact",
    ["We remain opposed to any unilateral changes.", "a reciprocal visit", "\u200b", "x" * 900],
)
def test_words_that_resemble_nothing_are_missing(exact: str) -> None:
    found = checked(exact)
    assert (found.outcome, found.line, found.passage) == (Outcome.MISSING, None, None)


@pytest.mark.parametrize(
    ("prefix", "suffix"),
    [
        ("On June 19", None),
        ("On June 19 ", " again:"),
        (None, "again"),
        ("constructive'. On June 19", None),
    ],
)
def test_of_several_places_one_must_have_the_quoted_surroundings(
    prefix: str | None, suffix: str | None
) -> None:
    found = checked("they met", prefix=prefix, suffix=suffix)
    assert (found.outcome, found.line) == (Outcome.FOUND, 4)


def test_surroundings_must_touch_the_words() -> None:
    assert checked("talks", prefix="again:").outcome is Outcome.ALTERED
    assert checked("the talks", prefix="again:").outcome is Outcome.FOUND
    assert checked("Readout", prefix="Nothing").outcome is Outcome.ALTERED
    assert checked("交换意见。", suffix="Nothing").outcome is Outcome.ALTERED


def test_words_with_other_surroundings_are_altered_and_shown_with_the_nearest() -> None:
    found = checked("they met", prefix="On June 19", suffix="once more:")
    assert (found.outcome, found.line, found.misplaced) == (Outcome.ALTERED, 4, True)
    assert found.quoted == "On June 19 [they met] once more:"
    assert str(found.passage).startswith("On June 19 [they met] again:")


WORDS = ["the", "talks", "“one-China”", "policy,", "it’s", "<b>", "&amp;", "中美", "1972", "Élan"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), st.data(), st.booleans())
def test_whatever_is_quoted_from_a_copy_is_found_in_it_as_text_and_as_a_page(
    words: list[str], data: st.DataObject, as_page: bool
) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    blanks = data.draw(
        st.lists(st.sampled_from([" ", "\n", "\u00a0 "]), min_size=len(words), max_size=len(words))
    )
    copy = "".join(word + blank for word, blank in zip(words, blanks, strict=True))
    quotation = Quotation(
        "visit",
        "v",
        "citation",
        " ".join(words[first:last]),
        prefix=" ".join(words[:first]) or None,
        suffix=" ".join(words[last:]) or None,
    )
    if as_page:
        assert quoted_on_a_page(quotation, copy).outcome is Outcome.FOUND
    else:
        assert check(quotation, text(copy)).outcome is Outcome.FOUND


def quoted_on_a_page(quotation: Quotation, copy: str) -> Finding:
    page = f"<html><p>{html.escape(copy)}</p></html>"
    return check(quotation, assembled(lines_of_html(page, Path("page.html"))))


def test_two_hundred_quotations_take_seconds_in_a_megabyte() -> None:
    line = "They spoke of trade, of Taiwan and of what had been promised in Bali, for hours. "
    copy = text("\n".join(f"{number} {line}{number * 31 % 997}" for number in range(11_000)))
    assert len(copy.text) > 900_000
    began = time.perf_counter()
    outcomes = {
        check(Quotation("visit", "v", "citation", exact), copy).outcome
        for number in range(0, 200, 2)
        for exact in (
            f"spoke of trade, of Taiwan and of what was threatened in Bali, {number} hours",
            f"{number} questions that nobody in the delegation wished to see answered at length",
        )
    }
    assert outcomes == {Outcome.ALTERED, Outcome.MISSING}
    # Measured: 2 s. The bound only tells seconds from minutes, on a machine with other work.
    assert time.perf_counter() - began < 30
