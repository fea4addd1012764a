"""What all writes have in common: who, why, whether once, and how the outcome is told.

A write is one unit of work of the writer: the edit, its revisions, and the answer to its
`Idempotency-Key` are on disk together, or none of them is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.access.principals import Principal
from app.database.locks import lock_log
from app.editing.edits import Written
from app.errors import Conflict, Flaw, InvalidInput, RecordMoved, RecordNotFound
from app.lane.lane import reference_or_none
from app.models import IdempotentAnswer, Revision
from app.queries.base import Resource
from app.queries.resources import BY_KIND
from app.record.recorder import Change
from app.schemas.bodies import read_json
from app.schemas.filters import Boolean, Parameters
from app.web.records import asked_of
from app.web.request_ids import of_scope

DAYS_KEPT = 7
LONGEST_KEY = 255
LONGEST_REASON = 1000
ANSWERS_FORGOTTEN_AT_ONCE = 100
NOT_STORED = {b"x-request-id"}

IDEMPOTENCY_KEY = re.compile(rb"[!-~](?:[ -~]{0,253}[!-~])?")

Work = Callable[[Session, Change], Written]


class WriteParameters(Parameters):
    """The query of a write."""

    dry_run: Annotated[
        Boolean,
        Field(description="Do all the work, answer as if it were done, and keep nothing."),
    ] = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer in the making."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Editing:
    """Runs edits for a server, and knows which are in flight under which key."""

    def __init__(self) -> None:
        self.in_flight: set[tuple[str, str]] = set()

    async def run(
        self,
        request: Request,
        principal: Principal,
        work: Work,
        *,
        status: int = 200,
        body: bytes = b"",
        dry_run: bool = False,
    ) -> Response:
        """The answer to a write; that of the first time where its key was used before."""
        change = Change(
            actor=principal.actor, reason=reason_of(request), request_id=of_scope(request.scope)
        )
        key = idempotency_key(request)
        unit = Unit(request, change, work, status, dry_run=dry_run)
        chancery = request.app.state.chancery
        if key is None or dry_run:
            outcome = await chancery.writer.run(unit)
        else:
            mark = (principal.actor, key)
            if mark in self.in_flight:
                message = "A request with the same Idempotency-Key is still being answered."
                raise Conflict(message)
            self.in_flight.add(mark)
            try:
                once = Once(unit, principal.actor, key, asked(request, body))
                outcome = await chancery.writer.run(once)
            finally:
                self.in_flight.discard(mark)
        chancery.head_moved()
        return response_of(outcome)


def editing_of(request: Request) -> Editing:
    found: Editing = request.app.state.editing
    return found


class Unit:
    """One write, to be run in a transaction, perhaps several times until one holds."""

    def __init__(
        self, request: Request, change: Change, work: Work, status: int, *, dry_run: bool
    ) -> None:
        self.request = request
        self.change = change
        self.work = work
        self.status = status
        self.dry_run = dry_run

    def __call__(self, session: Session) -> Outcome:
        try:
            done = self.work(session, self.change)
        except RecordMoved as moved:
            # Below HTTP, where it lives on is an id; a client needs an address.
            moved.location = asked_of(self.request).instead_of(moved.location)
            raise
        outcome = told(done, self.status, self.request.scope.get("root_path", ""))
        if self.dry_run:
            session.rollback()
            return outcome
        head = session.scalar(select(func.max(Revision.seq)))
        return replace(outcome, headers={**outcome.headers, "Chancery-Seq": str(head)})


class Once:
    """The same, with its answer kept under a key, in the same transaction."""

    def __init__(self, unit: Unit, actor: str, key: str, request_hash: str) -> None:
        self.unit = unit
        self.actor = actor
        self.key = key
        self.request_hash = request_hash

    def __call__(self, session: Session) -> Outcome:
        lock_log(session)  # whoever else sends the key has ended, or waits
        known = session.get(IdempotentAnswer, (self.actor, self.key))
        now = datetime.now(UTC)
        if known is not None and known.answered_at > now - timedelta(days=DAYS_KEPT):
            if known.request_hash != self.request_hash:
                said = "was used for another request; a new request needs a new key"
                raise InvalidInput([Flaw("Idempotency-Key", said)])
            headers = {"Idempotency-Replayed": "true"}
            headers |= {each[0]: each[1] for each in known.headers}
            return Outcome(known.status, headers, bytes(known.body))
        forget(session, now)
        if known is not None:
            session.delete(known)
            session.flush()
        outcome = self.unit(session)
        session.add(
            IdempotentAnswer(
                actor=self.actor,
                key=self.key,
                request_hash=self.request_hash,
                status=outcome.status,
                headers=[[name, value] for name, value in outcome.headers.items()],
                body=outcome.body,
                answered_at=now,
            )
        )
        return outcome


def forget(session: Session, now: datetime) -> None:
    """Some of the answers that were kept long enough."""
    old = (
        select(IdempotentAnswer.actor, IdempotentAnswer.key)
        .where(IdempotentAnswer.answered_at <= now - timedelta(days=DAYS_KEPT))
        .limit(ANSWERS_FORGOTTEN_AT_ONCE)
    )
    for actor, key in session.execute(old).all():
        session.execute(
            delete(IdempotentAnswer).where(
                IdempotentAnswer.actor == actor, IdempotentAnswer.key == key
            )
        )


def told(done: Written, status: int, root: str) -> Outcome:
    """A record as an edit left it, as an answer."""
    headers = {}
    if done.body is not None:
        address = f"{root}/v1/{BY_KIND[done.kind].path}/{quote(done.key)}"
        headers = {
            "ETag": f'"{done.rev}-{done.seq}"',
            "Content-Location" if status == 200 else "Location": address,
        }
    return Outcome(status, headers, done.body or b"")


def response_of(outcome: Outcome) -> Response:
    media_type = "application/json" if outcome.body else None
    headers = {**outcome.headers, "Cache-Control": "no-store"}
    return Response(outcome.body, outcome.status, headers, media_type)


async def body_of(request: Request) -> tuple[bytes, Any]:
    """The bytes of a body, and the value that they hold; None where there is no body."""
    body = await request.body()
    return body, read_json(body) if body else None


async def no_body_of(request: Request) -> None:
    """Raises `InvalidInput` where a body says something that nobody would read."""
    sent, value = await body_of(request)
    if sent and value != {}:
        raise InvalidInput([Flaw("/", "expected no body")])


def named(resource: Resource, text: str) -> str:
    """What a path names, as the tables have it. Raises `RecordNotFound`."""
    found = reference_or_none(resource, text)
    if found is None:
        raise RecordNotFound(resource.kind, text)
    return str(found)


def asked(request: Request, body: bytes) -> str:
    """SHA-256 over what makes a request the same request: method, address, condition, body."""
    condition = request.headers.getlist("if-match")
    parts = (request.method, request.url.path, request.url.query, *condition)
    state = sha256()
    for part in (*(each.encode() for each in parts), body):
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.hexdigest()


def header_of(request: Request, name: bytes) -> bytes | None:
    """The one value of a header. Raises `InvalidInput` where there are several."""
    given = [value for found, value in request.scope["headers"] if found == name]
    if len(given) > 1:
        raise InvalidInput([Flaw(name.decode().title(), "is given more than once")])
    return given[0] if given else None


def idempotency_key(request: Request) -> str | None:
    value = header_of(request, b"idempotency-key")
    if value is None:
        return None
    if not IDEMPOTENCY_KEY.fullmatch(value):
        said = f"expected 1 to {LONGEST_KEY} printable ASCII signs"
        raise InvalidInput([Flaw("Idempotency-Key", said)])
    return value.decode("ascii")


def reason_of(request: Request) -> str | None:
    """Why, in the editor's words: UTF-8, or Latin-1 where it is no UTF-8."""
    value = header_of(request, b"x-change-reason")
    if value is None:
        return None
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    text = text.strip()
    if len(text) > LONGEST_REASON or not text.isprintable():
        said = f"expected up to {LONGEST_REASON} printable signs"
        raise InvalidInput([Flaw("X-Change-Reason", said)])
    return text or None
