"""Hostile input over HTTP: what must never be a 500, never be believed, and never leave a trace.

The rows are those of the project's table of faults; R25 is with the cursors of the lists.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.database.engines import make_engine
from app.models import Revision
from app.models.base import Base
from app.queries.parameters import ONE_PARAMETERS, SUBLIST_FILTERS
from app.queries.resources import RESOURCES
from app.schemas.parsing import allowed_values, repeatable
from tests.support.any_sign import ANY_SIGN
from tests.support.api import NOUNS, Api, name_of
from tests.support.client import Client

INSIDE = ("Traceback", "sqlalchemy", "psycopg", "sqlite", "pydantic", "SELECT", "/app/")


class Got(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: Any
    seconds: float

    @property
    def parameters(self) -> list[str]:
        return [each["parameter"] for each in self.body.get("errors", ())]


class Raw:
    """Sends targets as they are given, and looks at what every answer must be."""

    def __init__(self, http: Client) -> None:
        self.http = http

    def __call__(self, target: str, **headers: str) -> Got:
        began = time.monotonic()
        answer = self.http.get(target, {name.replace("_", "-"): headers[name] for name in headers})
        got = Got(answer.status_code, answer.headers, answer.json(), time.monotonic() - began)
        assert got.status < 500, (target, answer.text)
        if got.status >= 400:
            assert got.headers["content-type"] == "application/problem+json"
            assert got.body["request_id"] == got.headers["x-request-id"]
            assert got.body["status"] == got.status
            assert not any(word in answer.text for word in INSIDE), answer.text
        return got

    def refused(self, target: str, parameter: str, **headers: str) -> Got:
        """The answer, which has to be 422 and to name the parameter."""
        got = self(target, **headers)
        assert (got.status, got.parameters) == (422, [parameter]), (target, got)
        return got


def state(database_url: str) -> dict[str, Any]:
    """The number of rows of every table, and the head of the log."""
    engine = make_engine(database_url)
    with engine.connect() as connection:
        found: dict[str, Any] = {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
        newest = select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)
        found["head"] = tuple(connection.execute(newest).one())
    engine.dispose()
    return found


@pytest.fixture
def raw(crowd: Api) -> Iterator[Raw]:
    """Whatever is sent, the record stays as it was."""
    before = state(crowd.server.database_url)
    yield Raw(crowd.http)
    assert state(crowd.server.database_url) == before


def test_r4_a_nul_is_refused_wherever_it_stands(raw: Raw) -> None:
    for path in ("/v1/meetings/%00", "/v1/officials/xi-jinping%00", "/v1/officials/%00/meetings"):
        assert raw(path).status == 404
    for noun in NOUNS:
        for name in RESOURCES[noun].filters.model_fields:
            raw.refused(f"/v1/{noun}?{name}=a%00b", name)
    raw.refused("/v1/meetings/nobody?fields=%00", "fields")
    assert raw("/v1/meetings?%00=1").status == 422


def test_r5_and_r6_numbers_beyond_all_measure(raw: Raw) -> None:
    for number in (2**63, 2**63 - 1, -(2**63), 2**64, 10**30, int("9" * 4000)):
        for path in ("/v1/meetings", "/v1/statements", "/v1/parties", "/v1/topics"):
            assert raw(f"{path}/{number}").status == 404
        raw.refused(f"/v1/meetings?limit={number}", "limit")
        raw.refused(f"/v1/meetings?id={number}", "id")
        raw.refused(f"/v1/statements?utterance={number}", "utterance")
    assert raw(f"/v1/meetings?limit={'9' * 5000}").status == 422
    assert raw(f"/v1/meetings/{'9' * 5000}").status == 404


def test_r9_an_unknown_parameter_is_refused_with_those_that_there_are(raw: Raw, crowd: Api) -> None:
    models = {f"/v1/{noun}": RESOURCES[noun].filters for noun in NOUNS}
    for noun in NOUNS:
        models[f"/v1/{noun}/{name_of(crowd.documents[noun][0])}"] = ONE_PARAMETERS[noun]
    for (parent, name), model in SUBLIST_FILTERS.items():
        models[f"/v1/{parent}/xi-jinping/{name}"] = model
    for path, model in models.items():
        names = {"nonsense", "Limit", "limit ", "offset", "page", "known_at", "q[]"}
        for name in names - set(model.model_fields):
            got = raw.refused(f"{path}?{quote(name)}=1", name)
            assert got.body["errors"][0]["allowed"] == sorted(model.model_fields)
    assert raw("/v1/meetings?nonsense").parameters == ["nonsense"]
    assert raw("/v1/meetings?=1").status == 422
    assert raw("/v1/meetings?a=1&b=2&limit=0").status == 422


def test_r10_a_scalar_given_twice_is_refused(raw: Raw) -> None:
    for noun in NOUNS:
        model = RESOURCES[noun].filters
        for name in set(model.model_fields) - repeatable(model):
            raw.refused(f"/v1/{noun}?{name}=a&{name}=a", name)
    raw.refused("/v1/meetings/nobody?lang=zh&lang=zh", "lang")


def test_r11_and_r15_a_limit_is_a_plain_number_from_1_to_200(raw: Raw) -> None:
    for limit in (
        *("-1", "0", "201", "1000000000", "1_0", "1.0", "%2010", "10%20", "+10", "%2B10", "1e1"),
        *("0x10", "010", "", "ten", "NaN", "%EF%BC%91", "%D9%A3", "1%0A", "true", "-0"),
    ):
        for path in ("/v1/meetings", "/v1/officials/xi-jinping/meetings"):
            raw.refused(f"{path}?limit={limit}", "limit")
    for name in ("1_0", "1.0", "%2010", "xi-jinping%20", "%20xi-jinping"):
        assert raw(f"/v1/officials/{name}").status == 404
        raw.refused(f"/v1/officials?id={name}", "id")


def test_r12_to_r14_an_instant_has_a_date_a_time_and_a_zone(raw: Raw) -> None:
    for text in (
        *("2024", "0", "-1", "1687163400", "1687163400000", "2023-06", "2023-06-19", "now", ""),
        *("2023-06-19T08:30:00", "2023-06-19%2008:30:00Z", "2023-06-19T08:30Z", "20230619T083000Z"),
        *("2023-06-19T08:30:00%2B25:00", "2023-06-19T08:30:60Z", "2023-02-30T00:00:00Z"),
        *("9999-12-31T23:59-14:00", "9999-12-31T23:59:00-14:00", "0000-01-01T00:00:00Z"),
        *("0001-01-01T00:00%2B14:00", "0001-01-01T00:00:00%2B14:00", "2023-W25-1T00:00:00Z"),
        *("%EF%BC%92023-06-19T08:30:00Z", "2023-06-19T08:30:00Z%0A", "-2023-06-19T08:30:00Z"),
    ):
        raw.refused(f"/v1/meetings?updated_since={text}", "updated_since")
    for text in (
        "2023-06-19T08:30:00Z",
        "2023-06-19t08:30:00z",
        "2023-06-19T08:30:00.123456-11:30",
    ):
        assert raw(f"/v1/meetings?updated_since={text}").status == 200


def test_r14_a_date_has_no_time(raw: Raw) -> None:
    both = (
        *("2023-06-19T00:00:00Z", "2023-06-19T00:00", "20230619", "2023-6-9", "2023-13", "0000"),
        *("2023-02-30", "10000", "-2023", "1687163400", "", "today", "2023-06-1X", "195X", "2023~"),
        *("2023/2024", "2023-06-19%20", "%EF%BC%92023", "9999-12-32", "2023-06-19Z"),
    )
    for text in both:
        raw.refused(f"/v1/meetings?date_from={text}", "date_from")
        raw.refused(f"/v1/visits?date_to={text}", "date_to")
        raw.refused(f"/v1/commitments?event_from={text}", "event_from")
    for text in (*both, "2023", "2023-06"):
        raw.refused(f"/v1/positions?as_of={text}", "as_of")
        raw.refused(f"/v1/parties?existing_on={text}", "existing_on")
        raw.refused(f"/v1/officials?in_office_on={text}", "in_office_on")
    for text in ("0001", "0001-01-01", "9999-12-31", "9999"):
        assert raw(f"/v1/meetings?date_from={text}").status == 200
        assert raw(f"/v1/meetings?date_to={text}").status == 200


def test_r16_what_is_no_utf_8_is_malformed(raw: Raw) -> None:
    for sign in ("%ff", "%ed%a0%80", "%c0%80", "%c3", "%f5%80%80%80", "a%80b"):
        for target in (
            f"/v1/meetings/{sign}",
            f"/v1/officials/{sign}/meetings",
            f"/v1/meetings?q={sign}",
            f"/v1/meetings?{sign}=1",
            f"/v1/meetings?city=a&party={sign}",
            f"/v1/meetings/nobody?lang={sign}",
        ):
            got = raw(target)
            assert (got.status, got.body["type"]) == (400, "/problems/malformed-request"), target
    # A percent sign that starts nothing stands for itself.
    assert raw("/v1/meetings?q=100%").status == 200
    assert raw("/v1/meetings?q=%zz").status == 200
    assert raw("/v1/meetings?" + "&".join(["party=CN"] * 101)).status == 400


SEARCHES = (
    *("%", "_", '"', "*", "(", ")", "'", "\\", "NEAR", "OR", "AND", "NOT", "NEAR(", 'a" OR "b'),
    *("a AND (b", "tokens:a", "{a b}: c", "a*", "^a", "a - b", "+a", "a & | ! <-> b", "a:*", "''"),
    *("'; DROP TABLE meetings; --", "\x01\x02", "\u200b", "\u202e", "ﷺ" * 200, "İ" * 500, "ß"),
    *("🕊️", "𠀀𠀁", "e" + "\u0301" * 1000, "a " * 2048, "a" * 4096, "習" * 700, "½ ² ①", "—"),
    " ".join(f"{number:x}" for number in range(1000)),
    "".join(chr(0x4E00 + number) for number in range(800)),
)


def test_r23_whatever_is_searched_for_is_a_word_or_nothing(raw: Raw) -> None:
    for noun in ("meetings", "officials"):
        for q in SEARCHES:
            got = raw(f"/v1/{noun}?{urlencode({'q': q, 'count': 'exact'})}")
            assert got.status in (200, 422), q
            assert got.seconds < 1, q
            if got.status == 422:
                assert got.parameters == ["q"]
    for q in ("%25", "_", "%22", "*", "(", "%20", "?!", "%E2%80%94", "%01"):
        raw.refused(f"/v1/meetings?q={q}", "q")
    raw.refused("/v1/meetings?q=", "q")
    raw.refused(f"/v1/meetings?q={'a' * 4097}", "q")
    assert raw(f"/v1/meetings?q={'%E7%BF%92' * 1000}").status == 414


def test_r24_a_line_break_reaches_no_header(raw: Raw) -> None:
    for line in ("%0d%0aX-Evil:%201", "%0aX-Evil:%201", "%0d", "a%0d%0a%0d%0a<html>"):
        for noun in NOUNS:
            for name in RESOURCES[noun].filters.model_fields:
                got = raw.refused(f"/v1/{noun}?{name}={line}", name)
                assert "x-evil" not in got.headers
        for target in (f"/v1/meetings/{line}", f"/v1/officials/{line}/meetings", f"/v1/{line}"):
            got = raw(target)
            assert got.status == 404
            assert "x-evil" not in got.headers
        assert raw(f"/v1/meetings?{line}=1").status == 422
    for text in ("%E2%80%A8", "%C2%85", "%0b", "%1b[31m"):
        got = raw(f"/v1/meetings?limit=1&q=xi{text}")
        assert got.status in (200, 422)
        assert all(value.isascii() and value.isprintable() for value in got.headers.values())
    got = raw("/v1/meetings?limit=1", x_request_id="<script>")
    assert got.headers["x-request-id"] != "<script>"


def test_r25_what_is_no_cursor_of_this_query_is_refused(raw: Raw) -> None:
    cursor = raw("/v1/meetings?limit=1").body["next_cursor"]
    for text in (
        *("x", "%20", "A" * 2048, "A" * 2049, "0", "null", "%7B%7D", "..", "%00", "=", "", "é"),
        *(cursor[::-1], cursor[:-4], cursor.lower(), f"{cursor}{cursor}", f"%20{cursor}"),
    ):
        raw.refused(f"/v1/meetings?limit=1&cursor={quote(text, safe='%')}", "cursor")
    raw.refused(f"/v1/meetings?limit=1&cursor={cursor}&party=CN", "cursor")
    raw.refused(f"/v1/visits?limit=1&cursor={cursor}", "cursor")


def test_l3_nothing_is_included_deeper_than_twice(raw: Raw) -> None:
    deep = ".".join(["statements", "sources"] * 40)
    for path in ("meetings.statements.sources", deep, "statements.", ".", "renderings.renderings"):
        for target in ("/v1/visits", "/v1/statements", "/v1/visits/blinken-beijing-2023-06"):
            got = raw.refused(f"{target}?include={path}", "include")
            assert got.body["errors"][0]["allowed"]


def test_what_is_in_no_closed_list_is_refused_with_what_is(raw: Raw) -> None:
    for noun in NOUNS:
        model = RESOURCES[noun].filters
        for name in model.model_fields:
            members = allowed_values(model, name)
            wrong = ["nonsense", "%27", members[0].upper(), f"{members[0]}%20"] if members else []
            for text in (
                *wrong,
                *([f"{members[0]},nonsense", f"{members[0]},"] if members else ()),
            ):
                got = raw.refused(f"/v1/{noun}?{name}={text}", name)
                assert got.body["errors"][0]["allowed"] == list(members), (noun, name)


def test_every_flaw_is_named_at_once(raw: Raw) -> None:
    got = raw("/v1/meetings?limit=0&format=x&date_from=y&participant=%21&has_conflicts=maybe")
    assert got.status == 422
    assert set(got.parameters) == {
        *("limit", "format", "date_from", "participant", "has_conflicts"),
    }
    assert raw("/v1/meetings?nonsense=1&limit=1&limit=2").parameters == ["nonsense", "limit"]


def test_a_name_in_either_normal_form_is_the_same_name(raw: Raw) -> None:
    """R17: composed and decomposed."""
    for q in ("%C5%BDofie", "Z%CC%8Cofie"):
        (found,) = raw(f"/v1/officials?q={q}").body["items"]
        assert found["name"] == "Žofie Öberg"


parameters = st.sampled_from(
    sorted({name for noun in NOUNS for name in RESOURCES[noun].filters.model_fields})
)
words = st.one_of(
    st.text(ANY_SIGN, max_size=30),
    st.sampled_from(
        ["CN", "xi-jinping", "2023-06", "date", "1", "taiwan,one-china", "true", "made"]
    ),
)
unlikely = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@unlikely
@given(st.sampled_from(NOUNS), st.lists(st.tuples(st.one_of(parameters, words), words), max_size=6))
def test_no_query_however_odd_breaks_the_server(
    crowd: Api, noun: str, query: list[tuple[str, str]]
) -> None:
    encoded = urlencode([(name, value) for name, value in query], errors="surrogatepass")
    answer = crowd.http.get(f"/v1/{noun}?{encoded}")
    assert answer.status_code in (200, 400, 422), answer.text


@unlikely
@given(st.sampled_from(NOUNS), st.text(ANY_SIGN, min_size=1, max_size=40))
def test_no_address_however_odd_breaks_the_server(crowd: Api, noun: str, text: str) -> None:
    path = quote(text, safe="", errors="surrogatepass")
    answer = crowd.http.get(f"/v1/{noun}/{path}")
    assert answer.status_code in (200, 400, 404), answer.text
