"""How a text is shown in which something was found."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.folding import fold, tokens
from app.lane.snippets import LENGTH, Finder, snippet
from app.questions import parse
from tests.support.any_sign import ANY_SIGN


def marked(question: str, text: str) -> str | None:
    """The text with brackets around the matches; None where there are none."""
    found = Finder(parse(question)).best([("text", text)])
    if found is None:
        return None
    return "".join(
        f"[{part['text']}]" if part["match"] else part["text"] for part in snippet(found)["parts"]
    )


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("zurich", "Talks in Zürich.", "Talks in [Zürich]."),
        ("Zürich", "Talks in ZURICH.", "Talks in [ZURICH]."),
        ("zurich", "Talks in Zu\u0308rich.", "Talks in [Zürich]."),
        ("strasse", "Die Straße", "Die [Straße]"),
        ("final", "The ﬁnal word", "The [ﬁnal] word"),
        ("xi", "Ｘｉ said; xian not", "[Ｘｉ] said; xian not"),
        ("习近平", "主席习近平说", "主席[习近平]说"),
        ("习近平", "习近和近平", "[习近]和[近平]"),
        ("习近平说", "习近平，他说", "[习近平]，他说"),
        ('"习近平"', "习近 习近平", "习近 [习近平]"),
        ("王", "王毅 Wang", "[王]毅 Wang"),
        ("wang", "王毅Wang说", "王毅[Wang]说"),
        ('"one china"', "One-China policy, one policy", "[One-China] policy, one policy"),
        ("one china", "One-China policy, one policy", "[One]-[China] policy, [one] policy"),
        ("negotiat*", "We negotiated negotiations", "We [negotiated] [negotiations]"),
        ("سلام", "قال: سلام عليكم", "قال: [سلام] عليكم"),
        ("שלום", "אמר שָׁלוֹם לכם", "אמר [שָׁלוֹם] לכם"),
        ("b", '<b>b</b> & "b"', '<[b]>[b]</[b]> & "[b]"'),
        ("외교부", "대한민국 외교부 장관", "대한민국 [외교부] 장관"),
        ("absent", "Nothing of it", None),
    ],
)
def test_matches_are_pointed_out_in_the_texts_own_spelling(
    question: str, text: str, shown: str | None
) -> None:
    expected = None if shown is None else unicodedata.normalize("NFC", shown)
    assert marked(question, text) == expected


def test_everything_but_the_marks_is_escaped() -> None:
    found = Finder(parse("script")).best([("text", "<script>alert('&')</script><mark>")])
    assert found is not None
    assert snippet(found)["html"] == (
        "&lt;<mark>script</mark>&gt;alert(&#x27;&amp;&#x27;)&lt;/<mark>script</mark>&gt;"
        "&lt;mark&gt;"
    )


def test_of_a_long_text_the_stretch_with_the_most_words_is_shown() -> None:
    text = "taiwan " + "word " * 200 + "about taiwan and trade in\n\tplenty " + "word " * 200
    shown = marked("taiwan trade", text)
    assert shown is not None
    assert "about [taiwan] and [trade] in plenty" in shown
    assert shown.startswith("… word")
    assert shown.endswith("word …")
    assert len(shown) < LENGTH + 20


def test_a_word_longer_than_a_snippet_is_shown_whole() -> None:
    word = "a" * 500
    shown = marked(word, f"{'word ' * 100}{word} {'word ' * 100}")
    assert shown is not None
    assert f"[{word}]" in shown


def test_the_text_with_the_most_of_the_question_is_chosen() -> None:
    finder = Finder(parse("taiwan trade"))
    found = finder.best([("title", "Taiwan"), ("text", "Trade with Taiwan"), ("note", "trade")])
    assert found is not None
    assert found.field == "text"


@given(st.text(ANY_SIGN, max_size=300), st.text(ANY_SIGN, min_size=1, max_size=12))
def test_whatever_is_shown_is_a_piece_of_the_text(text: str, question: str) -> None:
    found = Finder(parse(question)).best([("text", text)])
    if found is None:
        return
    shown = snippet(found)
    parts = shown["parts"]
    whole = "".join(part["text"] for part in parts)
    assert html.unescape(shown["html"].replace("<mark>", "").replace("</mark>", "")) == whole
    stretch = whole.removeprefix("… ").removesuffix(" …")
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    assert " ".join(stretch.split()) in plain or stretch in whole
    assert any(part["match"] for part in parts)


WORDS = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_a_word_of_a_text_is_found_in_it(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    if not tokens(word) or unicodedata.normalize("NFC", word) != word or len(fold(word)) > 60:
        return
    found = Finder(parse(word)).best([("text", " ".join(words))])
    assert found is not None
