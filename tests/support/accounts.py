"""Answers of `/accounts` as tests read them: by source, field and topic."""

from typing import Any

from tests.support.api import Api

Json = Any


def accounts(api: Api, meeting: str, **query: Any) -> Json:
    return api.read(f"/v1/meetings/{meeting}/accounts", **query)


def slugs(answer: Json) -> list[str]:
    return [each["slug"] for each in answer["sources"]]


def field(answer: Json, name: str, official: str | None = None) -> tuple[Any, dict[str, Any]]:
    """The agreement on a field, and the value that each source gives, with a duration's bound."""
    (found,) = [
        each
        for each in answer["fields"]
        if each["field"] == name
        and (each["participant"] and each["participant"]["official"]["slug"]) == official
    ]
    given = {
        each["source"]: (each["value"], each["qualifier"]) if each["qualifier"] else each["value"]
        for each in found["claims"]
    }
    assert len(given) == len(found["claims"])
    return found["agreement"], given


def topic(answer: Json, code: str) -> Json:
    return next(each for each in answer["topics"] if each["topic"] == code)


def stances(of: Json) -> dict[str, str]:
    """How each source treats a topic; `said` where that follows from a statement alone."""
    return {
        each["source"]: "said" if each["basis"] == "statement" else each["attestation"]
        for each in of["attestations"]
    }


def renderings(answer: Json, label: str) -> dict[str, tuple[str, list[str]]]:
    (found,) = [each for each in answer["utterances"] if each["label"].startswith(label)]
    return {each["text"]: (each["wording"], each["sources"]) for each in found["renderings"]}
