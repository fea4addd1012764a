"""Copies of sources: what of a file is text, and what of a text does not count."""

import html
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.errors import UnusableCopy
from app.record.copies import Text, assembled, normalised, read_copy
from tests.support.any_sign import ANY_SIGN

WORDS = ["Taiwan", "“one-China”", "it’s", "naïve", "élan", "7", "U.S.", "Beijing,", "talks"]
BLANKS = [" ", "\n", "\r\n", "\u00a0", "\u2028", "\t ", " \u200b ", "\n\n"]
DRESS = {
    "'": "‘’‚‹›ʼ′`´“”",
    "-": "‐‑‒–—―−－",
}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“one-China policy,”", "'one-China policy,'"),
        ("„so“ «so» ‘so’ 'so' \"so\" ‹so› 「so」", "'so' 'so' 'so' 'so' 'so' 'so' 'so'"),
        ("Biden´s, Biden`s, Biden’s, Bidenʼs", "Biden's, Biden's, Biden's, Biden's"),
        ("a – b — c ‑ d − e -- f", "a - b - c - d - e - f"),
        ("State\u00a0Councilor \r\n\t Wang", "State Councilor Wang"),
        ("nego\u00adti\u200bations\ufeff", "negotiations"),
        ("negotia\u00ad\n  tions", "negotiations"),
        ("Jose\u0301 ﬁnds １８", "Jos\u00e9 finds 18"),
        ("中国\n外交部， 北京", "中国外交部,北京"),
        ("외교부 장관", "외교부 장관"),
        ("", ""),
        ("\u200b \u00ad", ""),
    ],
)
def test_the_typesetters_choices_do_not_count(text: str, plain: str) -> None:
    assert normalised(text) == plain


def test_case_letters_and_punctuation_count() -> None:
    assert len({*map(normalised, ("Cold War", "cold war", "Cold War.", "Côld War"))}) == 4


@given(st.text(ANY_SIGN, max_size=80))
@example("か \u3099")
@example("a\u00ad\n\u00a8b")
@example("\u0130 \ufdfa ⸺´")
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_however_a_passage_is_set_it_reads_the_same(data: st.DataObject, words: list[str]) -> None:
    def dressed(word: str) -> str:
        signs = (
            data.draw(st.sampled_from(["", "", "\u00ad", "\u200b", "\ufeff"]))
            + data.draw(st.sampled_from([sign, *DRESS.get(sign, "")]))
            for sign in word
        )
        text = "".join(signs)
        return unicodedata.normalize("NFD", text) if data.draw(st.booleans()) else text

    plain = [normalised(word) for word in words]
    set_otherwise = data.draw(st.sampled_from(BLANKS)).join(dressed(word) for word in plain)
    assert normalised(set_otherwise) == " ".join(plain)


@given(st.lists(st.text(ANY_SIGN, max_size=12), min_size=1, max_size=6))
def test_lines_read_as_one_text_in_which_every_place_knows_its_line(lines: list[str]) -> None:
    lines = ["".join(line.split()) for line in lines]
    marked = [f"{number}: {line}." for number, line in enumerate(lines, 1)]
    text = assembled(marked)
    assert text.text == normalised(" ".join(marked))
    assert len(text.lowered) == len(text.text)
    assert [text.line(start) for start in text.starts] == list(range(1, len(lines) + 1))
    for number, start in enumerate(text.starts[1:], 1):
        assert text.line(start - 2) == number


def read(folder: Path, content: str | bytes, name: str = "copy.txt") -> Text:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_copy(file)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfTalks").text == "Talks"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<p>Talks</p>", "copy.html"),
        ("Talks", "copy.HTM"),
        ("<!DOCTYPE html>\n<p>Talks", "copy.txt"),
        ('<?xml version="1.0"?>\n<!-- saved --><html><body>Talks</body></html>', "copy"),
        ("\ufeff  <div>Talks</div>", "copy"),
    ],
)
def test_html_is_known_by_its_ending_or_its_beginning(
    tmp_path: Path, content: str, name: str
) -> None:
    assert read(tmp_path, content, name).text == "Talks"


def test_plain_text_with_brackets_is_no_html(tmp_path: Path) -> None:
    assert read(tmp_path, "Talks <seven hours> & dinner").text == "Talks <seven hours> & dinner"


def test_a_page_is_read_without_tags_scripts_and_styles(tmp_path: Path) -> None:
    page = """<html><head><title>Readout</title><style>p { color: red }</style>
<script>if (1 < 2) { say("<p>nothing</p>") }</script></head>
<body><!-- unseen --><h1>Talks</h1><p>The <b>one</b>-China&nbsp;policy,<br>he said
&ldquo;again&rdquo; &amp; <q>again</q>: &#x4e60;<wbr>&#36817;平</p><ul><li>one</li><li>two</li></ul>
<template><p>unseen</p></template></body></html>"""
    text = read(tmp_path, page, "page.html")
    assert text.text == (
        "Readout Talks The one-China policy, he said 'again' & 'again':习近平one two"
    )
    assert text.line(text.text.index("one-China")) == 3
    assert text.line(text.text.index("& 'again'")) == 4


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_a_page_says_what_was_escaped_into_it(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    plain = normalised(f"says {text} so")
    page = f"<!doctype html><p>says {html.escape(text)} <i>so</i></p>"
    assert read(tmp_path_factory.getbasetemp(), page, "page.html").text == plain


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "copy.txt", "no text"),
        ("\ufeff\u00a0\n\u200b", "copy.txt", "no text"),
        ("<html><script>only()</script></html>", "copy.html", "no text"),
        ("Gespräch".encode("latin-1"), "copy.txt", "UTF-8"),
        ("Talks".encode("utf-16"), "copy.txt", "UTF-8"),
        (b"Talks\0", "copy.txt", "U\\+0000"),
        ("<html><![bad[ x ]]></html>", "copy.html", "no HTML"),
    ],
)
def test_a_file_that_holds_no_text_is_refused_with_its_reason(
    tmp_path: Path, content: str | bytes, name: str, reason: str
) -> None:
    with pytest.raises(UnusableCopy, match=reason):
        read(tmp_path, content, name)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableCopy, match="cannot be read"):
        read_copy(tmp_path)
    with pytest.raises(UnusableCopy, match="cannot be read"):
        read_copy(tmp_path / "none.txt")
