"""Hostile bodies and headers of writes: refused with a reason, and no trace of them is left.

The rows are those of the project's table of faults; what stands in queries and addresses of reads
is in `test_hostile_input`. Everything is sent to a real server, once on each engine.
"""

import gzip
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

import orjson
import pytest

from app.editing.drafts import DRAFTS, PATCHES
from app.queries.resources import RESOURCES
from tests.support.api import NOUNS
from tests.support.client import Answer
from tests.support.wire import request, say
from tests.support.writing import (
    MERGE_PATCH,
    Desk,
    Editor,
    check_problem,
    example,
    pointers,
    state,
)

Json = Any
TEXT = {
    "meetings": "title",
    "visits": "title",
    "officials": "name",
    "positions": "title",
    "statements": "text",
    "commitments": "title",
    "sources": "title",
    "parties": "name",
    "topics": "label",
}
"""A field of each noun that holds a text."""

SEEDED = {
    "meetings": "blinken-wang-yi-2023-06-18",
    "visits": "blinken-beijing-2023-06",
    "officials": "wang-yi",
    "positions": None,
    "statements": None,
    "commitments": None,
    "sources": "eir",
    "parties": "CN",
    "topics": "taiwan",
}


def body_with(noun: str, **fields: bytes) -> bytes:
    """The document's example with some fields as JSON that is written here."""
    body = example(f"create_{RESOURCES[noun].kind}")
    parts = [(name, orjson.dumps(value)) for name, value in body.items() if name not in fields]
    parts += fields.items()
    return b"{%s}" % b", ".join(orjson.dumps(name) + b": " + value for name, value in parts)


class Hostile:
    """Sends what must be refused, by POST and by PATCH of a record that is there."""

    def __init__(self, editor: Editor, newsroom: Desk) -> None:
        self.editor = editor
        self.newsroom = newsroom
        self.paths: dict[str, str] = {}
        for noun in NOUNS:
            (first,) = editor.get(f"/v1/{noun}?limit=1").json()["items"]
            self.paths[noun] = f"/v1/{noun}/{first['id']}"

    def posted(self, noun: str, body: bytes, status: int, *at: str, **headers: str) -> Json:
        return self.judged(self.editor.post(f"/v1/{noun}", body, **headers), status, at)

    def patched(self, noun: str, body: bytes, status: int, *at: str, **headers: str) -> Json:
        return self.judged(self.editor.patch(self.paths[noun], body, "*", **headers), status, at)

    def judged(self, answer: Answer, status: int, at: tuple[str, ...]) -> Json:
        problem = check_problem(answer, status)
        if at:
            assert pointers(problem) == list(at), problem
        return problem

    def value(self, noun: str, name: str, value: bytes, status: int, *at: str) -> None:
        """One field with a value, as part of a new record and of a patch."""
        where = at or ((f"/{name}",) if status == 422 else ())
        self.posted(noun, body_with(noun, **{name: value}), status, *where)
        self.patched(noun, b'{"%s": %s}' % (name.encode(), value), status, *where)


@pytest.fixture(scope="module")
def attacker(newsroom: Desk) -> Iterator[Hostile]:
    with newsroom.editor() as editor:
        yield Hostile(editor, newsroom)


@pytest.fixture
def hostile(attacker: Hostile) -> Iterator[Hostile]:
    """Whatever is sent, the record stays as it was."""
    before = state(attacker.newsroom.engine)
    yield attacker
    assert state(attacker.newsroom.engine) == before


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_r1_what_is_no_finite_number_is_pointed_at(hostile: Hostile, number: str) -> None:
    for noun in NOUNS:
        hostile.value(noun, TEXT[noun], number.encode(), 422)
    hostile.value("meetings", "duration_minutes", number.encode(), 422)
    place = b'{"latitude": %s}' % number.encode()
    hostile.value("meetings", "place", place, 422, "/place/latitude")


