"""Who a request comes from, once its key was recognised."""

from dataclasses import dataclass

from app.errors import NotAllowed
from app.vocabulary import Scope


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a key. `scopes` always has `read` in it; nothing secret is in here."""

    key_id: str
    scopes: frozenset[Scope]

    @property
    def actor(self) -> str:
        """Under which name the history knows the holder."""
        return f"key:{self.key_id}"

    def require(self, scope: Scope) -> None:
        """Raises `NotAllowed` unless the key allows this."""
        if scope not in self.scopes:
            raise NotAllowed(scope)
