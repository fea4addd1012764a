"""Uncertain dates against examples, brute force, and the `edtf` package as an oracle."""

from datetime import date, timedelta
from itertools import product
from time import struct_time

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dates import (
    Certainty,
    InvalidDate,
    UncertainDate,
    holds_on,
    holds_throughout,
    parse,
    parse_day,
    parse_filter_bounds,
)
from app.vocabulary import DatePrecision
from tests.support.any_sign import ANY_SIGN

NO, MAYBE, YES = Certainty.NO, Certainty.MAYBE, Certainty.YES


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


# --- reading -------------------------------------------------------------------------------

READ = [
    ("2023", "2023-01-01", "2023-12-31", "year"),
    ("2023-06", "2023-06-01", "2023-06-30", "month"),
    ("2024-02", "2024-02-01", "2024-02-29", "month"),
    ("1900-02", "1900-02-01", "1900-02-28", "month"),
    ("2023-06-19", "2023-06-19", "2023-06-19", "day"),
    ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
    ("0001", "0001-01-01", "0001-12-31", "year"),
    ("9999-12-31", "9999-12-31", "9999-12-31", "day"),
    ("195X", "1950-01-01", "1959-12-31", "decade"),
    ("001X", "0010-01-01", "0019-12-31", "decade"),
    ("19XX", "1900-01-01", "1999-12-31", "century"),
    ("99XX", "9900-01-01", "9999-12-31", "century"),
    ("2023-06-19T16:30:00", "2023-06-19", "2023-06-19", "minute"),
    ("2023-06-19T23:59:59Z", "2023-06-19", "2023-06-19", "minute"),
    ("2023-06-19T00:30:00+08", "2023-06-19", "2023-06-19", "minute"),
    ("2023-06-19T00:30:00-05:30", "2023-06-19", "2023-06-19", "minute"),
    ("2023-06-17/2023-06-19", "2023-06-17", "2023-06-19", "interval"),
    ("195X/1963-07", "1950-01-01", "1963-07-31", "interval"),
    ("1985/..", "1985-01-01", None, "interval"),
    ("../1985", None, "1985-12-31", "interval"),
    ("1985/", "1985-01-01", None, "interval"),
    ("/1985", None, "1985-12-31", "interval"),
]


@pytest.mark.parametrize(("text", "earliest", "latest", "precision"), READ)
def test_a_date_covers_the_days_that_its_text_allows(
    text: str, earliest: str | None, latest: str | None, precision: str
) -> None:
    assert parse(text).as_json() == {
        "edtf": text,
        "earliest": earliest,
        "latest": latest,
        "precision": precision,
    }


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("1962", False, False),
        ("2004-06?", True, False),
        ("1962~", False, True),
        ("2004-06-11%", True, True),
        ("195X~", False, True),
        ("1962~/1965", False, True),
        ("1962/1965?", True, False),
        ("1962~/1965?", True, True),
        ("../1965%", True, True),
    ],
)
def test_qualifiers_mark_a_date_and_leave_its_bounds_alone(
    text: str, uncertain: bool, approximate: bool
) -> None:
    qualified = parse(text)
    plain = parse(text.translate({ord(sign): None for sign in "?~%"}))
    assert (qualified.uncertain, qualified.approximate) == (uncertain, approximate)
    assert (qualified.earliest, qualified.latest) == (plain.earliest, plain.latest)
    assert qualified.precision is plain.precision


@pytest.mark.parametrize("text", ["2004-06/2004-06-11", "2004-06-11/2004-06", "2004/2004"])
def test_an_interval_that_may_be_in_order_is_accepted(text: str) -> None:
    assert parse(text).precision is DatePrecision.INTERVAL


