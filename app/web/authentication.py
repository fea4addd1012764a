"""Who asks, and whether they may: the `Authorization` header, and the scopes that routes need.

The front has the header read before anything else is done with a request, so that a key that is
no good is refused everywhere, on reads as well; without the header a request is anonymous, and
nothing is looked up. A route says by `needs(Scope.WRITE)` what a key has to allow.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security.base import SecurityBase
from starlette.types import Scope as Connection

from app.access.keyring import Keyring
from app.access.principals import Principal
from app.errors import MalformedRequest, Unauthenticated
from app.vocabulary import Scope

Authenticate = Callable[[list[bytes]], Awaitable[Principal]]
"""From the values of all `Authorization` headers, of which there is at least one."""

DESCRIPTION = (
    "A key, made by whoever runs the server with `chancery keys create`. Reading needs none; each "
    "route that needs one names the scope that the key must have."
)


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


class Needs(SecurityBase):
    """A dependency: whoever asks, provided that the key has a scope.

    Raises `Unauthenticated` or `NotAllowed` when it is called.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.model = BearerScheme(bearerFormat="chancery_<id>_<secret>", description=DESCRIPTION)
        self.scheme_name = "key"

    async def __call__(self, request: Request) -> Principal:
        return self.check(request.scope)

    def check(self, connection: Connection) -> Principal:
        principal = principal_of(connection)
        if principal is None:
            message = (
                f"This needs a key with the scope `{self.scope}`; send it as "
                "`Authorization: Bearer <key>`."
            )
            raise Unauthenticated(message, presented=False)
        principal.require(self.scope)
        return principal


def needs(scope: Scope) -> Any:
    """For a route's signature: `principal: Annotated[Principal, needs(Scope.WRITE)]`."""
    return Security(Needs(scope), scopes=[scope.value])


def needed(dependant: Dependant) -> Iterable[Needs]:
    """All that a route, and what it depends on, needs of a key."""
    if isinstance(dependant.call, Needs):
        yield dependant.call
    for part in dependant.dependencies:
        yield from needed(part)