def test_r2_a_body_that_nests_too_deep_is_not_parsed(hostile: Hostile) -> None:
    for noun in NOUNS:
        for opened, closed, depth in ((b"[", b"]", 32), (b'{"a":', b"}", 32), (b"[", b"]", 5000)):
            inside = b"1" if opened != b"[" else b""
            hostile.value(noun, TEXT[noun], opened * depth + inside + closed * depth, 400)
        hostile.posted(noun, b"[" * 200_000, 400)
    deepest = b"[" * 31 + b"]" * 31
    for noun in NOUNS:
        hostile.value(noun, TEXT[noun], deepest, 422)
    text = b'"%s"' % (b"[" * 99)  # in a text brackets do not nest
    hostile.posted("topics", b'{"code": "no code", "label": %s}' % text, 422, "/code")


def test_r3_a_lone_surrogate_is_no_text(hostile: Hostile) -> None:
    for noun in NOUNS:
        for text in (rb'"\ud800"', rb'"a\udfffb"', rb'"\udc00\ud800"'):
            hostile.value(noun, TEXT[noun], text, 422)
        hostile.posted(noun, rb'{"\ud800": 1}', 422, "/")
        hostile.value(noun, TEXT[noun], b'"\xed\xa0\x80"', 400)


def test_r4_a_nul_is_refused_wherever_it_stands(hostile: Hostile) -> None:
    for noun in NOUNS:
        hostile.value(noun, TEXT[noun], rb'"a\u0000b"', 422)
        hostile.posted(noun, rb'{"\u0000": 1}', 422, "/")
        hostile.value(noun, TEXT[noun], b'"a\x00b"', 400)
        for path in (f"/v1/{noun}/%00", f"/v1/{noun}/a%00b"):
            hostile.judged(hostile.editor.patch(path, {}), 404, ())
            hostile.judged(hostile.editor.delete(path), 404, ())
            hostile.judged(hostile.editor.post(f"{path}/restore"), 404, ())
        body = example(f"create_{RESOURCES[noun].kind}")
        answer = hostile.editor.post(f"/v1/{noun}?dry_run=%00", body)
        hostile.judged(answer, 422, ("dry_run",))
        hostile.judged(hostile.editor.post(f"/v1/{noun}?%00=1", body), 422, ())


def test_r5_and_r6_numbers_beyond_all_measure(hostile: Hostile) -> None:
    too_long = b"9" * 5000
    for noun in NOUNS:
        for number in (2**63, -(2**63) - 1, 2**64, 10**29):
            hostile.value(noun, TEXT[noun], b"%d" % number, 422)
            path = f"/v1/{noun}/{number}"
            hostile.judged(hostile.editor.patch(path, {}), 404, ())
            hostile.judged(hostile.editor.delete(path), 404, ())
        hostile.value(noun, TEXT[noun], too_long, 400)
        hostile.value(noun, TEXT[noun], b"9" * 31, 400)
        hostile.judged(hostile.editor.patch(f"/v1/{noun}/{'9' * 5000}", {}), 404, ())
    for number in (2**63, 2**63 - 1, 2**31, 1_000_001, -1, 10**29):
        hostile.value("meetings", "duration_minutes", b"%d" % number, 422)
    for number in (2**63, 2**63 - 1, 2**31, -1):
        hostile.value("meetings", "sequence", b"%d" % number, 422)


def test_r7_a_name_stands_once_in_an_object(hostile: Hostile) -> None:
    for noun in NOUNS:
        name = TEXT[noun].encode()
        twice = b'{"%s": "one", "%s": "two"}' % (name, name)
        hostile.posted(noun, twice, 400)
        hostile.patched(noun, twice, 400)
        hostile.patched(noun, rb'{"%s": "one", "\u%04x%s": "two"}' % (name, name[0], name[1:]), 400)
        hostile.patched(noun, b'{"nothing": [{"a": 1, "b": {"c": 1, "c": 1}}]}', 400)


