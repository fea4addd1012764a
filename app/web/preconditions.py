"""Conditional writes: which state of a record an edit starts from (RFC 9110, 13.1.1).

`If-Match` takes any tag that was issued for the record's present `rev`: of the record alone, of
it with includes, of a choice of its fields that holds `rev`. A republication gives a record a new
tag and leaves its `rev`, so that it makes no editor stale.
"""

import re

from starlette.types import Scope

from app.editing.edits import Precondition, State
from app.errors import BlindEdit, MalformedRequest, StaleEdit
from app.lane.lane import mark_of

STRONG_TAG = re.compile(r'"([!#-~\x80-\xff]*)"')
LIST_OF_TAGS = re.compile(r'[ \t,]*(?:(?:W/)?"[!#-~\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))+', re.ASCII)
"""Elements that are empty are passed over (RFC 9110, 5.6.1.2)."""
OF_RECORD = re.compile(r"([1-9][0-9]{0,9})-([0-9a-f]+)(?:[-;.][a-z]+)?")
DIGITS_OF_A_HASH = 32


def precondition(scope: Scope, *, required: bool) -> Precondition:
    """What `If-Match` asks of the record.

    Raises `BlindEdit` where it is required and missing, `MalformedRequest` where it holds no
    tags. What is returned raises `StaleEdit`.
    """
    given = [value for name, value in scope["headers"] if name == b"if-match"]
    if not given:
        if required:
            message = (
                "Send If-Match with the ETag of the record that you have seen, so that nobody's "
                "edit is lost."
            )
            raise BlindEdit(message)
        return anything
    text = b", ".join(given).decode("latin-1")
    if text.strip(" \t") == "*":
        return anything
    if not LIST_OF_TAGS.fullmatch(text):
        message = "If-Match takes entity tags in quotation marks, or `*`."
        raise MalformedRequest(message)
    weak = re.compile(r'W/"[!#-~\x80-\xff]*"').sub("", text)  # RFC 9110: they never match here
    tags = STRONG_TAG.findall(weak)

    def check(state: State) -> None:
        if not any(names(tag, state) for tag in tags):
            message = (
                f"The record is at rev {state.rev} now, and If-Match names another state. Read it "
                "again, and make the edit anew."
            )
            raise StaleEdit(message)

    return check


def anything(_: State) -> None:
    """Whatever state the record is in, it will do."""


def names(tag: str, state: State) -> bool:
    """Whether a tag was issued for a record in its state of this `rev`."""
    found = OF_RECORD.fullmatch(tag)
    if found is None or int(found[1]) != state.rev:
        return False
    rest = found[2]
    if len(rest) == DIGITS_OF_A_HASH:
        return rest.startswith(mark_of(state.id))
    return rest.isdigit() and state.has_seq(int(rest))
