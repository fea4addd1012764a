"""Who asks: the `Authorization` header.

The front has it read before anything else is done with a request, so that a key that is no good
is refused everywhere, on reads as well; without the header a request is anonymous, and nothing is
looked up.
"""

from collections.abc import Awaitable, Callable

from starlette.types import Scope as Connection

from app.access.keyring import Keyring
from app.access.principals import Principal
from app.errors import MalformedRequest, Unauthenticated

Authenticate = Callable[[list[bytes]], Awaitable[Principal]]
"""From the values of all `Authorization` headers, of which there is at least one."""


class Bearer:
    """Reads a key from the header `Authorization: Bearer <key>` (RFC 6750)."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    async def __call__(self, values: list[bytes]) -> Principal:
        """Raises `MalformedRequest`, `Unauthenticated`, or what the keyring raises."""
        if len(values) > 1:
            message = "There are several Authorization headers; send one."
            raise MalformedRequest(message)
        scheme, _, key = values[0].decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            message = "Authorization takes the scheme Bearer only: `Authorization: Bearer <key>`."
            raise Unauthenticated(message, presented=False)
        return await self.keyring.principal(key.strip(" "))


def principal_of(connection: Connection) -> Principal | None:
    """Who asks, as the front has found out; None where no key came with the request."""
    found: Principal | None = connection.get("state", {}).get("principal")
    return found
