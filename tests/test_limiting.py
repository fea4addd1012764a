"""Rates: who is counted for what, what the answers say of it, and what happens past the limit."""

import time
from collections.abc import Iterator

import httpx2
import limits
import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Request
from pydantic import ValidationError

from app.access.principals import Principal
from app.settings import Settings, parse_rate
from app.web.addresses import Addresses, subscriber
from app.web.front import Front
from app.web.handlers import install
from app.web.limiting import Bucket, Limiter, who
from tests.conftest import Server, serving
from tests.support.wire import served

SEED = "/v1/meetings?limit=1"
KEY = {"authorization": "Bearer good"}


class TestNotation:
    @pytest.mark.parametrize(
        "text", ["600/minute", "1/second", "10 per hour", "100/5minutes", "7/day", "5/1 month"]
    )
    def test_a_rate_is_read_as_limits_reads_it(self, text: str) -> None:
        read = limits.parse(text)
        assert parse_rate(text) == (read.amount, read.get_expiry())

    def test_nothing_is_no_limit(self) -> None:
        assert parse_rate("") is None
        assert parse_rate(" ") is None

    @pytest.mark.parametrize("text", ["fast", "0/minute", "-1/minute", "5/minute;1/second", "600"])
    def test_what_is_no_rate_is_refused_with_the_name_of_the_setting(self, text: str) -> None:
        with pytest.raises(ValidationError, match="rate_writes"):
            Settings(rate_writes=text, _env_file=None)

    def test_what_is_no_network_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="trusted_proxies"):
            Settings(trusted_proxies="10.0.0.0/8, proxy", _env_file=None)


class TestBucket:
    """The arithmetic, with a clock of the test's own."""

    def test_a_window_begins_with_the_first_request_and_ends_as_a_whole(self) -> None:
        bucket = Bucket("a", 2, 60)
        used = [bucket.count("x", now)[1] for now in (100, 130, 159.9, 160, 161)]
        assert used == [1, 2, 3, 1, 2]

    def test_clients_are_counted_apart(self) -> None:
        bucket = Bucket("a", 2, 60)
        assert [bucket.count(name, 0)[1] for name in "xyx"] == [1, 1, 2]

    def test_what_has_ended_is_forgotten_by_itself(self) -> None:
        bucket = Bucket("a", 2, 60)
        for number in range(1000):
            bucket.count(str(number), 0)
        for number in range(500):
            bucket.count(f"later {number}", 61)
        assert len(bucket.windows) == 500

    def test_many_clients_at_once_take_a_bounded_place(self) -> None:
        bucket = Bucket("a", 2, 60, most=100)
        for number in range(10_000):
            bucket.count(str(number), number / 10_000)
        assert list(bucket.windows) == [str(number) for number in range(9_900, 10_000)]