def test_r8_and_s2_what_the_server_sets_or_does_not_know_is_refused(hostile: Hostile) -> None:
    """Id, rev, actor, times, and every other field that is read and not written."""
    for noun in NOUNS:
        kind = RESOURCES[noun].kind
        server_sets = set(RESOURCES[noun].read.model_fields) - set(DRAFTS[kind].model_fields)
        assert {"id", "rev", "created_at", "updated_at"} <= server_sets
        others = ("actor", "seq", "at", "hash", "dataset", "deleted_seq", "nonsense", "Title", "")
        values = {
            "id": b'"01a30000-0000-7000-8000-000000000777"',
            "rev": b"7",
            "created_at": b'"2023-06-19T08:30:00Z"',
            "updated_at": b'"2023-06-19T08:30:00Z"',
        }
        for name in (*sorted(server_sets), *others):
            if name in DRAFTS[kind].model_fields:
                continue
            value = values.get(name, b'"x"')
            problem = hostile.posted(noun, body_with(noun, **{name: value}), 422)
            assert f"/{name}" in pointers(problem), (noun, name, problem)
            problem = hostile.patched(noun, b'{"%s": %s}' % (name.encode(), value), 422)
            assert f"/{name}" in pointers(problem), (noun, name, problem)
        assert set(PATCHES[kind].model_fields) <= set(DRAFTS[kind].model_fields)
    nested = b'[{"source": "eir", "nonsense": 1}]'
    hostile.value("meetings", "citations", nested, 422, "/citations/0/nonsense")
    stops = b'[{"place": {"country": "CN"}, "nonsense": 1}]'
    hostile.value("visits", "stops", stops, 422, "/stops/0/nonsense")


@pytest.mark.parametrize(
    "value",
    [
        *("2024", "0", "-1", "1687163400", "1687163400000", "1687163400.5", "true", "[]", "{}"),
        *('"2024"', '"0"', '"1687163400"', '"2023-06-19"', '"now"', '""', '" "'),
        *('"2023-06-19T08:30:00"', '"2023-06-19 08:30:00Z"', '"2023-06-19T08:30Z"'),
        *('"9999-12-31T23:59-14:00"', '"9999-12-31T23:59:00-14:00"', '"0001-01-01T00:00+14:00"'),
        *('"0001-01-01T00:00:00+14:00"', '"0000-01-01T00:00:00Z"', '"2023-06-19T08:30:60Z"'),
        *('"2023-06-19T08:30:00Z\\n"', '" 2023-06-19T08:30:00Z"', '"２023-06-19T08:30:00Z"'),
        *('"2023-02-30T00:00:00Z"', '"2023-06-19T24:00:01Z"', '"2023-06-19T08:30:00+25:00"'),
    ],
)  # fmt: skip
def test_r12_to_r14_an_instant_has_a_date_a_time_and_a_zone(hostile: Hostile, value: str) -> None:
    hostile.value("meetings", "starts_at", value.encode(), 422)
    claim = b'[{"field": "starts_at", "value": %s, "source": "eir"}]' % value.encode()
    problem = hostile.posted("meetings", body_with("meetings", claims=claim), 422)
    assert all(each.startswith("/claims/0") for each in pointers(problem)), problem


