"""Which error answers which problem: the one place where an error gets a status."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException

from app.errors import (
    BlindEdit,
    Conflict,
    DatabaseUnavailable,
    Flaw,
    InvalidInput,
    MalformedRequest,
    NotAllowed,
    PepperUnusable,
    QueryTooSlow,
    RecordDeleted,
    RecordMoved,
    RecordNotFound,
    Referrer,
    SchemaMismatch,
    StaleEdit,
    StorageFull,
    TooManyExports,
    TooManyWaiting,
    Unauthenticated,
    WriteUnavailable,
)
from app.web import catalogue
from app.web.catalogue import CATALOGUE, ProblemType

RETRY_AFTER_SECONDS = 2

OF_ERROR: dict[type[Exception], ProblemType] = {
    MalformedRequest: catalogue.MALFORMED_REQUEST,
    Unauthenticated: catalogue.UNAUTHENTICATED,
    NotAllowed: catalogue.FORBIDDEN,
    Conflict: catalogue.CONFLICT,
    StaleEdit: catalogue.PRECONDITION_FAILED,
    BlindEdit: catalogue.PRECONDITION_REQUIRED,
    InvalidInput: catalogue.INVALID_PARAMETERS,
    RecordNotFound: catalogue.NOT_FOUND,
    RecordDeleted: catalogue.GONE,
    QueryTooSlow: catalogue.TOO_SLOW,
    DatabaseUnavailable: catalogue.UNAVAILABLE,
    SchemaMismatch: catalogue.UNAVAILABLE,
    PepperUnusable: catalogue.UNAVAILABLE,
    TooManyWaiting: catalogue.UNAVAILABLE,
    TooManyExports: catalogue.UNAVAILABLE,
    StorageFull: catalogue.NO_ROOM,
}
"""What each of our errors answers; an error of ours that is missing here answers 500."""

OF_STATUS = {kind.status: kind for kind in CATALOGUE.values() if kind is not catalogue.TOO_SLOW}
"""What an HTTPException answers by its status alone."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be said about one error. `kind` is None where the status says it all."""

    status: int
    kind: ProblemType | None
    detail: str
    flaws: Sequence[Flaw] = ()
    revision: int | None = None
    referrers: Sequence[Referrer] = ()
    headers: Sequence[tuple[bytes, bytes]] = ()


def of_kind(kind: ProblemType, detail: str = "", **more: Any) -> Problem:
    return Problem(kind.status, kind, detail or kind.detail, **more)


def problem_of(error: Exception) -> Problem:
    """What to say about an error; whatever is not expected is an internal error."""
    if isinstance(error, InvalidInput):
        return invalid(error.flaws)
    if isinstance(error, HTTPException):
        return of_starlette(error)
    if isinstance(error, RecordMoved):
        return moved(error)
    kind = next((OF_ERROR[cls] for cls in type(error).__mro__ if cls in OF_ERROR), None)
    if kind is None:
        return of_kind(catalogue.INTERNAL_ERROR)
    if kind is catalogue.UNAVAILABLE:
        tells = isinstance(error, WriteUnavailable | TooManyWaiting | TooManyExports)
        said = str(error) if tells else ""
        return of_kind(kind, said, headers=((b"retry-after", b"%d" % RETRY_AFTER_SECONDS),))
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return of_kind(kind)
    revision = error.seq if isinstance(error, RecordDeleted) else None
    referrers = error.referrers if isinstance(error, Conflict) else ()
    return of_kind(
        kind, str(error), revision=revision, referrers=referrers, headers=challenge(error)
    )


def challenge(error: Exception) -> tuple[tuple[bytes, bytes], ...]:
    """What the client should present; a reason only where it presented something (RFC 6750, 3)."""
    if isinstance(error, NotAllowed):
        said = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    elif isinstance(error, Unauthenticated):
        said = 'Bearer error="invalid_token"' if error.presented else "Bearer"
    else:
        return ()
    return ((b"www-authenticate", said.encode()),)


def moved(error: RecordMoved) -> Problem:
    """The one answer among the errors that is no failure: the record lives on elsewhere."""
    location = (b"location", error.location.encode("ascii"))
    return Problem(308, None, str(error), headers=(location,))


def invalid(flaws: Sequence[Flaw]) -> Problem:
    if len(flaws) == 1:
        detail = f"{flaws[0].where}: {flaws[0].detail}"
    else:
        detail = f"{len(flaws)} parts of the input cannot be used; `errors` names each."
    return of_kind(catalogue.INVALID_PARAMETERS, detail, flaws=flaws)


def of_starlette(error: HTTPException) -> Problem:
    """An HTTPException keeps its status, its headers and, unless it is our fault, its words."""
    headers = tuple(
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in (error.headers or {}).items()
    )
    phrase = HTTPStatus(error.status_code).phrase
    ours = error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    said = "" if ours or error.detail == phrase else str(error.detail)
    kind = OF_STATUS.get(error.status_code)
    if kind is None:
        return Problem(error.status_code, None, said or f"{phrase}.", headers=headers)
    return of_kind(kind, said, headers=headers)
