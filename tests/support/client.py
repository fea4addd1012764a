"""A client that sends what it is told to, byte for byte, over one connection that stays open.

Clients that know better put addresses right before they send them, and take their time.
"""

import http.client
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

LINK = re.compile(r'<([^>]*)>; rel="(\w+)"')
CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
"""What a connection that the server has closed meanwhile answers."""

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """Header names are in lower case; several of one name are joined with commas."""

    target: str
    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses of the `Link` header by their relation."""
        return {rel: url for url, rel in LINK.findall(self.headers.get("link", ""))}


class Client:
    """For use in a `with` statement."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def request(self, method: str, target: str, headers: Headers = (), body: bytes = b"") -> Answer:
        """Send a request; `target` is the path and query as they go over the wire."""
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        try:
            return self.exchange(method, target, given, body)
        except CLOSED:
            self.connection.close()
            return self.exchange(method, target, given, body)

    def exchange(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> Answer:
        self.connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            self.connection.putheader(name, value)
        self.connection.endheaders(body or None)
        response = self.connection.getresponse()
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            known = found.get(name.lower())
            found[name.lower()] = value if known is None else f"{known}, {value}"
        return Answer(target, response.status, found, response.read())

    def get(self, target: str, headers: Headers = ()) -> Answer:
        return self.request("GET", target, headers)

    def head(self, target: str, headers: Headers = ()) -> Answer:
        return self.request("HEAD", target, headers)