class TestAddresses:
    def of(self, trusted: str, peer: str, *headers: tuple[str, str]) -> str:
        raw = [(name.encode(), value.encode()) for name, value in headers]
        scope = {"client": (peer, 1), "headers": raw}
        return Addresses(trusted.split(",")).of(scope)

    FORWARDED = ("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2")

    def test_a_client_cannot_choose_its_address(self) -> None:
        assert self.of("", "203.0.113.1", self.FORWARDED) == "203.0.113.1"
        assert self.of("10.0.0.0/8", "203.0.113.1", self.FORWARDED) == "203.0.113.1"

    def test_behind_proxies_it_is_the_last_address_that_is_none_of_theirs(self) -> None:
        assert self.of("10.0.0.0/8", "10.0.0.1", self.FORWARDED) == "203.0.113.9"
        assert self.of("10.0.0.1", "10.0.0.1", self.FORWARDED) == "10.0.0.2"
        assert self.of("10.0.0.0/8,::1", "::1", ("x-forwarded-for", "10.0.0.3")) == "10.0.0.3"
        assert self.of("10.0.0.0/8", "10.0.0.1") == "10.0.0.1"

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ('for=203.0.113.9;proto=https, for="10.0.0.2:80"', "203.0.113.9"),
            ('For="[2001:db8::9]:4711"', "2001:db8::9"),
            ("for=_hidden", "10.0.0.1"),
            ("for=203.0.113.9, for=unknown", "10.0.0.1"),
            ("by=203.0.113.9", "10.0.0.1"),
        ],
    )
    def test_the_standard_header_is_read_as_well(self, said: str, meant: str) -> None:
        assert self.of("10.0.0.0/8", "10.0.0.1", ("forwarded", said)) == meant

    def test_where_the_two_headers_differ_neither_counts(self) -> None:
        headers = [self.FORWARDED, ("forwarded", "for=6.6.6.6")]
        assert self.of("10.0.0.0/8", "10.0.0.1", *headers) == "10.0.0.1"
        headers[1] = ("forwarded", "for=203.0.113.9")
        assert self.of("10.0.0.0/8", "10.0.0.1", *headers) == "203.0.113.9"

    def test_an_endless_trail_is_read_from_its_end(self) -> None:
        trail = ", ".join(["6.6.6.6"] * 2000 + ["203.0.113.9"])
        assert self.of("10.0.0.0/8", "10.0.0.1", ("x-forwarded-for", trail)) == "203.0.113.9"

    @pytest.mark.parametrize(
        ("address", "counted"),
        [
            ("203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("unknown", "unknown"),
        ],
    )
    def test_of_ipv6_a_whole_64_is_one_client(self, address: str, counted: str) -> None:
        assert subscriber(address) == counted

    def test_a_key_is_counted_for_its_holder(self) -> None:
        scope = {"client": ("203.0.113.9", 1), "headers": []}
        holder = Principal("k1", frozenset())
        assert who(scope, None, Addresses()) == "203.0.113.9"
        assert who(scope, holder, Addresses()) == "k1"


def test_the_answers_say_what_is_left_and_past_it_429(sqlite_seed: str) -> None:
    """L7, over a socket to the whole application."""
    with serving(sqlite_seed, rate_anonymous="3/minute") as server, server.client() as client:
        answers = [client.get(SEED) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        for left, answer in zip((2, 1, 0, 0, 0), answers, strict=True):
            assert answer.headers["ratelimit-policy"] == '"anonymous";q=3;w=60'
            name, remaining, seconds = answer.headers["ratelimit"].split(";")
            assert (name, remaining) == ('"anonymous"', f"r={left}")
            assert 55 <= int(seconds.removeprefix("t=")) <= 60
        last = answers[-1]
        assert 55 <= int(last.headers["retry-after"]) <= 60
        assert last.headers["content-type"] == "application/problem+json"
        assert last.json()["type"] == "/problems/too-many-requests"
        assert last.json()["request_id"] == last.headers["x-request-id"]
        for path in ("/livez", "/readyz"):
            assert client.get(path).status_code == 200
            assert "ratelimit" not in client.get(path).headers
        assert client.get("/v1/meetings/livez").status_code == 429
        assert client.get("/v1/nothing").status_code == 429
        assert client.post("/v1/meetings").status_code == 401


def test_after_the_window_it_goes_on(sqlite_seed: str) -> None:
    with serving(sqlite_seed, rate_anonymous="1/second") as server, server.client() as client:
        assert [client.get(SEED).status_code for _ in range(2)] == [200, 429]
        time.sleep(1.05)
        assert client.get(SEED).status_code == 200


def test_a_304_and_an_answer_of_a_route_are_counted_as_well(sqlite_seed: str) -> None:
    with serving(sqlite_seed, rate_anonymous="9/minute") as server, server.client() as client:
        held = {"if-none-match": client.get(SEED).headers["etag"]}
        assert client.get(SEED, headers=held).headers["ratelimit"].startswith('"anonymous";r=7')
        answer = client.get("/v1/changes")
        assert answer.headers["ratelimit"].startswith('"anonymous";r=6')


def test_without_limits_nothing_is_said(sqlite_server: Server) -> None:
    with sqlite_server.client() as client:
        assert "ratelimit" not in client.get(SEED).headers


def test_clients_behind_a_trusted_proxy_are_counted_apart(sqlite_seed: str) -> None:
    with (
        serving(sqlite_seed, rate_anonymous="1/minute", trusted_proxies="127.0.0.0/8") as server,
        server.client() as client,
    ):
        for number in range(3):
            forwarded = {"x-forwarded-for": f"6.6.6.{number}, 203.0.113.{number}"}
            assert client.get(SEED, headers=forwarded).status_code == 200
        forwarded = {"x-forwarded-for": "9.9.9.9, 203.0.113.1"}
        assert client.get(SEED, headers=forwarded).status_code == 429


@pytest.fixture
def guarded() -> Iterator[httpx2.Client]:
    """A small app that wants a key for writing."""
    router = APIRouter(prefix="/v1")

    @router.post("/records")
    async def make(request: Request) -> dict[str, str]:
        if request.headers.get("authorization") != KEY["authorization"]:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        return {}

    @router.get("/records")
    async def read() -> dict[str, str]:
        return {}

    async def no_lane(_: object) -> None:
        return None

    app = FastAPI(redirect_slashes=False)
    app.include_router(router)
    install(app)
    settings = Settings(
        rate_anonymous="9/minute",
        rate_writes="4/minute",
        rate_failed_authentications="2/minute",
        _env_file=None,
    )
    front = Front(app, no_lane, routes=lambda: app.routes, limiter=Limiter(settings, Addresses()))
    with served(front) as port, httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client


def test_writes_are_counted_apart_from_reads(guarded: httpx2.Client) -> None:
    answers = [guarded.post("/v1/records", headers=KEY) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert answers[0].headers["ratelimit-policy"] == '"writes";q=4;w=60'
    assert guarded.get("/v1/records").headers["ratelimit"].startswith('"anonymous";r=8')


def test_who_guesses_keys_is_not_heard_any_more(guarded: httpx2.Client) -> None:
    guess = {"authorization": "Bearer guess"}
    answers = [guarded.post("/v1/records", headers=guess) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[2].headers["ratelimit-policy"] == '"failed-authentications";q=2;w=60'
    assert int(answers[2].headers["retry-after"]) > 50
    assert guarded.post("/v1/records", headers=KEY).status_code == 429
    assert guarded.get("/v1/records", headers=guess).status_code == 429
    assert guarded.get("/v1/records").status_code == 200
