"""Which methods an address takes, derived from the routes of the app."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import Scope

READING = ("GET", "HEAD", "OPTIONS")
ORDER = (*READING, "POST", "PUT", "PATCH", "DELETE")


class Methods:
    """An index of what `routes` gives, made when it is first asked."""

    def __init__(self, routes: Callable[[], Sequence[BaseRoute]]) -> None:
        self._routes = routes

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], frozenset[str]]]:
        return list(patterns(self._routes()))

    def of(self, scope: Scope) -> tuple[str, ...] | None:
        """The methods that the request's path takes, in a fixed order; None where none does.

        `*`, which stands for the whole server in `OPTIONS *`, takes the reading ones.
        """
        path = route_path(scope)
        if path == "*":
            return READING
        taken = {
            method
            for pattern, methods in self._patterns
            if pattern.match(path)
            for method in methods
        }
        return tuple(method for method in ORDER if method in taken) or None


def patterns(routes: Sequence[BaseRoute]) -> Iterator[tuple[re.Pattern[str], frozenset[str]]]:
    """Each route's path and methods. A mount says nothing of methods: what it has is read."""
    from fastapi.routing import iter_route_contexts  # noqa: PLC0415 - here it has been loaded

    for route in iter_route_contexts(routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is None or isinstance(route.original_route, WebSocketRoute):
            continue
        methods = set(route.methods or ("GET",)) | {"OPTIONS"}
        if "GET" in methods:
            methods.add("HEAD")
        yield pattern, frozenset(methods)


def route_path(scope: Scope) -> str:
    """The path without the prefix that a proxy or a mount has put before it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        return path[len(root) :]
    return path