@pytest.mark.parametrize("value", ["[]", "{}", "null"])
def test_a_claim_of_no_plain_value_is_told_once_what_it_may_be(
    hostile: Hostile, value: str
) -> None:
    claim = b'[{"field": "date", "value": %s, "source": "eir"}]' % value.encode()
    problem = hostile.posted("meetings", body_with("meetings", claims=claim), 422)
    assert [(each["pointer"], each["detail"]) for each in problem["errors"]] == [
        ("/claims/0/value", "should be a text, a number, true or false")
    ]


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        *(("meetings", "date"), ("visits", "date"), ("statements", "date"), ("sources", "date")),
        *(("commitments", "date"), ("officials", "birth"), ("positions", "start")),
        *(("parties", "existed_from"), ("sources", "accessed_on"), ("positions", "attested_until")),
    ],
)
def test_r12_to_r14_a_date_has_no_time_and_is_no_number(
    hostile: Hostile, noun: str, name: str
) -> None:
    is_day = name in ("accessed_on", "attested_until")  # the others are EDTF, which has times
    for value in (
        *("2024", "0", "20230619", "1687163400", "20.5", "true", "{}", "[]", '""', '"0"'),
        *(('"2023-06-19T00:00:00Z"', '"2023-06"', '"195X"', '"2023-06-19?"') if is_day else ()),
        *('"2023-06-19T00:00"', '"20230619"', '"2023-6-9"', '"today"'),
        *('"2023-13"', '"2023-02-30"', '"1687163400"', '"2023-06-19 "', '"２023"', '"2023\\n"'),
    ):  # fmt: skip
        hostile.value(noun, name, value.encode(), 422)


def test_r15_a_number_is_a_number_and_an_id_an_id(hostile: Hostile) -> None:
    for value in ('"1_0"', '"10"', "1.0", "1e1", '" 10"', '"10 "', "true", '"0x10"', '"１"', "[]"):
        hostile.value("meetings", "duration_minutes", value.encode(), 422)
    for raw in (b"1_0", b"010", b"+10", b"0x10", b".5", b"1.", b"'10'"):
        hostile.value("meetings", "duration_minutes", raw, 400)
    for noun in NOUNS:
        for name in ("1_0", "1.0", "%2010", "10%20", "xi-jinping%20", "%20taiwan", "CN%0a"):
            hostile.judged(hostile.editor.patch(f"/v1/{noun}/{name}", {}), 404, ())
            hostile.judged(hostile.editor.delete(f"/v1/{noun}/{name}"), 404, ())
            hostile.judged(hostile.editor.post(f"/v1/{noun}/{name}/restore"), 404, ())
    for name in ("merge", "unmerge"):
        body = {"into": "wang-yi"} if name == "merge" else None
        hostile.judged(hostile.editor.post(f"/v1/officials/%20wang-yi/{name}", body), 404, ())
    wrong: list[Json] = [
        10,
        1.0,
        " wang-yi",
        "wang-yi ",
        "1_0",
        None,
        [],
        {"slug": "wang-yi"},
        "\u200b",
    ]
    for into in wrong:
        answer = hostile.editor.post("/v1/officials/qin-gang/merge", {"into": into})
        hostile.judged(answer, 422, ("/into",))


def test_r16_what_is_no_utf_8_is_malformed(hostile: Hostile) -> None:
    for noun in NOUNS:
        body = example(f"create_{RESOURCES[noun].kind}")
        for sign in ("%ff", "%ed%a0%80", "%c0%80"):
            hostile.judged(hostile.editor.patch(f"/v1/{noun}/{sign}", {}), 400, ())
            hostile.judged(hostile.editor.delete(f"/v1/{noun}/{sign}"), 400, ())
            hostile.judged(hostile.editor.post(f"/v1/{noun}?dry_run={sign}", body), 400, ())
        for raw in (b'"\xff"', b'"\xc0\x80"', '"é"'.encode("latin-1"), '"é"'.encode("utf-16")):
            hostile.value(noun, TEXT[noun], raw, 400)


def test_r17_a_name_is_kept_as_given_and_found_in_either_form(
    newsroom: Desk, editor: Editor
) -> None:
    composed, decomposed = (normalize(form, "Žofie Öberg-Åkesson") for form in ("NFC", "NFD"))
    assert composed != decomposed
    for given, code in ((composed, "nfc"), (decomposed, "nfd")):
        for noun, body in (
            ("officials", {"name": given, "names": [{"name": f"Mme {given}", "kind": "alias"}]}),
            ("parties", {"code": f"X{code.upper()}", "kind": "territory", "name": given}),
            ("topics", {"code": f"of-{code}", "label": given}),
            ("visits", {**example("create_visit"), "title": given}),
        ):
            path, made = editor.made(noun, body)
            assert made[TEXT[noun]] == given
            assert editor.get(path).json()[TEXT[noun]] == given
            if noun == "officials":
                assert made["names"][0]["name"] == f"Mme {given}"
    for asked in ("%C5%BDofie", "Z%CC%8Cofie", "zofie%20oberg", "A%CC%8Akesson"):
        for noun in ("officials", "visits"):
            found = editor.get(f"/v1/{noun}?q={asked}").json()["items"]
            assert {each[TEXT[noun]] for each in found} == {composed, decomposed}