REFUSED = [
    ("", "empty"),
    ("/", "neither"),
    ("../..", "neither"),
    ("../", "neither"),
    ("/..", "neither"),
    ("2004/1990", "ends before"),
    ("2004-06-12/2004-06-11", "ends before"),
    ("2004/2005/2006", "more than one slash"),
    ("19/06/2023", "more than one slash"),
    ("2023-06-19T16:30:00/2024", "without times"),
    ("0000", "0001 to 9999"),
    ("000X", "0001 to 9999"),
    ("00XX", "0001 to 9999"),
    ("-0044", "0001 to 9999"),
    ("12023", "0001 to 9999"),
    ("Y-17000", "0001 to 9999"),
    ("1985/0000", "0001 to 9999"),
    ("2023-00", "months run"),
    ("2023-13", "months run"),
    ("2023-06-32", "months run"),
    ("2023-06-31", "only 30 days"),
    ("1900-02-29", "only 28 days"),
    ("2023-02-29T10:00:00", "only 28 days"),
    ("2001-21", "seasons"),
    ("2001/2002-41", "seasons"),
    ("[1667,1668]", "sets"),
    ("{1667..1668}", "sets"),
    ("1XXX", "X may only"),
    ("2004-XX", "X may only"),
    ("2004?-06", "may only stand once"),
    ("?2004", "may only stand once"),
    ("2004?~", "may only stand once"),
    ("1985/..~", "two dots"),
    ("1667..1668", "two dots"),
    ("20230619", "hyphens"),
    ("2023-06-19T16:30", "hh:mm:ss"),
    ("2023-06-19T24:00:00", "hh:mm:ss"),
    ("2023-06-19T16:30:00?", "hh:mm:ss"),
    ("2023-06-19T16:30:00.5Z", "hh:mm:ss"),
    ("2023-06T10:00:00", "hh:mm:ss"),
    ("June 2023", "white space"),
    (" 2023", "white space"),
    ("2023\n", "white space"),
    ("2023-06-19\n", "white space"),
    ("\uff12\uff10\uff12\uff13", "only ASCII"),
    ("\u0662\u0660\u0662\u0663", "only ASCII"),
    ("\ud800", "only ASCII"),
    ("195x", "none of the accepted forms"),
    ("2023-6-9", "none of the accepted forms"),
    ("2023/" + "0" * 60, "longer than 64"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_a_refusal_says_what_was_wrong_and_what_is_expected(text: str, reason: str) -> None:
    with pytest.raises(InvalidDate) as refusal:
        parse(text)
    message = str(refusal.value)
    assert reason in message
    assert "Expected an EDTF date such as 2023" in message
    assert message.encode("utf-8"), "a lone surrogate in the text must not break the answer"


# Arbitrary text hardly ever comes near a date, so two of the three sources are near misses.
near_dates = st.text(alphabet="0123456789X-/.?~%TZ:+ Y[]", max_size=26)
misspelt_dates = st.builds(
    lambda text, at, sign: text[:at] + sign + text[at + 1 :],
    st.sampled_from([text for text, *_ in READ]),
    st.integers(0, 25),
    st.characters(),
)


@given(st.one_of(st.text(ANY_SIGN), near_dates, misspelt_dates))
def test_any_text_is_a_date_or_an_invalid_date(text: str) -> None:
    try:
        known = parse(text)
    except InvalidDate:
        return
    assert known.edtf == text
    assert text.isascii()
    assert known.earliest or known.latest
    if known.earliest and known.latest:
        assert known.earliest <= known.latest


# --- properties of generated dates -----------------------------------------------------------

days = st.dates(min_value=date(100, 1, 1))
qualifiers = st.sampled_from(["", "?", "~", "%"])


def written(it: date, length: int) -> str:
    """The day with only the first `length` characters known, in the notation of EDTF."""
    return it.isoformat()[:length] + "X" * max(0, 4 - length)


lengths = st.sampled_from([2, 3, 4, 7, 10])


@given(days, lengths, qualifiers)
def test_a_date_covers_just_the_days_that_share_its_known_digits(
    it: date, length: int, qualifier: str
) -> None:
    text = written(it, length) + qualifier
    known = parse(text)
    assert known.edtf == text
    assert known.earliest is not None
    assert known.latest is not None
    assert known.earliest <= it <= known.latest
    assert written(known.earliest, length) == written(known.latest, length) == written(it, length)
    if known.earliest > date.min:
        assert written(known.earliest - timedelta(days=1), length) != written(it, length)
    if known.latest < date.max:
        assert written(known.latest + timedelta(days=1), length) != written(it, length)


@given(days, days, lengths, lengths, qualifiers, qualifiers)
def test_an_interval_covers_each_day_between_its_ends(
    one: date, other: date, from_length: int, to_length: int, before: str, after: str
) -> None:
    first, last = sorted((one, other))
    start, end = written(first, from_length) + before, written(last, to_length) + after
    known = parse(f"{start}/{end}")
    assert (known.earliest, known.latest) == (parse(start).earliest, parse(end).latest)
    assert known.overlaps(first, first)
    assert known.overlaps(last, last)
    assert parse(f"{start}/..").earliest == parse(f"{start}/").earliest == known.earliest
    assert parse(f"../{end}").latest == parse(f"/{end}").latest == known.latest


# --- overlap ---------------------------------------------------------------------------------

# A month of days in which everything below is counted out. Spans keep clear of its edges, so
# that an unbounded side always reaches days that no bound names.
MONTH = [date(2023, 6, 1) + timedelta(days=n) for n in range(30)]
bounds = st.one_of(st.none(), st.sampled_from(MONTH[8:20]))
Span = tuple[date | None, date | None]
spans = st.tuples(bounds, bounds).filter(lambda it: not (it[0] and it[1] and it[0] > it[1]))
bounded_spans = spans.filter(lambda it: it != (None, None))


def interval(span: Span) -> UncertainDate:
    first, last = span
    return parse(f"{first or '..'}/{last or '..'}")


def covered(span: Span) -> set[date]:
    first, last = span
    return {it for it in MONTH if (not first or first <= it) and (not last or it <= last)}


@given(bounded_spans, spans)
def test_spans_overlap_when_they_share_a_day(one: Span, other: Span) -> None:
    assert interval(one).overlaps(*other) == bool(covered(one) & covered(other))


@given(bounded_spans, bounded_spans)
def test_overlap_is_mutual(one: Span, other: Span) -> None:
    assert interval(one).overlaps(*other) == interval(other).overlaps(*one)


def test_neighbouring_months_do_not_overlap() -> None:
    june, july = parse("2023-06"), parse("2023-07")
    assert not june.overlaps(july.earliest, july.latest)
    assert june.overlaps(june.latest, july.latest)


# --- query parameters ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-06-19", "2023-06-19", "2023-06-19"),
    ],
)
def test_a_filter_covers_the_year_month_or_day_that_it_names(
    text: str, first: str, last: str
) -> None:
    assert parse_filter_bounds(text) == (day(first), day(last))


