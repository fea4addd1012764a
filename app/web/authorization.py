"""Whether they may: a route says by `needs(Scope.WRITE)` what its caller's key has to allow."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security.base import SecurityBase
from starlette.types import Scope as Connection

from app.access.principals import Principal
from app.errors import Unauthenticated
from app.vocabulary import Scope
from app.web.authentication import principal_of

DESCRIPTION = (
    "A key, made by whoever runs the server with `chancery keys create`. Reading needs none; each "
    "route that needs one names the scope that the key must have."
)


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