HIDDEN = ("\u202e", "\u2066", "\u200b", "\u200d", "\u200f", "\ufeff", "\u061c", "\u2060")


@pytest.mark.parametrize("sign", HIDDEN)
def test_r18_what_hides_or_turns_text_has_no_place_in_names_and_slugs(
    hostile: Hostile, sign: str
) -> None:
    for noun in NOUNS:
        if noun != "statements":  # whose text is what somebody said
            text = orjson.dumps(f"Wang{sign}Yi")
            hostile.value(noun, TEXT[noun], text, 422)
        name = "code" if noun in ("parties", "topics") else "slug"
        if name in DRAFTS[RESOURCES[noun].kind].model_fields:
            hostile.posted(
                noun, body_with(noun, **{name: orjson.dumps(f"a{sign}b")}), 422, f"/{name}"
            )
    for bad in (f"wang{sign}-yi", f"{sign}wang-yi", f"wang-yi{sign}"):
        value = orjson.dumps([{"source": bad}])
        hostile.value("meetings", "citations", value, 422, "/citations/0/source")


def test_r18_a_quotation_keeps_every_sign(editor: Editor) -> None:
    quote = f"He said \u202eabc\u202c, zero{''.join(HIDDEN)}width, and “é” in two forms: é."
    cited = [{"source": "eir", "quote": quote}]
    path, made = editor.made("meetings", {**example("create_meeting"), "citations": cited})
    assert made["citations"][0]["quote"] == quote
    assert editor.get(path).json()["citations"][0]["quote"] == quote
    statement = {**example("create_statement"), "text": quote}
    path, made = editor.made("statements", statement)
    assert editor.get(path).json()["text"] == made["text"] == quote


def test_r19_a_body_has_to_say_that_it_is_json(hostile: Hostile) -> None:
    for noun in NOUNS:
        body = body_with(noun)
        for media_type in (
            *("text/plain", "application/x-www-form-urlencoded", "application/jsonp", "*/*", ""),
            *("application/json; charset=latin-1", "multipart/form-data; boundary=x"),
            *("application/xml", "application/json-patch+json", "text/json"),
        ):
            hostile.posted(noun, body, 415, Content_Type=media_type)
            hostile.patched(noun, b"{}", 415, Content_Type=media_type)
        hostile.posted(noun, body, 415, Content_Type=MERGE_PATCH)
        bare = {**hostile.editor.headers, "Content-Length": str(len(body))}
        hostile.judged(hostile.editor.http.request("POST", f"/v1/{noun}", bare, body), 415, ())
        bare["If-Match"] = "*"
        hostile.judged(
            hostile.editor.http.request("PATCH", hostile.paths[noun], bare, body), 415, ()
        )


def test_r20_a_compressed_body_is_not_opened(hostile: Hostile) -> None:
    bomb = gzip.compress(b"[" * 10**7)
    for noun in NOUNS:
        body = gzip.compress(body_with(noun))
        for coding in ("gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip", "identity, gzip"):
            hostile.posted(noun, body, 415, Content_Encoding=coding)
            hostile.patched(noun, body, 415, Content_Encoding=coding)
        hostile.posted(noun, bomb, 415, Content_Encoding="gzip")
        hostile.posted(noun, bomb, 400)


