"""How often a client may ask: reads without a key, reads with one, writes, failed guesses.

Each is counted in windows of a fixed length that begin with a client's first request, in this
process only. `limits` reads the notation; the counting is ours, because a hit in its storage
and a look at what is left cost more than all the rest of the front together, and because what
is kept here has a bound: past it the client whose window is the oldest is forgotten.
"""

from collections import OrderedDict
from math import ceil
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.access.principals import Principal
from app.lane.answer import fields_of
from app.settings import Settings, parse_rate
from app.web.addresses import Addresses, subscriber
from app.web.headers import headers_in, value_of
from app.web.methods import READING, route_path

MOST_CLIENTS = 50_000
"""Clients that a bucket remembers, of some 250 bytes each."""

NEVER_LIMITED = frozenset({"/livez", "/readyz"})
"""Whoever watches over the process must not be turned away."""


class Bucket:
    """Requests of each client that were counted in its current window."""

    def __init__(self, name: str, amount: int, seconds: int, most: int = MOST_CLIENTS) -> None:
        self.name = name
        self.amount = amount
        self.seconds = seconds
        self.most = most
        policy = b'"%b";q=%d;w=%d' % (name.encode(), amount, seconds)
        left = b'"%b";r=%%d;t=%%d' % name.encode()
        self.fields = fields_of([(b"ratelimit-policy", policy), (b"ratelimit", left)])
        # In the order in which the windows began, and so end.
        self.windows: OrderedDict[str, list[float]] = OrderedDict()

    def count(self, client: str, now: float) -> list[float]:
        """Count one request; the window's end and how many there were in it."""
        window = self.windows.get(client)
        if window is None or window[0] <= now:
            window = self.open(client, now)
        window[1] += 1
        return window

    def open(self, client: str, now: float) -> list[float]:
        windows = self.windows
        windows.pop(client, None)
        # Two for one, so that what has ended goes without ever being looked for.
        for _ in range(2):
            oldest = next(iter(windows), None)
            if oldest is None or (windows[oldest][0] > now and len(windows) < self.most):
                break
            del windows[oldest]
        window = windows[client] = [now + self.seconds, 0]
        return window

    def spent(self, client: str, now: float) -> list[float] | None:
        """The window in which a client may not do it again, if it is in one; counts nothing."""
        window = self.windows.get(client)
        used_up = window is not None and window[0] > now and window[1] >= self.amount
        return window if used_up else None

    def left(self, window: list[float], now: float) -> bytes:
        """What is left and until when, as headers (the IETF's draft of the RateLimit fields) that
        go over the wire.
        """
        left = self.amount - window[1]
        return self.fields % (max(0, left), ceil(window[0] - now))

    def refusal(self, window: list[float], now: float) -> HTTPException:
        seconds = ceil(window[0] - now)
        left = headers_in(self.left(window, now))
        said = {name.decode(): value.decode() for name, value in left}
        return HTTPException(
            429,
            f"The limit is {self.amount:,} in {self.seconds:,} seconds, and it is used up for "
            f"another {seconds:,}.",
            {**said, "retry-after": str(seconds)},
        )


def bucket(name: str, rate: str) -> Bucket | None:
    """The bucket of a rate in words, such as `600/minute`; None where there is no limit."""
    parsed = parse_rate(rate)
    return None if parsed is None else Bucket(name, *parsed)


class Limiter:
    """Counts what comes in, and refuses what is too much with an HTTPException of 429."""

    def __init__(self, settings: Settings, addresses: Addresses) -> None:
        self.addresses = addresses
        self.anonymous = bucket("anonymous", settings.rate_anonymous)
        self.keys = bucket("key", settings.rate_key)
        self.writes = bucket("writes", settings.rate_writes)
        self.failures = bucket("failed-authentications", settings.rate_failed_authentications)

    def refuse_guessers(self, scope: Scope) -> None:
        """Refuse keys, and writes without one, from where too many of them failed.

        To be called before a key is looked at. Reading without a key goes on: others may share
        the address.
        """
        failures = self.failures
        if failures is None or not failures.windows:
            return
        now = monotonic()
        window = failures.spent(subscriber(self.addresses.of(scope)), now)
        if window is not None and (
            scope["method"] not in READING
            or value_of(scope["headers"], b"authorization") is not None
        ):
            raise failures.refusal(window, now)

    def admit(self, scope: Scope) -> bytes:
        """Count the request; the headers that say what is left, as they go over the wire.

        To be called when it is known whose key it is, if any.
        """
        if scope["path"][-1:] == "z" and route_path(scope) in NEVER_LIMITED:
            return b""
        principal = scope["state"].get("principal")
        if scope["method"] not in READING:
            used = self.writes
        else:
            used = self.anonymous if principal is None else self.keys
        if used is None:
            return b""
        now = monotonic()
        window = used.count(who(scope, principal, self.addresses), now)
        if window[1] > used.amount:
            raise used.refusal(window, now)
        return used.left(window, now)

    def note_failure(self, scope: Scope) -> None:
        """Remember from where a key was not accepted."""
        if self.failures is not None:
            self.failures.count(subscriber(self.addresses.of(scope)), monotonic())


def who(scope: Scope, principal: Principal | None, addresses: Addresses) -> str:
    """Whom a request is counted for: the holder of its key, else the address it came from."""
    if principal is not None:
        return str(principal.key_id)
    return subscriber(addresses.of(scope))
