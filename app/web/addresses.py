"""Whose request it is: the address of the client, also behind proxies that may be believed.

Anyone can write `X-Forwarded-For`. It counts where the peer is a trusted proxy, and then only
as far as trusted proxies wrote it: the right-most address that is none of theirs.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

UNKNOWN = "unknown"
KEPT = 4096
"""Addresses that are remembered, so that each is read once."""
LONGEST_TRAIL = 1024
"""Bytes of a header that are looked at, from its end."""

Address = IPv4Address | IPv6Address


class Addresses:
    """`trusted` are networks of proxies, such as `10.0.0.0/8`. Raises ValueError for others."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self.trusted = tuple(ip_network(each.strip()) for each in trusted if each.strip())
        self._find = lru_cache(KEPT)(self.find)

    def of(self, scope: Scope) -> str:
        """The address of the client that sent the request."""
        client = scope.get("client")
        peer: str = client[0] if client else UNKNOWN
        if not self.trusted:
            return peer
        common, standard = [], []
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                common.append(value)
            elif name == b"forwarded":
                standard.append(value)
        if not common and not standard:
            return peer
        return self._find(peer, tail(b",".join(common)), tail(b",".join(standard)))

    def find(self, peer: str, common: bytes, standard: bytes) -> str:
        """The client behind a peer by both headers; the peer itself where they disagree.

        A proxy writes one of them and passes the other on as the client sent it.
        """
        found = {
            self.behind(peer, trail)
            for trail in (
                common.decode("latin-1").split(","),
                list(forwarded_for(standard.decode("latin-1"))),
            )
            if trail not in ([], [""])
        }
        return found.pop() if len(found) == 1 else peer

    def behind(self, peer: str, trail: list[str]) -> str:
        """Along the trail from its end, as long as trusted proxies vouch for what stands there."""
        found = peer
        for said in reversed(trail):
            address = read_address(found)
            if address is None or not self.trusts(address):
                break
            following = read_address(said)
            if following is None:
                break
            found = str(following)
        return found

    def trusts(self, address: Address) -> bool:
        return any(address in network for network in self.trusted)


def tail(header: bytes) -> bytes:
    """The end of a long header, without the entry that was cut through."""
    if len(header) <= LONGEST_TRAIL:
        return header
    return header[-LONGEST_TRAIL:].partition(b",")[2]


def forwarded_for(header: str) -> Iterator[str]:
    """The values of `for=` in a `Forwarded` header (RFC 7239, 4)."""
    for element in header.split(","):
        for pair in element.split(";"):
            name, _, value = pair.strip().partition("=")
            if name.lower() == "for":
                yield value.strip('"')


def read_address(text: str) -> Address | None:
    """An address with or without a port and brackets; None for what is no address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(KEPT)
def subscriber(address: str) -> str:
    """Whom an address stands for: itself, or of IPv6 the /64 that one customer is given."""
    if ":" not in address:
        return address
    found = read_address(address)
    if not isinstance(found, IPv6Address):
        return address if found is None else str(found)
    return str(IPv6Network((int(found) >> 64 << 64, 64)))
