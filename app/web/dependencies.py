"""Query parameters of ordinary routes: read as strictly as the short lane reads them.

A router that is made with `route_class=StrictRoute` refuses what it does not know on every
route, and its OpenAPI document says to the letter what is taken.
"""

from collections.abc import Callable, Coroutine
from inspect import signature
from typing import Any, Generic, TypeVar, get_args

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.params import Depends as DependsOn
from fastapi.routing import APIRoute

from app.schemas.filters import Parameters
from app.schemas.parsing import parse_query
from app.web.authorization import needed
from app.web.described import described

P = TypeVar("P", bound=Parameters)


class NoParameters(Parameters):
    """The query of a route that takes none."""


class StrictQuery(Generic[P]):
    """A dependency: the request's raw query as a model, or every flaw in it.

    Raises `InvalidInput` or `MalformedRequest` when it is called.
    """

    def __init__(self, model: type[P]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> P:
        return parse_query(request.scope["query_string"], self.model)


def parameters(model: type[Parameters]) -> Any:
    """For a route's signature: `filters: Annotated[TopicFilters, parameters(TopicFilters)]`.

    The route has to be a `StrictRoute`, which documents the parameters.
    """
    return Depends(StrictQuery(model))


class StrictRoute(APIRoute):
    """A route that takes the query parameters it names by `parameters(…)`, and no other.

    Where it needs a key, it looks for it before it reads anything of the body.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        given = options.pop("dependencies", None) or ()
        none = parameters(NoParameters)
        if reads_query(endpoint):
            super().__init__(path, endpoint, dependencies=given, **options)
        else:
            super().__init__(path, endpoint, dependencies=[*given, none], **options)
        models = declared(self.dependant)
        if len(models) > 1:
            message = f"{path} reads its query by {len(models)} models, which refuse each other"
            raise TypeError(message)

    @property
    def openapi_extra(self) -> dict[str, Any]:
        """What FastAPI adds to the operation: the parameters are described when the document is
        made, and never where nobody asks for it.
        """
        extra = dict(self._openapi_extra or {})
        (model,) = declared(self.dependant)
        if model is not NoParameters:
            extra["parameters"] = [*extra.get("parameters", ()), *described(model)]
        return extra

    @openapi_extra.setter
    def openapi_extra(self, extra: dict[str, Any] | None) -> None:
        self._openapi_extra = extra

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        needs = tuple(needed(self.dependant))
        if not needs:
            return handle

        async def guarded(request: Request) -> Response:
            for each in needs:
                each.check(request.scope)
            return await handle(request)

        return guarded


def reads_query(endpoint: Callable[..., Any]) -> bool:
    """Whether an endpoint's signature names parameters of the query."""
    return any(
        isinstance(part, DependsOn) and isinstance(part.dependency, StrictQuery)
        for each in signature(endpoint, eval_str=True).parameters.values()
        for part in get_args(each.annotation)
    )


def declared(dependant: Dependant) -> set[type[Parameters]]:
    """The models by which a route and what it depends on read the query."""
    found = {dependant.call.model} if isinstance(dependant.call, StrictQuery) else set()
    return found.union(*(declared(part) for part in dependant.dependencies))