@pytest.mark.parametrize("text", [*(text for text, _ in REFUSED), "2023?", "195X", "1985/.."])
def test_a_filter_is_a_plain_date_or_refused(text: str) -> None:
    with pytest.raises(InvalidDate, match=r"Expected YYYY, YYYY-MM or YYYY-MM-DD\."):
        parse_filter_bounds(text)


def test_a_day_is_written_in_full() -> None:
    assert parse_day("2023-06-18") == date(2023, 6, 18)
    for text in ("2023", "2023-06", "2023-06-31", "2023-06-18T10:00:00", "2023-06-18\n"):
        with pytest.raises(InvalidDate, match="Expected a day as YYYY-MM-DD"):
            parse_day(text)


# --- the edtf package as an oracle -----------------------------------------------------------


def strict_bound(bound: struct_time) -> date:
    return date(bound.tm_year, bound.tm_mon, bound.tm_mday)


def agrees_with_the_oracle(text: str) -> bool:
    known, oracle = parse(text), parse_edtf(text)
    return (known.earliest, known.latest) == (
        strict_bound(oracle.lower_strict()),
        strict_bound(oracle.upper_strict()),
    )


@settings(max_examples=60, deadline=None)
@given(days, lengths, qualifiers)
def test_single_dates_are_read_as_the_edtf_package_reads_them(
    it: date, length: int, qualifier: str
) -> None:
    assert agrees_with_the_oracle(written(it, length) + qualifier)


@settings(max_examples=40, deadline=None)
@given(days, days, lengths, lengths)
def test_bounded_intervals_are_read_as_the_edtf_package_reads_them(
    one: date, other: date, from_length: int, to_length: int
) -> None:
    first, last = sorted((one, other))
    assert agrees_with_the_oracle(f"{written(first, from_length)}/{written(last, to_length)}")


@pytest.mark.parametrize("text", [text for text, *_, precision in READ if precision == "minute"])
def test_date_times_fall_on_the_day_that_the_edtf_package_gives(text: str) -> None:
    assert agrees_with_the_oracle(text)


def test_the_edtf_package_guesses_an_unknown_end_where_ours_leaves_it_unknown() -> None:
    # It pads an unknown end by ten years, which would sharpen the record; and it gives an
    # open end as a float, so only the end that is there can be compared.
    assert strict_bound(parse_edtf("1985/").upper_strict()) == date(1995, 1, 1)
    assert parse("1985/").latest is None
    assert parse_edtf("1985/..").upper_strict() == float("inf")
    assert parse("1985/..").latest is None


def test_the_edtf_package_accepts_reversed_intervals_and_year_zero_and_ours_does_not() -> None:
    for text in ("2004/1990", "0000", "2001-21"):
        parse_edtf(text)
        with pytest.raises(InvalidDate):
            parse(text)


# --- tenures ---------------------------------------------------------------------------------


