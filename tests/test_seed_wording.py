"""The seed's words are those of its sources: quoted exactly, told again without a shift."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from app.importers.neutral import Citation, Claim, Commitment, Meeting, Source
from app.vocabulary import Wording
from tests.support.dossier import ARTICLE, NOTES, text_of
from tests.support.shipped import Shipped, read_shipped


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return Shipped(read_shipped())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("eir", "neither side should try to shape the other side by its own will"),
        ("eir", "that Secretary Blinken, through this visit, could make positive contributions"),
        ("us-xi-remarks", "you will make more positive contributions to stabilizing"),
        ("prc-qin-en", "the most consequential issue and the most pronounced risk in the"),
        ("us-qin", "they agreed to schedule a reciprocal visit at a mutually suitable time"),
        ("us-presser", "We do not support Taiwan independence"),
        ("us-presser", "opposed to any unilateral changes to the status quo by either side"),
        ("reuters-call", "to avoid miscalculation and conflict"),
    ],
)
def test_words_in_quotation_marks_are_kept_as_evidence(
    shipped: Shipped, source: str, words: str
) -> None:
    quotes = [
        citation.quote
        for each in shipped.statements(source=source)
        for citation in each.citations
        if citation.source == source and citation.quote
    ]
    assert any(words in quote for quote in quotes)


def test_nothing_said_in_chinese_is_called_verbatim(shipped: Shipped) -> None:
    verbatim = [each for each in shipped.statements() if each.wording is Wording.VERBATIM]
    assert {each.speaker.party for each in verbatim} == {"US"}


@pytest.mark.parametrize(
    ("source", "topic", "sense"),
    [
        ("prc-qin", "one-china", ("one-China principle", "commitment", "not to support")),
        ("eir", "sanctions", ("United States", "trade sanctions")),
        ("gt", "sanctions", ("United States", "unilateral sanctions")),
        ("prc-wang", "china-threat-narrative", ("root cause", "wrong perception")),
        ("prc-wang", "taiwan", ("no room for compromise",)),
        ("eir", "cold-war", ("made to Xi", "committed to", "does not seek", "not aimed against")),
        ("cctv-xi", "conflict", ("does not seek a new", "does not seek conflict")),
        ("us-visit", "communication-channels", ("reduce the risk of miscalculation",)),
        ("us-visit", "competition", ("vigorously", "responsibly")),
    ],
)
def test_a_paraphrase_keeps_the_sense(
    shipped: Shipped, source: str, topic: str, sense: tuple[str, ...]
) -> None:
    (said,) = shipped.statements(source=source, topic=topic)
    assert said.wording in {Wording.PARAPHRASE, Wording.REPORTED}
    assert [words for words in sense if words not in said.text] == []


@pytest.mark.parametrize(
    ("source", "sense"),
    [
        ("eir", ("stable on the whole", "humanity")),
        ("eir", ("success", "opportunity", "no threat")),
        ("eir", ("history", "people", "world", "stable", "certain", "constructive")),
        ("eir", ("looks forward", "manage differences", "dialogue, exchanges and cooperation")),
        ("eir", ("near future", "exchanges at a high level")),
        ("us-xi-remarks", ("obligation", "responsibility", "manage")),
        ("xinhua-xi", ("agreed to carry through", "progress", "agreement on some")),
    ],
)
def test_so_does_one_on_relations(shipped: Shipped, source: str, sense: tuple[str, ...]) -> None:
    texts = [each.text for each in shipped.statements(source=source)]
    assert [text for text in texts if all(words in text for words in sense)], texts


def test_nothing_is_quoted_from_a_translation_back_into_english(shipped: Shipped) -> None:
    cited = [
        citation
        for each in shipped.records
        for citation in (*getattr(each, "citations", ()), *getattr(each, "claims", ()))
        if citation.source == "wh-bali"
    ]
    assert cited
    assert [citation.quote for citation in cited if citation.quote] == []
    wordings = [
        wording
        for each in shipped.records
        if isinstance(each, Commitment)
        for wording in each.wordings
    ]
    assert "wh-bali" not in {wording.source for wording in wordings}
    (words,) = shipped.statements(source="wh-bali")
    assert words.text.startswith("our one China policy has not changed")
    (citation,) = words.citations
    assert citation.locator
    assert "two other outlets" in citation.locator


def test_only_what_was_read_as_a_whole_is_silent(shipped: Shipped) -> None:
    silent = {
        citation.source
        for each in shipped.records
        if isinstance(each, Meeting)
        for topic in each.topics
        for citation in topic.silent
    }
    notes = {each.slug: each.note or "" for each in shipped.records if isinstance(each, Source)}
    assert silent == {"eir", "us-wang", "xinhua-xi", "cctv-xi"}
    assert {slug for slug, note in notes.items() if "read as a whole" in note.lower()} == silent


def test_no_source_is_silent_on_what_it_reports(shipped: Shipped) -> None:
    silent = {
        (each.slug, topic.code, citation.source)
        for each in shipped.records
        if isinstance(each, Meeting)
        for topic in each.topics
        for citation in topic.silent
    }
    reported = {
        (each.meeting, topic, citation.source)
        for each in shipped.statements()
        for topic in each.topics
        for citation in each.citations
    }
    reported |= {
        (event.meeting, topic, citation.source)
        for each in shipped.records
        if isinstance(each, Commitment)
        for event in each.events
        for topic in each.topics
        for citation in event.citations
    }
    assert silent
    assert silent & reported == set()


def parts_of(part: BaseModel) -> Iterator[BaseModel]:
    """A record and everything in it."""
    yield part
    for field in type(part).model_fields:
        value = getattr(part, field)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, BaseModel):
                yield from parts_of(each)


def quotations(shipped: Shipped) -> set[tuple[str, str]]:
    """Every quotation that stands as evidence anywhere, with its source."""
    return {
        (part.source, part.quote)
        for each in shipped.records
        for part in parts_of(each)
        if isinstance(part, Citation | Claim) and part.quote
    }


def test_every_quotation_from_the_seed_article_stands_in_it(shipped: Shipped) -> None:
    text = text_of(ARTICLE)
    quotes = {quote for source, quote in quotations(shipped) if source == "eir"}
    assert {"the opposite message", "courtesy meeting", "China hype"} <= quotes
    assert {quote for quote in quotes if quote not in text} == set()


def test_every_other_quotation_stands_in_the_notes(shipped: Shipped) -> None:
    quoted = re.findall("“[^”]*”", " ".join(text_of(NOTES).split()))
    unknown = {
        (source, quote)
        for source, quote in quotations(shipped)
        if source != "eir" and not any(quote in words for words in quoted)
    }
    # The Historian's data has the first. The second is on Xinhua's page; the notes have eir's part.
    hope = (
        "I hope that Secretary Blinken, through this visit, could make positive contributions "
        "to stabilizing China-U.S. relations."
    )
    assert unknown == {
        ("hist", "Met with President Xi Jinping and Foreign Minister Qin Gang."),
        ("xinhua-xi", hope),
    }
