"""Every type of problem that this server answers with, explained for people.

`/problems/{name}` shows these words, and the OpenAPI document does.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """`detail` is what an answer says when there is nothing more exact to say."""

    name: str
    status: int
    title: str
    detail: str
    meaning: str
    remedy: str


MALFORMED_REQUEST = ProblemType(
    "malformed-request",
    400,
    "The request cannot be read",
    "The request cannot be read.",
    "The request is broken below the level of meaning: its address is no UTF-8 once its percent "
    "signs are decoded, say, or it has more parameters than anyone could mean.",
    "Encode text as UTF-8, then percent-encode it; a client library does both. Sending the same "
    "request again will not help.",
)
UNAUTHENTICATED = ProblemType(
    "unauthenticated",
    401,
    "The key is missing or no good",
    "This needs a key; send it as `Authorization: Bearer <key>`.",
    "There is no key with the request although one is needed, or the one that came with it is "
    "mistyped, unknown, expired or revoked. A key that is no good is refused on reads too, which "
    "need none.",
    "Send the whole key as `Authorization: Bearer <key>`, once. Keys are made and renewed by "
    "whoever runs the server.",
)
FORBIDDEN = ProblemType(
    "forbidden",
    403,
    "The key does not allow this",
    "The key does not allow this.",
    "The key is known and valid, and lacks the scope that this request needs; `detail` names it.",
    "Ask whoever runs the server for a key with that scope. Sending the same request again will "
    "not help.",
)
NOT_FOUND = ProblemType(
    "not-found",
    404,
    "There is nothing here",
    "There is nothing at this address.",
    "No record has this id, slug or code, or no such address exists. Addresses have no slash at "
    "their end, and the sign case of slugs and codes counts.",
    "Look for the record in its list, with `q` for instance. All addresses are in the "
    "documentation at `/docs`.",
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed",
    405,
    "This address does not take that method",
    "This address does not take that method; `Allow` names those that it takes.",
    "The address exists, and the method of the request means nothing here.",
    "Use one of the methods that the answer's `Allow` header names.",
)
CONFLICT = ProblemType(
    "conflict",
    409,
    "What is asked for is at odds with what is there",
    "What is asked for is at odds with what is there; nothing was changed.",
    "A slug or identifier belongs to another record, other records refer to the one that should "
    "go, or the same Idempotency-Key is being answered at this moment.",
    "`detail` says what stands in the way, and `referrers` names the records that do.",
)
PRECONDITION_FAILED = ProblemType(
    "precondition-failed",
    412,
    "The record has changed since you read it",
    "The record has changed since you read it; nothing was changed.",
    "`If-Match` names a state of the record that is no longer the present one: somebody else has "
    "edited it.",
    "Read the record again, see what has changed (`/revisions`), and make the edit anew with the "
    "new `ETag`.",
)
PRECONDITION_REQUIRED = ProblemType(
    "precondition-required",
    428,
    "The edit does not say what it starts from",
    "Send If-Match with the ETag of the record that you have seen.",
    "An edit that does not name the state it starts from could undo somebody else's, unseen.",
    "Send the `ETag` of the record as `If-Match`. `If-Match: *` takes whatever is there.",
)
GONE = ProblemType(
    "gone",
    410,
    "The record was deleted",
    "The record was deleted.",
    "There was a record here, and it was deleted. Its history stays; `revision` is the sequence "
    "number of the revision that deleted it.",
    "Drop the record from your copy. Its id and slug will never name another one.",
)
BODY_TOO_LARGE = ProblemType(
    "body-too-large",
    413,
    "The body is too large",
    "The body is larger than 1 MiB.",
    "A body may be 1,048,576 bytes long. A longer one is not read, and the connection is closed.",
    "Send one record at a time. A long text stays with its source: quote what matters.",
)
URI_TOO_LONG = ProblemType(
    "uri-too-long",
    414,
    "The address is too long",
    "The path and the query together are longer than 8 KiB.",
    "Path and query may be 8,192 bytes together, counted as they are sent.",
    "Ask in several requests; a list takes up to 200 ids at a time.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type",
    415,
    "The body is of another type than is taken here",
    "The body is of another type than is taken here.",
    "A body has to say that it is JSON, in UTF-8, and must not be compressed. A PATCH takes a "
    "merge patch (RFC 7396).",
    "Send `Content-Type: application/json`, or `application/merge-patch+json` with PATCH, and no "
    "`Content-Encoding`.",
)
INVALID_PARAMETERS = ProblemType(
    "invalid-parameters",
    422,
    "The input cannot be used",
    "A part of the input cannot be used.",
    "A parameter is unknown here, given more than once, or not what it should be. Nothing is "
    "ignored quietly: a filter with a misspelt name would answer another question than was asked.",
    "`errors` names every flaw: the `parameter`, or the `pointer` into the body, what is wrong "
    "with it and, where they are few, the values or names that are `allowed`.",
)
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests",
    429,
    "Too many requests",
    "There were too many requests.",
    "There are limits for reading without a key, for reading with one, for writing, and for keys "
    "that were not accepted. `RateLimit-Policy` names the limit, `RateLimit` what is left of it.",
    "Wait for as many seconds as the `Retry-After` header says. Ask for more at a time: a list "
    "gives up to 200 records, `include` what belongs to them, and `If-None-Match` spares what you "
    "have.",
)
HEADERS_TOO_LARGE = ProblemType(
    "headers-too-large",
    431,
    "The headers are too large",
    "The headers are too large, or there are too many.",
    "A request may have 100 headers, of 16 KiB together.",
    "Send fewer; cookies of other services on the same name are a common cause.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error",
    500,
    "Something went wrong here",
    "Something went wrong on the server; it has been logged under the request id.",
    "The fault is the server's, and the request may have been perfectly right.",
    "Try again later. If it goes on, report it with the `request_id`, which finds the log entry.",
)
TOO_SLOW = ProblemType(
    "too-slow",
    503,
    "The answer took too long",
    "The query ran past its deadline and was stopped.",
    "The database was given a fixed time to find the answer, and it was not enough. Others "
    "would have had to wait, so the query was stopped.",
    "Ask for less: narrow the dates, add a filter, leave out `count=exact`.",
)
UNAVAILABLE = ProblemType(
    "unavailable",
    503,
    "The server cannot answer at the moment",
    "The server cannot reach its database at the moment, or cannot work with it.",
    "The database cannot be reached, is busy beyond measure, or is being brought to another "
    "schema; or as many requests wait for changes already as may wait at a time, or as many "
    "exports run as may.",
    "Wait for as many seconds as the `Retry-After` header says, then send the same request again.",
)
NO_ROOM = ProblemType(
    "no-room",
    507,
    "There is no room left to write",
    "There is no room left to write; nothing was written.",
    "The disk that the records lie on is full. Reading goes on, and nothing was lost.",
    "Send the same request again later; whoever runs the server has to make room first.",
)

CATALOGUE: dict[str, ProblemType] = {
    kind.name: kind
    for kind in (
        MALFORMED_REQUEST,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        CONFLICT,
        GONE,
        PRECONDITION_FAILED,
        BODY_TOO_LARGE,
        URI_TOO_LONG,
        UNSUPPORTED_MEDIA_TYPE,
        INVALID_PARAMETERS,
        PRECONDITION_REQUIRED,
        TOO_MANY_REQUESTS,
        HEADERS_TOO_LARGE,
        INTERNAL_ERROR,
        TOO_SLOW,
        UNAVAILABLE,
        NO_ROOM,
    )
}
"""The types by name, in the order of their status."""