# Start, end, whether it goes on, the day that attests it, and the answers for the days asked.
TENURES = {
    "both days known, and both held": (
        *("2022-12-30", "2023-07-25", False, None),
        "2022-12-29 no, 2022-12-30 yes, 2023-06-18 yes, 2023-07-25 yes, 2023-07-26 no",
    ),
    "both known to the month": (
        *("2022-12", "2023-07", False, None),
        "2022-11-30 no, 2022-12-01 maybe, 2022-12-31 yes, 2023-07-01 yes, 2023-07-02 maybe",
    ),
    "begun some time in the year of its end": (
        *("2023", "2023-07-25", False, None),
        "2023-01-01 maybe, 2023-07-24 maybe, 2023-07-25 yes, 2023-07-26 no",
    ),
    "a data set that stops makes no incumbent": (
        *("2021-01-26", None, False, None),
        "2021-01-25 no, 2021-01-26 yes, 2021-01-27 maybe, 9999-12-31 maybe",
    ),
    "without a precise start not even the first day is sure": (
        *("2021-01", None, False, None),
        "2020-12-31 no, 2021-01-01 maybe, 2021-01-31 maybe, 2021-02-01 maybe",
    ),
    "sure until it was last attested": (
        *("2021-01-26", None, False, "2023-06-19"),
        "2021-01-27 yes, 2023-06-19 yes, 2023-06-20 maybe",
    ),
    "attested on one day and otherwise unknown": (
        *(None, None, False, "2023-06-19"),
        "2023-06-18 maybe, 2023-06-19 yes, 2023-06-20 maybe",
    ),
    "going on": (
        *("2013-03-14", None, True, None),
        "2013-03-13 no, 2013-03-14 yes, 9999-12-31 yes",
    ),
    "going on since nobody knows when": (
        *(None, None, True, None),
        "0001-01-01 maybe, 2023-06-19 maybe, 9999-12-31 maybe",
    ),
    "only the end known": (
        *(None, "2023-07-25", False, None),
        "1990-01-01 maybe, 2023-07-25 yes, 2023-07-26 no",
    ),
    "a known end outweighs what contradicts it": (
        *("2021-01-26", "2023-07-25", True, "2024-05-01"),
        "2023-07-25 yes, 2023-07-26 no, 2024-05-01 no",
    ),
}


@pytest.mark.parametrize(
    ("start", "end", "ongoing", "attested_until", "answers"), TENURES.values(), ids=TENURES
)
def test_a_tenure_covers_a_day_as_surely_as_its_dates_allow(
    start: str | None, end: str | None, ongoing: bool, attested_until: str | None, answers: str
) -> None:
    begun = None if start is None else parse(start)
    ended = None if end is None else parse(end)
    for answer in answers.split(", "):
        asked, certainty = answer.split()
        held = holds_on(
            parse_day(asked), begun, ended, ongoing=ongoing, attested_until=day(attested_until)
        )
        assert (asked, held) == (asked, Certainty(certainty))


def agreed(answers: set[Certainty]) -> Certainty:
    return answers.pop() if len(answers) == 1 else MAYBE


def dated(span: Span) -> UncertainDate | None:
    return None if span == (None, None) else interval(span)


tenures = st.tuples(spans, spans, st.booleans(), bounds)
Tenure = tuple[Span, Span, bool, date | None]


@given(tenures, st.sampled_from(MONTH[4:24]))
def test_certainty_is_what_every_possible_course_of_a_tenure_agrees_on(
    tenure: Tenure, asked: date
) -> None:
    start, end, ongoing, attested = tenure
    ongoing_unended = ongoing and end == (None, None)
    ends = {date.max} if ongoing_unended else covered(end)
    courses = [(s, e) for s, e in product(covered(start), ends) if s <= e]
    borne_out = [(s, e) for s, e in courses if attested and s <= attested <= e]
    held = {YES if s <= asked <= e else NO for s, e in borne_out or courses}
    assert holds_on(asked, dated(start), dated(end), ongoing=ongoing, attested_until=attested) is (
        agreed(held) if held else NO
    )


@given(tenures, spans)
def test_a_span_is_covered_as_surely_as_all_of_its_days_agree(tenure: Tenure, span: Span) -> None:
    start, end, ongoing, attested = tenure
    dates = dated(start), dated(end)
    daily = {holds_on(it, *dates, ongoing=ongoing, attested_until=attested) for it in covered(span)}
    assert holds_throughout(*span, *dates, ongoing=ongoing, attested_until=attested) is agreed(
        daily
    )


def test_a_span_of_any_length_is_answered_at_once() -> None:
    since_1949 = parse("1949-10-01")
    assert holds_throughout(None, None, since_1949, None, ongoing=True) is MAYBE
    assert holds_throughout(date(1950, 1, 1), None, since_1949, None, ongoing=True) is YES
    assert holds_throughout(None, date(1949, 9, 30), since_1949, None, ongoing=True) is NO