def test_r24_a_line_break_reaches_no_header(newsroom: Desk, hostile: Hostile) -> None:
    for noun in NOUNS:
        name = "code" if noun in ("parties", "topics") else "slug"
        for line in ("a\r\nX-Evil: 1", "a\nb", "a\r", "a\u2028b", "a\u0085b", "a\n"):
            if name in DRAFTS[RESOURCES[noun].kind].model_fields:
                body = body_with(noun, **{name: orjson.dumps(line)})
                hostile.posted(noun, body, 422, f"/{name}")
        for line in ("%0d%0aX-Evil:%201", "%0a", "a%0d%0a%0d%0a<html>"):
            answer = hostile.editor.patch(f"/v1/{noun}/{line}", {})
            hostile.judged(answer, 404, ())
            assert "x-evil" not in answer.headers
    key = f"authorization: {hostile.editor.headers['Authorization']}"
    body = body_with("topics")
    usual = (key, "content-type: application/json", f"content-length: {len(body)}")
    for header in ("x-change-reason", "idempotency-key", "x-request-id"):
        for value in ("a\rX-Evil: 1", "a\r X-Evil: 1", "a\n b", "a\x00b", "a\x1b", "a\x7f"):
            raw = request("POST", "/v1/topics", *usual, f"{header}: {value}", body=body)
            heard = say(newsroom.port, raw)
            assert heard.status == 400, (header, value, heard.raw)
            assert b"X-Evil" not in heard.raw


@pytest.mark.parametrize(
    "reason",
    ["a\tb", "a\x85b", "\xe2\x80\xae", "a\xe2\x80\xa8b", "x" * 1001],
)
def test_r24_a_reason_is_one_readable_line(hostile: Hostile, reason: str) -> None:
    for noun in NOUNS:
        headers = {"X_Change_Reason": reason}
        hostile.posted(noun, body_with(noun), 422, "X-Change-Reason", **headers)
        hostile.patched(noun, b"{}", 422, "X-Change-Reason", **headers)
    answer = hostile.editor.delete(hostile.paths["topics"], "*", X_Change_Reason=reason)
    assert pointers(check_problem(answer, 422)) == ["X-Change-Reason"]


@pytest.mark.parametrize("key", ["", "a\tb", "é", "\xe2\x80\xae", "x" * 256])
def test_r24_an_idempotency_key_is_printable_ascii(hostile: Hostile, key: str) -> None:
    for noun in NOUNS:
        headers = {"Idempotency_Key": key}
        hostile.posted(noun, body_with(noun), 422, "Idempotency-Key", **headers)
        hostile.patched(noun, b"{}", 422, "Idempotency-Key", **headers)


SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_s4_markup_in_a_title_is_text(editor: Editor) -> None:
    for noun in NOUNS:
        body = {**example(f"create_{RESOURCES[noun].kind}"), TEXT[noun]: SCRIPT}
        if noun == "parties":
            body["code"] = "XSCRIPT"
        if noun == "topics":
            body["code"] = "script"
        if noun == "officials":
            body["identifiers"] = []
        answer = editor.post(f"/v1/{noun}", body, X_Change_Reason=SCRIPT)
        assert answer.status_code == 201, answer.text
        read = editor.get(answer.headers["location"])
        for each in (answer, read):
            assert each.headers["content-type"] == "application/json"
            assert each.headers["x-content-type-options"] == "nosniff"
            assert each.json()[TEXT[noun]] == SCRIPT
        assert "<" not in answer.headers["location"]


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,<script>", "//example.org"),
        *("vbscript:x", "file:///etc/passwd", "ftp://example.org", "http:", "https://", "/v1", ""),
        *("https://a b", "https://a\nb", " javascript:alert(1)", "\x01javascript:alert(1)"),
        *("https://example.org/\"onmouseover='x'", "https://example.org/<script>", "https:/a"),
    ],
)
def test_s4_an_address_is_http_or_https(hostile: Hostile, address: str) -> None:
    for name in ("url", "archived_url"):
        hostile.value("sources", name, orjson.dumps(address), 422)
